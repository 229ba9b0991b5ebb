"""Premia: published values, known truth, and what cannot be estimated."""

import numpy as np
import pandas as pd
import pytest

import yuyao_lib as yuyao
from yuyao_lib.errors import DataError, InputError
from yuyao_lib.methods import premiums

CONTROLS = [
    "education_years", "black", "hispanic", "experience_years", "experience_years_squared",
    "married",
]  # fmt: skip
DESIGN = {"outcome": "log_hourly_wage", "member": "union_member"}


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    return yuyao.open("wagepan").frame("workers")


@pytest.fixture(scope="module")
def gap(people):
    return premiums.estimate(people, controls=CONTROLS, **DESIGN)


def panel(seed: int, *, persons=150, periods=5, effect=0.1, selection=0.5) -> pd.DataFrame:
    """Make a panel whose premium is known and whose members would earn more anyway."""
    rng = np.random.default_rng(seed)
    ability = np.repeat(rng.normal(0, 0.4, persons), periods)
    member = (rng.normal(0, 0.5, persons * periods) + selection * ability > 0.1).astype(float)
    noise = rng.normal(0, 0.2, persons * periods)
    return pd.DataFrame(
        {
            "worker_id": np.repeat(np.arange(persons), periods),
            "calendar_year": np.tile(np.arange(periods), persons),
            "union_member": member,
            "log_hourly_wage": 2 + effect * member + ability + noise,
        }
    )


@pytest.mark.parametrize(
    ("route", "value"),
    [
        ("pooled_ols", 0.1825),
        ("random_effects", 0.1061),
        ("fixed_effects", 0.0800),
        ("first_differences", 0.0428),
        ("between", 0.2587),
        ("correlated_random_effects", 0.0800),
    ],
)
def test_the_fall_in_one_call(gap, route, value) -> None:
    assert gap.route(route).estimate == pytest.approx(value, abs=5e-5)


def test_classical_error_of_fixed_effects(people) -> None:
    found = premiums.estimate(people, controls=CONTROLS, errors="classical", **DESIGN)
    assert found.route("fixed_effects").standard_error == pytest.approx(0.0193, abs=5e-5)


def test_fixed_effects_by_a_second_route(people, gap) -> None:
    import statsmodels.formula.api as smf

    def within(name: str) -> pd.Series:
        column = people[name]
        by_person = column.groupby(people["worker_id"]).transform("mean")
        by_year = column.groupby(people["calendar_year"]).transform("mean")
        return column - by_person - by_year + column.mean()

    names = ["log_hourly_wage", "union_member", "married", "experience_years_squared"]
    rows = pd.DataFrame({name: within(name) for name in names})
    formula = "log_hourly_wage ~ 0 + union_member + married + experience_years_squared"
    fit = smf.ols(formula, rows).fit(cov_type="cluster", cov_kwds={"groups": people["worker_id"]})
    fixed = gap.route("fixed_effects")
    assert fixed.estimate == pytest.approx(fit.params["union_member"], rel=1e-9)
    assert fixed.standard_error == pytest.approx(fit.bse["union_member"], rel=0.002)


def test_the_selection_interval_by_bootstrap(people, gap) -> None:
    rng = np.random.default_rng(1)
    rows = people[["worker_id", "calendar_year", "log_hourly_wage", "union_member"]]
    places = list(rows.groupby("worker_id").indices.values())
    plain = premiums.estimate(rows, **DESIGN)
    draws = []
    for _ in range(60):
        chosen = [places[k] for k in rng.integers(len(places), size=len(places))]
        who = np.repeat(np.arange(len(chosen)), [len(held) for held in chosen])
        drawn = rows.iloc[np.concatenate(chosen)].assign(worker_id=who)
        found = premiums.estimate(drawn, routes=["pooled_ols"], **DESIGN)
        draws.append(found.fall.estimate)
    assert plain.fall.standard_error == pytest.approx(np.std(draws, ddof=1), rel=0.35)
    assert gap.fall.estimate == pytest.approx(0.182461 - 0.080002, abs=1e-6)


def test_hausman_rejects_and_says_its_null(gap) -> None:
    classical, robust = gap.hausman.tests
    assert classical.rejects()
    assert robust.rejects()
    assert "unrelated to membership" in classical.null.en
    assert list(gap.hausman.to_frame()["df"]) == [3, 3]


def test_what_a_route_cannot_use_is_listed(gap) -> None:
    assert gap.left_out["between"] == ("experience_years_squared",)
    assert "education_years" in gap.left_out["fixed_effects"]
    assert "experience_years" not in gap.left_out["first_differences"]


def test_known_truth_is_covered_by_fixed_effects_and_missed_by_pooled() -> None:
    covered, pooled = 0, []
    draws = 60
    for seed in range(draws):
        routes = ["pooled_ols", "fixed_effects"]
        found = premiums.estimate(panel(seed), routes=routes, **DESIGN)
        fixed = found.route("fixed_effects")
        covered += fixed.low <= 0.1 <= fixed.high
        pooled.append(found.route("pooled_ols").estimate)
    assert np.mean(pooled) > 0.15
    assert covered / draws >= 0.95 - 3 * (0.95 * 0.05 / draws) ** 0.5


