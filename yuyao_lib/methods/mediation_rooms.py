"""One more mediation room in a town, and arbitration filings per 1,000 workers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.group_time import group_time
from yuyao_lib.methods.group_time_results import Aggregate
from yuyao_lib.methods.hypotheses import Hypothesis
from yuyao_lib.methods.mediation_cases import NO_DISPUTES, day_of
from yuyao_lib.methods.pretrends import pre_trend_test
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RoomOpenings", "room_openings", "town_filings"]

TOPIC = "mediation"
NO_ROOMS = Text("not run: the table of mediation rooms is missing", "未运行：缺少调处工作室表")
NO_WORKERS = Text(
    "not run: without the employers' town and headcount there is nothing to divide by",
    "未运行：没有用人单位的乡镇与人数，无从计算比率",
)
MEANING = Meaning(
    term="filings_change", unit="filings_per_1000", n_unit="town_quarters", cluster_unit="towns"
)
PER = 1000.0


@dataclass(frozen=True, slots=True)
class RoomOpenings:
    """What follows the opening of a town's next room.

    Attributes
    ----------
    overall
        Change in arbitration filings per 1,000 workers a quarter, over all quarters since.
    events
        The same by quarters since the opening; None where there is none.
    trend
        Test of the quarters before; None where there is none.
    opening, towns
        Towns in which a room opened within the quarters, and all towns.
    mean
        Filings per 1,000 workers a quarter, over all towns and quarters.
    frame
        One row a town and quarter.
    """

    overall: Estimate
    events: Aggregate | None = None
    trend: Hypothesis | None = None
    opening: int = 0
    towns: int = 0
    mean: float | None = None
    frame: pd.DataFrame | None = field(default=None, repr=False)

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """The overall change."""
        return (self.overall,)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate, by quarters since the opening where there are some."""
        return rows_of(self.events.estimates if self.events else self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def town_filings(
    disputes: pd.DataFrame,
    rooms: pd.DataFrame,
    employers: pd.DataFrame,
    *,
    window: tuple[str, str],
) -> pd.DataFrame:
    """Count arbitration filings by town and quarter, over the town's workers.

    Parameters
    ----------
    disputes
        One row a case with ``town_id``, ``closed_on`` and ``outcome``; a case goes to
        arbitration on the day its mediation is closed.
    rooms
        One row a room with ``town_id`` and ``opened_on``.
    employers
        One row an employer with ``town_id`` and ``headcount``.
    window
        First and last day; quarters not wholly inside are left out.

    Returns
    -------
    pd.DataFrame
        ``town_id``, ``period`` (quarters counted from year 0), ``filings``, ``workers``,
        ``filings_per_1000``, ``first_opening``: the quarter of the first room that opened
        after the first quarter, 0 where none did.
    """
    import numpy as np
    import pandas as pd

    first, last = (day_of(day, "end of the window") for day in window)
    begin, end = _quarter(first - pd.Timedelta(days=1)) + 1, _quarter(last + pd.Timedelta(days=1))
    workers = employers.groupby(employers["town_id"].astype("string"))["headcount"].sum()
    workers = workers[workers > 0]
    gone = disputes[disputes["outcome"].astype("string").eq("arbitration")]
    when = pd.to_datetime(gone["closed_on"])
    counted = gone.assign(period=_quarters(when)).groupby(
        [gone["town_id"].astype("string"), "period"]
    )
    grid = pd.MultiIndex.from_product(
        [workers.index, np.arange(begin, end)], names=["town_id", "period"]
    )
    frame = counted.size().rename("filings").reindex(grid, fill_value=0).reset_index()
    frame["workers"] = frame["town_id"].map(workers).astype("int64")
    frame["filings_per_1000"] = PER * frame["filings"] / frame["workers"]
    opened = _quarters(pd.to_datetime(rooms["opened_on"]))
    inside = opened[(opened > begin) & (opened < end)]
    since = inside.groupby(rooms["town_id"].astype("string")).min()
    frame["first_opening"] = frame["town_id"].map(since).fillna(0).astype("int64")
    return frame


def room_openings(
    disputes: pd.DataFrame | None,
    rooms: pd.DataFrame | None,
    employers: pd.DataFrame | None,
    *,
    window: tuple[str, str],
    level: float = 0.95,
) -> RoomOpenings:
    """Follow arbitration filings before and after a town's next room (staggered openings).

    A town usually has a room before its first quarter in the data, so what is studied is
    the first room that opens within the quarters: one room more. Towns in which none has
    opened yet are the comparison (Callaway and Sant'Anna 2021), weighted by workers.

    Parameters
    ----------
    disputes, rooms, employers, window
        As in `town_filings`; a table that is None switches this off.
    level
        Coverage of the intervals.
    """
    meaning = replace(MEANING, level=level)
    why = NO_DISPUTES if disputes is None else NO_ROOMS if rooms is None else None
    if employers is None or not {"town_id", "headcount"} <= set(employers):
        why = why or NO_WORKERS
    if why is not None or disputes is None or rooms is None or employers is None:
        return RoomOpenings(_missing(meaning, why or NO_ROOMS))
    frame = town_filings(disputes, rooms, employers, window=window)
    frame["town_workers"] = frame["workers"].astype("float64")
    effects = group_time(
        frame, outcome="filings_per_1000", unit="town_id", period="period",
        first_treated="first_opening", controls="not_yet", weights="town_workers",
        meaning=meaning,
    )  # fmt: skip
    towns = frame.groupby("town_id")["first_opening"].first()
    sizes = int((towns > 0).sum()), len(towns), float((frame["filings"].sum() * PER)
                                                     / frame["workers"].sum())  # fmt: skip
    events = effects.aggregate("dynamic")
    overall = replace(effects.aggregate("simple").overall, key="room_opening")
    if effects.undefined is not None:
        return RoomOpenings(overall, None, None, *sizes, frame)
    return RoomOpenings(overall, events, pre_trend_test(effects), *sizes, frame)


def _missing(meaning: Meaning, why: Text) -> Estimate:
    """Say why nothing follows the opening of a room."""
    return Estimate(
        key="room_opening", term=meaning.term, method="group_time_effects", unit=meaning.unit,
        design=Design.QUASI, level=meaning.level, n_unit=meaning.n_unit, undefined=why,
    )  # fmt: skip


def _quarters(dates: pd.Series) -> pd.Series:
    """Count quarters from year 0."""
    return dates.dt.year * 4 + dates.dt.quarter - 1


def _quarter(day: pd.Timestamp) -> int:
    """Count the quarter of one day."""
    return int(day.year * 4 + day.quarter - 1)
