"""The propensity score: fitted, looked at for overlap, and used as weights.

Weights for the trained (ATT) give the untrained the odds p/(1-p); weights for all (ATE)
give 1/p and 1/(1-p) (Hirano, Imbens and Ridder 2003).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.effective_number import effective_number
from yuyao_lib.methods.samples import ALIKE, alike, check_level, draw_sample
from yuyao_lib.methods.smaller_sides import EMPLOYER, Counts, carriers
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NO_OVERLAP", "Overlap", "overlap", "separated", "weighted_means"]

TOPIC = "training"
ONE_SIDE = Text(
    "all are trained, or none is, so there is nobody to compare with",
    "全部受训或全部未受训，没有可比较的对象",
)
NO_OVERLAP = Text(
    "the covariates tell the trained from the untrained without error, so nobody untrained is"
    " comparable",
    "协变量能无误地区分受训者与未受训者，因此没有可比的未受训者",
)
BINS = 20
SANDWICH = Text(
    "stacked estimating equations of score and means; normal distribution",
    "得分与均值的联立估计方程；正态分布",
)
CLUSTERED = Text(
    "stacked estimating equations of score and means, summed by employer; normal distribution",
    "得分与均值的联立估计方程，按单位求和；正态分布",
)


@dataclass(frozen=True, slots=True)
class Overlap:
    """How far trained and untrained share one range of scores.

    Attributes
    ----------
    edges, trained, untrained
        Edges of twenty bins of the score and the persons of each side in them.
    outside
        Share of the trained whose score is above every untrained person's.
    effective
        Effective number of untrained persons behind the weights, (sum w)^2 / sum w^2.
    n_trained, n_untrained
        Persons.
    undefined
        Why there is no score; None when there is one.
    """

    edges: tuple[float, ...]
    trained: tuple[int, ...]
    untrained: tuple[int, ...]
    outside: float
    effective: float
    n_trained: int
    n_untrained: int
    undefined: Text | None = None


@dataclass(frozen=True, slots=True)
class WeightedMeans:
    """Weighted differences in means.

    Attributes
    ----------
    estimates
        Weights as they are (Horvitz and Thompson) and normalised.
    n, trimmed
        Persons used, and persons whose score lies outside the bounds.
    """

    estimates: tuple[Estimate, ...]
    n: int
    trimmed: int


def fit_scores(d: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Return fitted probabilities of training; a logit by maximum likelihood."""
    import statsmodels.api as sm

    return np.asarray(sm.GLM(d, z, family=sm.families.Binomial()).fit(maxiter=100).fittedvalues)


def separated(d: np.ndarray, z: np.ndarray) -> bool:
    """Say whether some combination of covariates tells the sides apart without error.

    A linear programme (Konis 2007): is there b with (2d-1)·zb >= 0 everywhere and
    somewhere above?

    Examples
    --------
    >>> z = np.column_stack([np.ones(4), [1.0, 2.0, 3.0, 4.0]])
    >>> separated(np.array([0, 0, 1, 1]), z), separated(np.array([0, 1, 0, 1]), z)
    (True, False)
    """
    from scipy.optimize import linprog

    size = np.abs(z).max(axis=0)
    signed = (2 * d - 1)[:, None] * z / np.where(size > 0, size, 1.0)
    best = linprog(-signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(d)), bounds=(-1, 1))
    return bool(best.status == 0 and -best.fun > 1e-7 * len(d))


