"""Whether one or two contributors carry a total: (n,k), and p per cent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from yuyao_lib.findings.rules import Rules

__all__ = ["carried_by_largest", "dominated"]


def dominated(contributions: Iterable[float], rules: Rules) -> str | None:
    """Return the dominance rule that a total breaks: (n,k), or p per cent.

    Examples
    --------
    >>> dominated([95, 2, 2, 1], Rules()), dominated([50, 46, 2, 2], Rules())
    ('dominance_n', 'dominance_n')
    >>> dominated([60, 20, 5], Rules(dominance_share=0.99)), dominated([30, 30, 30], Rules())
    ('p_percent', None)
    """
    sizes = sorted((abs(value) for value in contributions), reverse=True)
    return carried_by_largest(sizes, sum(sizes), rules)


def carried_by_largest(sizes: Sequence[float], total: float, rules: Rules) -> str | None:
    """Return the dominance rule that a total breaks by its largest parts, the largest first."""
    if not sizes or total == 0:
        return None
    if sum(sizes[: rules.dominance_n]) > rules.dominance_share * total:
        return "dominance_n"
    rest = total - sum(sizes[:2])
    return "p_percent" if rest < rules.p_percent * sizes[0] else None
