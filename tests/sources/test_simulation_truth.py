"""The truth of the full register, reached again by a second route from its tables.

One register of full scale is built once for this module. Bounds are four standard
errors where a quantity is counted from draws.
"""

import numpy as np
import pandas as pd
import pytest

from yuyao_lib.sources.simulation import (
    Setting,
    build,
    check_targets,
    open_potential_outcomes,
    open_simulated,
    parameters,
    read_truth,
)
from yuyao_lib.sources.simulation.disputes import draw_cells, filing_rates
from yuyao_lib.sources.simulation.durations import OUTCOMES, mediate
from yuyao_lib.sources.simulation.population import build_population
from yuyao_lib.sources.simulation.relief import exit_chance
from yuyao_lib.sources.simulation.setting import effects_of

FULL = Setting(seed=7)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return build(FULL, tmp_path_factory.mktemp("full") / "register")


@pytest.fixture(scope="module")
def data(folder):
    return open_simulated(path=folder)


@pytest.fixture(scope="module")
def truth(data):
    return read_truth(data)["truths"]


@pytest.fixture(scope="module")
def panel(data):
    """Return the whole panel with counted quarters and the employer's first contract."""
    columns = ["worker_id", "employer_id", "quarter", "gross_wage", "grade", "separated"]
    frame = data.frame("worker_quarters", columns=columns)
    frame["t"] = frame.quarter.cat.codes.astype("int16")
    frame["log_wage"] = np.log(frame.gross_wage)
    contracts = data.frame("contracts").query("kind == 'grade_wage' and round == 1")
    start = quarters(contracts.set_index("employer_id").effective_on)
    by_employer = start.reindex(frame.employer_id.cat.categories).fillna(99).to_numpy()
    frame["start"] = by_employer[frame.employer_id.cat.codes].astype("int16")
    same = frame.worker_id.cat.codes.to_numpy()
    spell = np.r_[True, same[1:] != same[:-1]]
    frame["spell"] = np.cumsum(spell)
    frame["seen"] = frame.groupby("spell").cumcount().astype("int16")
    return frame


@pytest.fixture(scope="module")
def outcomes(data):
    return open_potential_outcomes(data, purpose="estimator_check")


def quarters(days: pd.Series) -> pd.Series:
    """Return the place of each day's quarter in the panel."""
    return (days.dt.year - 2018) * 4 + (days.dt.month - 1) // 3


def rate_ratio(hits: pd.Series, exposed: pd.Series, strata: list) -> tuple[float, float]:
    """Return observed over expected hits of the exposed within strata, and its error."""
    counts = []
    for side in (False, True):
        mask = exposed == side
        counts.append(
            hits[mask].astype(float).groupby([s[mask] for s in strata]).agg(["sum", "size"])
        )
    base, seen = (count.reindex(counts[0].index.intersection(counts[1].index)) for count in counts)
    expected = (base["sum"] / base["size"] * seen["size"]).sum()
    return seen["sum"].sum() / expected, np.sqrt(seen["sum"].sum()) / expected


def firm_means(frame: pd.DataFrame) -> pd.DataFrame:
    """Return mean log wages, firms by quarters."""
    return frame.pivot_table(index="employer_id", columns="t", values="log_wage", observed=True)


def test_every_total_at_full_scale(folder) -> None:
    report = check_targets(folder, FULL)
    assert report.ok, "\n".join(report.lines())
    assert {row.key: row.got for row in report.rows}["members"] == 400_400


def test_shape_and_calibration(panel) -> None:
    known = parameters()
    assert len(panel) == 400_400 * 22
    wages = panel.loc[panel.quarter == "2022Q2"]
    assert wages.gross_wage.mean() == pytest.approx(known["wage_mean_month_2022"], rel=0.002)
    row = known.row("sd_log_wage")
    assert float(row.low) < wages.log_wage.std() < float(row.high)
    here, year_later = (panel.worker_id[panel.t == t].to_numpy() for t in (8, 12))
    row = known.row("separation_year")
    assert float(row.low) < (here != year_later).mean() < float(row.high)
    growth = panel.groupby("t").log_wage.mean().diff().mean()
    assert growth == pytest.approx(known["wage_growth_quarter"], abs=0.003)
    certified = panel.loc[(panel.t == 0) & (panel.grade > 0), "grade"]
    assert (certified >= 3).mean() == pytest.approx(known["ningbo_high_skilled_share"], abs=0.01)


def test_outcomes_with_the_contract_are_those_observed(panel, outcomes) -> None:
    treated = panel[panel.start < 99]
    assert (treated.worker_id.astype(str).to_numpy() == outcomes.worker_id.to_numpy()).all()
    gap = treated.log_wage.to_numpy() - outcomes.log_wage_with.to_numpy()
    assert np.abs(gap).max() < 0.51 / treated.gross_wage.min()


