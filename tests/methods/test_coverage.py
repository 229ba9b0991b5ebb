"""Intervals of the default estimators hold the truth as often as they say.

Small designs with errors that hang together, drawn again and again with fixed seeds. A
number of hits is refused only if the binomial law of the nominal level would give one so
extreme in one of a thousand test runs.
"""

from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from yuyao_lib.methods import contracts, inference, policy, premiums, training, wage_equations
from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.colleague_studies import ratio_estimate
from yuyao_lib.methods.discontinuity import discontinuity
from yuyao_lib.methods.event_windows import few_firms
from yuyao_lib.methods.mediation_limit import _interval
from yuyao_lib.methods.training_routes import ROUTES

LEVEL = 0.9
ODDS = 0.001


def held(estimate, truth: float) -> bool:
    """Whether the interval of an estimate holds the truth."""
    assert estimate.undefined is None
    return estimate.low <= truth <= estimate.high


def refuse_if_off(hits: dict[str, list[bool]]) -> None:
    """Compare hits with the binomial law."""
    for name, each in hits.items():
        n, k = len(each), sum(each)
        low, high = stats.binom.ppf([ODDS / 2, 1 - ODDS / 2], n, LEVEL)
        assert low <= k <= high, f"{name}: {k} of {n} intervals hold the truth"


def test_the_check_itself_can_fail() -> None:
    with pytest.raises(AssertionError, match="narrow: 60 of 100"):
        refuse_if_off({"narrow": [True] * 60 + [False] * 40})
    refuse_if_off({"right": [True] * 90 + [False] * 10})


def people(rng, persons=60, periods=4) -> pd.DataFrame:
    """Return a panel whose premium is 0.1, with persistent shocks and selection on levels."""
    ability = rng.normal(0, 0.4, (persons, 1))
    drive = rng.normal(0, 1, (persons, periods)) + rng.normal(0, 1, (persons, 1)) + ability
    member = (drive > 0.3).astype(float)
    shock = np.cumsum(0.1 * rng.standard_normal((persons, periods)), axis=1)
    pay = 2 + 0.1 * member + ability + shock * (1 + member)
    return pd.DataFrame(
        {
            "worker_id": np.repeat(np.arange(persons), periods),
            "calendar_year": np.tile(np.arange(periods), persons),
            "union_member": member.ravel(),
            "log_hourly_wage": pay.ravel(),
        }
    )


def test_premia_within_persons_and_in_other_sets() -> None:
    rng, hits = np.random.default_rng(1), defaultdict(list)
    design = {"outcome": "log_hourly_wage", "member": "union_member", "level": LEVEL}
    for draw in range(60):
        rows = people(rng)
        if draw < 20:  # the whole result, with its tests, takes longest
            found = premiums.estimate(rows, routes=["fixed_effects", "first_differences"], **design)
            for e in found.estimates:
                hits[e.key].append(held(e, 0.1))
        there = premiums.elsewhere({"rows": rows}, **design)
        hits["elsewhere"].append(held(there.sets[0].within, 0.1))
        signs = premiums.selection(rows, **design)
        hits["joining"].append(held(signs.of("joining"), 0.1))
        hits["asymmetry"].append(held(signs.of("asymmetry"), 0.0))
    refuse_if_off(hits)


def trainees(rng, n=300) -> pd.DataFrame:
    """Return people whose gain is 1 on average, trained by what they earned before."""
    x = rng.standard_normal(n)
    before = x + 0.5 * rng.standard_normal(n)
    trained = (rng.random(n) < 1 / (1 + np.exp(1 + 0.6 * x))).astype(int)
    after = 1 + x + trained * (1 + 0.3 * rng.standard_normal(n))
    after = after + (0.4 + 0.3 * np.abs(x)) * rng.standard_normal(n)
    return pd.DataFrame({"y": after, "before": before, "x": x, "trained": trained})


def test_effects_of_training() -> None:
    rng, hits = np.random.default_rng(2), defaultdict(list)
    routes = [r for r in ROUTES if r != "difference_in_means"]
    for _ in range(80):
        rows = trainees(rng)
        found = training.effects(
            rows, outcome="y", covariates=["x"], before="before", routes=routes, level=LEVEL
        )
        for e in found.estimates:
            hits[e.key].append(held(e, 1.0))
        lot = rows.assign(trained=rng.integers(0, 2, len(rows)))
        lot["y"] = lot["x"] + lot["trained"] * (1 + rng.standard_normal(len(rows)))
        e = training.experiment(lot, outcome="y", level=LEVEL).route("difference_in_means")
        hits["experiment"].append(held(e, 1.0))
    refuse_if_off(hits)


def firms(rng, n=60, treated=24, periods=6, effect=0.1) -> pd.DataFrame:
    """Return firms that adopt at two dates, with persistent shocks and an effect of 0.1."""
    since = np.zeros(n)
    since[:treated] = rng.choice([3, 5], treated)
    pay = 0.05 * np.cumsum(rng.standard_normal((n, periods)), axis=1)
    times = np.arange(periods) + 1
    on = (since[:, None] > 0) & (times >= since[:, None])
    return pd.DataFrame(
        {
            "firm": np.repeat(np.arange(n), periods),
            "quarter": np.tile(times, n),
            "pay": (pay + rng.normal(0, 0.2, (n, 1)) + effect * on).ravel(),
            "since": np.repeat(since, periods),
            "on": on.ravel().astype(float),
        }
    )


