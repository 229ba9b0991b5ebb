"""Who changes status: the people on whom a comparison within persons rests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from yuyao_lib.methods.samples import draw_sample
from yuyao_lib.methods.smaller_sides import EMPLOYER, employers_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Movers", "movers", "settled"]

TOPIC = "premiums"

STATUSES = ("never_member", "always_member", "joiner", "leaver", "switcher")


@dataclass(frozen=True, slots=True)
class Movers:
    """Persons and person-periods by history of membership.

    Attributes
    ----------
    persons, person_years
        For each status the number of persons and of rows; the two are never added.
    followed
        Whether anybody is seen more than once.
    employers
        For each status the employers that carry it; empty where the rows name none.
    """

    persons: dict[str, int]
    person_years: dict[str, int]
    followed: bool
    employers: dict[str, int] = field(default_factory=dict)

    @property
    def changing(self) -> int:
        """Persons who ever change status."""
        return sum(self.persons[name] for name in STATUSES[2:])

    def to_frame(self) -> pd.DataFrame:
        """Return one row a status."""
        import pandas as pd

        rows = [
            {"status": s, "worker_count": self.persons[s], "person_years": self.person_years[s]}
            for s in STATUSES
        ]
        return pd.DataFrame(rows)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def movers(
    frame: pd.DataFrame,
    *,
    member: str,
    worker: str = "worker_id",
    period: str = "calendar_year",
) -> Movers:
    """Count who never, always and sometimes is a member.

    Parameters
    ----------
    frame
        One row a person and period; without the column `worker` each row is a person.
    member
        Column that is 1 for members, else 0.
    worker, period
        Columns that identify a row.

    Raises
    ------
    DataError
        If a column is missing or `member` holds anything but 0 and 1.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> movers(yuyao.open("wagepan").frame("workers"), member="union_member").changing
    246
    """
    persons = worker in frame.columns
    keys = [worker, period] if persons else [period]
    sample = draw_sample(
        frame, numeric=[member], keys=keys, binary=[member], beside=[EMPLOYER], unique=persons
    )
    rows = sample.frame if persons else sample.frame.assign(**{worker: sample.frame.index})
    rows = rows.sort_values([worker, period])
    by_person = rows.groupby(worker, sort=False)[member]
    changes = by_person.apply(lambda status: int((status.diff().abs() == 1).sum()))
    first, length = by_person.first(), by_person.size()
    status = changes.map(lambda n: "switcher" if n > 1 else "")
    status = status.mask((changes == 0) & (first == 0), "never_member")
    status = status.mask((changes == 0) & (first == 1), "always_member")
    status = status.mask((changes == 1) & (first == 0), "joiner")
    status = status.mask((changes == 1) & (first == 1), "leaver")
    return Movers(
        {s: int((status == s).sum()) for s in STATUSES},
        {s: int(length[status == s].sum()) for s in STATUSES},
        bool((length > 1).any()),
        _employers(rows, rows[worker].map(status)),
    )


def _employers(rows: pd.DataFrame, status: pd.Series) -> dict[str, int]:
    """Count the employers that carry each status."""
    found = {s: employers_of(rows[(status == s).to_numpy()]) for s in STATUSES}
    return {s: n for s, n in found.items() if n is not None}


def settled(
    frame: pd.DataFrame,
    *,
    member: str,
    worker: str = "worker_id",
    period: str = "calendar_year",
) -> pd.DataFrame:
    """Recode changes of status that are undone in the next period, as if misreported.

    From the second period to the one before the last, a status that differs from both
    neighbours takes theirs; earlier recodes count for later ones. Wrongly recorded
    changes pull comparisons within persons towards zero, so this is a check on them
    (de Chaisemartin and D'Haultfoeuille 2020, section V.C).

    Parameters
    ----------
    frame
        One row a person and period; without the column `worker` nothing is recoded.
    member, worker, period
        As in `movers`.

    Returns
    -------
    DataFrame
        The rows in order of person and period, with the column `member` recoded.

    Raises
    ------
    DataError
        If a column is missing or a person-period stands twice.

    Examples
    --------
    >>> import pandas as pd
    >>> seen = pd.DataFrame({"worker_id": 1, "calendar_year": [1, 2, 3], "member": [0, 1, 0]})
    >>> settled(seen, member="member")["member"].tolist()
    [0, 0, 0]
    """
    if worker not in frame.columns:
        return frame  # nobody is followed, so nothing can be seen to be undone
    draw_sample(frame, numeric=[member], keys=[worker, period], binary=[member], unique=True)
    rows = frame.sort_values([worker, period]).reset_index(drop=True)
    persons, status = rows[worker].to_numpy(), rows[member].to_numpy().copy()
    for place in range(1, len(rows) - 1):
        same = persons[place - 1] == persons[place] == persons[place + 1]
        if same and status[place - 1] == status[place + 1] != status[place]:
            status[place] = status[place - 1]
    return rows.assign(**{member: status})
