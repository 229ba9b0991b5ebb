"""Staggered adoption: every route against a second one, R's numbers, and what is undefined."""

import contextlib
import io

import numpy as np
import pandas as pd
import pytest

from yuyao_lib.errors import DataError, InputError
from yuyao_lib.methods import contracts
from yuyao_lib.methods.adoption import adoption_panel
from yuyao_lib.methods.assignments import (
    adjusted_effect,
    never_treated_effect,
    simple_effect,
    two_way_effect,
)
from yuyao_lib.methods.influence import covariance

KEYS = {"unit": "firm", "period": "quarter", "first_treated": "since"}
COLUMNS = {"outcome": "pay", **KEYS}
COUNTIES = {
    "outcome": "lemp",
    "unit": "countyreal",
    "period": "year",
    "first_treated": "first.treat",
}
ROUTES = (contracts.sun_abraham, contracts.imputation, contracts.extended_twfe)


@pytest.fixture(scope="module")
def counties() -> pd.DataFrame:
    import moderndid

    frame = moderndid.load_mpdta().to_pandas()
    frame["people"] = np.exp(frame["lpop"] / 3)
    frame["state"] = frame["countyreal"] // 1000
    return frame


def firms(dates=(0, 0, 0, 0, 0, 0, 3, 3, 4, 4), periods=6, effect=1.0, seed=1, noise=0.0):
    rng = np.random.default_rng(seed)
    rows = []
    for firm, since in enumerate(dates):
        for quarter in range(1, periods + 1):
            on = since > 0 and quarter >= since
            pay = firm + 0.5 * quarter + effect * on * (1 + quarter - since)
            rows.append((firm, quarter, pay + noise * rng.standard_normal(), since))
    return pd.DataFrame(rows, columns=["firm", "quarter", "pay", "since"])


# Analytic standard errors of R's did 2.5.1, to the digits it printed.
R_VALUES = [
    ((), "simple", -0.039951, 0.012034),
    ((), "group", -0.031018, 0.012446),
    ((), "dynamic", -0.077240, 0.019965),
    (("lpop",), "simple", -0.04175, 0.01150),
    (("lpop",), "group", -0.03282, None),
    (("lpop",), "dynamic", -0.08035, None),
]


@pytest.mark.parametrize(("covariates", "kind", "estimate", "error"), R_VALUES)
def test_group_time_equals_r(counties, covariates, kind, estimate, error):
    found = contracts.group_time(counties, covariates=covariates, **COUNTIES).aggregate(kind)
    digits = 0.5 * 10 ** -len(f"{estimate}".split(".")[1]) * 1.1
    assert found.overall.estimate == pytest.approx(estimate, abs=max(digits, 6e-6))
    if error:
        assert found.overall.standard_error == pytest.approx(error, abs=6e-6)


@pytest.mark.parametrize("controls", ["never", "not_yet"])
@pytest.mark.parametrize("weights", [None, "people"])
@pytest.mark.parametrize("covariates", [(), ("lpop",)])
def test_group_time_equals_own_arithmetic(counties, controls, weights, covariates):
    options = {"covariates": covariates, "weights": weights, **COUNTIES}
    found = contracts.group_time(
        counties, controls=controls, estimator="regression", **options
    ).aggregate("simple")
    panel = adoption_panel(counties, **options)
    values, influence = simple_effect(
        panel, panel.first, panel.outcome[:, :, None], controls=controls
    )
    assert values[0] == pytest.approx(found.overall.estimate, rel=1e-9)
    error = covariance(influence, panel.clusters)[0, 0] ** 0.5
    assert error == pytest.approx(found.overall.standard_error, rel=1e-9)


@pytest.mark.parametrize("kind", ["simple", "group", "dynamic", "calendar"])
def test_sums_and_clusters_equal_the_package(counties, kind):
    from csdid.att_gt import ATTgt

    ours = contracts.group_time(
        counties, covariates=["lpop"], weights="people", cluster="state", **COUNTIES
    ).aggregate(kind)
    with contextlib.redirect_stdout(io.StringIO()):
        theirs = ATTgt(
            yname="lemp",
            tname="year",
            idname="countyreal",
            gname="first.treat",
            data=counties,
            control_group="nevertreated",
            xformla="lemp~lpop",
            weights_name="people",
            clustervar="state",
        ).fit(est_method="dr", bstrap=False)
        theirs.aggte(typec=kind, bstrap=False, cband=False)
    assert ours.overall.estimate == pytest.approx(theirs.atte["overall_att"], rel=1e-9)
    assert ours.overall.standard_error == pytest.approx(theirs.atte["overall_se"], rel=1e-9)


