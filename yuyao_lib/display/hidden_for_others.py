"""Numbers that would be harmless alone, and are hidden for the sake of others.

Percentiles with few persons between them, what would restore a hidden number as the rest of
a whole, and what would leave few once the counts of a page are added and subtracted.
"""

from __future__ import annotations

from collections.abc import Sequence

from yuyao_lib.display.told_rows import giving_away, together
from yuyao_lib.findings import Contributions, Estimate, Rules, Verdict, backing_of_estimate
from yuyao_lib.findings.members import Members
from yuyao_lib.findings.nested import family, named, nested_sample
from yuyao_lib.findings.rules import SECONDARY, declared
from yuyao_lib.vocabulary import Text

__all__ = ["hidden_for_others"]

Hidden = dict[int, Verdict]  # by the id of an estimate


def hidden_for_others(
    every: list[Estimate],
    hidden: Hidden,
    held: Contributions,
    before: Sequence[Members],
    rules: Rules,
) -> Hidden:
    """Return verdicts on estimates that must go because others are hidden, or are shown.

    Parameters
    ----------
    every
        Estimates of a result.
    hidden
        Those that break a rule themselves.
    held
        How rows of the data lie on persons and employers.
    before
        Rows behind what the page shows already.
    rules
        Thresholds.
    """
    found = dict(hidden)
    found |= _between(every, found, held, rules)
    found |= _nested(every, found, rules)
    known = list(before)
    for alike, small in _kinds(every, found, rules):
        whole = together([e.members for e in alike])
        if whole is not None:
            known.append(whole)  # a reader may know all of a kind from elsewhere
        if whole is None or any(_beside_older(hidden.get(id(e))) for e in small):
            found |= _next_smallest(alike, small, held, rules)
    return found | _combined(every, found, known, rules)


def _between(every: list[Estimate], hidden: Hidden, held: Contributions, rules: Rules) -> Hidden:
    """Hide percentiles that have too few persons between them and the one below."""
    points: dict[tuple[str, ...], list[tuple[float, int, Estimate]]] = {}
    for e in every:
        told = named(e.key) if e.undefined is None and id(e) not in hidden else None
        if told is not None and told.point:
            persons = backing_of_estimate(e, held).persons or 0
            place = told.frame, e.term, e.method, e.unit
            points.setdefault(place, []).append((told.low, persons, e))
    found = {}
    for alike in points.values():
        last = -1.0
        for share, persons, e in sorted(alike, key=lambda point: point[0]):
            if share > last and round((share - last) * persons, 6) < rules.quantile_cases:
                found[id(e)] = Verdict.of(e.key, "quantile_cases")
            else:
                last = share
    return found


def _nested(every: list[Estimate], hidden: Hidden, rules: Rules) -> Hidden:
    """Hide of samples that lie one within another those that differ by few from the last."""
    chains: dict[str, list[tuple[int, Estimate]]] = {}
    for e in every:
        frame = nested_sample(e.key) if e.undefined is None and id(e) not in hidden else None
        if frame is not None and e.n is not None:
            chains.setdefault(frame, []).append((e.n, e))
    found = {}
    for chain in chains.values():
        last = 0
        for n, e in sorted(chain, key=lambda pair: pair[0]):
            if 0 < n - last < rules.difference:
                found[id(e)] = _for_another(e)
            else:
                last = n
    return found


def _kinds(
    every: list[Estimate], hidden: Hidden, rules: Rules
) -> list[tuple[list[Estimate], list[Estimate]]]:
    """Return numbers of a kind of which some are hidden for being of few, and those.

    What a method does not tell because it is of few is hidden, too.
    """
    kinds: dict[tuple[str, ...], list[Estimate]] = {}
    for e in every:
        if e.undefined is None or _is_of_few(e, rules):
            kinds.setdefault(_kind(e), []).append(e)
    pairs = [
        (alike, [e for e in alike if id(e) in hidden or e.undefined is not None])
        for alike in kinds.values()
    ]
    return [
        (alike, small) for alike, small in pairs
        if any(_of_few(hidden.get(id(e))) for e in small)
    ]  # fmt: skip


def _of_few(verdict: Verdict | None) -> bool:
    """Whether a number is hidden for how many are behind it; none is without a value."""
    small = verdict is None or verdict.rule.startswith("minimum")
    return small or _beside_older(verdict)


def _beside_older(verdict: Verdict | None) -> bool:
    """Whether a number is hidden for what an older page shows: of many, and the rest tells it."""
    return verdict is not None and verdict.rule == declared()["difference"].name


def _kind(e: Estimate) -> tuple[str, ...]:
    """Return what an estimate is of: of parts that make up a whole the whole, else its kind."""
    whole = family(e.key)
    of = (e.term, e.method) if whole is None else ("parts of", whole)
    return (e.unit, e.n_unit, *of)


def _is_of_few(e: Estimate, rules: Rules) -> bool:
    """Whether an estimate without a value says that it would be of few."""
    few = 0 < (e.persons or 0) < rules.persons
    return e.undefined is not None and (few or 0 < (e.employers or 0) < rules.clusters)


def _next_smallest(
    alike: list[Estimate], small: list[Estimate], held: Contributions, rules: Rules
) -> Hidden:
    """Hide more numbers of a kind until those that are small are of enough persons together."""
    gone = list(small)
    rest = [e for e in alike if not any(e is other for other in small)]
    persons = {id(e): backing_of_estimate(e, held).persons or 0 for e in alike}
    found = {}
    while rest and (len(gone) < 2 or sum(persons[id(e)] for e in gone) < rules.persons):
        least = min(rest, key=lambda e: persons[id(e)])
        rest.remove(least)
        gone.append(least)
        found[id(least)] = _for_another(least)
    return found


def _combined(
    every: list[Estimate], hidden: Hidden, known: Sequence[Members], rules: Rules
) -> Hidden:
    """Hide what would leave few beside the others that are shown."""
    pairs = [(e, e.members) for e in every if id(e) not in hidden and _tells(e, rules)]
    kept = [(e, members) for e, members in pairs if members is not None]
    away = giving_away([members for _, members in kept], known, rules=rules)
    return {id(e): _for_another(e) for place, (e, _) in enumerate(kept) if place in away}


def _tells(e: Estimate, rules: Rules) -> bool:
    """Whether an estimate tells a number, or without one its n."""
    return e.undefined is None or (e.n or 0) >= rules.persons


def _for_another(e: Estimate) -> Verdict:
    """Say that a number is hidden for another's sake."""
    why = Text(f"secondary: it would give another away ({e.key}).",
               f"次级隐去：否则可推出另一数字（{e.key}）。")  # fmt: skip
    return Verdict(e.key, SECONDARY, why)
