"""Returns to skill: matrices by pandas, effects by pyfixest, marks and truths of a register."""

import numpy as np
import pandas as pd
import pytest

import yuyao_lib as yuyao
from yuyao_lib import display
from yuyao_lib.errors import InputError
from yuyao_lib.findings import Mode
from yuyao_lib.methods import page_trials, skill_returns
from yuyao_lib.methods.absence import Absent
from yuyao_lib.methods.colleague_studies import colleague_study, difference_of
from yuyao_lib.methods.propensity import weighted_means
from yuyao_lib.methods.published_returns import published_returns
from yuyao_lib.sources import cutoff_pay, literature
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.sources.pay_spells import PaySpells, first_events, pay_spells
from yuyao_lib.sources.simulation.told import told


@pytest.fixture(scope="module")
def register():
    return yuyao.open("simulated", scale=0.05, seed=2, heaping=0.5)  # as for the skill ladder


@pytest.fixture(scope="module")
def pay(register):
    return pay_spells(register)


@pytest.fixture(scope="module")
def events(register, pay):
    return first_events(register, pay)


@pytest.fixture(scope="module")
def exam(register, pay):
    return skill_returns.pass_mark(cutoff_pay.exam_pay(register, pay))


@pytest.fixture(scope="module")
def found(register, pay, events, exam):
    rows = cutoff_pay.course_pay(register, pay, events)
    return skill_returns.together(
        [
            skill_returns.event_studies(pay, events),
            skill_returns.training_gap(pay, events),
            skill_returns.weighted_courses(rows),
            exam,
            skill_returns.prize_margin(cutoff_pay.contest_pay(register, pay)),
            skill_returns.title_score(cutoff_pay.title_pay(register, pay)),
            skill_returns.job_outcomes(pay, events),
        ]
    )


def test_jumps_alone_are_those_of_the_page(register, found, exam) -> None:
    alone = page_trials.PARTS["skill_cutoffs"](register)["returns"].answers
    of_page = {e.key: e for e in found.routes}
    graded = {e.key: e for e in exam.estimates[1:]}
    assert [a.estimate.key for a in alone] == [
        "pass_mark", "prize_cutoff", "title_cutoff", *graded,
    ]  # fmt: skip
    assert all(a.estimate == (of_page | graded)[a.estimate.key] for a in alone)
    assert all(exam.truths[a.estimate.key] == a.place for a in alone if a.estimate.key in graded)


def test_who_stays_is_asked_alone(register, found) -> None:
    alone = page_trials.PARTS["skill_jobs"](register)["returns"].answers
    of_page = {e.key: e for e in found.jobs}
    assert {a.estimate.key for a in alone} == set(skill_returns.STAYS)
    assert all(a.estimate == of_page[a.estimate.key] and a.place == "0" for a in alone)


def made_up(*, effect: float, seed: int = 0, firms: int = 40) -> tuple[PaySpells, np.ndarray]:
    """Return pay of workers of small firms, some trained, the able sooner."""
    rng = np.random.default_rng(seed)
    size, width = 12, 10
    employer = np.repeat(np.arange(firms), size)
    n = len(employer)
    ability = rng.normal(0, 0.3, n)
    key = rng.gumbel(size=n) + 3 * ability
    first = np.where(key > np.quantile(key, 0.6), rng.integers(3, 8, n), np.inf)
    shock = rng.normal(0, 0.1, (firms, width)).cumsum(axis=1)
    y = ability[:, None] + shock[employer] + rng.normal(0, 0.05, (n, width))
    y += effect * (np.arange(width)[None, :] > first[:, None])
    y[rng.random(n) < 0.2, -2:] = np.nan  # some leave
    start = rng.integers(-50, 1, n).astype(float)
    return PaySpells(
        y, np.zeros((n, width), np.int8), employer, np.arange(n), np.arange(n, dtype=np.uint64),
        start, 8072,
    ), first  # fmt: skip


def long_differences(spells: PaySpells, first: np.ndarray, k: int) -> pd.DataFrame:
    """Write treated and controls of one quarter since the event, by a loop."""
    rows = []
    for i in np.flatnonzero(first + k < spells.n_quarters):
        g, t = int(first[i]), int(first[i] + k)
        band = np.digitize(g - 1 - spells.start[i], (4, 12, 40))
        change = spells.log_pay[i, t] - spells.log_pay[i, g - 1]
        if np.isnan(change):
            continue
        rows.append((spells.employer[i], f"{spells.employer[i]} {g} {band}", 1.0, change))
        rows += [
            (spells.employer[j], f"{spells.employer[j]} {g} {band} {i}", 0.0, c)
            for j in range(len(first))
            if spells.employer[j] == spells.employer[i] and first[j] > max(t, g)
            and np.digitize(g - 1 - spells.start[j], (4, 12, 40)) == band
            and np.isfinite(c := spells.log_pay[j, t] - spells.log_pay[j, g - 1])
        ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["firm", "who", "d", "change"])
    frame["cell"] = frame["who"].str.split().str[:3].str.join(" ")
    return frame


