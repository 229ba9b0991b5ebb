"""Contract firms, cells, ladders and rates: by second routes and by known truth."""

import numpy as np
import pandas as pd
import pytest

import yuyao_lib as yuyao
from yuyao_lib.display.sentences import headline_of
from yuyao_lib.errors import DataError, InputError
from yuyao_lib.methods import contracts, grade_contracts, inference, power
from yuyao_lib.schema import quarter_name
from yuyao_lib.sources.simulation import draw_experiment
from yuyao_lib.sources.simulation.told import Told, told

COLUMNS = {
    "outcome": "log_gross_wage", "unit": "employer_id", "period": "period",
    "first_treated": "first_contract", "weights": "workers",
}  # fmt: skip


@pytest.fixture(scope="module")
def draw():
    return draw_experiment(1, worker_share=0.1)


@pytest.fixture(scope="module")
def pay(draw):
    return draw.data.frame("worker_quarters")


@pytest.fixture(scope="module")
def firms(draw):
    return grade_contracts.contract_firms(
        draw.data.frame("employers"), draw.data.frame("contracts")
    )


@pytest.fixture(scope="module")
def panel(pay, firms):
    cells = grade_contracts.merge_grades(grade_contracts.firm_cells(pay))
    return grade_contracts.pay_panel(cells, firms)


def test_cells_equal_a_pandas_sum(pay) -> None:
    cells = grade_contracts.firm_cells(pay)
    plain = pay.assign(log=np.log(pay["gross_wage"].astype(float)), one=1.0)
    by = [pay["employer_id"].astype(str), pay["quarter"].astype(str), pay["grade"].astype(int)]
    sums = plain.groupby(by)[["one", "log", "gross_wage", "separated"]].sum().reset_index()
    assert len(sums) == len(cells)
    assert cells["workers"].sum() == len(pay)
    found = cells.assign(quarter=cells["period"].map(quarter_name)).merge(
        sums, on=["employer_id", "quarter", "grade"], validate="1:1"
    )
    for ours, theirs in (
        ("workers", "one"), ("log_wage_sum", "log"), ("wage_sum", "gross_wage"),
        ("separations", "separated"),
    ):  # fmt: skip
        assert np.allclose(found[ours], found[theirs].astype(float), rtol=1e-6)


def test_cells_of_a_file_and_of_a_frame_are_the_same(pay, tmp_path) -> None:
    pay.to_parquet(tmp_path / "pay.parquet")
    here = grade_contracts.firm_cells(pay)
    there = grade_contracts.firm_cells(tmp_path / "pay.parquet")
    pd.testing.assert_frame_equal(here, there, rtol=1e-6)


def test_cells_name_a_missing_column(pay) -> None:
    with pytest.raises(DataError, match="gross_wage"):
        grade_contracts.firm_cells(pay.drop(columns="gross_wage"))


def test_stayers_equal_a_join_in_pandas(pay, firms) -> None:
    cohorts = dict(zip(firms["employer_id"], firms["first_contract"], strict=True))
    changes = grade_contracts.stayer_changes(pay, cohorts=cohorts)
    one = changes[changes["workers"] > 1].iloc[40]
    rows = pay[pay["employer_id"].astype(str) == one["employer_id"]]
    rows = rows.assign(log=np.log(rows["gross_wage"].astype(float)))
    base = rows[rows["quarter"].astype(str) == quarter_name(int(one["cohort"]) - 1)]
    now = rows[rows["quarter"].astype(str) == quarter_name(int(one["period"]))]
    both = base.merge(now, on="worker_id")
    assert len(both) == one["workers"]
    assert (both["log_y"] - both["log_x"]).sum() == pytest.approx(one["change_sum"], rel=1e-5)


def test_stayers_find_the_stayers_truth(draw, pay, firms) -> None:
    cohorts = dict(zip(firms["employer_id"], firms["first_contract"], strict=True))
    changes = grade_contracts.stayer_changes(pay, cohorts=cohorts)
    effect = grade_contracts.stayers_effect(
        changes.merge(firms[["employer_id", "first_contract"]], on="employer_id")
    )
    truth = draw.truth["stayers"]["att"]
    assert abs(effect.estimate - truth) < 4 * effect.standard_error
    assert 0.002 < effect.standard_error < 0.02 and effect.clusters == 186


