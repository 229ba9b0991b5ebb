"""What comparisons say of training beside what an experiment found.

Lives here: the experiment as a yardstick, and the bias of each route where the truth is zero.
Does not live here: the routes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.training_routes import (
    OF_CHANGE,
    ROUTES,
    TrainingEffects,
    effects,
    experiment,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Recovery", "evaluation_bias", "recovery"]

TOPIC = "training"


@dataclass(frozen=True, slots=True)
class Recovery:
    """What comparisons say beside the experiment.

    Attributes
    ----------
    yardstick
        The experiment's estimate.
    effects
        The routes' estimates on the comparison group.
    bias
        What each route finds where the truth is zero; None when it was not asked.
    """

    yardstick: Estimate
    effects: TrainingEffects
    bias: TrainingEffects | None = None

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """The experiment first, then the routes, then their biases."""
        first = replace(self.yardstick, key="experiment")
        biases = () if self.bias is None else self.bias.estimates
        return (first, *self.effects.estimates, *(replace(e, key=f"bias_{e.key}") for e in biases))

    @property
    def agreeing(self) -> tuple[Estimate, ...]:
        """Routes whose estimate lies within the experiment's interval."""
        low, high = self.yardstick.low, self.yardstick.high
        if low is None or high is None:
            return ()
        return tuple(
            e
            for e in self.effects.estimates
            if e.estimate is not None and low <= e.estimate <= high
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)


def evaluation_bias(
    controls: pd.DataFrame, comparison: pd.DataFrame, *, trained: str = "trained", **design: Any
) -> TrainingEffects:
    """Ask every route for an effect where there is none: an experiment's controls as trained.

    Neither group was trained, so whatever a route finds is its bias (LaLonde 1986; Heckman,
    Ichimura, Smith and Todd 1998).

    Parameters
    ----------
    controls
        The experiment's people; those not trained are used.
    comparison
        The comparison group's frame; those not trained are used.
    trained
        Column of 0 and 1 in both.
    **design
        As in `effects`.
    """
    import pandas as pd

    first = controls[controls[trained] == 0].assign(**{trained: 1})
    second = comparison[comparison[trained] == 0]
    stacked = pd.concat([first, second], ignore_index=True)
    found = effects(stacked, trained=trained, **design)
    renamed = tuple(replace(e, term="evaluation_bias") for e in found.estimates)
    return replace(found, estimates=renamed)


def recovery(
    people: pd.DataFrame,
    comparison: pd.DataFrame,
    *,
    outcome: str,
    trained: str = "trained",
    covariates: Sequence[str] = (),
    before: str | None = None,
    level: float = 0.95,
    unit: str = "usd",
) -> Recovery:
    """Set what a comparison group says beside what the experiment found.

    Parameters
    ----------
    people
        The experiment, one row a person.
    comparison
        The same trained people with untrained ones from elsewhere.
    outcome, trained, covariates, before, level, unit
        As in `effects`.
    """
    columns = {"outcome": outcome, "trained": trained, "level": level, "unit": unit}
    yardstick = experiment(people, **columns).route("difference_in_means")  # type: ignore[arg-type]
    options: dict[str, Any] = {**columns, "covariates": covariates, "before": before}
    options["routes"] = [r for r in ROUTES if r not in _idle(before, covariates)]
    observed = effects(comparison, **options)
    return Recovery(yardstick, observed, evaluation_bias(people, comparison, **options))


def _idle(before: str | None, covariates: Sequence[str]) -> frozenset[str]:
    """Return routes that would say nothing new.

    With the outcome before training among the covariates, a regression of the change is
    the regression of the level.
    """
    if before is None:
        return OF_CHANGE
    return OF_CHANGE - {"change_in_means"} if before in covariates else frozenset()
