"""A design of firms and periods, how precise it is, and power as a result.

Lives here: what is given (firms, periods, shocks) and what comes out (power at each
effect). A design without firm-period shocks looks nearly three times as precise as it
is, so their size is a parameter with a value that is not zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.fields import Fielded
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import Meaning, check_choice
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NO_ERROR", "FirmDesign", "Power", "design_error", "detectable", "no_power", "power_of"]

NO_ERROR = Text("there is no standard error to compute it from", "没有可用于计算的标准误")
ONE_SIDED = Text(
    "all firms adopt or none does, so there is nothing to compare",
    "全部企业或没有企业被处理，无从比较",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmDesign(Fielded):
    """A design: firms, periods, and what moves their outcome.

    Attributes
    ----------
    treated, controls
        Numbers of firms.
    before, after
        Periods before and from adoption on.
    shock_sd, persistence
        Standard deviation of firm-period shocks and their correlation from one period
        to the next.
    noise_sd
        Standard deviation of the mean of workers' own noise in a cell.
    size_sd
        Standard deviation of the log of firms' sizes, which weigh the cells; 0: equal.
    treated_volatility
        How many times as large shocks are in treated firms.
    baseline
        ``all``: the mean before is compared (two-way fixed effects); ``last``: only the
        last period before (group-time effects), which is less precise where shocks do
        not persist much.

    Examples
    --------
    >>> FirmDesign(treated=31, controls=155).periods
    16
    """

    treated: int
    controls: int
    before: int = 8
    after: int = 8
    shock_sd: float = 0.03
    persistence: float = 0.85
    noise_sd: float = 0.0
    size_sd: float = 0.0
    treated_volatility: float = 1.0
    baseline: Literal["all", "last"] = "all"

    def __post_init__(self) -> None:
        """Refuse numbers that are no design."""
        for name in ("treated", "controls"):
            if getattr(self, name) < 0:
                raise InputError(
                    sentence(f"{name} firms", got=getattr(self, name), allowed="0 or more")
                )
        for name in ("before", "after"):
            if getattr(self, name) < 1:
                raise InputError(
                    sentence(f"periods {name}", got=getattr(self, name), allowed="1 or more")
                )
        for name in ("shock_sd", "noise_sd", "size_sd", "treated_volatility"):
            if getattr(self, name) < 0:
                raise InputError(sentence(name, got=getattr(self, name), allowed="0 or more"))
        check_choice("baseline", self.baseline, ("all", "last"))
        if not -1 < self.persistence < 1:
            raise InputError(
                sentence("persistence", got=self.persistence, allowed="between -1 and 1")
            )

    @property
    def periods(self) -> int:
        """Number of periods."""
        return self.before + self.after

    @property
    def comparable(self) -> bool:
        """Whether there are firms on both sides."""
        return self.treated > 0 and self.controls > 0


@dataclass(frozen=True, slots=True)
class Power:
    """Power over effects, with the effect that is found in most samples.

    Attributes
    ----------
    estimates
        The minimum detectable effect (``minimum_detectable_effect``), then the power at
        each effect.
    effects
        Effects tried, in the order of the powers.
    """

    estimates: tuple[Estimate, ...]
    effects: tuple[float, ...]

    @property
    def powers(self) -> tuple[float | None, ...]:
        """Power at each effect."""
        return tuple(estimate.estimate for estimate in self.estimates[1:])

    def to_frame(self) -> pd.DataFrame:
        """Return one row an effect."""
        return rows_of(self.estimates[1:]).assign(effect=list(self.effects))

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def detectable(
    standard_error: float, *, power: float = 0.8, level: float = 0.95, df: float = np.inf
) -> float:
    """Return the effect that is found in this share of samples.

    Parameters
    ----------
    standard_error
        Of the estimate.
    power, level
        Share of samples, and level of the interval.
    df
        Degrees of freedom of Student's t.

    Examples
    --------
    >>> round(detectable(0.0073), 4)
    0.0205
    """
    from scipy import stats

    if not standard_error > 0:
        raise InputError(sentence("standard error", got=standard_error, allowed="above 0"))
    if not 0 < power < 1:
        raise InputError(sentence("power", got=power, allowed="between 0 and 1"))
    tail = stats.t(df) if np.isfinite(df) else stats.norm
    return float((tail.ppf((1 + level) / 2) + tail.ppf(power)) * standard_error)


def design_error(design: FirmDesign) -> float:
    r"""Return the standard deviation of the pre-post comparison of a design.

    For one adoption date and firms of equal size: the variance of a firm's mean after
    less its mean before, :math:`w'\Sigma w` with :math:`\Sigma_{ts} = \sigma^2
    \rho^{|t-s|}`, over the number of firms on each side.
    """
    time = np.arange(design.periods)
    shocks = design.shock_sd**2 * design.persistence ** np.abs(time[:, None] - time)
    noise = design.noise_sd**2 * np.eye(design.periods)
    base = np.full(design.before, -1 / design.before)
    if design.baseline == "last":
        base = np.r_[np.zeros(design.before - 1), -1.0]
    weights = np.r_[base, np.full(design.after, 1 / design.after)]
    one = float(weights @ (shocks + noise) @ weights)
    loud = float(weights @ (design.treated_volatility**2 * shocks + noise) @ weights)
    spread = np.exp(design.size_sd**2)  # effective number of firms falls by this factor
    return float(np.sqrt(spread * (loud / design.treated + one / design.controls)))


def power_of(
    design: FirmDesign,
    effects: Sequence[float],
    found: list[float],
    smallest: float | None,
    meaning: Meaning,
    *,
    samples: int | None = None,
) -> Power:
    """Build the result."""
    firms = design.treated + design.controls
    rest = {"n": firms * design.periods, "clusters": firms}
    if smallest is None:
        why = Text("no effect reaches this power", "没有效应能达到此功效")
        first = meaning.estimate(
            "minimum_detectable_effect",
            "statistical_power",
            term="minimum_detectable_effect",
            undefined=why,
        )
    else:
        first = meaning.estimate(
            "minimum_detectable_effect",
            "statistical_power",
            term="minimum_detectable_effect",
            estimate=smallest,
            **rest,
        )
    made = [first]
    for effect, value in zip(effects, found, strict=True):
        spread = None if samples is None else float(np.sqrt(value * (1 - value) / samples))
        made.append(
            meaning.estimate(
                f"power_{effect:g}",
                "statistical_power",
                term="statistical_power",
                unit="share",
                estimate=value,
                standard_error=spread,
                **rest,
            )
        )
    return Power(tuple(made), tuple(float(effect) for effect in effects))


def no_power(effects: Sequence[float], meaning: Meaning, why: Text = ONE_SIDED) -> Power:
    """Return a result that says why there is none."""
    keys = ["minimum_detectable_effect", *(f"power_{effect:g}" for effect in effects)]
    made = tuple(meaning.estimate(key, "statistical_power", undefined=why) for key in keys)
    return Power(made, tuple(float(effect) for effect in effects))
