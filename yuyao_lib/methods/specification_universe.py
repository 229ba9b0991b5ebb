"""Choices declared before any is run, and the estimators they may name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.fields import Fielded
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.inference_clusters import CRV1, interval, prepare

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DIMENSIONS", "ESTIMATORS", "Choice", "Route", "Universe"]

Route = Callable[..., Estimate]
DIMENSIONS = ("outcome", "sample", "controls", "estimator")


@dataclass(frozen=True, slots=True, kw_only=True)
class Universe(Fielded):
    """The choices, declared before any is run.

    Attributes
    ----------
    treatment
        Column whose coefficient is followed.
    outcomes
        Name -> column; all in one unit, or estimates cannot be ranked together.
    samples
        Name -> condition as `DataFrame.query` reads it; an empty one keeps all rows.
    controls
        Name -> columns.
    estimators
        Names of `ESTIMATORS`, or name -> function called with the sample, `outcome`,
        `treatment`, `controls`, `cluster`, `unit`, `period`, `weights` and `meaning`.
    cluster, unit, period, weights
        Columns for errors, effects and weights.
    """

    treatment: str
    outcomes: Mapping[str, str]
    cluster: str
    samples: Mapping[str, str] = field(default_factory=lambda: {"all": ""})
    controls: Mapping[str, Sequence[str]] = field(default_factory=lambda: {"none": ()})
    estimators: Sequence[str] | Mapping[str, Route] = ("pooled",)
    unit: str | None = None
    period: str | None = None
    weights: str | None = None

    def routes(self) -> dict[str, Route]:
        """Return each estimator by name.

        Raises
        ------
        InputError
            If a name is not known.
        """
        if isinstance(self.estimators, Mapping):
            return dict(self.estimators)
        for name in self.estimators:
            if name not in ESTIMATORS:
                raise InputError(sentence("unknown estimator", got=name, allowed=list(ESTIMATORS)))
        return {name: ESTIMATORS[name] for name in self.estimators}

    def choices(self) -> list[Choice]:
        """Return every combination, in the order declared.

        Raises
        ------
        InputError
            If a dimension has no choice.
        """
        sides = (self.outcomes, self.samples, self.controls, self.routes())
        for name, side in zip(DIMENSIONS, sides, strict=True):
            if not side:
                raise InputError(f"the universe has no choice of {name}; declare at least one.")
        return [Choice(*names) for names in product(*sides)]


@dataclass(frozen=True, slots=True)
class Choice(Fielded):
    """One combination of choices, by name."""

    outcome: str
    sample: str
    controls: str
    estimator: str


def _regression(unit: bool, period: bool) -> Route:
    """Return a route by least squares with the effects asked for."""

    def route(
        frame: pd.DataFrame,
        *,
        outcome: str,
        treatment: str,
        controls: Sequence[str],
        cluster: str,
        meaning: Meaning,
        **columns: Any,
    ) -> Estimate:
        if unit and columns.get("unit") is None:
            raise InputError("this estimator needs the column of units, `unit`.")
        regression = prepare(
            frame,
            outcome=outcome,
            regressor=treatment,
            controls=controls,
            cluster=cluster,
            unit=columns.get("unit") if unit else None,
            period=columns.get("period") if period else None,
            weights=columns.get("weights"),
        )
        method = "fixed_effects" if unit else "pooled_ols"
        if regression.undefined is not None:
            return meaning.estimate("effect", method, undefined=regression.undefined)
        fit = regression.fit()
        words = CRV1.format(clusters=fit.clusters, factor=fit.factor)
        error = float(np.sqrt(fit.covariance[0, 0]))
        return interval(meaning, "effect", method, float(fit.values[0]), error, fit, words)

    return route


def _differences(
    frame: pd.DataFrame,
    *,
    outcome: str,
    treatment: str,
    controls: Sequence[str],
    meaning: Meaning,
    **columns: Any,
) -> Estimate:
    """Estimate from changes between adjacent periods, clustered by unit."""
    from yuyao_lib.methods.policy import policy_panel

    if columns.get("unit") is None or columns.get("period") is None:
        raise InputError("first differences need the columns `unit` and `period`.")
    found = policy_panel(
        frame,
        outcome=outcome,
        policy=treatment,
        unit=columns["unit"],
        period=columns["period"],
        controls=controls,
        transform="first_differences",
        meaning=meaning,
    )
    return found.effect


ESTIMATORS: dict[str, Route] = {
    "pooled": _regression(unit=False, period=False),
    "period_effects": _regression(unit=False, period=True),
    "fixed_effects": _regression(unit=True, period=False),
    "two_way_fixed_effects": _regression(unit=True, period=True),
    "first_differences": _differences,
}