def test_one_quarter_equals_a_weighted_regression_with_clustered_errors() -> None:
    import pyfixest as pf

    spells, first = made_up(effect=0.08, firms=25)
    study = colleague_study(spells, first, leads=2, lags=2)
    rows = long_differences(spells, first, 2)
    # each control once a cell, however many of it were treated
    controls = rows[rows["d"] == 0].drop_duplicates(["cell", "change"])
    rows = pd.concat([rows[rows["d"] == 1], controls])
    sides = rows.groupby("cell")["d"].agg(["sum", "size"])
    whole = sides[(sides["sum"] > 0) & (sides["size"] > sides["sum"])]
    rows = rows[rows["cell"].isin(whole.index)]
    treated = rows["cell"].map(whole["sum"])
    others = rows["cell"].map(whole["size"]) - treated
    rows = rows.assign(w=np.where(rows["d"] == 1, 1.0, treated / others))
    ssc = pf.ssc(k_adj=False, G_adj=False)
    fit = pf.feols("change ~ d | cell", rows, weights="w", vcov={"CRV1": "firm"}, ssc=ssc)
    part = study.parts[study.times.index(2)]
    assert part.estimate == pytest.approx(fit.coef()["d"], abs=1e-9)
    assert part.standard_error == pytest.approx(fit.se()["d"], rel=1e-6)
    assert part.clusters == rows["firm"].nunique()


def test_intervals_hold_what_was_set_at_the_promised_rate() -> None:
    inside, before = 0, 0
    for seed in range(100):
        spells, first = made_up(effect=0.05, seed=seed)
        study = colleague_study(spells, first, leads=2, lags=2)
        inside += study.pooled.low < 0.05 < study.pooled.high
        before += study.test.rejects()
    assert 88 <= inside <= 99  # a rate of 95 percent gives fewer or more once in a thousand
    assert before <= 13


def test_pay_just_before_an_event_shows_in_the_quarters_before() -> None:
    spells, first = made_up(effect=0.05, firms=80)
    rising = spells.log_pay + 0.05 * (np.arange(10) - first[:, None] >= -2) * (first < 99)[:, None]
    held = PaySpells(rising, spells.grade, spells.employer, spells.worker, spells.keys,
                     spells.start, spells.first_quarter)  # fmt: skip
    assert colleague_study(held, first, leads=3, lags=2).test.rejects(size=0.001)


def test_a_study_says_why_it_has_nothing() -> None:
    spells, first = made_up(effect=0.0, firms=2)
    assert "fewer than 3 employers" in colleague_study(spells, first).pooled.undefined.en
    none = colleague_study(spells, np.full(len(first), np.inf), leads=2, lags=2)
    assert none.persons == 0 and none.test.undefined is not None
    assert difference_of(none, none, key="d").undefined is not None
    with pytest.raises(InputError, match="quarters before and after"):
        colleague_study(spells, first, leads=0)
    with pytest.raises(InputError, match="reference quarter"):
        colleague_study(spells, first, reference=0)


def test_the_matrix_and_first_events_equal_those_of_pandas(register, pay, events) -> None:
    names = ["worker_id", "employer_id", "quarter", "gross_wage"]
    rows = register.frame("worker_quarters", columns=names)
    quarter = rows["quarter"].astype(str)
    q = quarter.str[:4].astype(int) * 4 + quarter.str[-1].astype(int) - 1
    assert pay.first_quarter == q.min() and pay.paid.sum() == len(rows)
    sums = np.log(rows["gross_wage"].astype("float64")).groupby(q).sum().to_numpy()
    assert np.nansum(pay.log_pay.astype("float64"), axis=0) == pytest.approx(sums, rel=1e-6)
    spells = rows[["worker_id", "employer_id"]].drop_duplicates()
    assert len(spells) == len(pay.worker) and spells["worker_id"].nunique() == len(pay.keys)
    courses = register.frame("training")
    skill = courses[courses["kind"].astype(str) == "skill"]
    day = skill.groupby(skill["worker_id"].astype(str))["start_on"].min()
    column = day.dt.year * 4 + day.dt.quarter - 1 - pay.first_quarter
    held = events["training"][np.isfinite(events["training"])]
    assert np.sort(held).tolist() == sorted(column.tolist())
    proposals = {"adopted", "rejected", "golden", "plain"}
    assert (
        set(events) == {"training", "degree", "title", "prize", "mentor", "apprentice"} | proposals
    )
    some = np.isfinite(events["golden"]) & np.isfinite(events["adopted"])
    assert some.sum() == np.isfinite(events["golden"]).sum() > 0, "golden ones were adopted"
    pairs = register.frame("mentor_pairs")
    assert np.isfinite(events["mentor"]).sum() == pairs["mentor_id"].nunique()
    assert np.isfinite(events["apprentice"]).sum() == pairs["apprentice_id"].nunique()
    hired = pay.start > 0  # later than the first quarter: from the first pay there
    assert (pay.start[hired] == pay.paid[hired].argmax(axis=1)).all()


