"""The skill ladder: counts by cell, hazards against the truth and another route, moves."""

import numpy as np
import pandas as pd
import pytest

import yuyao_lib as yuyao
from yuyao_lib import display
from yuyao_lib.errors import DataError, InputError
from yuyao_lib.methods.grade_moves import GONE, grade_moves
from yuyao_lib.methods.grade_occupancy import grade_occupancy
from yuyao_lib.methods.promotion_cox import promotion_cox
from yuyao_lib.methods.promotion_hazards import promotion_hazards
from yuyao_lib.methods.skill_ladder import PLACES, hazard_variants, skill_ladder
from yuyao_lib.sources.grade_counts import CAME_BEFORE, grade_counts


@pytest.fixture(scope="module")
def register():
    return yuyao.open("simulated", scale=0.05, seed=2, heaping=0.5)


@pytest.fixture(scope="module")
def counts(register):
    return grade_counts(register)


@pytest.fixture(scope="module")
def found(register, counts):
    return skill_ladder(counts, register.frame("assessments"))


def test_counts_equal_those_of_pandas(register, counts) -> None:
    rows = register.frame(
        "worker_quarters", columns=["worker_id", "employer_id", "quarter", "grade"]
    )
    rows = rows.assign(
        q=rows["quarter"].astype(str).str[:4].astype(int) * 4
        + rows["quarter"].astype(str).str[-1].astype(int) - 1,
        w=rows["worker_id"].astype(str), e=rows["employer_id"].astype(str),
    ).sort_values(["w", "q"])  # fmt: skip
    later = rows.groupby("w")[["q", "e", "grade"]].shift(-1)
    stays = (later["q"] == rows["q"] + 1) & (later["e"] == rows["e"])
    risk = (rows["grade"] < 5) & (rows["q"] < rows["q"].max())
    up = risk & stays & (later["grade"] > rows["grade"])
    assert counts.missing == ()
    assert counts.cells["at_risk"].sum() == risk.sum()
    assert counts.cells["left"].sum() == (risk & ~stays).sum()
    by_grade = counts.cells.groupby("grade")["promoted"].sum()
    assert by_grade.to_dict() == up.groupby(rows["grade"]).sum().loc[:4].to_dict()
    year = rows.loc[rows["q"] == rows["q"].max() - 4]
    last = counts.moves["year"].max()
    assert counts.moves.loc[counts.moves["year"] == last, "workers"].sum() == len(year)


def test_what_begins_in_a_quarter_counts_from_the_next(register, counts) -> None:
    pairs = register.frame("mentor_pairs")
    rows = register.frame("worker_quarters", columns=["worker_id", "quarter", "grade"])
    began = pairs.groupby("apprentice_id")["start_on"].min()
    rows = rows[rows["worker_id"].isin(began.index)]
    start = rows["worker_id"].astype(str).map(began).dt.to_period("Q").astype(str)
    quarter = rows["quarter"].astype(str)
    after = (quarter > start) & (quarter < "2023Q2") & (rows["grade"] < 5)
    assert counts.cells.loc[counts.cells["mentored"] == 1, "at_risk"].sum() == after.sum()


def test_ratios_of_sitting_are_those_that_were_set(found) -> None:
    truth = {"accredited": 1.5, "mentored": 1.25, "contest": 1.15, "trained": 1.0}
    for ratio in found.sitting.ratios:
        if ratio.estimate is not None:  # four errors: this must hold for any seed
            distance = abs(np.log(ratio.estimate / truth[ratio.key]))
            error = found.sitting.estimate(ratio.key).standard_error
            assert distance < 4 * error and error < 0.5
    assert found.sitting.events > found.hazards.events
    assert set(PLACES) == set(CAME_BEFORE)


def test_promotion_is_held_against_what_was_set_only_where_passing_is_alike(
    register, found
) -> None:
    # seen in the exams themselves: who entered contests or took courses passes more often
    exams = register.frame("assessments")
    sat = exams[["theory", "skill"]].min(axis=1) >= 60
    abler = register.frame("contest_entries")["worker_id"].unique()
    entered = exams["worker_id"].isin(abler)
    assert sat[entered].mean() > sat[~entered].mean()
    answers = found.known_answers.answers
    told = [(a.estimate.key, "sitting" in a.name.en) for a in answers]
    promotion = [key for key, sitting in told if not sitting]
    assert promotion == ["accredited", "mentored"]
    assert [key for key, sitting in told if sitting] == list(CAME_BEFORE)


