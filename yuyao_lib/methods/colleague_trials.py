"""The comparison with colleagues on trial: courses that the abler take, in firms with shocks."""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.methods.estimator_trials import Outcome, Trial
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    from yuyao_lib.methods.adoption import Floats
    from yuyao_lib.sources.pay_spells import PaySpells

__all__ = ["colleague_trial", "colleague_trials", "draw_courses"]

QUARTERS, WARM_UP = 16, 20  # watched, and before, in which shocks settle
FIRM_SHOCK, WORKER_SHOCK = (0.03, 0.85), (0.2, 0.8)  # sd in log points, and what lasts of it
ABILITY = 0.27  # sd, log points
CHANCE = 0.01  # of a course in a quarter, for one of mean ability
LEANING = 0.5  # log odds of a course for a standard deviation more ability


def colleague_trials() -> tuple[Trial, ...]:
    """Return the trials of the comparison with colleagues, with an effect and without."""
    return colleague_trial(effect=0.05), colleague_trial(effect=0.0)


def colleague_trial(*, effect: float = 0.05, firms: int = 40, workers: int = 30) -> Trial:
    """Return a trial of pay after a course, against colleagues and as it stands.

    Parameters
    ----------
    effect
        Of a course on pay, from the quarter after it on, log points.
    firms, workers
        Firms a draw, and workers in each.
    """
    words = Text(
        f"course worth {effect:g}, {firms} firms of {workers} workers, the abler take it",
        f"培训效应 {effect:g}，{firms} 家企业各 {workers} 名职工，能力较强者参训",
    )
    once = partial(_courses, effect=effect, firms=firms, workers=workers)
    key = f"courses_{effect:g}_{firms}_{workers}"
    return Trial(key, words, once, null=effect == 0, part="single")


def _courses(seed: int, *, effect: float, firms: int, workers: int) -> list[Outcome]:
    """Draw pay and courses, and ask what a course is worth."""
    from yuyao_lib.methods.colleague_studies import colleague_study
    from yuyao_lib.methods.course_comparisons import naive_gap

    spells, first = draw_courses(seed, effect=effect, firms=firms, workers=workers)
    study = colleague_study(spells, first)
    last = study.parts[study.times.index(4)]
    return [
        Outcome.of("courses colleagues", effect, study.pooled),
        Outcome.of("courses colleagues, fourth quarter", effect, last),
        Outcome.of("courses gap", effect, naive_gap(spells, first)),
    ]


def draw_courses(seed: int, *, effect: float, firms: int, workers: int) -> tuple[PaySpells, Floats]:
    """Return pay of workers who stay with their firm, and the quarter of each one's course.

    Parameters
    ----------
    seed
        Of the draw.
    effect, firms, workers
        As in `colleague_trial`.

    Returns
    -------
    tuple
        Pay, and shape (firms x workers,): quarter of the course, ``inf`` for none.

    Examples
    --------
    >>> spells, first = draw_courses(1, effect=0.05, firms=3, workers=5)
    >>> spells.log_pay.shape, first.shape
    ((15, 16), (15,))
    """
    from yuyao_lib.sources.pay_spells import PaySpells

    rng = np.random.default_rng(seed)
    n = firms * workers
    employer, ability = np.repeat(np.arange(firms), workers), rng.standard_normal(n)
    odds = CHANCE / (1 - CHANCE) * np.exp(LEANING * ability)
    takes = rng.random((n, QUARTERS)) < (odds / (1 + odds))[:, None]
    first = np.where(takes.any(axis=1), takes.argmax(axis=1).astype("float64"), np.inf)
    pay = ABILITY * ability[:, None] + rng.normal(0, 0.15, firms)[employer][:, None]
    pay = pay + _lasting(rng, firms, *FIRM_SHOCK)[employer] + _lasting(rng, n, *WORKER_SHOCK)
    pay += effect * (np.arange(QUARTERS) > first[:, None])
    start = -rng.integers(0, 60, n).astype("float64")
    keys = np.arange(n, dtype=np.uint64)
    grade = np.zeros(pay.shape, dtype=np.int8)
    return PaySpells(pay, grade, employer, np.arange(n), keys, start, 0), first


def _lasting(rng: np.random.Generator, n: int, sd: float, keeps: float) -> Floats:
    """Return shocks of which a part lasts to the next quarter, shape (n, QUARTERS)."""
    fresh = rng.normal(0, sd * np.sqrt(1 - keeps**2), (n, WARM_UP + QUARTERS))
    held = np.zeros_like(fresh)
    for t in range(fresh.shape[1]):
        held[:, t] = fresh[:, t] + (keeps * held[:, t - 1] if t else 0.0)
    return held[:, WARM_UP:]