def test_exam_pay_equals_a_merge(register, pay) -> None:
    ours = cutoff_pay.exam_pay(register, pay)
    wages = register.frame(
        "worker_quarters", columns=["worker_id", "employer_id", "quarter", "gross_wage"]
    ).astype({"worker_id": str, "employer_id": str, "quarter": str})
    wages["q"] = wages["quarter"].str[:4].astype(int) * 4 + wages["quarter"].str[-1].astype(int) - 1
    wages["y"] = np.log(wages["gross_wage"].astype("float64"))
    exams = register.frame("assessments").astype({"worker_id": str})
    day = exams["assessed_on"].dt
    exams["q"] = day.year * 4 + day.quarter - 1
    later = wages[["worker_id", "employer_id", "q", "y"]].assign(q=wages["q"] - 1)
    both = exams.merge(wages, on=["worker_id", "q"]).merge(
        later, on=["worker_id", "employer_id", "q"], suffixes=("", "_later")
    )
    assert len(both) == len(ours)
    change = np.sort((both["y_later"] - both["y"]).to_numpy())
    assert np.sort(ours["pay_change"].to_numpy()) == pytest.approx(change, abs=1e-5)


def test_routes_of_a_register_hold_what_was_set_and_the_plain_gap_does_not(register, found) -> None:
    known = {a.estimate.key: a for a in found.known_answers.answers}
    truths = told(register)
    assert truths.value("training", "log_points") == 0.03
    assert truths.value("degree", "log_points") == truths.value("prize", "log_points") == 0.0
    course, gap = known["training"].estimate, known["naive_gap"].estimate
    assert abs(course.estimate - 0.03) < 3.3 * course.standard_error and gap.low > 0.06
    change = known["weighted_change"].estimate
    assert abs(change.estimate - 0.03) < 3.3 * change.standard_error  # once in a thousand
    none = (
        "prize",
        "title",
        "degree",
        "proposal",
        "prize_cutoff",
        "title_cutoff",
        "mentor",
        "golden",
    )
    stays = [key for key in known if key.startswith("stays_")]
    assert len(stays) == 6
    for key in (*none, *stays):
        e = known[key].estimate
        assert abs(e.estimate) < 3.3 * e.standard_error, key
    assert all(a.estimate.clusters for a in known.values())
    (quota,) = [e for e in found.estimates if e.key == "degree_quota"]
    assert "not recorded" in quota.undefined.en
    words = display.tabulate(found.known_answers, register).html.en
    assert words.count("<tr>") == 1 + len(known)


def test_the_pass_mark_with_lifted_scores_is_told_by_its_checks(register, exam) -> None:
    assert exam.followed == 1.0
    checks = exam.checks
    assert checks.density.estimate > 0 and checks.density.differs_from_zero  # half were lifted
    assert exam.heap.estimate("heaped_above").differs_from_zero
    shown = display.tabulate(checks, register).html.en
    assert "the density jumps" in shown and "the jump of pay is no effect" in shown
    jumps = display.tabulate(exam, register).html.en
    assert all(f">{step}</td>" in jumps for step in ("0.0100", "0.1460", "0.0960", "0.0760"))
    keys = [e.key for e in exam.estimates]
    assert keys == ["pass_mark", *(f"pass_mark_grade_{g}" for g in range(1, 6))]


def test_a_rule_that_is_not_followed_makes_the_design_fuzzy(register, pay) -> None:
    rows = cutoff_pay.exam_pay(register, pay)
    rng = np.random.default_rng(0)
    missed = rng.random(len(rows)) < 0.2
    rows["passed"] = np.where(missed, 0.0, rows["passed"])
    found = skill_returns.pass_mark(rows)
    assert found.design.setting.treatment == "passed"
    assert found.design.estimate("first_stage").estimate == pytest.approx(0.8, abs=0.1)


