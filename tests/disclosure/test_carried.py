"""Attacks by numbers of many that one or two carry: sides of a comparison, stocks, coverage."""

import numpy as np
import pandas as pd
import pytest
from own_pages import Result, estimate, payroll, rules_broken, said_by
from scipy.optimize import linprog

from yuyao_lib import display
from yuyao_lib.display import grade_occupancy as display_of_occupancy
from yuyao_lib.display.backing import shield
from yuyao_lib.display.hidden_counts import HIDDEN, count_list, seen_cells
from yuyao_lib.findings import Contributions
from yuyao_lib.findings.suppression import CellCount, Grid, told_by_totals
from yuyao_lib.methods import disputes, organisation, services, structure, training
from yuyao_lib.methods.discontinuity import Setting, estimate_jump
from yuyao_lib.methods.grade_occupancy import grade_occupancy
from yuyao_lib.methods.promotion_cox import promotion_cox
from yuyao_lib.methods.promotion_hazards import promotion_hazards
from yuyao_lib.methods.smaller_sides import persons_on_smaller_side
from yuyao_lib.methods.union_sizes import union_sizes
from yuyao_lib.sources.dataset import Dataset

DATA = payroll([60] * 40)


def rules_on(result) -> dict[str, str]:
    return {v.id: v.rule for v in shield(result, Contributions()).hidden}


