"""Where inequality lies: within and between groups, and along the Lorenz curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.findings.members import Members
from yuyao_lib.methods.distribution_measures import unit_of
from yuyao_lib.methods.inequality import NO_ROW, linear_measure, pay_in
from yuyao_lib.methods.linearised import Linear, PayRows, Saying, pay_rows
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Lorenz", "WithinBetween", "lorenz", "within_between"]

TOPIC = "structure"
ADDING = ("theil_t", "theil_l", "variance_of_logs")
POINTS = 101


@dataclass(frozen=True, slots=True)
class WithinBetween:
    """Measures that add up over groups, in their two parts.

    Attributes
    ----------
    estimates
        For each measure its total, the part within groups, the part between, and the
        share between; keys ``theil_t_total``, ``theil_t_within`` and so on.
    groups
        The groups.
    measures
        The measures.
    column
        Column of the groups.
    """

    estimates: tuple[Estimate, ...]
    groups: tuple[Any, ...]
    measures: tuple[str, ...]
    column: str

    def to_frame(self) -> pd.DataFrame:
        """Return one row a part."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


@dataclass(frozen=True, slots=True)
class Lorenz:
    """Lorenz curves on a grid of 101 points.

    Attributes
    ----------
    groups
        The value of the group of each curve; one None without groups.
    people, pay
        Cumulative shares: shape (101,), and for each group shape (101,).
    undefined
        Group -> why it has no curve.
    column
        Column of the groups; None without.
    persons, employers
        Distinct persons and employers behind each curve; employers None where none is named.
    members
        The rows themselves, where they are kept.
    """

    groups: tuple[Any, ...]
    people: tuple[float, ...]
    pay: tuple[tuple[float, ...], ...]
    undefined: dict[Any, Text]
    column: str | None = None
    persons: tuple[int, ...] = ()
    employers: tuple[int | None, ...] = ()
    members: tuple[Members | None, ...] = ()

    def coarser(self, *, cases: int) -> Lorenz:
        """Return the curves through points that each stand for so many persons or more."""
        last = len(self.people) - 1
        most = min((n // cases for n in self.persons if n), default=0)
        steps = next((k for k in (50, 20, 10, 4) if k <= most), 2)  # halves are always told
        places = range(0, last + 1, last // steps)
        people = tuple(self.people[i] for i in places)
        pay = tuple(tuple(curve[i] for i in places) if curve else () for curve in self.pay)
        return replace(self, people=people, pay=pay)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a group and point."""
        import pandas as pd

        rows = [
            {"group": group, "people": x, "pay": y}
            for group, curve in zip(self.groups, self.pay, strict=True)
            for x, y in zip(self.people, curve, strict=bool(curve))
        ]
        return pd.DataFrame(rows, columns=["group", "people", "pay"])

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def within_between(
    frame: pd.DataFrame,
    *,
    outcome: str,
    group: str,
    measures: Sequence[str] = ADDING,
    logs: bool = True,
    weights: str | None = None,
    worker: str = "worker_id",
    level: float = 0.95,
) -> WithinBetween:
    r"""Split inequality into a part within groups and a part between them.

    With shares of people :math:`p_g`, means :math:`\mu_g` and shares of pay
    :math:`s_g=p_g\mu_g/\mu`: :math:`T=\sum s_gT_g+\sum s_g\ln(\mu_g/\mu)`,
    :math:`L=\sum p_gL_g+\sum p_g\ln(\mu/\mu_g)`, and for logs with means :math:`m_g`
    :math:`V=\sum p_gV_g+\sum p_g(m_g-m)^2` (Shorrocks 1980, Econometrica 48, 613-625).
    The Gini index does not split so.

    Parameters
    ----------
    frame, outcome, logs, weights, worker, level
        As in `inequality`.
    group
        Column of the groups.
    measures
        ``theil_t``, ``theil_l``, ``variance_of_logs``.

    Raises
    ------
    InputError
        If a measure does not split.
    DataError
        If a column cannot be used.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> people = yuyao.open("cps78_85").frame("workers")
    >>> found = within_between(people, outcome="log_hourly_wage", group="union_member")
    >>> total, within, between, share = (e.estimate for e in found.estimates[:4])
    >>> round(total - within - between, 12) == 0
    True
    """
    for name in measures:
        if name not in ADDING:
            what = "this measure does not split into within and between"
            raise InputError(sentence(what, got=name, allowed=ADDING))
    rows = pay_rows(frame, numeric=[outcome], keys=[group], weights=weights, worker=worker)
    pay = pay_in(rows, outcome, logs=logs)
    say = Saying(rows, level=level, design=Design.DESCRIPTION)
    groups = rows.levels(group)
    found: list[Estimate] = []
    for name in measures:
        total = linear_measure(rows, rows.everyone, pay, name)
        between = total if isinstance(total, Text) else _between(rows, pay, name, group, groups)
        found += _parts(say, name, total, between)
    return WithinBetween(tuple(found), tuple(groups), tuple(measures), group)


def _between(rows: PayRows, pay: np.ndarray, name: str, group: str, groups: list[Any]) -> Linear:
    """Return the part between groups, a function of shares and sums of pay by group."""
    y = (
        np.log(pay)
        if name == "variance_of_logs"
        else pay / (rows.weights @ pay / rows.weights.sum())
    )
    w = rows.weights / rows.weights.sum()
    inside = np.array([rows.where(group, g) for g in groups], dtype="float64")
    p, a = inside @ w, inside @ (w * y)
    value, by_a, by_p = _BETWEEN[name](a, p)
    pull = (by_a @ inside) * y + by_p @ inside
    influence = w * (pull - w @ pull) * np.sqrt(len(y) / (len(y) - 1))
    return Linear(float(value), influence, rows.everyone, tuple(inside > 0))


def _between_t(a: np.ndarray, p: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Theil T of group means, and its derivatives by sums of pay and by shares (mean 1)."""
    logs = np.log(a / p)
    value = float(a @ logs)
    return value, logs - value, -a / p


def _between_l(a: np.ndarray, p: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Theil L of group means, and its derivatives (mean 1)."""
    return float(-p @ np.log(a / p)), 1 - p / a, 1 - np.log(a / p)


def _between_v(a: np.ndarray, p: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Variance of group means, and its derivatives."""
    means, mean = a / p, a.sum()
    return float(p @ (means - mean) ** 2), 2 * (means - mean), -(means**2)


_BETWEEN = {"theil_t": _between_t, "theil_l": _between_l, "variance_of_logs": _between_v}


def _parts(say: Saying, name: str, total: Linear | Text, between: Linear | Text) -> list[Estimate]:
    """Tell the total and its parts."""
    unit = unit_of(name)
    same: dict[str, Any] = {"method": "sum_over_groups", "tested": False}
    if isinstance(total, Text) or isinstance(between, Text):
        held: list[Linear | Text] = [total] * 4
    else:
        held = [total, total - between, between, between.over(total)]
    terms = (name, "within_groups", "between_groups", "share_between")
    keys = ("total", "within", "between", "share_between")
    units = (unit, unit, unit, "share")
    return [
        say.estimate(value, key=f"{name}_{key}", term=term, unit=its, **same)
        for value, key, term, its in zip(held, keys, terms, units, strict=True)
    ]


def lorenz(
    frame: pd.DataFrame,
    *,
    outcome: str,
    group: str | None = None,
    logs: bool = True,
    weights: str | None = None,
) -> Lorenz:
    """Return Lorenz curves: the share of pay that goes to the lower-paid share of people.

    Parameters
    ----------
    frame, outcome, logs, weights
        As in `inequality`.
    group
        Column with one curve a value; None for one curve.

    Raises
    ------
    DataError
        If a column cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> found = lorenz(pd.DataFrame({"pay": [1.0, 3.0]}), outcome="pay", logs=False)
    >>> found.pay[0][50]
    0.25
    """
    keys = [group] if group else []
    rows = pay_rows(frame, numeric=[outcome], keys=keys, weights=weights)
    pay = pay_in(rows, outcome, logs=logs)
    parts = rows.parts(group)
    grid = np.linspace(0, 1, POINTS)
    curves: list[tuple[float, ...]] = []
    undefined: dict[Any, Text] = {}
    for one, mask in parts.items():
        y, w = pay[mask], rows.weights[mask]
        why = _no_curve(y)
        if why is not None:
            undefined[one] = why
            curves.append(())
            continue
        order = np.argsort(y, kind="stable")
        people, held = np.cumsum(w[order]), np.cumsum((w * y)[order])
        curve = np.interp(grid, np.r_[0, people / people[-1]], np.r_[0, held / held[-1]])
        curves.append(tuple(float(v) for v in curve))
    points = tuple(float(x) for x in grid)
    persons = tuple(rows.persons(mask) for mask in parts.values())
    firms = tuple(rows.employers(mask) for mask in parts.values())
    members = tuple(rows.members(mask) for mask in parts.values())
    return Lorenz(tuple(parts), points, tuple(curves), undefined, group, persons, firms, members)


def _no_curve(pay: np.ndarray) -> Text | None:
    """Say why there is no curve."""
    if len(pay) == 0:
        return NO_ROW
    if pay.min() < 0:
        return Text("some pay is negative", "部分工资为负数")
    return None if pay.max() > 0 else Text("nobody is paid", "无人有工资")
