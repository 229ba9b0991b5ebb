"""Cox's model of promotion with what had come before, which changes over time, from counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.errors import DataError, sentence
from yuyao_lib.methods.coefficients import Told
from yuyao_lib.methods.packages import undisturbed
from yuyao_lib.methods.promotion_hazards import (
    CAVEAT,
    TERMS,
    PromotionHazards,
    behind_of,
    undefined_hazards,
    usable_covariates,
)
from yuyao_lib.methods.samples import check_level
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["promotion_cox"]

TOPIC = "skill_ladder"
EVENT, TIME = "promoted", "quarter_of_grade"
STRATA = ("grade", "begun")
ALONE = Text(
    "Efron's partial likelihood, workers taken as independent, normal",
    "Efron 偏似然，视职工相互独立，正态分布",
)
NO_MAXIMUM = Text("the partial likelihood has no maximum", "偏似然没有最大值")


def promotion_cox(
    intervals: pd.DataFrame | None,
    *,
    covariates: Sequence[str],
    level: float = 0.95,
    absent: Text | None = None,
) -> PromotionHazards:
    r"""Fit :math:`h_s(t|x) = h_{0s}(t) e^{x(t)'\beta}`, time in quarters since the grade began.

    Cox (1972) with covariates that change: a worker is in the risk set of a quarter with the
    values of that quarter (Andersen and Gill 1982), and enters when first seen. Grades, and
    spells whose beginning was seen and not, have baselines of their own; calendar years are
    covariates. Workers who are alike in a quarter are one row with their number as weight.

    Parameters
    ----------
    intervals
        ``quarter_of_grade``, ``grade``, ``begun``, ``year``, ``at_risk``, ``promoted`` and
        the covariates that are known; None: absent.
    covariates, level, absent
        As in `promotion_hazards`.

    Raises
    ------
    DataError
        If a column is missing.

    Notes
    -----
    Promotions fall in whole quarters. With the few that fall in each, Cox's ratio and that of
    the grouped model are nearly the same; where they differ, ties are why.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"quarter_of_grade": [0, 0, 1, 1], "grade": 0, "begun": 1,
    ...     "year": 2020, "mentored": [0, 1] * 2, "at_risk": 1000, "promoted": [10, 20] * 2})
    >>> round(promotion_cox(rows, covariates=["mentored"]).ratios[0].estimate, 1)
    2.0
    """
    check_level(level)
    told = Told(method="cox_efron", n=0, n_unit="person_quarters", level=level)
    if intervals is None:
        why = absent or Text("not run: there are no worker-quarters", "未运行：没有职工季度数据")
        return undefined_hazards(told, covariates, EVENT, why, 0)
    for name in (TIME, *STRATA, "year", "at_risk", EVENT):
        if name not in intervals:
            allowed = list(intervals.columns)
            raise DataError(sentence("unknown column", got=name, allowed=allowed))
    used, reasons = usable_covariates(intervals, covariates, EVENT)
    total, n = int(intervals[EVENT].sum()), int(intervals["at_risk"].sum())
    fit = _fit(intervals, used) if used else None
    told = Told(method="cox_efron", n=n, n_unit="person_quarters", level=level, inference=ALONE,
                residual_df=total - len(used))  # fmt: skip
    words: dict[str, Any] = {"term": TERMS[EVENT], "unit": "log_points", "caveat": CAVEAT}
    made = []
    for c in covariates:
        if fit is not None and c in used:
            made.append(told.wald(c, float(fit[0][c]), float(fit[1][c]), **words,
                                  **behind_of(intervals, c)))  # fmt: skip
        else:
            made.append(told.missing(c, reasons.get(c, NO_MAXIMUM), **words))
    return PromotionHazards(tuple(made), EVENT, n, total, 0)


def _fit(intervals: pd.DataFrame, used: list[str]) -> tuple[pd.Series, pd.Series] | None:
    """Return coefficients and their errors, or None where there is no maximum."""
    import pandas as pd

    with undisturbed(ignore=(Warning,)):
        from lifelines import CoxTimeVaryingFitter
        from lifelines.exceptions import ConvergenceError

        keys = [TIME, *STRATA, "year", *used]
        sums = intervals.groupby(keys)[["at_risk", EVENT]].sum().reset_index()
        # a quarter without any promotion in its stratum says nothing about ratios
        happened = sums.groupby([TIME, *STRATA])[EVENT].transform("sum") > 0
        sums = sums[happened]
        years = pd.get_dummies(sums["year"], prefix="year", dtype="float64").iloc[:, 1:]
        years = years.loc[:, [c for c in years if sums.loc[years[c] > 0, EVENT].sum() > 0]]
        base = pd.concat([sums[[*STRATA, *used]], years], axis=1)
        base = base.assign(start=sums[TIME].astype(float), stop=sums[TIME] + 1.0)
        parts = [
            base.assign(event=event, weight=weight.astype(float))
            for event, weight in ((True, sums[EVENT]), (False, sums["at_risk"] - sums[EVENT]))
        ]
        rows = pd.concat(parts, ignore_index=True)
        rows = rows[rows["weight"] > 0].assign(id=lambda d: np.arange(len(d)))
        try:
            fit = CoxTimeVaryingFitter().fit(
                rows, id_col="id", event_col="event", start_col="start", stop_col="stop",
                weights_col="weight", strata=list(STRATA),
            )  # fmt: skip
        except (ConvergenceError, np.linalg.LinAlgError):
            return None
    return fit.params_, fit.standard_errors_