def ladder(firms: int, at_risk: int) -> pd.DataFrame:
    """Return cells of 40 employers, of whom the first so many have people with a mentor."""
    plain = [(e, 0, 1000, 20) for e in range(40)]
    rows = plain + [(e, 1, at_risk, 12 // firms) for e in range(firms)]
    made = pd.DataFrame(rows, columns=["employer_id", "mentored", "at_risk", "promoted"])
    return made.assign(year=2020, grade=0, begun=1, quarter_of_grade=2)


@pytest.mark.parametrize(
    ("firms", "at_risk", "rule"),
    [(2, 400, "minimum employers"), (3, 12, "minimum persons"), (6, 400, None)],
)
def test_ratios_of_hazards_are_held_to_who_has_what_came_before(firms, at_risk, rule) -> None:
    cells = ladder(firms, at_risk)
    found = promotion_hazards(cells, covariates=["mentored"], strata=["grade"])
    assert found.estimates[0].undefined is None
    assert rules_on(found).get("mentored") == rule
    shown = display.tabulate(found, DATA)
    assert bool(shown.hidden) is (rule is not None)
    assert rules_broken(shown) == []
    later = pd.concat([cells, cells.assign(quarter_of_grade=3)]).drop(columns="employer_id")
    (cox,) = promotion_cox(later, covariates=["mentored"]).estimates
    assert cox.persons == (None if cox.undefined else firms * at_risk // 2)


@pytest.mark.parametrize(("above", "rule"), [("one firm", "minimum employers"),
                                             ("four people", "minimum persons"),
                                             ("many", None)])  # fmt: skip
def test_a_jump_is_held_to_the_side_of_fewest(above, rule) -> None:
    draw = np.random.default_rng(1)
    n = 800
    rows = pd.DataFrame({"score": draw.uniform(40, 80, n), "worker_id": np.arange(n),
                         "employer_id": np.arange(n) % 40})  # fmt: skip
    passed = rows["score"] >= 60
    if above == "one firm":
        rows.loc[passed, "employer_id"] = 0
    elif above == "four people":
        rows.loc[passed, "worker_id"] = np.arange(passed.sum()) % 4
    rows["pay"] = rows["score"] / 100 + draw.normal(0, 0.1, n)
    setting = Setting(outcome="pay", running="score", cutoff=60.0, n_unit="exams",
                      cluster="employer_id", cluster_unit="firms")  # fmt: skip
    found = estimate_jump(rows.set_index(np.zeros(n, dtype=int)), setting)  # as resampled rows are
    assert found.estimate("robust").undefined is None
    assert rules_on(found).get("robust") == rule


STAFF = pd.DataFrame({"employer_id": [f"e{i}" for i in range(40)], "headcount": 100})


def contracts_of(covered: dict[str, list[int]]) -> pd.DataFrame:
    """Return contracts in force, by kind how many workers of each employer they cover."""
    rows = [
        {"employer_id": f"e{i}", "kind": kind, "covered": n, "effective_on": "2022-01-01"}
        for kind, each in covered.items() for i, n in enumerate(each) if n
    ]  # fmt: skip
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("covered", "hidden"),
    [
        ({"grade_wage": [100, 2, 2, 2]}, {"contracts_any", "contracts_grade_wage"}),
        ({"general": [90] * 12, "grade_wage": [100, 2, 2, 2]}, {"contracts_grade_wage"}),
        # all contracts less those on grades are of one employer
        ({"general": [100] * 11, "grade_wage": [100] * 10}, {"contracts_grade_wage"}),
        ({"general": [100] * 39}, {"contracts_any"}),  # all but one are covered
        ({"general": [90] * 20, "grade_wage": [100] * 10}, set()),
    ],
)
def test_coverage_that_one_employer_carries_is_not_told(covered, hidden) -> None:
    quarters = pd.DataFrame({"union_id": [f"u{i}" for i in range(9)], "quarter": "2022Q4",
                             "members": 60, "workforce": 90})  # fmt: skip
    found = organisation.density(quarters, employers=STAFF, contracts=contracts_of(covered))
    told = {k for k, rule in rules_on(found).items() if rule == "minimum employers"}
    assert told == hidden
    shown = display.tabulate(found, DATA)
    assert {k for k, _ in shown.hidden} >= hidden
    assert rules_broken(shown) == []


@pytest.mark.parametrize(("sizes", "told"), [((900, 12, 11), False), ((300, 290, 310), True)])
def test_unions_of_new_forms_that_one_carries_are_not_added_up(sizes, told) -> None:
    unions = pd.DataFrame({"union_id": [f"u{i}" for i in range(30)]})
    unions["is_new_form"] = unions.index < len(sizes)
    unions["members"] = [*sizes, *[80] * (30 - len(sizes))]
    rows = unions.drop(columns="is_new_form").assign(quarter="2022Q4")
    new = organisation.new_forms(rows, unions)
    shown = display.tabulate(new, DATA)
    assert (f"{sum(sizes):,}" in said_by(shown)) is told
    assert ("new_form_members" not in rules_on(new)) is told
    assert ("size_mean_new_form" not in rules_on(union_sizes(unions))) is told
    assert rules_broken(shown) == []


@pytest.mark.parametrize(("few", "told"), [(4, False), (40, True)])
def test_a_kind_of_activity_of_few_has_no_row(few, told) -> None:
    kinds = {"benefit": 90, "volunteer": 80, "visit": 70, "culture": few}
    rows = pd.DataFrame([
        {"kind": k, "participants": n, "distinct": n, "hours": 2.5, "value": 40.0}
        for k, n in kinds.items() for _ in range(3)
    ])  # fmt: skip
    shown = display.tabulate(services.participation(rows), payroll([8] * 60))
    assert shown.kind == "table"
    assert (f">{3 * few}<" in said_by(shown)) is told
    assert bool(shown.hidden) is not told
    assert rules_broken(shown) == []


@pytest.mark.parametrize(("injuries", "told"), [([4] + [0] * 9, False), ([40] + [0] * 9, False),
                                                ([4] * 10, True)])  # fmt: skip
def test_injuries_of_few_or_of_one_firm_are_told_by_no_rate(injuries, told) -> None:
    rows = pd.DataFrame({
        "employer_id": range(10), "year": 2022, "headcount": 100, "injuries": injuries,
        "absence_days": 200,
    })  # fmt: skip
    found = services.workplace_health(rows)
    shown = display.tabulate(found, payroll([8] * 60))
    for rate in (f">{sum(injuries)}<", f"2022 {sum(injuries)}.0"):
        assert (rate in said_by(shown)) is told
    assert rules_broken(shown) == []


@pytest.mark.parametrize(("claims", "told"), [(4, False), (40, True)])
def test_a_rate_of_events_beside_its_n_is_a_count(claims, told) -> None:
    e = estimate("claims", unit="per_1000_enrolments", n=800, estimate=1000 * claims / 800)
    assert bool(rules_on(Result((e,)))) is not told


def test_money_paid_to_one_claimant_is_told_by_no_sum() -> None:
    rows = pd.DataFrame({"worker_id": range(400), "year": 2022, "contribution": 60.0,
                         "claim": [90000.0] + [30.0] * 40 + [0.0] * 359})  # fmt: skip
    hidden = rules_on(services.mutual_aid(rows))
    assert {"payout_ratio", "paid_per_enrolment"} <= set(hidden)
    even = rules_on(services.mutual_aid(rows.assign(claim=rows["claim"].clip(upper=30.0))))
    assert not {"payout_ratio", "paid_per_enrolment"} & set(even)


def test_rows_of_one_person_are_not_of_many_persons() -> None:
    rows = pd.DataFrame({"worker_id": [0] * 200 + list(range(1, 12)) + list(range(100, 300)),
                         "side": [1] * 211 + [0] * 200, "log_wage": 8.0})  # fmt: skip
    rows["log_wage"] += np.random.default_rng(2).normal(0, 0.3, len(rows))
    assert persons_on_smaller_side(rows, "side", worker="worker_id") == 2
    found = structure.inequality(rows, outcome="log_wage", by=["side"], measures=["gini"])
    assert found.of("gini", 1).persons == 2


def test_the_fewest_employers_that_rows_can_be_of_may_be_carried_by_two() -> None:
    held = Contributions(persons_per_employer={100: 2, 5: 30}, per_employer=({400: 2, 20: 30},))
    assert held.employers_of(205) == 2  # 100, 100 and 5
    assert held.employers_of(240) == 2 + 8
    assert held.employers(860) == 2


ROUNDS = Dataset("payroll", mode=DATA.mode, card=DATA.card, rounds=True, loaders=DATA._loaders)


def test_where_counts_are_rounded_no_curve_draws_them_as_they_are(monkeypatch) -> None:
    workers = [(0, 0, 200), (1, 0, 187), (1, 1, 7), (1, None, 6)]
    rows = pd.DataFrame(workers, columns=["quarter", "grade", "workers"])
    found = grade_occupancy(rows.assign(first=0, employers=9))
    drawn = []
    real = display_of_occupancy.curves
    monkeypatch.setattr(display_of_occupancy, "curves",
                        lambda lines, **k: drawn.extend(lines) or real(lines, **k))  # fmt: skip
    shown = display.draw(found, ROUNDS)
    assert shown.kind == "chart"
    counts = [y * 210 / 100 for line in drawn for y in line.y if y < 100]
    assert counts == pytest.approx([190, 10, 10])  # of 210: rounded cells, added up anew
    assert "rounded to 10" in said_by(shown)


@pytest.mark.parametrize(("counts", "told"), [((5, 5), False), ((7, 8), True), ((14, 4), False),
                                              ((5, 5, 5, 5, 60), True)])  # fmt: skip
def test_rounded_counts_whose_total_tells_them_are_hidden(counts, told) -> None:
    names = [f"c{i}" for i in range(len(counts))]
    written, hidden, _ = count_list(dict(zip(names, counts, strict=True)), ROUNDS)
    assert (hidden == ()) is told
    assert (set(written.values()) == {HIDDEN}) is not told
    cells = seen_cells(np.array([counts, [90] * len(counts)], dtype=float), ROUNDS,
                       names=[*names, *names])  # fmt: skip
    assert cells.seen.any() == told


def test_no_rounded_cell_is_bounded_to_few_by_exact_totals() -> None:
    draw = np.random.default_rng(11)
    few = 0
    for _ in range(300):
        inner = draw.choice([0, 2, 5, 6, 9, 10, 12, 14, 30], draw.integers(1, 6))
        line = [CellCount(int(n)) for n in (*inner, inner.sum())]
        near = np.array([10 * ((n + 5) // 10) for n in inner])
        spans = [(max(r - 5, 0), r + 4) for r in near]
        ends = [
            [linprog(s * np.eye(len(inner))[k], A_eq=np.ones((1, len(inner))),
                     b_eq=[inner.sum()], bounds=spans).fun * s for s in (1, -1)]
            for k in range(len(inner))
        ]  # fmt: skip
        tells = inner.sum() >= 10 and any(low > 0.5 and high < 9.5 for low, high in ends)
        few += tells
        assert told_by_totals(Grid((tuple(line), tuple(line)))) >= tells
    assert few > 5


@pytest.mark.parametrize(
    ("kind", "rule"),
    [("few", "minimum persons"), ("one firm", "minimum employers"), ("many", None), ("days", None)],
)
def test_models_of_how_long_it_lasts_are_held_to_who_has_a_trait(kind, rule) -> None:
    draw = np.random.default_rng(3)
    n = 240
    rows = pd.DataFrame({"days": draw.exponential(30, n) + 1, "employer_id": np.arange(n) % 40})
    traits = {"few": rows.index < 6, "many": rows.index % 4 == 0, "one firm": rows.index < 0}
    rows["trait"] = traits.get(kind, draw.normal(size=n)) * 1
    if kind == "one firm":
        rows.loc[:29, ["trait", "employer_id"]] = 1, 0
    hazard = disputes.cox(rows, duration="days", covariates=["trait"])
    length = disputes.duration_model(rows, duration="days", covariates=["trait"])
    for found in (hazard, length):
        assert found.estimates[0].key == "trait" and found.estimates[0].undefined is None
        assert rules_on(found).get("trait") == rule


@pytest.mark.parametrize("hidden", [True, False])
def test_what_a_trait_of_one_person_explains_is_not_told(hidden) -> None:
    rows = DATA.frame("workers").assign(group=lambda f: f["worker_id"] % 2)
    pair = rows["worker_id"] // 2  # one of each group
    rows["rare"] = (pair == 0 if hidden else pair % 5 == 0) * 1
    found = structure.decompose(
        rows, outcome="log_wage", group="group", controls=["rare", "female"], worker="worker_id",
        references=["pooled"],
    )  # fmt: skip
    told = rules_on(found)
    keys = {e.key for e in found.detail if "rare" in e.key or "female" in e.key}
    assert len(keys) == 4
    assert (keys <= set(told)) is hidden  # with the whole the other part would tell it
    assert not {"gap", "explained_pooled"} & set(told)
    shown = display.tabulate(found, DATA)
    assert rules_broken(shown) == []


@pytest.mark.parametrize(
    ("case", "rule"),
    [
        ("few", "minimum persons"),
        ("one firm", "minimum employers"),
        ("one weighs", "minimum persons"),
        ("many", None),
    ],
)
def test_weighted_means_are_held_to_who_carries_the_weights(case, rule) -> None:
    draw = np.random.default_rng(8)
    n = 400
    rows = pd.DataFrame({"age": draw.normal(40, 8, n), "employer_id": np.arange(n) % 40,
                         "worker_id": np.arange(n), "pay": draw.normal(8, 0.3, n)})  # fmt: skip
    rows["trained"] = (rows.index < 6 if case == "few" else rows.index % 2 == 0) * 1
    if case == "one firm":
        rows.loc[rows["trained"] == 1, "employer_id"] = 0
    if case == "one weighs":  # nearly all of the others are nothing like the trained
        rows.loc[rows["trained"] == 0, "age"] = draw.normal(-60, 8, (rows["trained"] == 0).sum())
        rows.loc[1, "age"] = 40.0
    found = training.weighted_means(rows, outcome="pay", trained="trained", covariates=["age"])
    assert found.estimates[1].undefined is None
    told = rules_on(found)
    assert told.get("propensity_weighting") == rule
    assert set(told) == (set() if rule is None else {e.key for e in found.estimates})


@pytest.mark.parametrize(("pairs", "told"), [(4, False), (40, True)])
def test_pay_on_entry_is_held_to_quarters_in_which_both_sides_were_hired(pairs, told) -> None:
    draw = np.random.default_rng(4)
    both = [(t, 8080) for _ in range(pairs) for t in (0, 1)]
    alone = [(1, 8081)] * 60 + [(0, 8082)] * 60
    rows = pd.DataFrame([*both, *alone], columns=["trained", "quarter"])
    rows = rows.assign(worker_id=range(len(rows)), entry_wage=draw.normal(4000, 300, len(rows)),
                       followed=True, kept=rows.index % 2 == 0)  # fmt: skip
    hidden = rules_on(services.job_keeping(rows))
    assert ("entry_pay" not in hidden) is told
    assert {"kept_trained", "kept_untrained"}.isdisjoint(hidden)
