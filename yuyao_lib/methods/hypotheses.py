"""Tests that say their own null hypothesis, and why when they cannot be made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yuyao_lib.fields import Fielded
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["Hypotheses", "Hypothesis", "chi_square"]


@dataclass(frozen=True, slots=True)
class Hypothesis(Fielded):
    """One test.

    Attributes
    ----------
    name, null
        What the test is called and what it assumes to be true.
    statistic, df, p_value
        Its value, degrees of freedom and two-sided p-value; None if undefined.
    undefined
        Why it could not be made.
    persons, employers
        Who is on the smaller side of what is tested, where that is counted.
    """

    name: Text
    null: Text
    statistic: float | None = None
    df: int | None = None
    p_value: float | None = None
    undefined: Text | None = None
    persons: int | None = None
    employers: int | None = None

    def rejects(self, *, size: float = 0.05) -> bool | None:
        """Whether the null is rejected at a size; None if undefined."""
        return None if self.p_value is None else self.p_value < size


@dataclass(frozen=True, slots=True)
class Hypotheses:
    """Several tests of one question."""

    tests: tuple[Hypothesis, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a test."""
        import pandas as pd

        rows = [
            {
                "test": test.name.en,
                "null_hypothesis": test.null.en,
                "statistic": test.statistic,
                "df": test.df,
                "p_value": test.p_value,
                "undefined": test.undefined.en if test.undefined else "",
            }
            for test in self.tests
        ]
        return pd.DataFrame(rows)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def chi_square(name: Text, null: Text, *, values: np.ndarray, covariance: np.ndarray) -> Hypothesis:
    """Test that several quantities are all zero (Wald).

    Parameters
    ----------
    values
        Shape (k,).
    covariance
        Shape (k, k); must be positive definite, or the test is undefined.
    """
    import numpy as np
    from scipy import stats

    eigenvalues = np.linalg.eigvalsh((covariance + covariance.T) / 2)
    if len(values) == 0 or eigenvalues.min() <= 1e-12 * max(eigenvalues.max(), 1e-300):
        why = Text(
            "the covariance of the difference is not positive definite in this sample",
            "此样本中差值的协方差矩阵不是正定的",
        )
        return Hypothesis(name, null, undefined=why)
    statistic = float(values @ np.linalg.solve(covariance, values))
    df = len(values)
    return Hypothesis(name, null, statistic, df, float(stats.chi2.sf(statistic, df)))


def join(*groups: Sequence[Hypothesis]) -> Hypotheses:
    """Put tests together."""
    return Hypotheses(tuple(test for group in groups for test in group))
