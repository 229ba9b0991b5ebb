"""Contract firms, cells, ladders and rates: by second routes and by known truth."""

import numpy as np
import pandas as pd
import pytest

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