def test_no_selection_means_no_fall() -> None:
    found = premiums.estimate(panel(3, selection=0.0, persons=400), **DESIGN)
    assert found.fall.low < 0 < found.fall.high
    assert not found.hausman.tests[1].rejects(size=0.01)


@pytest.mark.parametrize(
    ("change", "route", "said"),
    [
        ({"union_member": 0.0}, "pooled_ols", "same status"),
        ({"union_member": 1.0}, "fixed_effects", "same status"),
    ],
)
def test_undefined_premia_say_why(change, route, said) -> None:
    found = premiums.estimate(panel(0).assign(**change), **DESIGN)
    assert said in found.route(route).undefined.en
    assert found.fall.undefined is not None


def test_nobody_changes() -> None:
    rows = panel(0)
    constant = rows.groupby("worker_id")["union_member"].transform("first")
    found = premiums.estimate(rows.assign(union_member=constant), **DESIGN)
    assert "nobody changes status" in found.route("fixed_effects").undefined.en
    assert found.route("pooled_ols").estimate is not None
    assert "nobody changes" in found.hausman.tests[0].undefined.en


def test_a_cross_section_has_the_pooled_route_only() -> None:
    people = yuyao.open("cps78_85").frame("workers")
    found = premiums.estimate(people, controls=["education_years"], **DESIGN)
    assert found.route("pooled_ols").estimate > 0
    assert "nobody is seen twice" in found.route("between").undefined.en
    assert found.route("pooled_ols").n_unit == "persons"


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"outcome": "log_hourly_wag"}, DataError, "Did you mean 'log_hourly_wage'"),
        ({"member": "log_hourly_wage"}, DataError, "must be 0 or 1"),
        ({"routes": ["fixed_effect"]}, InputError, "Did you mean 'fixed_effects'"),
        ({"errors": "robust"}, InputError, "allowed: clustered, classical"),
        ({"level": 95}, InputError, "0.5 up to below 1"),
    ],
)
def test_bad_requests(options, error, said) -> None:
    with pytest.raises(error, match=said):
        premiums.estimate(panel(0), **{**DESIGN, **options})


def test_bad_tables() -> None:
    rows = panel(0)
    with pytest.raises(DataError, match="750 rows repeat the same worker_id and calendar_year"):
        premiums.estimate(pd.concat([rows, rows]), **DESIGN)
    with pytest.raises(DataError, match="'log_hourly_wage' does not hold numbers"):
        premiums.estimate(rows.assign(log_hourly_wage="3,500"), **DESIGN)
    with pytest.raises(DataError, match="infinite values, as the log of zero"):
        premiums.estimate(rows.assign(log_hourly_wage=-np.inf), **DESIGN)
    with pytest.raises(DataError, match="no complete row"):
        premiums.estimate(rows.assign(log_hourly_wage=np.nan), **DESIGN)


def test_missing_rows_are_counted() -> None:
    rows = panel(0)
    rows.loc[:4, "log_hourly_wage"] = np.nan
    assert premiums.estimate(rows, **DESIGN).dropped == 5


def test_order_of_rows_does_not_matter(gap, people) -> None:
    mixed = people.sample(frac=1, random_state=2)
    again = premiums.estimate(mixed, controls=CONTROLS, **DESIGN)
    for one, other in zip(gap.estimates, again.estimates, strict=True):
        assert one.estimate == pytest.approx(other.estimate, rel=1e-9)
        assert one.standard_error == pytest.approx(other.standard_error, rel=1e-9)


def test_quantiles_order_and_bounds(people) -> None:
    found = premiums.by_quantile(people, quantiles=[90, 10], **DESIGN)
    assert found.percentiles == (10, 90)
    with pytest.raises(InputError, match="whole numbers from 1 to 99"):
        premiums.by_quantile(people, quantiles=[0], **DESIGN)


def test_change_between_years_equals_two_regressions() -> None:
    people = yuyao.open("cps78_85").frame("workers")
    years = premiums.between_years(people, errors="classical", **DESIGN)
    by_year = [
        premiums.estimate(people[people["calendar_year"] == y], errors="classical", **DESIGN)
        for y in years.years
    ]
    first, last = (found.route("pooled_ols").estimate for found in by_year)
    assert years.change.estimate == pytest.approx(last - first, rel=1e-9)


def test_movers_are_persons_and_person_years(people) -> None:
    found = premiums.movers(people, member="union_member")
    assert found.changing == 246
    assert sum(found.persons.values()) == 545
    assert sum(found.person_years.values()) == 4360


def test_results_show_themselves(gap) -> None:
    assert "pooled_ols" in gap._repr_html_()
    assert gap.to_frame()["percent_difference"].iloc[0] == pytest.approx(20.02, abs=0.01)
    assert premiums.percent(0.0) == 0


def test_a_percentile_without_members_near_it_says_so(monkeypatch) -> None:
    import pyfixest

    def fails(*args, **given):
        raise np.linalg.LinAlgError("Singular matrix")

    people = yuyao.open("cps78_85").frame("workers")
    with monkeypatch.context() as patch:
        patch.setattr(pyfixest, "quantreg", fails)
        found = premiums.by_quantile(people, quantiles=[50], outcome="log_hourly_wage",
                                     member="union_member")  # fmt: skip
    (one,) = found.estimates
    assert one.estimate is None
    assert "near this percentile" in one.undefined.en
    assert "百分位" in one.undefined.zh
