"""A number from a sample together with what each row adds to its error.

Lives here: values with their influence, sums and functions of them (the delta method),
and the step to an estimate with an interval. Inequality, decompositions and premia are
all of this kind, so that their differences and changes have intervals of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.errors import DataError
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.findings.members import Members, Universe
from yuyao_lib.methods.samples import check_level, draw_sample
from yuyao_lib.methods.smaller_sides import carriers
from yuyao_lib.sources.membership import universe_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Linear",
    "PayRows",
    "Saying",
    "minus",
    "pay_rows",
    "weighted_fit",
    "weighted_mean",
]

WIDEST = 10.0  # log points: a factor of twenty thousand
ROUNDING = 1e-12  # a standard error below it is that of arithmetic
TOO_WIDE = Text(
    "so few rows lie near these percentiles that the error is not defined",
    "百分位附近的行太少，误差无法定义",
)
BY_INFLUENCE = Text("from the influence of each row, Student's t", "由每行的影响函数计算，t 分布")
BY_CLUSTER = Text(
    "from the influence of each row, summed by person, Student's t with G-1 degrees of freedom",
    "由每行的影响函数计算并按人加总，自由度 G-1 的 t 分布",
)

EMPLOYER = "employer_id"


@dataclass(frozen=True, slots=True)
class PayRows:
    """The rows behind a result.

    Attributes
    ----------
    frame
        Complete rows.
    weights
        Shape (n,), positive; all one without weights.
    clusters
        Shape (n,), numbers of independent persons from 0.
    dropped
        Rows left out because a value was missing or the weight was zero.
    repeated
        Whether somebody stands in more than one row.
    firms
        Shape (n,), numbers of employers from 0; None where the rows name none.
    universe
        The rows as numbers that are the same in any result; None where nobody needs them.
    """

    frame: pd.DataFrame
    weights: np.ndarray
    clusters: np.ndarray
    dropped: int
    repeated: bool
    firms: np.ndarray | None = None
    universe: Universe | None = None

    def column(self, name: str) -> np.ndarray:
        """Return a column as floats."""
        return self.frame[name].to_numpy(dtype="float64")

    def where(self, name: str, value: Any) -> np.ndarray:
        """Return which rows have a value."""
        return (self.frame[name] == value).to_numpy()

    def levels(self, name: str) -> list[Any]:
        """Return the values of a column, ascending."""
        return sorted(self.frame[name].unique().tolist())

    def parts(self, name: str | None) -> dict[Any, np.ndarray]:
        """Return the rows of each value of a column; of None all rows."""
        if name is None:
            return {None: self.everyone}
        return {value: self.where(name, value) for value in self.levels(name)}

    def persons(self, used: np.ndarray) -> int:
        """Return how many different persons stand in some rows."""
        return int((np.bincount(self.clusters[used]) > 0).sum())

    def carrying(self, used: np.ndarray) -> int:
        """Return how many persons carry some rows: no more than those who dominate them."""
        return carriers(np.bincount(self.clusters[used]))

    def employers(self, used: np.ndarray) -> int | None:
        """Return how many employers carry some rows; None where none is named."""
        return None if self.firms is None else carriers(np.bincount(self.firms[used]))

    def members(self, used: np.ndarray) -> Members | None:
        """Return some rows so that other results can be compared with them."""
        return None if self.universe is None else Members(self.universe, used)

    @property
    def everyone(self) -> np.ndarray:
        """Every row."""
        return np.full(len(self.weights), fill_value=True)


@dataclass(frozen=True, slots=True)
class Linear:
    """A value and the influence of each row on it.

    Attributes
    ----------
    value
        The number.
    influence
        Shape (n,); the variance is the sum over persons of their squared sums.
    used
        Shape (n,), the rows behind the number.
    sides
        Of a difference the rows behind each side; beside one side it tells the other.
    residual_df
        Fewest residual degrees of freedom of the regressions it rests on; None without one.
    """

    value: float
    influence: np.ndarray
    used: np.ndarray
    sides: tuple[np.ndarray, ...] = ()
    residual_df: int | None = None

    def __add__(self, other: Linear) -> Linear:
        added = self.influence + other.influence
        sides = self.sides + other.sides
        used, left = self.used | other.used, self._fewest(other)
        return Linear(self.value + other.value, added, used, sides, left)

    def _fewest(self, other: Linear) -> int | None:
        """Return the smaller of the residual degrees of freedom."""
        known = [df for df in (self.residual_df, other.residual_df) if df is not None]
        return min(known, default=None)

    def __sub__(self, other: Linear) -> Linear:
        apart = self + other.times(-1.0)
        return replace(apart, sides=(*self.parts, *other.parts))

    @property
    def parts(self) -> tuple[np.ndarray, ...]:
        """The rows behind each side of a difference, or behind the number."""
        return self.sides or (self.used,)

    def times(self, factor: float) -> Linear:
        """Return the product with a number."""
        return replace(self, value=self.value * factor, influence=self.influence * factor)

    def over(self, other: Linear) -> Linear:
        """Return the ratio to another value, which must not be zero."""
        ratio = self.value / other.value
        influence = (self.influence - ratio * other.influence) / other.value
        used, sides = self.used | other.used, self.sides + other.sides
        return Linear(ratio, influence, used, sides, self._fewest(other))

    def error(self, rows: PayRows) -> float:
        """Return the standard error, rows of one person summed."""
        sums = self.influence
        if rows.repeated:
            sums = np.bincount(rows.clusters, weights=self.influence)
        return float(np.sqrt(sums @ sums))


def minus(last: Linear | Text, first: Linear | Text) -> Linear | Text:
    """Return the change, or why there is none."""
    if isinstance(last, Text):
        return last
    return first if isinstance(first, Text) else last - first


def pay_rows(
    frame: pd.DataFrame,
    *,
    numeric: Sequence[str],
    keys: Sequence[str] = (),
    binary: Sequence[str] = (),
    weights: str | None = None,
    worker: str = "worker_id",
) -> PayRows:
    """Check columns and keep complete rows with a positive weight.

    Parameters
    ----------
    frame
        One row a person, or a person and period where the column `worker` exists.
    numeric, keys, binary
        As in `draw_sample`.
    weights
        Column of survey weights; None gives every row the same.
    worker
        Column that says who is who; without it rows are independent.

    Raises
    ------
    DataError
        If a column cannot be used, or a weight is negative.
    """
    persons = [worker] if worker in frame.columns else []
    columns = list(dict.fromkeys([*numeric, *([weights] if weights else [])]))
    firms = [EMPLOYER] if EMPLOYER in frame.columns else []
    names = list(dict.fromkeys([*persons, *firms, *keys]))
    held = [n for n in names if n not in columns]
    sample = draw_sample(frame, numeric=columns, keys=held, binary=binary)
    rows, dropped, kept = sample.frame, sample.dropped, slice(None)
    if weights and (rows[weights] < 0).any():
        raise DataError(f"column {weights!r} holds negative weights.")
    if weights:
        kept = (rows[weights] > 0).to_numpy()
        rows, dropped = rows[kept].reset_index(drop=True), dropped + int((~kept).sum())
        if rows.empty:
            raise DataError(f"no row has a positive weight in column {weights!r}.")
    size = rows[weights].to_numpy() if weights else np.ones(len(rows))
    codes = rows[worker].factorize()[0] if persons else np.arange(len(rows))
    at = rows[EMPLOYER].factorize()[0] if firms else None
    known = universe_of(frame, sample.labels[kept])
    return PayRows(rows, size, codes, dropped, int(codes.max()) + 1 < len(rows), at, known)


def weighted_mean(rows: PayRows, mask: np.ndarray, values: np.ndarray) -> Linear:
    """Return the mean of `values` (one a row of `mask`) with its influence on all rows.

    Its standard error is the usual one: deviations divided by n-1.
    """
    share = rows.weights[mask] / rows.weights[mask].sum()
    value, n = float(share @ values), max(len(values), 2)
    influence = np.zeros(len(mask))
    influence[mask] = share * (values - value) * np.sqrt(n / (n - 1))
    return Linear(value, influence, mask)


def weighted_fit(
    rows: PayRows, mask: np.ndarray, y: np.ndarray, x: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Fit by weighted least squares; return coefficients and their influence.

    Parameters
    ----------
    mask
        Rows that are fitted.
    y, x
        Shapes (m,) and (m, k), one row a row of `mask`; `x` of full rank.

    Returns
    -------
    tuple
        Shapes (k,) and (n, k); summed squares give the HC1 covariance.
    """
    import statsmodels.api as sm

    w = rows.weights[mask] / rows.weights[mask].mean()
    fit = sm.WLS(y, x, weights=w).fit()
    n, k = x.shape
    bread = np.linalg.inv((x * w[:, None]).T @ x)
    influence = np.zeros((len(mask), k))
    influence[mask] = (x * (w * (y - x @ fit.params))[:, None]) @ bread * np.sqrt(n / (n - k))
    return np.asarray(fit.params), influence


