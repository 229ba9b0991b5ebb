"""Counts of one page taken together: what is shown next may not tell of few beside the rest.

A total in one table and all but three persons of it in another tell those three, though
neither does alone. For each data set the rows behind what was shown are kept until it is
opened again, and what would leave few with them is hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from yuyao_lib.findings import Estimate, Rules
from yuyao_lib.findings.members import Members
from yuyao_lib.sources.algebra import few_left
from yuyao_lib.sources.dataset import Dataset

__all__ = ["giving_away", "members_told", "note_told", "together", "told_before"]

Mark = tuple[str, int, int]
_told: WeakKeyDictionary[Dataset, dict[Mark, Members]] = WeakKeyDictionary()


def told_before(data: Dataset) -> tuple[Members, ...]:
    """Return the rows behind counts that were shown of a data set."""
    return tuple(_told.get(data, {}).values())


def note_told(data: Dataset, shown: Iterable[Members | None]) -> None:
    """Keep the rows behind counts that are shown."""
    from yuyao_lib.sources.people import note_counts

    held = _told.setdefault(data, {})
    new = {_mark(m): m for m in shown if m is not None and m.used.any()}
    note_counts(data, [m for mark, m in new.items() if mark not in held])
    held.update(new)


def members_told(estimates: Iterable[Estimate]) -> list[Members]:
    """Return the rows behind estimates that tell a number or their n."""
    told = [e for e in estimates if e.undefined is None or e.n]
    return [e.members for e in told if e.members is not None]


def together(parts: Sequence[Members | None]) -> Members | None:
    """Return all rows of several counts; None where they are not of the same rows."""
    known = [part for part in parts if part is not None]
    if not known or len(known) < len(parts):
        return None
    if any(part.universe is not known[0].universe for part in known):
        return None
    used = known[0].used
    for part in known[1:]:
        used = used | part.used
    return Members(known[0].universe, used)


def giving_away(
    new: Sequence[Members], before: Sequence[Members], *, rules: Rules | None = None
) -> set[int]:
    """Return the places of counts that would leave few beside the others.

    Parameters
    ----------
    new
        Rows behind what is about to be shown; the largest stay, as long as they can.
    before
        Rows behind what was shown already.
    """
    held = rules or Rules()
    found: set[int] = set()
    for kind in dict.fromkeys(m.universe.kind for m in new):
        places = [i for i, m in enumerate(new) if m.universe.kind == kind and m.used.any()]
        old = [m for m in before if m.universe.kind == kind]
        found |= _of_kind({i: new[i] for i in places}, old, held)
    return found


def _of_kind(new: dict[int, Members], before: Sequence[Members], rules: Rules) -> set[int]:
    """Take counts of one kind in, the largest first, unless few would be left."""
    from yuyao_lib.sources.membership import atoms_of

    marks = {place: _mark(m) for place, m in new.items()}
    known = {_mark(m): m for m in before}
    fresh = {marks[place]: m for place, m in new.items() if marks[place] not in known}
    order = sorted(fresh, key=lambda mark: -mark[1])
    if not order:
        return set()
    sets, atoms = atoms_of([*known.values(), *(fresh[mark] for mark in order)])
    if not few_left(sets, atoms, rules=rules):
        return set()
    kept: list[list[int]] = []
    away: set[Mark] = set()
    for mark, one in zip([*known, *order], sets, strict=True):
        if few_left([*kept, one], atoms, rules=rules):
            away.add(mark)
        else:
            kept.append(one)
    return {place for place, mark in marks.items() if mark in away and mark not in known}


def _mark(members: Members) -> Mark:
    """Return what tells a set of rows from others: kind, size, and the sum of its numbers."""
    rows: Any = members.universe.rows[members.used]
    return members.universe.kind, len(rows), int(rows.sum(dtype="uint64"))
