"""Intervals with few clusters: second routes, size by simulation, and what is undefined."""

import numpy as np
import pandas as pd
import pytest

from yuyao_lib.errors import DataError, InputError
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods import inference
from yuyao_lib.methods.adoption import Meaning, adoption_panel
from yuyao_lib.methods.inference_choice import _by_influence, _by_regression
from yuyao_lib.methods.inference_randomisation import effect_of, randomisation_test

COLUMNS = {
    "outcome": "pay",
    "unit": "firm",
    "period": "quarter",
    "first_treated": "since",
    "weights": "workers",
}
REGRESSION = {
    "outcome": "pay",
    "regressor": "on",
    "cluster": "firm",
    "unit": "firm",
    "period": "quarter",
    "weights": "workers",
}


def firms(n=60, treated=8, periods=6, spread=1.0, volatility=1.0, seed=0, dates=(3, 4)):
    """Return firms whose shocks accumulate, whose sizes differ, and no effect."""
    rng = np.random.default_rng(seed)
    since = np.zeros(n)
    since[:treated] = rng.choice(dates, treated)
    size = np.exp(spread * rng.standard_normal(n))
    pay = 0.03 * np.cumsum(rng.standard_normal((n, periods)), axis=1)
    pay[:treated] *= volatility
    frame = pd.DataFrame(
        {
            "firm": np.repeat(np.arange(n), periods),
            "quarter": np.tile(np.arange(periods) + 1, n),
            "pay": pay.ravel(),
            "since": np.repeat(since, periods),
            "workers": np.repeat(size, periods),
        }
    )
    frame["on"] = ((frame["since"] > 0) & (frame["quarter"] >= frame["since"])).astype(float)
    return frame


def dummies(frame):
    """Return y, all columns and weights of the two-way regression, nothing absorbed."""
    parts = [
        frame["on"],
        pd.get_dummies(frame["firm"]),
        pd.get_dummies(frame["quarter"]).iloc[:, 1:],
    ]
    x = np.column_stack([np.asarray(part, float) for part in parts])
    return frame["pay"].to_numpy(), x, frame["workers"].to_numpy()


def test_clustered_equals_statsmodels():
    import statsmodels.api as sm

    frame = firms()
    y, x, w = dummies(frame)
    fit = sm.WLS(y, x, weights=w).fit(cov_type="cluster", cov_kwds={"groups": frame["firm"]})
    ours = inference.clustered(frame, **REGRESSION)
    assert ours.estimate == pytest.approx(fit.params[0], rel=1e-9)
    n, k, absorbed = len(y), x.shape[1], frame["firm"].nunique()
    factors = (n - k) / (n - (k - absorbed + 0))  # nested firm effects are not counted
    assert ours.standard_error == pytest.approx(fit.bse[0] * factors**0.5, rel=1e-6)
    assert "G/(G-1) x (n-1)/(n-k)" in ours.inference.en


def test_jackknife_equals_refitting():
    frame = firms(n=20, treated=6)

    def value(part):
        y, x, w = dummies(part)
        return np.linalg.lstsq(x * w[:, None] ** 0.5, y * w**0.5, rcond=None)[0][0]

    full = value(frame)
    left = np.array([value(frame[frame["firm"] != f]) for f in range(20)])
    error = (19 / 20 * ((left - full) ** 2).sum()) ** 0.5
    assert inference.jackknife(frame, **REGRESSION).standard_error == pytest.approx(error, rel=1e-8)
    each = inference.leave_one_out(frame, **REGRESSION)
    assert each.values == pytest.approx(left)
    assert each.most_influential == int(np.abs(left - full).argmax())
    assert each.estimates[1].estimate == pytest.approx(left.min())


