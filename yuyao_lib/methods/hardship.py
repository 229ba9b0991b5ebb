"""Households in hardship: how soon they leave it, and how many come back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.absence import Absent, absent
from yuyao_lib.methods.dated_spells import from_dates
from yuyao_lib.methods.proportions import counted, proportion
from yuyao_lib.methods.survival import Survival, survival
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Hardship", "Relapse", "hardship", "relapse"]

YEAR = 365


@dataclass(frozen=True, slots=True)
class Relapse:
    """Who came back.

    Attributes
    ----------
    followed, back
        Exits that were followed long enough, and those of them whose household has a new
        file within the time.
    months
        That time.
    estimate
        Percent that came back.
    """

    followed: int
    back: int
    months: int
    estimate: Estimate

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """The one estimate."""
        return (self.estimate,)

    def to_frame(self) -> pd.DataFrame:
        """Return one row."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


@dataclass(frozen=True, slots=True)
class Hardship:
    """Exits and relapse.

    Attributes
    ----------
    curve
        Share of files still open, by category.
    relapse
        Who came back.
    estimates
        ``exit_12_months`` of all files, ``exits``, ``files``, ``aid_per_file`` and
        ``relapse``.
    """

    curve: Survival = field(repr=False)
    relapse: Relapse
    estimates: tuple[Estimate, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def hardship(
    aid_cases: pd.DataFrame | None,
    *,
    relapse_months: int = 12,
    until: str | None = None,
    level: float = 0.95,
) -> Hardship | Absent:
    """Estimate how soon files of hardship are closed, and how many open again.

    Parameters
    ----------
    aid_cases
        ``case_id``, ``household_id``, ``category``, ``opened_on``, ``exited_on`` (empty:
        still open) and where known ``amount``. None: absent.
    relapse_months
        Months after an exit within which a new file of the household is a relapse.
    until
        Last day on which files were watched; None: the latest date in the table.
    level
        Coverage of the intervals.

    Notes
    -----
    An exit is an act of an office: the date a file was closed, not the day an income rose.
    """
    off = absent(aid_cases=aid_cases)
    if off is not None or aid_cases is None:
        return off or Absent(("aid_cases",))
    spells = from_dates(aid_cases, began="opened_on", closed="exited_on", until=until)
    spells = spells.assign(category=spells["category"].astype(str))
    shared: dict[str, Any] = {"duration": "duration_days", "ended": "ended", "at": [YEAR],
                              "n_unit": "households", "level": level}  # fmt: skip
    every = survival(spells, **shared).estimate(f"share_after_{YEAR}")
    back = relapse(aid_cases, months=relapse_months, until=until, level=level)
    return Hardship(
        survival(spells, by="category", **shared),
        back,
        (_left(every), *_files(spells), back.estimate),
    )


def _left(still: Estimate) -> Estimate:
    """Turn the share still open into the percent that left."""
    from dataclasses import replace

    what = Text("files closed within twelve months", "十二个月内脱困")
    rest = replace(still, key="exit_12_months", term="hardship_exit_share", unit="percent",
                   estimand=what)  # fmt: skip
    if still.estimate is None or still.low is None or still.high is None:
        return rest
    error = None if still.standard_error is None else 100 * still.standard_error
    return replace(
        rest, estimate=100 * (1 - still.estimate), low=100 * (1 - still.high),
        high=100 * (1 - still.low), standard_error=error,
    )  # fmt: skip


def _files(spells: pd.DataFrame) -> list[Estimate]:
    """Count files, exits and money."""
    n, exits = len(spells), int(spells["ended"].sum())
    made = [
        counted("files", n, term="hardship_files", unit="cases", n=n, n_unit="cases",
                estimand=Text("files of hardship", "困难职工档案")),
        counted("exits", exits, term="hardship_files", unit="cases", n=n, n_unit="cases",
                estimand=Text("files that were closed", "已脱困档案")),
    ]  # fmt: skip
    if "amount" in spells and spells["amount"].notna().any():
        mean = float(spells["amount"].dropna().mean())
        made.append(
            counted("aid_per_file", mean, term="aid_amount", unit="cny", n=n, n_unit="cases",
                    estimand=Text("aid per file", "每份档案帮扶金额"))
        )  # fmt: skip
    return made


def relapse(
    aid_cases: pd.DataFrame, *, months: int = 12, until: str | None = None, level: float = 0.95
) -> Relapse:
    """Count exits that are followed by a new file of the same household.

    Only exits that could be followed for the whole time are counted.

    Parameters
    ----------
    aid_cases
        ``household_id``, ``opened_on``, ``exited_on``.
    months
        Months after the exit.
    until
        Last day watched; None: the latest date in the table.
    level
        Coverage of the interval.

    Raises
    ------
    InputError
        If `months` is less than one.

    Examples
    --------
    >>> import pandas as pd
    >>> files = pd.DataFrame({"household_id": ["a", "a", "b"],
    ...     "opened_on": ["2020-01-01", "2020-09-01", "2020-01-01"],
    ...     "exited_on": ["2020-06-01", None, "2020-07-01"]})
    >>> found = relapse(files, until="2022-01-01")
    >>> found.followed, found.back
    (2, 1)
    """
    import pandas as pd

    if months < 1:
        raise InputError(sentence("months after an exit", got=months, allowed="1 and more"))
    opened, exited = pd.to_datetime(aid_cases["opened_on"]), pd.to_datetime(aid_cases["exited_on"])
    last = pd.Timestamp(until) if until else max(opened.max(), exited.max())
    rows = pd.DataFrame(
        {"household": aid_cases["household_id"], "opened": opened, "exited": exited}
    )
    rows = rows.sort_values(["household", "opened"], kind="stable")
    after = rows.groupby("household", sort=False)["opened"].shift(-1)
    limit = rows["exited"] + pd.DateOffset(months=months)
    followed = rows["exited"].notna() & (limit <= last)
    back = followed & (after > rows["exited"]) & (after <= limit)
    n, k = int(followed.sum()), int(back.sum())
    what = Text(
        f"exits followed by a new file within {months} months", f"脱困后 {months} 个月内重新建档"
    )
    estimate = proportion("relapse", k, n, term="relapse_share", n_unit="exits", estimand=what,
                          level=level)  # fmt: skip
    return Relapse(n, k, months, estimate)
