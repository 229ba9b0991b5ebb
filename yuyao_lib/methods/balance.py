"""Are the trained like the untrained? Means and standardised differences, also after weighting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.methods.propensity import NO_OVERLAP, fit_scores, separated
from yuyao_lib.methods.samples import draw_sample
from yuyao_lib.methods.smaller_sides import rarest
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Balance", "BalanceRow", "balance"]

TOPIC = "training"
LIMIT = 0.1  # Austin 2009: a standardised difference beyond this is taken as imbalance


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One covariate on both sides.

    Attributes
    ----------
    covariate
        Its column.
    trained, untrained
        Means.
    weighted
        Mean of the untrained weighted by the odds of the score; None without a score.
    difference, weighted_difference
        Difference in means over the trained's standard deviation, before and after.
    variance_ratio
        Variance among the trained over variance among the untrained.
    rarest
        Of a covariate of 0 and 1: fewest persons of a side on one side of it; None of others.
    """

    covariate: str
    trained: float
    untrained: float
    weighted: float | None
    difference: float | None
    weighted_difference: float | None
    variance_ratio: float | None
    rarest: int | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """Every covariate on both sides.

    Attributes
    ----------
    rows
        One a covariate.
    n_trained, n_untrained
        Persons.
    undefined
        Why there are no weights; None when there are.
    """

    rows: tuple[BalanceRow, ...]
    n_trained: int
    n_untrained: int
    undefined: Text | None = None

    @property
    def worst(self) -> float | None:
        """Largest standardised difference that remains after weighting."""
        left = [abs(r.weighted_difference) for r in self.rows if r.weighted_difference is not None]
        return max(left) if left else None

    def to_frame(self) -> pd.DataFrame:
        """Return one row a covariate."""
        import pandas as pd

        names = [name for name in BalanceRow.__slots__ if name != "rarest"]
        return pd.DataFrame([{n: getattr(r, n) for n in names} for r in self.rows])


def balance(frame: pd.DataFrame, *, trained: str = "trained", covariates: Sequence[str]) -> Balance:
    """Compare covariates of both sides, before and after weighting by the score.

    Parameters
    ----------
    frame
        One row a person.
    trained
        Column of 0 and 1.
    covariates
        Columns of numbers measured before training.

    Raises
    ------
    DataError
        If a column cannot be used.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> men = yuyao.open("nsw").frame("workers")
    >>> found = balance(men, covariates=["age_years", "education_years"])
    >>> found.n_trained, found.n_untrained, round(found.rows[0].difference, 2)
    (185, 260, 0.11)
    """
    sample = draw_sample(frame, numeric=[trained, *covariates], binary=[trained])
    d = sample.frame[trained].to_numpy()
    x = sample.frame[list(covariates)].to_numpy()
    n = int(d.sum())
    odds, why = _odds(d, x) if 0 < n < len(d) else (None, NO_OVERLAP)
    rows = tuple(_row(name, x[:, i], d, odds) for i, name in enumerate(covariates))
    return Balance(rows, n, len(d) - n, why)


def _odds(d: np.ndarray, x: np.ndarray) -> tuple[np.ndarray | None, Text | None]:
    """Return the weights of the untrained, or why there are none."""
    from yuyao_lib.methods.clustered_regression import independent

    z = np.column_stack([np.ones(len(d)), x])
    z = z[:, sorted(independent(z, np.ones(len(z))).tolist())]
    if separated(d, z):
        return None, NO_OVERLAP
    p = fit_scores(d, z)
    return (p / (1 - p))[d == 0], None


def _row(name: str, values: np.ndarray, d: np.ndarray, odds: np.ndarray | None) -> BalanceRow:
    """Compare one covariate."""
    one, other = values[d == 1], values[d == 0]
    spread = float(one.std(ddof=1)) if len(one) > 1 else 0.0
    means = [float(side.mean()) if len(side) else 0.0 for side in (one, other)]
    weighted = None if odds is None else float(np.average(other, weights=odds))
    there = spread > 0 and len(other) > 0
    lesser = float(other.var(ddof=1)) if len(other) > 1 else 0.0
    return BalanceRow(
        name, means[0], means[1], weighted,
        (means[0] - means[1]) / spread if there else None,
        (means[0] - weighted) / spread if there and weighted is not None else None,
        spread**2 / lesser if lesser > 0 else None,
        rarest((one, other)),
    )  # fmt: skip
