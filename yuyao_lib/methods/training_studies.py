"""One comparison of trained and untrained people: its arrays, and the ways to fit them.

Lives here: least squares, and the influence-function estimators of the package drdid. Does not
live here: which route takes which.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.clustered_regression import independent
from yuyao_lib.methods.packages import undisturbed
from yuyao_lib.methods.propensity import NO_OVERLAP, separated
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

__all__ = ["FLAT", "Study", "by_influence", "least_squares"]

TOPIC = "training"
COLLINEAR = Text(
    "training is a combination of the covariates, or these do not vary among the untrained",
    "培训与协变量共线，或协变量在未受训者中没有变化",
)
FLAT = Text(
    "the outcome does not vary, so no uncertainty can be computed",
    "结果变量没有变化，无法计算不确定性",
)
INFLUENCE = Text(
    "influence function, the estimated score and regression counted; normal distribution",
    "影响函数，已计入所估得分与回归的误差；正态分布",
)


@dataclass(frozen=True, slots=True)
class Study:
    """Arrays of one comparison, and how its numbers are to be said."""

    y: np.ndarray
    d: np.ndarray
    x: np.ndarray
    z: np.ndarray
    errors: str
    level: float
    unit: str
    design: Design

    @property
    def residual_df(self) -> int:
        """Persons less covariates, the constant and the effect."""
        return len(self.y) - self.x.shape[1] - 1

    @property
    def smaller_side(self) -> int:
        """Trained or untrained persons, whichever are fewer."""
        return int(min(self.d.sum(), len(self.d) - self.d.sum()))

    def estimate(self, key: str, **values: Any) -> Estimate:
        """Return an estimate of this study."""
        return Estimate(
            key=key, term="training_effect", method=key, unit=self.unit, design=self.design,
            level=self.level, n=len(self.y), n_unit="persons", persons=self.smaller_side,
            residual_df=None if "undefined" in values else self.residual_df, **values,
        )  # fmt: skip


def least_squares(key: str, study: Study) -> Estimate:
    """Regress on training and covariates."""
    import statsmodels.api as sm

    kind = "nonrobust" if study.errors == "classical" else study.errors
    columns = np.column_stack([study.x, study.d])
    if len(independent(columns, np.ones(len(columns)))) < columns.shape[1]:
        return study.estimate(key, undefined=COLLINEAR)
    fit = sm.OLS(study.y, columns[:, ::-1]).fit(cov_type=kind, use_t=True)
    if not np.ptp(study.y) > 0 or not fit.bse[0] > 0:
        return study.estimate(key, undefined=FLAT)
    low, high = fit.conf_int(alpha=1 - study.level)[0]
    words = "classical" if study.errors == "classical" else study.errors
    how = Text(f"{words} standard errors, Student's t", f"{words} 标准误，t 分布")
    return study.estimate(
        key, estimate=fit.params[0], standard_error=fit.bse[0], low=low, high=high,
        p_value=fit.pvalues[0], inference=how,
    )  # fmt: skip


def by_influence(key: str, study: Study) -> Estimate:
    """Estimate with the package drdid; a plain outcome is a change from zero."""
    with undisturbed():
        from drdid.drdid import drdid_panel
        from drdid.ipwd_did import std_ipw_did_panel
        from drdid.reg_did import reg_did_panel

    weighted = key in {"propensity_weighting", "doubly_robust", "doubly_robust_change"}
    if weighted and separated(study.d, study.z):
        return study.estimate(key, undefined=NO_OVERLAP)
    none = np.zeros(len(study.y))
    try:
        if key == "propensity_weighting":
            value, influence = std_ipw_did_panel(study.y, none, study.d, study.z, trim_level=1.0)
        elif weighted:
            value, influence = drdid_panel(study.y, none, study.d, study.x, trim_level=1.0)
        else:
            value, influence = reg_did_panel(study.y, none, study.d, study.x)
    except ValueError:  # the package's word for a design matrix that is singular on one side
        return study.estimate(key, undefined=COLLINEAR)
    error = float(np.std(influence) / np.sqrt(len(influence)))
    return study.estimate(key, **wald(value, error, level=study.level), inference=INFLUENCE)