def test_one_covariate_without_strata_is_the_ratio_of_two_logs() -> None:
    rows = pd.DataFrame(
        {"employer_id": np.repeat(np.arange(20), 2), "year": 2020, "grade": 0,
         "contest": [0, 1] * 20, "at_risk": 500, "promoted": [5, 8] * 20}
    )  # fmt: skip
    model = promotion_hazards(rows, covariates=["contest"], strata=["grade"])
    exact = np.log(np.log1p(-8 / 500) / np.log1p(-5 / 500))
    assert model.estimates[0].estimate == pytest.approx(exact, abs=1e-8)
    # employers are all alike, so that the sandwich is zero and the likelihood's error stands
    p, q = 5 / 500, 8 / 500
    own = sum(r / (10_000 * (1 - r) * np.log1p(-r) ** 2) for r in (p, q))
    assert model.estimates[0].standard_error == pytest.approx(np.sqrt(own), rel=1e-6)


def test_errors_grow_where_employers_differ() -> None:
    rng = np.random.default_rng(3)
    rate = np.repeat(np.where(rng.random(60) < 0.5, 0.002, 0.03), 2)
    rows = pd.DataFrame(
        {"employer_id": np.repeat(np.arange(60), 2), "year": 2020, "grade": 0,
         "contest": np.repeat(np.arange(60) % 2, 2), "at_risk": 1000,
         "promoted": rng.binomial(1000, rate)}
    )  # fmt: skip
    together = promotion_hazards(rows, covariates=["contest"], strata=["grade"]).estimates[0]
    alone = promotion_hazards(
        rows.assign(employer_id=np.arange(120)), covariates=["contest"], strata=["grade"]
    ).estimates[0]
    assert together.standard_error > 1.2 * alone.standard_error
    assert together.clusters == 60


def test_moves_count_who_is_gone() -> None:
    rows = pd.DataFrame({"year": [2020, 2020, 2021], "before": [0, 1, 0],
                         "after": [1.0, 1.0, np.nan], "workers": [30, 50, 20]})  # fmt: skip
    moves = grade_moves(rows)
    assert moves.after == (0, 1, GONE) and moves.counts.tolist() == [[0, 30, 20], [0, 50, 0]]
    by_key = {e.key: e for e in moves.estimates}
    assert by_key["moved_up"].estimate == 60 and by_key["gone"].estimate == 20
    assert by_key["moved_up_2021"].estimate == 0


def test_shares_add_up_and_scores_that_were_lifted_are_found(found) -> None:
    assert sum(e.estimate for e in found.endings.estimates) == pytest.approx(1)
    assert {e.key for e in found.endings.estimates} == {"left", "promoted", "still_open"}
    assert found.heap.estimate("heaped_above").low > 0


def test_parts_show_and_say_that_they_are_simulated(register, counts, found) -> None:
    shown = [display.draw(p, register) for p in (found.moves, found.hazards, found.heap)]
    tables = (found.moves, found.hazards, found.known_answers, hazard_variants(counts))
    shown += [display.tabulate(p, register) for p in tables]
    assert {s.kind for s in shown} == {"chart", "table"}
    words = display.findings(found, register, topic="skill_ladder").plain
    assert words.en.startswith("In simulated data") and "effect of" not in words.en
    assert words.zh.startswith("在效应由我们设定的模拟数据中") and "备案" in words.zh


def test_absent_tables_switch_parts_off(counts) -> None:
    data = yuyao.open("record")
    none = skill_ladder(None, None)
    assert all(e.undefined is not None for e in none.estimates)
    for part in (none.moves, none.endings, none.hazards, none.heap):
        assert display.draw(part, data).kind == "notice"
    less = promotion_hazards(counts.cells.drop(columns="mentored"), covariates=CAME_BEFORE)
    assert less.estimate("mentored").undefined.en == "not run: no table tells of a mentor"
    assert less.estimate("accredited").undefined is None