def test_average_effects_counted_again(panel, outcomes, truth) -> None:
    treated = panel[panel.start < 99].reset_index(drop=True)
    event = treated.t - treated.start
    effect = outcomes.log_wage_with - outcomes.log_wage_without
    started = event >= 0
    for name, mask in (("all_cells", started), ("stayers", started & outcomes.stayer)):
        told = truth["contract"][name]
        assert told["n_cells"] == mask.sum()
        assert told["att"] == pytest.approx(effect[mask].mean(), abs=1e-6)
        by_event = effect[mask].groupby(event[mask]).mean()
        assert {int(k): v for k, v in told["by_event_time"].items()} == pytest.approx(
            by_event.to_dict(), abs=1e-6
        )
        by_grade = effect[mask].groupby(treated.grade[mask]).mean()
        assert list(told["by_grade"].values()) == pytest.approx(by_grade.tolist(), abs=1e-6)
    assert effect[~started].abs().max() == 0


def test_stayers_held_their_job_before_the_contract(panel, outcomes) -> None:
    treated = panel[panel.start < 99].reset_index(drop=True)
    before = treated[treated.t == treated.start - 1]
    pairs = set(zip(before.worker_id, before.employer_id, strict=True))
    sample = treated[treated.t >= treated.start].sample(5000, random_state=1)
    there = [pair in pairs for pair in zip(sample.worker_id, sample.employer_id, strict=True)]
    assert there == outcomes.stayer[sample.index].tolist()


def test_difference_in_differences_of_the_outcomes(panel, outcomes, truth) -> None:
    treated = panel[panel.start < 99].reset_index(drop=True)
    spell = treated.spell
    last_before = treated.t == treated.start - 1
    for column, expected in (("log_wage_with", 1), ("log_wage_without", 0)):
        base = outcomes[column].where(last_before).groupby(spell).transform("max")
        other = outcomes.log_wage_without.where(last_before).groupby(spell).transform("max")
        change = outcomes[column] - base - (outcomes.log_wage_without - other)
        mask = (treated.t >= treated.start) & outcomes.stayer
        told = truth["contract"]["stayers"]["att"] * expected
        assert change[mask].mean() == pytest.approx(told, abs=1e-6)


def test_estimate_against_never_treated_is_near_the_truth(panel, truth) -> None:
    big = panel.groupby("employer_id").size().loc[lambda n: n >= 22 * 90].index
    firms = panel[panel.employer_id.isin(big)]
    means = firm_means(firms)
    start = firms.groupby("employer_id", observed=True).start.first()
    control = means[start == 99].mean()
    gaps, weights = [], firms[firms.t == 0].groupby("employer_id", observed=True).size()
    for firm in means.index[start < 99]:
        g = start[firm]
        change = means.loc[firm, g:].to_numpy() - means.loc[firm, g - 1]
        gaps.append((weights[firm], (change - (control[g:] - control[g - 1])).mean(), 22 - g))
    size, gap, cells = np.array(gaps).T
    estimate = np.average(gap, weights=size * cells)
    assert estimate == pytest.approx(truth["contract"]["all_cells"]["att"], abs=4 * 0.0075)


def test_contract_firms_paid_more_before(panel) -> None:
    early = panel[panel.t < 13]
    effect = early.groupby("employer_id", observed=True).agg(
        wage=("log_wage", "mean"), start=("start", "first"), n=("t", "size")
    )
    effect = effect[effect.n >= 13 * 80]
    gap = effect.wage[effect.start < 99].mean() - effect.wage[effect.start == 99].mean()
    assert 0.03 < gap < 0.25


def test_firm_quarter_shocks_are_there(panel, truth) -> None:
    known = parameters()
    assert truth["firm_quarter_shock"]["sd"] == pytest.approx(
        known["sd_firm_quarter_shock"], rel=0.05
    )
    control = panel[panel.start == 99]
    size = control[control.t == 0].groupby("employer_id", observed=True).size()
    big = control[control.employer_id.isin(size.index[size >= 600])]
    means = firm_means(big)
    steps = means.diff(axis=1).iloc[:, 1:]
    variance = (steps - steps.mean()).to_numpy().var()
    expected = 2 * (1 - known["ar1_firm_quarter"]) * known["sd_firm_quarter_shock"] ** 2
    assert expected < variance < 1.6 * expected