def test_two_by_two_by_hand(counties):
    found = contracts.group_time(counties, **COUNTIES)
    wide = counties.set_index(["countyreal", "year"])["lemp"].unstack()  # noqa: PD010
    since = counties.groupby("countyreal")["first.treat"].first()
    change = wide[2005] - wide[2003]
    treated, never = change[since == 2004], change[since == 0]
    cell = next(e for e in found.estimates if e.key == "att_2004_2005")
    assert cell.estimate == pytest.approx(treated.mean() - never.mean(), rel=1e-12)
    error = (treated.var(ddof=0) / len(treated) + never.var(ddof=0) / len(never)) ** 0.5
    assert cell.standard_error == pytest.approx(error, rel=1e-9)


@pytest.mark.parametrize("anticipation", [0, 1])
def test_the_short_way_equals_the_long_one(counties, anticipation):
    panel = adoption_panel(counties, weights="people", **COUNTIES)
    both = np.stack([panel.outcome, panel.treated * 1.0], axis=2)
    shuffled = np.random.default_rng(0).permutation(panel.first)
    short = never_treated_effect(panel, shuffled, both, anticipation=anticipation)
    long = adjusted_effect(panel, shuffled, both, controls="never", anticipation=anticipation)
    assert short[0] == pytest.approx(long[0], rel=1e-9)
    assert short[1] == pytest.approx(long[1], abs=1e-9)


@pytest.mark.parametrize("dates", [(3, 4, 6) * 8, (3, 4, 6, 0) * 8, (2, 5, 0) * 7])
@pytest.mark.parametrize("anticipation", [0, 1])
def test_not_yet_treated_and_anticipation_equal_own_arithmetic(dates, anticipation):
    frame = firms(dates, periods=7, noise=1.0)
    found = contracts.group_time(
        frame, controls="not_yet", anticipation=anticipation, estimator="regression", **COLUMNS
    ).aggregate("simple")
    panel = adoption_panel(frame, **COLUMNS)
    values, influence = simple_effect(
        panel,
        panel.first,
        panel.outcome[:, :, None],
        controls="not_yet",
        anticipation=anticipation,
    )
    assert values[0] == pytest.approx(found.overall.estimate, rel=1e-9)
    error = covariance(influence, panel.clusters)[0, 0] ** 0.5
    assert error == pytest.approx(found.overall.standard_error, rel=1e-9)


def test_units_treated_from_the_start_change_nothing(counties):
    early = counties[counties["countyreal"] < 9000].copy()
    early["countyreal"] += 900_000
    early["first.treat"] = 2003
    both = pd.concat([counties, early], ignore_index=True)
    alone = contracts.group_time(counties, **COUNTIES).aggregate("simple").overall
    joined = contracts.group_time(both, **COUNTIES).aggregate("simple").overall
    assert joined.estimate == pytest.approx(alone.estimate, rel=1e-9)
    assert joined.standard_error == pytest.approx(alone.standard_error, rel=1e-9)


def test_sun_abraham_equals_pyfixest(counties):
    from yuyao_lib.methods.packages import undisturbed

    with undisturbed(ignore=(UserWarning, DeprecationWarning)):
        import pyfixest

        fit = pyfixest.event_study(
            counties.rename(columns={"first.treat": "first"}),
            yname="lemp",
            idname="countyreal",
            tname="year",
            gname="first",
            estimator="saturated",
        )
        table = fit.aggregate(agg="period", weighting="shares")
    ours = contracts.sun_abraham(counties, **COUNTIES)
    theirs = {float(k): v for k, v in table["Estimate"].items()}
    for event, part in zip(ours.event_times, ours.parts, strict=True):
        assert part.estimate == pytest.approx(theirs[event], abs=1e-6)


def test_imputation_equals_saturated_regression(counties):
    for weights in (None, "people"):
        first = contracts.imputation(counties, weights=weights, **COUNTIES)
        second = contracts.extended_twfe(counties, weights=weights, **COUNTIES)
        assert first.overall.estimate == pytest.approx(second.overall.estimate, abs=1e-8)
        for one, other in zip(first.parts, second.parts, strict=True):
            assert one.estimate == pytest.approx(other.estimate, abs=1e-8)


def test_imputation_interval_holds_the_truth():
    inside = []
    for seed in range(120):
        dates = [0] * 40 + [3] * 20 + [4] * 20
        frame = firms(dates, effect=0.2, seed=seed, noise=0.5)
        study = contracts.imputation(frame, **COLUMNS)
        truth = 0.2 * np.mean([q - s + 1 for s in dates if s for q in range(s, 7)])
        inside.append(study.overall.low <= truth <= study.overall.high)
    assert 0.88 <= np.mean(inside) <= 0.995


