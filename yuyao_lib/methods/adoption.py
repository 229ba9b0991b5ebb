"""Who adopted when: a panel of units, checked once, that every staggered method reads.

Lives here: the checks of a frame in which units adopt at different dates, periods and
adoption dates as numbers, the panel as arrays, and the reasons why no effect is
defined. Does not live here: any estimator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.errors import DataError, InputError, sentence
from yuyao_lib.fields import Fielded
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.adoption_periods import first_numbers, period_numbers, require
from yuyao_lib.methods.effective_number import effective_number
from yuyao_lib.methods.samples import ALIKE, alike, check_level, draw_sample
from yuyao_lib.methods.smaller_sides import PERSONS, Behind, carriers
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "AdoptionPanel",
    "Controls",
    "Floats",
    "Meaning",
    "adoption_panel",
    "check_choice",
    "why_undefined",
]

Floats: TypeAlias = np.ndarray  # of float64
Controls = Literal["never", "not_yet"]


@dataclass(frozen=True, slots=True)
class Meaning(Fielded):
    """What the numbers of a method are about, in vocabulary keys.

    Attributes
    ----------
    term, unit
        What is estimated and in which unit.
    n_unit, cluster_unit
        What one row and one cluster are.
    design
        Kind of evidence.
    level
        Coverage of the intervals.

    Examples
    --------
    >>> Meaning().cluster_unit
    'firms'
    """

    term: str = "adoption_effect"
    unit: str = "log_points"
    n_unit: str = "observations"
    cluster_unit: str = "firms"
    design: Design = Design.QUASI
    level: float = 0.95

    def __post_init__(self) -> None:
        """Refuse a level that no interval can have."""
        check_level(self.level)

    def estimate(self, key: str, method: str, **values: Any) -> Estimate:
        """Return an estimate with this meaning; `values` are the other fields.

        ``behind``, who stands on the smaller side of the cells an effect is about, are its
        employers, where clusters are firms, and its persons. Firms alone may be given as
        ``treated``.
        """
        behind: Behind | None = values.pop("behind", None)
        treated = values.pop("treated", None if behind is None else behind.clusters)
        given = {"term": self.term, "unit": self.unit, "n_unit": self.n_unit, **values}
        if self.cluster_unit in {"firms", "employers"}:
            given.setdefault("employers", treated)
        if behind is not None:
            given.setdefault("persons", behind.persons)
        if given.get("clusters") is not None:
            given.setdefault("cluster_unit", self.cluster_unit)
        return Estimate(key=key, method=method, design=self.design, level=self.level, **given)


@dataclass(frozen=True, slots=True)
class AdoptionPanel:
    """A balanced panel of units that adopt once and for good.

    Attributes
    ----------
    units, periods
        Labels of the N units and the T periods, the latter as ascending numbers.
    labels
        The periods as they were written.
    first
        Shape (N,): first treated period, ``inf`` for units that never adopt.
    outcome
        Shape (N, T).
    covariates
        Shape (N, T, K).
    weights, clusters
        Shape (N,): mean weight of a unit over the periods; number of its cluster.
    incomplete
        Units left out because a period or a value is missing.
    cluster_labels
        Shape (N,): label of each unit's cluster.
    weighs
        Column of the weights; empty where every unit has the same.
    """

    units: tuple[Any, ...]
    periods: Floats
    labels: tuple[Any, ...]
    first: Floats = field(repr=False)
    outcome: Floats = field(repr=False)
    covariates: Floats = field(repr=False)
    weights: Floats = field(repr=False)
    clusters: NDArray[np.int64] = field(repr=False)
    incomplete: int = 0
    cluster_labels: tuple[Any, ...] = field(default=(), repr=False)
    weighs: str = ""

    @property
    def treated(self) -> NDArray[np.bool_]:
        """Shape (N, T): whether a unit has adopted by a period."""
        return self.periods[None, :] >= self.first[:, None]

    @property
    def cohorts(self) -> Floats:
        """Adoption periods that can be studied: after the first period, within the last."""
        found = np.unique(self.first[np.isfinite(self.first)])
        return found[(found > self.periods[0]) & (found <= self.periods[-1])]

    @property
    def ever(self) -> NDArray[np.bool_]:
        """Shape (N,): whether a unit adopts within the periods, after the first one."""
        return np.isin(self.first, self.cohorts)

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""
        return int(self.clusters.max()) + 1

    def residual_df(self, effects: int, *, untreated: bool = False) -> int:
        """Return cells less effects of units, of periods and of treatment; none below zero.

        Parameters
        ----------
        effects
            Fitted numbers beside those of units and periods.
        untreated
            Whether only cells before treatment are fitted.
        """
        cells = int((~self.treated).sum()) if untreated else self.outcome.size
        units, periods = self.outcome.shape
        return max(cells - units - (periods - 1) - effects, 0)

    def treated_clusters(self, cohorts: Sequence[float] | None = None) -> int:
        """Return the number of clusters with a unit that adopts, in some cohorts or ever."""
        some = self.ever if cohorts is None else np.isin(self.first, list(cohorts))
        return len(np.unique(self.clusters[some]))

    def behind(self, some: NDArray[np.bool_] | None = None) -> Behind:
        """Return who stands behind an effect on some of those that adopt, or on all of them."""
        never = self.first > self.periods[-1]
        sides = [self.ever if some is None else some, *([never] if never.any() else [])]
        sums = [np.bincount(self.clusters[s], weights=self.weights[s]) for s in sides]
        persons = int(min(s.sum() for s in sums)) if self.weighs in PERSONS else None
        return Behind(min(carriers(s) for s in sums), persons)

    def effective_treated(self) -> float:
        """Return the number of equal clusters the treated weights are worth."""
        sums = np.bincount(self.clusters[self.ever], weights=self.weights[self.ever])
        return effective_number(sums)

    def select(self, kept: NDArray[np.bool_]) -> AdoptionPanel:
        """Return the panel of some units, clusters numbered anew."""
        chosen = np.flatnonzero(kept).tolist()
        return replace(
            self,
            units=tuple(self.units[i] for i in chosen),
            first=self.first[kept],
            outcome=self.outcome[kept],
            covariates=self.covariates[kept],
            weights=self.weights[kept],
            clusters=np.unique(self.clusters[kept], return_inverse=True)[1],
            cluster_labels=tuple(self.cluster_labels[i] for i in chosen),
        )

    def label(self, value: float) -> str:
        """Return a period number as it was written in the frame."""
        where = np.flatnonzero(self.periods == value)
        return str(self.labels[where[0]]) if len(where) else f"{value:g}"


def check_choice(what: str, got: str, allowed: Sequence[str]) -> str:
    """Return a choice, or say which ones there are.

    Examples
    --------
    >>> check_choice("controls", "never", ["never", "not_yet"])
    'never'
    """
    if got not in allowed:
        raise InputError(sentence(what, got=got, allowed=list(allowed)))
    return got


def adoption_panel(
    frame: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    period: str,
    first_treated: str,
    covariates: Sequence[str] = (),
    cluster: str | None = None,
    weights: str | None = None,
) -> AdoptionPanel:
    """Check a frame and cut it into a balanced panel.

    Parameters
    ----------
    frame
        One row a unit and period.
    outcome, covariates, weights
        Columns of numbers; weights such as the workers behind a cell.
    unit, period
        Columns that identify a row. Periods are whole numbers, pandas periods or
        quarters such as ``2019Q1``.
    first_treated
        Column with the unit's first treated period, of the kind of `period`; missing,
        infinite or 0 where the unit never adopts.
    cluster
        Column of independent groups; None: the units.

    Raises
    ------
    DataError
        If a column cannot be used, a row stands twice, or a unit has two first periods.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"firm": [1, 1, 2, 2], "year": [1, 2, 1, 2],
    ...                      "pay": [1.0, 2.0, 1.0, 1.5], "since": [2, 2, 0, 0]})
    >>> panel = adoption_panel(rows, outcome="pay", unit="firm", period="year",
    ...                        first_treated="since")
    >>> panel.cohorts.tolist()
    [2.0]
    """
    extra = [cluster] if cluster and cluster != unit else []
    measured = [outcome, *covariates, *([weights] if weights else [])]
    require(frame, [unit, period, first_treated, *extra, *measured])
    rows = frame[list(dict.fromkeys([unit, period, first_treated, *extra, *measured]))].copy()
    rows["_time"] = period_numbers(rows[period], name=period)
    rows["_first"] = first_numbers(rows[first_treated], name=first_treated)
    keys = [unit, "_time", "_first", *extra]
    sample = draw_sample(rows, numeric=measured, keys=keys).frame
    labels = dict(zip(rows["_time"], rows[period], strict=True))
    _check_rows(sample, unit, period, first_treated, weights)
    return _balance(sample, outcome, unit, list(covariates), extra, weights, labels, rows)


def _check_rows(
    sample: pd.DataFrame, unit: str, period: str, first: str, weights: str | None
) -> None:
    """Refuse repeated rows, units with two adoption dates, and impossible weights."""
    twice = int(sample.duplicated([unit, "_time"]).sum())
    if twice:
        raise DataError(
            f"{twice} rows repeat the same {unit} and {period}; collapse the frame to one row each."
        )
    dates = sample.groupby(unit, sort=False)["_first"].nunique()
    if (dates > 1).any():
        who = dates.index[dates > 1][0]
        raise DataError(
            f"column {first!r} changes within {unit} {who}; it must be the unit's one first"
            " treated period in every row."
        )
    if weights and (sample[weights] <= 0).any():
        raise DataError(f"column {weights!r} must hold weights above 0.")


def _balance(
    sample: pd.DataFrame,
    outcome: str,
    unit: str,
    covariates: list[str],
    extra: list[str],
    weights: str | None,
    labels: dict[float, Any],
    rows: pd.DataFrame,
) -> AdoptionPanel:
    """Keep units seen in every period, sort, and reshape."""
    import pandas as pd

    times = np.unique(sample["_time"].to_numpy())
    seen = sample.groupby(unit, sort=False)["_time"].transform("size")
    kept = sample[seen == len(times)].sort_values([unit, "_time"], kind="stable")
    if kept.empty:
        raise DataError(f"no {unit} is seen in all {len(times)} periods; narrow the periods.")
    shape = (len(kept) // len(times), len(times))
    heads = kept.iloc[:: len(times)]
    weight = kept[weights].to_numpy().reshape(shape).mean(axis=1) if weights else np.ones(shape[0])
    groups = heads[extra[0]] if extra else heads[unit]
    return AdoptionPanel(
        units=tuple(heads[unit].tolist()),
        periods=times,
        labels=tuple(labels[time] for time in times),
        first=heads["_first"].to_numpy(dtype="float64"),
        outcome=kept[outcome].to_numpy().reshape(shape),
        covariates=kept[covariates].to_numpy(dtype="float64").reshape(*shape, len(covariates)),
        weights=weight,
        clusters=pd.factorize(groups)[0].astype("int64"),
        incomplete=int(rows[unit].nunique()) - shape[0],
        cluster_labels=tuple(groups.tolist()),
        weighs=weights or "",
    )


def why_undefined(panel: AdoptionPanel, *, controls: Controls = "never") -> Text | None:
    """Say why no effect of adoption is defined in a panel; None if one is.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"firm": [1, 2], "year": [1, 1], "pay": [1.0, 2.0],
    ...                      "since": [1, 0]})
    >>> why_undefined(adoption_panel(rows, outcome="pay", unit="firm", period="year",
    ...                              first_treated="since")).en
    'there is a single period, so nothing can be compared over time'
    """
    if len(panel.periods) < 2:
        return Text(
            "there is a single period, so nothing can be compared over time",
            "只有一个时期，无法作跨期比较",
        )
    if not panel.ever.any():
        return Text(
            "no unit adopts between the second and the last period",
            "在第二期到最后一期之间没有单位被处理",
        )
    never = panel.first > panel.periods[-1]
    if controls == "never" and not never.any():
        return Text(
            "every unit adopts within the periods, so there is no never-treated control",
            "所有单位都在样本期内被处理，没有从未处理的对照",
        )
    if controls == "not_yet" and not never.any() and len(panel.cohorts) < 2:
        return Text(
            "all units adopt at the same date, so there is no control at any time",
            "所有单位同时被处理，任何时期都没有对照",
        )
    if panel.n_clusters < 2:
        return Text(
            "there is a single cluster, so no uncertainty can be computed",
            "只有一个聚类，无法计算不确定性",
        )
    return ALIKE if alike(panel.outcome) else None
