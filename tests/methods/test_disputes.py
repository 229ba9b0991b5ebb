"""How long spells last: curves and models, by second routes and where nothing is defined."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

import yuyao_lib as yuyao
from yuyao_lib.errors import DataError, InputError
from yuyao_lib.findings import Design
from yuyao_lib.methods import disputes

LOG_DENSITY = {
    "weibull": lambda e: e - np.exp(e),
    "log_normal": stats.norm.logpdf,
    "log_logistic": stats.logistic.logpdf,
}
LOG_SURVIVAL = {
    "weibull": lambda e: -np.exp(e),
    "log_normal": stats.norm.logsf,
    "log_logistic": stats.logistic.logsf,
}


def june() -> pd.DataFrame:
    return yuyao.open("strikes").frame("strikes")


def made(n: int = 400, *, seed: int = 1, law: str = "weibull") -> pd.DataFrame:
    """Spells with known coefficients, about a third of them cut off."""
    rng = np.random.default_rng(seed)
    a, b = rng.normal(2, 3, n), (rng.random(n) < 0.4).astype(int)
    noise = {
        "weibull": np.log(rng.exponential(size=n)),
        "exponential": np.log(rng.exponential(size=n)),
        "log_normal": rng.normal(size=n),
        "log_logistic": rng.logistic(size=n),
    }[law]
    sigma = 1.0 if law == "exponential" else 0.7
    time = np.exp(3 + 0.1 * a - 0.5 * b + sigma * noise)
    stop = rng.exponential(60, n)
    watched = np.maximum(np.minimum(time, stop), 1e-3)
    return pd.DataFrame({"days": watched, "ended": (time <= stop).astype(int), "a": a, "b": b})


def by_hand(rows: pd.DataFrame, family: str, names: list[str]) -> tuple[np.ndarray, float]:
    """Maximise the likelihood written out."""
    x = np.column_stack([np.ones(len(rows)), *(rows[n] for n in names)])
    y, d = np.log(rows["days"].to_numpy()), rows["ended"].to_numpy() == 1

    def loss(p: np.ndarray) -> float:
        e = (y - x @ p[:-1]) / np.exp(p[-1])
        seen = LOG_DENSITY[family](e) - p[-1] - y
        return -float(np.where(d, seen, LOG_SURVIVAL[family](e)).sum())

    start = np.append(np.zeros(x.shape[1]), 0.0)
    start[0] = y.mean()
    found = optimize.minimize(loss, start, method="BFGS", options={"gtol": 1e-7})
    more = {"xatol": 1e-10, "fatol": 1e-12, "maxiter": 20_000, "maxfev": 20_000}
    found = optimize.minimize(loss, found.x, method="Nelder-Mead", options=more)
    return found.x, -float(found.fun)


@pytest.mark.parametrize("family", LOG_DENSITY)
def test_models_equal_a_likelihood_written_out(family) -> None:
    rows = made(law=family)
    found = disputes.duration_model(
        rows, duration="days", ended="ended", covariates=["a", "b"], family=family
    )
    values, likelihood = by_hand(rows, family, ["a", "b"])
    keys = ("constant", "a", "b")
    ours = [found.estimate(k).estimate for k in keys] + [np.log(found.estimate("sigma").estimate)]
    assert ours == pytest.approx(values, rel=2e-5, abs=2e-6)
    assert found.log_likelihood == pytest.approx(likelihood, abs=1e-7)
    assert found.aic == pytest.approx(2 * 4 - 2 * likelihood, abs=1e-6)


def test_standard_errors_equal_a_numerical_hessian() -> None:
    rows = made(200)
    found = disputes.duration_model(rows, duration="days", ended="ended", covariates=["a", "b"])
    x = np.column_stack([np.ones(len(rows)), rows["a"], rows["b"]])
    y, d = np.log(rows["days"].to_numpy()), rows["ended"].to_numpy()

    def loss(p: np.ndarray) -> float:
        e = (y - x @ p[:-1]) / np.exp(p[-1])
        return -float((d * (e - p[-1]) - np.exp(e)).sum())

    p, h = found.fit.values, 1e-4
    steps = np.eye(4) * h
    hessian = np.array([
        [(loss(p + s + t) - loss(p + s - t) - loss(p - s + t) + loss(p - s - t)) / (4 * h * h)
         for t in steps] for s in steps
    ])  # fmt: skip
    errors = np.sqrt(np.diag(np.linalg.inv(hessian)))
    ours = [found.estimate(k).standard_error for k in ("constant", "a", "b")]
    assert ours == pytest.approx(errors[:3], rel=1e-4)


def test_the_exponential_model_is_the_weibull_with_spread_one() -> None:
    rows = made(law="exponential")
    options = {"duration": "days", "ended": "ended", "covariates": ["a", "b"]}
    found = disputes.duration_model(rows, family="exponential", **options)
    x = np.column_stack([np.ones(len(rows)), rows["a"], rows["b"]])

    def loss(p: np.ndarray) -> float:
        rate = np.exp(-x @ p)
        return -float((rows["ended"] * np.log(rate) - rate * rows["days"]).sum())

    best = optimize.minimize(loss, np.array([3.0, 0, 0]), method="BFGS", options={"gtol": 1e-6})
    assert found.fit.values[:3] == pytest.approx(best.x, rel=1e-4)
    assert found.log_likelihood == pytest.approx(-best.fun, abs=1e-5)
    assert {"sigma", "shape"}.isdisjoint(e.key for e in found.estimates)
    alone = disputes.duration_model(june(), duration="duration_days", family="exponential")
    assert alone.estimate("rate").estimate == pytest.approx(62 / june()["duration_days"].sum())


def test_units_of_covariates_and_time_only_rescale() -> None:
    rows = made()
    rows = rows.assign(big=rows["a"] * 1000, hours=rows["days"] * 24)
    options = {"ended": "ended", "family": "log_logistic"}
    small = disputes.duration_model(rows, duration="days", covariates=["a"], **options)
    large = disputes.duration_model(rows, duration="hours", covariates=["big"], **options)
    first, second = small.estimate("a"), large.estimate("big")
    assert second.estimate == pytest.approx(first.estimate / 1000, rel=1e-6)
    assert second.standard_error == pytest.approx(first.standard_error / 1000, rel=1e-5)
    medians = [m.estimate("median").estimate for m in (small, large)]
    assert medians[1] == pytest.approx(24 * medians[0], rel=1e-6)


@pytest.mark.parametrize("family", ["exponential", *LOG_DENSITY])
def test_the_median_is_where_the_survival_of_the_model_is_a_half(family) -> None:
    found = disputes.duration_model(
        made(law=family), duration="days", ended="ended", covariates=["a"], family=family
    )
    median = found.estimate("median").estimate
    assert found.survival(np.array([median]))[0] == pytest.approx(0.5, abs=1e-9)
    (ratio,) = found.ratios
    assert ratio.estimate == pytest.approx(np.exp(found.estimate("a").estimate))
    assert ratio.unit == "time_ratio" and ratio.low < ratio.estimate < ratio.high


def test_comparison_prefers_the_law_that_made_the_data() -> None:
    rows = made(1500, seed=5, law="log_normal")
    found = disputes.compare_models(rows, duration="days", ended="ended", covariates=["a", "b"])
    assert found.best.family == "log_normal"
    frame = found.to_frame().set_index("family")
    assert frame["aic"].idxmin() == "log_normal"
    assert found.nested.tests[0].rejects()
    assert len(found.estimates) == 8
    with pytest.raises(InputError, match="no model of this family"):
        found.model("gamma")


def test_cox_snell_residuals_are_exponential_when_the_model_is_right() -> None:
    rows = made(1500, seed=3)
    options = {"duration": "days", "ended": "ended", "covariates": ["a", "b"]}
    good = disputes.check_fit(disputes.duration_model(rows, **options))
    assert good.residuals.sum() == pytest.approx(rows["ended"].sum(), rel=1e-4)
    assert good.outside < 0.1
    bad = disputes.check_fit(disputes.duration_model(rows, family="exponential", **options))
    assert bad.outside > 0.4
    assert list(good.to_frame().columns) == ["residual", "share", "low", "high", "expected"]


def test_errors_by_group_equal_leaving_each_out_by_hand() -> None:
    rows = made(120, seed=2).assign(room=lambda d: np.arange(len(d)) % 8)
    options = {"duration": "days", "ended": "ended", "covariates": ["a"]}
    found = disputes.duration_model(rows, cluster="room", **options).estimate("a")
    others = [
        disputes.duration_model(rows[rows["room"] != g], **options).estimate("a").estimate
        for g in range(8)
    ]
    error = np.sqrt(7 / 8 * np.sum((np.array(others) - np.mean(others)) ** 2))
    assert found.standard_error == pytest.approx(error, rel=1e-6)
    assert found.clusters == 8
    reach = stats.t.ppf(0.975, 7) * error
    assert (found.low, found.high) == pytest.approx(
        (found.estimate - reach, found.estimate + reach)
    )


def test_strikes_of_one_june_share_output_so_rows_are_not_independent() -> None:
    options = {"duration": "duration_days", "covariates": ["unanticipated_output_percent"]}
    options["n_unit"] = "strikes"
    found = disputes.lengths(june(), cluster="calendar_year", **options)
    told = {e.key: e for e in found.estimates}
    grouped = told["unanticipated_output_percent"]
    alone = told["unanticipated_output_percent_independent"]
    assert grouped.estimate == alone.estimate == pytest.approx(-0.09353, abs=1e-5)
    assert grouped.clusters == 9 and alone.clusters is None
    assert grouped.standard_error > 1.3 * alone.standard_error
    assert alone.differs_from_zero and not grouped.differs_from_zero
    assert told["median"].design is Design.DESCRIPTION
    plain = disputes.lengths(june(), cluster="", **options)
    assert plain.grouped is None and plain.reported is plain.model
    assert disputes.lengths(june(), duration="duration_days", ended="").estimates


def test_the_curve_equals_the_product_written_out_and_another_package() -> None:
    from lifelines import KaplanMeierFitter
    from lifelines.utils import median_survival_times

    rows = made(150).assign(days=lambda d: np.ceil(d["days"]))
    found = disputes.survival(rows, duration="days", ended="ended", at=[10, 20.5], level=0.9)
    curve, share, greenwood = found.curves[0], 1.0, 0.0
    ends = sorted(rows.loc[rows["ended"] == 1, "days"].unique())
    assert curve.times.tolist() == ends
    for i, t in enumerate(ends):
        risk = int((rows["days"] >= t).sum())
        gone = int(((rows["days"] == t) & (rows["ended"] == 1)).sum())
        share *= 1 - gone / risk
        assert curve.share[i] == pytest.approx(share, abs=1e-12)
        assert (curve.at_risk[i], curve.ends[i]) == (risk, gone)
        if risk > gone:
            greenwood += gone / (risk * (risk - gone))
            assert curve.variance[i] == pytest.approx(share**2 * greenwood)
    theirs = KaplanMeierFitter(alpha=0.1).fit(rows["days"], rows["ended"])
    band = theirs.confidence_interval_.loc[ends[:-1]].to_numpy()
    ours = np.column_stack([curve.low, curve.high])[:-1]
    assert ours == pytest.approx(band, abs=1e-10)
    median = found.estimate("median")
    low, high = median_survival_times(theirs.confidence_interval_).to_numpy()[0]
    assert median.estimate == theirs.median_survival_time_
    assert (median.low, median.high) == (low, high)
    last = theirs.survival_function_.loc[:20.5].iloc[-1, 0]
    assert found.estimate("share_after_20_5").estimate == pytest.approx(last)


def test_the_mean_to_a_horizon_is_the_area_and_its_error_greenwoods() -> None:
    rows = pd.DataFrame({"days": [1.0, 2, 3, 4]})
    found = disputes.survival(rows, duration="days", horizon=4)
    mean = found.estimate("restricted_mean")
    assert mean.estimate == pytest.approx(rows["days"].mean())
    assert mean.standard_error == pytest.approx(rows["days"].std(ddof=0) / 2)
    short = disputes.survival(rows, duration="days", horizon=2.5).estimate("restricted_mean")
    assert short.estimate == pytest.approx(np.minimum(rows["days"], 2.5).mean())
    part = made(300)
    held = disputes.survival(part, duration="days", ended="ended", horizon=15)
    from lifelines import KaplanMeierFitter
    from lifelines.utils import restricted_mean_survival_time

    theirs = KaplanMeierFitter().fit(part["days"], part["ended"])
    other = restricted_mean_survival_time(theirs, t=15)
    assert held.estimate("restricted_mean").estimate == pytest.approx(other, rel=1e-9)


def test_groups_are_compared_by_the_log_rank_test() -> None:
    from lifelines.statistics import multivariate_logrank_test

    rows = made(200).assign(kind=lambda d: np.where(d["b"] == 1, "pay", "injury"))
    found = disputes.survival(rows, duration="days", ended="ended", by="kind")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = multivariate_logrank_test(rows["days"], rows["kind"], rows["ended"])
    assert found.difference.statistic == pytest.approx(theirs.test_statistic)
    assert found.difference.p_value == pytest.approx(theirs.p_value)
    assert [c.label for c in found.curves] == ["injury", "pay"]
    for label, part in rows.groupby("kind"):
        alone = disputes.survival(part, duration="days", ended="ended", horizon=found.horizon)
        pair = found.estimate(f"{label}_median"), alone.estimate("median")
        assert pair[0].estimate == pair[1].estimate and pair[0].n == pair[1].n


def test_durations_from_dates() -> None:
    cases = pd.DataFrame({
        "filed": ["2023-01-01", "2023-01-03", "2023-02-01", "2023-03-30"],
        "closed": ["2023-01-01", "2023-01-13", None, None],
    })  # fmt: skip
    found = disputes.from_dates(cases, began="filed", closed="closed", until="2023-03-01")
    assert found["duration_days"].tolist() == [0.5, 10.0, 28.0]
    assert found["ended"].tolist() == [1, 1, 0]
    later = disputes.from_dates(cases, began="filed", closed="closed", until="2023-01-10")
    assert later["ended"].tolist() == [1, 0]
    with pytest.raises(DataError, match=r"closed before they begin in rows 2 "):
        disputes.from_dates(
            cases.assign(closed=["2023-01-02", "2023-01-01", None, None]),
            began="filed", closed="closed",
        )  # fmt: skip
    with pytest.raises(DataError, match="does not hold dates"):
        disputes.from_dates(cases.assign(filed="soon"), began="filed", closed="closed")
    with pytest.raises(DataError, match="does not hold dates: got '20230101'"):
        disputes.from_dates(cases.assign(filed=20230101), began="filed", closed="closed")
    with pytest.raises(DataError, match="Did you mean 'filed'"):
        disputes.from_dates(cases, began="field", closed="closed")
    with pytest.raises(InputError, match="same_day"):
        disputes.from_dates(cases, began="filed", closed="closed", same_day=0)


def test_intervals_cover_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(11)
    runs, inside, median, share, mean = 200, 0, 0, 0, 0
    for _ in range(runs):
        x = rng.normal(size=80)
        time = np.exp(3 + 0.3 * x) * rng.exponential(size=80)
        stop = rng.uniform(10, 120, 80)
        rows = pd.DataFrame({"days": np.minimum(time, stop), "ended": (time <= stop) * 1, "x": x})
        fit = disputes.duration_model(
            rows, duration="days", ended="ended", covariates=["x"], family="exponential"
        ).estimate("x")
        inside += fit.low <= 0.3 <= fit.high
        flat = pd.DataFrame({"days": rng.exponential(20, 80)})
        curve = disputes.survival(flat, duration="days", at=[10], horizon=40)
        found = {e.key: e for e in curve.estimates}
        truth = {"median": 20 * np.log(2), "share_after_10": np.exp(-0.5)}
        median += found["median"].low <= truth["median"] <= found["median"].high
        share += (
            found["share_after_10"].low <= truth["share_after_10"] <= found["share_after_10"].high
        )
        area = 20 * (1 - np.exp(-2))
        mean += found["restricted_mean"].low <= area <= found["restricted_mean"].high
    for count in (inside, median, share, mean):
        assert 0.90 <= count / runs <= 0.99  # four Monte Carlo errors around 95 per cent


def test_intervals_by_group_cover_where_a_group_shares_a_shock() -> None:
    rng = np.random.default_rng(1)
    rows = june()
    place = rows["calendar_year"].factorize()[0]
    runs, grouped, alone = 100, 0, 0
    for _ in range(runs):
        shock = rng.normal(0, 0.4, 9)[place]
        made_up = rows.assign(days=np.exp(3.5 + shock) * rng.exponential(size=62))
        options = {"duration": "days", "covariates": ["iprod"], "family": "exponential"}
        by = disputes.duration_model(made_up, cluster="calendar_year", **options)
        free = disputes.duration_model(made_up, **options)
        grouped += not by.estimate("iprod").differs_from_zero
        alone += not free.estimate("iprod").differs_from_zero
    assert grouped >= 88
    assert alone <= grouped - 5


def undefined(result, key: str) -> str:
    estimate = result.estimate(key)
    assert estimate.estimate is None
    return estimate.undefined.en


def test_undefined_quantities_say_why() -> None:
    rows = made(60)
    open_rows = rows.assign(ended=0)
    options = {"duration": "days", "ended": "ended"}
    for family in ("exponential", "weibull"):
        never = disputes.duration_model(open_rows, covariates=["a"], family=family, **options)
        assert "none of the spells has ended" in undefined(never, "a")
        assert never.aic is None and never.ratios[0].estimate is None
        assert disputes.check_fit(never).undefined is not None
    curve = disputes.survival(open_rows, **options)
    assert "none of the spells has ended" in undefined(curve, "median")
    assert "one group" in curve.difference.undefined.en
    few = disputes.duration_model(rows.head(3), covariates=["a", "b"], **options)
    assert "too few for 4 quantities" in undefined(few, "a")
    same = disputes.duration_model(rows.assign(days=5.0), **options)
    assert "equally long" in undefined(same, "median")
    split = rows.assign(ended=np.where(rows["b"] == 1, 0, rows["ended"]))
    sided = disputes.duration_model(split, covariates=["a", "b"], **options)
    assert "on one side of b no spell has ended" in undefined(sided, "a")
    twice = disputes.duration_model(
        rows.assign(c=2 * rows["a"] + 1, k=3), covariates=["a", "c", "k"], **options
    )
    assert twice.estimate("a").estimate is not None
    assert "combination" in undefined(twice, "c") and "does not vary" in undefined(twice, "k")
    assert twice.spells.left_out == ("c", "k")
    short = rows.assign(ended=(rows["days"] < 3).astype(int))
    assert "median is not reached" in undefined(disputes.survival(short, **options), "median")
    far = disputes.survival(short, at=[1e6], horizon=1e6, **options)
    assert "watched for more than" in undefined(far, "share_after_1e+06")
    assert "short of the horizon" in undefined(far, "restricted_mean")
    one = disputes.duration_model(rows.assign(g=1), covariates=["a"], cluster="g", **options)
    assert "single group" in undefined(one, "a")
    thin = rows.assign(g=np.r_[0, np.ones(len(rows) - 1)], c=np.r_[1, np.zeros(len(rows) - 1)])
    lone = disputes.duration_model(
        thin.assign(ended=1), covariates=["a", "c"], cluster="g", **options
    )
    assert "without one of the 2 groups" in undefined(lone, "a")


def test_what_cannot_be_a_spell_is_refused_with_its_rows() -> None:
    rows = made(20)
    wrong = rows.assign(days=np.r_[0.0, rows["days"].to_numpy()[1:-1], -2.0])
    with pytest.raises(DataError, match=r"2 durations of zero or less in rows 1, 20 "):
        disputes.survival(wrong, duration="days")
    with pytest.raises(DataError, match=r"15 durations .* in rows 1, 2, .* and 7 more"):
        disputes.duration_model(rows.assign(days=np.r_[[0.0] * 15, [1.0] * 5]), duration="days")
    with pytest.raises(DataError, match="must be 0 or 1"):
        disputes.survival(rows.assign(ended=2), duration="days", ended="ended")
    with pytest.raises(DataError, match="Did you mean 'days'"):
        disputes.survival(rows, duration="dais")
    with pytest.raises(DataError, match="does not hold numbers"):
        disputes.survival(rows.assign(days="long"), duration="days")
    with pytest.raises(InputError, match=r"unknown model of durations.*Did you mean 'weibull'"):
        disputes.duration_model(rows, duration="days", family="weibul")
    with pytest.raises(InputError, match="no model of durations is given"):
        disputes.compare_models(rows, duration="days", families=[])
    with pytest.raises(InputError, match="time: got 0"):
        disputes.survival(rows, duration="days", at=[0])
    with pytest.raises(InputError, match="level of the interval"):
        disputes.survival(rows, duration="days", level=95)
    with pytest.raises(InputError, match="no estimate of this key"):
        disputes.survival(rows, duration="days").estimate("medium")
    many = made(400).assign(g=range(400))
    with pytest.raises(DataError, match="400 groups would mean 400 fits"):
        disputes.duration_model(many, duration="days", ended="ended", covariates=["a"], cluster="g")


def test_missing_values_are_counted_and_a_gap_above_zero_is_no_gap() -> None:
    rows = made(50)
    rows.loc[3, "days"] = np.nan
    rows.loc[7, "a"] = np.nan
    found = disputes.duration_model(rows, duration="days", ended="ended", covariates=["a"])
    assert (found.n, found.dropped) == (48, 2)
    assert found.n + found.dropped == len(rows)


def test_nothing_is_printed(recwarn, capfd) -> None:
    rows = made(120).assign(kind=lambda d: np.where(d["b"] == 1, "x", "y"))
    options = {"duration": "days", "ended": "ended"}
    disputes.lengths(rows, covariates=["a"], **options)
    disputes.compare_models(rows, covariates=["a", "b"], **options)
    disputes.cox(rows, covariates=["a", "b"], **options)
    disputes.survival(rows, by="kind", **options)
    assert capfd.readouterr().out == ""
    assert [str(w.message) for w in recwarn.list] == []