def test_prizes_and_titles_say_what_their_scores_can_tell(register, pay) -> None:
    rows = cutoff_pay.contest_pay(register, pay)
    assert ((rows["prize_margin"] > 0) == (rows["won"] > 0)).all()
    prize = skill_returns.prize_margin(rows)
    assert "by rank" in prize.checks.density.undefined.en
    assert "the density cannot be asked" in display.tabulate(prize.checks, register).html.en
    assert set(cutoff_pay.title_pay(register, pay)["won"]) == {0.0, 1.0}


def test_weights_clustered_by_rows_of_their_own_are_those_without_clusters() -> None:
    rng = np.random.default_rng(3)
    n = 400
    x = rng.normal(size=n)
    d = (rng.random(n) < 1 / (1 + np.exp(-x))).astype(float)
    frame = pd.DataFrame({"x": x, "trained": d, "y": x + 0.3 * d + rng.normal(size=n)})
    plain = weighted_means(frame, outcome="y", covariates=["x"]).estimates[1]
    frame["firm"] = np.arange(n)
    alone = weighted_means(frame, outcome="y", covariates=["x"], cluster="firm").estimates[1]
    twice = weighted_means(
        pd.concat([frame, frame]), outcome="y", covariates=["x"], cluster="firm"
    ).estimates[1]
    for other in (alone, twice):  # a copy of every row adds no information
        assert other.estimate == pytest.approx(plain.estimate)
        assert other.standard_error == pytest.approx(plain.standard_error)
        assert other.clusters == n


def test_published_estimates_keep_their_own_mode() -> None:
    others = literature.published_returns()
    held = published_returns(others.frame("estimates"))
    assert others.mode is Mode.RECORD and len(others.card.files[0].sha256) == 64
    assert held.training_band == pytest.approx((np.log1p(0.045), np.log1p(0.077)))
    assert held.rows["url"].str.startswith("http").all()
    shown = display.tabulate(held, others).html
    assert "SIMULATED" not in shown.en and "0.063 to 0.073" in shown.en


def as_own(data: Dataset, *tables: str) -> Dataset:
    """Return some tables as a researcher's own, held as frames."""

    def loader(name: str):
        def read(columns):
            frame = data.frame(name)
            return frame if columns is None else frame[[c for c in columns if c in frame]]

        return read

    return Dataset("mine", mode=Mode.OWN, card=data.card, loaders={t: loader(t) for t in tables})


def test_own_tables_give_the_same_numbers_and_absent_parts_say_so(register, pay, found) -> None:
    mine = as_own(register, "worker_quarters", "training", "workers")
    spells = pay_spells(mine)
    events = first_events(mine, spells)
    assert set(events) == {"training", "degree"}
    studies = skill_returns.event_studies(spells, events)
    exam = skill_returns.pass_mark(cutoff_pay.exam_pay(mine, spells))
    assert isinstance(exam, Absent) and skill_returns.part(exam, "checks") is exam
    course = skill_returns.part(studies, "training").pooled
    assert course.estimate == pytest.approx(found.estimates[0].estimate, abs=1e-6)
    together = skill_returns.together([studies, exam])
    told_ = display.findings(together, mine, topic="skill_returns").plain.en
    assert told_.startswith("After a first skill course") and "simulated" not in told_.lower()
    assert "set by us" not in display.draw(skill_returns.part(studies, "training"), mine).html.en
    assert display.draw(exam, mine).kind == "notice"
    weighted = skill_returns.weighted_courses(cutoff_pay.course_pay(mine, spells, events))
    sides = display.tabulate(weighted, mine)
    assert sides.kind == "table" and sides.backing[0].persons == weighted.balance.n_trained
    assert all(a <= b for a, b in zip(weighted.employers, (300, 300), strict=True))
    bars = display.draw(weighted.overlap, mine)  # a bar of one or two persons is not shown
    assert bars.kind == "notice" and "minimum persons" in str(bars.hidden)
    for shown in (display.tabulate(studies, mine), display.draw(together, mine)):
        assert shown.backing and all(b.persons is None or b.persons >= 3 for b in shown.backing)


def test_without_pay_every_part_is_absent() -> None:
    record = yuyao.open("record")
    events = first_events(record, None)
    studies = skill_returns.event_studies(None, events)
    assert events == {} and isinstance(studies, Absent)
    parts = [
        studies, skill_returns.training_gap(None, events), skill_returns.weighted_courses(None),
        skill_returns.training_variants(None, events), skill_returns.title_score(None),
    ]  # fmt: skip
    assert all(isinstance(p, Absent) for p in parts)
    assert skill_returns.together(parts).estimates[0].undefined is not None
    assert isinstance(skill_returns.job_outcomes(None, events), Absent)
    assert isinstance(skill_returns.proposals(None), Absent)


