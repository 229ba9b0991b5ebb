"""Attacks that combine what is harmless alone: pages, tables, cuts and ways of showing."""

import json
import random
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from own_pages import DATA, Result, estimate, finding, payroll, rules_broken, said_by

from yuyao_lib import display
from yuyao_lib.display.backing import shield
from yuyao_lib.display.bars import matrix
from yuyao_lib.display.charts import chart
from yuyao_lib.display.hidden_counts import count_list
from yuyao_lib.display.sentences import headline_of
from yuyao_lib.display.tables import Column, Counted, table
from yuyao_lib.findings import (
    Backing,
    Contributions,
    Finding,
    Mode,
    Origin,
    backing_of_estimate,
)
from yuyao_lib.findings.differencing import Release, differences, releases_of, releases_shown
from yuyao_lib.findings.people import PeopleSet, left_over, singled_out
from yuyao_lib.methods import contracts, organisation, premiums, services, structure, training
from yuyao_lib.methods.mutual_aid import AdverseSelection
from yuyao_lib.methods.services import Services
from yuyao_lib.reports.ledger import Ledger
from yuyao_lib.reports.released import judge_against_released, note_released
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.sources.people import people_set
from yuyao_lib.vocabulary import Text


def people(ids, report="one", notebook="pay", of="persons") -> PeopleSet:
    made = people_set(pd.Series(list(ids)), table="workers", of=of)
    values = {**made.to_dict(), "report": report, "notebook": notebook}
    return PeopleSet.from_dict(json.loads(json.dumps(values)))


A, B, BOTH = range(300), range(296, 700), range(700)


@pytest.mark.parametrize(
    ("released", "now", "refused"),
    [
        ([A, B], BOTH, True),  # four are in both: pay of A and of B less that of all
        ([A, BOTH], B, True),
        ([range(100), range(100, 200), range(200, 295)], A, True),  # all but five, in three parts
        ([range(100), range(100, 200), range(200, 300)], A, False),
        ([A], [*range(1, 300), 999], True),  # one left and one was hired: as many as before
        ([A], range(299), True),
        ([A], random.Random(1).sample(A, 300), False),  # the same rows in another order
        ([A], range(310), False),
        ([A], range(200, 700), False),
        ([range(8)], range(7), False),  # of so few nothing is shown
    ],
)
def test_samples_that_together_leave_few_are_refused(released, now, refused, tmp_path) -> None:
    ledger = Ledger(tmp_path)
    for number, ids in enumerate(released):
        note_released(ledger, f"page{number}", [], (), [people(ids, f"page{number}")])
    verdicts = judge_against_released(ledger, "now", [], (), [people(now, "now")])
    assert [v.rule for v in verdicts] == ["differencing"] * refused
    assert all("page0" in v.why.en and "workers of now" in v.why.en for v in verdicts)
    other = people(now, "now", notebook="another question")
    assert len(judge_against_released(ledger, "now", [], (), [other])) == refused


def test_one_firm_more_is_refused_whatever_its_size() -> None:
    few = people(range(40), of="employers")
    assert singled_out([people(range(41), of="employers")], [few])
    assert not singled_out([people(range(43), of="employers")], [few])


def test_what_is_kept_counts_exactly_and_names_nobody() -> None:
    draw = random.Random(2)
    for n in range(12):
        ids = draw.sample(range(10**6), 450)
        whole, part = people(ids), people(ids[: 450 - n])
        assert left_over([(1, whole), (-1, part)], most=9) == (n if n <= 9 else None)
    assert "123456" not in json.dumps(people([f"W{n}" for n in range(123450, 123470)]).to_dict())


@pytest.mark.parametrize("harm", ["removed", "cut", "edited", "taken out", "spoilt"])
def test_a_memory_of_releases_that_was_changed_refuses_own_pages(harm, tmp_path) -> None:
    ledger = Ledger(tmp_path)
    for n in (130, 160, 190):
        note_released(ledger, "june", [finding(n)])
    path = tmp_path / "released.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert judge_against_released(ledger, "june", [finding(220)]) == []
    changed = {
        "edited": [lines[0].replace("130", "139"), *lines[1:]], "taken out": [lines[0], lines[2]],
        "spoilt": [*lines, "{"], "cut": lines[:2], "removed": [],
    }[harm]  # fmt: skip
    path.write_text("\n".join(changed) + "\n", encoding="utf-8")
    if harm in {"cut", "removed"}:  # seen by the pages that stand published
        held = finding(190).to_dict()
        manifest = {"report": "june", "findings": [held], **dict.fromkeys(
            ("notebook", "run", "run_at", "run_key", "page_key", "executed"), "x"),
            **{key: {} for key in ("title", "run_inputs", "page_inputs", "files", "pages")},
            "seconds": 1.0, "changes": []}  # fmt: skip
        ledger.manifests.mkdir(parents=True)
        (ledger.manifests / "june.json").write_text(json.dumps(manifest), encoding="utf-8")
    (verdict,) = judge_against_released(ledger, "june", [finding(220)])
    assert verdict.rule == "differencing"
    assert "released.jsonl" in verdict.why.en
    assert "copy" in verdict.why.en


