"""Effects by cohort and period with clean controls (Callaway and Sant'Anna 2021)."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from yuyao_lib.errors import DataError
from yuyao_lib.methods.adoption import (
    AdoptionPanel,
    Controls,
    Meaning,
    adoption_panel,
    check_choice,
    why_undefined,
)
from yuyao_lib.methods.group_time_results import GroupTime, effect_estimate, undefined_effect
from yuyao_lib.methods.influence import covariance
from yuyao_lib.methods.packages import undisturbed
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["group_time"]

TOPIC = "contracts"

ROUTES = {
    "doubly_robust": "dr",
    "regression": "reg",
    "inverse_probability_weighting": "ipw",
}
FEWEST_CONTROLS = 5  # plus one a covariate; csdid and R refuse fewer


def group_time(  # noqa: PLR0913 - each is a choice a reader must see
    frame: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    period: str,
    first_treated: str,
    controls: Controls = "never",
    covariates: Sequence[str] = (),
    estimator: str = "doubly_robust",
    anticipation: int = 0,
    cluster: str | None = None,
    weights: str | None = None,
    base_period: Literal["varying", "universal"] = "varying",
    meaning: Meaning | None = None,
) -> GroupTime:
    r"""Estimate the effect of adoption for each cohort in each period.

    :math:`ATT(g,t) = E[Y_t - Y_{g-1-a} \mid G=g] - E[Y_t - Y_{g-1-a} \mid C]`, with
    covariates through regression, propensity weighting or both.

    Parameters
    ----------
    frame, outcome, unit, period, first_treated, covariates, cluster, weights
        As in `adoption_panel`; covariates are read in the base period.
    controls
        Never-treated units, or also those not yet treated.
    estimator
        ``doubly_robust``, ``regression`` or ``inverse_probability_weighting``; the same
        without covariates.
    anticipation
        Periods before adoption in which the effect may already begin.
    base_period
        ``varying``: before adoption each period is compared with the one before it;
        ``universal``: always with the last period before adoption.
    meaning
        What the numbers are about.

    Raises
    ------
    DataError, InputError
        If a column, a choice or the number of periods of anticipation cannot be used.

    Notes
    -----
    Point estimates and influence functions come from csdid, which gives the numbers of
    the R package did.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame([(firm, year, firm % 3 + year + (firm < 4) * (year > 2), firm < 4)
    ...                      for firm in range(9) for year in (1, 2, 3)],
    ...                     columns=["firm", "year", "pay", "signs"])
    >>> rows["since"] = rows["signs"] * 3
    >>> effects = group_time(rows, outcome="pay", unit="firm", period="year",
    ...                      first_treated="since")
    >>> round(effects.aggregate("simple").overall.estimate, 6)
    1.0
    """
    meant = meaning or Meaning()
    check_choice("controls", controls, ("never", "not_yet"))
    check_choice("estimator", estimator, tuple(ROUTES))
    check_choice("base period", base_period, ("varying", "universal"))
    if not isinstance(anticipation, int) or anticipation < 0:
        raise DataError(f"anticipation must be a whole number of periods: got {anticipation!r}.")
    panel = adoption_panel(
        frame,
        outcome=outcome,
        unit=unit,
        period=period,
        first_treated=first_treated,
        covariates=covariates,
        cluster=cluster,
        weights=weights,
    )
    why = why_undefined(panel, controls=controls) or _too_few(panel, controls)
    fit = why or _fit(panel, controls, ROUTES[estimator], anticipation, base_period)
    if isinstance(fit, Text):
        nothing = np.empty((len(panel.units), 0))
        return GroupTime((undefined_effect(meant, "att", fit),), (), (), panel, nothing, meant, fit)
    return _read(fit, panel, meant, anticipation)


def _too_few(panel: AdoptionPanel, controls: Controls) -> Text | None:
    """Say when there are too few never-treated units, by the rule of the package."""
    count = int((panel.first > panel.periods[-1]).sum())
    least = panel.covariates.shape[2] + FEWEST_CONTROLS
    if controls == "not_yet" or count >= least:
        return None
    return Text(
        f"only {count} units are never treated and at least {least} are needed; use those not"
        " yet treated",
        f"从未处理的单位仅 {count} 个，至少需要 {least} 个；请改用尚未处理的单位",
    )


def _fit(
    panel: AdoptionPanel, controls: Controls, route: str, anticipation: int, base: str
) -> dict[str, Any] | Text:
    """Run csdid on the panel, without its printing; say why where it refuses."""
    import pandas as pd

    with undisturbed():
        from csdid.att_gt import ATTgt
    n, t = panel.outcome.shape
    rows = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(n), t),
            "time": np.tile(panel.periods, n),
            "y": panel.outcome.ravel(),
            "first": np.repeat(np.where(np.isfinite(panel.first), panel.first, 0.0), t),
            "weight": np.repeat(panel.weights / panel.weights.mean(), t),
        }
    )
    names = [f"x{k}" for k in range(panel.covariates.shape[2])]
    # without covariates the routes are one and the same, and this needs no propensity scores
    route = route if names else ROUTES["regression"]
    rows[names] = panel.covariates.reshape(n * t, -1)
    try:
        with undisturbed(), warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")  # cells that fail are reported as undefined below
            result = ATTgt(
                yname="y",
                tname="time",
                idname="unit",
                gname="first",
                data=rows,
                control_group="nevertreated" if controls == "never" else "notyettreated",
                xformla=f"y~{'+'.join(names) or '1'}",
                weights_name="weight",
                anticipation=anticipation,
            ).fit(est_method=route, base_period=base, bstrap=False)
    except (ValueError, np.linalg.LinAlgError) as error:
        return Text(
            f"the package csdid refuses these data: {error}",
            f"csdid 软件包拒绝了这些数据：{error}",
        )
    return dict(result.MP)


def _read(
    fit: dict[str, Any], panel: AdoptionPanel, meaning: Meaning, anticipation: int
) -> GroupTime:
    """Turn what csdid returned into estimates; units it dropped have no influence."""
    group, time = np.array(fit["group"], float), np.array(fit["t"], float)
    att = np.array(fit["att"], float)
    raw = np.asarray(fit["inffunc"]["inffunc"], float)
    # csdid drops units that have no period before (anticipated) treatment.
    kept = panel.first > panel.periods[0] + anticipation
    influence = np.zeros((len(panel.units), len(att)))
    influence[kept] = raw * (len(panel.units) / kept.sum())
    errors = np.sqrt(np.diag(covariance(np.nan_to_num(influence), panel.clusters)))
    made = tuple(
        effect_estimate(
            meaning,
            panel,
            f"att_{panel.label(g)}_{panel.label(t)}",
            value,
            error,
            "cell",
            panel.behind(panel.first == g),
        )
        for g, t, value, error in zip(group, time, att, errors, strict=True)
    )
    return GroupTime(
        made, tuple(group.tolist()), tuple(time.tolist()), panel, np.nan_to_num(influence), meaning
    )
