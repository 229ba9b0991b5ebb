"""Attacks by sums and differences of counts in several tables of one page."""

import pandas as pd
import pytest
from own_pages import payroll, rules_broken, said_by

from yuyao_lib import display
from yuyao_lib.findings import Estimate, Finding, Origin
from yuyao_lib.findings.origin import Design, Mode
from yuyao_lib.methods import structure
from yuyao_lib.methods.union_sizes import union_sizes
from yuyao_lib.sources.dataset import Dataset

WHERE = {"outcome": "log_wage", "measures": ["gini"]}


def opened(*, few: int = 3) -> Dataset:
    """Return own data of 300 persons twice, so many of whom are in a group of their own."""
    made = payroll([30] * 10)
    rows = made.frame("workers").assign(
        employer_id=lambda f: f["worker_id"] % 10,
        covered=lambda f: (f["worker_id"] >= few) * 1,
    )
    return Dataset("payroll", mode=Mode.OWN, card=made.card, loaders={"workers": lambda _: rows})


def measured(rows: pd.DataFrame, *by: str) -> structure.Inequality:
    return structure.inequality(rows, by=list(by), **WHERE)


def told(shown) -> set[str]:
    return {backing.what for backing in shown.backing or ()}


@pytest.mark.parametrize(("few", "hidden"), [(3, True), (12, False)])
def test_a_total_in_one_table_does_not_give_away_a_group_hidden_in_another(few, hidden) -> None:
    data = opened(few=few)
    rows = data.frame("workers")
    total = display.tabulate(measured(rows, "calendar_year"), data)
    parts = display.tabulate(measured(rows, "calendar_year", "covered"), data)
    assert told(total) >= {"gini_2021", "gini_2022"}
    assert ("gini_2021_1" in told(parts)) is not hidden
    assert rules_broken(total, parts) == []
    if hidden:
        assert "594" not in said_by(parts) and ">297<" not in said_by(parts)


def test_which_table_is_shown_first_makes_no_difference() -> None:
    data = opened()
    rows = data.frame("workers")
    parts = display.tabulate(measured(rows, "covered"), data)
    total = display.tabulate(measured(rows), data)
    assert {"gini_1"} & told(parts) == set()  # all of a kind may be known
    assert "gini" in told(total)


@pytest.mark.parametrize(("overlap", "hidden"), [(3, True), (40, False)])
def test_a_region_a_grade_and_their_total_do_not_leave_one_cell(overlap, hidden) -> None:
    data = opened()
    rows = data.frame("workers")
    region = rows[rows["worker_id"] < 100 + overlap]
    grade = rows[rows["worker_id"] >= 100]
    for part in (region, grade):
        assert told(display.tabulate(measured(part), data)) == {"gini"}
    assert (told(display.tabulate(measured(rows), data)) == set()) is hidden


def test_a_sample_without_three_persons_is_not_shown_beside_the_whole() -> None:
    data = opened()
    rows = data.frame("workers")
    first = display.tabulate(measured(rows), data)
    missing = rows.assign(log_wage=rows["log_wage"].where(rows["worker_id"] > 2))
    second = display.tabulate(measured(missing), data)
    assert told(first) == {"gini"}
    assert told(second) == set()
    assert {rule for _, rule in second.hidden} == {"secondary"}
    curve = structure.lorenz(missing, outcome="log_wage")
    assert display.draw(curve, data).kind == "notice"
    again = display.tabulate(measured(rows), data)
    assert told(again) == {"gini"}  # shown before, so it may be shown again
    other = opened()  # opened again: a page of its own
    assert told(display.tabulate(measured(missing), other)) == {"gini"}


def test_other_years_of_the_same_persons_leave_nobody() -> None:
    data = opened()
    rows = data.frame("workers")
    later = rows[(rows["calendar_year"] == 2022) & (rows["worker_id"] > 2)]
    earlier = rows[rows["calendar_year"] == 2021]
    for part in (earlier, later):
        assert told(display.tabulate(measured(part), data)) == {"gini"}


def test_the_one_union_of_new_forms_is_not_all_less_the_others() -> None:
    unions = pd.DataFrame(
        {"union_id": [f"u{n}" for n in range(20)], "members": [301, *range(50, 69)],
         "is_new_form": [1, *[0] * 19]}
    )  # fmt: skip
    data = payroll([60] * 10)
    shown = display.tabulate(union_sizes(unions), data)
    said = said_by(shown)
    assert "size_mean_all" in told(shown)
    assert "size_mean_other" not in told(shown)
    assert f">{int(unions['members'][1:].sum()):,}<" not in said
    assert rules_broken(shown) == []


def test_rows_behind_a_number_are_written_nowhere() -> None:
    data = opened()
    (estimate,) = measured(data.frame("workers")).estimates
    assert isinstance(estimate, Estimate) and estimate.members is not None
    found = Finding(id="a.b", estimate=estimate, origin=Origin(Mode.OWN, "payroll", ("a",)))
    assert "members" not in found.to_dict()
    assert Finding.from_dict(found.to_dict()).estimate.members is None
    shown = display.tabulate(measured(data.frame("workers")), data)
    assert "universe" not in said_by(shown)
    assert "members" not in shown.to_dict()["backing"][0]
    assert estimate.design is Design.DESCRIPTION
