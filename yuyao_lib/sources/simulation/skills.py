"""Skill tables: training, contests, mentor pairs, exams."""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

import numpy as np

from yuyao_lib.sources.simulation.calendar import (
    LAST_DAY,
    Days,
    contest_quarters,
    day_in,
    first_day,
)
from yuyao_lib.sources.simulation.careers import Careers
from yuyao_lib.sources.simulation.columns import Coded, Columns, Ids
from yuyao_lib.sources.simulation.presence import present
from yuyao_lib.sources.simulation.setting import N_QUARTERS, Setting

__all__ = ["assessments_table", "contest_tables", "mentor_table", "training_table"]

TRAINING_KINDS = ("skill", "safety", "other", "degree", "employment")
DEGREE = 3
HOURS = np.array([48.0, 8.0, 16.0, 240.0, 32.0])
PROVIDERS = ("employer", "union", "school", "online")
LEVELS = ("employer", "town", "county", "city", "province", "national")
LEVEL_SHARES = (0.0, 0.55, 0.35, 0.08, 0.015, 0.005)
AWARDS = ("none", "third", "second", "first")
BODIES = ("employer", "social", "government")
NAT = np.datetime64("NaT")


def training_table(setting: Setting, careers: Careers) -> Columns:
    """Return every course, with the subsidised degree students among them."""
    rng = setting.stream("training")
    degree = present(rng, careers, setting.scaled(1200), able=0.2)
    worker = np.concatenate([careers.training["worker"], degree.worker])
    kind = np.concatenate(
        [careers.training["kind"], np.full(len(degree.worker), DEGREE, dtype=np.int8)]
    )
    started = day_in(rng, degree.quarter, len(degree.worker))
    start_on = np.concatenate([careers.training["start_on"], started])
    order = np.argsort(start_on, kind="stable")
    worker, kind, start_on = worker[order], kind[order], start_on[order]
    n = len(worker)
    hours = np.round(HOURS[kind] * np.exp(0.25 * rng.standard_normal(n)))
    money = np.round(np.where(kind == DEGREE, 3000.0, 600.0) * rng.uniform(0.5, 1.5, n), -1)
    paid = (kind == DEGREE) | ((kind == 0) & (rng.random(n) < 0.3))
    provider = np.where(kind == DEGREE, 2, rng.choice(4, n, p=(0.55, 0.15, 0.15, 0.15)))
    return {
        "spell_id": Ids("TR", np.arange(n)),
        "worker_id": Ids("W", worker),
        "start_on": start_on,
        "hours": hours,
        "provider": Coded(provider, PROVIDERS),
        "kind": Coded(kind, TRAINING_KINDS),
        "subsidy": np.where(paid, money, np.nan),
    }


def contest_tables(setting: Setting, careers: Careers) -> tuple[Columns, Columns]:
    """Return the contests and their entries; awards follow the rank."""
    rng = setting.stream("contests")
    n = setting.scaled(512)
    contests: Columns = {
        "contest_id": Ids("K", np.arange(n), 4),
        "level": Coded(rng.choice(len(LEVELS), n, p=LEVEL_SHARES), LEVELS),
        "held_on": day_in(rng, contest_quarters(n), n),
    }
    contest, score = careers.entries["contest"], careers.entries["score"].round(1)
    order = np.lexsort((careers.entries["worker"], -score, contest))
    contest, score = contest[order], score[order]
    first = np.searchsorted(contest, contest, side="left")
    rank = np.arange(len(contest)) - first + 1
    award = np.select([rank == 1, rank <= 3, rank <= 6], [3, 2, 1], 0)
    entries: Columns = {
        "contest_id": Ids("K", contest, 4),
        "worker_id": Ids("W", careers.entries["worker"][order]),
        "score": score,
        "rank": rank,
        "award": Coded(award, AWARDS),
    }
    return contests, entries


def mentor_table(setting: Setting, careers: Careers) -> Columns:
    """Return the pairs; those whose apprentice passed are commended more often."""
    rng = setting.stream("mentors")
    pairs = careers.pairs
    n = len(pairs["mentor"])
    passed = np.isin(pairs["apprentice"], careers.exams["worker"][careers.exams["passed"]])
    key = 1.5 * passed + rng.gumbel(size=n)
    commended = np.zeros(n, dtype=bool)
    commended[np.argsort(-key, kind="stable")[: setting.scaled(105)]] = True
    ends = np.minimum(pairs["start_on"] + 365, _last_day(careers)[pairs["apprentice"]])
    return {
        "pair_id": Ids("M", np.arange(n), 5),
        "mentor_id": Ids("W", pairs["mentor"]),
        "apprentice_id": Ids("W", pairs["apprentice"]),
        "start_on": pairs["start_on"],
        "end_on": np.where(ends < LAST_DAY, ends, NAT),
        "commended": commended,
    }


def _last_day(careers: Careers) -> Days:
    """Return the last day each worker was in the register."""
    return first_day(last_quarter(careers) + 1) - 1


def last_quarter(careers: Careers) -> np.ndarray:
    """Return the last quarter in which each worker held a job, shape (workers,)."""
    last = np.zeros(len(careers.workers.ability), dtype=np.int64)
    for t in range(N_QUARTERS):
        last[careers.worker[t]] = t
    return last


def assessments_table(setting: Setting, careers: Careers, accredited: np.ndarray) -> Columns:
    """Return every exam; employers accredited by then assess their own people."""
    rng = setting.stream("assessments")
    exams = careers.exams
    n = len(exams["worker"])
    own = accredited & (rng.random(n) < 0.9)
    body = np.where(own, 0, rng.choice([1, 2], n, p=(0.7, 0.3)))
    return {
        "assessment_id": Ids("X", np.arange(n)),
        "worker_id": Ids("W", exams["worker"]),
        "assessed_on": exams["assessed_on"],
        "target_grade": exams["target"],
        "theory": exams["theory"],
        "skill": exams["skill"],
        "passed": exams["passed"],
        "body": Coded(body, BODIES),
    }
