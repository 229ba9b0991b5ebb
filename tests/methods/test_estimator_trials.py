"""Trials count what they should, run through any map, and see a wrong estimator."""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest

from yuyao_lib.errors import InputError
from yuyao_lib.methods.colleague_trials import colleague_trial
from yuyao_lib.methods.estimator_trials import Outcome, Trial, run_trials
from yuyao_lib.methods.page_trials import page_trial
from yuyao_lib.methods.power_grid import power_grid
from yuyao_lib.methods.small_trials import (
    components_trial,
    hazard_trial,
    rates_trial,
    threshold_trial,
    training_trial,
)
from yuyao_lib.methods.trial_designs import contract_trial, cutoff_trial
from yuyao_lib.reports.replications import mapper
from yuyao_lib.vocabulary import Text

WORDS = Text("a mean", "均值")
FEW = {"treated": [6], "shock_sds": [0.02, 0.05], "samples": 20, "draws": 19}


def mean_of(seed: int, *, truth: float) -> list[Outcome]:
    rng = np.random.default_rng(seed)
    value, half = truth + rng.standard_normal(), 1.959964
    return [
        Outcome("right", truth, value, value - half, value + half),
        Outcome("too sure", truth, value, value - half / 4, value + half / 4),
        Outcome("off", truth, value + 3, value + 3 - half, value + 3 + half),
    ]


def test_coverage_size_and_bias_of_known_estimators() -> None:
    trial = Trial("null", WORDS, partial(mean_of, truth=0.0), null=True)
    table = run_trials([trial], replications=800).to_frame().set_index("estimator")
    right, sure, off = (table.loc[name] for name in ("right", "too sure", "off"))
    assert right["covered"] / 800 == pytest.approx(0.95, abs=0.025)
    assert right["rejected"] / 800 == pytest.approx(0.05, abs=0.025)
    assert sure["covered"] / 800 < 0.5
    assert abs(right["bias"]) < 4 * right["bias_error"]
    assert off["bias"] == pytest.approx(3, abs=0.15) and off["rmse"] > 3


def test_shares_carry_binomial_intervals() -> None:
    trial = Trial("null", WORDS, partial(mean_of, truth=0.0), null=True)
    results = run_trials([trial], replications=20)
    first = results.coverage.estimates[0]
    assert first.low < first.estimate <= first.high <= 1 and first.n == 20
    assert results.rejections.estimates[0].estimate == pytest.approx(1 - first.estimate)


def test_any_map_gives_the_same_results() -> None:
    trial = Trial("a", WORDS, partial(mean_of, truth=1.0))
    here = run_trials([trial], replications=8)
    with ThreadPoolExecutor(2) as pool:
        there = run_trials([trial], replications=8, over=pool.map)
    assert here.outcomes == there.outcomes


def test_processes_give_the_same_results(monkeypatch) -> None:
    trial = cutoff_trial(n=400)
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    with mapper(processes=2) as apply:
        assert list(apply(os.getenv, ["OPENBLAS_NUM_THREADS"])) == ["1"]
        there = run_trials([trial], replications=4, over=apply)
        cells = power_grid(**FEW, over=apply)
    assert there.outcomes == run_trials([trial], replications=4).outcomes
    assert cells == power_grid(**FEW)


def test_the_jump_at_a_mark_is_found() -> None:
    table = run_trials([cutoff_trial(n=800)], replications=24).to_frame()
    assert (table["bias"].abs() < 5 * table["bias_error"]).all()
    assert (table["covered"] / table["n"] > 0.75).all()


def test_contract_estimators_run_and_hold_the_truth() -> None:
    trial = contract_trial(effect=0.0, draws=99)
    table = run_trials([trial], replications=4).to_frame().set_index("estimator")
    assert set(table["truth"]) == {0.0} and len(table) == 7
    assert (table["rmse"] < 0.03).all()


def test_what_cannot_be_repeated_is_refused() -> None:
    with pytest.raises(InputError, match="at least 4"):
        run_trials([], replications=2)
    with pytest.raises(InputError, match="1 or more"), mapper(processes=0):
        pass


