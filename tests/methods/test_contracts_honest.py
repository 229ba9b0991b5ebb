"""Sensitivity bounds: a published example, a second route, and their size."""

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from yuyao_lib.errors import InputError
from yuyao_lib.methods.clustered_regression import Design, regress, within
from yuyao_lib.methods.contracts import group_time, honest_bounds
from yuyao_lib.methods.departures import Path, relative_magnitudes, smoothness


@pytest.fixture(scope="module")
def medicaid() -> Path:
    """The example of the R package: insurance cover and the 2014 expansion."""
    import moderndid

    frame = moderndid.load_ehec().to_pandas()
    frame = frame[(frame["year"] < 2016) & (frame["yexp2"] != 2015)]
    years = sorted(set(frame["year"]) - {2013})
    expanded = frame["yexp2"] == 2014
    columns = [((frame["year"] == y) & expanded).to_numpy(float) for y in years]
    columns += [(frame["year"] == y).to_numpy(float) for y in [*years, 2013]]
    units = frame["stfips"].factorize()[0]
    ones = np.ones(len(frame))
    swept = within(np.column_stack([frame["dins"], *columns]), units, ones)
    names = tuple(f"c{i}" for i in range(len(columns)))
    fit = regress(Design(swept[:, 0], swept[:, 1:], names, ones, units))
    k, p = len(years), sum(y < 2013 for y in years)
    values, spread = fit.values[:k], fit.covariance[:k, :k]
    return Path(values[:p], values[p:], spread, np.eye(k - p)[0])


# Values printed in the README of the R package HonestDiD, a grid and random draws behind
# the first three, so they are held to a tenth of a standard error (0.009).
README_RELATIVE = [(0.5, 0.0241, 0.0673), (1.0, 0.0171, 0.0720), (2.0, -0.0011, 0.0883)]
README_SMOOTH = [(0.0, 0.0259, 0.0607), (0.01, 0.0132, 0.0787), (0.03, -0.0071, 0.101)]


@pytest.mark.parametrize(("bound", "low", "high"), README_RELATIVE)
def test_relative_magnitudes_equal_r(medicaid, bound, low, high):
    found = relative_magnitudes(medicaid, bound=bound, level=0.95)
    assert found == pytest.approx((low, high), abs=9e-4)


@pytest.mark.parametrize(("bound", "low", "high"), README_SMOOTH)
def test_smoothness_equals_r(medicaid, bound, low, high):
    found = smoothness(medicaid, bound=bound, level=0.95)
    assert found == pytest.approx((low, high), abs=4e-4)


@pytest.mark.parametrize("bound", [0.005, 0.02])
def test_smoothness_equals_direct_optimisation(medicaid, bound):
    """The same interval from a general optimiser and worst cases by linear programming."""
    p, q = len(medicaid.before), len(medicaid.after)
    second = np.zeros((p + q - 1, p + q + 1))
    for i in range(p + q - 1):
        second[i, i : i + 3] = [1, -2, 1]
    second = np.delete(second, p, axis=1)  # the reference period is zero

    def half(v):
        weights = np.r_[v, medicaid.weights]
        worst = optimize.linprog(
            -weights,
            A_ub=np.vstack([second, -second]),
            b_ub=np.full(2 * len(second), bound),
            bounds=(None, None),
        )
        if worst.status != 0:
            return 10.0
        sd = np.sqrt(weights @ medicaid.covariance @ weights)
        return sd * np.sqrt(stats.ncx2.ppf(0.95, 1, (worst.fun / sd) ** 2))

    low, high = smoothness(medicaid, bound=bound, level=0.95)
    basis = np.linalg.svd(np.arange(-float(p), 0.0)[None, :])[2][1:]
    start = np.zeros(p)
    start[-1] = 1.0  # carries a straight line: weight 1 at distance -1 offsets the target

    best = min(
        optimize.minimize(
            lambda z: half(start + basis.T @ z),
            x0,
            method="Nelder-Mead",
            options={"maxiter": 600, "xatol": 1e-5, "fatol": 1e-8},
        ).fun
        for x0 in (np.zeros(p - 1), np.full(p - 1, 0.1))
    )
    assert (high - low) / 2 <= best + 1e-5
    assert (high - low) / 2 == pytest.approx(best, rel=0.01)


def test_relative_magnitudes_are_not_anticonservative():
    """At the worst departure allowed, the set holds the truth as often as it says."""
    rng = np.random.default_rng(3)
    spread = 0.01**2 * (0.5 * np.eye(5) + 0.5)
    root = np.linalg.cholesky(spread)
    step = 0.02
    # One step before adoption of 0.02, and one after of the same size: Mbar = 1.
    departure = np.array([0.02, 0.02, 0.0, step, step])
    inside = []
    for _ in range(200):
        beta = departure + root @ rng.standard_normal(5)  # the true effect is zero
        path = Path(beta[:3], beta[3:], spread, np.array([1.0, 0.0]))
        low, high = relative_magnitudes(path, bound=1.0, level=0.95)
        inside.append(low <= 0 <= high)
    assert np.mean(inside) >= 0.92


def test_wider_departures_widen_the_set(medicaid):
    widths = [
        np.diff(relative_magnitudes(medicaid, bound=b, level=0.95))[0] for b in (0, 0.5, 1, 2)
    ]
    assert widths == sorted(widths)
    none = relative_magnitudes(medicaid, bound=0.0, level=0.95)
    error = medicaid.covariance[len(medicaid.before), len(medicaid.before)] ** 0.5
    assert none[1] - none[0] == pytest.approx(2 * 1.96 * error, rel=0.03)


def panel(noise=0.05, effect=0.5, dates=(0,) * 30 + (5,) * 30, periods=8):
    rng = np.random.default_rng(0)
    rows = [
        (f, t, effect * (s > 0 and t >= s) + noise * rng.standard_normal(), s)
        for f, s in enumerate(dates)
        for t in range(1, periods + 1)
    ]
    return pd.DataFrame(rows, columns=["firm", "t", "pay", "since"])


def study(frame):
    effects = group_time(
        frame,
        outcome="pay",
        unit="firm",
        period="t",
        first_treated="since",
        base_period="universal",
    )
    return effects.aggregate("dynamic")


def test_breakdown_is_where_zero_enters():
    found = honest_bounds(study(panel()), bounds=(1.0,))
    at = found.breakdown.estimate
    below = honest_bounds(study(panel()), bounds=(at * 0.98,)).intervals[0]
    above = honest_bounds(study(panel()), bounds=(at * 1.05,)).intervals[0]
    assert below.differs_from_zero
    assert not above.differs_from_zero


def test_no_effect_has_no_breakdown():
    found = honest_bounds(study(panel(effect=0.0)), kind="smoothness", bounds=(0.0,))
    assert found.breakdown.undefined.en == (
        "already without any departure of this kind the interval contains zero"
    )


def test_undefined_without_periods_before():
    found = honest_bounds(study(panel(dates=(0,) * 20 + (2,) * 20, periods=4)))
    assert "no period before the reference period" in found.intervals[0].undefined.en
    few = honest_bounds(study(panel(dates=(0,) * 5 + (5,) * 2)))
    assert "too few clusters" in few.intervals[0].undefined.en


def test_bounds_are_checked():
    with pytest.raises(InputError, match="bound on departures: got -1"):
        honest_bounds(study(panel()), bounds=(-1,))
    with pytest.raises(InputError, match="Did you mean 'smoothness'"):
        honest_bounds(study(panel()), kind="smooth")
