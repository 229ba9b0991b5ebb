"""Spells: how long something lasted and whether it had ended, checked once for every method.

Lives here: the checks of a frame of durations, and why a
covariate or a whole model is not defined. Does not live here: any estimator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.errors import DataError
from yuyao_lib.methods.clustered_regression import independent
from yuyao_lib.methods.samples import draw_sample
from yuyao_lib.methods.smaller_sides import EMPLOYER, carriers
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats

__all__ = ["COLLINEAR", "NONE_ENDED", "NO_SPELLS", "Spells", "read_spells", "why_no_model"]

TOPIC = "disputes"
WORKER = "worker_id"
NONE_ENDED = Text(
    "none of the spells has ended, so how long they last cannot be told",
    "没有一个持续期已经结束，无法得知持续多久",
)
NO_SPELLS = Text("there are no spells to tell from", "没有可供计算的持续期")
SAME_LENGTH = Text(
    "all spells that ended lasted equally long, so nothing can be compared",
    "所有已结束的持续期一样长，无法比较",
)
COLLINEAR = Text(
    "it does not vary, or is a combination of the other columns, in this sample",
    "在此样本中它没有变化，或与其他变量共线",
)


@dataclass(frozen=True, slots=True)
class Spells:
    """Spells that can be used.

    Attributes
    ----------
    time
        Shape (n,): durations, all above zero.
    ended
        Shape (n,): whether the end was seen.
    x
        Shape (n, k): covariates that vary and are no combination of others.
    names
        Name of each column of `x`.
    left_out
        Names of covariates that are not in `x`.
    groups
        Shape (n,): number of each spell's group; empty without groups.
    dropped
        Rows left out because a value was missing.
    people, firms
        Shape (n,): number of each spell's person and employer; None where rows name none.
    """

    time: Floats = field(repr=False)
    ended: NDArray[np.bool_] = field(repr=False)
    x: Floats = field(repr=False)
    names: tuple[str, ...]
    left_out: tuple[str, ...]
    groups: NDArray[np.int64] = field(repr=False)
    dropped: int
    people: NDArray[np.int64] | None = field(default=None, repr=False)
    firms: NDArray[np.int64] | None = field(default=None, repr=False)

    def behind(self, name: str) -> dict[str, int]:
        """Count who is on the rarer side of a covariate of 0 and 1; nothing of any other.

        Spells count as persons where rows do not name them.
        """
        values = self.x[:, self.names.index(name)]
        if not np.isin(values, (0.0, 1.0)).all():
            return {}
        sides = [values == side for side in (0.0, 1.0)]
        each = np.arange(len(values)) if self.people is None else self.people
        found = {"persons": min(carriers(np.bincount(each[side])) for side in sides)}
        if self.firms is not None:
            found["employers"] = min(carriers(np.bincount(self.firms[side])) for side in sides)
        return found

    @property
    def n_groups(self) -> int:
        """Number of groups, 0 without groups."""
        return int(self.groups.max()) + 1 if len(self.groups) else 0

    def select(self, kept: NDArray[np.bool_]) -> Spells:
        """Return some of the spells."""
        return replace(
            self, time=self.time[kept], ended=self.ended[kept], x=self.x[kept],
            groups=self.groups[kept] if len(self.groups) else self.groups,
            people=None if self.people is None else self.people[kept],
            firms=None if self.firms is None else self.firms[kept],
        )  # fmt: skip


def read_spells(
    frame: pd.DataFrame,
    *,
    duration: str,
    ended: str | None = None,
    covariates: Sequence[str] = (),
    cluster: str | None = None,
) -> Spells:
    """Check a frame of spells.

    Parameters
    ----------
    frame
        One row a spell; of a frame without rows nothing is estimated.
    duration
        Column of lengths above zero.
    ended
        Column that is 1 where the end was seen and 0 where the spell went on; None (or an
        empty name): all ended.
    covariates
        Columns of numbers.
    cluster
        Column of groups of spells.

    Raises
    ------
    DataError
        If a column cannot be used, or a duration is zero or less, naming its rows.

    Examples
    --------
    >>> import pandas as pd
    >>> read_spells(pd.DataFrame({"days": [3, 0, 5]}), duration="days")
    Traceback (most recent call last):
    yuyao_lib.errors.DataError: column 'days' holds a duration of zero or less in row 2 (rows \
are counted from 1); a spell that ended on the day it began can be given half a day.
    """
    flag = [ended] if ended else []
    if frame.empty:
        none: Floats = np.empty(0)
        groups: NDArray[np.int64] = np.zeros(0, dtype="int64")
        return Spells(none, none > 0, none.reshape(0, 0), (), tuple(covariates), groups, 0)
    numeric = list(dict.fromkeys([duration, *flag, *covariates]))
    keys = [cluster] if cluster else []
    named = [WORKER, EMPLOYER]
    sample = draw_sample(frame, numeric=numeric, keys=keys, binary=flag, beside=named)
    _check_lengths(frame[duration], duration)
    rows = sample.frame
    wide = np.column_stack([np.ones(len(rows)), *(rows[name].to_numpy() for name in covariates)])
    kept = [int(k) - 1 for k in independent(wide, np.ones(len(rows))) if k > 0]
    return Spells(
        time=rows[duration].to_numpy(),
        ended=rows[ended].to_numpy() == 1 if ended else np.ones(len(rows), bool),
        x=wide[:, [k + 1 for k in kept]],
        names=tuple(covariates[k] for k in kept),
        left_out=tuple(name for k, name in enumerate(covariates) if k not in kept),
        groups=rows[cluster].factorize()[0].astype("int64") if cluster else np.empty(0, "int64"),
        dropped=sample.dropped,
        people=_codes(rows, WORKER),
        firms=_codes(rows, EMPLOYER),
    )


def _codes(rows: pd.DataFrame, name: str) -> NDArray[np.int64] | None:
    """Number those that rows name; None where a row names none."""
    if name not in rows or rows[name].isna().any():
        return None
    return rows[name].factorize()[0].astype("int64")


def _check_lengths(lengths: pd.Series, name: str) -> None:
    """Refuse lengths that no spell can have, and say where they are."""
    rows = [str(i + 1) for i in np.flatnonzero((lengths <= 0).to_numpy(dtype=bool, na_value=False))]
    if not rows:
        return
    one = len(rows) == 1
    where = ", ".join(rows[:8]) + (f" and {len(rows) - 8} more" if len(rows) > 8 else "")
    what = "a duration" if one else f"{len(rows)} durations"
    raise DataError(
        f"column {name!r} holds {what} of zero or less in {'row' if one else 'rows'} {where} (rows"
        " are counted from 1); a spell that ended on the day it began can be given half a day."
    )


def why_no_model(spells: Spells, *, parameters: int) -> Text | None:
    """Say why a model of durations has no estimates; None if it has.

    Parameters
    ----------
    parameters
        Number of quantities the model has to estimate.
    """
    if not len(spells.time):
        return NO_SPELLS
    ends = int(spells.ended.sum())
    if ends == 0:
        return NONE_ENDED
    if ends <= parameters:
        return Text(
            f"{ends} spells have ended, too few for {parameters} quantities",
            f"仅有 {ends} 个持续期已结束，不足以估计 {parameters} 个量",
        )
    if np.ptp(spells.time[spells.ended]) == 0:
        return SAME_LENGTH
    for k, name in enumerate(spells.names):
        values = np.unique(spells.x[:, k])
        if len(values) == 2 and any(not spells.ended[spells.x[:, k] == v].any() for v in values):
            return Text(
                f"on one side of {name} no spell has ended, so its effect has no bound; leave it"
                " out or wait",
                f"{name} 的一侧没有持续期结束，其效应没有界限；请去掉该变量或等待",
            )
    return None
