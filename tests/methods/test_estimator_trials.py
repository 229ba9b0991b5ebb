"""Trials count what they should, run through any map, and see a wrong estimator."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest

from yuyao_lib.errors import InputError
from yuyao_lib.methods.estimator_trials import Outcome, Trial, run_trials
from yuyao_lib.methods.trial_designs import contract_trial, cutoff_trial
from yuyao_lib.reports.replications import mapper
from yuyao_lib.vocabulary import Text

WORDS = Text("a mean", "均值")


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


def test_processes_give_the_same_results() -> None:
    trial = cutoff_trial(n=400)
    with mapper(processes=2) as apply:
        there = run_trials([trial], replications=4, over=apply)
    assert there.outcomes == run_trials([trial], replications=4).outcomes


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
