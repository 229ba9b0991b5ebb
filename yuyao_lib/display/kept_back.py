"""Numbers kept back because, beside an older page, they would single somebody out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from yuyao_lib.display.shown import Shown
from yuyao_lib.findings import Backing, Estimate
from yuyao_lib.findings.held_back import held_back
from yuyao_lib.findings.members import Members

__all__ = ["kept_back", "shows_kept_back"]


def kept_back(every: Sequence[Estimate]) -> set[int]:
    """Return the ids of the estimates that are kept back, by name or by who is behind them."""
    held = held_back()
    numbers, sets = held.numbers, held.sets
    return {id(e) for e in every if _is_one(e.key, numbers) or _is_of(e.members, sets)}


def _is_one(key: str, numbers: Collection[str]) -> bool:
    """Whether a number is kept back by its name, or by that of it as a part of a larger result.

    Examples
    --------
    >>> _is_one("filed", {"risks_filed"}), _is_one("risks", {"risks_filed"})
    (True, False)
    """
    return key in numbers or any(number.endswith(f"_{key}") for number in numbers)


def shows_kept_back(shown: Shown, backing: Sequence[Backing]) -> bool:
    """Whether a table, figure or sentence shows other numbers that are kept back."""
    held = held_back()
    place = Path(shown.csv[0]).stem if shown.csv else None
    of_few = any(_is_of(b.members, held.sets) for b in backing)
    return of_few or held.shows(shown.kind, place, {b.what for b in backing})


def _is_of(members: Members | None, sets: Sequence[str]) -> bool:
    """Whether the rows behind a number are one of some sets."""
    if not sets or members is None or not members.used.any():
        return False
    from yuyao_lib.sources.people import people_behind

    return people_behind(members).mark in sets
