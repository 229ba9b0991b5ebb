"""Who stands in a table, kept so that two or more tables can be compared, and nobody be read.

A page on A, one on B and one on both together tell what A and B have in common; counts alone
do not show that, nor that one person was hired as another left. What is kept of a set of
persons is an invertible Bloom lookup table (Goodrich and Mitzenmacher 2011): it can be added
and subtracted cell by cell, and gives back how many ids are left over where these are few.
"""

from __future__ import annotations

import base64
import struct
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations
from typing import Any

from yuyao_lib.findings.rules import Rules, Verdict, declared
from yuyao_lib.vocabulary import Text

__all__ = [
    "COUNTS",
    "PARTS",
    "PLACES",
    "WITH_ROWS",
    "WORD",
    "PeopleSet",
    "left_over",
    "mixed",
    "singled_out",
]

PARTS, PLACES = 4, 24  # places an id is put in, one in each part of so many cells
WORD = (1 << 64) - 1
CELL = struct.Struct("<qQQ")
MOST_OTHERS = 3  # sets released before that are combined with a new one; two of many
MANY = 40
COUNTS = "counts of "  # begins the names of sets that are no table
OF = {"persons": Text("persons", "人"), "employers": Text("employers", "单位")}
# ids kept twice, alone and with what the rows say of them: whose rows differ is seen, too
WITH_ROWS = {of: f"{of}_with_rows" for of in OF}


