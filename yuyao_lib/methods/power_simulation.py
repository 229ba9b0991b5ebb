"""Power by drawing samples of a design and testing each one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Design as Evidence
from yuyao_lib.methods.adoption import AdoptionPanel, Meaning, check_choice
from yuyao_lib.methods.clustered_regression import Design, panel_design, regress
from yuyao_lib.methods.inference_wild import wild_test
from yuyao_lib.methods.power_designs import FirmDesign, Power, design_error, no_power, power_of
from yuyao_lib.progress import watched

__all__ = ["Test", "simulated_power"]

Test = Literal["clustered", "wild"]


def simulated_power(
    design: FirmDesign,
    *,
    effects: Sequence[float],
    test: Test = "clustered",
    power: float = 0.8,
    samples: int = 400,
    draws: int = 199,
    seed: int = 1,
    meaning: Meaning | None = None,
) -> Power:
    """Return power by simulating the design and testing each sample.

    Parameters
    ----------
    design, effects, power, meaning
        As in `analytic_power`.
    test
        ``clustered`` (CRV1, which rejects too often with few or unequal firms) or
        ``wild`` (null-imposed bootstrap).
    samples, draws, seed
        Simulated samples, bootstrap draws in each, and the seed.

    Notes
    -----
    An effect shifts the estimate and leaves its residuals alone, so each sample serves
    every effect. The minimum detectable effect is read off by searching over effects in
    the same samples.
    """
    meant = meaning or Meaning(design=Evidence.DESCRIPTION)
    check_choice("test", test, ("clustered", "wild"))
    if samples < 20:
        raise InputError(sentence("samples", got=samples, allowed="at least 20"))
    if not design.comparable or design.treated + design.controls < 3:
        return no_power(effects, meant)
    rng = np.random.default_rng(seed)
    drawn = [_sample(design, rng) for _ in range(samples)]
    size = 1 - meant.level
    each = enumerate(watched(drawn, what="samples"))
    tests = [_p_values(panel, test, draws, seed + i) for i, panel in each]

    def share(effect: float) -> float:
        return float(np.mean([p(effect) <= size for p in tests]))

    found = [share(effect) for effect in effects]
    return power_of(design, effects, found, _search(share, design, power), meant, samples=samples)


def _sample(design: FirmDesign, rng: np.random.Generator) -> AdoptionPanel:
    """Draw one panel without an effect."""
    n, t = design.treated + design.controls, design.periods
    shocks = np.empty((n, t))
    shocks[:, 0] = rng.standard_normal(n)
    step = np.sqrt(1 - design.persistence**2)
    for time in range(1, t):
        shocks[:, time] = design.persistence * shocks[:, time - 1] + step * rng.standard_normal(n)
    shocks *= design.shock_sd
    shocks[: design.treated] *= design.treated_volatility
    outcome = shocks + design.noise_sd * rng.standard_normal((n, t))
    first = np.where(np.arange(n) < design.treated, design.before + 1.0, np.inf)
    start = design.before - 1 if design.baseline == "last" else 0
    periods, outcome = np.arange(1.0, t + 1)[start:], outcome[:, start:]
    return AdoptionPanel(
        units=tuple(range(n)),
        periods=periods,
        labels=tuple(periods.tolist()),
        first=first,
        outcome=outcome,
        covariates=np.empty((*outcome.shape, 0)),
        weights=np.exp(design.size_sd * rng.standard_normal(n)),
        clusters=np.arange(n),
    )


def _p_values(panel: AdoptionPanel, test: str, draws: int, seed: int) -> Callable[[float], float]:
    """Return the function from an effect to the p-value of no effect in this sample."""
    from scipy import stats

    columns = panel.treated.astype("float64")[:, :, None]
    full = panel_design(panel, columns, ["treated"])
    fit = regress(full)
    kept = [full.names.index(name) for name in fit.names]
    design = Design(full.y, full.x[:, kept], fit.names, full.weights, full.clusters)
    if test == "wild":
        redrawn = wild_test(design, draws=draws, signs="rademacher", seed=seed)
        return lambda effect: redrawn.p_value(-effect)
    value, error = float(fit.values[0]), float(np.sqrt(fit.covariance[0, 0]))
    tail = stats.t(fit.clusters - 1)
    return lambda effect: float(2 * tail.sf(abs(value + effect) / error))


def _search(share: Callable[[float], float], design: FirmDesign, power: float) -> float | None:
    """Find the effect at which simulated power reaches its aim."""
    high = 2 * design_error(design)
    for _ in range(12):
        if share(high) >= power:
            break
        high *= 1.7
    else:
        return None
    low = 0.0
    for _ in range(14):
        middle = (low + high) / 2
        low, high = (low, middle) if share(middle) >= power else (middle, high)
    return high
