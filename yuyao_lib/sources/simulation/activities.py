"""Sites and activities: where members are served and what is held for them."""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.sources.simulation.allocation import allocate, allocate_money
from yuyao_lib.sources.simulation.calendar import LAST_DAY, days
from yuyao_lib.sources.simulation.columns import Coded, Columns, Ids
from yuyao_lib.sources.simulation.disputes import towns
from yuyao_lib.sources.simulation.population import N_TOWNS
from yuyao_lib.sources.simulation.setting import Setting
from yuyao_lib.sources.simulation.skills import LEVELS

__all__ = ["activities_table", "services_table"]

SITES = ("station", "rider_home", "mother_room", "book_house", "studio")
SITE_COUNTS = (("station", 41), ("rider_home", 7), ("mother_room", 220), ("studio", 18))
BOOK_HOUSES = (("national", 2), ("province", 11), ("city", 18))
VISITS = {
    "station": 6000,
    "rider_home": 9000,
    "mother_room": 700,
    "book_house": 2500,
    "studio": 400,
}
ACTIVITIES = (
    "theme",
    "lecture",
    "culture",
    "legal",
    "mental",
    "safety",
    "benefit",
    "volunteer",
    "visit",
    "checkup",
)


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of activity: how many, and the total of participants (printed or assumed)."""

    kind: str
    count: int
    participants: int
    hours_mean: float
    distinct_share: float


SERIES = (
    Series("theme", 25, 12_500, 3.0, 1.0),
    Series("lecture", 620, 105_000, 1.5, 1.0),
    Series("culture", 240, 100_000, 2.5, 0.95),
    Series("legal", 50, 4_000, 2.0, 1.0),
    Series("mental", 418, 25_000, 1.5, 1.0),
    Series("safety", 180, 20_000, 2.0, 1.0),
    Series("benefit", 150, 1_250_000, 24.0, 0.35),
    Series("volunteer", 251, 5_000, 0.0, 1.0),
    Series("visit", 900, 35_000, 2.0, 1.0),
    Series("checkup", 90, 13_500, 6.0, 1.0),
)


def services_table(setting: Setting) -> Columns:
    """Return the sites."""
    rng = setting.stream("services")
    wanted = [(kind, "", setting.scaled(count)) for kind, count in SITE_COUNTS]
    wanted += [("book_house", level, setting.scaled(count)) for level, count in BOOK_HOUSES]
    counts = [count for _, _, count in wanted]
    kind = np.repeat([SITES.index(kind) for kind, _, _ in wanted], counts)
    codes = [LEVELS.index(level) if level else -1 for _, level, _ in wanted]
    n = len(kind)
    usual = np.array([VISITS[name] for name in SITES])[kind]
    return {
        "site_id": Ids("P", np.arange(n), 4),
        "kind": Coded(kind, SITES),
        "level": Coded(np.repeat(codes, counts), LEVELS),
        "town_id": towns(rng.integers(0, N_TOWNS, n)),
        "opened_on": days(rng, "2015-01-01", "2023-03-31", n),
        "visits": np.round(usual * np.exp(0.6 * rng.standard_normal(n))).astype(np.int64),
    }


def activities_table(setting: Setting) -> Columns:
    """Return the activities; printed counts and totals are exact."""
    rng = setting.stream("activities")
    parts = [_series(rng, setting, series) for series in SERIES]
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.argsort(rows["held_on"], kind="stable")
    rows = {name: values[order] for name, values in rows.items()}
    return {
        "activity_id": Ids("V", np.arange(len(order)), 5),
        "kind": Coded(rows["kind"], ACTIVITIES),
        **{name: rows[name] for name in ("held_on", "participants", "distinct", "hours", "value")},
    }


def _series(rng: np.random.Generator, setting: Setting, series: Series) -> dict[str, NDArray]:
    """Draw one kind of activity; a few draw most of the participants."""
    n = setting.scaled(series.count)
    weight = np.exp(0.8 * rng.standard_normal(n))
    participants = allocate(setting.scaled(series.participants), weight)
    repeat = series.distinct_share * rng.uniform(0.9, 1.0, n)
    return {
        "kind": np.full(n, ACTIVITIES.index(series.kind)),
        "held_on": days(rng, "2018-07-01", str(LAST_DAY), n),
        "participants": participants,
        "distinct": np.minimum(participants, np.ceil(participants * repeat)).astype(np.int64),
        "hours": _hours(rng, setting, series, n),
        "value": _values(rng, setting, series, n),
    }


def _hours(
    rng: np.random.Generator, setting: Setting, series: Series, n: int
) -> NDArray[np.float64]:
    """Draw hours of each activity; those of volunteers have a printed total."""
    weight = np.exp(0.4 * rng.standard_normal(n))
    if series.kind == "volunteer":
        return allocate(setting.scaled(10_881), weight, lower=1) / 10
    return np.round(series.hours_mean * weight, 1)


def _values(
    rng: np.random.Generator, setting: Setting, series: Series, n: int
) -> NDArray[np.float64]:
    """Return what visits brought in money and goods; blank elsewhere."""
    if series.kind != "visit":
        return np.full(n, np.nan)
    return allocate_money(11_000_000 * setting.scale, np.exp(0.7 * rng.standard_normal(n)))