def test_rounded_counts_are_not_shown_beside_the_same_as_they_are() -> None:
    rounds = Dataset("payroll", mode=DATA.mode, card=DATA.card, rounds=True, loaders=DATA._loaders)
    counts = {"stayer": 60, "joiner": 25, "leaver": 15}
    rounded, plain = (count_list(counts, data)[2] for data in (rounds, DATA))
    shown = [releases_shown(r, "t", b, []) for r, b in (("a", rounded), ("b", plain))]
    assert len(differences(shown[1], shown[0])) == 3
    assert "keep to one way" in differences(shown[0], shown[1])[0].why.en
    assert differences(shown[0], shown[0]) == differences(shown[1], shown[1]) == []


def release(key: str, persons: int, report: str = "one", **more) -> Release:
    return Release(key=key, report=report, persons=persons, employers=9, rows=500, dataset="pay",
                   **more)  # fmt: skip


@pytest.mark.parametrize(
    ("then", "now", "refused"),
    [
        (release("pay.premium_below_12", 120), release("pay.premium_below_13", 127, "two"), True),
        (release("pay.premium_below_12", 120), release("pay.premium_below_13", 160, "two"), False),
        (release("p.premium_12_to_15", 127), release("p.premium_13_to_15", 120, "two"), True),
        (release("pay.premium_below_12", 120), release("pay.premium_13_to_15", 127, "two"), False),
        (release("pay.percentile_10", 120), release("pay.percentile_15", 120, "two"), True),
        (release("pay.percentile_10", 120), release("pay.percentile_20", 120, "two"), False),
        (release("pay.percentile_10", 120), release("wage.percentile_15", 120, "two"), False),
    ],
)
def test_other_cuts_of_the_same_people_are_compared(then, now, refused) -> None:
    assert [v.rule for v in differences([now], [then])] == ["differencing"] * refused


@pytest.mark.parametrize(
    ("days", "n", "hits", "refused"),
    [(180, 500, 60, True), (180, 500, 57, False), (180, 500, 40, False), (181, 560, 60, False)],
)
def test_a_share_by_another_day_does_not_tell_the_few_of_that_day(days, n, hits, refused) -> None:
    def placed(n: int, hits: int, report: str) -> list[Release]:
        share = estimate("placed", method="count", unit="percent", n=n, estimate=100 * hits / n)
        origin = Origin(Mode.OWN, "pay", ("pay",))
        return releases_of(report, [Finding(id="jobs.placed", estimate=share, origin=origin)])

    before, now = placed(500, 57, "by day 179"), placed(n, hits, f"by day {days}")
    assert (before[0].rarer, now[0].rarer) == (57, hits)
    again = Release.from_dict(json.loads(json.dumps(before[0].to_dict())))
    assert [v.rule for v in differences(now, [again])] == ["differencing"] * refused


def test_a_fine_grid_of_percentiles_does_not_list_pay_in_order() -> None:
    grid = [estimate(f"percentile_{p}", n=200, method="sample_measure") for p in range(10, 91)]
    shown = display.tabulate(Result(tuple(grid)), DATA)
    assert len(shown.backing or ()) == 17  # ten persons between any two
    assert {rule for _, rule in shown.hidden} == {"quantile cases"}


def test_two_small_cells_are_not_few_together() -> None:
    sizes = (300, 3, 4, 60, 90)
    cells = Result(tuple(estimate(f"cell{n}", n=n) for n in sizes))
    hidden = {v.id for v in shield(cells, Contributions()).hidden}
    assert hidden == {"cell3", "cell4", "cell60"}


FEW = (
    DATA.frame("workers")
    .assign(union_member=lambda f: (f["worker_id"] < 5) * 1, trained=lambda f: f["union_member"])
    .assign(grade=lambda f: np.where(f["worker_id"] < 5, 2, 1), age=lambda f: f["worker_id"] % 37)
)
OF_PAY = {"outcome": "log_wage", "member": "union_member"}
ARMS = {
    "routes": lambda: premiums.estimate(FEW, **OF_PAY, routes=["pooled_ols", "random_effects"]),
    "quantiles": lambda: premiums.by_quantile(FEW, **OF_PAY, quantiles=[50]),
    "years": lambda: premiums.between_years(FEW, **OF_PAY),
    "curve": lambda: premiums.specification_curve(FEW, **OF_PAY, controls=["age"], permutations=0),
    "rif": lambda: structure.rif_effects(
        FEW, outcome="log_wage", group="union_member", percentiles=[50]
    ),
    "grades": lambda: structure.skill_premia(FEW, outcome="log_wage", skill="grade"),
    "training": lambda: training.effects(FEW, outcome="log_wage", trained="trained"),
}


