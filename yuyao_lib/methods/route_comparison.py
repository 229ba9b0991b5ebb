"""Routes to one premium beside each other: how far it falls, and whether they agree.

Lives here: what pooled and fixed effects differ by, with their joint error, and the tests of
random against fixed effects. Does not live here: the routes themselves (`panel_routes`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.cluster_sums import cluster_sums
from yuyao_lib.methods.hypotheses import Hypotheses, Hypothesis, chi_square
from yuyao_lib.methods.panel_routes import (
    Errors,
    Fit,
    Panel,
    Route,
    fit_route,
    independent,
    rounded,
    with_periods,
)
from yuyao_lib.methods.smaller_sides import fewest_of, who_changes, who_is_on_smaller_side
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import numpy as np

__all__ = ["premium_fall", "same_effects"]


def premium_fall(panel: Panel, reasons: dict[Route, Text | None], level: float) -> Estimate:
    """Estimate pooled minus fixed effects, clustered by person across both equations.

    Parameters
    ----------
    panel
        The sample.
    reasons
        For each route why it cannot be taken, or None.
    level
        Coverage of the interval.
    """
    import numpy as np

    shared: dict[str, Any] = {
        "key": "selection",
        "term": "selection_share",
        "method": "pooled_minus_fixed",
        "unit": "log_points",
        "design": Design.OBSERVATIONAL,
        "n_unit": "person_years",
    }
    why = reasons["fixed_effects"]
    if why is not None:
        return Estimate(**shared, undefined=why)
    pooled, fixed = (_influence(panel, within=w) for w in (False, True))
    persons = len(pooled[1])
    gap = pooled[0] - fixed[0]
    spread = pooled[1] - fixed[1]
    error = float(np.sqrt(persons / (persons - 1) * np.sum(spread**2)))
    behind = [
        count(panel.frame, panel.member, worker=panel.worker)
        for count in (who_changes, who_is_on_smaller_side)
    ]
    inference = Text(
        "joint influence functions of both routes, clustered by person, factor G/(G-1)",
        "两种估计的联合影响函数，按人聚类，系数 G/(G-1)",
    )
    return Estimate(
        **shared,
        **wald(gap, error, level=level, df=persons - 1),
        level=level,
        n=len(panel.frame),
        clusters=persons,
        cluster_unit="persons",
        **fewest_of(behind),
        inference=inference,
    )


def _influence(panel: Panel, *, within: bool) -> tuple[float, np.ndarray]:
    """Return the premium and each person's influence on it, by least squares."""
    import numpy as np

    rows, periods = with_periods(panel)
    rows = rows.assign(const=1.0)
    names = [panel.member, "const", *periods, *panel.controls]
    values = rows[[panel.outcome, *names]]
    if within:
        values = rounded(values - values.groupby(level=0).transform("mean"), values)
    kept = independent(values, names)
    x, y = values[kept].to_numpy(), values[panel.outcome].to_numpy()
    bread = np.linalg.inv(x.T @ x)
    beta = bread @ (x.T @ y)
    scores = x * (y - x @ beta)[:, None]
    codes = rows.index.get_level_values(0).factorize(sort=True)[0]
    return float(beta[0]), cluster_sums(scores, codes) @ bread[0]


def same_effects(
    panel: Panel, reasons: dict[Route, Text | None], fits: Mapping[Route, Fit], errors: Errors
) -> Hypotheses:
    """Compare random with fixed effects, in the classical and in the robust way.

    Parameters
    ----------
    panel, reasons
        As for `premium_fall`.
    fits
        Routes fitted already, with errors as in `errors`.
    errors
        How the errors of `fits` were made.

    References
    ----------
    Hausman, J. A. (1978). Specification tests in econometrics. *Econometrica* 46, 1251-1271.
    Mundlak, Y. (1978). On the pooling of time series and cross section data.
    *Econometrica* 46, 69-85.
    """
    null = Text(
        "everything about a person that does not change is unrelated to membership and the"
        " other regressors, so random and fixed effects estimate the same",
        "个人不变的特征与会员身份及其他变量无关，随机效应与固定效应估计的是同一个量",
    )
    names = (
        Text("Hausman test (classical)", "Hausman 检验（经典）"),
        Text("Mundlak test (clustered by person)", "Mundlak 检验（按人聚类）"),
    )
    why = reasons["correlated_random_effects"]
    if why is not None:
        return Hypotheses(tuple(Hypothesis(n, null, undefined=why) for n in names))

    def fitted(route: Route, wanted: Errors) -> Fit:  # most were needed for the premium already
        held = fits.get(route) if wanted == errors else None
        return held or fit_route(route, panel, errors=wanted)

    fixed, random = (fitted(r, "classical") for r in ("fixed_effects", "random_effects"))
    shared = [n for n in (panel.member, *panel.controls) if n in fixed.coefficients.index]
    gap = (fixed.coefficients[shared] - random.coefficients[shared]).to_numpy()
    spread = (
        fixed.covariance.loc[shared, shared] - random.covariance.loc[shared, shared]
    ).to_numpy()
    mundlak = fitted("correlated_random_effects", "clustered")
    means = [n for n in mundlak.coefficients.index if n.startswith("mean_")]
    robust = chi_square(
        names[1],
        null,
        values=mundlak.coefficients[means].to_numpy(),
        covariance=mundlak.covariance.loc[means, means].to_numpy(),
    )
    behind = who_changes(panel.frame, panel.member, worker=panel.worker)
    classical = chi_square(names[0], null, values=gap, covariance=spread)
    return Hypotheses(tuple(replace(test, **behind) for test in (classical, robust)))