def test_wild_bootstrap_equals_resampling_rows():
    """The score form against a bootstrap that rebuilds the outcome and refits."""
    from yuyao_lib.methods.clustered_regression import Design as Columns
    from yuyao_lib.methods.inference_wild import wild_test

    frame = firms(n=14, treated=5)
    y, x, w = dummies(frame)
    groups = frame["firm"].to_numpy()
    test = wild_test(
        Columns(y, x, tuple(map(str, range(x.shape[1]))), w, groups),
        draws=99,
        signs="rademacher",
        seed=5,
    )
    signs = np.random.default_rng(5).choice(np.array([-1.0, 1.0]), (14, 99))
    root = w[:, None] ** 0.5

    def fit(values):
        beta = np.linalg.lstsq(x * root, values * root[:, 0], rcond=None)[0]
        return beta, values - x @ beta

    d_rest = (
        x[:, 0] - x[:, 1:] @ np.linalg.lstsq(x[:, 1:] * root, x[:, 0] * root[:, 0], rcond=None)[0]
    )

    def statistic(values, null):
        beta, rest = fit(values)
        scores = np.bincount(groups, weights=w * d_rest * rest)
        return abs(beta[0] - null) * (w * d_rest**2).sum() / (scores**2).sum() ** 0.5

    for null in (0.0, 0.02):
        others = np.linalg.lstsq(x[:, 1:] * root, (y - null * x[:, 0]) * root[:, 0], rcond=None)[0]
        fitted = x[:, 1:] @ others + null * x[:, 0]
        rest = y - fitted
        drawn = [statistic(fitted + signs[groups, r] * rest, null) for r in range(99)]
        observed = statistic(y, null)
        expected = (1 + sum(t >= observed * (1 - 1e-9) for t in drawn)) / 100
        assert test.p_value(null) == pytest.approx(expected)


def test_interval_is_where_the_test_stops_rejecting():
    from yuyao_lib.methods.inference_clusters import prepare
    from yuyao_lib.methods.inference_wild import wild_test

    design = prepare(firms(), **REGRESSION).design
    test = wild_test(design, draws=199, signs="rademacher", seed=1)
    low, high = test.interval(0.95)
    step = 1e-5
    assert test.p_value(low - step) <= 0.05 < test.p_value(low)
    assert test.p_value(high + step) <= 0.05 < test.p_value(high)


def test_randomisation_equals_refitting_each_deal():
    frame = firms(n=12, treated=4, spread=0.5)
    panel = adoption_panel(frame, **COLUMNS)
    effect = effect_of("group_time")
    test = randomisation_test(panel, effect, draws=99, seed=3)
    rng = np.random.default_rng(3)
    b = 0.01
    shifted = panel.outcome - b * panel.treated

    def statistic(first):
        value, influence = effect(panel, first, shifted[:, :, None])
        return abs(value[0]) / ((influence**2).sum() ** 0.5 / len(first))

    observed = statistic(panel.first)
    drawn = [statistic(rng.permutation(panel.first)) for _ in range(99)]
    expected = (1 + sum(t >= observed * (1 - 1e-9) for t in drawn)) / 100
    assert test.p_value(b) == pytest.approx(expected)


SIZES = [  # treated firms, how much more volatile they are
    (8, 1.0),
    (20, 2.0),
]


@pytest.mark.parametrize(("treated", "volatility"), SIZES)
def test_default_intervals_hold_their_size(treated, volatility):
    """At nominal 5 % the defaults reject 5 %; the usual clustered interval does not."""
    rejected = []
    for seed in range(100):
        frame = firms(n=60, treated=treated, volatility=volatility, seed=seed)
        panel = adoption_panel(frame, **COLUMNS)
        usual, wild = _by_regression(panel, Meaning(), 199, seed)
        dealt = randomisation_test(panel, effect_of("group_time"), draws=99, seed=seed)
        influence = _by_influence(panel, effect_of("group_time"), Meaning())
        rejected.append([usual.p_value, wild.p_value, influence.p_value, dealt.p_value()])
    share = (np.array(rejected) <= 0.05).mean(axis=0)
    limit = 0.05 + 2.6 * (0.05 * 0.95 / 100) ** 0.5  # sampling error of 100 samples
    assert share[1] <= limit
    assert share[3] <= limit
    assert share[2] > share[3]
    if treated == 8:
        assert share[0] > 0.08


def test_choice_with_few_clusters_says_why():
    found = inference.choose_interval(firms(), draws=199, **COLUMNS)
    assert found.chosen.method == "randomisation_inference"
    assert found.reason.en.startswith("8 treated clusters, worth ")
    assert found.treated == 8
    assert 1 < found.effective < 8
    twfe = inference.choose_interval(
        firms(), estimator="two_way_fixed_effects", draws=199, **COLUMNS
    )
    assert twfe.chosen.method == "wild_cluster_bootstrap"
    assert {e.method for e in twfe.others} == {"clustered_errors", "randomisation_inference"}