def overlap(frame: pd.DataFrame, *, trained: str = "trained", covariates: Sequence[str]) -> Overlap:
    """Fit the score and count both sides along it.

    Parameters
    ----------
    frame
        One row a person.
    trained
        Column of 0 and 1.
    covariates
        Columns of numbers.

    Raises
    ------
    DataError
        If a column cannot be used.
    """
    d, z = _arrays(frame, trained, covariates)
    n, edges = int(d.sum()), np.linspace(0, 1, BINS + 1)
    if n in {0, len(d)} or separated(d, z):
        why = NO_OVERLAP
        none = (0,) * BINS
        return Overlap(tuple(edges), none, none, 1.0, 0.0, n, len(d) - n, why)
    p = fit_scores(d, z)
    sides = [np.histogram(p[d == side], edges)[0] for side in (1, 0)]
    odds = (p / (1 - p))[d == 0]
    outside = float((p[d == 1] > p[d == 0].max()).mean())
    counts = [tuple(int(c) for c in side) for side in sides]
    effective = effective_number(odds)
    return Overlap(tuple(edges), counts[0], counts[1], outside, effective, n, len(d) - n)


def weighted_means(
    frame: pd.DataFrame,
    *,
    outcome: str,
    trained: str = "trained",
    covariates: Sequence[str],
    estimand: Literal["att", "ate"] = "att",
    bounds: tuple[float, float] = (0.0, 1.0),
    level: float = 0.95,
    unit: str = "usd",
    cluster: str | None = None,
) -> WeightedMeans:
    """Compare means weighted by the score, kept or trimmed.

    Parameters
    ----------
    frame
        One row a person.
    outcome, trained, covariates
        Columns of numbers; `trained` is 0 or 1.
    estimand
        Effect on the trained, or on all.
    bounds
        Persons with a score outside are left out after the score is fitted; what is
        estimated is then about those inside.
    level, unit
        Coverage of the intervals; vocabulary key of the outcome's unit.
    cluster
        Column within whose values rows may depend on each other (employers); None: no two
        rows do.

    Raises
    ------
    InputError
        If the estimand or the bounds are not as allowed.
    DataError
        If a column cannot be used.
    """
    if estimand not in {"att", "ate"}:
        raise InputError(sentence("unknown estimand", got=estimand, allowed=["att", "ate"]))
    if not 0 <= bounds[0] < bounds[1] <= 1:
        raise InputError(
            sentence("bounds of the score", got=bounds, allowed="0 <= low < high <= 1")
        )
    check_level(level)
    keys = [] if cluster is None else [cluster]
    sample = draw_sample(
        frame,
        numeric=[outcome, trained, *covariates],
        binary=[trained],
        keys=keys,
        beside=[WORKER, EMPLOYER],
    )
    d, z = _arrays(sample.frame, trained, covariates)
    y = sample.frame[outcome].to_numpy()
    groups = None if cluster is None else sample.frame[cluster].factorize()[0]
    say = _sayer(len(y), level, unit)
    one_side, flat = d.sum() in {0, len(d)}, alike(y)
    if one_side or flat or separated(d, z):
        reason = ONE_SIDE if one_side else ALIKE if flat else NO_OVERLAP
        return WeightedMeans(tuple(say(k, undefined=reason) for k in KINDS), 0, 0)
    p = fit_scores(d, z)
    inside = (p > bounds[0]) & (p < bounds[1])
    if d[inside].sum() in {0, inside.sum()}:
        why = Text(
            "no trained or no untrained person is inside the bounds", "界限之内缺少受训者或未受训者"
        )
        return WeightedMeans(tuple(say(k, undefined=why) for k in KINDS), 0, int((~inside).sum()))
    found = [
        _weighted(y, d, z, p, inside, estimand, groups, normalised=k == KINDS[1]) for k in KINDS
    ]
    n = int(inside.sum())
    firms = None if groups is None else len(np.unique(groups[inside]))
    say = _sayer(n, level, unit, firms, z.shape[1])
    firm = EMPLOYER if cluster is None else cluster
    behind = _behind(sample.frame, _weights(d, p, inside, estimand), firm)
    made = tuple(say(k, *v, **behind) for k, v in zip(KINDS, found, strict=True))
    return WeightedMeans(made, n, len(y) - n)


WORKER = "worker_id"
KINDS = ("horvitz_thompson", "propensity_weighting")


