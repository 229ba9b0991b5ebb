"""Tables of counts made fit to be shown: cells hidden so that no margin restores them.

Lives here: a table with its margins, primary suppression of what breaks a rule, secondary
suppression of what would give it away, and rounding as the other choice. Rows, columns and
their totals are the lines of the table; hidden cells are edges between the lines they lie
on, and a cell can be worked out exactly when it lies on no circle of hidden cells (Gusfield
1988, SIAM Journal on Computing 17, 552-571).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from numbers import Integral
from typing import Literal

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings.dominance import dominated
from yuyao_lib.findings.ranges import most_in
from yuyao_lib.findings.rules import Rules

__all__ = ["CellCount", "Grid", "Hidden", "protect", "protect_list", "rounded", "told_by_totals"]

Why = Literal["persons", "clusters", "dominance_n", "p_percent", "zeros", "secondary"]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class CellCount:
    """Who is in one cell.

    Attributes
    ----------
    persons, employers
        Distinct persons and employers; employers None where the data name none.
    contributions
        What each employer adds to the cell's total, when a total is shown.
    """

    persons: int
    employers: int | None = None
    contributions: tuple[float, ...] = field(default=(), repr=False)


def _check_counts(counts: Sequence[object]) -> None:
    """Refuse what counts nobody; a count itself is never told."""
    odd = [n for n in counts if not isinstance(n, Integral) or n < 0]
    if odd:
        got = "one below zero" if isinstance(odd[0], Integral) else type(odd[0]).__name__
        allowed = "whole numbers of persons, from 0"
        raise InputError(sentence("counts to protect", got=got, allowed=allowed))


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of cells with its margins as last row and last column.

    Attributes
    ----------
    cells
        Rows of equal length; the last row and the last column hold totals, which are sums:
        a person stands in one cell.
    """

    cells: tuple[tuple[CellCount, ...], ...]

    def __post_init__(self) -> None:
        """Refuse a ragged table, one without margins, or whose margins are no sums."""
        lengths = {len(row) for row in self.cells}
        if len(lengths) != 1 or len(self.cells) < 2 or lengths.pop() < 2:
            allowed = "rows of one length, the last row and column holding totals"
            raise InputError(sentence("a table to protect", allowed=allowed))
        if not all(isinstance(cell, CellCount) for cell in chain(*self.cells)):
            raise InputError(sentence("a table to protect", allowed="cells that are `CellCount`s"))
        _check_counts([cell.persons for cell in chain(*self.cells)])
        for line in (*self.cells, *zip(*self.cells, strict=True)):
            *parts, whole = (cell.persons for cell in line)
            if sum(parts) != whole:
                allowed = "totals that are sums of their cells: each person stands in one"
                raise InputError(sentence("a table to protect", allowed=allowed))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns, margins included."""
        return len(self.cells), len(self.cells[0])


@dataclass(frozen=True, slots=True)
class Hidden:
    """Which cells are not shown, and why.

    Attributes
    ----------
    why
        Place (row, column) -> the rule it breaks, or ``"secondary"``.
    """

    why: dict[Place, Why]

    @property
    def primary(self) -> int:
        """Number of cells that break a rule themselves."""
        return sum(rule != "secondary" for rule in self.why.values())

    @property
    def secondary(self) -> int:
        """Number of cells hidden to protect those."""
        return len(self.why) - self.primary


def protect(grid: Grid, *, rules: Rules | None = None) -> Hidden:
    """Hide what breaks a rule, and what would let a reader restore it.

    Parameters
    ----------
    grid
        Cells with margins.
    rules
        Thresholds; the declared ones when not given.

    Notes
    -----
    Cells are added, the smallest first, until every hidden cell lies on a circle of hidden
    cells, those hidden in a line together hold at least the least number of persons, and
    no small cell is known to be small by what its neighbours leave it.

    Examples
    --------
    >>> rows = [[4, 30, 34], [25, 40, 65], [29, 70, 99]]
    >>> grid = Grid(tuple(tuple(CellCount(n) for n in row) for row in rows))
    >>> hidden = protect(grid)
    >>> hidden.primary, hidden.secondary
    (1, 3)
    """
    held = rules or Rules()
    why: dict[Place, Why] = dict(_primary(grid, held))
    if not why:
        return Hidden({})
    while open_cells := _open_near_unsafe(grid, set(why), held) or _open_near_narrow(
        grid, why, held
    ):
        why[_cheapest(grid, open_cells, set(why))] = "secondary"
    return Hidden(why)


def _open_near_unsafe(grid: Grid, hidden: set[Place], rules: Rules) -> list[Place]:
    """Return cells to choose from where a hidden one can be worked out; else none."""
    line = _unsafe(grid, hidden, rules)
    return [place for place in line or () if place not in hidden]


def _open_near_narrow(grid: Grid, why: dict[Place, Why], rules: Rules) -> list[Place]:
    """Return cells to choose from where a small one is known to be small; else none."""
    rows, columns = grid.shape
    cells = {(i, j): grid.cells[i][j].persons for i, j in why}
    last = rows - 1, columns - 1
    for place in sorted(p for p, rule in why.items() if rule == "persons"):
        if most_in(cells, place, last) < rules.persons:
            every = [(i, j) for i in range(rows) for j in range(columns) if (i, j) not in why]
            near = [p for p in every if p[0] == place[0] or p[1] == place[1]]
            if near or every:
                return near or every
    return []


def _primary(grid: Grid, rules: Rules) -> list[tuple[Place, Why]]:
    """Return the cells that break a rule themselves."""
    rows, columns = grid.shape
    found: list[tuple[Place, Why]] = []
    for i in range(rows):
        for j in range(columns):
            rule = _broken(grid.cells[i][j], rules)
            if rule is not None:
                found.append(((i, j), rule))
    known = {place for place, _ in found}
    return found + [(p, "zeros") for p in _full(grid, rules) if p not in known]


def _broken(cell: CellCount, rules: Rules) -> Why | None:
    """Return the rule a cell breaks."""
    if cell.persons == 0:
        return "zeros" if rules.zeros else None
    if cell.persons < rules.persons:
        return "persons"
    if cell.employers is not None and cell.employers < rules.clusters:
        return "clusters"
    broken = dominated(cell.contributions, rules)
    return "dominance_n" if broken == "dominance_n" else "p_percent" if broken else None


def _full(grid: Grid, rules: Rules) -> list[Place]:
    """Return inner cells that hold everybody of their row or column."""
    rows, columns = grid.shape
    if not rules.zeros:
        return []
    found = []
    for i in range(rows - 1):
        for j in range(columns - 1):
            n = grid.cells[i][j].persons
            in_row, in_column = grid.cells[i][-1].persons, grid.cells[-1][j].persons
            alone = (columns > 2 and n == in_row) or (rows > 2 and n == in_column)
            if n and alone:
                found.append((i, j))
    return found


def _lines(grid: Grid) -> list[list[Place]]:
    """Return every row and column with its total, the smallest cells of a tie first."""
    rows, columns = grid.shape
    across = [[(i, j) for j in range(columns)] for i in range(rows)]
    return across + [[(i, j) for i in range(rows)] for j in range(columns)]


def _unsafe(grid: Grid, hidden: set[Place], rules: Rules) -> list[Place] | None:
    """Return a line through which a hidden cell can be restored; None when there is none."""
    for line in _lines(grid):
        inside = [p for p in line if p in hidden]
        if not inside:
            continue
        parts = [p for p in inside if p != line[-1]]
        total_known = line[-1] not in hidden
        together = sum(grid.cells[i][j].persons for i, j in parts)
        enough = together >= rules.persons or not total_known
        if (len(inside) < 2 or not enough) and len(inside) < len(line):
            return line
    for place in sorted(hidden):
        if not _on_circle(place, hidden):
            i, j = place
            rows, columns = grid.shape
            both = [(i, k) for k in range(columns)] + [(k, j) for k in range(rows)]
            if any(p not in hidden for p in both):
                return both
    return None


def _on_circle(place: Place, hidden: set[Place]) -> bool:
    """Whether a hidden cell lies on a circle of hidden cells, so that others can offset it."""
    start, goal = ("row", place[0]), ("column", place[1])
    seen, queue = {start}, deque([start])
    while queue:
        kind, number = queue.popleft()
        for i, j in hidden:
            if (i, j) == place or (i if kind == "row" else j) != number:
                continue
            other = ("column", j) if kind == "row" else ("row", i)
            if other == goal:
                return True
            if other not in seen:
                seen.add(other)
                queue.append(other)
    return False


def _cheapest(grid: Grid, places: Sequence[Place], hidden: set[Place]) -> Place:
    """Choose what to hide next: not a total, on lines that hide already, with few persons."""
    last_row, last_column = grid.shape[0] - 1, grid.shape[1] - 1
    lines = {("row", i) for i, _ in hidden} | {("column", j) for _, j in hidden}

    def cost(place: Place) -> tuple[int, int, int, Place]:
        i, j = place
        margin = (i == last_row) + (j == last_column)
        fresh = (("row", i) not in lines) + (("column", j) not in lines)
        return margin, fresh, grid.cells[i][j].persons, place

    return min(places, key=cost)


def protect_list(counts: Sequence[int], *, rules: Rules | None = None) -> set[int]:
    """Return the places of counts to hide where their total can be known.

    Examples
    --------
    >>> sorted(protect_list([120, 4, 60, 110])), sorted(protect_list([120, 60]))
    ([1, 2], [])
    """
    held = rules or Rules()
    _check_counts(counts)
    hidden = {i for i, n in enumerate(counts) if n < held.persons and (n or held.zeros)}
    order = sorted((i for i in range(len(counts)) if i not in hidden), key=lambda i: counts[i])
    while hidden and order:
        if len(hidden) > 1 and sum(counts[i] for i in hidden) >= held.persons:
            break
        hidden.add(order.pop(0))
    return hidden


def rounded(grid: Grid, *, rules: Rules | None = None) -> list[list[int]]:
    """Round every inner count to the declared base and add the totals up anew.

    Examples
    --------
    >>> rows = [[4, 33, 37], [25, 41, 66], [29, 74, 103]]
    >>> rounded(Grid(tuple(tuple(CellCount(n) for n in row) for row in rows)))
    [[0, 30, 30], [30, 40, 70], [30, 70, 100]]
    """
    base = (rules or Rules()).rounding_base
    inner = [[_to(cell.persons, base) for cell in row[:-1]] for row in grid.cells[:-1]]
    body = [[*row, sum(row)] for row in inner]
    return [*body, [sum(column) for column in zip(*body, strict=True)]]


def told_by_totals(grid: Grid, *, rules: Rules | None = None) -> bool:
    """Whether totals that are known exactly tell that a rounded cell is of few.

    Examples
    --------
    >>> rows = [[5, 5, 10], [60, 70, 130], [65, 75, 140]]
    >>> made = Grid(tuple(tuple(CellCount(n) for n in row) for row in rows))
    >>> told_by_totals(made)  # 10 and 10 of ten persons can only be five and five
    True
    """
    held = rules or Rules()
    base = held.rounding_base
    for line in _lines(grid):
        *cells, whole = (grid.cells[i][j].persons for i, j in line)
        spans = [
            (max(r - base // 2, 0), r + (base - 1) // 2) for r in (_to(n, base) for n in cells)
        ]
        least, most = (sum(ends) for ends in zip(*spans, strict=True))
        for low, high in spans if whole >= held.persons else ():
            narrow = max(low, whole - most + high), min(high, whole - least + low)
            if narrow[0] > 0 and narrow[1] < held.persons:
                return True
    return False


def _to(count: int, base: int) -> int:
    """Round half away from zero, so that no rule of even digits shows through."""
    return base * ((2 * count + base) // (2 * base))
