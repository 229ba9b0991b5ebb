"""Trials of whole pages: a small register is drawn anew, and each page's answers are judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeAlias

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.methods.contract_trials import contract_page, judged_at
from yuyao_lib.methods.estimator_trials import Outcome, Trial
from yuyao_lib.methods.known_answers import Answer, KnownAnswers, answer_at
from yuyao_lib.methods.trend_trials import trend_page
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    from yuyao_lib.findings import Estimate
    from yuyao_lib.sources.dataset import Dataset
    from yuyao_lib.sources.pay_spells import PaySpells

__all__ = ["PAGES", "TREND_PAGES", "outcome_of", "page_trial"]

Pages: TypeAlias = "dict[str, Callable[[Dataset], dict[str, KnownAnswers]]]"

STANDARD_FROM, WINDOW = "2022-07-01", ("2018-07-01", "2023-06-30")
LIVING_STANDARD = 1005.0  # CNY a month
WEIGHTING_QUARTERS, PASS_MARK, TITLE_SCORE = 8, 60.0, 80.0


def page_trial(
    *,
    scale: float = 0.05,
    null: bool = False,
    pretrend: float = 0.0,
    pages: Sequence[str] | None = None,
) -> Trial:
    """Return a trial of everything on simulated pages whose answer was set.

    Parameters
    ----------
    scale
        Share of the full register that each draw holds.
    null
        Whether every effect is switched off.
    pretrend
        Log points a quarter by which pay parts in contract firms before a contract.
    pages
        Names of pages; None: all in `PAGES`, with a trend those in `TREND_PAGES`.
        ``skill_cutoffs`` and ``skill_jobs`` are parts of ``skill_returns``.

    Raises
    ------
    InputError
        If there is no such page.

    Examples
    --------
    >>> page_trial(null=True, pages=["skill_ladder"]).key
    'pages_0_05_null'
    """
    chosen = tuple((TREND_PAGES if pretrend else PAGES) if pages is None else pages)
    for name in chosen:
        if name not in EVERY:
            raise InputError(sentence("page", got=name, allowed=list(EVERY)))
    words = Text(
        f"whole pages, {scale:g} of the register{', no effects' if null else ''}"
        f"{f', trend {pretrend:g}' if pretrend else ''}",
        f"整页，登记库的 {scale:g}{'，无效应' if null else ''}"
        f"{f'，趋势 {pretrend:g}' if pretrend else ''}",
    )
    key = f"pages_{scale:g}{'_null' if null else ''}{f'_p{pretrend:g}' if pretrend else ''}"
    key = key.replace(".", "_")
    once = partial(_draw, scale=scale, null=null, pretrend=pretrend, pages=chosen)
    return Trial(key, words, once, null=null, part="pages")


def _draw(
    seed: int, *, scale: float, null: bool, pretrend: float, pages: Sequence[str]
) -> list[Outcome]:
    """Draw a register, ask every page, and forget the register."""
    from yuyao_lib.sources.simulation import build, open_simulated, read_truth
    from yuyao_lib.sources.simulation.setting import Setting

    with TemporaryDirectory() as place:
        setting = Setting(scale=scale, seed=seed, null=null, pretrend=pretrend)
        data = open_simulated(path=build(setting, Path(place) / "register"))
        truth = read_truth(data)
        return [
            outcome_of(name, a, told)
            for name, answers in _answers(data, pages)
            for a in answers.answers
            if (told := answer_at(truth, a.place)) is not None
        ]


def outcome_of(part: str, answer: Answer, told: float) -> Outcome:
    """Return what is judged of one answer of a part of a page, beside what was set."""
    e = answer.estimate
    return Outcome.of(f"{part} {e.key}", told, e, nothing=_nothing(e))


def _nothing(estimate: Any) -> float | None:
    """Return the value that would mean no effect; a variance or a step has none."""
    if estimate.unit in ("squared_log_points",) or estimate.key.startswith("step_"):
        return None
    return 1.0 if estimate.unit.endswith("ratio") else 0.0


def _answers(data: Dataset, pages: Sequence[str]) -> Iterator[tuple[str, KnownAnswers]]:
    """Give the answers of each part of each page."""
    for page in pages:
        yield from EVERY[page](data).items()


def _ladder(data: Dataset) -> dict[str, KnownAnswers]:
    """Ask the page on the skill ladder."""
    from yuyao_lib.methods.skill_ladder import skill_ladder
    from yuyao_lib.sources.grade_counts import grade_counts

    found = skill_ladder(grade_counts(data), None)
    every = found.known_answers.answers
    first = len(every) - len(found.sitting.estimates)  # promotion comes before sitting
    return {
        "promotion": KnownAnswers(every[:first]),
        "sitting": KnownAnswers(every[first:]),
    }


def _mediation(data: Dataset) -> dict[str, KnownAnswers]:
    """Ask the page on mediation."""
    from yuyao_lib.methods.mediation import mediation

    tables = {name: data.frame(name) for name in ("disputes", "rooms", "employers", "risks")}
    found = mediation(tables, standard_from=STANDARD_FROM, window=WINDOW)
    return {"mediation": found.known_answers}


def _components(data: Dataset) -> dict[str, KnownAnswers]:
    """Ask the page on wage components."""
    from yuyao_lib.methods.wage_components import wage_components

    known = ["worker_id", "employer_id", "period", "log_gross_wage"]
    panel = data.optional("worker_panel", columns=known, also=["grade"])
    return {"components": wage_components(panel).known_answers}


def _organisation(data: Dataset) -> dict[str, KnownAnswers]:
    """Ask the page on organisation."""
    from yuyao_lib.methods import organisation

    frames = {n: data.frame(n) for n in ("refunds", "employer_years", "cadres", "unions")}
    refunded = organisation.fee_refunds(frames["refunds"], frames["employer_years"], limit=30000.0)
    turnover = organisation.cadre_turnover(frames["cadres"], unions=frames["unions"])
    return {"organisation": organisation.known(refunded, turnover)}


def _services(data: Dataset) -> dict[str, KnownAnswers]:
    """Ask the page on services."""
    from yuyao_lib.methods import services

    thresholds = services.relief_thresholds(data.frame("aid_cases"), standard=LIVING_STANDARD)
    found = {n: data.frame(n) if data.has(n) else None for n in ("job_services", "workers")}
    jobs = services.job_services(found["job_services"], workers=found["workers"])
    health = services.workplace_health(data.frame("employer_years"))
    return {"services": services.known(thresholds, jobs, health)}


def _returns(data: Dataset) -> dict[str, KnownAnswers]:
    """Ask the page on returns to skill."""
    from yuyao_lib.methods import skill_returns as page
    from yuyao_lib.sources import cutoff_pay, pay_spells

    pay = pay_spells.pay_spells(data)
    events = pay_spells.first_events(data, pay)
    later = cutoff_pay.course_pay(data, pay, events, quarters=WEIGHTING_QUARTERS)
    parts = [
        page.event_studies(pay, events),
        page.training_gap(pay, events),
        page.weighted_courses(later),
        *_jumps(data, pay),
    ]
    return {"returns": page.together(parts).known_answers}


def _cutoffs(data: Dataset) -> dict[str, KnownAnswers]:
    """Ask the page on returns to skill for its jumps alone, by target grade too."""
    from yuyao_lib.methods import skill_returns as page
    from yuyao_lib.methods.cutoff_jumps import GRADE_PLACES, grade_jumps
    from yuyao_lib.sources import cutoff_pay, pay_spells

    pay = pay_spells.pay_spells(data)
    whole = page.together(_jumps(data, pay)).known_answers
    graded = grade_jumps(cutoff_pay.exam_pay(data, pay), mark=PASS_MARK)
    judged = judged_at([(e, GRADE_PLACES[e.key]) for e in graded])
    return {"returns": KnownAnswers((*whole.answers, *judged.answers))}


def _jobs(data: Dataset) -> dict[str, KnownAnswers]:
    """Ask the page on returns to skill who stays with the employer."""
    from yuyao_lib.methods import skill_returns as page
    from yuyao_lib.sources import pay_spells

    pay = pay_spells.pay_spells(data)
    found = page.job_outcomes(pay, pay_spells.first_events(data, pay))
    return {"returns": page.together([found]).known_answers}


def _jumps(data: Dataset, pay: PaySpells | None) -> tuple[Estimate, ...]:
    """Ask for the jumps at the pass mark, the last prize and the score of a title."""
    from yuyao_lib.methods.cutoff_jumps import cutoff_jumps
    from yuyao_lib.sources import cutoff_pay

    return cutoff_jumps(
        cutoff_pay.exam_pay(data, pay),
        cutoff_pay.contest_pay(data, pay),
        cutoff_pay.title_pay(data, pay),
        mark=PASS_MARK,
        cutoff=TITLE_SCORE,
    )


PAGES: Pages = {
    "grade_wage_contract": contract_page,
    "skill_returns": _returns,
    "skill_ladder": _ladder,
    "dispute_mediation": _mediation,
    "wage_components": _components,
    "union_organisation": _organisation,
    "services_relief": _services,
}
# of `skill_returns` what lies at cut-offs, by grade too, and who stays: quick, for more draws
PARTS: Pages = {"skill_cutoffs": _cutoffs, "skill_jobs": _jobs}
# a page about a register of its own: nothing has an effect, and pay parts before contracts
TREND_PAGES: Pages = {"grade_wage_contract_trend": trend_page}
EVERY: Pages = {**PAGES, **PARTS, **TREND_PAGES}
