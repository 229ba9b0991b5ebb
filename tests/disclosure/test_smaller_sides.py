"""Attacks on the side of few: treated firms, movers, changers, and parts whose whole is shown."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from own_pages import CARD, DATA, Result, estimate, finding, payroll, rules_broken, said_by

from yuyao_lib import display
from yuyao_lib.display import protection
from yuyao_lib.display.backing import shield
from yuyao_lib.findings import Contributions, Estimate, Mode
from yuyao_lib.findings.differencing import Release, differences
from yuyao_lib.methods import (
    contracts,
    grade_contracts,
    inference,
    organisation,
    power,
    premiums,
    structure,
)
from yuyao_lib.methods import wage_components as components
from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.balance import balance
from yuyao_lib.methods.cause_hazards import cause_hazards
from yuyao_lib.methods.colleague_studies import ratio_estimate
from yuyao_lib.methods.contract_paths import paths_by_cohort, paths_by_grade
from yuyao_lib.methods.contract_variants import contract_variants
from yuyao_lib.methods.heaping import heaping
from yuyao_lib.methods.mediation_ratios import StandardRatios
from yuyao_lib.methods.mediation_standard import by_standard
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

COLUMNS = {"outcome": "log_gross_wage", "unit": "employer_id", "period": "period",
           "first_treated": "first_contract", "weights": "workers"}  # fmt: skip
FIRMS = Meaning(n_unit="firm_quarters")
STAFF = payroll([20] * 30)


def panel(starts: dict[int, int], *, firms=30, sizes=None) -> pd.DataFrame:
    """Return firms over eight quarters; `starts` says which adopted when."""
    draw = np.random.default_rng(7)
    rows = [
        (f"F{f:02d}", t, draw.normal() + 0.1 * f, starts.get(f, 0), (sizes or {}).get(f, 20))
        for f in range(firms)
        for t in range(8080, 8088)
    ]
    return pd.DataFrame(rows, columns=["employer_id", "period", "log_gross_wage",
                                       "first_contract", "workers"])  # fmt: skip


ENOUGH = dict.fromkeys(range(5), 8083)
TWO = dict.fromkeys(range(2), 8083)
SMALL = {f: 2 for f in range(3)}  # three firms of two workers each
LARGE = {0: 2000}  # beside four of twenty


@pytest.mark.parametrize(
    ("starts", "sizes", "rule"),
    [
        (ENOUGH, None, None),
        (TWO, None, "minimum employers"),
        (dict.fromkeys(range(3), 8083), SMALL, "minimum persons"),
        (ENOUGH, LARGE, "minimum employers"),  # one firm of them is the effect
        (dict.fromkeys(range(28), 8083), None, "minimum employers"),  # two are compared with
    ],
)
def test_an_effect_is_held_to_its_smaller_side_in_all_its_forms(starts, sizes, rule) -> None:
    rows = panel(starts, sizes=sizes)
    found = inference.choose_interval(rows, **COLUMNS, draws=99, meaning=FIRMS)
    effects = contracts.group_time(rows, **COLUMNS, base_period="universal", meaning=FIRMS)
    others = contracts.compare_estimators(rows, **COLUMNS, meaning=FIRMS)
    curve = power.power_curve(found.chosen, effects=[0.0, 0.5, 1.0], meaning=FIRMS)
    verdict = contracts.can_tell(found.chosen, smallest_of_interest=0.01)
    trend = contracts.pre_trend_slope(effects.aggregate("dynamic"), treated=len(starts))
    dealt = grade_contracts.dealt_statistics(rows, **COLUMNS, draws=99)
    one_test = contracts.pre_trend_test(effects)
    shown = {
        "effect": display.findings(found, STAFF, topic="pay", headline=found.chosen.key),
        "mean": display.tabulate(effects.aggregate("simple"), STAFF),
        "routes": display.draw(others, STAFF),
        "power": display.draw(curve, STAFF),
        "dates": display.draw(dealt, STAFF),
        "verdict": display.say(verdict, STAFF),
        "test": display.tabulate(one_test, STAFF),
        "trend": display.tabulate(trend, STAFF),
    }
    absent = {"test"} if one_test.undefined else set()
    absent |= {"mean", "trend"} if effects.undefined else set()
    for name, one in shown.items():
        assert rules_broken(one) == [], name
        if rule is None:  # residual degrees of freedom are not told by redrawn dates
            assert {r for _, r in one.hidden} <= {"residual degrees of freedom"}, name
        elif name not in absent:  # what cannot be made tells nothing
            assert rule in {r for _, r in one.hidden}, name
    told = [found.chosen.estimate, *(e.estimate for e in others.estimates)]
    if rule is not None:
        said = " ".join(said_by(one) for one in shown.values())
        assert not [v for v in told if v is not None and f"{abs(v):.3f}" in said]


def test_a_cohort_of_one_firm_is_not_what_the_others_leave_of_the_whole() -> None:
    starts = {0: 8082, **dict.fromkeys(range(1, 4), 8083), **dict.fromkeys(range(4, 10), 8084)}
    rows = panel(starts)
    effects = contracts.group_time(rows, **COLUMNS, meaning=FIRMS)
    table = display.tabulate(grade_contracts.parts_by_firms(effects, "group"), STAFF)
    paths = paths_by_cohort(rows, truths={}, first=-2, last=3)
    assert [name.en for name in paths.left_out] == ["2020Q3"]
    drawn = display.draw(paths, STAFF)
    gone = {key for key, rule in drawn.hidden if rule == "secondary"}
    assert dict(table.hidden) == {"group_8083": "secondary"}
    assert {key.split("_at_")[0] for key in gone} == {"cohort_8083"}
    assert "2020Q4 " not in drawn.html.en.split("Last quarter told")[-1]
    assert rules_broken(table, drawn) == []


def test_a_grade_of_one_firm_is_not_what_the_other_grades_leave_of_all() -> None:
    rows = panel(dict.fromkeys(range(10), 8083))
    firms = rows.groupby("employer_id", as_index=False)["first_contract"].first()
    kept = rows.drop(columns="first_contract")
    sums = ["log_wage_sum", "wage_sum", "allowance_sum", "separations"]
    kept = kept.assign(**{name: kept["log_gross_wage"] * kept["workers"] for name in sums})
    number = kept["employer_id"].str[1:].astype(int)
    parts = [kept[number >= lowest].assign(grade=grade) for grade, lowest in enumerate((0, 5, 9))]
    paths = paths_by_grade(pd.concat(parts), firms, grades=(0, 1, 2), first=-2, last=3)
    assert len(paths.paths) == 2 and len(paths.left_out) == 1
    gone = {key for key, rule in display.draw(paths, STAFF).hidden if rule == "secondary"}
    assert {key.split("_at_")[0] for key in gone} == {"grade_1"}


@pytest.mark.parametrize("some_did_not", [False, True])
def test_that_all_below_a_limit_got_something_is_not_told(some_did_not) -> None:
    n = np.arange(400)
    staff = pd.DataFrame({"employer_id": np.tile(n, 2), "year": np.repeat([2020, 2021], 400)})
    staff["headcount"] = 20 + (staff["employer_id"] + 3 * (staff["year"] == 2021)) % 7
    fee = 100 + n * 150.0
    paid = np.where((fee <= 30000) & ~(some_did_not & (n % 9 == 0)), fee * 0.8, 0)
    refunds = pd.DataFrame({"employer_id": n, "year": 2020, "fee_paid": fee, "refund": paid})
    found = organisation.fee_refunds(refunds, staff, limit=30000.0)
    shielded = shield(found, Contributions()).result
    stage = next(e for e in shielded.estimates if e.key == "refund_first_stage")
    assert (stage.undefined is None) is some_did_not
    if not some_did_not:
        assert "zero or full cell" in stage.undefined.en


def test_golden_proposals_are_not_the_adopted_ones_less_the_others() -> None:
    meaning = Meaning(term="pay_after_event", n_unit="persons", cluster_unit="firms")

    def study(key: str, sizes: list[int]) -> Estimate:
        weights = np.array(sizes, dtype="float64")
        pay = 0.1 + 0.01 * np.arange(len(sizes))
        return ratio_estimate(weights * pay, weights, key=key, meaning=meaning)

    parts = (study("adopted", [8] * 6), study("golden", [1, 1]), study("plain", [9] * 5))
    assert parts[1].undefined is not None
    assert (parts[1].persons, parts[1].employers) == (2, 2)
    shielded = shield(Result(parts), Contributions())
    assert [(v.id, v.rule) for v in shielded.hidden] == [("plain", "secondary")]
    assert all(e.persons is None for e in shielded.result.estimates if e.undefined is not None)


def test_members_are_not_told_beside_all_where_the_others_are_few() -> None:
    rows = DATA.frame("workers").assign(small=lambda f: (f["worker_id"] < 8) * 1)
    found = structure.inequality(rows, outcome="log_wage", by=["calendar_year", "small"],
                                 measures=["gini"])  # fmt: skip
    hidden = dict(display.tabulate(found, DATA).hidden)
    assert {k: hidden[k] for k in ("gini_2021_0", "gini_2021_1")} == {
        "gini_2021_0": "secondary", "gini_2021_1": "minimum persons",
    }  # fmt: skip
    split = structure.within_between(rows, outcome="log_wage", group="small")
    assert len(display.tabulate(split, DATA).hidden) >= 3
    gap = structure.decompose(rows, outcome="log_wage", group="small", controls=["female"])
    assert max(e.persons for e in gap.estimates if e.estimate is not None) == 8


def test_members_are_not_told_beside_all_where_one_employer_carries_the_others() -> None:
    data = payroll([80, 40, 40, 40, 40])
    rows = data.frame("workers").assign(
        other=lambda f: ((f["worker_id"] < 60) | f["worker_id"].isin([90, 130, 170])) * 1
    )
    found = structure.inequality(rows, outcome="log_wage", by=["calendar_year", "other"],
                                 measures=["gini"])  # fmt: skip
    assert (found.of("gini", 2021, 1).persons, found.of("gini", 2021, 1).employers) == (63, 2)
    hidden = dict(display.tabulate(found, data).hidden)
    assert (hidden["gini_2021_1"], hidden["gini_2021_0"]) == ("minimum employers", "secondary")


@pytest.mark.parametrize("method", ["colleague_comparison", "count", "anything"])
def test_a_share_of_few_is_hidden_whatever_method_it_comes_from(method) -> None:
    for share in (100 * 1 / 33, 100.0, 0.0):
        one = estimate("rises", method="count", unit="percent", estimate=share, n=33)
        told = replace(one, method=method if method != "anything" else "sample_measure")
        assert "minimum persons" in {
            r for _, r in display.tabulate(Result((told,)), DATA).hidden
        } | {"minimum persons" if share in (0.0, 100.0) else ""}
        assert display.tabulate(Result((told,)), DATA).hidden


def test_firms_that_have_a_trait_are_not_counted_out_by_its_share() -> None:
    employers = pd.DataFrame({
        "employer_id": [f"F{i:02d}" for i in range(30)], "headcount": 20,
        "reform_pilot": [i in {0, 7, 8, 9, 20, 21, 22} for i in range(30)],
    })  # fmt: skip
    signed = pd.DataFrame({"employer_id": [f"F{i:02d}" for i in range(6)], "kind": "grade_wage",
                           "effective_on": "2022-01-01"})  # fmt: skip
    firms = grade_contracts.contract_firms(employers, signed)
    matched = grade_contracts.match_controls(firms, per_firm=2)
    shown = display.tabulate(matched, STAFF)
    assert dict(shown.hidden) == {"reform_pilot": "minimum employers"}
    assert "0.17" not in said_by(shown)
    assert rules_broken(shown) == []


def test_a_schedule_of_few_firms_is_not_told_by_floor_allowance_or_step() -> None:
    signed = pd.DataFrame({
        "employer_id": [f"F{i:02d}" for i in range(6)], "kind": "grade_wage", "covered": 20,
        "allowance_junior": 117.0, "allowance_intermediate": [233.0] * 5 + [231.0],
        "allowance_senior": [np.nan] * 4 + [349.0, 349.0],
    })  # fmt: skip
    ladder = grade_contracts.pay_ladder(signed)
    shown = display.tabulate(ladder, STAFF)
    said = said_by(shown)
    assert (">117<" in said, ">349<" in said) == (True, False)
    assert {"grade 3", "step_senior", "monotone_share"} <= set(dict(shown.hidden))
    assert "100%" not in said  # all schedules rise: a full cell
    assert rules_broken(shown) == []
    cells = pd.DataFrame(
        [(f"F{f:02d}", 8089, g, n, n * 3000.0, n * 88.0)
         for f in range(6) for g, n in ((1, 9), (2, 1 + (f == 0) * 2), (3, 7)) if g < 3 or f < 2],
        columns=["employer_id", "period", "grade", "workers", "wage_sum", "allowance_sum"],
    )  # fmt: skip
    firms = pd.DataFrame({"employer_id": signed["employer_id"], "first_contract": 8088})
    effects = grade_contracts.PartEffects(
        tuple(FIRMS.estimate(f"grade_{g}", "group_time_effects", estimate=0.1, low=0.0, high=0.2,
                             n=240, clusters=30, residual_df=200, employers=6, persons=60)
              for g in (1, 2, 3)), ("1", "2", "3"),
    )  # fmt: skip
    reached = grade_contracts.pass_through(effects, ladder, cells, firms)
    table = display.tabulate(reached, STAFF)
    row = {line.split(",")[0]: line.split(",") for line in table.csv[1].splitlines()}
    paid = [line[2] for name, line in row.items() if "worker" in name]
    assert paid == ["88", "–", "–"]  # of 54 persons, of 8, of two firms
    assert rules_broken(table) == []


def workers(*, movers: int, technicians: int, rising: int) -> pd.DataFrame:
    """Return 240 workers of six firms over four quarters, pay rising with grade."""
    draw = np.random.default_rng(3)
    rows = []
    for w in range(240):
        for t in range(4):
            firm = (w + (w >= 240 - movers) * (t > 1)) % 6
            grade = int(w < technicians) * 2 + int(
                technicians <= w < technicians + rising and t > 1
            )
            rows.append((f"W{w:03d}", f"F{firm}", 8080 + t, grade, 8 + 0.2 * grade + draw.normal()))
    return pd.DataFrame(rows, columns=["worker_id", "employer_id", "period", "grade",
                                       "log_gross_wage"])  # fmt: skip


def test_what_a_grade_is_paid_is_told_of_its_holders_and_of_those_who_rise() -> None:
    rows = workers(movers=60, technicians=36, rising=4)
    rows.loc[rows["grade"] == 2, "employer_id"] = "F0"  # one firm has them all
    cells = components.grade_cells(rows)
    premia = components.grade_premia(cells)
    by_grade = {e.key: (e.persons, e.employers) for e in premia.estimates}
    assert by_grade["all_2_8080"] == (36, 1)
    assert {r for k, r in display.tabulate(premia, STAFF).hidden} == {"minimum employers"}
    found = components.wage_components(workers(movers=60, technicians=36, rising=4))
    steps = {e.key: e.persons for e in found.estimates if e.key.startswith("step_")}
    assert steps["step_1"] == 4
    assert ("step_1", "minimum persons") in display.tabulate(found, STAFF).hidden


def test_parts_of_the_variance_are_told_of_the_movers_they_rest_on() -> None:
    rows = workers(movers=40, technicians=40, rising=30)
    found = components.wage_components(rows)
    assert {e.persons for e in found.estimates if e.key in {"firm", "worker", "residual"}} == {40}
    assert {e.persons for e in found.without_grades.estimates if e.key == "firm"} == {40}


def test_the_premium_beside_other_panels_is_held_to_the_same_rules() -> None:
    rows = DATA.frame("workers").assign(
        union_member=lambda f: ((f["worker_id"] < 80) & (f["worker_id"] % 2 == 0)) * 1
    )
    who = {"outcome": "log_wage", "member": "union_member"}
    there = premiums.elsewhere({"payroll": rows}, **who)
    assert {(e.persons, e.employers) for e in there.estimates if e.estimate is not None} == {
        (40, 2)
    }
    gap = premiums.estimate(rows, **who, routes=["pooled_ols"])
    for shown in (display.draw(there, DATA), display.tabulate(gap, DATA)):
        assert {r for _, r in shown.hidden} == {"minimum employers"}
        assert f"{abs(gap.route('pooled_ols').estimate):.3f}" not in said_by(shown)


def test_few_who_leave_are_told_by_no_sign_and_no_note() -> None:
    rows = DATA.frame("workers").sort_values(["worker_id", "calendar_year"])
    later = rows["calendar_year"] == 2022
    rows["union_member"] = ((rows["worker_id"] < 60) & later) * 1
    rows.loc[rows["worker_id"].between(150, 153) & ~later, "union_member"] = 1
    found = premiums.selection(rows, outcome="log_wage", member="union_member")
    assert (found.joiners, found.leavers) == (60, 4)
    shown = display.tabulate(found, DATA)
    assert {k for k, _ in shown.hidden} >= {"leaving", "asymmetry"}
    assert "out of it" not in said_by(shown)
    assert rules_broken(shown) == []


def test_traits_that_few_have_are_told_by_no_mean() -> None:
    rows = DATA.frame("workers").assign(
        union_member=lambda f: f["worker_id"] % 2, rare=lambda f: (f["worker_id"] < 3) * 1,
        common=lambda f: (f["worker_id"] % 7 == 0) * 1,
    )  # fmt: skip
    means = structure.group_means(rows, group="union_member", columns=["rare", "common"])
    assert (means.rarest["rare"], means.rarest["common"]) == (1, 14)
    trained = rows[rows["calendar_year"] == 2022].assign(trained=lambda f: f["union_member"])
    found = balance(trained, covariates=["rare", "common", "log_wage"])
    shown = (
        display.tabulate(means, DATA),
        display.tabulate(found, DATA),
        display.draw(found, DATA),
    )
    for one in shown:
        assert ("rare", "minimum persons") in one.hidden
        assert one.kind in {"table", "chart"}
        assert "rare" not in one.html.en.replace("rare persons", "")
        assert rules_broken(one) == []
    public = display.tabulate(found, payroll([40], Mode.PUBLIC))
    assert "rare" in public.html.en
    assert public.hidden == ()


def test_histories_are_told_by_the_employers_they_are_seen_at() -> None:
    rows = DATA.frame("workers").sort_values(["worker_id", "calendar_year"])
    later = rows["calendar_year"] == 2022
    everywhere, two_firms = rows["worker_id"] % 5 < 3, rows["worker_id"] < 60
    for joins, employers, said in ((everywhere, 5, ">120<"), (two_firms, 2, ">60<")):
        found = premiums.movers(
            rows.assign(union_member=(joins & later) * 1), member="union_member"
        )
        shown = display.tabulate(found, DATA)
        assert found.employers["joiner"] == employers
        assert (said in said_by(shown)) is (employers > 2)
        assert rules_broken(shown) == []


def test_reasons_lose_the_small_counts_they_say() -> None:
    why = Text("group 0 has 3 rows, too few", "第 0 组仅 3 行")
    none = estimate("gap", undefined=why, estimate=None, low=None, high=None, n=None)
    shown = display.tabulate(Result((none, estimate("rest"))), DATA)
    assert shown.kind == "table"
    assert "3 rows" not in said_by(shown)


def test_bars_of_a_heap_are_shown_where_enough_stand_in_them() -> None:
    draw = np.random.default_rng(4)
    scores = np.r_[np.round(draw.normal(62, 6, 900), 1), [20.0, 20.5, 95.0]]
    exams = pd.DataFrame({"worker_id": np.arange(len(scores)), "score": scores})
    data = Dataset(
        "exams", mode=Mode.OWN, card=CARD, loaders={"assessments": lambda columns: exams}
    )
    found = heaping(exams, running="score", at=60, below=3, above=2, reach=45, n_unit="exams")
    shown = display.draw(found, data)
    assert shown.kind == "chart"
    few = int((found.counts < 10).sum())
    assert len(shown.hidden) >= few
    assert shown.points == len(found.counts) - len(shown.hidden)
    assert rules_broken(shown) == []
    assert display.draw(found, payroll([20], Mode.PUBLIC)).hidden == ()


def test_a_way_in_which_few_cases_end_is_told_by_no_share_and_no_change() -> None:
    days = np.r_[np.arange(1.0, 76.0), np.arange(1.0, 31.0)]
    ways = np.array(["settled"] * 105, dtype=object)
    ways[[3, 9, 20, 80]] = "withdrawn"  # three before, one under the standard
    frame = pd.DataFrame({"duration_days": days % 15 + 0.5, "way": ways,
                          "met": np.r_[np.zeros(75), np.ones(30)].astype(int)})  # fmt: skip
    cases = SimpleNamespace(n=105, undefined=None, frame=frame, standard="met")
    found = by_standard(cases, horizon=10)
    changes = {e.key: e.persons for e in found.estimates}
    assert changes["withdrawn"] <= 1
    one = next(e for e in found.sides[1].estimates if e.key == "withdrawn")
    for share in (
        one,
        replace(one, estimate=1.06 / 30),
    ):  # not followed to the end: no whole number
        assert display.tabulate(Result((replace(share, n_unit="persons"),)), DATA).hidden


@pytest.mark.parametrize(
    ("sizes", "hidden"), [((60, 66, 81), ["bandwidth_2"]), ((60, 70, 81), []), ((60, 60, 81), [])]
)
def test_samples_one_within_another_do_not_differ_by_few_on_a_page(sizes, hidden) -> None:
    made = tuple(estimate(f"bandwidth_{i}", n=n) for i, n in enumerate(sizes, 1))
    assert [v.id for v in shield(Result(made), Contributions()).hidden] == hidden


def release(**given) -> Release:
    held = {"key": "pay.effect", "report": "one", "persons": 40, "employers": 12, "rows": 800,
            "dataset": "pay"}  # fmt: skip
    return Release(**held | given)


@pytest.mark.parametrize(
    ("more", "refused"),
    [({"rows": 822, "all_employers": 37}, True), ({"rows": 866, "all_employers": 39}, False),
     ({"rows": 822, "all_persons": 205}, True), ({"rows": 866, "all_persons": 215}, False)],
)  # fmt: skip
def test_one_more_on_the_larger_side_is_seen_however_many_rows_it_has(more, refused) -> None:
    then = release(all_employers=36, all_persons=204)
    now = release(report="two", **{"all_employers": 36, "all_persons": 204, **more})
    assert [v.rule for v in differences([now], [then])] == ["differencing"] * refused


def test_the_larger_side_is_known_of_estimates() -> None:
    one = finding(130).estimate
    assert one.clusters is None
    told = shield(Result((replace(one, clusters=9, cluster_unit="firms"),)), Contributions())
    assert told.hidden == ()


def test_controls_matched_more_widely_do_not_tell_of_the_one_added() -> None:
    cells = panel(dict.fromkeys(range(6), 8083), firms=19)
    firms = cells.drop_duplicates("employer_id")[["employer_id", "first_contract"]].assign(
        log_headcount=lambda f: np.arange(len(f)) / 10.0
    )
    plain = cells.drop(columns="first_contract")
    found = [contract_variants(plain, firms, match_k=k, meaning=FIRMS).estimates[0] for k in (2, 3)]
    assert [e.clusters for e in found] == [18, 19]
    shown = [release(report=str(i), key="a", all_employers=e.clusters, employers=e.employers,
                     rows=e.n, persons=e.persons) for i, e in enumerate(found)]  # fmt: skip
    assert differences(shown[1:], shown[:1])


def test_a_ratio_of_chances_counts_the_few_who_have_a_trait_or_ended_with_it() -> None:
    rng = np.random.default_rng(5)
    cases = pd.DataFrame({
        "days": rng.integers(1, 30, 600), "end": rng.choice(["settled", "withdrawn"], 600),
        "rare": np.arange(600) < 8, "common": np.arange(600) % 2, "age": rng.normal(40, 9, 600),
    }).astype({"rare": int})  # fmt: skip
    found = cause_hazards(
        cases, duration="days", cause="end", covariates=["rare", "common", "age"], n_unit="cases"
    )
    persons = {e.key: e.persons for e in found.models["settled"].estimates}
    settled = cases[cases["end"] == "settled"]
    assert persons["rare"] == int(settled["rare"].sum()) < 8
    assert persons["common"] == min(settled["common"].value_counts())
    assert persons["age"] is None
    shown = protection.tabulate(StandardRatios("common", found), STAFF)
    assert shown.kind == "table"  # every row is backed, those of what the case is about too
    assert len(shown.backing or ()) >= shown.points > 2
    assert ("rare", "minimum persons") in shown.hidden


@pytest.mark.parametrize(("unit", "hidden"), [("registrations", []), ("spells", ["days"])])
def test_who_looks_for_a_job_is_held_to_no_employer(unit, hidden) -> None:
    seekers = Contributions(per_person=({1: 900},))
    held = Contributions(
        per_person=({1: 900},), per_employer=({400: 1, 5: 90},), tables={"job_services": seekers}
    )
    days = estimate("days", n=300, n_unit=unit, employers=None, unit="days")
    assert [v.id for v in shield(Result((days,)), held).hidden] == hidden
