"""What was held for members, and how many came: persons and person-times kept apart.

The persons of one activity can be counted. The persons of all activities cannot be had by
adding them up, since one may come to several: they lie between the largest activity and
the sum.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.absence import Absent, absent
from yuyao_lib.methods.proportions import counted
from yuyao_lib.methods.smaller_sides import carriers
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Concentration", "Participation", "concentration", "participation"]


@dataclass(frozen=True, slots=True)
class Participation:
    """Activities by kind.

    Attributes
    ----------
    kinds
        One row a kind: ``activities``, ``person_times``, ``persons_low`` and
        ``persons_high`` (bounds of distinct persons over all activities; missing where
        distinct persons were not counted), ``times_per_person`` within an activity,
        ``hours`` a piece, ``value`` in CNY.
    estimates
        ``<kind>_person_times``; ``benefit_times_per_person``; ``volunteer_hours`` an
        activity; ``visit_value`` a person-time.
    """

    kinds: pd.DataFrame = field(repr=False)
    estimates: tuple[Estimate, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.kinds.to_html(index=False)


def participation(activities: pd.DataFrame | None) -> Participation | Absent:
    """Count activities and those who came, by kind.

    Parameters
    ----------
    activities
        ``kind``, ``participants`` (person-times) and where known ``distinct`` (persons of
        that activity), ``hours``, ``value``. None: absent.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"kind": ["benefit", "benefit"], "participants": [90, 40],
    ...     "distinct": [30, 20]})
    >>> participation(rows).kinds[["persons_low", "persons_high"]].values.tolist()
    [[30, 50]]
    """
    off = absent(activities=activities)
    if off is not None or activities is None:
        return off or Absent(("activities",))
    import pandas as pd

    rows = activities.assign(kind=activities["kind"].astype(str))
    kinds = pd.DataFrame([_kind(str(k), part) for k, part in rows.groupby("kind")])
    kinds = kinds.sort_values("person_times", ascending=False).reset_index(drop=True)
    return Participation(kinds, _estimates(kinds))


def _kind(kind: str, rows: pd.DataFrame) -> dict[str, object]:
    """Describe one kind of activity."""
    times = int(rows["participants"].sum())
    made: dict[str, object] = {"kind": kind, "activities": len(rows), "person_times": times}
    counted_there = "distinct" in rows and rows["distinct"].notna().all()
    made["at_one"] = int(rows["participants"].max())  # at one activity nobody is twice
    made["persons_low"] = int(rows["distinct"].max()) if counted_there else None
    made["persons_high"] = int(rows["distinct"].sum()) if counted_there else None
    high = made["persons_high"]
    made["times_per_person"] = times / high if isinstance(high, int) and high > 0 else None
    hours = rows["hours"].dropna() if "hours" in rows else []
    made["hours"] = float(np.mean(hours)) if len(hours) else None
    value = rows["value"].dropna() if "value" in rows else []
    made["value"] = float(np.sum(value)) if len(value) else None
    return made


def _estimates(kinds: pd.DataFrame) -> tuple[Estimate, ...]:
    """Tell the person-times of every kind, and what only some kinds have."""
    made = []
    for row in kinds.to_dict("records"):
        name = KINDS.get(row["kind"], Text(row["kind"], row["kind"]))
        made.append(
            counted(f"{row['kind']}_person_times", row["person_times"], term="participation",
                    unit="person_times", n=row["activities"], n_unit="activities", estimand=name,
                    persons=row["at_one"])
        )  # fmt: skip
    extra = (
        ("benefit", "times_per_person", "benefit_times_per_person", "times_per_person",
         Text("person-times per distinct person within a benefit", "普惠活动内人均次数")),
        ("volunteer", "hours", "volunteer_hours", "hours_per_activity",
         Text("hours of a volunteer activity (its length, not person-hours)",
              "每次志愿活动的时长（非人时）")),
    )  # fmt: skip
    for kind, column, key, unit, what in extra:
        found = kinds.loc[kinds["kind"] == kind, [column, "activities", "at_one"]]
        if len(found) and found[column].notna().all():
            made.append(
                counted(key, float(found[column].iloc[0]), term="participation", unit=unit,
                        n=int(found["activities"].iloc[0]), n_unit="activities", estimand=what,
                        persons=int(found["at_one"].iloc[0]))
            )  # fmt: skip
    visits = kinds[(kinds["kind"] == "visit") & kinds["value"].notna()]
    if len(visits) and float(visits["person_times"].iloc[0]) > 0:
        each = float(visits["value"].iloc[0]) / float(visits["person_times"].iloc[0])
        made.append(
            counted("visit_value", each, term="participation", unit="cny_per_person_time",
                    n=int(visits["activities"].iloc[0]), n_unit="activities",
                    persons=int(visits["at_one"].iloc[0]),
                    estimand=Text("money and goods per visit", "每人次慰问款物"))
        )  # fmt: skip
    return tuple(made)


KINDS = {
    "theme": Text("theme events", "主题教育活动"),
    "lecture": Text("lectures", "宣讲"),
    "culture": Text("culture", "文化活动"),
    "legal": Text("legal sessions", "法律服务"),
    "mental": Text("mental-health lectures", "心理健康讲座"),
    "safety": Text("safety campaigns", "安全活动"),
    "benefit": Text("inclusive benefits", "普惠活动"),
    "volunteer": Text("volunteering", "志愿服务"),
    "visit": Text("consolation visits", "走访慰问"),
    "checkup": Text("health check-ups", "体检"),
}


@dataclass(frozen=True, slots=True)
class Concentration:
    """How evenly something is spread over its units.

    Attributes
    ----------
    share_of_units, shares
        Lorenz curves: shape (101,), and for each thing shape (101,).
    things
        Name of each curve with what its units are.
    estimates
        One Gini index a thing, key ``gini_<thing>``.
    units, carrying
        Units of each thing, and how many of them carry the whole.
    """

    share_of_units: tuple[float, ...]
    shares: dict[str, tuple[float, ...]]
    things: dict[str, Text]
    estimates: tuple[Estimate, ...]
    units: dict[str, int]
    carrying: dict[str, int]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a Gini index."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


THINGS = {
    "benefit": Text("person-times over inclusive benefits", "普惠活动的人次"),
    "claims": Text("aid over persons with a claim", "获补助者所得补助"),
    "visits": Text("visits over sites", "各阵地的服务人次"),
}


def concentration(
    *,
    activities: pd.DataFrame | None = None,
    mutual_aid: pd.DataFrame | None = None,
    services: pd.DataFrame | None = None,
    level: float = 0.95,
) -> Concentration | Absent:
    """Measure how evenly benefits, aid and visits are spread.

    Parameters
    ----------
    activities
        ``kind``, ``participants``: person-times over activities of kind ``benefit``.
    mutual_aid
        ``worker_id``, ``claim``: aid over persons, all their years added.
    services
        ``visits``: person-times over sites.
    level
        Coverage of the intervals.

    Raises
    ------
    DataError
        If a column cannot be used.
    """
    off = absent(activities=activities, mutual_aid=mutual_aid, services=services)
    if off is not None and len(off.tables) == 3:
        return off
    held: dict[str, np.ndarray] = {}
    if activities is not None:
        rows = activities[activities["kind"].astype(str) == "benefit"]
        held["benefit"] = rows["participants"].to_numpy("float64")
    if mutual_aid is not None:
        paid = mutual_aid[mutual_aid["claim"] > 0]
        held["claims"] = paid.groupby("worker_id")["claim"].sum().to_numpy("float64")
    if services is not None and "visits" in services:
        held["visits"] = services["visits"].dropna().to_numpy("float64")
    grid = np.linspace(0, 1, 101)
    curves = {k: _curve(v, grid) for k, v in held.items() if len(v) > 1 and v.sum() > 0}
    estimates = tuple(_gini(k, held[k], level) for k in curves)
    names = {k: THINGS[k] for k in curves}
    units, few = ({k: int(f(held[k])) for k in curves} for f in (len, carriers))
    return Concentration(tuple(grid.tolist()), curves, names, estimates, units, few)


def _curve(values: np.ndarray, grid: np.ndarray) -> tuple[float, ...]:
    """Return the Lorenz curve on a grid."""
    ordered = np.concatenate([[0.0], np.cumsum(np.sort(values))])
    points = np.interp(grid, np.linspace(0, 1, len(ordered)), ordered / ordered[-1])
    return tuple(points.tolist())


def _gini(key: str, values: np.ndarray, level: float) -> Estimate:
    """Return a Gini index with its interval."""
    from dataclasses import replace

    import pandas as pd

    from yuyao_lib.methods.inequality import inequality

    found = inequality(pd.DataFrame({"value": values}), outcome="value", measures=["gini"],
                       logs=False, level=level).levels[0]  # fmt: skip
    unit = {"benefit": "activities", "claims": "persons", "visits": "sites"}[key]
    return replace(found, key=f"gini_{key}", n_unit=unit, estimand=THINGS[key])
