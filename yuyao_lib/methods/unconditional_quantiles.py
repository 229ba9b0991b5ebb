"""What goes with a percentile of everybody's pay, or its inequality: RIF regressions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.distribution_measures import (
    RATIO,
    check_measures,
    measure,
    silverman,
    unit_of,
)
from yuyao_lib.methods.inequality import key_of, pay_in
from yuyao_lib.methods.linearised import Linear, PayRows, Saying, minus, pay_rows, weighted_fit
from yuyao_lib.methods.panel_routes import independent
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RifEffects", "check_percentiles", "rif_effects"]

TOPIC = "structure"
SUMMARIES = ("variance_of_logs", "gini")
ONE_STATUS = Text("all rows have the same status", "所有行身份相同")
NO_ADDITION = Text(
    "the controls tell the group without error, so nothing is left to it",
    "控制变量已完全确定组别，组别没有剩余的变化",
)
TOO_FEW = Text("there are too few rows for this many controls", "行数不足以估计如此多的控制变量")
SHARE_RISES = Text(
    "per unit of the group's share, others' characteristics held: a rise of the share by ten"
    " percentage points has a tenth of it",
    "组的份额每上升一单位、其他特征不变：份额上升十个百分点对应其十分之一",
)


@dataclass(frozen=True, slots=True)
class RifEffects:
    """What a larger share of a group goes with, across the distribution of pay.

    Attributes
    ----------
    levels
        One a period and statistic, keys ``percentile_10``, ``gini`` and so on, with the
        period behind where there are periods.
    changes
        Last period minus first, keys ``change_percentile_10`` and so on.
    percentiles, measures
        The statistics.
    periods
        The periods; one None without.
    bandwidths
        Period -> bandwidth of the density of log pay.
    left_out
        Controls that repeat others.
    dropped
        Rows left out because a value was missing.
    group
        Column of the group.
    """

    levels: tuple[Estimate, ...]
    changes: tuple[Estimate, ...]
    percentiles: tuple[int, ...]
    measures: tuple[str, ...]
    periods: tuple[Any, ...]
    bandwidths: dict[Any, float]
    left_out: tuple[str, ...]
    dropped: int
    group: str

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Levels, then changes."""
        return self.levels + self.changes

    def of(self, name: str, period: Any = None) -> Estimate:
        """Return one statistic of a period.

        Raises
        ------
        InputError
            If there is no such statistic.
        """
        key = key_of(name, () if period is None else (period,))
        known = {e.key: e for e in self.estimates}
        if key not in known:
            raise InputError(sentence("no such statistic", got=key, allowed=list(known)))
        return known[key]

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def rif_effects(
    frame: pd.DataFrame,
    *,
    outcome: str,
    group: str,
    controls: Sequence[str] = (),
    percentiles: Sequence[int] = (10, 25, 50, 75, 90),
    measures: Sequence[str] = SUMMARIES,
    logs: bool = True,
    period: str | None = None,
    weights: str | None = None,
    worker: str = "worker_id",
    bandwidth: float | None = None,
    level: float = 0.95,
) -> RifEffects:
    r"""Estimate what a larger share of a group goes with, at percentiles and for inequality.

    The recentred influence function of a statistic :math:`\nu`,
    :math:`\mathrm{RIF}(y;\nu)=\nu+\mathrm{IF}(y;\nu)`, is regressed on the group and the
    controls; for percentile :math:`\tau` of log pay it is
    :math:`q_\tau+(\tau-1\{y\le q_\tau\})/f(q_\tau)` (Firpo, Fortin and Lemieux 2009,
    eqs. 2 and 4; the Gini index after Firpo, Fortin and Lemieux 2018, Econometrics 6,
    28). A quantile regression asks what happens within people who look alike; this asks
    what happens in the distribution of everybody.

    Parameters
    ----------
    frame, outcome, logs, weights, worker
        As in `inequality`.
    group
        Column of 0 and 1.
    controls
        Columns of numbers; those that repeat others are left out and listed.
    percentiles
        Whole percentiles from 1 to 99, of log pay.
    measures
        As in `inequality`; ratios of percentiles as their logs.
    period
        Column of years, each with its own distribution and regression.
    bandwidth
        Of the Gaussian density of log pay; None for Silverman's rule in each period.
    level
        Coverage of the intervals. Errors are HC1, summed by person; they take the
        percentile and the density as known.

    Raises
    ------
    DataError
        If a column cannot be used.
    InputError
        If a percentile, a measure or the level is not allowed.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> people = yuyao.open("cps78_85").frame("workers")
    >>> found = rif_effects(people, outcome="log_hourly_wage", group="union_member",
    ...     controls=["education_years", "female"], period="calendar_year")
    >>> found.of("gini", 1985).estimate < 0
    True
    """
    points = check_percentiles(percentiles)
    names = check_measures(measures) if measures or not points else ()
    rows = pay_rows(
        frame,
        numeric=[outcome, group, *controls],
        keys=[period] if period else [],
        binary=[group],
        weights=weights,
        worker=worker,
    )
    pay = pay_in(rows, outcome, logs=logs)
    statistics = [*(f"percentile_{p}" for p in points), *names]
    masks = rows.parts(period)
    periods = list(masks)
    parts = {p: _Part(rows, masks[p], pay, group, controls, bandwidth) for p in periods}
    found = {(p, s): parts[p].effect(s) for p in periods for s in statistics}
    say = Saying(rows, level=level)
    width = {p: parts[p].bandwidth for p in periods}
    levels = [_say(say, s, found[p, s], p, width[p]) for p in periods for s in statistics]
    changes = [
        _say(say, s, minus(found[periods[-1], s], found[periods[0], s]), "change", None)
        for s in (statistics if len(periods) > 1 else ())
    ]
    left = [c for c in controls if any(c in part.left_out for part in parts.values())]
    return RifEffects(
        tuple(levels), tuple(changes), points, names, tuple(periods), width, tuple(left),
        rows.dropped, group,
    )  # fmt: skip