@pytest.mark.parametrize("route", ROUTES)
def test_effects_without_noise_are_exact(route):
    study = route(firms(), **COLUMNS)
    after = {e: p.estimate for e, p in zip(study.event_times, study.parts, strict=True) if e >= 0}
    assert after == pytest.approx({0: 1, 1: 2, 2: 3, 3: 4}, abs=1e-8)


def test_etwfe_with_covariates_equals_r(counties):
    # R package etwfe, tests of its simple effect: -0.0506270331228907 (0.0124972546529842)
    found = contracts.extended_twfe(counties, covariates=["lpop"], **COUNTIES).overall
    assert found.estimate == pytest.approx(-0.0506270331228907, rel=1e-8)
    assert found.standard_error == pytest.approx(0.0124972546529842, rel=1e-4)


@pytest.mark.parametrize("weights", [None, "people"])
def test_decomposition_adds_up(counties, weights):
    found = contracts.two_way_fixed_effects(counties, weights=weights, **COUNTIES)
    parts = found.comparisons_frame()
    assert parts["weight"].sum() == pytest.approx(1)
    total = (parts["weight"] * parts["estimate"]).sum()
    assert total == pytest.approx(found.coefficient.estimate, rel=1e-9)
    panel = adoption_panel(counties, weights=weights, **COUNTIES)
    value, _ = two_way_effect(panel, panel.first, panel.outcome[:, :, None])
    assert value[0] == pytest.approx(found.coefficient.estimate, rel=1e-9)


def test_decomposition_with_units_treated_from_the_start():
    found = contracts.two_way_fixed_effects(firms((0, 0, 1, 1, 3, 4), noise=1.0), **COLUMNS)
    parts = found.comparisons_frame()
    assert "treated_always" in set(parts["kind"])
    total = (parts["weight"] * parts["estimate"]).sum()
    assert total == pytest.approx(found.coefficient.estimate, rel=1e-9)


def test_negative_weights_turn_a_growing_effect():
    frame = firms((0, 2, 2, 2, 5, 5, 5), periods=8)
    found = contracts.two_way_fixed_effects(frame, **COLUMNS)
    shares = {e.key: e.estimate for e in found.estimates}
    assert shares["negative_cells"] > 0
    assert shares["forbidden_share"] > 0
    truth = contracts.imputation(frame, **COLUMNS).overall.estimate
    assert found.coefficient.estimate < truth


UNDEFINED = [
    (firms((0, 0, 0)), "no unit adopts between the second and the last period"),
    (firms((1, 1, 0)), "no unit adopts between the second and the last period"),
    (firms((0, 3), periods=1), "there is a single period, so nothing can be compared over time"),
]


@pytest.mark.parametrize(("frame", "why"), UNDEFINED)
@pytest.mark.parametrize("route", ROUTES)
def test_undefined_says_why(route, frame, why):
    assert route(frame, **COLUMNS).overall.undefined.en == why
    assert contracts.group_time(frame, **COLUMNS).estimates[0].undefined.en == why
    assert contracts.group_time(frame, **COLUMNS).aggregate("group").overall.undefined.en == why


def test_all_treated():
    frame = firms((3, 3, 4, 4, 5))
    never = contracts.group_time(frame, **COLUMNS)
    assert "no never-treated control" in never.estimates[0].undefined.en
    later = contracts.group_time(frame, controls="not_yet", **COLUMNS).aggregate("simple")
    assert later.overall.estimate is not None
    for route in ROUTES:
        assert route(frame, **COLUMNS).overall.estimate is not None
    same = firms((3, 3, 3))
    for route in ROUTES:
        assert "all units adopt at the same date" in route(same, **COLUMNS).overall.undefined.en


def test_single_cluster():
    frame = firms().assign(group=1)
    found = contracts.sun_abraham(frame, cluster="group", **COLUMNS)
    assert "a single cluster" in found.overall.undefined.en


def test_few_never_treated_units_are_refused_in_words():
    found = contracts.group_time(firms((0, 0, 3, 3, 4, 4)), **COLUMNS)
    assert found.estimates[0].undefined.en == (
        "only 2 units are never treated and at least 5 are needed; use those not yet treated"
    )