COLUMNS = {"outcome": "pay", "unit": "firm", "period": "quarter", "first_treated": "since"}


def test_effects_of_adoption_by_every_estimator() -> None:
    rng, hits = np.random.default_rng(3), defaultdict(list)
    meaning = contracts.Meaning(level=LEVEL)
    for _ in range(35):
        rows = firms(rng)
        for e in contracts.compare_estimators(rows, **COLUMNS, meaning=meaning).estimates:
            hits[e.key].append(held(e, 0.1))
    refuse_if_off(hits)


def test_the_interval_chosen_with_few_treated_firms() -> None:
    rng, hits = np.random.default_rng(4), defaultdict(list)
    meaning = contracts.Meaning(level=LEVEL)
    for seed in range(60):
        rows = firms(rng, n=30, treated=6)
        found = inference.choose_interval(rows, **COLUMNS, draws=199, seed=seed, meaning=meaning)
        hits["chosen"].append(held(found.chosen, 0.1))
    refuse_if_off(hits)


def test_effects_of_six_firms_that_adopt_one_by_one() -> None:
    """A cohort of one firm is fitted without error by its own columns; intervals know it."""
    rng, hits = np.random.default_rng(14), defaultdict(list)
    meaning = contracts.Meaning(level=LEVEL)
    routes = {"sun_abraham": contracts.sun_abraham, "extended_twfe": contracts.extended_twfe}
    for _ in range(40):
        rows = firms(rng, n=24, treated=6, periods=8, effect=0.0)
        rows["since"] = rows["firm"].map(dict(enumerate((3, 4, 5, 6, 7, 7)))).fillna(0)
        for name, route in routes.items():
            hits[name].append(held(route(rows, **COLUMNS, meaning=meaning).overall, 0.0))
    refuse_if_off(hits)


def test_equations_and_natural_experiments() -> None:
    rng, hits = np.random.default_rng(5), defaultdict(list)
    for _ in range(40):
        n = 200
        z, hidden = rng.standard_normal(n), rng.standard_normal(n)
        x = z + hidden + rng.standard_normal(n)
        d = pd.DataFrame({"z": z, "x": x, "y": 0.5 * x + hidden + rng.standard_normal(n)})
        iv = wage_equations.instrumental(d, outcome="y", endogenous="x", instruments=["z"])
        hits["instrument"].append(held(iv.estimate("x", level=LEVEL), 0.5))
        spread = rng.standard_normal(n) * (0.3 + np.abs(z))
        d["w"] = 0.5 * z + spread
        robust = wage_equations.least_squares(d, outcome="w", regressors=["z"], errors="HC1")
        hits["robust"].append(held(robust.estimate("z", level=LEVEL), 0.5))
        median = wage_equations.quantile(d.assign(s=z + rng.standard_normal(n)),
                                         outcome="s", regressors=["z"])  # fmt: skip
        hits["median"].append(held(median.estimate("z", level=LEVEL), 1.0))
        d["t"], d["after"] = rng.integers(0, 2, n), rng.integers(0, 2, n)
        d["p"] = d["t"] + d["after"] + 0.5 * d["t"] * d["after"]
        d["p"] += rng.standard_normal(n) * (1 + d["t"])
        change = policy.difference_in_differences(
            d, outcome="p", treated="t", after="after", meaning=contracts.Meaning(level=LEVEL)
        )
        hits["change"].append(held(change.effect, 0.5))
    refuse_if_off(hits)


def test_jumps_of_few_rows_and_means_of_few_employers() -> None:
    rng, hits = np.random.default_rng(6), defaultdict(list)
    for _ in range(80):
        x = rng.uniform(-1, 1, 200)
        rows = pd.DataFrame({"x": x, "left": (rng.random(200) < 0.3 + 0.2 * (x >= 0)) * 1.0})
        found = discontinuity(
            rows, outcome="left", running="x", cutoff=0.0, bandwidth=0.5, level=LEVEL
        )
        hits["jump"].append(held(found.estimate("robust"), 0.2))
        size = np.array([40.0, 20, 10, 10, 5, 5, 5, 5])
        sums = size * rng.standard_normal(8) / np.sqrt(size)
        mean = ratio_estimate(sums, size, key="a", meaning=Meaning(level=LEVEL))
        hits["mean"].append(held(mean, 0.0))
    refuse_if_off(hits)


def test_the_spike_at_the_limit_among_ten_open_cases() -> None:
    rng, hits = np.random.default_rng(7), defaultdict(list)
    for _ in range(300):
        on, beside = int(rng.binomial(10, 0.46)), int(rng.binomial(60, 0.92))
        low, high = _interval(on, 10, beside, 60, LEVEL)
        hits["spike"].append(low <= 0.5 <= high)
    refuse_if_off(hits)


def test_a_cohort_of_three_firms() -> None:
    rng, hits = np.random.default_rng(8), defaultdict(list)
    for _ in range(300):
        x = rng.standard_normal(3)
        error = float(np.sqrt(((x - x.mean()) ** 2).sum())) / 3  # of the influence function
        plain = Meaning(level=LEVEL).estimate(
            "cohort", "group_time_effects", estimate=float(x.mean()), standard_error=error,
            low=0.0, high=0.0,
        )  # fmt: skip
        hits["cohort"].append(held(few_firms(plain, 3), 0.0))
    refuse_if_off(hits)