def test_single_estimators_are_near_what_was_set() -> None:
    trials = [components_trial(workers=600), threshold_trial(n=600),
              training_trial(n=200), rates_trial()]  # fmt: skip
    results = run_trials(trials, replications=8).of("single")
    table = results.to_frame().set_index("estimator")
    naive = table.loc["training difference_in_means"]
    assert naive["bias"] < -10 * table.loc["training doubly_robust", "bias_error"]
    assert naive["covered"] <= 4  # who takes training earned less before
    plug = table.loc["components plug_in_worker"]  # noise counts as pay unless it is taken out
    assert plug["bias"] > 3 * plug["bias_error"]
    assert plug["bias"] > abs(table.loc["components worker", "bias"])
    sound = table.drop(index=["training difference_in_means"])
    sound = sound[~sound.index.str.contains("plug_in")]
    assert (sound["bias"].abs() < 5 * sound["bias_error"]).all()
    assert (sound["covered"] / sound["n"] >= 0.5).all()
    none = [n for n in sound.index if n.startswith("components")]
    assert sound.loc[none, "rejected"].isna().all()
    assert not any("components" in e.key for e in results.rejections.estimates)


def test_hazards_are_tried_by_cause_and_in_discrete_time() -> None:
    found = {o.estimator: o for o in hazard_trial(ratio=3.0, n=120).once(2)}
    assert found["hazard settled"].low > 0 and found["hazard discrete"].low > 0
    assert found["hazard settled"].truth == pytest.approx(np.log(3))
    assert found["hazard arbitration"].truth == 0


def test_a_part_that_was_not_run_is_refused() -> None:
    with pytest.raises(InputError, match="part of the trials"):
        run_trials([rates_trial()], replications=4).of("contracts")


def test_whole_pages_are_judged_by_the_truth_of_their_own_register() -> None:
    found = page_trial(scale=0.03, pages=["union_organisation", "dispute_mediation"]).once(3)
    held = {o.estimator: o for o in found}
    assert held["mediation settled"].truth == 1.3 and held["mediation settled"].nothing == 1
    assert held["organisation refund_effect"].truth == 0 == held["mediation limit"].nothing
    null = page_trial(scale=0.03, pages=["dispute_mediation"], null=True)
    assert null.null and {o.estimator: o.truth for o in null.once(3)}["mediation settled"] == 1
    with pytest.raises(InputError, match="page"):
        page_trial(pages=["scorecard"])


def test_power_rises_with_firms_and_falls_with_shocks() -> None:
    grid = power_grid(treated=[6, 40], shock_sds=[0.02, 0.06], samples=40, test="clustered")
    frame = grid.to_frame().set_index(["treated", "shock_sd"])
    power = frame["estimate"]
    assert power[6, 0.02] < power[40, 0.02] and power[40, 0.06] < power[40, 0.02]
    assert (frame["low"] <= power).all() and (frame["size"] < 0.3).all()
    with pytest.raises(InputError, match="numbers of treated firms"):
        power_grid(treated=[])


def test_colleagues_tell_what_a_course_is_worth_and_the_gap_does_not() -> None:
    table = run_trials([colleague_trial(firms=30, workers=20)], replications=12).to_frame()
    table = table.set_index("estimator")
    fair, gap = table.loc["courses colleagues"], table.loc["courses gap"]
    assert abs(fair["bias"]) < 4 * fair["bias_error"] and fair["covered"] >= 8
    assert gap["bias"] > 8 * gap["bias_error"] and gap["covered"] <= 3


def test_the_contract_page_is_judged_by_the_truth_of_its_own_register() -> None:
    page = page_trial(scale=0.03, null=True, pages=["grade_wage_contract"])
    found = {o.estimator: o for o in page.once(1)}
    assert found["outcomes turnover"].truth == 1 == found["outcomes turnover"].nothing
    names = ("contract naive_gap", "contract stayers", "grades grade_0", "quarters at_0")
    assert {found[name].truth for name in names} == {0.0}
    trend = page_trial(scale=0.03, null=True, pretrend=0.002).once(1)
    assert {o.estimator: o.truth for o in trend}["trend slope"] == 0.002


def test_turnover_is_asked_alone_where_contract_firms_alone_are_drawn() -> None:
    from yuyao_lib.methods.contract_trials import pay_answers
    from yuyao_lib.sources.simulation import draw_experiment

    drawn = draw_experiment(1, worker_share=0.1, leaving=0.3)
    (answer,) = pay_answers(drawn.data, parts=["turnover"])["outcomes"].answers
    assert answer.place == "truths/ratios/separation_contract"
    assert answer.estimate.low < 0.3 < answer.estimate.high < 0.9


def test_a_trend_alone_ends_with_a_design_that_cannot_tell() -> None:
    from yuyao_lib.methods.trend_trials import ask_trend
    from yuyao_lib.sources.simulation import draw_experiment

    drawn = draw_experiment(1, n_treated=6, worker_share=0.1, effect=0.0, pretrend=0.006)
    answers, verdict = ask_trend(drawn.data, draws=19)
    assert verdict.answer == "cannot_tell"
    assert {a.place for a in answers.answers} == {"pretrend", "truths/contract/all_cells/att"}
