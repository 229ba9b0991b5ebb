"""What a wage equation gives: coefficients, and a sentence for each that it cannot give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.panel_routes import independent
from yuyao_lib.methods.samples import ALIKE, alike, check_level, draw_sample
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Regression", "UsedRows", "floats_of", "regression_of", "used_rows"]

TOPIC = "premiums"
REPEATS = Text(
    "it does not vary, or is a combination of the other regressors",
    "它没有变化，或是其他自变量的线性组合",
)
STILL = Text(
    "it does not change within persons, or repeats another regressor",
    "它在同一人内没有变化，或与其他自变量重复",
)
TOO_FEW = Text("there are no more rows than coefficients", "行数不多于系数个数")
NO_SPREAD = Text("its standard error cannot be told from zero", "其标准误无法与零区分")
NO_DENSITY = Text(
    "the density of the outcome at this percentile cannot be estimated, so there are no errors",
    "无法估计结果变量在该分位处的密度，因此没有标准误",
)
ONE_SIDE = Text(
    "everybody or nobody is selected, so there is no selection to correct for",
    "所有人均入选或均未入选，没有可修正的选择",
)
SEPARATED = Text(
    "the columns of the selection tell the selected from the others without error, so the"
    " probit has no estimates",
    "选择方程的变量能无误地区分入选与未入选者，probit 模型没有估计值",
)
WEAK_RANK = Text(
    "the instruments do not vary, or repeat the other regressors",
    "工具变量没有变化，或与其他自变量重复",
)


@dataclass(frozen=True, slots=True)
class Regression:
    """A fitted equation.

    Attributes
    ----------
    method, outcome
        How, and of what.
    coefficients, standard_errors
        By name of the regressor; ``Intercept`` is the constant.
    n, df, dropped
        Rows used, residual degrees of freedom, rows left out for missing values.
    r_squared
        Share of variance explained, where that is defined.
    reasons
        By name of a regressor without a coefficient: why it has none.
    first_stage
        With instruments: the F statistic of all of them in the first stage; below about 10
        they are weak, and the interval is not to be believed (Staiger and Stock 1997).
    """

    method: str
    outcome: str
    coefficients: dict[str, float]
    standard_errors: dict[str, float]
    n: int
    df: int
    dropped: int
    r_squared: float | None = None
    first_stage: float | None = None
    reasons: dict[str, Text] = field(default_factory=dict)

    def estimate(self, name: str, *, term: str = "difference", level: float = 0.95) -> Estimate:
        """Return one coefficient as an estimate, or why there is none.

        Raises
        ------
        InputError
            If there is no such regressor.
        """
        same: dict[str, Any] = {
            "key": name.casefold(), "term": term, "method": self.method, "unit": "log_points",
            "design": Design.OBSERVATIONAL, "level": check_level(level), "n": self.n,
            "n_unit": "observations",
        }  # fmt: skip
        if name in self.reasons:
            return Estimate(**same, undefined=self.reasons[name])
        if name not in self.coefficients:
            allowed = [*self.coefficients, *self.reasons]
            raise InputError(sentence("no coefficient of this name", got=name, allowed=allowed))
        value, error = self.coefficients[name], self.standard_errors[name]
        if not error > 0:
            return Estimate(**same, undefined=NO_SPREAD)
        interval = wald(value, error, level=level, df=self.df)
        return Estimate(**same, **interval, residual_df=self.df)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a coefficient."""
        import pandas as pd

        return (
            pd.DataFrame({"estimate": self.coefficients, "standard_error": self.standard_errors})
            .rename_axis("regressor")
            .reset_index()
        )

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


@dataclass(frozen=True, slots=True)
class UsedRows:
    """Complete rows with a constant; the regressors that can be used, and why others cannot."""

    rows: pd.DataFrame
    names: list[str]
    dropped: int
    reasons: dict[str, Text]

    def without(self, method: str, outcome: str) -> Regression:
        """Return a regression that has no coefficient and says why."""
        n = len(self.rows)
        return Regression(method, outcome, {}, {}, n, 0, self.dropped, reasons=self.reasons)


def used_rows(frame: pd.DataFrame, outcome: str, regressors: Sequence[str]) -> UsedRows:
    """Return complete rows; no names where nothing can be estimated."""
    sample = draw_sample(frame, numeric=[outcome, *regressors])
    rows = sample.frame.assign(Intercept=1.0)
    names = independent(rows, ["Intercept", *regressors])
    why = ALIKE if alike(rows[outcome]) else None
    why = TOO_FEW if len(rows) <= len(names) else why
    if why is not None:
        return UsedRows(rows, [], sample.dropped, dict.fromkeys(regressors, why))
    left = {n: REPEATS for n in regressors if n not in names}
    return UsedRows(rows, names, sample.dropped, left)


def regression_of(
    method: str, outcome: str, values: Any, errors: Any, fit: Any, dropped: int, share: Any
) -> Regression:
    """Copy what is needed from a package's result."""
    found = floats_of(values), floats_of(errors)
    explained = None if share is None else float(share)
    return Regression(method, outcome, *found, int(fit.nobs), int(fit.df_resid), dropped, explained)


def floats_of(values: Any) -> dict[str, float]:
    """Return a series as plain numbers by name."""
    return {str(name): float(value) for name, value in values.items()}
