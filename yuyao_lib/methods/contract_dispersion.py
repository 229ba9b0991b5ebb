"""Grade-wage contracts and dispersion: variance of pay within grades and between them."""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.group_time import group_time
from yuyao_lib.methods.group_time_results import Aggregate
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ContractDispersion", "contract_dispersion", "dispersion_panel"]

TOPIC = "wage_components"
PARTS = ("between_grades", "within_grades")
NO_GRADES = Text("not run: grades are not known", "未运行：没有等级记录")
NO_CONTRACTS = Text(
    "not run: no grade-wage contract is known, so nothing can be compared",
    "未运行：没有能级工资合同的记录，无从比较",
)


@dataclass(frozen=True, slots=True)
class ContractDispersion:
    """What follows a contract's start, for the variance between and within grades.

    Attributes
    ----------
    overall
        ``between_grades`` and ``within_grades``: mean change over all quarters since.
    events
        Part -> the same by quarters since the start.
    means
        Part -> its mean in all quarters before a contract, squared log points.
    treated, controls
        Employers with and without a contract among those large enough.
    frame
        One row an employer and quarter.
    cells
        Cells of the employers with a contract, from its start.
    """

    overall: tuple[Estimate, ...]
    events: Mapping[str, Aggregate] = field(default_factory=dict)
    means: Mapping[str, float] = field(default_factory=dict)
    treated: int = 0
    controls: int = 0
    frame: pd.DataFrame | None = field(default=None, repr=False)
    cells: pd.DataFrame | None = field(default=None, repr=False)

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """The overall changes."""
        return self.overall

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)

    def implied(self, by_grade: Mapping[str, float]) -> float | None:
        """Return the change between grades that follows from effects known by grade.

        Each treated cell's mean is taken back by its grade's effect, and the variance
        between grades worked out with and without.
        """
        if self.cells is None or self.cells.empty:
            return None
        rows = self.cells
        effect = rows["grade"].map(lambda g: by_grade.get(str(int(g)), 0.0)).to_numpy("float64")
        now = _between(rows, rows["total"].to_numpy() / rows["n"].to_numpy())
        before = _between(rows, rows["total"].to_numpy() / rows["n"].to_numpy() - effect)
        return float((now - before).mean())


def _between(rows: pd.DataFrame, mean: np.ndarray) -> np.ndarray:
    """Return the variance of grade means of every employer and period."""
    group = rows.groupby(["employer", "period"], sort=False).ngroup().to_numpy()
    n = rows["n"].to_numpy("float64")
    size = np.bincount(group, weights=n)
    centre = np.bincount(group, weights=n * mean) / size
    return np.bincount(group, weights=n * (mean - centre[group]) ** 2) / size


def dispersion_panel(cells: pd.DataFrame, *, fewest: int) -> pd.DataFrame:
    """Work out variance between and within grades by employer and period.

    Parameters
    ----------
    cells
        What `grade_cells` returned.
    fewest
        Workers an employer must have in every period.

    Returns
    -------
    pd.DataFrame
        ``employer``, ``period``, ``between_grades``, ``within_grades``, ``workers``;
        employers seen in every period only. Noise in the means of small grades is taken
        out of the part between and put within: ``s2 (k - 1) / n`` for k grades.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.DataFrame({"employer": 0, "period": [1, 1], "grade": [0, 1], "n": 2,
    ...                       "total": [0.0, 4.0], "squares": [0.0, 8.0]})
    >>> dispersion_panel(cells, fewest=1)[["between_grades", "within_grades"]].values.tolist()
    [[1.0, 0.0]]
    """
    held = cells.assign(
        own=cells["squares"] - cells["total"] ** 2 / cells["n"],
        means=cells["total"] ** 2 / cells["n"],
        kinds=1,
    )
    columns = ["n", "total", "own", "means", "kinds"]
    sums = held.groupby(["employer", "period"], sort=True)[columns].sum().reset_index()
    freedom = (sums["n"] - sums["kinds"]).clip(lower=1)
    noise = sums["own"] / freedom
    between = sums["means"] - sums["total"] ** 2 / sums["n"] - (sums["kinds"] - 1) * noise
    frame = sums[["employer", "period"]].assign(
        between_grades=between / sums["n"], within_grades=noise, workers=sums["n"]
    )
    seen = frame.groupby("employer")["workers"].agg(["size", "min"])
    large = seen.index[(seen["size"] == frame["period"].nunique()) & (seen["min"] >= fewest)]
    return frame[frame["employer"].isin(large)].reset_index(drop=True)


def contract_dispersion(
    cells: pd.DataFrame | None,
    starts: Mapping[int, int],
    *,
    fewest: int = 50,
    level: float = 0.95,
) -> ContractDispersion:
    """Follow dispersion within and between grades before and after a contract starts.

    Employers without a contract are the comparison (Callaway and Sant'Anna 2021); all have
    at least `fewest` workers in every period.

    Parameters
    ----------
    cells
        What `grade_cells` returned; None where grades are not known.
    starts
        Number of an employer -> period in which its first contract took effect.
    fewest
        Workers an employer must have in every period, for variances to mean something.
    level
        Coverage of the intervals.
    """
    meaning = Meaning(
        term="dispersion_change", unit="squared_log_points", n_unit="firm_quarters", level=level
    )
    if cells is None or not starts:
        why = NO_GRADES if cells is None else NO_CONTRACTS
        return ContractDispersion(tuple(_missing(p, why, meaning) for p in PARTS))
    panel = dispersion_panel(cells, fewest=fewest)
    panel["start"] = panel["employer"].map(starts).fillna(0).astype("int64")
    firms = panel.groupby("employer")["start"].first()
    treated, controls = int((firms > 0).sum()), int((firms == 0).sum())
    if not treated:
        why = _too_small(fewest)
        none = tuple(_missing(part, why, meaning) for part in PARTS)
        return ContractDispersion(none, controls=controls)
    overall, events, means = [], {}, {}
    before = panel["period"] < panel["start"].where(panel["start"] > 0, 10**9)
    for part in PARTS:
        effects = group_time(
            panel, outcome=part, unit="employer", period="period", first_treated="start",
            meaning=meaning,
        )  # fmt: skip
        overall.append(replace(effects.aggregate("simple").overall, key=part))
        if effects.undefined is None:
            events[part] = effects.aggregate("dynamic")
        means[part] = float(panel.loc[before, part].mean())
    since = cells.assign(start=cells["employer"].map(starts))
    since = since[
        since["employer"].isin(firms.index[firms > 0]) & (since["period"] >= since["start"])
    ]
    return ContractDispersion(tuple(overall), events, means, treated, controls, panel, since)


def _too_small(fewest: int) -> Text:
    """Say that the employers with a contract are too small."""
    return Text(
        f"no employer with a contract has {fewest} workers in every quarter",
        f"没有一个签约单位在各季度均有 {fewest} 名职工",
    )


def _missing(key: str, why: Text, meaning: Meaning) -> Estimate:
    """Say why nothing follows a contract."""
    return Estimate(
        key=key, term=meaning.term, method="group_time_effects", unit=meaning.unit,
        design=Design.QUASI, level=meaning.level, n_unit=meaning.n_unit, undefined=why,
    )  # fmt: skip
