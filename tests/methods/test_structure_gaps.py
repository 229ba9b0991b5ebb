"""Decompositions, RIF regressions and skill premia: second routes, coverage, refusals."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.stats.oaxaca import OaxacaBlinder

import yuyao_lib as yuyao
from yuyao_lib.errors import InputError
from yuyao_lib.methods import structure

X = ["female", "nonwhite", "education_years", "experience_years", "experience_years_squared"]
DESIGN = {"outcome": "log_hourly_wage", "group": "union_member", "controls": X}


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    return yuyao.open("cps78_85").frame("workers")


@pytest.fixture(scope="module")
def rows(people):
    return people[people["calendar_year"] == 1985].reset_index(drop=True)


@pytest.fixture(scope="module")
def gap(rows):
    return structure.decompose(rows, **DESIGN)


def by_hand(d):
    """Return explained parts by reference, with numpy alone."""
    x = np.column_stack([np.ones(len(d)), d[X]])
    y, u = d["log_hourly_wage"].to_numpy(), d["union_member"].to_numpy() == 1

    def fit(a, b):
        return np.linalg.lstsq(a, b, rcond=None)[0]

    b1, b0, p = fit(x[u], y[u]), fit(x[~u], y[~u]), u.mean()
    stars = {
        "group_1": b1,
        "group_0": b0,
        "pooled": fit(x, y),
        "pooled_with_group": fit(np.column_stack([x, u]), y)[:-1],
        "cotton": p * b1 + (1 - p) * b0,
        "reimers": (b1 + b0) / 2,
    }
    apart = x[u].mean(0) - x[~u].mean(0)
    return {name: apart @ b for name, b in stars.items()}


def test_every_reference_by_hand_and_sums(rows, gap) -> None:
    for name, explained in by_hand(rows).items():
        assert gap.of(f"explained_{name}").estimate == pytest.approx(explained, rel=1e-10)
        both = explained + gap.of(f"unexplained_{name}").estimate
        assert both == pytest.approx(gap.of("gap").estimate, rel=1e-10)
    three = [gap.of(k).estimate for k in ("endowments", "coefficients", "interaction")]
    assert sum(three) == pytest.approx(gap.of("gap").estimate, rel=1e-10)
    assert three[0] == pytest.approx(gap.of("explained_group_0").estimate, rel=1e-10)
    assert three[0] + three[2] == pytest.approx(gap.of("explained_group_1").estimate, rel=1e-10)


def test_statsmodels_gives_the_same(rows, gap) -> None:
    model = OaxacaBlinder(
        rows["log_hourly_wage"], rows[[*X, "union_member"]], "union_member", hasconst=False
    )
    # The package knows the regression without a dummy as "nuemark"; its Cotton weights
    # belong to the groups before it swaps them, so it is compared through its own sizes.
    for theirs, ours in (("pooled", "pooled_with_group"), ("nuemark", "pooled"),
                         ("reimers", "reimers")):  # fmt: skip
        unexplained, explained, whole = model.two_fold(two_fold_type=theirs).params
        assert gap.of(f"explained_{ours}").estimate == pytest.approx(explained, rel=1e-9)
        assert gap.of(f"unexplained_{ours}").estimate == pytest.approx(unexplained, rel=1e-9)
        assert gap.of("gap").estimate == pytest.approx(whole, rel=1e-9)


def test_the_unexplained_part_is_the_dummy_of_the_pooled_regression(rows, gap) -> None:
    fit = sm.OLS(rows["log_hourly_wage"], sm.add_constant(rows[["union_member", *X]])).fit(
        cov_type="HC1"
    )
    rest = gap.of("unexplained_pooled_with_group")
    assert rest.estimate == pytest.approx(fit.params["union_member"], rel=1e-10)
    assert rest.standard_error == pytest.approx(fit.bse["union_member"], rel=0.03)


def test_the_gap_has_the_error_of_two_means(rows, gap) -> None:
    y, u = rows["log_hourly_wage"], rows["union_member"]
    error = np.sqrt(sum(y[u == g].var() / (u == g).sum() for g in (0, 1)))
    assert gap.of("gap").standard_error == pytest.approx(error, rel=1e-12)


def test_errors_of_all_parts_agree_with_the_bootstrap(rows, gap) -> None:
    rng = np.random.default_rng(0)
    draws = []
    for _ in range(250):
        found = structure.decompose(rows.iloc[rng.integers(0, len(rows), len(rows))], **DESIGN)
        draws.append([e.estimate for e in found.totals])
    spread = np.std(draws, axis=0, ddof=1)
    for estimate, error in zip(gap.totals, spread, strict=True):
        assert estimate.standard_error == pytest.approx(error, rel=0.17), estimate.key


def test_detail_adds_up_and_puts_squares_together(gap) -> None:
    assert gap.blocks["experience_years"] == ("experience_years", "experience_years_squared")
    held = {e.key: e for e in gap.detail}
    for reference in gap.references:
        for side in ("explained", "unexplained"):
            keys = [f"{side}_{reference}_{block}" for block in (*gap.blocks, "constant")]
            parts = [held[key].estimate for key in keys if key in held]
            total = gap.of(f"{side}_{reference}").estimate
            assert sum(parts) == pytest.approx(total, abs=1e-10)


def design(seed, n=500, premium=0.2):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    u = (rng.random(n) < 1 / (1 + np.exp(-0.5 * x))).astype(int)
    y = 1 + 0.3 * x + premium * u - 0.1 * u * x + rng.normal(0, 0.3 + 0.2 * u, n)
    return pd.DataFrame({"y": y, "u": u, "x": x})


def test_intervals_of_the_parts_cover() -> None:
    big = design(10**6, n=2_000_000)
    names = [f"{p}_{r}" for r in structure.REFERENCES for p in ("explained", "unexplained")]
    x, u = big["x"].to_numpy(), big["u"].to_numpy() == 1
    apart = x[u].mean() - x[~u].mean()
    slopes = {"group_1": 0.2, "group_0": 0.3, "reimers": 0.25, "cotton": 0.3 - 0.1 * u.mean()}
    inside = dict.fromkeys(slopes, 0)
    for seed in range(300):
        found = structure.decompose(
            design(seed), outcome="y", group="u", controls=["x"], references=list(slopes)
        )
        for name, slope in slopes.items():
            e = found.of(f"explained_{name}")
            inside[name] += e.low <= slope * apart <= e.high
    assert len(names) == 12
    for name, hits in inside.items():
        assert 0.91 <= hits / 300 <= 0.985, name


def test_years_stand_alone_and_change_has_both_errors(people, gap) -> None:
    found = structure.decompose(people, **DESIGN, period="calendar_year")
    one, other = found.of("explained_pooled", 1985), gap.of("explained_pooled")
    assert one.estimate == pytest.approx(other.estimate)
    assert one.standard_error == pytest.approx(other.standard_error)
    change = found.of("change_explained_pooled")
    errors = [found.of("explained_pooled", y).standard_error for y in (1978, 1985)]
    assert change.standard_error == pytest.approx(np.hypot(*errors))


def test_weights_stand_for_copies(rows) -> None:
    times = np.random.default_rng(1).integers(1, 4, len(rows))
    copied = rows.loc[rows.index.repeat(times)]
    weighted = structure.decompose(rows.assign(w=times.astype(float)), weights="w", **DESIGN)
    for name in ("gap", "explained_pooled", "unexplained_cotton"):
        other = structure.decompose(copied, **DESIGN).of(name)
        assert weighted.of(name).estimate == pytest.approx(other.estimate, rel=1e-9)


def test_gaps_that_cannot_be_split_say_why(rows) -> None:
    alone = structure.decompose(rows[rows["union_member"] == 1], **DESIGN)
    assert "same group" in alone.of("gap").undefined.en
    odd = rows.assign(odd=rows["union_member"] * rows["female"])
    found = structure.decompose(odd, **{**DESIGN, "controls": [*X, "odd"]})
    assert "in group 1 these do not vary, or repeat others: odd" in found.of("gap").undefined.en
    members = rows.index[rows["union_member"] == 1]
    few = rows.drop(members[5:])
    found = structure.decompose(few, **DESIGN)
    assert "too few" in found.of("explained_pooled").undefined.en
    again = structure.decompose(rows.assign(same=rows["female"] * 2), **{**DESIGN,
                                "controls": [*X, "same"]})  # fmt: skip
    assert again.left_out == ("same",)
    with pytest.raises(InputError, match="unknown reference: got 'neumark'"):
        structure.decompose(rows, **DESIGN, references=["neumark"])
    with pytest.raises(InputError, match="no such part"):
        found.of("explained_by_luck")


def test_checks_pass_here_and_can_fail(rows, gap) -> None:
    good = structure.check_decomposition(gap, reference="pooled_with_group")
    assert good.failed == () and len(good.rows) == 3
    odd = design(5, n=4000)
    odd["y"] -= 1.2 * odd["x"] * odd["u"] * 2
    found = structure.decompose(odd, outcome="y", group="u", controls=["x"])
    bad = structure.check_decomposition(found, reference="pooled_with_group")
    assert "reference moves" in bad.failed[0].what.en
    split = structure.within_between(rows, outcome="log_hourly_wage", group="union_member")
    assert structure.check_split(split).failed == ()


def test_rif_by_hand(rows) -> None:
    from scipy import stats

    found = structure.rif_effects(rows, **DESIGN, percentiles=[10, 50], bandwidth=0.13)
    y = rows["log_hourly_wage"].to_numpy()
    pay = np.exp(y)
    x = sm.add_constant(rows[[*X, "union_member"]])
    kernel = stats.gaussian_kde(y, bw_method=0.13 / y.std(ddof=1))
    for p in (10, 50):
        q = np.log(np.percentile(pay, p))
        rif = q + (p / 100 - (y <= q)) / kernel(q)[0]
        fit = sm.OLS(rif, x).fit(cov_type="HC1")
        e = found.of(f"percentile_{p}")
        assert e.estimate == pytest.approx(fit.params["union_member"], rel=1e-9)
        assert e.standard_error == pytest.approx(fit.bse["union_member"], rel=1e-9)
    # the Gini's recentred influence as printed: 1 + B y + C(y) (Firpo et al. 2018)
    order = np.argsort(pay, kind="stable")
    n, mu = len(pay), pay.mean()
    place = np.empty(n)
    place[order] = np.arange(1, n + 1) / n
    ordinate = np.empty(n)
    ordinate[order] = np.cumsum(pay[order]) / n
    # R by the trapezium rule, as the population formula of the index
    grid = np.r_[0, np.cumsum(pay[order]) / n]
    r = np.trapezoid(grid, np.linspace(0, 1, n + 1))
    rif = 1 + 2 / mu**2 * r * pay - 2 / mu * (pay * (1 - place) + ordinate)
    slope = sm.OLS(rif, x).fit().params["union_member"]
    assert found.of("gini").estimate == pytest.approx(slope, rel=2e-3)
    logs = (y - y.mean()) ** 2
    slope = sm.OLS(logs, x).fit().params["union_member"]
    assert found.of("variance_of_logs").estimate == pytest.approx(slope, rel=1e-9)


def test_rif_without_controls_is_the_effect_of_a_mixture() -> None:
    from scipy import stats

    grid = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    frame = pd.DataFrame(
        {"y": np.r_[0.5 * grid, 0.3 + 0.4 * grid], "u": np.repeat([0, 1], len(grid))}
    )
    found = structure.rif_effects(frame, outcome="y", group="u", percentiles=[25, 75])
    other, member = stats.norm(0, 0.5), stats.norm(0.3, 0.4)
    for p in (25, 75):
        q = np.quantile(frame["y"], p / 100)
        height = (other.pdf(q) + member.pdf(q)) / 2
        slope = (other.cdf(q) - member.cdf(q)) / height
        assert found.of(f"percentile_{p}").estimate == pytest.approx(slope, rel=0.02)


def test_rif_errors_agree_with_the_bootstrap_of_everything(rows) -> None:
    rng = np.random.default_rng(0)
    options = {"percentiles": [25, 75], "measures": ["gini", "variance_of_logs"]}
    found = structure.rif_effects(rows, **DESIGN, **options)
    draws = [
        [e.estimate for e in structure.rif_effects(
            rows.iloc[rng.integers(0, len(rows), len(rows))], **DESIGN, **options).levels]
        for _ in range(300)
    ]  # fmt: skip
    spread = np.std(draws, axis=0, ddof=1)
    for e, error in zip(found.levels, spread, strict=True):
        # percentiles and density are taken as known, and pay is heaped: a wider band
        assert 0.7 < e.standard_error / error < 1.3, e.key


def test_rif_effects_that_are_not_there(rows) -> None:
    alone = structure.rif_effects(rows[rows["union_member"] == 0], **DESIGN)
    assert "same status" in alone.of("gini").undefined.en
    told = structure.rif_effects(rows.assign(copy=rows["union_member"]), **{
        **DESIGN, "controls": [*X, "copy"]})  # fmt: skip
    assert "without error" in told.of("gini").undefined.en
    equal = structure.rif_effects(rows.assign(log_hourly_wage=1.0), **DESIGN)
    assert "paid the same" in equal.of("percentile_50").undefined.en
    with pytest.raises(InputError, match="percentile: got 100"):
        structure.rif_effects(rows, **DESIGN, percentiles=[100])


def test_skill_premia_by_a_full_regression(people) -> None:
    controls = ["female", "nonwhite", "experience_years", "experience_years_squared"]
    found = structure.skill_premia(
        people, outcome="log_hourly_wage", skill="education_years", cuts=[12, 13, 16],
        reference="12", controls=controls, by="calendar_year",
    )  # fmt: skip
    d, y85 = people, (people["calendar_year"] == 1985).astype(float)
    e = d["education_years"]
    bands = {"below_12": e < 12, "13_to_15": (e >= 13) & (e < 16), "16_and_more": e >= 16}
    x = pd.DataFrame({"one": 1.0, **{k: v.astype(float) for k, v in bands.items()}})
    x = pd.concat([x, d[controls]], axis=1)
    both = pd.concat([x, x.mul(y85, axis=0).add_prefix("y85_")], axis=1)
    fit = sm.OLS(d["log_hourly_wage"], both).fit(cov_type="HC0")
    for skill in bands:
        assert found.of(skill, 1978).estimate == pytest.approx(fit.params[skill], rel=1e-9)
        change = found.of(skill, "change")
        assert change.estimate == pytest.approx(fit.params[f"y85_{skill}"], rel=1e-8)
        assert change.standard_error == pytest.approx(fit.bse[f"y85_{skill}"], rel=0.02)


def test_skill_premia_of_grades_and_what_is_missing(rows) -> None:
    rng = np.random.default_rng(0)
    frame = rows.assign(grade=rng.choice(["a", "b", "c"], len(rows)))
    found = structure.skill_premia(frame, outcome="log_hourly_wage", skill="grade")
    means = frame.groupby("grade")["log_hourly_wage"].mean()
    assert found.reference == "a"
    assert found.of("c").estimate == pytest.approx(means["c"] - means["a"])
    part = frame[(frame["union_member"] == 0) | (frame["grade"] != "c")]
    by = structure.skill_premia(part, outcome="lwage", skill="grade", by="union_member")
    assert "nobody has this skill" in by.of("c", 1).undefined.en
    assert by.of("c", "change").undefined is not None
    part = frame[(frame["union_member"] == 0) | (frame["grade"] != "a")]
    by = structure.skill_premia(part, outcome="lwage", skill="grade", by="union_member")
    assert "reference skill" in by.of("b", 1).undefined.en
    with pytest.raises(InputError, match="unknown reference skill: got 'z'"):
        structure.skill_premia(frame, outcome="lwage", skill="grade", reference="z")
    with pytest.raises(InputError, match="cuts"):
        structure.skill_premia(frame, outcome="lwage", skill="education_years", cuts=[13, 12])
