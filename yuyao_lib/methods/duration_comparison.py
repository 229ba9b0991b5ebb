"""Several models of durations side by side, and whether one of them fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.duration_fits import FAMILIES, Family
from yuyao_lib.methods.duration_models import check_family, of_spells
from yuyao_lib.methods.duration_results import DurationModel
from yuyao_lib.methods.hypotheses import Hypotheses, Hypothesis
from yuyao_lib.methods.samples import check_level
from yuyao_lib.methods.spells import read_spells
from yuyao_lib.methods.survival import Curve, survival
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats

__all__ = ["DurationModels", "ResidualCheck", "check_fit", "compare_models"]

TOPIC = "disputes"


@dataclass(frozen=True, slots=True)
class DurationModels:
    """Models of the same spells.

    Attributes
    ----------
    models
        One a family, in the order asked for.
    """

    models: tuple[DurationModel, ...]

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Differences in log duration, or the medians without covariates, of every model."""
        found = [e for m in self.models for e in (m.differences or (m.estimate("median"),))]
        return tuple(found)

    @property
    def best(self) -> DurationModel | None:
        """The model with the smallest AIC; None if none has estimates."""
        known = [m for m in self.models if m.aic is not None]
        return min(known, key=lambda m: m.aic or 0.0, default=None)

    def model(self, family: str) -> DurationModel:
        """Return the model of a family.

        Raises
        ------
        InputError
            If it was not asked for.
        """
        found = {m.family: m for m in self.models}
        if family not in found:
            raise InputError(sentence("no model of this family", got=family, allowed=list(found)))
        return found[family]

    @property
    def nested(self) -> Hypotheses:
        """Likelihood-ratio test of the exponential model within the Weibull model."""
        name = Text("Likelihood ratio: exponential in Weibull", "似然比：Weibull 中的指数模型")
        null = Text(
            "the chance of ending does not change as time goes on", "结束的风险不随时间推移而变化"
        )
        by = {m.family: m.log_likelihood for m in self.models}
        small, large = by.get("exponential"), by.get("weibull")
        if small is None or large is None:
            why = Text("one of the two models is not there", "两个模型缺少其一")
            return Hypotheses((Hypothesis(name, null, undefined=why),))
        from scipy import stats

        statistic = max(2 * (large - small), 0.0)
        chance = float(stats.chi2.sf(statistic, 1))
        return Hypotheses((Hypothesis(name, null, statistic, 1, chance),))

    def to_frame(self) -> pd.DataFrame:
        """Return one row a model."""
        import pandas as pd

        rows = [
            {
                "family": m.family,
                "log_likelihood": m.log_likelihood,
                "parameters": m.parameters,
                "aic": m.aic,
                "median": m.estimate("median").estimate,
                **{e.key: e.estimate for e in m.differences},
            }
            for m in self.models
        ]
        return pd.DataFrame(rows)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


@dataclass(frozen=True, slots=True)
class ResidualCheck:
    """Cox-Snell residuals of a model: exponential with mean one if the model holds.

    Attributes
    ----------
    family
        Of the model.
    residuals
        Shape (n,).
    curve
        Kaplan-Meier curve of the residuals, to be held against exp(-e).
    outside
        Share of the curve's points whose interval leaves out exp(-e).
    undefined
        Why there is no check.
    """

    family: Family
    residuals: Floats = field(repr=False)
    curve: Curve | None = field(repr=False)
    outside: float | None
    undefined: Text | None = None

    def to_frame(self) -> pd.DataFrame:
        """Return one row an ending: residual, share beyond it, interval, share expected."""
        import pandas as pd

        c = self.curve
        if c is None:
            return pd.DataFrame(columns=["residual", "share", "low", "high", "expected"])
        values = {"residual": c.times, "share": c.share, "low": c.low, "high": c.high}
        return pd.DataFrame({**values, "expected": np.exp(-c.times)})

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def compare_models(
    frame: pd.DataFrame,
    *,
    duration: str,
    ended: str | None = None,
    covariates: Sequence[str] = (),
    families: Sequence[Family] = FAMILIES,
    level: float = 0.95,
    unit: str = "days",
    n_unit: str = "spells",
) -> DurationModels:
    """Fit several models to the same spells.

    Parameters
    ----------
    frame, duration, ended, covariates, level, unit, n_unit
        As in `duration_model`.
    families
        Which models, in which order.

    Raises
    ------
    DataError, InputError
        If a column or a choice cannot be used.

    Notes
    -----
    Log-likelihoods and AIC compare the models with each other; none of them says that the
    best one fits. For that look at `check_fit`.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> strikes = yuyao.open("strikes").frame("strikes")
    >>> compare_models(strikes, duration="duration_days").best.family
    'exponential'
    """
    check_level(level)
    for family in families:
        check_family(family)
    if not families:
        raise InputError(sentence("no model of durations is given", allowed=FAMILIES))
    spells = read_spells(frame, duration=duration, ended=ended, covariates=covariates)
    words: dict[str, Any] = {"level": level, "n_unit": n_unit, "unit": unit}
    return DurationModels(tuple(of_spells(spells, f, list(covariates), words) for f in families))


def check_fit(model: DurationModel, *, level: float = 0.95) -> ResidualCheck:
    r"""Hold a model against its data by its Cox-Snell residuals (Cox and Snell 1968).

    The cumulative hazard a model gives a spell at its end, :math:`e = -\log S(t|x)`, is
    exponential with mean one when the model is right, whatever the covariates.

    Parameters
    ----------
    model
        A fitted model.
    level
        Coverage of the band, pointwise. The band does not count that the model was fitted
        to the same spells, so it is somewhat wide.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> from yuyao_lib.methods.duration_models import duration_model
    >>> strikes = yuyao.open("strikes").frame("strikes")
    >>> check_fit(duration_model(strikes, duration="duration_days")).outside
    0.0
    """
    import pandas as pd

    if model.fit is None:
        why = model.estimate("median").undefined
        return ResidualCheck(model.family, np.empty(0), None, None, why)
    residuals = model.residuals()
    rows = pd.DataFrame({"e": residuals, "ended": model.spells.ended.astype("int64")})
    curve = survival(rows, duration="e", ended="ended", level=level).curves[0]
    expected = np.exp(-curve.times)
    inside = (curve.low <= expected) & (expected <= curve.high)
    return ResidualCheck(model.family, residuals, curve, float(1 - inside.mean()))
