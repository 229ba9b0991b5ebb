"""Counts shown together, added and subtracted until only few are left.

All unions and all but one tell that one; a table by grade, one by region and a total may tell
a cell of neither. Rows that stand in the same sets cannot be told apart by any sum of them,
so each such group, an atom, is one column of a matrix with a row a set; whatever can be
worked out is a combination of its rows. Those that cancel out on every atom of many persons
are brought to reduced form, and each of these, their sums and their differences are judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from yuyao_lib.findings.rules import Rules

__all__ = ["Atom", "few_left"]

PRIME = (1 << 61) - 1
Vector = list[int]


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
    """

    persons: frozenset[int]
    employers: frozenset[int] | None = None
    more: int = 0


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
    held = rules or Rules()
    small = [place for place, atom in enumerate(atoms) if _few([atom], held)]
    large = [place for place in range(len(atoms)) if place not in set(small)]
    rest = _reduced([list(row) for row in sets], large)[1]
    for order in (small, small[::-1]):
        for vector in _combined(_reduced(rest, order)[0]):
            left = tuple(place for place in small if vector[place])
            if left and _few([atoms[place] for place in left], held):
                return left
    return ()


def _few(atoms: Sequence[Atom], rules: Rules) -> bool:
    """Whether atoms together are of too few persons or employers."""
    persons = frozenset().union(*(a.persons for a in atoms))
    if len(persons) + sum(a.more for a in atoms) < rules.persons:
        return True
    known = [a.employers for a in atoms if a.employers is not None]
    return len(known) == len(atoms) and len(frozenset().union(*known)) < rules.clusters


def _reduced(rows: list[Vector], order: Sequence[int]) -> tuple[list[Vector], list[Vector]]:
    """Eliminate the columns of an order; return rows with a pivot, and what is left without."""
    left: list[Vector] = [list(row) for row in rows]
    done: list[Vector] = []
    for column in order:
        pivot = next((row for row in left if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        inverse = pow(pivot[column], -1, PRIME)
        pivot = [value * inverse % PRIME for value in pivot]
        left = [_less(row, pivot, row[column]) for row in left]
        done = [_less(row, pivot, row[column]) for row in done] + [pivot]
    return done, [row for row in left if any(row)]


def _less(row: Vector, pivot: Vector, times: int) -> Vector:
    """Subtract a multiple of a pivot."""
    if not times:
        return row
    return [(a - times * b) % PRIME for a, b in zip(row, pivot, strict=True)]


def _combined(rows: list[Vector]) -> Iterator[Vector]:
    """Yield each row, then the sum and the difference of any two."""
    yield from rows
    combine: tuple[Callable[[int, int], int], ...] = (int.__add__, int.__sub__)
    for one, other in combinations(rows, 2):
        for of in combine:
            yield [of(a, b) % PRIME for a, b in zip(one, other, strict=True)]
