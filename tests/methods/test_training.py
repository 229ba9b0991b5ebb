"""Training: second routes, known truth, what is undefined, what is refused."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

import yuyao_lib as yuyao
from yuyao_lib.errors import DataError, InputError
from yuyao_lib.findings import Design
from yuyao_lib.methods import training
from yuyao_lib.methods.propensity import separated

X = ["x1", "x2"]


def people(seed: int, n: int = 600, effect: float = 2.0) -> pd.DataFrame:
    """Selection on two covariates; the effect on the trained is `effect` for everybody."""
    rng = np.random.default_rng(seed)
    x1, x2 = rng.normal(size=n), rng.integers(0, 2, n).astype(float)
    p = 1 / (1 + np.exp(-(-0.8 + 0.8 * x1 + 0.5 * x2)))
    d = (rng.random(n) < p).astype(int)
    base = 1 + 1.5 * x1 - x2
    before = base + rng.normal(size=n)
    after = base + 0.5 + effect * d + rng.normal(size=n)
    return pd.DataFrame({"trained": d, "x1": x1, "x2": x2, "before": before, "y": after})


def found(frame, **options):
    return training.effects(frame, outcome="y", covariates=X, before="before", **options)


def test_all_routes_tell_the_truth_but_the_naive_one() -> None:
    draws = [found(people(seed)) for seed in range(120)]
    for key in training.effects.__globals__["ROUTES"]:
        rows = [d.route(key) for d in draws]
        inside = np.mean([r.low <= 2.0 <= r.high for r in rows])
        if key == "difference_in_means":
            assert inside < 0.1
        else:
            assert 0.88 <= inside <= 1.0, key  # 0.95 give or take three binomial errors
            errors = np.array([r.standard_error for r in rows])
            spread = np.std([r.estimate for r in rows], ddof=1)
            assert 0.8 < errors.mean() / spread < 1.25, key


def test_null_effects_are_rejected_as_often_as_said() -> None:
    draws = [found(people(1000 + s, effect=0.0), routes=["doubly_robust"]) for s in range(200)]
    rejected = [draw.estimates[0].p_value < 0.05 for draw in draws]
    assert np.mean(rejected) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)


def test_weighting_by_hand() -> None:
    frame = people(3)
    d, y = frame["trained"].to_numpy(), frame["y"].to_numpy()
    z = sm.add_constant(frame[X].to_numpy())
    p = np.asarray(sm.Logit(d, z).fit(disp=0).predict())
    odds = (p / (1 - p))[d == 0]
    hand = y[d == 1].mean() - np.average(y[d == 0], weights=odds)
    means = training.weighted_means(frame, outcome="y", covariates=X)
    route = found(frame, routes=["propensity_weighting"]).estimates[0]
    assert means.estimates[1].estimate == pytest.approx(hand, rel=1e-8)
    assert route.estimate == pytest.approx(hand, rel=1e-6)
    assert means.estimates[1].standard_error == pytest.approx(route.standard_error, rel=1e-3)


def test_weighting_agrees_with_statsmodels() -> None:
    from statsmodels.treatment.treatment_effects import TreatmentEffect

    frame = people(4)
    z = sm.add_constant(frame[X])
    selection = sm.Logit(frame["trained"], z).fit(disp=0)
    other = TreatmentEffect(
        sm.OLS(frame["y"], z), frame["trained"].to_numpy(), results_select=selection
    )
    effect = other.ipw(return_results=True)
    ours = training.weighted_means(frame, outcome="y", covariates=X, estimand="ate")
    assert ours.estimates[1].estimate == pytest.approx(float(np.ravel(effect.effect)[0]), rel=1e-6)
    error = float(effect.results_gmm.bse[0])
    assert ours.estimates[1].standard_error == pytest.approx(error, rel=0.02)


@pytest.mark.parametrize("estimand", ["att", "ate"])
@pytest.mark.parametrize("kind", [0, 1])
def test_weighting_errors_against_the_bootstrap(estimand, kind) -> None:
    frame = people(5)
    rng = np.random.default_rng(1)

    def once(rows):
        return training.weighted_means(
            rows, outcome="y", covariates=X, estimand=estimand
        ).estimates[kind]

    draws = [once(frame.iloc[rng.integers(0, len(frame), len(frame))]).estimate for _ in range(300)]
    assert once(frame).standard_error == pytest.approx(np.std(draws), rel=0.2)


def test_doubly_robust_is_right_when_one_model_is_wrong() -> None:
    rows = []
    for seed in range(40):
        frame = people(seed, n=2000)
        frame["wrong"] = np.exp(frame["x1"])
        options = {"outcome": "y", "routes": ["doubly_robust"]}
        rows.append(training.effects(frame, covariates=X, **options).estimates[0].estimate)
    assert np.mean(rows) == pytest.approx(2.0, abs=0.05)


def test_the_experiment_is_neyman() -> None:
    frame = people(6).assign(trained=np.arange(600) % 2)
    found = training.experiment(frame, outcome="y", covariates=X)
    one, other = (frame.loc[frame["trained"] == side, "y"] for side in (1, 0))
    first = found.route("difference_in_means")
    assert first.design is Design.RANDOMISED
    assert first.estimate == pytest.approx(one.mean() - other.mean())
    neyman = np.sqrt(one.var() / len(one) + other.var() / len(other))
    assert first.standard_error == pytest.approx(neyman)


def test_the_bias_is_what_the_route_says_of_untrained_people() -> None:
    people_, survey = yuyao.open("nsw").frame("workers"), yuyao.open("nsw_psid").frame("workers")
    names = ["age_years", "education_years", "black", "hispanic", "married", "earnings_1974"]
    found = training.recovery(people_, survey, outcome="earnings_1978", covariates=names,
                              before="earnings_1975")  # fmt: skip
    assert found.yardstick.estimate == pytest.approx(1794.342, abs=0.01)
    naive, bias = (
        found.effects.route("difference_in_means"),
        found.bias.route("difference_in_means"),
    )
    assert naive.estimate - bias.estimate == pytest.approx(found.yardstick.estimate)
    assert {e.term for e in found.bias.estimates} == {"evaluation_bias"}
    keys = [e.key for e in found.estimates]
    assert len(keys) == len(set(keys)) == 17 and keys[0] == "experiment"
    assert all(found.yardstick.low <= e.estimate <= found.yardstick.high for e in found.agreeing)


def test_balance_and_overlap() -> None:
    frame = people(7)
    table = training.balance(frame, covariates=X)
    one, other = (frame.loc[frame["trained"] == side, "x1"] for side in (1, 0))
    assert table.rows[0].difference == pytest.approx((one.mean() - other.mean()) / one.std())
    assert abs(table.rows[0].weighted_difference) < 0.1 < abs(table.rows[0].difference)
    assert table.worst == max(abs(r.weighted_difference) for r in table.rows)
    seen = training.overlap(frame, covariates=X)
    assert sum(seen.trained) == seen.n_trained == table.n_trained
    assert sum(seen.untrained) == seen.n_untrained
    assert 1 < seen.effective <= seen.n_untrained and 0 <= seen.outside < 0.05


def test_what_is_undefined_says_why() -> None:
    frame = people(8)
    alone = training.effects(frame.assign(trained=1), outcome="y", covariates=X)
    assert all("nobody to compare with" in e.undefined.en for e in alone.estimates)
    apart = found(frame.assign(x1=frame["trained"] * 10.0 + frame["x2"]))
    for key in ("propensity_weighting", "doubly_robust", "doubly_robust_change"):
        assert "without error" in apart.route(key).undefined.en
    assert "combination of the covariates" in apart.route("regression_adjusted").undefined.en
    assert training.overlap(frame.assign(x1=frame["trained"]), covariates=["x1"]).undefined
    assert training.balance(frame.assign(x1=frame["trained"]), covariates=["x1"]).worst is None
    none = training.effects(frame, outcome="y", routes=["change_in_means"]).estimates[0]
    assert none.undefined.en == "no outcome before training is given"
    few = training.effects(frame.groupby("trained").head(2), outcome="y", covariates=X)
    assert "fewer people" in few.route("doubly_robust").undefined.en
    flat = training.effects(frame.assign(y=1.0), outcome="y", routes=["difference_in_means"])
    assert "does not vary" in flat.estimates[0].undefined.en
    outside = training.weighted_means(frame, outcome="y", covariates=X, bounds=(0.999, 1.0))
    assert "inside the bounds" in outside.estimates[0].undefined.en


def test_collinear_covariates_are_left_out_and_named() -> None:
    frame = people(9).assign(again=lambda d: 2 * d["x1"])
    both = training.effects(frame, outcome="y", covariates=[*X, "again"])
    assert both.left_out == ("again",)
    once = training.effects(frame, outcome="y", covariates=X)
    for a, b in zip(both.estimates, once.estimates, strict=True):
        assert a.estimate is None or a.estimate == pytest.approx(b.estimate, rel=1e-6)


@pytest.mark.parametrize(
    ("change", "kind", "sentence"),
    [
        ({"routes": ["matching"]}, InputError, "unknown route: got 'matching'"),
        ({"errors": "HC9"}, InputError, "unknown kind of standard error"),
        ({"outcome": "yy"}, DataError, "unknown column"),
        ({"trained": "x1"}, DataError, "must be 0 or 1"),
        ({"level": 2}, InputError, "level of the interval"),
    ],
)
def test_bad_input_is_refused(change, kind, sentence) -> None:
    with pytest.raises(kind, match=sentence):
        training.effects(people(1), **{"outcome": "y", "covariates": X, **change})


@pytest.mark.parametrize("change", [{"estimand": "atu"}, {"bounds": (0.9, 0.1)}])
def test_bad_weights_are_refused(change) -> None:
    with pytest.raises(InputError):
        training.weighted_means(people(1), outcome="y", covariates=X, **change)


def test_separation_is_told_from_a_strong_score() -> None:
    z = np.column_stack([np.ones(200), np.linspace(-4, 4, 200)])
    d = (z[:, 1] > 0).astype(float)
    assert separated(d, z)
    d[[5, 150]] = 1 - d[[5, 150]]
    assert not separated(d, z)


def test_grants_by_every_route_and_hours_by_instrument() -> None:
    firms = yuyao.open("michigan_grants").frame("firms")
    hours = ("change_log_scrap_rate", "change_training_hours", "change_grant")
    found = training.firm_grants(firms, outcome="log_scrap_rate", grant="grant",
                                 controls=["grant_last_year"], hours=hours)  # fmt: skip
    keys = {e.key: e for e in found.estimates}
    assert keys["fixed_effects"].clusters == found.firms == 54
    assert (
        keys["fixed_effects"].cluster_unit == "firms"
        and keys["fixed_effects"].n_unit == "firm_years"
    )
    # Wooldridge, Introductory Econometrics, Example 15.10 prints -.014 (.008), n = 45
    assert keys["hours_by_grant"].estimate == pytest.approx(-0.0142, abs=5e-4)
    assert keys["hours_by_grant"].standard_error == pytest.approx(0.0079, abs=5e-4)
    assert keys["hours_by_grant"].n == 45
    assert "first-stage F 22.2" in keys["hours_by_grant"].inference.en
    rows = firms[firms["calendar_year"] == 1988].dropna(subset=list(hours))
    d, h, z = (rows[c].to_numpy() for c in hours)
    hand = np.cov(z, d)[0, 1] / np.cov(z, h)[0, 1]
    assert keys["hours_by_grant"].estimate == pytest.approx(hand)


def test_earnings_before_training_show_a_dip_where_there_is_one() -> None:
    from yuyao_lib import display
    from yuyao_lib.errors import InputError
    from yuyao_lib.sources.public import open_public

    trial, data = open_public("nsw"), open_public("nsw_psid")
    men, survey = trial.frame("workers"), data.frame("workers")
    earnings = ["earnings_1974", "earnings_1975", "earnings_1978"]
    found = training.earnings_paths(men, survey, earnings=earnings)
    assert found.labels == ("1974", "1975", "1978") and found.failed == ()
    last = {e.key: e for e in found.estimates}["survey_1975_1978"]
    assert last.estimate == pytest.approx(2326.505, abs=1e-3)  # the printed change of changes
    survey = survey.assign(earnings_1974=lambda d: d["earnings_1974"] + 3000 * d["trained"])
    dipped = training.earnings_paths(men, survey, earnings=earnings)
    assert [e.key for e in dipped.failed] == ["survey_1974_1975"]
    shown = display.draw(dipped, data).html.zh + display.tabulate(dipped, data).html.en
    assert "1 of 2 comparisons before training are not zero" in shown
    with pytest.raises(InputError, match="must end in its year"):
        training.earnings_paths(men, survey, earnings=["earnings_1974", "age_years"])
    with pytest.raises(InputError, match="two dates or more"):
        training.earnings_paths(men, survey, earnings=["earnings_1974"])


def test_weights_with_one_side_only_say_so() -> None:
    import pandas as pd

    rows = pd.DataFrame({"y": [1.0, 2.0, 3.0], "trained": [0, 0, 0], "x": [1.0, 3.0, 2.0]})
    found = training.weighted_means(rows, outcome="y", trained="trained", covariates=["x"])
    assert {e.undefined.en for e in found.estimates} == {
        "all are trained, or none is, so there is nobody to compare with"
    }