def test_separation_ratio(panel, truth) -> None:
    watched = panel[panel.t > panel.seen]  # the spell began within the panel: tenure is known
    band = np.select([watched.seen < 4, watched.seen < 12], [0, 1], 2)
    covered = watched.t >= watched.start
    ratio, error = rate_ratio(
        watched.separated, covered, [pd.Series(band, watched.index), watched.t % 4]
    )
    told = truth["ratios"]["separation_contract"]
    assert ratio == pytest.approx(told, abs=4 * error) and 4 * error < 0.1


@pytest.mark.parametrize("who", ["accreditation", "mentor", "contest"])
def test_promotion_ratios(data, panel, truth, who) -> None:
    risk = panel.loc[panel.grade == 0, ["worker_id", "employer_id", "t", "seen"]]
    exams = data.frame("assessments").query("target_grade == 1")
    sat = pd.MultiIndex.from_arrays([exams.worker_id, quarters(exams.assessed_on)])
    code = pd.Series(np.arange(len(risk.worker_id.cat.categories)), risk.worker_id.cat.categories)
    key = risk.worker_id.cat.codes.to_numpy() * 100 + risk.t.to_numpy()
    hits = np.isin(key, code[sat.get_level_values(0)].to_numpy() * 100 + sat.get_level_values(1))
    if who == "accreditation":
        since = quarters(data.frame("employers").set_index("employer_id").accredited_on)
        first = since.reindex(risk.employer_id.cat.categories).fillna(99).to_numpy()
        exposed = risk.t.to_numpy() >= first[risk.employer_id.cat.codes]
    else:
        if who == "mentor":
            pairs = data.frame("mentor_pairs")
            events = pd.Series(quarters(pairs.start_on).to_numpy(), pairs.apprentice_id.to_numpy())
        else:
            held = quarters(data.frame("contests").set_index("contest_id").held_on)
            entries = data.frame("contest_entries")
            events = pd.Series(held[entries.contest_id].to_numpy(), entries.worker_id.to_numpy())
        first = events.groupby(level=0).min().reindex(code.index).fillna(99).to_numpy()
        exposed = risk.t.to_numpy() > first[risk.worker_id.cat.codes]
    tenure = risk.seen.where(risk.t > risk.seen, 22)
    ratio, error = rate_ratio(
        pd.Series(hits, risk.index), pd.Series(exposed, risk.index), [risk.t, tenure]
    )
    assert ratio == pytest.approx(truth["ratios"][f"promotion_{who}"], abs=4 * error)
    assert ratio > 1 + 1.5 * error


def changes(panel: pd.DataFrame) -> pd.DataFrame:
    """Return wage changes to the next quarter within a spell, less the quarter's mean."""
    following = panel.spell.shift(-1) == panel.spell
    change = (panel.log_wage.shift(-1) - panel.log_wage)[following]
    kept = panel.loc[following, ["worker_id", "t", "start"]].assign(change=change)
    kept["raised"] = (panel.grade.shift(-1) - panel.grade)[following].astype("int8")
    return kept[kept.start == 99]


def test_training_raises_pay_by_its_effect(data, panel, truth) -> None:
    steps = changes(panel)
    steps = steps[steps.raised == 0]
    usual = steps.groupby("t").change.mean()
    spells = data.frame("training").query("kind == 'skill'")
    first = quarters(spells.start_on).groupby(spells.worker_id.to_numpy()).min()
    when = first.reindex(steps.worker_id.cat.categories).fillna(99).to_numpy()
    trained = steps[when[steps.worker_id.cat.codes] == steps.t]
    gain = trained.change - trained.t.map(usual)
    error = gain.std() / np.sqrt(len(gain))
    assert gain.mean() == pytest.approx(truth["training"]["log_points"], abs=4 * error)
    assert error < 0.002


def test_pay_jumps_at_the_pass_mark(data, panel, truth) -> None:
    steps = changes(panel)
    people = steps.worker_id.cat.categories
    steps["key"] = steps.worker_id.cat.codes.astype("int64") * 100 + steps.t
    usual = steps[steps.raised == 0].groupby("t").change.mean()
    exams = data.frame("assessments")
    exams["t"] = quarters(exams.assessed_on)
    exams["key"] = people.get_indexer(exams.worker_id) * 100 + exams.t
    exams["lower"] = exams[["theory", "skill"]].min(axis=1)
    assert (exams.passed == (exams.lower >= 60)).all()
    assert exams.passed.mean() == pytest.approx(parameters()["assessment_pass_rate"], abs=0.02)
    near = exams[exams.lower.between(54, 65.9)].merge(steps[["key", "change"]], on="key")
    near["gain"] = near.change - near.t.map(usual)
    told = truth["exam"]["jump_by_target_grade"]
    for target in (1, 2, 3):
        group = near[near.target_grade == target].groupby("passed").gain
        jump = group.mean()[True] - group.mean()[False]
        error = np.sqrt((group.var() / group.size()).sum())
        assert jump == pytest.approx(told[str(target)], abs=4 * error)
        assert error < 0.02


