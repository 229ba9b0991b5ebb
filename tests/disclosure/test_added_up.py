"""Attacks by sums and differences of counts in several tables of one page."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from own_pages import payroll, rules_broken, said_by

from yuyao_lib import display
from yuyao_lib.findings import Estimate, Finding, Origin
from yuyao_lib.findings.origin import Design, Mode
from yuyao_lib.findings.people import PeopleSet, singled_out
from yuyao_lib.methods import structure
from yuyao_lib.methods.union_sizes import union_sizes
from yuyao_lib.sources import people
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


def rest_of(kind: str) -> pd.DataFrame:
    """Return rows of which those of the group ``rest`` are of many, and carried by few."""
    base = opened().frame("workers").assign(covered=1)
    if kind == "person":  # one of twelve, month by month
        times = [(900, t) for t in range(200)] + [(901 + k, 0) for k in range(11)]
        firms = [w % 4 for w, _ in times]
    elif kind == "employers":  # two of four
        times = [(900 + k, 0) for k in range(62)]
        firms = [30 + (k % 2 if k < 60 else k) for k in range(62)]
    else:
        times = [(900 + k, 0) for k in range(62)]
        firms = [30 + k % 5 for k in range(62)]
    draw = np.random.default_rng(3)
    rest = pd.DataFrame(times, columns=["worker_id", "calendar_year"]).assign(
        employer_id=firms, covered=0, log_wage=draw.normal(8, 0.3, len(times))
    )
    return pd.concat([base, rest], ignore_index=True)


@pytest.mark.parametrize(("kind", "left"), [("person", {"gini"}), ("employers", {"gini"}),
                                            ("nobody", {"gini", "gini_0", "gini_1"})])  # fmt: skip
def test_what_is_left_is_not_carried_by_one_or_two(kind, left) -> None:
    rows = rest_of(kind)
    data = Dataset("payroll", mode=Mode.OWN, card=payroll([30]).card,
                   loaders={"workers": lambda _: rows})  # fmt: skip
    shown = display.tabulate(measured(rows), data)
    parts = display.tabulate(measured(rows, "covered"), data)
    assert told(shown) | (told(parts) & {"gini_0", "gini_1"}) == left
    assert rules_broken(shown, parts) == []
    one = display.tabulate(measured(rows[rows["covered"] == 1]), data)
    assert bool(told(one)) is (kind == "nobody")


def behind(data: Dataset, rows: pd.DataFrame, *by: str, report: str) -> list[PeopleSet]:
    """Return who stands behind the counts of a page, as the memory of releases keeps them."""
    people._counts.clear()
    assert told(display.tabulate(measured(rows, *by), data))
    return [replace(p, report=report, notebook="pay") for p in people.people_noted([])
            if p.table.startswith("counts")]  # fmt: skip


@pytest.mark.parametrize(("few", "refused"), [(3, True), (12, False)])
def test_counts_of_two_pages_are_combined_whatever_they_are_called(few, refused) -> None:
    one, other = opened(few=few), opened(few=few)
    rows = one.frame("workers")
    first = behind(one, rows, "calendar_year", report="years")
    assert {p.size for p in first} == {300}
    covered = rows[(rows["covered"] == 1) & (rows["calendar_year"] == 2021)]
    second = behind(other, covered, report="covered")
    assert [v.rule for v in singled_out(second, first)] == ["differencing"] * refused
    assert singled_out(first, first) == []  # the same page again
    later = behind(opened(), covered.assign(calendar_year=2022), report="later")
    assert len(singled_out(later, first)) == refused
    third = behind(opened(), covered.assign(calendar_year=2023), report="another year")
    assert singled_out(third, first) == []


def test_pairs_of_sets_are_found_by_their_sizes() -> None:
    def ids(*spans: range) -> PeopleSet:
        held = pd.Series([n for span in spans for n in span])
        made = people.people_set(held, table="counts", of="persons")
        return replace(made, report=f"{len(held)}", notebook="pay")

    draw = [ids(range(k * 1000, k * 1000 + 100 + 17 * k)) for k in range(1, 60)]  # many others
    parts = [ids(range(300)), ids(range(300, 700))]
    assert len(singled_out([ids(range(704))], [*draw, *parts])) == 1
    assert len(singled_out([ids(range(296))], [*draw, ids(range(700)), parts[1]])) == 1
    assert len(singled_out([ids(range(296, 700))], [*draw, parts[0], ids(range(700))])) == 1
    assert singled_out([ids(range(720))], [*draw, *parts]) == []


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


@pytest.mark.parametrize(("left", "kind"), [(1, "notice"), (4, "chart")])
def test_bands_of_size_and_groups_together_leave_no_union(left, kind) -> None:
    """New forms are all of one band but for so many of its unions: groups tell them, then bands."""
    small = [{"members": 60 + n, "is_new_form": n >= left} for n in range(12)]
    large = [{"members": 120 + n, "is_new_form": False} for n in range(20)]
    unions = pd.DataFrame([*small, *large]).assign(union_id=lambda f: [f"u{n}" for n in f.index])
    data = payroll([60] * 10)
    found = union_sizes(unions)
    assert "size_mean_new_form" in told(display.tabulate(found, data))
    assert display.draw(found, data).kind == kind


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
