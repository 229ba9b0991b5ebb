"""Reweighting, imputed and capped pay: second routes, known truth, refusals."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

import yuyao_lib as yuyao
from yuyao_lib.errors import DataError, InputError
from yuyao_lib.methods import structure

X = ["female", "nonwhite", "education_years", "experience_years", "experience_years_squared"]
DESIGN = {"outcome": "log_hourly_wage", "group": "union_member", "controls": X}
YEARS = {**DESIGN, "period": "calendar_year"}


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    return yuyao.open("cps78_85").frame("workers")


def logit(frame, on):
    fit = sm.Logit(frame["union_member"], sm.add_constant(frame[X])).fit(disp=0)
    return np.asarray(fit.predict(sm.add_constant(on[X])))


def gini(y, w):
    w = w / w.sum()
    return (w[:, None] * w * np.abs(y[:, None] - y)).sum() / (2 * w @ y)


def test_the_three_counterfactuals_by_hand(people) -> None:
    then, now = (people[people["calendar_year"] == y] for y in (1978, 1985))
    p, past = logit(now, now), logit(then, now)
    u, pay = now["union_member"].to_numpy(), np.exp(now["log_hourly_wage"].to_numpy())
    hand = {
        "no_coverage": (1 - u) / (1 - p),
        "others_characteristics": (1 - u) * p / (1 - p),
        "past_coverage": np.where(u == 1, past / p, (1 - past) / (1 - p)),
    }
    for kind, w in hand.items():
        found = structure.reweight(people, **YEARS, kind=kind, draws=99)
        assert found.of("gini", "counterfactual").estimate == pytest.approx(gini(pay, w), rel=1e-7)
        logs, share = np.log(pay), w / w.sum()
        variance = share @ (logs - share @ logs) ** 2
        held = found.of("variance_of_logs", "counterfactual").estimate
        assert held == pytest.approx(variance, rel=1e-7)
        assert found.support.effective == pytest.approx(w.sum() ** 2 / (w**2).sum(), rel=1e-6)
        part = found.of("gini").estimate
        both = [found.of("gini", side).estimate for side in ("observed", "counterfactual")]
        assert part == pytest.approx(both[0] - both[1])


def test_past_coverage_has_the_share_the_old_logit_expects(people) -> None:
    found = structure.reweight(people, **YEARS, kind="past_coverage", draws=99)
    then, now = (people[people["calendar_year"] == y] for y in (1978, 1985))
    observed, counterfactual = found.shares
    assert observed == pytest.approx(now["union_member"].mean())
    assert counterfactual == pytest.approx(logit(then, now).mean(), abs=0.01)
    assert counterfactual > observed


def world(seed, n=900):
    """Members are paid by another rule; who joins depends on x only."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    u = rng.random(n) < 1 / (1 + np.exp(0.4 - 0.7 * x))
    free, bound = 2 + 0.4 * x, 2.3 + 0.1 * x
    noise = rng.normal(size=n)
    y = np.where(u, bound + 0.2 * noise, free + 0.4 * noise)
    return pd.DataFrame({"y": y, "u": u.astype(int), "x": x})


def test_no_coverage_covers_the_truth_and_its_error_is_right() -> None:
    truth = 0.4**2 + 0.4**2  # variance of logs were everybody free
    found = [
        structure.reweight(world(s), outcome="y", group="u", controls=["x"], draws=99,
                           statistics=["variance_of_logs"]).of("variance_of_logs", "counterfactual")
        for s in range(80)
    ]  # fmt: skip
    assert 0.87 <= np.mean([e.low <= truth <= e.high for e in found]) <= 0.995
    spread = np.std([e.estimate for e in found], ddof=1)
    assert 0.8 < np.mean([e.standard_error for e in found]) / spread < 1.2


def test_observed_errors_agree_with_influence(people) -> None:
    found = structure.reweight(people, **YEARS, draws=399, statistics=["gini", "variance_of_logs"])
    unequal = structure.inequality(
        people, outcome="log_hourly_wage", by=["calendar_year"], measures=found.statistics
    )
    checks = structure.check_errors(unequal, found, period=1985)
    assert len(checks.rows) == 2 and checks.failed == ()


def test_the_same_seed_gives_the_same_interval_and_another_nearly(people) -> None:
    options = {"statistics": ["gini"], "draws": 199}
    one, two = (structure.reweight(people, **YEARS, **options, seed=1) for _ in range(2))
    assert one.estimates == two.estimates
    other = structure.reweight(people, **YEARS, **options, seed=2).of("gini")
    assert other.standard_error == pytest.approx(one.of("gini").standard_error, rel=0.25)


def test_whole_persons_are_drawn() -> None:
    people = yuyao.open("wagepan").frame("workers")
    once = people[people["calendar_year"] == 1987]
    options = {"outcome": "log_hourly_wage", "group": "union_member", "draws": 299}
    options |= {"controls": ["education_years", "black"], "statistics": ["gini"]}
    one = structure.reweight(once, **options).of("gini", "observed")
    four = structure.reweight(pd.concat([once] * 4), **options).of("gini", "observed")
    assert four.standard_error == pytest.approx(one.standard_error, rel=0.2)
    assert (four.clusters, four.n_unit) == (545, "person_years")


def test_no_overlap_and_one_status_say_so(people) -> None:
    sharp = people.assign(sharp=people["union_member"] + 0.0)
    found = structure.reweight(sharp, **{**DESIGN, "controls": ["sharp"]})
    assert "nobody is comparable" in found.of("gini").undefined.en
    checks = structure.check_support(found)
    assert all(row.holds is None for row in checks.rows)
    alone = structure.reweight(people[people["union_member"] == 0], **DESIGN)
    assert "same status" in alone.of("gini", "observed").undefined.en