def by_loops(spells: PaySpells, first: np.ndarray, quarters: int, outcome: str) -> float:
    """Return a difference in percentage points, one treated worker at a time."""
    there, grade = spells.paid, spells.grade
    band = lambda i, g: np.digitize(g - spells.start[i], (1, 4, 8, 12, 40))  # noqa: E731
    gaps = []
    for i in np.flatnonzero(np.isfinite(first)):
        g, t = int(first[i]), int(first[i]) + quarters
        if t >= spells.n_quarters or not there[i, g]:
            continue
        alike = [
            j for j in range(len(first))
            if spells.employer[j] == spells.employer[i] and there[j, g] and first[j] > g
            and band(j, g) == band(i, g) and grade[j, g] == grade[i, g]
        ]  # fmt: skip
        if outcome == "stays":
            z = lambda j: float(there[j, t])  # noqa: E731, B023
        else:
            z = lambda j: float(grade[j, t] > grade[j, g])  # noqa: E731, B023
            alike = [j for j in alike if there[j, t]]
        if alike and (outcome == "stays" or there[i, t]):
            gaps.append(z(i) - np.mean([z(j) for j in alike]))
    return 100 * float(np.mean(gaps))


def leavers(*, seed: int) -> tuple[PaySpells, np.ndarray]:
    """Return workers who leave for good and rise at random; some events fall on who is there."""
    spells, first = made_up(effect=0.0, seed=seed)
    rng = np.random.default_rng(1000 + seed)
    n, width = spells.log_pay.shape
    last = rng.geometric(0.12, n)
    pay = np.where(np.arange(width)[None, :] < last[:, None], 8.0, np.nan)
    first = np.where(first < last, first, np.inf)
    grade = np.minimum((rng.random((n, width)) < 0.05).cumsum(axis=1), 5).astype(np.int8)
    return PaySpells(
        pay, grade, spells.employer, spells.worker, spells.keys, spells.start, 8072
    ), first


@pytest.mark.parametrize("outcome", ["stays", "rises"])
def test_jobs_after_an_event_equal_those_found_one_worker_at_a_time(outcome) -> None:
    spells, first = leavers(seed=4)
    found = skill_returns.job_outcomes(spells, {"training": first}, quarters=3).to_frame()
    row = found[found["outcome"] == outcome].iloc[0]
    assert row["estimate"] == pytest.approx(by_loops(spells, first, 3, outcome))
    assert 0 <= row["share"] <= 100


def test_staying_that_the_event_does_not_touch_is_found_untouched() -> None:
    inside = 0
    for seed in range(60):
        spells, first = leavers(seed=seed)
        (stays, _) = skill_returns.job_outcomes(spells, {"training": first}, quarters=3).items
        inside += stays.difference.low < 0 < stays.difference.high
    assert 51 <= inside <= 60  # at 95 percent, fewer once in a thousand


def test_jobs_say_why_they_cannot_be_told() -> None:
    spells, first = leavers(seed=1)
    short = skill_returns.job_outcomes(spells, {"training": first}, quarters=10)
    assert all("before 10 quarters" in e.undefined.en for e in short.estimates)
    bare = PaySpells(spells.log_pay, np.full_like(spells.grade, -1), spells.employer,
                     spells.worker, spells.keys, spells.start, 8072)  # fmt: skip
    stays, rises = skill_returns.job_outcomes(bare, {"training": first}, quarters=3).estimates
    assert stays.undefined is None and "not recorded" in rises.undefined.en
    with pytest.raises(InputError, match="quarters after an event"):
        skill_returns.job_outcomes(spells, {"training": first}, quarters=0)


def test_proposals_are_followed_to_golden_ones(register) -> None:
    rows = register.frame("suggestions")
    found = {e.key: e for e in skill_returns.proposals(rows).estimates}
    assert found["submitted"].estimate == len(rows)
    assert found["golden_share"].estimate == pytest.approx(100 * rows["golden"].mean())
    adopted = rows[rows["adopted"].astype(bool)]
    assert found["golden_of_adopted"].estimate == pytest.approx(100 * adopted["golden"].mean())
    assert found["benefit_median"].estimate == adopted["benefit"].median()
    assert "fewer than 20" in found["benefit_median_golden"].undefined.en
    short = skill_returns.proposals(rows[["golden"]])
    assert [e.key for e in short.estimates] == ["submitted", "golden_share"]
