"""From people to cells: one row an employer and period, and whether that loses anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yuyao_lib.methods.samples import draw_sample
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Cells", "collapse"]

EXACT = Text(
    "collapsing loses nothing: the same workers stay with the same units in all periods",
    "汇总不损失信息：各期职工与单位的对应完全相同",
)


@dataclass(frozen=True, slots=True)
class Cells:
    """Means by unit and period.

    Attributes
    ----------
    frame
        One row a cell: unit, period, adoption date, means, and ``workers``.
    rows
        Rows of the frame it was made from.
    exact
        Whether a regression with worker effects gives the same numbers on cells.
    why
        In words.
    """

    frame: pd.DataFrame
    rows: int
    exact: bool
    why: Text

    def _repr_html_(self) -> str:
        return self.frame.head().to_html(index=False)


def collapse(
    frame: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    period: str,
    first_treated: str | None = None,
    worker: str | None = None,
    covariates: Sequence[str] = (),
) -> Cells:
    """Average a frame of workers by unit and period; weights are the workers.

    Parameters
    ----------
    frame
        One row a worker and period.
    outcome, covariates
        Columns averaged.
    unit, period, first_treated
        Columns kept; `first_treated` must be one value within a unit.
    worker
        Column of the person, used only to say whether collapsing is exact.

    Notes
    -----
    With unit and period effects the cells give the same coefficients as the workers for
    any regressor that does not vary within a cell. With worker effects that needs the
    same workers in all periods, each with one unit; and covariates that vary within a
    cell enter by their mean, which is another model.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"firm": [1, 1, 1], "year": [1, 1, 2], "pay": [1.0, 3.0, 4.0]})
    >>> collapse(rows, outcome="pay", unit="firm", period="year").frame["workers"].tolist()
    [2, 1]
    """
    numbers = [outcome, *covariates]
    dates = [first_treated] if first_treated else []
    people = [worker] if worker else []
    sample = draw_sample(frame, numeric=numbers, keys=[unit, period, *people])
    rows = sample.frame
    grouped = rows.groupby([unit, period], sort=True, observed=True)
    cells = grouped[numbers].mean()
    cells["workers"] = grouped.size()
    cells = cells.reset_index()
    if dates:
        cells = cells.merge(_dates(frame, unit, dates[0]), on=unit, how="left", validate="m:1")
    exact, why = _exactness(rows, grouped, unit, period, worker, list(covariates))
    return Cells(cells, len(rows), exact, why)


def _dates(frame: pd.DataFrame, unit: str, first: str) -> pd.DataFrame:
    """Return each unit's adoption date, refusing two."""
    from yuyao_lib.errors import DataError, sentence

    if first not in frame.columns:
        raise DataError(sentence("unknown column", got=first, allowed=list(frame.columns)))
    pairs = frame[[unit, first]].drop_duplicates()
    twice = pairs[unit].duplicated()
    if twice.any():
        who = pairs.loc[twice, unit].iloc[0]
        raise DataError(
            f"column {first!r} changes within {unit} {who}; it must be the unit's one first"
            " treated period in every row."
        )
    return pairs


def _exactness(
    rows: pd.DataFrame,
    grouped: Any,
    unit: str,
    period: str,
    worker: str | None,
    covariates: list[str],
) -> tuple[bool, Text]:
    """Say whether worker effects and covariates survive the collapse."""
    if worker is None:
        return False, Text(
            "no column of the person was given, so whether collapsing loses anything is not known",
            "未给出人员列，无法判断汇总是否损失信息",
        )
    people = rows.groupby(worker, sort=False, observed=True)
    units_of_worker = people[unit].nunique()
    movers = int(units_of_worker.gt(1).sum())
    gaps = int((people.size() != rows[period].nunique()).sum())
    varied = [name for name in covariates if float(grouped[name].std().max() or 0) > 1e-9]
    if not movers and not gaps and not varied:
        return True, EXACT
    parts_en, parts_zh = [], []
    if movers:
        parts_en.append(f"{movers} workers change unit")
        parts_zh.append(f"{movers} 名职工更换单位")
    if gaps:
        parts_en.append(f"{gaps} workers are not seen in every period")
        parts_zh.append(f"{gaps} 名职工并非各期都在")
    if varied:
        parts_en.append(f"{', '.join(varied)} varies within cells")
        parts_zh.append(f"{'、'.join(varied)} 在单元内有差异")
    return False, Text(
        "cells follow units, not persons: " + "; ".join(parts_en),
        "单元追踪的是单位而非个人：" + "；".join(parts_zh),
    )