def _sayer(n: int, level: float, unit: str, clusters: int | None = None, scores: int = 0) -> Any:
    """Return what makes estimates of this study; `scores` is what the logit has fitted."""

    def say(key: str, value: float | None = None, error: float = 0.0, **values: Any) -> Estimate:
        if value is not None:
            how = SANDWICH if clusters is None else CLUSTERED
            values |= {**wald(value, error, level=level), "inference": how}
            values |= {} if clusters is None else {"clusters": clusters, "cluster_unit": "firms"}
            values["residual_df"] = n - scores - 1
        return Estimate(
            key=key, term="training_effect", method=key, unit=unit, design=Design.OBSERVATIONAL,
            level=level, n=n, **values,
        )  # fmt: skip

    return say


def _weighted(
    y: np.ndarray, d: np.ndarray, z: np.ndarray, p: np.ndarray, inside: np.ndarray,
    estimand: str, groups: np.ndarray | None, *, normalised: bool,
) -> tuple[float, float]:  # fmt: skip
    """Return the difference and its standard error, the score's own error counted."""
    odds = p / (1 - p)
    w1, w0 = _weights(d, p, inside, estimand)
    slope1 = np.zeros_like(p) if estimand == "att" else -(1 - p) / p * inside * d
    slope0 = odds * inside * (1 - d)  # both weights have this derivative along the index
    total = float(inside.sum()) if estimand == "ate" else float((inside * d).sum())
    base1 = w1.sum() if normalised else total
    base0 = w0.sum() if normalised else total
    m1, m0 = float(w1 @ y / base1), float(w0 @ y / base0)
    centre1, centre0 = (m1, m0) if normalised else (0.0, 0.0)
    psi = w1 * (y - centre1) / base1 - w0 * (y - centre0) / base0
    if not normalised:
        share = inside if estimand == "ate" else inside * d
        psi = psi - (m1 - m0) * share / total
    gradient = (slope1 * (y - centre1) / base1 - slope0 * (y - centre0) / base0) @ z
    information = z.T @ (z * (p * (1 - p))[:, None])
    psi = psi + (z * (d - p)[:, None]) @ np.linalg.solve(information, gradient)
    sums = psi if groups is None else np.bincount(groups, weights=psi)
    return m1 - m0, float(np.sqrt(sums @ sums))


def _weights(
    d: np.ndarray, p: np.ndarray, inside: np.ndarray, estimand: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return what each row weighs in the mean of the trained and in that of the others."""
    if estimand == "att":
        return inside * d * 1.0, inside * (1 - d) * p / (1 - p)
    return inside * d / p, inside * (1 - d) / (1 - p)


def _behind(rows: pd.DataFrame, weights: tuple[np.ndarray, np.ndarray], firm: str) -> Counts:
    """Count who carries the mean of the side of fewest; a row is a person where it names none."""
    who = (
        rows[WORKER].factorize(use_na_sentinel=False)[0] if WORKER in rows else np.arange(len(rows))
    )
    persons = min(carriers(np.bincount(who, weights=w)) for w in weights)
    if firm not in rows:
        return {"persons": persons, "employers": None}
    at = rows[firm].factorize(use_na_sentinel=False)[0]
    return {"persons": persons, "employers": min(carriers(np.bincount(at, w)) for w in weights)}


def _arrays(
    frame: pd.DataFrame, trained: str, covariates: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Return who is trained, and a constant with the covariates that add something."""
    from yuyao_lib.methods.clustered_regression import independent

    sample = draw_sample(frame, numeric=[trained, *covariates], binary=[trained])
    columns = [np.ones(len(sample.frame)), *(sample.frame[c].to_numpy() for c in covariates)]
    z = np.column_stack(columns)
    kept = sorted(independent(z, np.ones(len(z))).tolist())
    return sample.frame[trained].to_numpy(), z[:, kept]
