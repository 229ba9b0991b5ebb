"""The jump at a cut-off by a second route, and its cover, on data whose jump is known."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from yuyao_lib.methods.discontinuity import discontinuity
from yuyao_lib.methods.running_density import density_jump


def rows(rng, jump: float, n: int = 1500) -> pd.DataFrame:
    x = rng.uniform(-1, 1, n)
    y = 0.5 * x + 0.8 * x**2 - 0.6 * x**3 + jump * (x >= 0) + rng.normal(0, 0.3, n)
    return pd.DataFrame({"x": x, "y": y})


def test_the_conventional_jump_is_that_of_two_weighted_lines() -> None:
    held = rows(np.random.default_rng(3), 0.4)
    found = discontinuity(held, outcome="y", running="x", cutoff=0.0, bandwidth=0.35)
    weight = np.clip(1 - held["x"].abs() / 0.35, 0, None)
    above = (held["x"] >= 0).astype(float)
    x = sm.add_constant(np.column_stack([above, held["x"], above * held["x"]]))
    fit = sm.WLS(held["y"], x, weights=weight).fit()
    assert found.estimate("conventional").estimate == pytest.approx(fit.params.iloc[1], abs=1e-9)


def test_with_one_bandwidth_the_robust_jump_is_that_of_two_parabolas() -> None:
    held = rows(np.random.default_rng(4), 0.4)
    found = discontinuity(held, outcome="y", running="x", cutoff=0.0, bandwidth=0.5)
    weight = np.clip(1 - held["x"].abs() / 0.5, 0, None)
    above = (held["x"] >= 0).astype(float)
    powers = np.column_stack([held["x"], held["x"] ** 2])
    x = sm.add_constant(np.column_stack([above, powers, above.to_numpy()[:, None] * powers]))
    fit = sm.WLS(held["y"], x, weights=weight).fit()
    assert found.estimate("robust").estimate == pytest.approx(fit.params.iloc[1], abs=1e-8)


def test_the_robust_interval_covers_in_spite_of_curvature() -> None:
    rng = np.random.default_rng(5)
    inside = 0
    for _ in range(40):
        found = discontinuity(rows(rng, 0.3), outcome="y", running="x", cutoff=0.0)
        robust = found.estimate("robust")
        inside += robust.low <= 0.3 <= robust.high
    assert inside >= 33  # of 40; with 95 % cover fewer come once in 700


def test_the_density_test_keeps_its_size_and_sees_a_jump() -> None:
    rng = np.random.default_rng(6)
    even, heaped, emptied = [], [], []
    for _ in range(30):
        x = rng.normal(0.1, 1, 1200)
        even.append(heap_seen(x))
        low, lot = (x < 0) & (x > -0.4), rng.random(1200)
        heaped.append(heap_seen(np.where(low & (lot < 0.6), -x, x)))
        emptied.append(heap_seen(np.where(low & (lot < 0.9), -x, x)))
    assert sum(even) <= 5 and sum(heaped) >= 20
    assert sum(emptied) >= 26  # a side that is all but empty is where most were moved


def heap_seen(x) -> bool:
    found = density_jump(pd.DataFrame({"x": x}), running="x", cutoff=0.0)
    return found.estimates[0].p_value < 0.05


def test_a_rule_that_all_follow_is_no_weak_first_stage() -> None:
    # every payer up to the limit is refunded: no residual, and so no error, is left of the jump
    for seed in range(3):
        held = rows(np.random.default_rng(seed), 0.4, 400)
        held["given"] = (held["x"] >= 0).astype(float)
        shared = {"outcome": "y", "running": "x", "cutoff": 0.0}
        sharp = discontinuity(held, **shared)
        fuzzy = discontinuity(held, treatment="given", **shared)
        assert fuzzy.estimate("robust").estimate == pytest.approx(
            sharp.estimate("robust").estimate, rel=1e-6
        )
        assert fuzzy.estimate("robust").low == pytest.approx(sharp.estimate("robust").low, rel=1e-4)
        none = discontinuity(held.assign(given=1.0), treatment="given", **shared)
        assert none.estimate("robust").undefined is not None


def test_an_interval_says_whether_its_bandwidth_was_chosen_from_the_rows() -> None:
    held = rows(np.random.default_rng(7), 0.4)
    columns = {"outcome": "y", "running": "x", "cutoff": 0.0}
    chosen = discontinuity(held, **columns).estimate("robust").inference
    given = discontinuity(held, **columns, bandwidth=0.4).estimate("robust").inference
    assert "taken as given" in chosen.en and "视为给定" in chosen.zh
    assert "taken as given" not in given.en
