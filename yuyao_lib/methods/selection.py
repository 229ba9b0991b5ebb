"""Who joins: pay before joining, membership still to come, joining against leaving.

If a gap were what membership pays, those about to join would earn no more than others
like them, next period's membership would say nothing about this period's pay, and what
is gained on joining would be lost on leaving.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.clustered_regression import ClusteredFit, regress, within
from yuyao_lib.methods.clustered_regression import Design as Columns
from yuyao_lib.methods.samples import check_level, draw_sample
from yuyao_lib.methods.smaller_sides import EMPLOYER, Counts, employers_of, fewest_of
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats

__all__ = ["Selection", "selection"]

TOPIC = "premiums"
NOBODY_AGAIN = Text("nobody is seen in two periods", "没有人在两期中被观察")
NOBODY_JOINS = Text("nobody is seen to join", "没有人被观察到入会")
NOBODY_LEAVES = Text("nobody is seen to leave", "没有人被观察到退会")
KEYS = {
    "before_joining": ("pay_before_joining", "pooled_ols"),
    "lead": ("membership_to_come", "fixed_effects"),
    "joining": ("gain_on_joining", "first_differences"),
    "leaving": ("loss_on_leaving", "first_differences"),
    "asymmetry": ("joining_minus_leaving", "first_differences"),
}
HOW = Text(
    "clustered by person, factor G/(G-1)·(N-1)/(N-k), Student's t with G-1 degrees of freedom",
    "按人聚类，小样本系数 G/(G-1)·(N-1)/(N-k)，自由度 G-1 的 t 分布",
)


@dataclass(frozen=True, slots=True)
class Selection:
    """Signs of who joins.

    Attributes
    ----------
    estimates
        In log points: ``before_joining`` (pay of those who join by the next period over
        other non-members'), ``lead`` (next period's membership, the person's level and
        present membership held constant), ``joining``, ``leaving`` (what is lost, as a
        positive number), and ``asymmetry``, the gain less the loss.
    joiners, leavers
        Changes of status between one period seen and the next.
    """

    estimates: tuple[Estimate, ...]
    joiners: int
    leavers: int

    def of(self, key: str) -> Estimate:
        """Return one estimate."""
        return next(e for e in self.estimates if e.key == key)

    @property
    def signs(self) -> tuple[Estimate, ...]:
        """Those that would be zero if membership alone moved pay, and are not."""
        nulls = ("before_joining", "lead", "asymmetry")
        return tuple(e for e in self.estimates if e.key in nulls and e.differs_from_zero)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def selection(
    frame: pd.DataFrame,
    *,
    outcome: str,
    member: str,
    controls: Sequence[str] = (),
    worker: str = "worker_id",
    period: str = "calendar_year",
    level: float = 0.95,
) -> Selection:
    """Look for signs of who joins, each of which is zero if membership alone moves pay.

    Parameters
    ----------
    frame
        One row a person and period; without the column `worker` nothing is defined.
    outcome, member, controls, worker, period
        As in `yuyao_lib.methods.premiums.estimate`; the next period is the next in which
        the person is seen.
    level
        Coverage of the intervals.

    References
    ----------
    Wooldridge, J. M. (2010). Econometric Analysis of Cross Section and Panel Data, 2nd ed.,
    section 10.7.1 (a lead as a test of strict exogeneity).
    Freeman, R. B. (1984). Longitudinal analyses of the effects of trade unions. Journal of
    Labor Economics 2, 1-26 (joining against leaving).

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> people = yuyao.open("wagepan").frame("workers")
    >>> found = selection(people, outcome="log_hourly_wage", member="union_member")
    >>> found.joiners, found.leavers
    (257, 251)
    """
    check_level(level)
    if worker not in frame.columns:
        return _nothing(NOBODY_AGAIN, level)
    numeric = list(dict.fromkeys([outcome, member, *controls]))
    sample = draw_sample(
        frame,
        numeric=numeric,
        keys=[worker, period],
        binary=[member],
        beside=[EMPLOYER],
        unique=True,
    )
    rows = sample.frame.sort_values([worker, period], ignore_index=True)
    study = _Study(rows, outcome, member, tuple(controls), worker, period, level)
    if not study.same.any():
        return _nothing(NOBODY_AGAIN, level)
    return study.found()


def _nothing(why: Text, level: float) -> Selection:
    """Return estimates that say why there are none."""
    return Selection(tuple(_undefined(key, why, level) for key in KEYS), 0, 0)


@dataclass(frozen=True, slots=True)
class _Study:
    """Rows in order of person and period."""

    rows: pd.DataFrame
    outcome: str
    member: str
    controls: tuple[str, ...]
    worker: str
    period: str
    level: float

    @property
    def same(self) -> np.ndarray:
        """Whether a row and the next are of one person."""
        codes = self.rows[self.worker].to_numpy()
        return codes[:-1] == codes[1:]

    def found(self) -> Selection:
        """Estimate everything that is defined."""
        status = self.rows[self.member].to_numpy()
        step = (status[1:] - status[:-1])[self.same]
        joiners, leavers = int((step == 1).sum()), int((step == -1).sum())
        why = {
            "before_joining": None if joiners else NOBODY_JOINS,
            "lead": None if joiners + leavers else NOBODY_JOINS,
            "joining": None if joiners else NOBODY_JOINS,
            "leaving": None if leavers else NOBODY_LEAVES,
            "asymmetry": None if joiners and leavers else NOBODY_LEAVES,
        }
        made = {**self._levels(status), **self._changes(step)}
        behind = self._behind(step)
        estimates = tuple(
            _undefined(key, why[key] or NOBODY_AGAIN, self.level)
            if why[key] or made[key] is None
            else _estimate(key, made[key], self.level, behind[key])
            for key in KEYS
        )
        return Selection(estimates, joiners, leavers)

    def _behind(self, step: Floats) -> dict[str, Counts]:
        """Count who joins and who leaves: each number rests on one of them, or on both."""
        later = self.rows.iloc[np.flatnonzero(self.same) + 1]
        came, went = (
            {"persons": int(rows[self.worker].nunique()), "employers": employers_of(rows)}
            for rows in (later[step == 1], later[step == -1])
        )
        fewest = fewest_of(side for side in (came, went) if side["persons"])
        rarer = {"lead": fewest, "leaving": went, "asymmetry": fewest}
        return {key: rarer.get(key, came) for key in KEYS}

    def _levels(self, status: Floats) -> dict[str, Any]:
        """Regress this period's pay on the next period's membership."""
        here = np.flatnonzero(self.same)
        ahead = status[here + 1]
        outside = status[here] == 0
        before = self._fit(here[outside], {"ahead": ahead[outside]}, effects=False)
        both = self._fit(here, {"ahead": ahead, "now": status[here]}, effects=True)
        return {"before_joining": _pick(before, "ahead"), "lead": _pick(both, "ahead")}

    def _changes(self, step: Floats) -> dict[str, Any]:
        """Regress changes of pay on joining and on leaving."""
        here = np.flatnonzero(self.same)
        columns = {"join": (step == 1).astype(float), "leave": (step == -1).astype(float)}
        fit = self._fit(here + 1, columns, effects=False, changes=True)
        return {
            "joining": _pick(fit, "join"),
            "leaving": _pick(fit, "leave", sign=-1.0),
            "asymmetry": None
            if not {"join", "leave"} <= set(fit.names)
            else (*fit.combination({"join": 1.0, "leave": 1.0}), fit),
        }

    def _fit(
        self, here: np.ndarray, columns: dict[str, Floats], *, effects: bool, changes: bool = False
    ) -> ClusteredFit:
        """Fit pay, or its change since the row before, with periods and controls."""
        numbers = self.rows[[self.outcome, *self.controls]].to_numpy(dtype="float64")
        values = numbers[here] - numbers[here - 1] if changes else numbers[here]
        codes = np.unique(self.rows[self.worker].to_numpy()[here], return_inverse=True)[1]
        times = np.unique(self.rows[self.period].to_numpy()[here], return_inverse=True)[1]
        x = np.column_stack([*columns.values(), np.eye(times.max() + 1)[times], values[:, 1:]])
        names = (*columns, *(f"period_{t}" for t in range(times.max() + 1)), *self.controls)
        y, ones = values[:, :1], np.ones(len(here))
        if effects:
            both = within(np.column_stack([y, x]), codes, ones)
            y, x = both[:, :1], both[:, 1:]
        return regress(Columns(y[:, 0], x, names, ones, codes))


def _pick(fit: ClusteredFit, name: str, sign: float = 1.0) -> Any:
    """Return a coefficient, its error and its fit; None where it was collinear."""
    found = fit.value(name)
    return None if found is None else (sign * found[0], found[1], fit)


def _estimate(
    key: str, found: tuple[float, float, ClusteredFit], level: float, behind: Counts
) -> Estimate:
    """Give a coefficient its interval."""
    value, error, fit = found
    interval = wald(value, error, level=level, df=fit.clusters - 1)
    units = {"before_joining": "person_years", "lead": "person_years"}
    return Estimate(
        key=key, term=KEYS[key][0], method=KEYS[key][1], unit="log_points",
        design=Design.OBSERVATIONAL, **interval, level=level, n=fit.n,
        n_unit=units.get(key, "person_differences"), clusters=fit.clusters,
        cluster_unit="persons", inference=HOW, residual_df=fit.n - len(fit.names),
        **behind,
    )  # fmt: skip


def _undefined(key: str, why: Text, level: float) -> Estimate:
    """Return an estimate that says why it has no value."""
    return Estimate(
        key=key, term=KEYS[key][0], method=KEYS[key][1], unit="log_points",
        design=Design.OBSERVATIONAL, level=level, n_unit="person_years", undefined=why,
    )  # fmt: skip
