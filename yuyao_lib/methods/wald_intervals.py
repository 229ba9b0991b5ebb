"""The symmetric interval of an estimate and its standard error, and the test of no effect.

One place decides what an error of zero means: no certainty. A sample whose errors vanish
(one firm, rows all alike, as many parameters as rows) tells nothing of its own spread, so
the value stands alone.
"""

from __future__ import annotations

import math
from typing import Any

__all__ = ["wald"]


def wald(
    value: float,
    error: float,
    *,
    level: float,
    df: float | None = None,
    tested: bool = True,
    published: float | None = None,
) -> dict[str, Any]:
    """Return the fields of an estimate that its value and standard error decide.

    Parameters
    ----------
    value, error
        The estimate and its standard error, in the same unit.
    level
        Coverage of the interval.
    df
        Degrees of freedom of Student's t, at least one is used; None for the normal
        distribution.
    tested
        Whether "nothing" is a value of zero, so that a p-value means something.
    published
        Standard error to tell where the source of a method has a smaller one than interval and
        test should rest on; None: `error` itself.

    Returns
    -------
    dict
        ``estimate``, ``standard_error``, ``low``, ``high`` and, if `tested`, ``p_value``
        (two-sided); all but the first are None where the error is zero or unknown.

    References
    ----------
    Wald, A. (1943). Tests of statistical hypotheses concerning several parameters.
    *Transactions of the American Mathematical Society* 54, 426-482.

    Examples
    --------
    >>> {name: round(number, 3) for name, number in wald(0.1, 0.05, level=0.95).items()}
    {'estimate': 0.1, 'standard_error': 0.05, 'low': 0.002, 'high': 0.198, 'p_value': 0.046}
    >>> wald(0.1, 0.0, level=0.95, tested=False)
    {'estimate': 0.1, 'standard_error': None, 'low': None, 'high': None}
    """
    from scipy import special

    value, error = float(value), float(error)
    known = error > 0 and math.isfinite(error)
    # what scipy.stats calls too: a page takes hundreds of intervals, of many df
    freedom = math.inf if df is None else float(max(df, 1))
    reach = float(special.stdtrit(freedom, (1 + level) / 2)) * error
    told = error if published is None else float(published)
    limits = (told or None, value - reach, value + reach) if known else (None, None, None)
    fields: dict[str, Any] = dict(zip(("standard_error", "low", "high"), limits, strict=True))
    if tested:
        fields["p_value"] = (
            float(2 * special.stdtr(freedom, -abs(value) / error)) if known else None
        )
    return {"estimate": value, **fields}