def mixed(word: int) -> int:
    """Return a 64-bit word well mixed (splitmix64), so that no id can be read from it.

    Examples
    --------
    >>> mixed(1) == mixed(1), mixed(1) == mixed(2)
    (True, False)
    """
    word = (word + 0x9E3779B97F4A7C15) & WORD
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & WORD
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & WORD
    return word ^ (word >> 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleSet:
    """The persons, or the employers, of one table, without their ids.

    Attributes
    ----------
    table
        Name of the table.
    of
        ``persons`` or ``employers``, or one of `WITH_ROWS`.
    size
        How many words are kept: one of each, or two with what the rows say.
    cells
        Count, sum of ids and sum of check words of each place.
    report, notebook
        Where it was shown; empty before that is known.
    """

    table: str
    of: str
    size: int
    cells: tuple[tuple[int, int, int], ...]
    report: str = ""
    notebook: str = ""

    @property
    def mark(self) -> str:
        """What tells the set from others, whatever page shows it."""
        return sha256(repr((self.table, self.of, self.cells)).encode()).hexdigest()[:16]

    @property
    def where(self) -> str:
        """Where it was shown: a table has a name, one of many counts a mark."""
        of = f"{self.table} ({self.mark})" if self.table.startswith(COUNTS) else self.table
        return f"{of} of {self.report}"

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        packed = base64.b64encode(b"".join(CELL.pack(*cell) for cell in self.cells)).decode()
        named = {n: getattr(self, n) for n in ("table", "of", "size", "report", "notebook")}
        return {**named, "people": packed}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> PeopleSet:
        """Rebuild a set from what `to_dict` returned."""
        rest = dict(values)
        cells = CELL.iter_unpack(base64.b64decode(rest.pop("people")))
        return cls(**rest, cells=tuple(cells))


def left_over(terms: Sequence[tuple[int, PeopleSet]], *, most: int) -> int | None:
    """Count the ids that are left when sets are added and subtracted.

    Parameters
    ----------
    terms
        Sign (1 or -1) and set.
    most
        More than so many are too many to count.

    Returns
    -------
    int or None
        None where more are left.
    """
    if abs(sum(sign * held.size for sign, held in terms)) > most:
        return None
    cells = [
        [sum(sign * cell[part] for (sign, _), cell in zip(terms, row, strict=True))
         for part in range(3)]
        for row in zip(*(held.cells for _, held in terms), strict=True)
    ]  # fmt: skip
    found: set[int] = set()
    pure = True
    while pure and len(found) <= most:
        pure = False
        for count, ids, checks in cells:
            word = (ids * count) & WORD  # the id, if one alone is left here
            if abs(count) == 1 and mixed(word ^ WORD) == (checks * count) & WORD:
                found.add(word)
                _take(cells, word, count)
                pure = True
    empty = all(not c and not ids & WORD and not checks & WORD for c, ids, checks in cells)
    return len(found) if empty and len(found) <= most else None


def _take(cells: list[list[int]], word: int, count: int) -> None:
    """Take an id out of its places."""
    for place in _places(word):
        cells[place][0] -= count
        cells[place][1] -= count * word
        cells[place][2] -= count * mixed(word ^ WORD)


def _places(word: int) -> list[int]:
    """Return where an id lies."""
    at = mixed(word)
    return [part * PLACES + (at >> (16 * part)) % (1 << 16) % PLACES for part in range(PARTS)]


def singled_out(
    new: Iterable[PeopleSet], old: Iterable[PeopleSet], *, rules: Rules | None = None
) -> list[Verdict]:
    """Return a verdict for each new set that, with up to three released before, leaves few.

    A set is compared with those of the same table, whatever the notebook: with each (who
    came, who left, of whom something else is said), as a part of what two or three make up,
    and as what they are parts of.

    Parameters
    ----------
    new
        Of what is about to be released.
    old
        Of what was released.
    """
    held = rules or Rules()
    least_of = {"persons": held.difference, "employers": held.clusters}
    least_of |= {WITH_ROWS[of]: 2 * least for of, least in least_of.items()}
    before: dict[tuple[str, str], list[PeopleSet]] = {}
    for one in old:
        before.setdefault((one.table, one.of), []).append(one)
    found: list[Verdict] = []
    for one in new:
        others = _different(before.get((one.table, one.of), []))
        least = least_of[one.of]
        if one.size < least:
            continue  # nothing about so few is shown
        pages = _few_left(one, others, most=least - 1)
        if pages is not None:
            found.append(_verdict(one, pages))
    return list(dict.fromkeys(found))


def _different(sets: list[PeopleSet]) -> list[PeopleSet]:
    """Return one of each set."""
    return list({one.cells: one for one in sets}.values())


def _few_left(
    one: PeopleSet, others: list[PeopleSet], *, most: int
) -> tuple[PeopleSet, ...] | None:
    """Return the sets that leave few persons when combined with a new one."""
    for number in range(1, MOST_OTHERS + (len(others) <= MANY)):
        for chosen in _near(one, others, number, most=most):
            for signs in _signs(number):
                terms = [(1, one), *zip(signs, chosen, strict=True)]
                if left_over(terms, most=most):  # neither none nor many
                    return chosen
    return None


def _near(
    one: PeopleSet, others: list[PeopleSet], number: int, *, most: int
) -> Iterator[tuple[PeopleSet, ...]]:
    """Yield the sets that may leave few by their sizes; of two, found without trying all pairs."""
    if number != 2:
        yield from combinations(others, number)
        return
    order = sorted(others, key=lambda other: other.size)
    sizes = [other.size for other in order]
    for place, first in enumerate(order):
        gaps = {one.size - first.size, first.size - one.size, one.size + first.size}
        spans = [(bisect_left(sizes, gap - most), bisect_right(sizes, gap + most)) for gap in gaps]
        near = {at for low, high in spans for at in range(max(low, place + 1), high)}
        yield from ((first, order[at]) for at in sorted(near))


def _signs(number: int) -> list[tuple[int, ...]]:
    """Return how sets are combined with a new one: it less all, or all and it less one.

    Examples
    --------
    >>> _signs(1), _signs(2)
    ([(-1,)], [(-1, -1), (-1, 1), (1, -1)])
    """
    whole = (-1,) * number
    parts = [
        tuple(-1 if i == out else 1 for i in range(number)) for out in range(number) if number > 1
    ]
    return [whole, *parts]


def _verdict(one: PeopleSet, others: tuple[PeopleSet, ...]) -> Verdict:
    """Name the pages, without a count."""
    rule = declared()["difference"]
    assert rule.helps is not None
    pages = ", ".join(dict.fromkeys(other.report or "before" for other in others))
    what = OF.get(one.of) or next(OF[of] for of, kept in WITH_ROWS.items() if kept == one.of)
    where = f"{one.table} of {one.report}"
    return Verdict(
        one.where,
        rule.name,
        Text(
            f"differencing: {where} and what was released of {pages} together leave too few"
            f" {what.en}; {rule.helps.en}.",
            f"差分：{one.report} 的 {one.table} 与已发布的 {pages} 合看，剩余的{what.zh}过少；"
            f"{rule.helps.zh}。",
        ),
    )
