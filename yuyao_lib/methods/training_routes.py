"""The routes from trained and untrained people to the effect of training on those trained.

Every route estimates the mean effect on the trained (ATT); they differ in what makes the
untrained comparable. The influence-function routes come from the package drdid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.clustered_regression import independent
from yuyao_lib.methods.packages import undisturbed
from yuyao_lib.methods.propensity import NO_OVERLAP, ONE_SIDE, separated
from yuyao_lib.methods.samples import alike, check_level, draw_sample
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ROUTES",
    "Recovery",
    "TrainingEffects",
    "effects",
    "evaluation_bias",
    "experiment",
    "recovery",
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
COLLINEAR = Text(
    "training is a combination of the covariates, or these do not vary among the untrained",
    "培训与协变量共线，或协变量在未受训者中没有变化",
)
FLAT = Text(
    "the outcome does not vary, so no uncertainty can be computed",
    "结果变量没有变化，无法计算不确定性",
)
TOO_FEW = Text("there are fewer people on one side than covariates", "某一侧的人数少于协变量个数")
INFLUENCE = Text(
    "influence function, the estimated score and regression counted; normal distribution",
    "影响函数，已计入所估得分与回归的误差；正态分布",
)


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
    study = _Study(rows[outcome].to_numpy(), d, x, z, errors, level, unit, design)
    changed = None if before is None else replace(study, y=study.y - rows[before].to_numpy())
    found = tuple(_route(key, study, changed) for key in routes)
    spare = tuple(c for c in covariates if c not in kept)
    n = int(d.sum())
    return TrainingEffects(found, n, len(d) - n, sample.dropped, spare)


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


@dataclass(frozen=True, slots=True)
class _Study:
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


def _why_not(key: str, study: _Study, changed: _Study | None) -> Text | None:
    """Say why a route cannot be taken."""
    n = study.d.sum()
    if n in {0, len(study.d)}:
        return ONE_SIDE
    if key in OF_CHANGE and changed is None:
        return NO_BEFORE
    return TOO_FEW if min(n, len(study.d) - n) <= study.x.shape[1] else None


def _route(key: str, study: _Study, changed: _Study | None) -> Estimate:
    """Estimate one route, or say why it is undefined."""
    held = changed if key in OF_CHANGE and changed is not None else study
    why = _why_not(key, study, changed) or (FLAT if alike(held.y, like=study.y) else None)
    if why is not None:
        return study.estimate(key, undefined=why)
    if key in {"difference_in_means", "change_in_means"}:
        return _least_squares(key, replace(held, x=np.ones((len(held.y), 1))))
    if key == "regression_adjusted":
        return _least_squares(key, held)
    return _influence(key, held)


def _least_squares(key: str, study: _Study) -> Estimate:
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


def _influence(key: str, study: _Study) -> Estimate:
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