def test_covariate_without_overlap_is_undefined():
    frame = firms(noise=0.1)
    frame["big"] = (frame["since"] > 0) * 1.0
    found = contracts.group_time(frame, covariates=["big"], **COLUMNS)
    assert all(e.estimate is None or np.isfinite(e.estimate) for e in found.estimates)
    assert any(e.undefined is not None for e in found.estimates)


BAD = [
    (
        {"outcome": "pya"},
        "unknown column: got 'pya'; allowed: firm, quarter, pay, since. Did you mean 'pay'?",
    ),
    ({"weights": "workers"}, "unknown column: got 'workers'"),
]


@pytest.mark.parametrize(("change", "words"), BAD)
def test_wrong_columns_are_named(change, words):
    with pytest.raises(DataError) as caught:
        contracts.group_time(firms(), **{**COLUMNS, **change})
    assert words in str(caught.value)


def test_wrong_choices_are_named():
    with pytest.raises(InputError, match="Did you mean 'not_yet'"):
        contracts.group_time(firms(), controls="notyet", **COLUMNS)
    with pytest.raises(InputError, match="Did you mean 'dynamic'"):
        contracts.group_time(firms(), **COLUMNS).aggregate("dynamics")
    with pytest.raises(DataError, match="anticipation must be a whole number"):
        contracts.group_time(firms(), anticipation=-1, **COLUMNS)


def test_wrong_rows_are_named():
    with pytest.raises(DataError, match="1 rows repeat the same firm and quarter"):
        contracts.group_time(pd.concat([firms(), firms().head(1)]), **COLUMNS)
    moved = firms()
    moved.loc[0, "since"] = 5
    with pytest.raises(DataError, match="'since' changes within firm 0"):
        contracts.group_time(moved, **COLUMNS)
    with pytest.raises(DataError, match="whole numbers or 2019Q1"):
        contracts.group_time(firms().assign(quarter="spring"), **COLUMNS)
    with pytest.raises(DataError, match="weights above 0"):
        contracts.group_time(firms().assign(w=0.0), weights="w", **COLUMNS)


def test_quarters_as_text_and_missing_dates():
    numbers = firms()
    words = numbers.copy()
    names = {q: f"202{(q + 3) // 4}Q{(q - 1) % 4 + 1}" for q in range(1, 7)}
    words["quarter"] = words["quarter"].map(names)
    words["since"] = words["since"].map(names)
    ours = contracts.group_time(words, **COLUMNS)
    assert ours.estimates[0].key == "att_2021Q3_2021Q2"
    same = contracts.group_time(numbers, **COLUMNS).aggregate("simple").overall.estimate
    assert ours.aggregate("simple").overall.estimate == pytest.approx(same)
    periods = words.assign(quarter=pd.PeriodIndex(words["quarter"], freq="Q"))
    periods["since"] = pd.PeriodIndex(periods["since"], freq="Q")
    third = contracts.group_time(periods, **COLUMNS).aggregate("simple").overall.estimate
    assert third == pytest.approx(same)


def test_incomplete_units_are_counted():
    panel = adoption_panel(firms().drop(index=[3]), **COLUMNS)
    assert panel.incomplete == 1
    assert len(panel.units) == 9


def test_pre_trend_speaks_and_equals_r(counties):
    effects = contracts.group_time(counties, covariates=["lpop"], **COUNTIES)
    test = contracts.pre_trend_test(effects, by="cell")
    # R prints the Wald statistic of the same cells; p = 0.23267
    assert test.p_value == pytest.approx(0.23267, abs=1e-5)
    assert test.null.en == (
        "before adoption, adopters and their controls moved in parallel in all 5 comparisons"
    )


def test_pre_trend_test_holds_its_size_with_few_firms():
    rejected = []
    for seed in range(100):
        frame = firms([0] * 40 + [4] * 12, noise=1.0, effect=0, seed=seed)
        test = contracts.pre_trend_test(contracts.group_time(frame, **COLUMNS))
        rejected.append(test.p_value < 0.05)
    assert np.mean(rejected) <= 0.10


def test_pre_trend_needs_more_clusters_than_periods():
    test = contracts.pre_trend_test(
        contracts.group_time(firms((0, 0, 0, 0, 0, 0, 6, 6), periods=8, noise=1.0), **COLUMNS)
    )
    assert "a joint test needs more clusters than periods" in test.undefined.en


def test_a_straight_pre_trend_is_found():
    frame = firms([0] * 60 + [5] * 40, periods=8, effect=0, noise=0.05)
    frame["pay"] += 0.05 * frame["quarter"] * (frame["since"] > 0)
    study = contracts.sun_abraham(frame, **COLUMNS)
    slope, detectable, carried = contracts.pre_trend_slope(study).estimates
    assert slope.low <= 0.05 <= slope.high
    assert slope.estimate > detectable.estimate
    assert carried.estimate == pytest.approx(slope.estimate * 2.5)