def test_settlement_ratio_by_exposure() -> None:
    known, effects, n = parameters(), effects_of(FULL, parameters()), 200_000
    after = np.arange(n) % 2 == 1
    filed = np.full(n, np.datetime64("2021-01-01"))
    rng = np.random.default_rng(1)
    spells = mediate(rng, known, effects, filed, after)
    shape = known.all("settlement_weibull")[0]
    days = (spells.closed_on - filed).astype(np.int64)
    exposure = np.where(days == 15, 15.0, days - 0.5) ** shape
    settled = spells.outcome == OUTCOMES.index("settled")
    rates = [settled[m].sum() / exposure[m].sum() for m in (after, ~after)]
    assert rates[0] / rates[1] == pytest.approx(effects.settlement, rel=0.03)
    withdrawn = spells.outcome == OUTCOMES.index("withdrawn")
    others = [withdrawn[m].sum() / exposure[m].sum() for m in (after, ~after)]
    assert others[0] / others[1] == pytest.approx(1.0, rel=0.06)
    closed = spells.outcome[~after]
    share = (closed == OUTCOMES.index("settled")).mean()
    assert share == pytest.approx(known["settled_share_sim"], abs=0.02)


def test_disputes_are_rarer_under_a_contract() -> None:
    effects = effects_of(FULL, parameters())
    population = build_population(FULL, parameters())
    rate = filing_rates(effects, population)
    jobs = population.employers.jobs
    covered = population.employers.adoption[:, None] <= np.arange(22)
    per_job = rate / jobs[:, None]
    ratio = per_job[covered].mean() / per_job[~covered].mean()
    assert ratio == pytest.approx(effects.disputes)
    row, column = draw_cells(np.random.default_rng(1), rate, 400_000)
    drawn = covered[row, column].mean()
    assert drawn == pytest.approx(rate[covered].sum() / rate.sum(), rel=0.05)


def test_hardship_exits_jump_at_both_limits(data, truth) -> None:
    known, effects = parameters(), effects_of(FULL, parameters())
    for limit, jump in ((1, "jump_at_1"), (2, "jump_at_2")):
        below, above = exit_chance(np.array([limit - 1e-9, limit]), known, effects)
        assert above - below == pytest.approx(truth["hardship"][jump])
    cases = data.frame("aid_cases")
    ratio = (cases.income_pc - cases.spending_pc) / truth["hardship"]["living_standard_month"]
    left = cases.exited_on.notna()
    expected = exit_chance(ratio.to_numpy(), known, effects)
    for group in (ratio < 1, ratio.between(1, 2), ratio > 2):
        error = np.sqrt(0.25 / group.sum())
        assert left[group].mean() == pytest.approx(expected[group].mean(), abs=4 * error)
    assert set(cases.category[ratio < 1]) == {"deep"}
    within = (cases.exited_on - cases.opened_on).dropna().dt.days
    assert within.between(1, 365).all()


def test_the_ill_enrol_more(truth, tmp_path) -> None:
    aid = truth["mutual_aid"]
    assert aid["mean_risk_enrolled"] - aid["mean_risk_others"] == pytest.approx(0.3, abs=0.03)
    null = build(Setting(scale=0.05, seed=2, null=True), tmp_path / "null")
    aid = read_truth(open_simulated(path=null))["truths"]["mutual_aid"]
    assert abs(aid["mean_risk_enrolled"] - aid["mean_risk_others"]) < 0.03


def test_variance_parts(panel, truth) -> None:
    variance = truth["variance"]["variance"]
    held = truth["lasting_variance"]["variance"]
    assert held["worker"] == pytest.approx(variance["worker"], rel=1e-5)
    assert variance["firm"] * 0.98 < held["firm"] < variance["firm"] + variance["firm_quarter"]
    untreated = panel[panel.start == 99]
    within = untreated.log_wage - untreated.groupby("t").log_wage.transform("mean")
    assert variance["total"] == pytest.approx(within.var(), rel=0.02)
    parts = sum(v for k, v in variance.items() if k != "total")
    whole = parts + sum(truth["variance"]["twice_covariance"].values())
    assert whole == pytest.approx(variance["total"], rel=0.01)
    row = parameters().row("firm_share_corrected")
    assert float(row.low) < truth["variance"]["share"]["firm"] < float(row.high)