@pytest.mark.parametrize("name", ARMS)
def test_a_comparison_with_few_on_one_side_yields_nothing(name) -> None:
    result = ARMS[name]()
    for show in (display.tabulate, display.draw):
        shown = show(result, DATA)
        assert shown.hidden
        assert rules_broken(shown) == []
    every = [*getattr(result, "results", ()), *result.estimates]
    told = [f"{e.estimate:.3f}" for e in every if e.estimate]
    assert told
    said = said_by(display.tabulate(result, DATA))
    assert not [value for value in told if f">{value.replace('-', '−')}<" in said]


def test_the_place_of_a_hidden_specification_is_not_told() -> None:
    rows = FEW.assign(union_member=lambda f: (f["worker_id"] % 2) * (f["calendar_year"] > 2021))
    rows.loc[rows["worker_id"] < 7, "union_member"] = 1
    found = premiums.specification_curve(rows, **OF_PAY, controls=["age"], permutations=0)
    small = [e for e in found.results if e.persons is not None and e.persons < 10]
    assert 0 < len(small) < len(found.results)
    for show in (display.draw, display.tabulate):
        assert show(found, DATA).kind == "notice"


def test_rows_of_a_table_that_nobody_backs_are_withheld() -> None:
    made = table(
        [Column(Text("Town", "镇"), "text"), Column(Text("n", "n"))],
        [["A", "4"], ["B", "60"], ["C", Text("too few", "过少")]], DATA,
        caption=Text("a", "b"), notes=[Text("Only 3 files are of A.", "A 仅 3 件。")],
    )  # fmt: skip
    one = Backing(what="B", persons=60, employers=5)
    assert made.points == 2
    assert "3 files" not in said_by(made)
    assert rules_broken(replace(made, backing=(one,))) == ["declared backing"]
    assert rules_broken(replace(made, backing=(one, one))) == []


def test_one_union_of_new_forms_is_not_counted_out_in_any_table() -> None:
    quarters = pd.DataFrame(
        [(f"u{u}", q, 301 if u == 9 else 80) for u in range(10) for q in ("2021Q4", "2022Q4")],
        columns=["union_id", "quarter", "members"],
    )
    rows = quarters[~((quarters["union_id"] == "u9") & (quarters["quarter"] == "2021Q4"))]
    unions = pd.DataFrame({"union_id": [f"u{u}" for u in range(10)]})
    unions["is_new_form"] = unions["union_id"] == "u9"
    new = organisation.new_forms(rows, unions)
    assert {v.rule for v in shield(new, Contributions()).hidden} >= {"minimum employers"}
    share = next(e for e in shield(new, Contributions()).result.estimates if "share" in e.key)
    assert share.undefined is not None  # of all members it tells those of the one union
    flows = organisation.stock_flow(rows)
    for result in (new, flows):
        shown = display.tabulate(result, payroll([60] * 10))
        assert "301" not in said_by(shown)
        assert shown.kind == "table"
        assert rules_broken(shown) == []


@pytest.mark.parametrize(("adopting", "hidden"), [(2, True), (8, False)])
def test_bounds_on_trends_have_the_n_of_the_effects_they_are_about(adopting, hidden) -> None:
    draw = np.random.default_rng(2)
    rows = pd.DataFrame(
        [(f, t, draw.normal(), (3 + f % 2) * (f < adopting))
         for f in range(adopting + 12) for t in range(1, 8)],
        columns=["firm", "quarter", "pay", "since"],
    )  # fmt: skip
    found = contracts.group_time(
        rows, outcome="pay", unit="firm", period="quarter", first_treated="since",
        base_period="universal",
    )  # fmt: skip
    bounds = contracts.honest_bounds(found.aggregate("dynamic"))
    first = bounds.estimates[0]
    assert (first.n, first.clusters) == (len(rows), adopting + 12)
    assert first.employers == adopting // 2
    shown = display.tabulate(bounds, payroll([20] * (adopting + 12)))
    assert bool(shown.hidden) is hidden
    assert shown.kind == "table"
    assert rules_broken(shown) == []