def test_controls_are_near_in_size_and_used_once() -> None:
    rng = np.random.default_rng(1)
    sizes = np.r_[np.full(4, 6.0), rng.normal(4, 1.5, 400)]
    firms = pd.DataFrame({
        "employer_id": [f"E{i}" for i in range(404)],
        "first_contract": [8088] * 4 + [0] * 400,
        "log_headcount": sizes,
        "industry": np.where(np.arange(404) % 2, "C", "G"),
    })  # fmt: skip
    matched = grade_contracts.match_controls(firms, per_firm=3)
    taken = matched.frame[matched.frame["first_contract"] == 0]
    assert matched.controls == 12 and taken["employer_id"].is_unique
    kinds = firms.set_index("employer_id")["industry"]
    assert (taken["industry"].to_numpy() == kinds[taken["matched_to"]].to_numpy()).all()
    (row,) = matched.balance
    assert abs(row.gap_after) < 0.3 < abs(row.gap_before)
    assert grade_contracts.match_controls(firms, per_firm=0).controls == 400
    with pytest.raises(InputError, match="0 or more"):
        grade_contracts.match_controls(firms, per_firm=-1)


def test_the_naive_gap_is_far_from_what_was_set(draw, panel, firms) -> None:
    chosen = inference.choose_interval(panel, **COLUMNS, draws=99).chosen
    gap = grade_contracts.naive_gap(panel[["employer_id", "period", "workers", "log_gross_wage"]],
                                    firms)  # fmt: skip
    truth = draw.truth["all_cells"]["att"]
    assert abs(gap.estimate - truth) > 3 * abs(chosen.estimate - truth)


def test_a_rate_ratio_equals_a_poisson_regression_with_dummies() -> None:
    import statsmodels.api as sm

    rng = np.random.default_rng(5)
    rows = pd.DataFrame(
        [(f, t, 50.0 + f, 4 * (f < 5)) for f in range(20) for t in range(1, 9)],
        columns=["employer_id", "period", "workers", "first_contract"],
    )
    under = ((rows["first_contract"] > 0) & (rows["period"] >= 4)).astype(float)
    rows["left"] = rng.poisson(rows["workers"] * 0.07 * np.exp(-0.4 * under))
    found = grade_contracts.rate_ratio(rows, events="left")
    dummies = pd.get_dummies(rows[["employer_id", "period"]].astype(str), dtype=float)
    x = np.column_stack([under, dummies.drop(columns="period_1")])
    fit = sm.GLM(rows["left"], x, family=sm.families.Poisson(), exposure=rows["workers"]).fit()
    assert found.estimate == pytest.approx(np.exp(fit.params.iloc[0]), rel=1e-6)
    assert found.low < found.estimate < found.high


def test_no_table_means_no_ratio(panel) -> None:
    rows = grade_contracts.event_counts(None, panel, date="filed_on")
    found = grade_contracts.rate_ratio(rows, events="events")
    assert found.undefined.en == "not run: the table or column it needs is missing"


def test_a_ladder_that_falls_is_seen() -> None:
    signed = pd.DataFrame({
        "kind": ["grade_wage", "grade_wage", "wage"], "covered": [30, 10, 5],
        "allowance_junior": [100.0, 100.0, 999.0],
        "allowance_intermediate": [200.0, 200.0, 999.0],
        "allowance_senior": [300.0, 150.0, 999.0],
    })  # fmt: skip
    ladder = grade_contracts.pay_ladder(signed)
    found = {e.key: e.estimate for e in ladder.estimates}
    assert found["monotone_share"] == found["strict_share"] == 0.5
    assert ladder.schedule == {1: 100.0, 2: 200.0, 3: 262.5}
    assert found["step_senior"] == 62.5
    assert grade_contracts.pay_ladder(signed, kind="general").estimates[0].undefined is not None


def test_parts_of_few_firms_are_wider_or_not_shown(panel) -> None:
    effects = contracts.group_time(panel, **COLUMNS, base_period="universal")
    whole = effects.aggregate("group")
    parts = grade_contracts.parts_by_firms(effects, "group")
    counts = panel.drop_duplicates("employer_id")["first_contract"].value_counts()
    for label, before, after in zip(whole.labels, whole.parts, parts.parts, strict=True):
        if counts[int(label)] < 3:
            assert after.undefined is not None
        else:
            assert after.high - after.low > 1.2 * (before.high - before.low)
    path = grade_contracts.parts_by_firms(effects, "dynamic", first=-6, last=4)
    assert path.labels == tuple(float(e) for e in range(-6, 5))
    slope = contracts.pre_trend_slope(path, treated=31)
    assert slope.estimates[0].low < 0.01 and slope.estimates[0].high > -0.01


