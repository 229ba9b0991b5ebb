"""How many equal parts parts of different weight are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["effective_number"]


def effective_number(weights: NDArray) -> float:
    r"""Return the number of parts of equal weight that a weighted mean rests on.

    .. math:: (\sum_g w_g)^2 / \sum_g w_g^2

    Less one it is what the variance of the mean has for degrees of freedom.

    Parameters
    ----------
    weights
        One a part (firm, cluster, person), not negative, in any unit.

    Returns
    -------
    float
        From 1, where one part has all the weight, to the number of parts; 0 without weight.

    References
    ----------
    Kish, L. (1965). *Survey Sampling*. Satterthwaite, F. E. (1946). An approximate
    distribution of estimates of variance components. *Biometrics Bulletin* 2, 110-114.
    Carter, A. V., Schnepel, K. T. and Steigerwald, D. G. (2017). Asymptotic behavior of a
    t-test robust to cluster heterogeneity. *Review of Economics and Statistics* 99, 698-709.

    Examples
    --------
    >>> import numpy as np
    >>> effective_number(np.array([1.0, 1.0, 2.0, 0.0]))
    2.6666666666666665
    """
    square = float(weights @ weights)
    return float(weights.sum() ** 2 / square) if square > 0 else 0.0