def test_collapse_knows_when_it_is_exact():
    firm_rows = firms(noise=1.0)
    people = pd.concat(
        [
            firm_rows.assign(worker=firm_rows["firm"] * 10 + k, pay=firm_rows["pay"] + k)
            for k in range(3)
        ]
    )
    cells = contracts.collapse(people, outcome="pay", worker="worker", **KEYS)
    assert cells.exact
    assert set(cells.frame["workers"]) == {3}
    whole = contracts.two_way_fixed_effects(cells.frame, weights="workers", **COLUMNS)
    from yuyao_lib.methods.inference import clustered

    people["on"] = ((people["since"] > 0) & (people["quarter"] >= people["since"])) * 1.0
    micro = clustered(
        people, outcome="pay", regressor="on", cluster="firm", unit="worker", period="quarter"
    )
    assert micro.estimate == pytest.approx(whole.coefficient.estimate, rel=1e-9)
    moved = people.copy()
    moved.loc[(moved["worker"] == 1) & (moved["quarter"] > 3), "firm"] = 5
    moved.loc[moved["firm"] == 5, "since"] = 3
    assert (
        "1 workers change unit"
        in contracts.collapse(moved, outcome="pay", worker="worker", **KEYS).why.en
    )


def test_event_frame_draws_the_reference_once():
    frame = firms(noise=0.2)
    studies = {
        "sun_abraham": contracts.sun_abraham(frame, **COLUMNS),
        "group_time": contracts.group_time(frame, base_period="universal", **COLUMNS).aggregate(
            "dynamic"
        ),
    }
    shown = contracts.event_frame(studies)
    at = shown[shown["event_time"] == -1]
    assert at["estimate"].tolist() == [0.0, 0.0]
    assert at["reference"].tolist() == [True, True]
    with pytest.raises(InputError, match="is summed by group"):
        contracts.event_frame({"g": contracts.group_time(frame, **COLUMNS).aggregate("group")})


def shaken(seed, slope=0.0, effect=0.0, shock=0.03):
    """Return 31 adopters and 155 others with shocks that persist."""
    rng = np.random.default_rng(seed)
    n, periods = 186, 16
    since = np.where(np.arange(n) < 31, rng.choice([7, 9, 11], n), 0)
    shocks = np.empty((n, periods))
    shocks[:, 0] = rng.standard_normal(n)
    for t in range(1, periods):
        shocks[:, t] = 0.85 * shocks[:, t - 1] + (1 - 0.85**2) ** 0.5 * rng.standard_normal(n)
    frame = pd.DataFrame(
        {
            "firm": np.repeat(np.arange(n), periods),
            "quarter": np.tile(np.arange(1, periods + 1), n),
            "pay": shock * shocks.ravel(),
            "since": np.repeat(since, periods),
        }
    )
    on = (frame["since"] > 0) & (frame["quarter"] >= frame["since"])
    frame["pay"] += effect * on + slope * frame["quarter"] * (frame["since"] > 0)
    return frame


def judged(frame, smallest=0.02):
    from yuyao_lib.methods.inference import choose_interval

    effect = choose_interval(frame, estimator="two_way_fixed_effects", draws=199, **COLUMNS).chosen
    study = contracts.sun_abraham(frame, **COLUMNS)
    return effect, contracts.can_tell(
        effect,
        bounds=contracts.honest_bounds(study, bounds=(1.0,)),
        slope=contracts.pre_trend_slope(study),
        smallest_of_interest=smallest,
    )


def test_a_trend_without_effect_ends_in_cannot_tell():
    found = [judged(shaken(seed, slope=0.002)) for seed in range(8)]
    assert sum(effect.differs_from_zero for effect, _ in found) >= 3  # naive reading: an effect
    assert all(verdict.answer == "cannot_tell" for _, verdict in found)
    assert found[0][1].sentence.en == "This design cannot tell."
    assert found[0][1].reasons


def test_a_large_effect_and_a_precise_zero_are_told():
    _, effect = judged(shaken(1, effect=0.3, shock=0.01))
    assert effect.answer == "effect"
    _, zero = judged(shaken(2, shock=0.002), smallest=0.2)
    assert zero.answer in {"no_effect", "cannot_tell"}
    undefined = contracts.can_tell(
        contracts.sun_abraham(firms((0, 0, 0)), **COLUMNS).overall, smallest_of_interest=0.02
    )
    assert undefined.answer == "undefined"
