"""A policy and its before and after: two-by-two, triple, panel and time-series regressions.

For policies with one date or one group, and for published results of that kind. For
units that adopt at different dates start from `contracts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from yuyao_lib.errors import DataError, InputError, sentence
from yuyao_lib.findings import Design
from yuyao_lib.methods.adoption import Meaning, check_choice
from yuyao_lib.methods.adoption_periods import period_numbers, require
from yuyao_lib.methods.clustered_regression import within
from yuyao_lib.methods.policy_regression import (
    Errors,
    PolicyRegression,
    check_errors,
    least_squares,
)
from yuyao_lib.methods.samples import draw_sample
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "PolicyRegression",
    "difference_in_differences",
    "policy_panel",
    "trend_regression",
    "triple_difference",
]

TWO_GROUPS = Text(
    "Two groups only: the interval takes rows as independent and does not count shocks that hit"
    " one whole group.",
    "仅有两个组：区间假定各行独立，未计入冲击整组的随机扰动。",
)


def difference_in_differences(
    frame: pd.DataFrame,
    *,
    outcome: str,
    treated: str,
    after: str,
    controls: Sequence[str] = (),
    errors: Errors = "HC1",
    cluster: str | None = None,
    meaning: Meaning | None = None,
) -> PolicyRegression:
    """Compare a group's change with another group's change.

    Parameters
    ----------
    frame
        One row an observation; before and after may be different people.
    outcome, controls
        Columns of numbers.
    treated, after
        Columns of 0 and 1.
    errors
        ``classical``, ``HC0`` to ``HC3``, or ``clustered`` by `cluster`.
    cluster
        Column of independent groups.
    meaning
        What the number is about.

    Raises
    ------
    DataError, InputError
        If a column or a choice cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"g": [0, 0, 1, 1] * 5, "post": [0, 1] * 10,
    ...                      "y": [1.0, 2.0, 1.0, 5.0] * 5})
    >>> found = difference_in_differences(rows, outcome="y", treated="g", after="post")
    >>> round(found.effect.estimate, 6)
    3.0
    """
    return _interacted(frame, outcome, [treated, after], controls, errors, cluster, meaning)


def triple_difference(
    frame: pd.DataFrame,
    *,
    outcome: str,
    treated: str,
    eligible: str,
    after: str,
    controls: Sequence[str] = (),
    errors: Errors = "HC1",
    cluster: str | None = None,
    meaning: Meaning | None = None,
) -> PolicyRegression:
    """Compare the change of those eligible with others' within a group, and between groups.

    Parameters
    ----------
    frame, outcome, treated, after, controls, errors, cluster, meaning
        As in `difference_in_differences`.
    eligible
        Column of 0 and 1: those the policy is meant for, in both groups.
    """
    dummies = [treated, eligible, after]
    return _interacted(frame, outcome, dummies, controls, errors, cluster, meaning)


def _interacted(
    frame: pd.DataFrame,
    outcome: str,
    dummies: list[str],
    controls: Sequence[str],
    errors: str,
    cluster: str | None,
    meaning: Meaning | None,
) -> PolicyRegression:
    """Fit all products of the dummies; the product of all is the effect."""
    check_errors(errors, cluster)
    keys = [cluster] if cluster else []
    numeric = list(dict.fromkeys([outcome, *dummies, *controls]))
    sample = draw_sample(frame, numeric=numeric, keys=keys, binary=dummies)
    rows = sample.frame
    columns: dict[str, np.ndarray] = {"Intercept": np.ones(len(rows))}
    for code in range(1, 2 ** len(dummies)):
        chosen = [name for i, name in enumerate(dummies) if code >> i & 1]
        key = "effect" if len(chosen) == len(dummies) else "_x_".join(chosen)
        columns[key] = rows[chosen].prod(axis=1).to_numpy()
    for name in controls:
        columns[name] = rows[name].to_numpy()
    groups = rows[cluster].factorize()[0] if cluster else None
    return least_squares(
        rows[outcome].to_numpy(),
        columns,
        errors,
        meaning or Meaning(),
        groups=groups,
        dropped=sample.dropped,
        caveat=None if cluster else TWO_GROUPS,
    )


def policy_panel(
    frame: pd.DataFrame,
    *,
    outcome: str,
    policy: str,
    unit: str,
    period: str,
    controls: Sequence[str] = (),
    transform: Literal["fixed_effects", "first_differences"] = "fixed_effects",
    unit_trends: bool = False,
    errors: Errors = "clustered",
    meaning: Meaning | None = None,
) -> PolicyRegression:
    """Estimate a policy's effect from a panel with unit and period effects.

    Parameters
    ----------
    frame
        One row a unit and period.
    outcome, policy, controls
        Columns of numbers; the policy may switch on and off or have a dose.
    unit, period
        Columns that identify a row.
    transform
        Subtract unit means, or take changes between adjacent periods.
    unit_trends
        Whether each unit has its own straight line.
    errors
        As in `difference_in_differences`; ``clustered`` is by unit.
    meaning
        What the number is about.
    """
    import pandas as pd

    check_errors(errors, unit)
    check_choice("transform", transform, ("fixed_effects", "first_differences"))
    numbers = [outcome, policy, *controls]
    require(frame, [unit, period, *numbers])
    timed = frame[[unit, *dict.fromkeys(numbers)]].copy()
    timed["_time"] = period_numbers(frame[period], name=period)
    sample = draw_sample(timed, numeric=numbers, keys=[unit, "_time"], unique=True)
    rows = sample.frame.sort_values([unit, "_time"], ignore_index=True)
    if transform == "first_differences":
        rows = _changes(rows, unit, numbers)
    codes = pd.factorize(rows[unit])[0]
    columns = {"effect": rows[policy].to_numpy(), **{n: rows[n].to_numpy() for n in controls}}
    times = np.unique(rows["_time"])
    for time in times[1:]:
        columns[f"period_{time:g}"] = (rows["_time"] == time).to_numpy(dtype="float64")
    differences = transform == "first_differences"
    if unit_trends:
        slope = np.ones(len(rows)) if differences else rows["_time"].to_numpy() - times[0]
        for code in range(1 if differences else 0, int(codes.max()) + 1):
            columns[f"trend_{code}"] = np.where(codes == code, slope, 0.0)
    y = rows[outcome].to_numpy()
    groups = codes if errors == "clustered" else None
    if differences:
        columns = {"Intercept": np.ones(len(rows)), **columns}
        return least_squares(
            y,
            columns,
            errors,
            meaning or Meaning(),
            groups=groups,
            dropped=sample.dropped,
            method="first_differences",
        )
    swept = within(np.column_stack([y, *columns.values()]), codes, np.ones(len(y)))
    names = dict(zip(columns, swept[:, 1:].T, strict=True))
    return least_squares(
        swept[:, 0],
        names,
        errors,
        meaning or Meaning(),
        groups=groups,
        dropped=sample.dropped,
        absorbed=int(codes.max()) + 1,
        method="fixed_effects",
    )


def _changes(rows: pd.DataFrame, unit: str, numbers: list[str]) -> pd.DataFrame:
    """Return changes between adjacent periods; a gap gives none."""
    times = np.unique(rows["_time"])
    step = float(np.diff(times).min()) if len(times) > 1 else 1.0
    by = rows.groupby(unit, sort=False)
    adjacent = by["_time"].diff() == step
    changed = rows.assign(**{name: by[name].diff() for name in dict.fromkeys(numbers)})
    kept = changed[adjacent].reset_index(drop=True)
    if kept.empty:
        raise DataError(f"no {unit} is seen in two adjacent periods, so there are no changes.")
    return kept


def trend_regression(
    frame: pd.DataFrame,
    *,
    outcome: str,
    regressors: Sequence[str],
    period: str,
    trend: bool = False,
    errors: Errors = "newey_west",
    lags: int | None = None,
    small_sample: bool = False,
    meaning: Meaning | None = None,
) -> PolicyRegression:
    """Regress a time series on others.

    Parameters
    ----------
    frame
        One row a period.
    outcome, regressors
        Columns of numbers.
    period
        Column that orders the rows.
    trend
        Whether to add the column ``trend``: 1, 2, 3 and so on.
    errors
        ``newey_west`` allows for errors that persist; others as in
        `difference_in_differences`, but not ``clustered``.
    lags
        Periods over which errors may persist; None: 4 (n/100)^(2/9), rounded down.
    small_sample
        Whether Newey-West errors carry the factor n/(n-k).
    meaning
        What the numbers are about.

    Notes
    -----
    A regression of one trending series on another can find a relation where there is
    none: look at it with and without the trend.
    """
    check_errors(errors, None)
    require(frame, [period, outcome, *regressors])
    timed = frame[list(dict.fromkeys([outcome, *regressors]))].copy()
    timed["_time"] = period_numbers(frame[period], name=period)
    sample = draw_sample(timed, numeric=[outcome, *regressors], keys=["_time"], unique=True)
    rows = sample.frame.sort_values("_time", ignore_index=True)
    columns = {"Intercept": np.ones(len(rows))}
    columns |= {name: rows[name].to_numpy() for name in regressors}
    if trend:
        columns["trend"] = (rows["_time"] - rows["_time"].min() + 1).to_numpy()
    chosen = int(4 * (len(rows) / 100) ** (2 / 9)) if lags is None else lags
    if chosen < 0 or chosen >= len(rows):
        raise InputError(sentence("lags", got=chosen, allowed=f"0 to {len(rows) - 1}"))
    own = meaning or Meaning(term="regression_coefficient", design=Design.OBSERVATIONAL)
    return least_squares(
        rows[outcome].to_numpy(),
        columns,
        errors,
        own,
        dropped=sample.dropped,
        lags=chosen,
        small_sample=small_sample,
        method="trend_regression",
    )