def check_percentiles(points: Sequence[int]) -> tuple[int, ...]:
    """Check and order percentiles.

    Examples
    --------
    >>> check_percentiles([90, 10])
    (10, 90)
    """
    for p in points:
        if not (isinstance(p, int) and 1 <= p <= 99):
            raise InputError(sentence("percentile", got=p, allowed="whole numbers from 1 to 99"))
    return tuple(sorted(set(points)))


class _Part:
    """One period: its rows, its design, its bandwidth."""

    def __init__(
        self,
        rows: PayRows,
        mask: np.ndarray,
        pay: np.ndarray,
        group: str,
        controls: Sequence[str],
        bandwidth: float | None,
    ) -> None:
        self.rows, self.mask = rows, mask
        self.pay = pay[self.mask]
        w = rows.weights[self.mask]
        self.share = w / w.sum()
        columns = list(dict.fromkeys(c for c in controls if c != group))
        frame = rows.frame.loc[self.mask, [group, *columns]].assign(Intercept=1.0)
        names = independent(frame, ["Intercept", *columns, group])
        self.left_out = [c for c in columns if c not in names]
        self.problem = self._problem(frame[group], group in names, len(names))
        self.x = frame[names].to_numpy(dtype="float64")
        member = rows.frame[group].to_numpy() == 1
        self.sides = (mask & member, mask & ~member)
        self.bandwidth = bandwidth or self._silverman()

    def _problem(self, member: pd.Series, adds: bool, columns: int) -> Text | None:
        """Say why there is no effect."""
        if member.nunique() < 2:
            return ONE_STATUS
        if not adds:
            return NO_ADDITION
        return TOO_FEW if len(member) <= columns else None

    def _silverman(self) -> float:
        """Return the bandwidth for log pay; where there is no log none is needed."""
        usable = len(self.pay) > 1 and self.pay.min() > 0 and np.ptp(self.pay) > 0
        return silverman(np.log(self.pay), self.share) if usable else 0.0

    def effect(self, name: str) -> Linear | Text:
        """Regress the recentred influence of a statistic."""
        if self.problem is not None:
            return self.problem
        found = measure(name, self.pay, self.share, bandwidth=self.bandwidth)
        if isinstance(found, Text):
            return found
        value, pull = found
        coefficients, influence = weighted_fit(self.rows, self.mask, value + pull, self.x)
        left = self.x.shape[0] - self.x.shape[1]
        value, sides = float(coefficients[-1]), self.sides
        return Linear(value, influence[:, -1], self.mask, sides, residual_df=left)


def _say(
    say: Saying, name: str, found: Linear | Text, period: Any, bandwidth: float | None
) -> Estimate:
    """Tell one effect."""
    changed = period == "change"
    inside = () if period is None else (period,)
    point = name.startswith("percentile_")
    logged = point or RATIO.fullmatch(name) is not None
    width = None
    if bandwidth is not None and logged:
        said = f"{bandwidth:.3f}"
        width = Text(f"Gaussian density, bandwidth {said}", f"高斯核密度，带宽 {said}")
    return say.estimate(
        found,
        key=f"change_{name}" if changed else key_of(name, inside),
        term="effect_on_percentile" if point else "effect_on_inequality",
        method="rif_regression",
        unit="log_points" if logged else unit_of(name),
        estimand=SHARE_RISES,
        extra=width,
    )
