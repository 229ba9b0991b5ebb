"""Linear algebra against what is hidden: sums and differences, and the range of a cell."""

from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from yuyao_lib.findings.ranges import most_in
from yuyao_lib.findings.suppression import CellCount, Grid, protect
from yuyao_lib.sources.algebra import Atom, few_left


def people(*sizes: int, firms: int | None = None) -> list[Atom]:
    """Return atoms of so many persons each, spread over so many employers each."""
    starts = np.cumsum([0, *sizes])
    made = []
    for at, (start, size) in enumerate(zip(starts, sizes, strict=False)):
        who = frozenset(range(int(start), int(start) + size))
        where = None if firms is None else frozenset(range(at * 100, at * 100 + firms))
        made.append(Atom(who, where))
    return made


@pytest.mark.parametrize(
    ("sets", "sizes", "left"),
    [
        ([[1, 1, 1], [1, 1, 0]], (40, 40, 3), (2,)),  # all, and all but three
        ([[1, 0, 1, 0], [0, 1, 0, 1], [1, 1, 0, 1]], (40, 40, 3, 40), (2,)),  # A + B - C
        ([[1, 0, 1], [0, 1, 1], [1, 1, 1]], (40, 40, 3), (2,)),  # two that overlap, and both
        ([[1, 0, 1], [0, 1, 1], [1, 1, 0]], (40, 40, 3), (2,)),  # (A + B - C) / 2
        ([[1, 1, 0, 0], [1, 0, 1, 0]], (40, 4, 4, 40), (1, 2)),  # four came as four left
        ([[1, 1, 0, 0], [1, 0, 1, 0]], (40, 6, 6, 40), ()),
        ([[1, 1, 1], [1, 0, 0]], (40, 6, 6), ()),
        ([[1, 1, 1], [1, 1, 0]], (40, 40, 30), ()),
    ],
)
def test_what_is_left_of_sets_is_found(sets, sizes, left) -> None:
    assert few_left(sets, people(*sizes)) == left


def test_many_persons_of_few_employers_are_few() -> None:
    sets = [[1, 1], [1, 0]]
    many, few = people(40, firms=3)[0], people(40, 40, firms=2)[1]
    assert few_left(sets, [many, few]) == (1,)
    assert few_left(sets, people(40, 40, firms=3)) == ()
    one = [Atom(frozenset(), frozenset({1, 2, 3}), 900), Atom(frozenset(), frozenset({4}), 301)]
    assert few_left(sets, one) == (1,)  # a union stands for its members


def test_no_small_combination_is_missed_and_none_is_made_up() -> None:
    draw = np.random.default_rng(5)
    weights = np.array(list(product((-1, 0, 1), repeat=4)))
    found = 0
    for _ in range(60):
        sets, sizes = draw.integers(0, 2, (4, 7)), draw.choice([1, 2, 4, 20, 50, 80], 7)
        left = few_left(sets.tolist(), people(*sizes.tolist()))
        persons = ((weights @ sets != 0) * sizes).sum(axis=1)
        if ((persons > 0) & (persons < 10)).any():
            assert left
        if not left:
            continue
        found += 1
        assert 0 < sizes[list(left)].sum() < 10
        away = np.delete(sets, list(left), axis=1)  # what cancels there does not vanish here
        assert np.linalg.matrix_rank(sets) > np.linalg.matrix_rank(away)
    assert 10 < found < 55


def table_of(inner: np.ndarray) -> Grid:
    """Return a table with its margins."""
    wide = np.column_stack([inner, inner.sum(axis=1)])
    wide = np.vstack([wide, wide.sum(axis=0)])
    return Grid(tuple(tuple(CellCount(int(n)) for n in row) for row in wide))


def largest(grid: Grid, hidden: set[tuple[int, int]], place: tuple[int, int]) -> float:
    """Return the largest count of a hidden cell by linear programming."""
    rows, columns = grid.shape
    order = sorted(hidden)
    lines = [[(i, j) for j in range(columns)] for i in range(rows)]
    lines += [[(i, j) for i in range(rows)] for j in range(columns)]
    left, right = np.zeros((len(lines), len(order))), np.zeros(len(lines))
    for number, line in enumerate(lines):
        for cell in line:
            sign = -1 if cell == line[-1] else 1
            if cell in hidden:
                left[number, order.index(cell)] = sign
            else:
                right[number] -= sign * grid.cells[cell[0]][cell[1]].persons
    asked = -np.eye(len(order))[order.index(place)]
    found = linprog(asked, A_eq=left, b_eq=right, bounds=(0, None))
    return -found.fun if found.status == 0 else np.inf


def test_no_hidden_cell_is_known_to_be_small_from_the_rest_of_its_table() -> None:
    draw = np.random.default_rng(7)
    small = 0
    for _ in range(60):
        shape = draw.integers(1, 5, 2)
        grid = table_of(draw.choice([0, 1, 2, 3, 5, 8, 10, 11, 12, 15, 30], shape))
        why = protect(grid).why
        cells = {(i, j): grid.cells[i][j].persons for i, j in why}
        for place, rule in why.items():
            most = largest(grid, set(why), place)
            told = most_in(cells, place, (grid.shape[0] - 1, grid.shape[1] - 1))
            assert told == pytest.approx(most) or (told > 1e9 and most == np.inf)
            if rule == "persons":
                small += 1
                assert most >= 10 - 1e-6
    assert small > 150


def test_neighbours_that_are_small_themselves_do_not_hide_a_cell() -> None:
    grid = table_of(np.array([[8, 12, 12], [30, 30, 1], [5, 30, 3], [0, 10, 12]]))
    cells = {(0, 0): 8, (0, 2): 12, (3, 0): 0, (3, 2): 12}
    assert most_in(cells, (0, 0), (4, 3)) == 8  # on a circle, and yet known to be of few
    why = protect(grid).why
    held = {(i, j): grid.cells[i][j].persons for i, j in why}
    assert most_in(held, (0, 0), (4, 3)) >= 10


def carried(*loads: dict[int, float], first: int = 0) -> Atom:
    """Return an atom of forty persons whose employers have such loads."""
    (load,) = loads
    return Atom(frozenset(range(first, first + 40)), frozenset(load), 0, {}, load)


def test_what_is_left_of_many_may_be_carried_by_one_or_two() -> None:
    even = carried(dict.fromkeys(range(9), 50.0))
    light = carried({20: 5.0, 21: 5.0, 22: 5.0}, first=50)
    heavy = carried({30: 900.0}, first=100)
    led = carried({40: 900.0, 41: 3.0, 42: 4.0}, first=150)
    assert few_left([[1, 1], [1, 0]], [even, led]) == (1,)
    assert few_left([[1, 1, 1], [1, 0, 0]], [even, light, heavy]) == (1, 2)
    assert few_left([[1, 1], [1, 0]], [even, light]) == ()
    both = [even, carried({20: 200.0, 21: 200.0, 22: 200.0}, first=50), heavy]
    assert few_left([[1, 1, 1], [1, 0, 0]], both) == ()
    assert few_left([[1, 1, 1], [1, 1, 0]], both) == (2,)