@pytest.mark.parametrize(
    ("mode", "counts", "unit", "said"),
    [
        (Mode.OWN, (12, 40), "persons", True), (Mode.OWN, (12, 4), "persons", False),
        (Mode.OWN, (40, 0), "persons", False), (Mode.OWN, (30, 80), "person_quarters", True),
        (Mode.OWN, (18, 80), "person_quarters", False),  # of two quarters a person: of nine
        (Mode.OWN, (5000,), "person_quarters", False), (Mode.PUBLIC, (1,), "persons", True),
    ],
)  # fmt: skip
def test_a_note_that_lets_a_count_be_worked_out_is_held_to_the_rules(
    mode, counts, unit, said
) -> None:
    note = Counted("Sides apart.", "两侧。", counts=counts, n_unit=unit)
    firms = np.tile(np.arange(200) % 40, 2)  # five persons each, so that twelve have three
    rows = payroll([200]).frame("workers").assign(employer_id=firms)
    data = Dataset("payroll", mode=mode, card=DATA.card, loaders={"workers": lambda _: rows})
    shown = table([Column(Text("a", "甲"))], [["x"]], data, caption=Text("a", "甲"), notes=[note])
    assert ("Sides apart" in said_by(shown)) is said


def test_those_who_come_back_are_told_only_where_many_do_and_many_do_not() -> None:
    years = pd.DataFrame(
        {"year": [2021, 2021], "claimed": [0, 1], "enrolments": [90, 40], "again": [60, 32],
         "share": [66.7, 80.0]}
    )  # fmt: skip
    rows = pd.DataFrame({"worker_id": range(200)})  # the table of mutual aid names no employer
    data = Dataset("aid", mode=DATA.mode, card=DATA.card, loaders={"mutual_aid": lambda _: rows})
    few = AdverseSelection(years, True, (estimate("reenrolment_difference"),))
    assert "Coming back" not in said_by(display.tabulate(few, data))  # eight did not
    many = AdverseSelection(years.assign(again=[60, 20]), True, few.estimates)
    assert "Coming back" in said_by(display.tabulate(many, data))


@pytest.mark.parametrize(("twice", "told"), [(0, True), (1, False), (20, True)])
def test_claimants_are_told_only_where_not_just_a_few_of_them_claimed_again(twice, told) -> None:
    rows = pd.DataFrame({
        "worker_id": [*range(100), *range(50 - twice, 150 - twice)], "contribution": 60.0,
        "year": [2021] * 100 + [2022] * 100, "claim": ([90.0] * 50 + [0.0] * 50) * 2,
    })  # fmt: skip
    people = 100 - twice
    data = Dataset("aid", mode=DATA.mode, card=DATA.card, loaders={"mutual_aid": lambda _: rows})
    pool = services.mutual_aid(rows)
    said = said_by(display.tabulate(pool, data))
    assert "would have paid for all claims" in said
    assert (f"100 claims of {people} persons" in said) is told
    held = next(e for e in pool.estimates if e.key == "claimants")
    assert (backing_of_estimate(held, Contributions()).persons >= 10) is told
    together = Services((pool,))
    assert (f"to {people} persons" in headline_of(together, together.estimates[0]).en) is told


def test_a_matrix_counts_as_many_values_as_it_shows() -> None:
    cells = ((90.0, 10.0), (None, 100.0))
    names = [Text("a", "甲"), Text("b", "乙")]
    figure = matrix(names, cells, down=Text("now", "现"), across=Text("then", "后"))
    shown = chart(figure, DATA, title=Text("t", "题"), alt=Text("a", "甲"))
    assert shown.points == 3
    one = Backing(what="a to a", persons=90, employers=5)
    assert rules_broken(replace(shown, backing=(one,))) == ["data behind a figure"]


@pytest.mark.parametrize("few", [2, 30])
def test_moves_of_few_unions_between_ratings_are_not_drawn(few) -> None:
    moves = {(0, 0): 60, (0, 3): 40, (3, 3): 50, (3, 4): few, (4, 4): 45, (4, 5): 35, (5, 5): 30}
    pairs = [pair for pair, number in moves.items() for _ in range(number)]
    rows = pd.DataFrame(
        [(f"u{u}", f"{2021 + later}Q4", pair[later]) for u, pair in enumerate(pairs)
         for later in (0, 1)],
        columns=["union_id", "quarter", "star"],
    )  # fmt: skip
    found = organisation.star_moves(rows)
    shown = display.draw(found, payroll([20] * len(pairs)))
    assert rules_broken(shown) == []
    assert shown.kind == "chart"
    assert "3 stars to 4 stars" not in said_by(shown)  # of two, or it would give a zero away
    assert "3 stars to 4 stars" in said_by(display.draw(found, payroll([20], Mode.PUBLIC)))


def test_rungs_of_few_unions_are_not_drawn() -> None:
    few = organisation.ladder_of({3: 40, 4: 30, 5: 2}, unions=100)
    assert display.draw(few, DATA).kind == "notice"
    many = organisation.ladder_of({3: 40, 4: 30, 5: 22}, unions=120)
    assert rules_broken(display.draw(many, payroll([60] * 120))) == []
