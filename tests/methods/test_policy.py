"""Policies with one date: means by hand, second packages, and what is undefined."""

import numpy as np
import pandas as pd
import pytest

from yuyao_lib.errors import DataError, InputError
from yuyao_lib.methods import policy


def claims(seed=0, n=400):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.integers(0, 2, (n, 3)), columns=["high", "late", "old"])
    frame["x"] = rng.standard_normal(n)
    frame["place"] = rng.integers(0, 25, n)
    frame["weeks"] = 1 + 0.5 * frame["high"] * frame["late"] + frame["x"] + rng.standard_normal(n)
    return frame


def test_two_by_two_is_four_means():
    frame = claims()
    found = policy.difference_in_differences(frame, outcome="weeks", treated="high", after="late")
    m = frame.groupby(["high", "late"])["weeks"].mean()
    assert found.effect.estimate == pytest.approx(m[1, 1] - m[1, 0] - m[0, 1] + m[0, 0])
    assert "Two groups only" in found.effect.says_why.en


def test_triple_difference_is_eight_means():
    frame = claims()
    found = policy.triple_difference(
        frame, outcome="weeks", treated="high", eligible="old", after="late"
    )
    m = frame.groupby(["high", "old", "late"])["weeks"].mean()
    hand = sum((-1) ** (3 - a - b - c) * m[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1))
    assert found.effect.estimate == pytest.approx(hand)


@pytest.mark.parametrize("errors", ["classical", "HC1", "HC3", "clustered"])
def test_errors_equal_statsmodels(errors):
    import statsmodels.formula.api as smf

    frame = claims()
    found = policy.difference_in_differences(
        frame,
        outcome="weeks",
        treated="high",
        after="late",
        controls=["x"],
        errors=errors,
        cluster="place" if errors == "clustered" else None,
    )
    kind = {"classical": "nonrobust", "clustered": "cluster"}.get(errors, errors)
    words = {"cov_kwds": {"groups": frame["place"]}} if errors == "clustered" else {}
    fit = smf.ols("weeks ~ high * late + x", frame).fit(cov_type=kind, **words)
    assert found.effect.estimate == pytest.approx(fit.params["high:late"])
    assert found.effect.standard_error == pytest.approx(fit.bse["high:late"], rel=1e-6)


def cities(seed=0, n=12, periods=6):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {"city": np.repeat(np.arange(n), periods), "year": np.tile(np.arange(periods) + 1980, n)}
    )
    frame["zone"] = ((frame["city"] < 5) & (frame["year"] >= 1983)) * 1.0
    frame["y"] = (
        frame["city"] * (frame["year"] - 1980) * 0.1
        - 0.3 * frame["zone"]
        + 0.1 * rng.standard_normal(len(frame))
    )
    return frame


@pytest.mark.filterwarnings("ignore:The design matrix")
@pytest.mark.parametrize("trends", [False, True])
def test_panel_equals_dummies(trends):
    import statsmodels.formula.api as smf

    frame = cities()
    columns = {"outcome": "y", "policy": "zone", "unit": "city", "period": "year"}
    found = policy.policy_panel(frame, unit_trends=trends, errors="classical", **columns)
    formula = "y ~ zone + C(city) + C(year)" + (" + C(city):year" if trends else "")
    fit = smf.ols(formula, frame.assign(year=frame["year"] - 1980)).fit()
    assert found.effect.estimate == pytest.approx(fit.params["zone"], rel=1e-6)
    assert found.effect.standard_error == pytest.approx(fit.bse["zone"], rel=1e-6)
    if trends:
        assert found.effect.low < -0.3 < found.effect.high


def test_first_differences_by_hand():
    import statsmodels.formula.api as smf

    frame = cities().drop(index=[3])  # a gap gives no change across it
    found = policy.policy_panel(
        frame,
        outcome="y",
        policy="zone",
        unit="city",
        period="year",
        transform="first_differences",
        errors="classical",
    )
    ordered = frame.sort_values(["city", "year"])
    by = ordered.groupby("city")
    changed = ordered.assign(dy=by["y"].diff(), dz=by["zone"].diff())[by["year"].diff() == 1]
    fit = smf.ols("dy ~ dz + C(year)", changed).fit()
    assert found.n == len(changed)
    assert found.effect.estimate == pytest.approx(fit.params["dz"])
    assert found.effect.standard_error == pytest.approx(fit.bse["dz"])


def test_newey_west_by_hand():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"year": np.arange(40), "x": rng.standard_normal(40)})
    frame["y"] = frame["x"] + np.convolve(rng.standard_normal(42), [1, 0.6, 0.3], "valid")
    found = policy.trend_regression(frame, outcome="y", regressors=["x"], period="year", lags=2)
    x = np.column_stack([np.ones(40), frame["x"]])
    bread = np.linalg.inv(x.T @ x)
    scores = x * (frame["y"].to_numpy() - x @ (bread @ x.T @ frame["y"].to_numpy()))[:, None]
    meat = scores.T @ scores
    for lag, weight in ((1, 2 / 3), (2, 1 / 3)):
        cross = scores[lag:].T @ scores[:-lag]
        meat += weight * (cross + cross.T)
    error = (bread @ meat @ bread)[1, 1] ** 0.5
    assert found.coefficient("x").standard_error == pytest.approx(error)
    shuffled = frame.sample(frac=1, random_state=0)
    again = policy.trend_regression(shuffled, outcome="y", regressors=["x"], period="year", lags=2)
    assert again.coefficient("x").standard_error == pytest.approx(error)


def test_undefined_says_why():
    frame = claims().assign(late=1)
    found = policy.difference_in_differences(frame, outcome="weeks", treated="high", after="late")
    assert "combination of the other columns" in found.effect.undefined.en
    one = policy.difference_in_differences(
        claims().assign(place=1),
        outcome="weeks",
        treated="high",
        after="late",
        errors="clustered",
        cluster="place",
    )
    assert "a single cluster" in one.effect.undefined.en


def test_wrong_input_is_named():
    with pytest.raises(DataError, match="column 'x' must be 0 or 1"):
        policy.difference_in_differences(claims(), outcome="weeks", treated="x", after="late")
    with pytest.raises(InputError, match="need the column of clusters"):
        policy.difference_in_differences(
            claims(), outcome="weeks", treated="high", after="late", errors="clustered"
        )
    with pytest.raises(InputError, match="Did you mean 'HC1'"):
        policy.difference_in_differences(
            claims(), outcome="weeks", treated="high", after="late", errors="hc1"
        )
    with pytest.raises(InputError, match="no coefficient of this name: got 'efect'"):
        policy.difference_in_differences(
            claims(), outcome="weeks", treated="high", after="late"
        ).coefficient("efect")
