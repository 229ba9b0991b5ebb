"""Honours and proposals: titles with their shortlists, and rationalisation proposals."""

from __future__ import annotations

import numpy as np

from yuyao_lib.sources.simulation.allocation import allocate
from yuyao_lib.sources.simulation.calendar import day_in
from yuyao_lib.sources.simulation.careers import Careers
from yuyao_lib.sources.simulation.columns import Coded, Columns, Ids
from yuyao_lib.sources.simulation.presence import present
from yuyao_lib.sources.simulation.setting import Setting
from yuyao_lib.sources.simulation.skills import LEVELS

__all__ = ["suggestions_table", "titles_table"]

TITLES = (
    "model_worker",
    "craftsman",
    "chief_worker",
    "technical_expert",
    "commended_worker",
    "medal",
)
COUNTY, CITY = LEVELS.index("county"), LEVELS.index("city")
CUTOFF = 80.0
SHORTLISTED = 0.5  # per person commended
NAT = np.datetime64("NaT")


def titles_table(setting: Setting, careers: Careers) -> Columns:
    """Return titles and shortlists.

    Craftsmen, chief workers and technical experts of county level and above are 85
    people; model workers and craftsmen are 96; the craftsmen are in both.
    """
    rng = setting.stream("titles")
    counts = _counts(setting)
    n_awarded = sum(counts)
    n_listed = round(SHORTLISTED * counts[4])
    chosen = present(rng, careers, n_awarded + n_listed, able=0.4)
    kind = np.concatenate([np.repeat(np.arange(6), counts), np.full(n_listed, 4)])
    awarded = np.arange(len(kind)) < n_awarded
    distance = np.abs(6 * rng.standard_normal(len(kind)))
    score = np.clip(np.where(awarded, CUTOFF + distance, CUTOFF - 0.1 - distance), 0, 100)
    given = day_in(rng, chosen.quarter, len(kind))
    level = np.where(kind == 4, rng.choice([1, 2], len(kind), p=(0.7, 0.3)), COUNTY)
    level = np.where((kind == 0) & (rng.random(len(kind)) < 0.4), CITY, level)
    return {
        "title_id": Ids("H", np.arange(len(kind)), 5),
        "worker_id": Ids("W", chosen.worker),
        "kind": Coded(kind, TITLES),
        "level": Coded(level, LEVELS),
        "awarded_on": np.where(awarded, given, NAT),
        "score": score.round(1),
    }


def _counts(setting: Setting) -> list[int]:
    """Return people by title, in the order of TITLES."""
    first, both = setting.scaled(85), setting.scaled(96)
    craftsman, chief, expert = allocate(first, [40, 25, 20])
    model = both - craftsman
    return [model, craftsman, chief, expert, setting.scaled(4088), setting.scaled(60)]


def suggestions_table(setting: Setting, careers: Careers) -> Columns:
    """Return proposals: submitted, adopted, golden."""
    rng = setting.stream("suggestions")
    golden_count, n = setting.scaled(171), setting.scaled(6000)
    chosen = present(rng, careers, n, able=0.2)
    golden = np.arange(n) < golden_count
    adopted = golden | (rng.random(n) < 0.28)
    order = rng.permutation(n)
    benefit = np.round(20_000 * np.exp(1.2 * rng.standard_normal(n)), -2)
    return {
        "suggestion_id": Ids("S", np.arange(n), 5),
        "worker_id": Ids("W", chosen.worker[order]),
        "submitted_on": day_in(rng, chosen.quarter[order], n),
        "adopted": adopted[order],
        "golden": golden[order],
        "benefit": np.where(adopted, benefit, np.nan)[order],
    }
