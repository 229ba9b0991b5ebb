"""Rules, backing and suppression: what a reader could work out is worked out here."""

import random

import numpy as np
import pytest
from scipy.optimize import linprog

from yuyao_lib.errors import InputError
from yuyao_lib.findings import Backing, Contributions, Rules, broken_by, check, judge
from yuyao_lib.findings.dominance import dominated
from yuyao_lib.findings.rules import declared
from yuyao_lib.findings.suppression import CellCount, Grid, protect, protect_list, rounded


def grid(inner) -> Grid:
    body = [[*row, sum(row)] for row in inner]
    body.append([sum(column) for column in zip(*body, strict=True)])
    return Grid(tuple(tuple(CellCount(n) for n in row) for row in body))


def rules_broken(**given) -> list[str]:
    return [v.rule for v in judge(Backing(**{"what": "x", "persons": 500, "employers": 9} | given))]


def test_every_rule_says_what_it_follows_and_is_a_threshold() -> None:
    assert set(declared()) >= set(Rules.__dataclass_fields__)
    for rule in declared().values():
        assert rule.follows
        assert rule.broken.zh
    with pytest.raises(InputError, match="threshold persons of the disclosure rules: got 0"):
        Rules(persons=0)


@pytest.mark.parametrize(
    ("given", "broken"),
    [
        ({}, []),
        ({"persons": 10, "employers": 3}, []),
        ({"persons": 9}, ["minimum persons"]),
        ({"persons": None}, ["minimum persons"]),
        ({"employers": 2}, ["minimum employers"]),
        ({"employers": None}, ["minimum employers"]),
        ({"employers": None, "names_employers": False}, []),
        ({"residual_df": 10}, []),
        ({"residual_df": 9}, ["residual degrees of freedom"]),
        ({"residual_df": 0}, ["residual degrees of freedom"]),
        ({"kind": "extreme"}, ["single records"]),
        ({"persons": 100, "quantile": 0.1}, []),
        ({"persons": 99, "quantile": 0.9}, ["quantile cases"]),
        ({"persons": 20, "quantile": 0.5}, []),
        ({"persons": 19, "quantile": 0.5}, ["quantile cases"]),
        ({"persons": 9, "kind": "step"}, ["survival steps"]),
        ({"contributions": (90.1, 9.9, 0.0)}, ["dominance"]),
        ({"contributions": (50.0, 39.0, 4.0)}, ["dominance"]),
        ({"contributions": (50.0, 30.0, 20.0)}, []),
    ],
)
def test_thresholds_hold_at_their_edges(given, broken) -> None:
    assert rules_broken(**given) == broken


def test_p_per_cent_is_what_the_second_largest_could_work_out() -> None:
    loose = Rules(dominance_share=1.0)
    assert dominated((100, 60, 9.9), loose) == "p_percent"
    assert dominated((100, 60, 10.0), loose) is None
    assert dominated((), loose) is None


def test_a_verdict_outlives_its_json_without_the_contributions() -> None:
    held = Backing(what="pay", persons=50, employers=4, contributions=(97.0, 1.0, 1.0, 1.0))
    kept = held.to_dict()
    assert "contributions" not in kept
    assert "97" not in str(kept)
    assert [v.rule for v in judge(Backing.from_dict(kept))] == ["dominance"]
    with pytest.raises(InputError, match="not a backing this version can read"):
        Backing.from_dict({"what": "x", "people": 3})


def test_fewest_persons_and_employers_are_true_bounds() -> None:
    draw = random.Random(3)
    for _ in range(200):
        employer = [draw.randint(0, 5) for _ in range(draw.randint(5, 60))]
        sizes: dict[int, int] = {}
        for e in set(employer):
            sizes[employer.count(e)] = sizes.get(employer.count(e), 0) + 1
        held = Contributions(per_employer=(sizes,))
        rows = draw.sample(range(len(employer)), draw.randint(1, len(employer)))
        least = held.employers(len(rows))
        assert least is not None
        assert least <= len({employer[i] for i in rows})
    assert Contributions(per_person=({1: 5},)).persons(6) is None