@dataclass(frozen=True, slots=True)
class Saying:
    """How numbers of one study become estimates.

    Attributes
    ----------
    rows
        The rows behind them.
    level
        Coverage of the intervals.
    unit
        Vocabulary key of the unit, unless another is named.
    extra
        Words to add to how the interval was made.
    """

    rows: PayRows
    level: float = 0.95
    unit: str = "log_points"
    extra: Text | None = None
    design: Design = field(default=Design.OBSERVATIONAL)

    def __post_init__(self) -> None:
        """Refuse a level that is none."""
        check_level(self.level)

    def estimate(
        self,
        found: Linear | Text,
        *,
        key: str,
        term: str,
        method: str,
        unit: str | None = None,
        tested: bool = True,
        exponent: bool = False,
        estimand: Text | None = None,
        extra: Text | None = None,
    ) -> Estimate:
        """Return an estimate, or the reason why there is none.

        Parameters
        ----------
        found
            The value, or why it is not defined.
        key, term, method, unit, estimand
            As in `Estimate`.
        tested
            Whether a null of zero makes sense.
        exponent
            Whether the value is a log whose exponential is told, its interval with it.
        extra
            Words to add to how the interval was made.
        """
        same: dict[str, Any] = {"key": key, "term": term, "method": method}
        same |= {"unit": unit or self.unit, "design": self.design, "level": self.level}
        same |= {"estimand": estimand, "n_unit": self.n_unit}
        if not isinstance(found, Text) and exponent and self._too_wide(found):
            found = TOO_WIDE
        if isinstance(found, Text):
            return Estimate(**same, undefined=found)
        numbers = self._numbers(found, tested=tested, exponent=exponent)
        return Estimate(**{**same, **numbers}, inference=self._inference(extra or self.extra))

    def _too_wide(self, found: Linear) -> bool:
        """Say whether the interval of a log is so wide that its exponential says nothing."""
        return not found.error(self.rows) < WIDEST

    @property
    def n_unit(self) -> str:
        """What one row is."""
        return "person_years" if self.rows.repeated else "persons"

    def _numbers(self, found: Linear, *, tested: bool, exponent: bool) -> dict[str, Any]:
        """Return value, error, interval and sizes."""
        from scipy import stats

        used = found.used
        n = int(used.sum())
        groups = self.rows.persons(used) if self.rows.repeated else n
        error = found.error(self.rows)
        sure = error < ROUNDING
        reach = float(stats.t.ppf((1 + self.level) / 2, max(groups - 1, 1))) * error
        ends = np.array([found.value, found.value - reach, found.value + reach])
        value, low, high = np.exp(ends) if exponent else ends
        told: dict[str, Any] = {"estimate": value, "low": low, "high": high}
        told["standard_error"] = error * value if exponent else error
        if sure:  # a spread of none is no interval: a sample is never certain
            told |= dict.fromkeys(("low", "high", "standard_error"))
        if tested and not sure:
            told["p_value"] = 2 * float(stats.t.sf(abs(found.value) / error, max(groups - 1, 1)))
        told |= {"n": n, "clusters": groups, "cluster_unit": "persons"}
        told["persons"] = min(self.rows.carrying(side) for side in found.parts)
        firms = [self.rows.employers(side) for side in found.parts]
        told["employers"] = min((f for f in firms if f is not None), default=None)
        told["n_unit"] = "persons" if groups == n else "person_years"
        told["residual_df"] = found.residual_df
        told["members"] = self.rows.members(used)
        return told

    def _inference(self, extra: Text | None) -> Text:
        """Say how the interval was made."""
        base = BY_CLUSTER if self.rows.repeated else BY_INFLUENCE
        return base if extra is None else Text(f"{base.en}; {extra.en}", f"{base.zh}；{extra.zh}")
