"""Counts shown together, added and subtracted until only few are left.

All unions and all but one tell that one; a table by grade, one by region and a total may tell
a cell of neither. Rows that stand in the same sets cannot be told apart by any sum of them,
so each such group, an atom, is one column of a matrix with a row a set; whatever can be
worked out is a combination of its rows. Those that cancel out on every atom of many persons
are brought to reduced form, and each of these, their sums and their differences are judged.
What is left may be of many and yet be carried by one or two of them; beside these a few
others weigh little, so atoms that are light beside one of few are allowed to be left, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from yuyao_lib.findings import Rules
from yuyao_lib.findings.dominance import dominated

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Atom", "few_left"]

PRIME = (1 << 31) - 1  # so that products of two numbers below it fit in 64 bits


@dataclass(frozen=True, slots=True)
class Atom:
    """Rows that stand in the same sets.

    Attributes
    ----------
    persons, employers
        Numbers of those the rows are about; of many it is enough to know as many as make
        them safe. Employers None where the rows name none.
    more
        Persons beside those, where rows stand for several.
    by_person, by_employer
        What each of them adds: rows, or persons where rows stand for several. Empty where
        that is not known, or so many persons are in it that none can carry it.
    """

    persons: frozenset[int]
    employers: frozenset[int] | None = None
    more: int = 0
    by_person: Mapping[int, float] = field(default_factory=dict)
    by_employer: Mapping[int, float] = field(default_factory=dict)


def few_left(
    sets: Sequence[Sequence[int]], atoms: Sequence[Atom], *, rules: Rules | None = None
) -> tuple[int, ...]:
    """Return the atoms that a combination of sets leaves alone, if they are of few.

    Parameters
    ----------
    sets
        For each set 1 where an atom is in it and 0 where it is not.
    atoms
        Who is in each.
    rules
        Thresholds of persons and employers; the declared ones when not given.

    Returns
    -------
    tuple of int
        Places of the atoms; empty where nothing of few is left.

    Examples
    --------
    >>> many = [Atom(frozenset(range(at, at + 40))) for at in (0, 40, 80)]
    >>> few_left([[1, 1, 0, 1], [1, 1, 0, 0]], [*many, Atom(frozenset({200}))])
    (3,)
    >>> few_left([[1, 1, 0, 1], [1, 0, 0, 0]], [*many, Atom(frozenset({200}))])
    ()
    """
    import numpy as np

    held = rules or Rules()
    few = [_few([atom], held) for atom in atoms]
    whole = np.array([list(row) for row in sets], dtype="int64").reshape(len(sets), len(atoms))
    for small in _allowed(atoms, few, held):
        rest = _reduced(whole, [place for place in range(len(atoms)) if place not in set(small)])[1]
        for order in (small, small[::-1]):
            for vector in _combined(_reduced(rest, order)[0]):
                left = tuple(np.flatnonzero(vector).tolist())
                if left and _few([atoms[place] for place in left], held):
                    return left
    return ()


def _allowed(atoms: Sequence[Atom], few: Sequence[bool], rules: Rules) -> Iterator[list[int]]:
    """Yield which atoms may be left: those of few, then with them what is light beside one."""
    yield [place for place, alone in enumerate(few) if alone]
    weights = [_weight(atom) for atom in atoms]
    heaviest = max((w for w, alone in zip(weights, few, strict=True) if alone), default=0.0)
    lightest = heaviest * (1 - rules.dominance_share) / rules.dominance_share
    light = [alone or 0 < w < lightest for w, alone in zip(weights, few, strict=True)]
    if light != list(few):
        yield [place for place, allowed in enumerate(light) if allowed]


def _weight(atom: Atom) -> float:
    """Return what an atom weighs; 0 where that is not known."""
    return sum((atom.by_employer or atom.by_person).values())


def _few(atoms: Sequence[Atom], rules: Rules) -> bool:
    """Whether atoms together are of too few persons or employers, or are carried by a few."""
    persons: set[int] = set()
    employers: set[int] = set()
    more, named = 0, True
    for atom in atoms:
        persons |= atom.persons
        more += atom.more
        employers |= atom.employers or frozenset()
        named = named and atom.employers is not None
        if len(persons) + more >= rules.persons and len(employers) >= rules.clusters:
            break
    else:
        if len(persons) + more < rules.persons or (named and len(employers) < rules.clusters):
            return True
    loads = [atom.by_employer for atom in atoms], [atom.by_person for atom in atoms]
    return any(_carried(each, rules) for each in loads if all(each))


def _carried(loads: Sequence[Mapping[int, float]], rules: Rules) -> bool:
    """Whether one or two carry all of some loads."""
    together: dict[int, float] = {}
    for load in loads:
        for code, weight in load.items():
            together[code] = together.get(code, 0.0) + weight
    return dominated(together.values(), rules) is not None


def _reduced(
    rows: NDArray[np.int64], order: Sequence[int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Eliminate the columns of an order; return rows with a pivot, and what is left without."""
    import numpy as np

    left, done = rows.copy(), np.zeros((0, rows.shape[1]), dtype="int64")
    for column in order:
        if not len(left):
            break
        found = np.flatnonzero(left[:, column])
        if not len(found):
            continue
        pivot = left[found[0]] * pow(int(left[found[0], column]), -1, PRIME) % PRIME
        left = np.delete(left, found[0], axis=0)
        left = (left - left[:, [column]] * pivot) % PRIME
        done = np.vstack([(done - done[:, [column]] * pivot) % PRIME, pivot])
    return done, left[left.any(axis=1)]


def _combined(rows: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Yield each row, then the sum and the difference of any two."""
    yield from rows
    for place, row in enumerate(rows):
        for other in rows[place + 1 :]:
            yield (row + other) % PRIME
            yield (row - other) % PRIME
