"""The routes from trained and untrained people to the effect of training on those trained.

Every route estimates the mean effect on the trained (ATT); they differ in what makes the
untrained comparable. The fits themselves stand in `training_studies`, what they say beside an
experiment in `training_recovery`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.clustered_regression import independent
from yuyao_lib.methods.propensity import ONE_SIDE
from yuyao_lib.methods.samples import alike, check_level, draw_sample
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.training_studies import FLAT, Study, by_influence, least_squares
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ROUTES",
    "TrainingEffects",
    "effects",
    "experiment",
]

TOPIC = "training"
Route = Literal[
    "difference_in_means",
    "regression_adjusted",
    "outcome_regression",
    "propensity_weighting",
    "doubly_robust",
    "change_in_means",
    "outcome_regression_change",
    "doubly_robust_change",
]
ROUTES: tuple[Route, ...] = Route.__args__  # type: ignore[attr-defined]
OF_CHANGE = frozenset({"change_in_means", "outcome_regression_change", "doubly_robust_change"})
ERRORS = ("classical", "HC0", "HC1", "HC2", "HC3")
NO_BEFORE = Text("no outcome before training is given", "未给出培训前的结果变量")
TOO_FEW = Text("there are fewer people on one side than covariates", "某一侧的人数少于协变量个数")


@dataclass(frozen=True, slots=True)
class TrainingEffects:
    """The effect by every route.

    Attributes
    ----------
    estimates
        One a route, in the unit of the outcome.
    trained, untrained
        Persons on each side.
    dropped
        Rows left out because a value was missing.
    left_out
        Covariates that repeat others.
    """

    estimates: tuple[Estimate, ...]
    trained: int
    untrained: int
    dropped: int
    left_out: tuple[str, ...] = ()

    def route(self, key: str) -> Estimate:
        """Return one route's estimate.

        Raises
        ------
        InputError
            If the route was not asked for.
        """
        found = {e.key: e for e in self.estimates}
        if key not in found:
            raise InputError(sentence("no estimate by this route", got=key, allowed=list(found)))
        return found[key]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a route."""
        return rows_of(self.estimates)


def experiment(
    frame: pd.DataFrame,
    *,
    outcome: str,
    trained: str = "trained",
    covariates: Sequence[str] = (),
    errors: str = "HC2",
    level: float = 0.95,
    unit: str = "usd",
) -> TrainingEffects:
    """Estimate the effect in an experiment: the difference in means, and with covariates.

    Parameters
    ----------
    frame
        One row a person, assigned at random.
    outcome, covariates
        Columns of numbers; covariates measured before assignment.
    trained
        Column of 0 and 1.
    errors
        ``classical`` or ``HC0`` to ``HC3``; HC2 equals Neyman's variance for the
        difference in means.
    level, unit
        Coverage of the intervals; vocabulary key of the outcome's unit.

    Raises
    ------
    DataError, InputError
        If a column or a choice cannot be used.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> men = yuyao.open("nsw").frame("workers")
    >>> found = experiment(men, outcome="earnings_1978", trained="trained")
    >>> round(found.route("difference_in_means").estimate)
    1794
    """
    routes: tuple[Route, ...] = ("difference_in_means", "regression_adjusted")
    return effects(
        frame, outcome=outcome, trained=trained, covariates=covariates, errors=errors, level=level,
        unit=unit, routes=routes if covariates else routes[:1], design=Design.RANDOMISED,
    )  # fmt: skip


def effects(
    frame: pd.DataFrame,
    *,
    outcome: str,
    trained: str = "trained",
    covariates: Sequence[str] = (),
    before: str | None = None,
    score: Sequence[str] | None = None,
    routes: Sequence[str] = ROUTES,
    errors: str = "HC2",
    level: float = 0.95,
    unit: str = "usd",
    design: Design = Design.OBSERVATIONAL,
) -> TrainingEffects:
    """Estimate the effect of training on those trained by several routes.

    Regression: outcome on training and covariates. Outcome regression: fitted on the
    untrained, predicted for the trained. Weighting: the untrained weighted by the odds of
    their score, normalised. Doubly robust: both, right when either model is (Sant'Anna
    and Zhao 2020, equation 3.1, with and without a first difference). Change routes take
    the outcome minus `before`.

    Parameters
    ----------
    frame
        One row a person.
    outcome, covariates
        Columns of numbers.
    trained
        Column of 0 and 1.
    before
        The outcome before training, for the routes of change.
    score
        Covariates of the score, if not the same.
    routes
        Which of ``ROUTES``.
    errors
        Of the least-squares routes: ``classical`` or ``HC0`` to ``HC3``.
    level, unit, design
        Coverage of the intervals, unit of the outcome, kind of evidence.

    Raises
    ------
    DataError, InputError
        If a column or a choice cannot be used.
    """
    _check_choices(routes, errors)
    check_level(level)
    every = [outcome, trained, *covariates, *(score or ()), *([before] if before else [])]
    sample = draw_sample(frame, numeric=list(dict.fromkeys(every)), binary=[trained])
    rows = sample.frame
    d = rows[trained].to_numpy()
    x, kept = _design(rows, covariates)
    z = x if score is None else _design(rows, score)[0]
    study = Study(rows[outcome].to_numpy(), d, x, z, errors, level, unit, design)
    changed = None if before is None else replace(study, y=study.y - rows[before].to_numpy())
    found = tuple(_route(key, study, changed) for key in routes)
    spare = tuple(c for c in covariates if c not in kept)
    n = int(d.sum())
    return TrainingEffects(found, n, len(d) - n, sample.dropped, spare)


def _check_choices(routes: Sequence[str], errors: str) -> None:
    """Refuse unknown routes and errors."""
    for key in routes:
        if key not in ROUTES:
            raise InputError(sentence("unknown route", got=key, allowed=list(ROUTES)))
    if errors not in ERRORS:
        raise InputError(
            sentence("unknown kind of standard error", got=errors, allowed=list(ERRORS))
        )


def _design(rows: pd.DataFrame, covariates: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """Return a constant and the covariates that add something."""
    columns = np.column_stack([np.ones(len(rows)), *(rows[c].to_numpy() for c in covariates)])
    kept = sorted(independent(columns, np.ones(len(rows))).tolist())
    return columns[:, kept], [covariates[i - 1] for i in kept if i]


def _why_not(key: str, study: Study, changed: Study | None) -> Text | None:
    """Say why a route cannot be taken."""
    n = study.d.sum()
    if n in {0, len(study.d)}:
        return ONE_SIDE
    if key in OF_CHANGE and changed is None:
        return NO_BEFORE
    return TOO_FEW if min(n, len(study.d) - n) <= study.x.shape[1] else None


def _route(key: str, study: Study, changed: Study | None) -> Estimate:
    """Estimate one route, or say why it is undefined."""
    held = changed if key in OF_CHANGE and changed is not None else study
    why = _why_not(key, study, changed) or (FLAT if alike(held.y, like=study.y) else None)
    if why is not None:
        return study.estimate(key, undefined=why)
    if key in {"difference_in_means", "change_in_means"}:
        return least_squares(key, replace(held, x=np.ones((len(held.y), 1))))
    if key == "regression_adjusted":
        return least_squares(key, held)
    return by_influence(key, held)
