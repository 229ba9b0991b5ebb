"""Who is in the group: mean characteristics of both sides, in every period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.findings.members import Members
from yuyao_lib.methods.linearised import PayRows, pay_rows

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["GroupMeans", "group_means"]

TOPIC = "structure"


@dataclass(frozen=True, slots=True)
class GroupMeans:
    """Means by period and side.

    Attributes
    ----------
    cells
        (period, 0 or 1) in order; the period is None without periods.
    n
        Rows of each cell.
    means
        Column -> its mean in each cell; None in an empty one.
    group
        Column of the group.
    dropped
        Rows left out because a value was missing.
    persons, employers
        Distinct persons and employers of each cell; of no use where the rows name none.
    members
        The rows of each cell, where they are kept.
    rarest
        Column of 0 and 1 -> fewest persons of a cell that have it, or have it not.
    """

    cells: tuple[tuple[Any, int], ...]
    n: tuple[int, ...]
    means: dict[str, tuple[float | None, ...]]
    group: str
    dropped: int
    persons: tuple[int, ...] = ()
    employers: tuple[int | None, ...] = ()
    members: tuple[Members | None, ...] = ()
    rarest: dict[str, int] = field(default_factory=dict)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a column, one column a cell."""
        import pandas as pd

        names = ["_".join(str(v) for v in cell if v is not None) for cell in self.cells]
        return pd.DataFrame(self.means, index=names).T.rename_axis("column").reset_index()

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def group_means(
    frame: pd.DataFrame,
    *,
    group: str,
    columns: Sequence[str],
    period: str | None = None,
    weights: str | None = None,
) -> GroupMeans:
    """Return mean characteristics of the group and of others.

    Parameters
    ----------
    frame
        One row a person, or a person and period.
    group
        Column of 0 and 1.
    columns
        Columns of numbers.
    period
        Column of years.
    weights
        Column of survey weights.

    Raises
    ------
    DataError
        If a column cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"u": [0, 0, 1], "x": [1.0, 3.0, 5.0]})
    >>> group_means(people, group="u", columns=["x"]).means
    {'x': (2.0, 5.0)}
    """
    rows = pay_rows(
        frame, numeric=[group, *columns], keys=[period] if period else [], binary=[group],
        weights=weights,
    )  # fmt: skip
    member = rows.where(group, 1.0)
    cells = {
        (value, side): mask & (member == bool(side))
        for value, mask in rows.parts(period).items()
        for side in (0, 1)
    }
    means = {name: tuple(_mean(rows, name, mask) for mask in cells.values()) for name in columns}
    sizes = tuple(int(mask.sum()) for mask in cells.values())
    persons = tuple(rows.persons(mask) for mask in cells.values())
    firms = tuple(rows.employers(mask) for mask in cells.values())
    members = tuple(rows.members(mask) for mask in cells.values())
    counts = (tuple(cells), sizes, means, group, rows.dropped, persons, firms, members)
    return GroupMeans(*counts, _rarest(rows, columns, [m for m in cells.values() if m.any()]))


def _rarest(rows: PayRows, columns: Sequence[str], masks: Sequence[np.ndarray]) -> dict[str, int]:
    """Count who has a trait, or has it not, where they are fewest."""
    found = {}
    for name in columns:
        values = rows.column(name)
        if np.isin(values, (0.0, 1.0)).all():
            sides = [m & (values == side) for m in masks for side in (0.0, 1.0)]
            found[name] = min((rows.persons(side) for side in sides), default=0)
    return found


def _mean(rows: PayRows, name: str, mask: np.ndarray) -> float | None:
    """Return a weighted mean; None of no rows."""
    if not mask.any():
        return None
    return float(np.average(rows.column(name)[mask], weights=rows.weights[mask]))