def test_power_of_a_curve_meets_its_minimum(panel) -> None:
    chosen = inference.choose_interval(panel, **COLUMNS, draws=99).chosen
    least = power.minimum_detectable_effect(chosen).estimate
    curve = power.power_curve(chosen, effects=[0.0, least])
    assert curve.powers[0] == pytest.approx(0.05, abs=1e-9)
    assert curve.powers[1] == pytest.approx(0.8, abs=0.01)


def test_nothing_is_told_of_data_that_are_not_simulated() -> None:
    import yuyao_lib as yuyao

    assert told(yuyao.open("wagepan")).truths == {}
    assert Told({"a": {"b": 1.0}}).table("a") == {"b": 1.0}


@pytest.mark.parametrize(("controls", "ahead"), [("never", 0), ("not_yet", 1)])
def test_a_path_by_cohort_equals_the_group_time_effects(panel, controls, ahead) -> None:
    asked = {"controls": controls, "anticipation": ahead}
    effects = contracts.group_time(panel, **COLUMNS, **asked, base_period="universal")
    places = zip(effects.groups, effects.times, strict=True)
    held = dict(zip(places, effects.estimates, strict=True))
    found = grade_contracts.paths_by_cohort(panel, truths={}, first=-4, last=4, **asked)
    sizes = panel.groupby("first_contract")["employer_id"].nunique().drop(0)
    assert len(found.paths) == (sizes >= 3).sum() and len(found.left_out) == (sizes < 3).sum()
    by_key = {e.key: e.estimate for e in found.estimates}
    pairs = [
        (by_key[f"cohort_{g}_at_{k}"], held[float(g), float(g + k)].estimate)
        for g in sizes.index[sizes >= 3] for k in range(-4, 5)
        if k != -1 - ahead and (float(g), float(g + k)) in held
    ]  # fmt: skip
    assert len(pairs) > 20
    assert all(a == pytest.approx(b, abs=1e-8) for a, b in pairs)


def test_a_path_by_grade_averages_cohorts_by_their_workers(pay, firms) -> None:
    cells = grade_contracts.firm_cells(pay)
    found = grade_contracts.paths_by_grade(cells, firms, grades=(0, 1), first=-3, last=3)
    rows = grade_contracts.pay_panel(grade_contracts.merge_grades(cells, grades=(1,)), firms)
    effects = contracts.group_time(rows, **COLUMNS, base_period="universal")
    whole = effects.aggregate("dynamic")
    told_ = dict(zip(whole.labels, whole.parts, strict=True))
    junior = found.paths[1]
    for k, e in zip(junior.times, junior.estimates, strict=True):
        assert e.estimate == pytest.approx(told_[float(k)].estimate, abs=1e-8)
        wider = e.standard_error / told_[float(k)].standard_error  # HC2, for few firms
        assert 0.95 < wider < 1.5