def test_what_cannot_be_used_is_refused(counts) -> None:
    with pytest.raises(InputError, match="event: got 'paid'"):
        promotion_hazards(counts.cells, covariates=CAME_BEFORE, event="paid")
    with pytest.raises(DataError, match="unknown column: got 'begun'"):
        promotion_hazards(counts.cells.drop(columns="begun"), covariates=CAME_BEFORE)
    with pytest.raises(InputError, match="grade"):
        skill_ladder(counts, None, grade=5)


def test_cox_with_changing_covariates_equals_a_second_package(counts) -> None:
    import statsmodels.api as sm

    assert counts.intervals["at_risk"].sum() == counts.cells["at_risk"].sum()
    assert counts.intervals["promoted"].sum() == counts.cells["promoted"].sum()
    part = counts.intervals[counts.intervals["grade"] == 0]
    found = promotion_cox(part, covariates=CAME_BEFORE)
    used = [e.key for e in found.estimates if e.undefined is None]
    # a Poisson regression with a level for each quarter of each baseline is Breslow's Cox
    keys = ["quarter_of_grade", "begun"]
    sums = part.groupby([*keys, "year", *used])[["at_risk", "promoted"]].sum().reset_index()
    sums = sums[sums.groupby(keys)["promoted"].transform("sum") > 0]
    levels = pd.get_dummies(sums.groupby(keys).ngroup(), dtype=float)
    years = pd.get_dummies(sums["year"], dtype=float).iloc[:, 1:]
    x = np.column_stack([sums[used], years, levels])
    fit = sm.GLM(sums["promoted"], x, family=sm.families.Poisson(), exposure=sums["at_risk"]).fit()
    for k, name in enumerate(used):
        e = found.estimate(name)
        assert e.estimate == pytest.approx(fit.params.iloc[k], abs=0.01)  # ties differ
        assert e.standard_error == pytest.approx(fit.bse.iloc[k], rel=0.01)
    discrete = promotion_hazards(counts.cells, covariates=CAME_BEFORE)
    whole = promotion_cox(counts.intervals, covariates=CAME_BEFORE)
    for e in whole.estimates:
        if e.undefined is None:
            assert abs(e.estimate - discrete.estimate(e.key).estimate) < 0.2 * e.standard_error


def test_cox_says_why_it_has_no_ratio() -> None:
    none = promotion_cox(None, covariates=["mentored"])
    assert "no worker-quarters" in none.estimates[0].undefined.en
    rows = pd.DataFrame({"quarter_of_grade": [0, 0], "grade": 0, "begun": 1, "year": 2020,
                         "mentored": [0, 1], "at_risk": 50, "promoted": [20, 0]})  # fmt: skip
    why = promotion_cox(rows, covariates=["mentored"]).estimates[0].undefined
    assert why.en == "fewer than 10 events among those with a mentor"
    with pytest.raises(DataError, match="begun"):
        promotion_cox(rows.drop(columns="begun"), covariates=["mentored"])


def test_everybody_of_the_first_quarter_is_in_one_state(register, counts) -> None:
    rows = register.frame("worker_quarters", columns=["worker_id", "quarter", "grade"])
    name = rows["quarter"].astype(str)
    first, last = (rows[name == q].set_index("worker_id")["grade"] for q in ("2018Q1", "2023Q2"))
    cohort = first[first == 1]
    there = last.reindex(cohort.index)
    found = grade_occupancy(counts.held, grade=1)
    assert found.counts.sum(axis=1).tolist() == [len(cohort)] * 22
    told = {e.key: e.estimate for e in found.estimates}
    assert told["held_gone"] == pytest.approx(100 * there.isna().mean())
    assert told["held_higher"] == pytest.approx(100 * (there > 1).mean())
    assert sum(told.values()) == pytest.approx(100)
    shown = display.draw(found, register).html.en
    assert "quarters" in shown and "SIMULATED" in shown
    assert grade_occupancy(None).estimates[0].undefined is not None
    with pytest.raises(InputError, match="0 to 5"):
        grade_occupancy(counts.held, grade=7)