def test_support_can_fail() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=400)
    u = (rng.random(400) < 1 / (1 + np.exp(-4 * x))).astype(int)
    frame = pd.DataFrame({"y": rng.normal(size=400) + x, "u": u, "x": x})
    found = structure.reweight(frame, outcome="y", group="u", controls=["x"], draws=99)
    assert len(structure.check_support(found).failed) >= 2
    good = structure.reweight(world(0), outcome="y", group="u", controls=["x"], draws=99)
    assert structure.check_support(good).failed == ()


def test_reweighting_refuses(people) -> None:
    with pytest.raises(InputError, match="unknown counterfactual: got 'none'"):
        structure.reweight(people, **DESIGN, kind="none")
    with pytest.raises(InputError, match="needs a column of periods"):
        structure.reweight(people, **DESIGN, kind="past_coverage")
    with pytest.raises(InputError, match="no such calendar_year: got 1990"):
        structure.reweight(people, **YEARS, now=1990)
    with pytest.raises(InputError, match="draws: got 10"):
        structure.reweight(people, **DESIGN, draws=10)
    with pytest.raises(InputError, match="percentile"):
        structure.reweight(people, **DESIGN, statistics=["percentile_x"])
    with pytest.raises(InputError, match="unknown measure"):
        structure.reweight(people, **DESIGN, statistics=["mean"])


def answers(seed, n=3000, share=0.35, gap=0.25):
    """Pay of those who do not answer is that of somebody of either status."""
    rng = np.random.default_rng(seed)
    u, silent = rng.integers(0, 2, n), rng.random(n) < share
    y = 2 + gap * u + rng.normal(0, 0.3, n)
    y[silent] = rng.choice(y[~silent], silent.sum())
    return pd.DataFrame({"y": y, "u": u, "imputed": silent.astype(int)})


def test_match_bias_is_undone_both_ways() -> None:
    inside = {"reported_only": 0, "match_bias_corrected": 0, "all_rows": 0}
    for seed in range(150):
        found = structure.match_bias(answers(seed), outcome="y", group="u", imputed="imputed")
        for key in inside:
            e = found.of(key)
            inside[key] += e.low <= 0.25 <= e.high
    assert inside["reported_only"] / 150 >= 0.88
    assert inside["match_bias_corrected"] / 150 >= 0.88
    assert inside["all_rows"] / 150 < 0.05
    assert found.of("imputed_only").low < 0 < found.of("imputed_only").high
    share = found.of("share_reported").estimate
    whole = found.of("all_rows").estimate
    assert found.of("match_bias_corrected").estimate == pytest.approx(whole / share)


def test_match_bias_without_a_flag_or_with_matched_donors() -> None:
    rows = answers(1)
    blind = structure.match_bias(rows, outcome="y", group="u")
    assert "no column says" in blind.of("match_bias_corrected").undefined.en
    assert blind.of("all_rows").estimate is not None
    same = structure.match_bias(rows, outcome="y", group="u", imputed="imputed", matched=True)
    assert "no match bias" in same.of("match_bias_corrected").undefined.en
    every = structure.match_bias(rows.assign(imputed=1), outcome="y", group="u", imputed="imputed")
    assert "all pay was imputed" in every.of("match_bias_corrected").undefined.en
    with pytest.raises(DataError, match="must be 0 or 1"):
        structure.match_bias(rows.assign(imputed=2), outcome="y", group="u", imputed="imputed")


def test_top_codes(people) -> None:
    same = structure.raise_top_code(people, outcome="lwage", factor=1.0, period="calendar_year")
    assert same.frame["lwage"].equals(people["lwage"].astype(float))
    found = structure.raise_top_code(people, outcome="lwage", factor=1.4, cap=3.0)
    capped = people["lwage"] >= 3.0
    assert found.at_cap == {None: int(capped.sum())}
    moved = found.frame["lwage"] - people["lwage"]
    assert moved[capped].to_numpy() == pytest.approx(np.log(1.4))
    assert (moved[~capped] == 0).all()
    with pytest.raises(InputError, match="top-code factor: got 0.5"):
        structure.raise_top_code(people, outcome="lwage", factor=0.5)


def test_one_view_of_it_all(people) -> None:
    found = structure.overview(people, **YEARS, draws=99)
    keys = [e.key for e in found.estimates]
    assert len(keys) == len(set(keys)) and found.last == 1985
    assert {"gini_1985", "gap_1985", "unexplained_pooled_with_group_1985", "gini_part"} <= set(keys)
    plain = structure.overview(people[people["year"] == 85], **DESIGN, draws=99)
    assert plain.last is None and {"gini", "gap"} <= {e.key for e in plain.estimates}
    with pytest.raises(InputError, match="no such part"):
        structure.overview(people, **YEARS, draws=99, reference="luck")


def test_one_period_has_no_other_coverage(people) -> None:
    now = people[people["calendar_year"] == 1985]
    found = structure.reweight(now, **YEARS, kind="past_coverage", draws=99)
    assert "one period only" in found.of("gini").undefined.en


def test_means_of_both_sides(people) -> None:
    found = structure.group_means(people, group="union_member", columns=X, period="calendar_year")
    by = people.groupby(["calendar_year", "union_member"])["female"].mean()
    assert found.means["female"] == pytest.approx(by.tolist())
    assert found.cells[0] == (1978, 0) and sum(found.n) == 1084
    empty = people[(people["year"] == 78) | (people["union_member"] == 0)]
    found = structure.group_means(empty, group="union_member", columns=X, period="calendar_year")
    assert found.means["female"][-1] is None and found.n[-1] == 0