def test_choice_with_many_equal_clusters_is_the_usual_one():
    frame = firms(n=130, treated=60, spread=0.0, periods=4)
    found = inference.choose_interval(frame, draws=99, **COLUMNS)
    assert found.chosen.method == "clustered_errors"
    assert found.effective == pytest.approx(60)


def test_few_controls_count_as_few():
    frame = firms(n=60, treated=52, spread=0.0, periods=4)
    found = inference.choose_interval(frame, draws=99, **COLUMNS)
    assert found.chosen.method == "randomisation_inference"


def test_too_few_ways_to_deal_gives_no_interval():
    frame = firms(n=6, treated=1)
    found = inference.randomisation(frame, draws=199, **COLUMNS)
    assert found.low is None
    assert found.p_value > 0.05
    assert "only 6 ways to deal the dates" in found.inference.en


def test_undefined_says_why():
    frame = firms(n=12, treated=4)
    one = inference.clustered(frame.assign(town=1), **{**REGRESSION, "cluster": "town"})
    assert "a single cluster" in one.undefined.en
    flat = inference.wild_bootstrap(frame.assign(on=1.0), **REGRESSION)
    assert "nothing is left to compare" in flat.undefined.en
    alone = inference.jackknife(firms(n=12, treated=1), **REGRESSION)
    assert "it cannot be left out" in alone.undefined.en
    none = inference.choose_interval(frame.assign(since=0), **COLUMNS)
    assert none.chosen.undefined.en == "no unit adopts between the second and the last period"
    mixed = frame.assign(town=frame["firm"] // 3)
    dealt = inference.randomisation(mixed, cluster="town", **COLUMNS)
    assert "differ within a cluster" in dealt.undefined.en


def test_wrong_input_is_named():
    with pytest.raises(InputError, match="at least 99"):
        inference.wild_bootstrap(firms(), draws=50, **REGRESSION)
    with pytest.raises(InputError, match="Did you mean 'rademacher'"):
        inference.wild_bootstrap(firms(), signs="rademachers", **REGRESSION)
    with pytest.raises(DataError, match="Did you mean 'workers'"):
        inference.clustered(firms(), **{**REGRESSION, "weights": "worker"})
    crossed = firms().assign(town=lambda f: f["quarter"])
    with pytest.raises(DataError, match="a firm lies in more than one town"):
        inference.clustered(crossed, **{**REGRESSION, "cluster": "town"})


def test_the_same_seed_gives_the_same_interval():
    first, second = (inference.wild_bootstrap(firms(), **REGRESSION) for _ in range(2))
    assert first == second


def estimates(*p_values):
    return [
        Estimate(
            key=f"e{i}",
            term="difference",
            method="ols",
            unit="log_points",
            design=Design.OBSERVATIONAL,
            estimate=1.0,
            p_value=p,
        )
        for i, p in enumerate(p_values)
    ]


@pytest.mark.parametrize(("ours", "theirs"), [("holm", "holm"), ("benjamini_hochberg", "fdr_bh")])
def test_adjusted_p_values_equal_statsmodels(ours, theirs):
    from statsmodels.stats.multitest import multipletests

    p = np.random.default_rng(0).uniform(0, 0.2, 12)
    found = inference.adjust(estimates(*p), by=ours)
    assert found.p_values == pytest.approx(multipletests(p, method=theirs)[1])


def test_estimates_without_p_value_are_named():
    found = inference.adjust(estimates(0.01, None, 0.04))
    assert found.left_out == ("e1",)
    assert found.p_values == pytest.approx((0.02, 0.04))
    assert "even one false finding among the 2" in found.means.en
    with pytest.raises(InputError, match="0 to 1"):
        inference.holm([0.5, 1.5])


def test_leaving_out_a_firm_equals_dropping_its_rows():
    frame = firms(n=15, treated=5)
    found = inference.leave_one_out_effect(frame, treated_only=True, **COLUMNS)
    assert found.labels == tuple(range(5))
    dropped = frame[frame["firm"] != 3]
    alone = inference.choose_interval(dropped, draws=99, **COLUMNS).chosen
    assert found.values[3] == pytest.approx(alone.estimate)
    only = inference.leave_one_out_effect(firms(n=15, treated=1), **COLUMNS)
    assert "cannot be left out" in only.estimates[0].undefined.en