def reach(table: Grid, hidden) -> dict[tuple[int, int], tuple[float, float]]:
    """Return the lowest and highest value each hidden cell can have, by linear programming."""
    rows, columns = table.shape
    places = sorted(hidden)
    number = {p: k for k, p in enumerate(places)}
    a, b = [], []
    lines = [[(i, j) for j in range(columns)] for i in range(rows)]
    lines += [[(i, j) for i in range(rows)] for j in range(columns)]
    for line in lines:
        row, known = np.zeros(len(places)), 0.0
        for p in line:
            sign = -1.0 if p == line[-1] else 1.0
            if p in number:
                row[number[p]] += sign
            else:
                known += sign * table.cells[p[0]][p[1]].persons
        if row.any():
            a.append(row)
            b.append(-known)
    found = {}
    for p in places:
        c = np.zeros(len(places))
        c[number[p]] = 1.0
        ends = []
        for way in (1.0, -1.0):
            done = linprog(way * c, A_eq=np.array(a), b_eq=np.array(b), bounds=(0, None))
            ends.append(float("inf") if done.status == 3 else way * done.fun)
        found[p] = (ends[0], ends[1])
    return found


@pytest.mark.parametrize("seed", range(25))
def test_no_margin_restores_a_hidden_cell(seed) -> None:
    draw = random.Random(seed)
    shape = draw.randint(2, 4), draw.randint(2, 4)
    inner = [[draw.choice([0, 1, 4, 8, 14, 30, 60]) for _ in range(shape[1])]
             for _ in range(shape[0])]  # fmt: skip
    table = grid(inner)
    hidden = protect(table).why
    shown = [c.persons for i, row in enumerate(table.cells) for j, c in enumerate(row)
             if (i, j) not in hidden]  # fmt: skip
    assert all(n >= 10 for n in shown)
    for (i, j), (low, high) in reach(table, hidden).items():
        n = table.cells[i][j].persons
        assert low - 1e-6 <= n <= high + 1e-6
        assert high - low > 1, f"cell {i}, {j} of {inner} is restored"


def test_a_safe_table_hides_nothing() -> None:
    assert protect(grid([[10, 20], [30, 40]])).why == {}


def test_a_full_cell_and_one_of_few_employers_are_hidden() -> None:
    assert protect(grid([[40, 0], [30, 40]])).why[(0, 0)] in {"zeros", "secondary"}
    rows = [[CellCount(40, 2), CellCount(50, 4), CellCount(90, 6)]] * 2
    rows.append([CellCount(80, 2), CellCount(100, 4), CellCount(180, 6)])
    hidden = protect(Grid(tuple(tuple(r) for r in rows)))
    assert hidden.why[(0, 0)] == "clusters"
    assert hidden.secondary


def test_rounding_adds_up_and_hides_single_persons() -> None:
    first, second = (rounded(grid([[n, 33], [25, 41]])) for n in (14, 5))
    assert first == second
    for row in first:
        assert row[-1] == sum(row[:-1])


def test_a_table_without_margins_is_refused() -> None:
    with pytest.raises(InputError, match="last row and column holding totals"):
        Grid(((CellCount(1),),))


CELL = CellCount(40)
NOT_A_TABLE = [
    (lambda: Grid(((CELL, 40), (CELL, CELL))), "cells that are `CellCount`s"),
    (lambda: Grid(((CellCount(-3), CELL), (CELL, CELL))), "one below zero"),
    (lambda: Grid(((CellCount(3.5), CELL), (CELL, CELL))), "got 'float'"),
    (lambda: Grid(((CELL, CELL, CELL), (CELL, CELL, CELL))), "sums of their cells"),
    (lambda: protect_list(["a", 30]), "whole numbers of persons"),
    (lambda: Rules(dominance_share=float("nan")), "a share from 0 to 1"),
    (lambda: Rules(dominance_share=90), "a share from 0 to 1"),
    (lambda: Rules(persons="ten"), "a whole number of at least 1"),
    (lambda: judge("table"), "`backing_of_estimate` makes one"),
    (lambda: check(["finding"]), "a list of `Finding`s"),
    (lambda: broken_by("tabel", []), "Did you mean 'table'?"),
]


@pytest.mark.parametrize(("ask", "said"), NOT_A_TABLE)
def test_what_cannot_be_judged_is_refused_without_a_count(ask, said) -> None:
    with pytest.raises(InputError) as refused:
        ask()
    assert said in str(refused.value)
    assert "40" not in str(refused.value)
