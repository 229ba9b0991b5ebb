"""Inequality: second routes, coverage, what scaling and copying leave alone, refusals."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import yuyao_lib as yuyao
from yuyao_lib.errors import DataError, InputError
from yuyao_lib.methods import structure
from yuyao_lib.methods.distribution_measures import measure, percentiles

PAY = st.lists(st.floats(0.5, 500, allow_nan=False), min_size=3, max_size=40).filter(
    lambda v: max(v) - min(v) > 0.01
)
FEWER = settings(max_examples=40)
INDICES = ["gini", "theil_t", "theil_l", "variance_of_logs"]


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    return yuyao.open("cps78_85").frame("workers")


def of(pay, name, weights=None, **options):
    frame = pd.DataFrame({"pay": np.asarray(pay, dtype=float)})
    if weights is not None:
        frame["w"] = weights
        options["weights"] = "w"
    found = structure.inequality(frame, outcome="pay", logs=False, measures=[name], **options)
    return found.of(name)


def pairwise_gini(y, w):
    w = w / w.sum()
    return (w[:, None] * w * np.abs(y[:, None] - y)).sum() / (2 * w @ y)


def lorenz_gini(y, w):
    order = np.argsort(y)
    people = np.r_[0, np.cumsum(w[order])] / w.sum()
    pay = np.r_[0, np.cumsum((w * y)[order])] / (w @ y)
    return 1 - np.trapezoid(pay, people) * 2


def test_gini_by_pairs_and_by_the_area_under_lorenz() -> None:
    rng = np.random.default_rng(0)
    y, w = np.exp(rng.normal(size=300)).round(1), rng.uniform(0.2, 3, 300)
    found = of(y, "gini", w).estimate
    assert found == pytest.approx(pairwise_gini(y, w), rel=1e-12)
    assert found == pytest.approx(lorenz_gini(y, w), rel=1e-12)


def test_indices_by_their_definitions() -> None:
    rng = np.random.default_rng(1)
    y = np.exp(rng.normal(size=500))
    r = y / y.mean()
    assert of(y, "theil_t").estimate == pytest.approx(np.mean(r * np.log(r)), rel=1e-12)
    assert of(y, "theil_l").estimate == pytest.approx(-np.mean(np.log(r)), rel=1e-12)
    assert of(y, "variance_of_logs").estimate == pytest.approx(np.var(np.log(y)), rel=1e-12)
    low, high = np.percentile(y, [10, 90])
    assert of(y, "p90_p10").estimate == pytest.approx(high / low, rel=1e-12)
    ordered = np.sort(y)
    half = ordered[:250].sum() / y.sum()
    assert of(y, "bottom_half_share").estimate == pytest.approx(half, rel=1e-12)
    assert of(y, "top_tenth_share").estimate == pytest.approx(
        ordered[450:].sum() / y.sum(), rel=1e-12
    )


def test_lognormal_pay_has_the_indices_of_a_lognormal() -> None:
    from scipy import stats

    y = np.exp(stats.norm.ppf((np.arange(200_000) + 0.5) / 200_000, scale=0.6))
    assert of(y, "gini").estimate == pytest.approx(2 * stats.norm.cdf(0.6 / 2**0.5) - 1, abs=2e-4)
    assert of(y, "theil_t").estimate == pytest.approx(0.18, abs=1e-3)
    assert of(y, "theil_l").estimate == pytest.approx(0.18, abs=1e-3)
    assert of(y, "p90_p10").estimate == pytest.approx(np.exp(0.6 * 2 * stats.norm.ppf(0.9)), 1e-4)


@pytest.mark.parametrize(
    "name", [*INDICES, "bottom_half_share", "top_tenth_share", "percentile_50", "p90_p10"]
)
def test_influence_is_the_derivative_by_a_weight(name) -> None:
    from scipy import stats

    y = np.exp(stats.norm.ppf((np.arange(8000) + 0.5) / 8000, scale=0.5))
    w = np.linspace(0.5, 2, 8000)
    w /= w.sum()
    value, pull = measure(name, y, w)
    step = 0.005 if name.startswith("p") else 1e-6  # percentiles move in steps
    for rows in (slice(0, 400), slice(2400, 3000), slice(7700, 8000)):
        moved = (1 - step) * w
        moved[rows] += step * w[rows] / w[rows].sum()
        slope = (measure(name, y, moved)[0] - value) / step
        mean = pull[rows] @ w[rows] / w[rows].sum()
        assert slope == pytest.approx(mean, rel=0.06 if name.startswith("p") else 1e-2, abs=3e-3)


@pytest.mark.parametrize("name", [*INDICES, "p90_p10", "top_tenth_share", "bottom_half_share"])
def test_errors_agree_with_the_bootstrap(name) -> None:
    rng = np.random.default_rng(3)
    y = np.exp(rng.normal(0, 0.5, 800))
    draws = [of(rng.choice(y, 800), name).estimate for _ in range(400)]
    assert of(y, name).standard_error == pytest.approx(np.std(draws, ddof=1), rel=0.17)


@pytest.mark.parametrize("weighted", [False, True])
def test_intervals_cover_as_often_as_said(weighted) -> None:
    from scipy import stats

    truth = {
        "gini": 2 * stats.norm.cdf(0.5 / 2**0.5) - 1,
        "theil_l": 0.125,
        "variance_of_logs": 0.25,
        "p90_p10": np.exp(2 * 0.5 * stats.norm.ppf(0.9)),
        "p50_p10": np.exp(0.5 * stats.norm.ppf(0.9)),
    }
    inside = dict.fromkeys(truth, 0)
    for seed in range(300):
        rng = np.random.default_rng(seed)
        logs = rng.normal(0, 0.5, 1500)
        frame = pd.DataFrame({"y": logs, "w": 1.0})
        if weighted:  # rows kept by chance and weighted back
            chance = 1 / (1 + np.exp(-logs))
            frame = frame[rng.random(1500) < chance]
            frame = frame.assign(w=1 / chance[frame.index])
        found = structure.inequality(frame, outcome="y", measures=list(truth), weights="w")
        for name, value in truth.items():
            e = found.of(name)
            inside[name] += e.low <= value <= e.high
    for name, hits in inside.items():
        assert 0.905 <= hits / 300 <= 0.985, name  # three binomial errors, and finite samples


@FEWER
@given(PAY, st.floats(0.01, 100))
def test_a_change_of_currency_changes_nothing(pay, factor) -> None:
    for name in [*INDICES, "p90_p10", "bottom_half_share"]:
        one, other = of(pay, name), of(np.asarray(pay) * factor, name)
        if one.estimate is None:  # three or four rows, none near a percentile
            assert other.undefined == one.undefined
        else:
            assert one.estimate == pytest.approx(other.estimate, rel=1e-7, abs=1e-9)


@FEWER
@given(PAY, st.integers(2, 4))
def test_everybody_twice_is_as_unequal(pay, times) -> None:
    for name in [*INDICES, "bottom_half_share", "top_tenth_share"]:
        copied = of(np.repeat(pay, times), name)
        weighted = of(pay, name, np.full(len(pay), float(times)))
        for other in (copied, weighted):
            assert of(pay, name).estimate == pytest.approx(other.estimate, rel=1e-9, abs=1e-12)


@FEWER
@given(PAY)
def test_indices_stay_in_their_range_and_equal_steps_shrink_them(pay) -> None:
    y = np.asarray(pay)
    gini = of(y, "gini").estimate
    assert 0 < gini < 1
    assert of(y + 10, "gini").estimate < gini
    assert of(y, "theil_t").estimate <= np.log(len(y)) + 1e-12


@FEWER
@given(PAY, st.data())
def test_parts_within_and_between_add_up(pay, data) -> None:
    groups = data.draw(st.lists(st.integers(0, 2), min_size=len(pay), max_size=len(pay)))
    frame = pd.DataFrame({"pay": pay, "g": groups})
    found = structure.within_between(frame, outcome="pay", group="g", logs=False)
    held = {e.key: e.estimate for e in found.estimates}
    for name in found.measures:
        assert held[f"{name}_within"] >= -1e-9 and held[f"{name}_between"] >= -1e-9
        whole = held[f"{name}_within"] + held[f"{name}_between"]
        assert whole == pytest.approx(held[f"{name}_total"], abs=1e-9)


def test_within_and_between_by_hand_and_by_bootstrap(people) -> None:
    rows = people[people["calendar_year"] == 1985].assign(
        pay=lambda d: np.exp(d["log_hourly_wage"])
    )

    def by_hand(d):
        shares, means = d["union_member"].value_counts(normalize=True), d.groupby("union_member")
        mu = means["pay"].mean()
        return sum(shares[g] * mu[g] / d["pay"].mean() * np.log(mu[g] / d["pay"].mean())
                   for g in (0, 1))  # fmt: skip

    found = structure.within_between(rows, outcome="log_hourly_wage", group="union_member")
    between = {e.key: e for e in found.estimates}["theil_t_between"]
    assert between.estimate == pytest.approx(by_hand(rows), rel=1e-10)
    draws = [by_hand(rows.sample(len(rows), replace=True, random_state=s)) for s in range(300)]
    assert between.standard_error == pytest.approx(np.std(draws, ddof=1), rel=0.2)


def test_percentiles_are_numpys_when_weights_are_equal() -> None:
    rng = np.random.default_rng(4)
    y = rng.normal(size=57)
    at = [0.0, 0.1, 0.33, 0.5, 0.9, 1.0]
    assert percentiles(y, np.full(57, 1 / 57), at) == pytest.approx(np.quantile(y, at), rel=1e-12)


def test_differences_have_the_error_of_independent_samples(people) -> None:
    found = structure.inequality(people, outcome="log_hourly_wage", by=["calendar_year"])
    first, last = found.of("gini", 1978), found.of("gini", 1985)
    change = found.of("difference_gini")
    assert change.estimate == pytest.approx(last.estimate - first.estimate)
    both = np.hypot(first.standard_error, last.standard_error)
    assert change.standard_error == pytest.approx(both, rel=1e-12)
    ratio = found.of("difference_p90_p10")
    levels = [np.log(found.of("p90_p10", y).estimate) for y in (1978, 1985)]
    assert ratio.unit == "log_points" and ratio.estimate == pytest.approx(levels[1] - levels[0])
    alone = structure.inequality(people[people["year"] == 78], outcome="log_hourly_wage")
    assert alone.of("gini").standard_error == pytest.approx(first.standard_error, rel=1e-12)


def test_two_columns_make_cells_and_differences_within_the_first(people) -> None:
    found = structure.inequality(
        people, outcome="log_hourly_wage", by=["calendar_year", "union_member"], measures=["gini"]
    )
    assert found.cells == ((1978, 0), (1978, 1), (1985, 0), (1985, 1))
    apart = found.of("difference_gini", 1985).estimate
    held = [found.of("gini", 1985, u).estimate for u in (1, 0)]
    assert apart == pytest.approx(held[0] - held[1])


def test_people_seen_often_do_not_shrink_the_error() -> None:
    people = yuyao.open("wagepan").frame("workers")
    once = people[people["calendar_year"] == 1980]
    copies = pd.concat([once] * 5)
    one = structure.inequality(once, outcome="log_hourly_wage").of("gini")
    five = structure.inequality(copies, outcome="log_hourly_wage").of("gini")
    assert five.estimate == pytest.approx(one.estimate)
    assert five.standard_error == pytest.approx(one.standard_error, rel=0.01)
    assert (five.n_unit, five.clusters) == ("person_years", 545)


def test_lorenz_curves_are_convex_and_give_the_gini_back(people) -> None:
    found = structure.lorenz(people, outcome="log_hourly_wage", group="calendar_year")
    for year, curve in zip(found.groups, found.pay, strict=True):
        assert np.all(np.diff(curve, 2) > -1e-9) and (curve[0], curve[-1]) == (0, 1)
        area = 1 - 2 * np.trapezoid(curve, found.people)
        rows = people[people["calendar_year"] == year]
        gini = structure.inequality(rows, outcome="log_hourly_wage").of("gini").estimate
        assert area == pytest.approx(gini, abs=2e-3)


@pytest.mark.parametrize(
    ("pay", "name", "why"),
    [
        ([5, 5, 5], "gini", "everybody is paid the same"),
        ([5], "theil_t", "fewer than two rows"),
        ([0, 5, 6], "theil_t", "zero or less"),
        ([0, 5, 6], "p90_p10", "zero or less"),
        ([-1, 5, 6], "gini", "negative"),
    ],
)
def test_what_cannot_be_measured_says_why(pay, name, why) -> None:
    found = of(pay, name)
    assert found.estimate is None and why in found.undefined.en


def test_zero_pay_has_a_gini() -> None:
    assert of([0, 1], "gini").estimate == 0.5


def test_an_empty_cell_says_so(people) -> None:
    frame = people[(people["year"] == 78) | (people["union_member"] == 0)]
    found = structure.inequality(
        frame, outcome="lwage", by=["calendar_year", "union_member"], measures=["gini"]
    )
    assert "no row of this kind" in found.of("gini", 1985, 1).undefined.en
    assert found.of("difference_gini", 1985).undefined is not None


def test_refusals(people) -> None:
    with pytest.raises(InputError, match="unknown measure of inequality: got 'ginny'"):
        structure.inequality(people, outcome="lwage", measures=["ginny"])
    with pytest.raises(InputError, match="got 'p10_p90'"):
        structure.inequality(people, outcome="lwage", measures=["p10_p90"])
    with pytest.raises(DataError, match="unknown column: got 'lwagee'"):
        structure.inequality(people, outcome="lwagee")
    with pytest.raises(DataError, match="no log of pay is; use logs=False"):
        structure.inequality(people.assign(pay=1000.0), outcome="pay")
    with pytest.raises(DataError, match="negative weights"):
        structure.inequality(people.assign(w=-1.0), outcome="lwage", weights="w")
    with pytest.raises(InputError, match="does not split.*got 'gini'"):
        structure.within_between(people, outcome="lwage", group="union", measures=["gini"])
    with pytest.raises(InputError, match="level of the interval"):
        structure.inequality(people, outcome="lwage", level=95)