def test_intervals_of_cohorts_of_three_firms_hold_what_is_true() -> None:
    rng = np.random.default_rng(7)
    inside = []
    for _ in range(60):
        firm = np.arange(60)
        start = np.where(firm < 12, 8 + firm // 3, 0)  # four cohorts of three firms
        size = rng.lognormal(4, 1, 60)
        y = rng.normal(0, 0.03, (60, 12)).cumsum(axis=1)
        rows = pd.DataFrame({
            "employer_id": np.repeat(firm, 12), "period": np.tile(np.arange(4, 16), 60),
            "first_contract": np.repeat(start, 12), "workers": np.repeat(size, 12),
            "log_gross_wage": y.ravel(),
        })  # fmt: skip
        found = grade_contracts.paths_by_cohort(rows, truths={}, first=2, last=2)
        inside += [e.low < 0 < e.high for e in found.estimates]
    assert len(inside) == 240
    assert np.mean(inside) > 0.93


def test_other_controls_and_anticipation_are_the_simple_effects_of_each(pay, firms) -> None:
    cells = grade_contracts.merge_grades(grade_contracts.firm_cells(pay))
    found = grade_contracts.contract_variants(cells, firms, match_k=3, truth=0.02)
    by_key = {e.key: e for e in found.estimates}
    assert set(by_key) == {
        "never_matched", "not_yet_matched", "never_all", "not_yet_all",
        "anticipation_1", "anticipation_2",
    }  # fmt: skip
    matched = grade_contracts.pay_panel(
        cells, grade_contracts.match_controls(firms, per_firm=3).frame
    )
    for key, options in (
        ("not_yet_matched", {"controls": "not_yet"}), ("anticipation_2", {"anticipation": 2}),
    ):  # fmt: skip
        plain = contracts.group_time(matched, **COLUMNS, **options).aggregate("simple").overall
        assert by_key[key].estimate == pytest.approx(plain.estimate, abs=1e-8)
    assert by_key["never_all"].clusters > by_key["never_matched"].clusters
    assert set(found.truths) == {0.02}


def test_a_reason_that_two_checks_share_is_said_once() -> None:
    from yuyao_lib.methods.verdicts import _unable
    from yuyao_lib.vocabulary import Text

    why = Text("there is no event study", "没有事件研究")
    assert _unable([why, Text("other", "其他"), why]).reasons == (why, Text("other", "其他"))


def test_what_an_effect_is_about_goes_with_the_kind_of_contract() -> None:
    assert grade_contracts.meaning_of("grade_wage").term == "contract_pay_effect"
    assert grade_contracts.meaning_of("wage").term == "collective_contract_pay_effect"


def test_the_matching_of_own_firms_is_shown(draw, firms) -> None:
    from yuyao_lib import display
    from yuyao_lib.findings import Mode
    from yuyao_lib.sources.dataset import Dataset

    loaders = {
        t: lambda columns, t=t: draw.data.frame(t, columns=columns) for t in draw.data.tables
    }
    mine = Dataset("mine", mode=Mode.OWN, card=draw.data.card, loaders=loaders)
    matched = grade_contracts.match_controls(firms, per_firm=3)
    shown = display.tabulate(matched, mine)
    assert shown.kind == "table"
    few = [row.name for row in matched.balance if row.rarest is not None and row.rarest < 3]
    assert [b.what for b in shown.backing] == [r.name for r in matched.balance if r.name not in few]
    assert [name for name, _ in shown.hidden] == few == ["reform_pilot"]


def test_bargaining_in_new_forms_of_work_is_asked_by_the_same_route() -> None:
    data = yuyao.open("simulated", scale=0.05, seed=2, heaping=0.5)  # as for the skill ladder
    held = data.frame("contracts")
    signed = set(held.loc[held["kind"] == "new_form", "employer_id"].astype(str))
    kind = {"kind": "new_form", "unions": data.frame("unions")}
    firms = grade_contracts.contract_firms(data.frame("employers"), held, **kind)
    treated = firms[firms["first_contract"] > 0]
    assert set(treated["employer_id"]) == signed and set(treated["industry"]) <= {
        "G54",
        "G60",
        "O80",
    }
    graded = grade_contracts.contract_firms(data.frame("employers"), held)
    assert not signed & set(graded.loc[graded["first_contract"] > 0, "employer_id"])

    matched = grade_contracts.match_controls(firms).frame
    cells = grade_contracts.firm_cells(data.path("worker_quarters"))
    rows = grade_contracts.pay_panel(grade_contracts.merge_grades(cells), matched)
    raised = rows.copy()  # 0.1 log points from the first quarter under such a contract on
    under = (rows["first_contract"] > 0) & (rows["period"] >= rows["first_contract"])
    raised["log_gross_wage"] += 0.1 * under
    meaning = grade_contracts.meaning_of("new_form")
    before, after = (
        inference.choose_interval(r, **COLUMNS, draws=99, meaning=meaning) for r in (rows, raised)
    )
    assert after.chosen.estimate - before.chosen.estimate == pytest.approx(0.1)
    assert before.treated == len(signed) and before.chosen.method == "randomisation_inference"
    said = headline_of(before, before.chosen)
    assert "the effect of a new-form contract on pay is put at" in said.en
    assert "新就业形态集体合同对工资的效应" in said.zh and f"{len(signed)} firms" in said.en
    assert told(data, known=False).value("contract", "all_cells", "att") is None  # of another kind
    ladder = grade_contracts.pay_ladder(held, kind="new_form")
    assert all(e.undefined is not None for e in ladder.estimates)
