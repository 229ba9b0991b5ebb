"""Mediated cases made ready: how long, how ended, and whether the room met the standard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.methods.dated_spells import from_dates
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NO_DISPUTES", "Cases", "day_of", "prepare"]

TOPIC = "mediation"
ROOM, NATIONAL = "after_room_standard", "after_national_standard"
COLLECTIVE = 10  # persons from which a dispute is collective
NO_DISPUTES = Text("not run: the table of disputes is missing", "未运行：缺少争议表")
NO_CASE = Text(
    "not run: no case was mediated while cases were watched", "未运行：观察期内没有调解案件"
)


@dataclass(frozen=True, slots=True)
class Cases:
    """Mediated cases with what may go with how they end.

    Attributes
    ----------
    frame
        One row a mediated case: ``duration_days``, ``ended``, ``way`` (missing where it
        had not ended), the columns of `covariates`, and the register's own.
    standard
        Column that is 1 where a case was filed under the standard: by the date of its
        room where rooms are known, else by the national date; None without cases.
    covariates
        Columns of 0 and 1 that may go with ways of ending, the standard not among them.
    elsewhere
        Cases of the register that no room mediated; they are not in `frame`.
    until
        Last day on which cases were watched.
    undefined
        Why there are none.
    """

    frame: pd.DataFrame
    standard: str | None
    covariates: tuple[str, ...]
    elsewhere: int
    until: str
    undefined: Text | None = None

    @property
    def n(self) -> int:
        """Mediated cases."""
        return len(self.frame)

    @property
    def still_open(self) -> int:
        """Cases that had not ended when last seen."""
        return int((self.frame["ended"] == 0).sum()) if self.n else 0

    def _repr_html_(self) -> str:
        return f"<p>{self.n} cases, {self.still_open} still open on {self.until}</p>"


def prepare(
    disputes: pd.DataFrame | None,
    rooms: pd.DataFrame | None = None,
    *,
    standard_from: str,
    until: str,
) -> Cases:
    """Turn the table of disputes into spells of mediation.

    Parameters
    ----------
    disputes
        One row a case with ``filed_on``, ``closed_on``, ``outcome``; ``room_id`` says
        which were mediated (without it: all), ``kind`` and ``workers`` what they are about.
    rooms
        One row a room with ``room_id`` and ``standard_on``; None: not known.
    standard_from
        Day from which the national standard holds.
    until
        Last day on which cases were watched. A case without a closing date, or closed
        later, was still open then: it is kept and tells that it lasted longer.

    Raises
    ------
    DataError
        If a column of dates is missing or cannot be read.
    InputError
        If a day cannot be read.

    Examples
    --------
    >>> import pandas as pd
    >>> cases = pd.DataFrame({"filed_on": ["2022-06-01", "2022-08-01"],
    ...                       "closed_on": ["2022-06-09", None], "outcome": ["settled", None]})
    >>> made = prepare(cases, standard_from="2022-07-01", until="2022-08-31")
    >>> made.frame[["duration_days", "ended", "after_national_standard"]].values.tolist()
    [[8.0, 1.0, 0.0], [30.0, 0.0, 1.0]]
    """
    import pandas as pd

    first = day_of(standard_from, "first day of the standard")
    last = str(day_of(until, "last day watched").date())
    if disputes is None:
        return Cases(pd.DataFrame(), None, (), 0, last, NO_DISPUTES)
    mediated = _mediated(disputes)
    elsewhere = len(disputes) - len(mediated)
    if not (pd.to_datetime(mediated["filed_on"]) <= last).any():
        return Cases(pd.DataFrame(), None, (), elsewhere, last, NO_CASE)
    frame = from_dates(mediated, began="filed_on", closed="closed_on", until=last)
    frame = frame.assign(filed_on=pd.to_datetime(frame["filed_on"]))
    frame["way"] = frame["outcome"].astype("object").where(frame["ended"] == 1)
    frame[NATIONAL] = (frame["filed_on"] >= first).astype("int64")
    standard = NATIONAL
    if rooms is not None and "standard_on" in rooms and "room_id" in frame:
        since = pd.to_datetime(rooms.set_index("room_id")["standard_on"])
        frame[ROOM] = (frame["filed_on"] >= frame["room_id"].map(since)).astype("int64")
        standard = ROOM
    frame, covariates = _described(frame)
    return Cases(frame.reset_index(drop=True), standard, covariates, elsewhere, last)


def day_of(text: str, what: str) -> pd.Timestamp:
    """Read a day such as ``2022-07-01``.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    import pandas as pd

    day = pd.to_datetime(text, errors="coerce")
    if day is pd.NaT:
        raise InputError(sentence(what, got=text, allowed="a day such as 2022-07-01"))
    return day


def _mediated(disputes: pd.DataFrame) -> pd.DataFrame:
    """Keep the cases that a room mediated, where the table says which."""
    if "room_id" not in disputes or not disputes["room_id"].notna().any():
        return disputes
    return disputes[disputes["room_id"].notna()]


def _described(frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Add columns of 0 and 1 for kind, size and legal aid, where the table has them."""
    made: list[str] = []
    if "kind" in frame:
        kinds = frame["kind"].astype("string")
        for name in kinds.value_counts().index[1:]:  # compared with the commonest kind
            frame[f"kind_{name}"] = (kinds == name).astype("int64")
            made.append(f"kind_{name}")
    if "workers" in frame:
        frame["collective"] = (frame["workers"] >= COLLECTIVE).astype("int64")
        made.append("collective")
    if "amount" in frame:
        frame["log_amount"] = np.log(frame["amount"].astype("float64").clip(lower=1.0))
    if "legal_aid" in frame:
        frame["legal_aid"] = frame["legal_aid"].astype("float64")
    return frame, tuple(made)
