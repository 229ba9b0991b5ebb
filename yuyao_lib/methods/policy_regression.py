"""A least-squares regression that gives every coefficient as an estimate, or says why not.

Lives here: the result and the arithmetic of `policy`. Does not live here: which columns
a design needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import Meaning, check_choice
from yuyao_lib.methods.clustered_regression import independent
from yuyao_lib.methods.samples import ALIKE, alike
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Errors", "PolicyRegression", "check_errors", "least_squares"]

Errors = Literal["classical", "HC0", "HC1", "HC2", "HC3", "clustered", "newey_west"]
ERRORS = ("classical", "HC0", "HC1", "HC2", "HC3", "clustered", "newey_west")
COLLINEAR = Text(
    "it is a combination of the other columns in this sample", "在此样本中它与其他变量共线"
)


@dataclass(frozen=True, slots=True)
class PolicyRegression:
    """A regression with every coefficient.

    Attributes
    ----------
    estimates
        One a coefficient, keys are the columns' names; a policy's own is ``effect``.
    n, df, dropped
        Rows used, residual degrees of freedom, rows left out for missing values.
    r_squared
        Share of variance explained.
    """

    estimates: tuple[Estimate, ...]
    n: int
    df: int
    dropped: int
    r_squared: float | None

    def coefficient(self, name: str) -> Estimate:
        """Return one coefficient.

        Raises
        ------
        InputError
            If there is no such coefficient.
        """
        found = {estimate.key: estimate for estimate in self.estimates}
        if name not in found:
            raise InputError(sentence("no coefficient of this name", got=name, allowed=found))
        return found[name]

    @property
    def effect(self) -> Estimate:
        """The policy's coefficient."""
        return self.coefficient("effect")

    def to_frame(self) -> pd.DataFrame:
        """Return one row a coefficient."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def check_errors(errors: str, cluster: str | None) -> None:
    """Refuse unknown errors, and clustered ones without clusters."""
    check_choice("kind of standard error", errors, ERRORS)
    if errors == "clustered" and cluster is None:
        raise InputError("clustered errors need the column of clusters, `cluster`.")


def least_squares(
    y: np.ndarray,
    columns: dict[str, np.ndarray],
    errors: str,
    meaning: Meaning,
    *,
    groups: np.ndarray | None = None,
    dropped: int = 0,
    absorbed: int = 0,
    lags: int = 0,
    small_sample: bool = False,
    caveat: Text | None = None,
    method: str = "difference_in_differences",
) -> PolicyRegression:
    """Fit by least squares and give every coefficient; collinear ones say so."""
    import statsmodels.api as sm

    names = list(columns)
    x = np.column_stack(list(columns.values()))
    order = np.array(
        [i for i, n in enumerate(names) if n != "effect"]
        + [i for i, n in enumerate(names) if n == "effect"]
    )
    kept = sorted(order[independent(x[:, order], np.ones(len(y)))].tolist())
    clusters = None if groups is None or errors != "clustered" else int(groups.max()) + 1
    df = len(y) - len(kept) - absorbed
    why = _why(df, clusters) or (ALIKE if alike(y) else None)
    if why is not None:
        made = tuple(meaning.estimate(n, method, undefined=why) for n in names)
        return PolicyRegression(made, len(y), df, dropped, None)
    options = _options(errors, groups, lags, small_sample)
    fit = sm.OLS(y, x[:, kept]).fit(use_t=True, **options)
    scale = np.sqrt((len(y) - len(kept)) / df) if errors in ("classical", "HC1") else 1.0
    spread = dict(zip(kept, np.asarray(fit.bse) * scale, strict=True))
    values = dict(zip(kept, np.asarray(fit.params), strict=True))
    tail_df = df if clusters is None else clusters - 1
    words = _words(errors, clusters, lags, tail_df)
    made = tuple(
        _coefficient(
            name,
            values.get(i),
            spread.get(i),
            tail_df,
            meaning,
            method,
            n=len(y),
            clusters=clusters,
            residual_df=df,
            inference=words,
            caveat=caveat,
        )
        for i, name in enumerate(names)
    )
    explained = 1 - float(fit.ssr) / float(((y - y.mean()) ** 2).sum() or np.nan)
    return PolicyRegression(made, len(y), df, dropped, explained)


def _why(df: int, clusters: int | None) -> Text | None:
    """Say why nothing can be estimated."""
    if df < 1:
        return Text("there are no more rows than coefficients", "行数不多于系数个数")
    if clusters is not None and clusters < 2:
        return Text(
            "there is a single cluster, so no uncertainty can be computed",
            "只有一个聚类，无法计算不确定性",
        )
    return None


def _options(
    errors: str, groups: np.ndarray | None, lags: int, small_sample: bool
) -> dict[str, Any]:
    """Return how statsmodels is to compute the covariance."""
    if errors == "clustered":
        return {"cov_type": "cluster", "cov_kwds": {"groups": groups}}
    if errors == "newey_west":
        kinds = {"maxlags": lags, "use_correction": small_sample}
        return {"cov_type": "HAC", "cov_kwds": kinds}
    return {"cov_type": "nonrobust" if errors == "classical" else errors}


def _words(errors: str, clusters: int | None, lags: int, df: int) -> Text:
    """Say how the errors were computed."""
    kinds = {
        "clustered": (f"clustered in {clusters} groups", f"按 {clusters} 个组聚类"),
        "newey_west": (f"Newey-West errors with {lags} lags", f"Newey-West 标准误，滞后 {lags} 期"),
        "classical": ("classical standard errors", "经典标准误"),
    }
    en, zh = kinds.get(errors, (f"robust standard errors ({errors})", f"稳健标准误（{errors}）"))
    return Text(f"{en}, Student's t with {df} degrees of freedom", f"{zh}，自由度 {df} 的 t 分布")


def _coefficient(
    name: str,
    value: float | None,
    error: float | None,
    df: int,
    meaning: Meaning,
    method: str,
    **rest: Any,
) -> Estimate:
    """Build the estimate of one coefficient."""
    if value is None or error is None:
        return meaning.estimate(name, method, undefined=COLLINEAR)
    return meaning.estimate(name, method, **wald(value, error, level=meaning.level, df=df), **rest)
