"""Where workers of each skill grade are a year later."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.proportions import proportion
from yuyao_lib.methods.samples import check_level
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats

__all__ = ["GONE", "GradeMoves", "grade_moves"]

TOPIC = "skill_ladder"
GONE = -1  # no longer in the register a year later
NO_GRADES = Text(
    "not run: no table of worker-quarters holds grades", "未运行：没有含等级的职工季度表"
)
NO_YEAR = Text(
    "not run: no worker is seen a year before the last quarter",
    "未运行：没有在最后一季度的一年之前观察到的职工",
)


@dataclass(frozen=True, slots=True)
class GradeMoves:
    """Shares by grade before and after.

    Attributes
    ----------
    estimates
        ``moved_up`` and ``gone`` over all years, then ``moved_up_YEAR`` of each.
    before, after
        Grades; the last of `after` is `GONE`.
    counts
        Shape (before, after): workers, each once for every year in which seen.
    employers
        Shape (before, after): the fewest employers they were with; None where not counted.
    """

    estimates: tuple[Estimate, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    counts: Floats = field(repr=False)
    employers: Floats | None = field(default=None, repr=False)

    @property
    def shares(self) -> Floats:
        """Percent of each row."""
        return 100 * self.counts / self.counts.sum(axis=1, keepdims=True)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def grade_moves(moves: pd.DataFrame | None, *, level: float = 0.95) -> GradeMoves:
    """Count moves between skill grades within a year.

    Parameters
    ----------
    moves
        ``year``, ``before``, ``after`` (missing: not in the register) and ``workers``, as
        in `yuyao_lib.sources.grade_counts.GradeCounts.moves`; None: absent.
    level
        Coverage of the intervals, exact for independent workers (Clopper and Pearson
        1934); over several years a worker counts once a year. Where ``employers`` is
        given, the estimates say how many stand behind them.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"year": 2020, "before": [0, 0, 0], "after": [0, 1, None],
    ...                      "workers": [80, 15, 5]})
    >>> found = grade_moves(rows)
    >>> found.shares.tolist(), found.estimates[0].estimate
    ([[80.0, 15.0, 5.0]], 15.0)
    """
    check_level(level)
    if moves is None or moves.empty:
        why = NO_GRADES if moves is None else NO_YEAR
        none = tuple(_share(k, 0, 0, level, undefined=why) for k in ("moved_up", "gone"))
        return GradeMoves(none, (), (), np.zeros((0, 0)))
    rows = moves.assign(after=moves["after"].fillna(GONE).astype("int64"))
    before = tuple(sorted(int(g) for g in rows["before"].unique()))
    seen = {int(g) for g in rows["after"]} - {GONE} | set(before)
    after = (*sorted(seen), GONE)

    def cells(column: str, how: str) -> Floats:
        """Lay a column out by grade before and after."""
        table = rows.pivot_table(index="before", columns="after", values=column, aggfunc=how)
        return table.reindex(index=before, columns=after).fillna(0).to_numpy("float64")

    firms = cells("cell_employers", "max") if "cell_employers" in rows else None
    top = max(seen)
    made = [_up("moved_up", rows, top, level), _gone(rows, level)]
    made += [_up(f"moved_up_{year}", part, top, level) for year, part in rows.groupby("year")]
    return GradeMoves(tuple(made), before, after, cells("workers", "sum"), firms)


def _up(key: str, rows: pd.DataFrame, top: int, level: float) -> Estimate:
    """Return the share in a higher grade a year later; the top grade has none above it."""
    below = rows[rows["before"] < top]
    hits = below.loc[below["after"] > below["before"], "workers"].sum()
    return _share(key, int(hits), int(below["workers"].sum()), level, employers=_firms(rows))


def _gone(rows: pd.DataFrame, level: float) -> Estimate:
    """Return the share that is no longer in the register."""
    hits = rows.loc[rows["after"] == GONE, "workers"].sum()
    return _share("gone", int(hits), int(rows["workers"].sum()), level, employers=_firms(rows))


def _firms(rows: pd.DataFrame) -> int | None:
    """Return the fewest employers that stand behind these years; None where not counted."""
    return int(rows["employers"].max()) if "employers" in rows else None


def _share(
    key: str, hits: int, n: int, level: float, *, employers: int | None = None,
    undefined: Text | None = None,
) -> Estimate:  # fmt: skip
    """Return a share of workers seen a year earlier."""
    name = "gone_share" if key == "gone" else "moved_up_share"
    said = Text("of workers in the register a year earlier", "占一年前在登记库的职工")
    found = proportion(key, hits, n, term=name, n_unit="person_years", estimand=said,
                       level=level, employers=employers)  # fmt: skip
    return found if undefined is None else replace(found, undefined=undefined)
