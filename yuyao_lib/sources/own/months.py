"""Months of pay: part months brought to full ones, then averaged over the quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from yuyao_lib import schema
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["MONTH", "full_months", "to_quarters"]

MONTH = "_month"
MEANS = ("gross_wage", "base_wage", "skill_allowance", "hours")
PAID = ("gross_wage", "base_wage", "skill_allowance")
# a person paid in one month twice what the others of the year bring: a yearly bonus?
BONUS_RATIO, BONUS_MONTHS = 2.0, (0, 1)


def full_months(frame: pd.DataFrame, days: np.ndarray, *, full_days: float) -> pd.DataFrame:
    """Bring pay for part of a month to a full month: pay / days paid * days of a full month.

    Parameters
    ----------
    frame
        Monthly rows; shape (rows, columns).
    days
        Days paid; shape (rows,). Months paid for more than `full_days` are left alone.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> full_months(pd.DataFrame({"gross_wage": [2000.0, 4350.0]}),
    ...     np.array([10.0, 21.75]), full_days=21.75)["gross_wage"].tolist()
    [4350.0, 4350.0]
    """
    import numpy as np

    scale = np.where((days > 0) & (days < full_days), full_days / np.where(days > 0, days, 1), 1.0)
    names = [name for name in PAID if name in frame]
    return frame.assign(**{name: frame[name] * scale for name in names})


def to_quarters(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Text]]:
    """Average months over paid months of the quarter; the last month gives grade and job.

    Parameters
    ----------
    frame
        One row a worker, employer and month, with the month in `MONTH`.

    Returns
    -------
    frame, notes
        One row a worker, employer and quarter; how many months were unpaid, and in how
        many person-years January or February look like a yearly bonus.
    """
    names = schema.table("worker_quarters").names
    present = [name for name in names if name in frame]
    key = ["worker_id", "employer_id", "quarter"]
    frame = frame.sort_values([*key, MONTH], kind="stable")
    paid = frame["gross_wage"] > 0 if "gross_wage" in frame else frame[MONTH].notna()
    notes = [*_unpaid_note(int((~paid).sum())), *_bonus_note(frame)]
    how: dict[str, Any] = {
        name: "mean" if name in MEANS else ("any" if name == "separated" else "last")
        for name in present
        if name not in key
    }
    quarters = frame[paid].groupby(key, sort=False, observed=True).agg(how).reset_index()
    n, months = len(quarters), int(paid.sum())
    note = Text(
        f"{months:,} paid months averaged to {n:,} worker-quarters",
        f"{months:,} 个发薪月平均为 {n:,} 个职工季度",
    )
    return quarters[present], [note, *notes]


def _unpaid_note(months: int) -> list[Text]:
    """Count months without pay."""
    if not months:
        return []
    return [
        Text(
            f"{months:,} months without pay left out of the mean", f"{months:,} 个无薪月不计入平均"
        )
    ]


def _bonus_note(frame: pd.DataFrame) -> list[Text]:
    """Count person-years in which January or February stand out."""
    if "gross_wage" not in frame:
        return []
    early = frame[MONTH].mod(12).isin(BONUS_MONTHS)
    who = [frame["worker_id"], frame[MONTH].floordiv(12)]
    usual = frame["gross_wage"].where(~early).groupby(who).median()
    peak = frame["gross_wage"].where(early).groupby(who).max()
    n = int((peak > BONUS_RATIO * usual).sum())
    if not n:
        return []
    return [
        Text(
            f"in {n:,} person-years pay in January or February is over twice the usual: a yearly"
            " bonus belongs in a column of its own",
            f"{n:,} 个人年中 1 月或 2 月工资超过平常两倍：年终奖应单独列出",
        )
    ]
