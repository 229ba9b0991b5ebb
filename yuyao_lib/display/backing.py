"""Who stands behind what is shown, read from the result itself.

A result with estimates says it by its estimates. A result that shows other numbers, such
as counts, curves or means, registers with `backing_of` in the display module of its topic;
one that does neither has no backing, and nothing of it is shown from own data.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import singledispatch
from typing import Any

from yuyao_lib.display.hidden_for_others import hidden_for_others
from yuyao_lib.display.kept_back import kept_back
from yuyao_lib.display.topics import load_topic
from yuyao_lib.findings import (
    Backing,
    Contributions,
    Estimate,
    Rules,
    Verdict,
    backing_of_estimate,
    judge,
)
from yuyao_lib.findings.backing import PERSONS
from yuyao_lib.findings.members import Members
from yuyao_lib.findings.rules import rule_words
from yuyao_lib.findings.spoken_counts import without_small_counts
from yuyao_lib.methods.hypotheses import Hypotheses, Hypothesis
from yuyao_lib.vocabulary import Text

__all__ = [
    "Shielded",
    "backing_of",
    "cell_backing",
    "estimate_backing",
    "estimates_in",
    "rows_backing",
    "shield",
    "step_backing",
    "whole",
]

PLAIN = (str, int, float, bool, bytes, type(None), Text)
ALIKE = 1e-9  # an error or interval below it is that of arithmetic
NOT_SHOWN = Text(
    "not shown, so that nobody can be singled out ({name})", "为避免识别个人而不予显示（{name}）"
)


@dataclass(frozen=True, slots=True)
class Shielded:
    """A result without the estimates that may not be shown.

    Attributes
    ----------
    result
        As it was, with a reason in place of each hidden estimate.
    hidden
        What was hidden and why; the rule ``secondary`` protects another.
    """

    result: Any
    hidden: tuple[Verdict, ...]


@singledispatch
def backing_of(result: Any, held: Contributions) -> list[Backing] | None:
    """Return what stands behind each number of a result; None if it does not say.

    Parameters
    ----------
    result
        What is about to be shown.
    held
        How the rows of the data lie on persons and employers.
    """
    if load_topic(result):
        return backing_of(result, held)
    return estimate_backing(result, held)


def estimate_backing(result: Any, held: Contributions) -> list[Backing] | None:
    """Return what stands behind the estimates a result shows or is made of."""
    every = list(getattr(result, "estimates", ())) or list(estimates_in(result))
    if not every:
        return None
    made = [backing_of_estimate(e, held) for e in every if e.undefined is None]
    return made + [_of_sizes(e) for e in every if e.undefined is not None and e.n]


def _of_sizes(e: Estimate) -> Backing:
    """Back the n that is told of an estimate without a value."""
    return Backing(what=f"n of {e.key}", persons=e.n, names_employers=False)


@backing_of.register
def _(result: Hypothesis, held: Contributions) -> list[Backing]:
    """Back a test by the smaller side of what it asks, or by the data as a whole."""
    return [_of_test(result, held)]


@backing_of.register
def _(result: Hypotheses, held: Contributions) -> list[Backing]:
    """Back tests."""
    return [_of_test(test, held) for test in result.tests]


def _of_test(test: Hypothesis, held: Contributions) -> Backing:
    """Return who stands behind a test; one that was not made tells nothing."""
    if test.undefined is not None:
        return whole("test", held)
    return whole("test", held, least_persons=test.persons, least_employers=test.employers)


def whole(
    what: str,
    held: Contributions,
    *,
    least_persons: int | None = None,
    least_employers: int | None = None,
) -> Backing:
    """Return the backing of a statement about all the data there are, or a smaller side of them.

    Where only the employers of that side are counted, it has the fewest persons they can have.
    """
    persons = min((sum(table.values()) for table in held.per_person), default=None)
    employers = min((sum(table.values()) for table in held.per_employer), default=None)
    if least_employers is not None and least_persons is None:
        least_persons = held.persons_of(least_employers)
    persons = persons if least_persons is None else least_persons
    employers = employers if least_employers is None else least_employers
    return Backing(
        what=what, persons=persons, employers=employers, names_employers=bool(held.per_employer)
    )


def step_backing(steps: int) -> list[Backing]:
    """Return what stands behind steps of a curve that was made coarser.

    Examples
    --------
    >>> [backing.kind for backing in step_backing(2)]
    ['step', 'step']
    """
    cases = Rules().survival_cases
    one = Backing(what="step", persons=cases, kind="step", names_employers=False)
    return [one] * steps


def cell_backing(what: str, persons: int, held: Contributions, **more: Any) -> Backing:
    """Return the backing of a cell of so many persons, employers the fewest there can be."""
    of_persons = held.employers_of(persons)
    return Backing(
        what=what, persons=persons, persons_counted=True,
        employers=held.employers(persons) if of_persons is None else of_persons,
        names_employers=bool(held.per_employer), **more,
    )  # fmt: skip


def rows_backing(n_unit: str, rows: int, held: Contributions) -> Backing:
    """Return the backing of so many rows of a table: persons, or the fewest they can be about.

    Examples
    --------
    >>> held = Contributions(per_person=({3: 40},))
    >>> rows_backing("cases", 30, held).persons, rows_backing("persons", 30, held).persons
    (10, 30)
    """
    if n_unit in PERSONS or not held.per_person:
        return cell_backing(n_unit, rows, held)
    return Backing(
        what=n_unit, persons=held.persons(rows), employers=held.employers(rows), rows=rows,
        names_employers=bool(held.per_employer),
    )  # fmt: skip


def estimates_in(value: Any) -> Iterator[Estimate]:
    """Yield the estimates a result is made of, however deep, each object once."""
    seen: set[int] = set()

    def walk(part: Any) -> Iterator[Estimate]:
        if id(part) in seen or isinstance(part, PLAIN):
            return
        seen.add(id(part))
        if isinstance(part, Estimate):
            yield part
        else:
            for inner in _parts(part):
                yield from walk(inner)

    return walk(value)


def _parts(value: Any) -> Iterator[Any]:
    """Yield what a container or a dataclass holds; frames and arrays are not looked into."""
    if isinstance(value, (tuple, list)):
        yield from value
    elif isinstance(value, dict):
        yield from value.values()
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield getattr(value, field.name)


def shield(
    result: Any,
    held: Contributions,
    *,
    before: Sequence[Members] = (),
    rules: Rules | None = None,
) -> Shielded:
    """Put a reason in place of every estimate of own data that breaks a rule.

    Where a number of a kind is hidden for being of few, the next smallest are hidden too
    until two are, of enough persons together: a whole and its other parts would give them
    away. So is what tells of few beside the rest, or beside what was shown `before`, once
    counts are added and subtracted, and what this page keeps back beside an older one.
    """
    chosen = rules or Rules()
    every = list(estimates_in(result))
    back = kept_back(every)
    hidden = {id(e): v for e in every if (v := _verdict(e, held, chosen, back)) is not None}
    hidden |= hidden_for_others(every, hidden, held, before, chosen)

    def change(e: Estimate) -> Estimate:
        verdict = hidden.get(id(e))
        if verdict is not None:
            return without_number(e, verdict.rule)
        return _uncounted(e, chosen) if e.undefined is not None else e

    return Shielded(_mapped(result, change), tuple(hidden.values()))


def _verdict(
    e: Estimate, held: Contributions, rules: Rules, back: Collection[int]
) -> Verdict | None:
    """Return the first rule an estimate breaks, alone or beside an older page."""
    if id(e) in back and (e.undefined is None or e.n):
        return Verdict.of(e.key, "difference")
    if e.undefined is not None:
        return None
    alike = [Verdict.of(e.key, "zeros")] if rules.zeros and _all_alike(e) else []
    return next(iter([*judge(backing_of_estimate(e, held), rules), *alike]), None)


def _all_alike(e: Estimate) -> bool:
    """Whether an error of nothing says that what is told of a group is so of each in it.

    Examples
    --------
    >>> from yuyao_lib.findings import Design
    >>> one = Estimate(key="refunded", term="share", method="mean", unit="share",
    ...                design=Design.DESCRIPTION, estimate=1.0, low=1.0, high=1.0, n=40)
    >>> _all_alike(one), _all_alike(replace(one, low=0.9))
    (True, False)
    """
    widths = e.standard_error, None if e.low is None or e.high is None else e.high - e.low
    return any(width is not None and width < ALIKE for width in widths)


def without_number(e: Estimate, rule: str) -> Estimate:
    """Return an estimate that says why it is not shown, and nothing else."""
    none: dict[str, Any] = dict.fromkeys(
        ("estimate", "low", "high", "standard_error", "p_value", "n", "clusters", "cluster_unit",
         "persons", "employers", "residual_df", "inference", "members"), None,
    )  # fmt: skip
    words = rule_words(rule)
    undefined = Text(NOT_SHOWN.en.format(name=words.en), NOT_SHOWN.zh.format(name=words.zh))
    return replace(e, **none, undefined=undefined)


def _uncounted(e: Estimate, rules: Rules) -> Estimate:
    """Take small counts from an estimate that has no value anyway."""
    small = e.n == 0 or (e.n or rules.persons) < rules.persons
    small |= (e.clusters or rules.clusters) < rules.clusters
    bare = replace(e, persons=None, employers=None, undefined=_masked(e.undefined))
    return replace(bare, n=None, clusters=None, cluster_unit=None) if small else bare


def _masked(why: Text | None) -> Text | None:
    """Return why there is no number, without small counts."""
    return why and Text(without_small_counts(why.en), without_small_counts(why.zh))


def _mapped(value: Any, change: Callable[[Estimate], Estimate]) -> Any:
    """Rebuild a result with its estimates changed; what holds none stays the same object."""
    if isinstance(value, Estimate):
        return change(value)
    if isinstance(value, PLAIN):
        return value
    if isinstance(value, (tuple, list)):
        made = [_mapped(part, change) for part in value]
        same = all(a is b for a, b in zip(made, value, strict=True))
        return value if same else type(value)(made)
    if isinstance(value, dict):
        held = {key: _mapped(part, change) for key, part in value.items()}
        return value if all(held[k] is value[k] for k in value) else held
    if is_dataclass(value) and not isinstance(value, type):
        parts = {f.name: getattr(value, f.name) for f in fields(value) if f.init}
        new = {n: m for n, part in parts.items() if (m := _mapped(part, change)) is not part}
        return replace(value, **new) if new else value
    return value
