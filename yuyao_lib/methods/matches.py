"""Worker-employer matches: pay by match, once grades and periods are taken out within them.

Lives here: what turns a panel of workers into one row a match, and the prices of grades
that are estimated from workers whose grade changes while they stay. Does not live here:
how the variance of pay splits.
"""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.errors import DataError, sentence
from yuyao_lib.methods.adoption_periods import period_numbers, require
from yuyao_lib.methods.effective_number import effective_number
from yuyao_lib.methods.smaller_sides import carriers

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats

__all__ = ["Matches", "codes_of", "make_matches"]


@dataclass(frozen=True, slots=True)
class Matches:
    """Matches of workers and employers; arrays have shape (matches,).

    Attributes
    ----------
    worker, firm
        Numbers of the two.
    n
        Periods of the match.
    pay
        Mean log pay, less what is paid for grade and period.
    graded
        Mean of what is paid for the grade; 0 where grades are not known.
    grades, steps, step_errors
        Grades above the lowest, what each is paid over it within matches, log points, and
        standard errors clustered by match.
    step_parts
        Matches of equal weight that each step rests on: few change into a rare grade.
    step_changers, step_employers
        Persons who hold the grade for a part of a match, and employers that carry them.
    step_spread, shares
        Covariance of the steps, shape (k, k); each match's share of its periods in each
        grade above the lowest, shape (matches, k).
    total
        Variance of log pay around the periods' means.
    grade_variance
        Variance of what is paid for grades.
    rows, dropped
        Rows used, rows left out because a value was missing.
    """

    worker: np.ndarray = field(repr=False)
    firm: np.ndarray = field(repr=False)
    n: Floats = field(repr=False)
    pay: Floats = field(repr=False)
    graded: Floats = field(repr=False)
    grades: tuple[int, ...]
    steps: Floats
    step_errors: Floats
    step_parts: Floats
    step_changers: tuple[int, ...]
    step_employers: tuple[int, ...]
    step_spread: Floats = field(repr=False)
    shares: Floats = field(repr=False)
    total: float
    grade_variance: float
    rows: int
    dropped: int


def make_matches(
    frame: pd.DataFrame,
    *,
    outcome: str = "log_gross_wage",
    worker: str = "worker_id",
    employer: str = "employer_id",
    period: str = "period",
    grade: str | None = "grade",
) -> Matches:
    r"""Collapse a panel to matches, grades and periods taken out within matches.

    Within a match, :math:`y_{it} - \bar y_i = (x_{it} - \bar x_i)'\beta + e_{it}`, with x
    indicators of grades and periods. Only sums by match are needed, so that millions of
    rows take seconds: :math:`\sum_i (\sum_t x x' - n_i \bar x_i \bar x_i')`.

    Parameters
    ----------
    frame
        One row a worker, employer and period.
    outcome
        Column of log pay.
    worker, employer, period
        Columns that identify a row.
    grade
        Column of grades as numbers; None: pay is not split by grade.

    Raises
    ------
    DataError
        If a column is not there or nothing is left.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"worker_id": [1, 1, 2, 2], "employer_id": ["a", "a", "a", "b"],
    ...                      "period": [1, 2, 1, 2], "grade": [0, 1, 0, 0],
    ...                      "log_gross_wage": [1.0, 1.3, 2.0, 2.1]})
    >>> make_matches(rows).n.tolist()
    [2.0, 1.0, 1.0]
    """
    names = [outcome, worker, employer, period, *([grade] if grade else [])]
    require(frame, names)
    kept = frame[names].notna().all(axis=1).to_numpy()
    whole = bool(kept.all())
    rows = frame if whole else frame[kept]
    if rows.empty:
        raise DataError(sentence("no row has all of these columns", got=names))
    y = rows[outcome].to_numpy("float64")
    workers, firms = codes_of(rows[worker]), codes_of(rows[employer])
    key = workers.astype("int64") * (int(firms.max()) + 1) + firms
    first, match, n = np.unique(key, return_index=True, return_inverse=True, return_counts=True)[1:]
    times = codes_of(period_numbers(rows[period], name=period))
    labels, grades = _grades(rows[grade] if grade else None, len(y))
    fit = _within(y, match, n.astype("float64"), grades, times)
    paid = np.concatenate([[0.0], fit["steps"]])
    graded = np.bincount(match, weights=paid[grades]) / n
    left = fit["means"] - graded - fit["timed"]
    centred = y - np.concatenate([[0.0], fit["times"]])[times]
    held = paid[grades]
    return Matches(
        worker=workers[first], firm=firms[first], n=n.astype("float64"), pay=left, graded=graded,
        grades=labels[1:], steps=fit["steps"],
        step_errors=np.sqrt(np.clip(np.diag(fit["spread"]), 0.0, None)),
        step_parts=fit["parts"], step_spread=fit["spread"], shares=fit["shares"],
        total=float(centred.var()), grade_variance=float(held.var()),
        rows=len(y), dropped=int((~kept).sum()),
        **_changers(workers[first], firms[first], fit["shares"]),
    )  # fmt: skip


def codes_of(column: pd.Series) -> np.ndarray:
    """Number the values of a column from 0; a column of categories keeps its codes.

    Examples
    --------
    >>> import pandas as pd
    >>> codes_of(pd.Series(["b", "a", "b"])).tolist()
    [0, 1, 0]
    """
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy()
    return pd.factorize(column)[0]


def _grades(column: pd.Series | None, n: int) -> tuple[tuple[int, ...], np.ndarray]:
    """Return the grades there are, lowest first, and each row's place among them."""
    if column is None:
        return (0,), np.zeros(n, dtype="int8")
    values = column.to_numpy()
    low, high = int(values.min()), int(values.max())
    there = np.bincount((values - low).astype("int64"), minlength=high - low + 1) > 0
    place = np.cumsum(there) - 1
    labels = tuple(int(low + i) for i in np.flatnonzero(there))
    return labels, place[(values - low).astype("int64")].astype("int8")


def _within(
    y: Floats, match: np.ndarray, n: Floats, grades: np.ndarray, times: np.ndarray
) -> dict[str, Any]:
    """Estimate what grades and periods pay within matches, from sums by match."""
    size, k = int(grades.max()), int(times.max())
    total = np.zeros((size + k, size + k))
    flat = grades.astype("int64") * (k + 1) + times
    counts = np.bincount(flat, minlength=(size + 1) * (k + 1)).reshape(size + 1, k + 1)
    total[:size, :size] = np.diag(counts.sum(axis=1)[1:])
    total[size:, size:] = np.diag(counts.sum(axis=0)[1:])
    total[:size, size:], total[size:, :size] = counts[1:, 1:], counts[1:, 1:].T
    sums = np.zeros((len(n), size + k), dtype="float32")  # indicators of each match, added up
    for column, codes in ((0, grades), (size, times)):
        on = codes > 0
        places = match[on].astype("int64") * (size + k) + column + codes[on] - 1
        sums += np.bincount(places, minlength=sums.size).reshape(sums.shape).astype("float32")
    means = np.bincount(match, weights=y) / n
    inner = total - (sums.T.astype("float64") / n) @ sums
    moment = (
        np.concatenate([np.bincount(grades, weights=y)[1:], np.bincount(times, weights=y)[1:]])
        - sums.T.astype("float64") @ means
    )
    kept = np.flatnonzero(np.diag(inner) > 1e-9 * max(len(y), 1))
    beta = np.zeros(size + k)
    beta[kept] = np.linalg.lstsq(inner[np.ix_(kept, kept)], moment[kept], rcond=None)[0]
    spread = _step_spread(y, match, n, means, sums, grades, times, beta, inner, size)
    moving = ((sums[:, :size] > 0) & (sums[:, :size] < n[:, None])).any(axis=1)
    parts = _step_parts(moving[match], match, grades, times, inner, size)
    timed = sums[:, size:].astype("float64") @ beta[size:] / n
    return {"steps": beta[:size], "times": beta[size:], "spread": spread, "parts": parts,
            "means": means, "timed": timed, "shares": sums[:, :size] / n[:, None]}  # fmt: skip


def _changers(worker: np.ndarray, firm: np.ndarray, shares: np.ndarray) -> dict[str, Any]:
    """Count whose grade changes within a match: what a grade is paid rests on them alone."""
    changing = [on for on in ((shares > 0) & (shares < 1)).T]
    return {
        "step_changers": tuple(len(np.unique(worker[on])) for on in changing),
        "step_employers": tuple(carriers(np.bincount(firm[on])) for on in changing),
    }


def _step_spread(
    y: Floats, match: np.ndarray, n: Floats, means: Floats, sums: np.ndarray,
    grades: np.ndarray, times: np.ndarray, beta: Floats, inner: Floats, size: int,
) -> Floats:  # fmt: skip
    """Return the covariance of the steps of grades, clustered by match."""
    if not size:
        return np.zeros((0, 0))
    fitted = np.concatenate([[0.0], beta[:size]])[grades]
    fitted += np.concatenate([[0.0], beta[size:]])[times]
    centre = means - sums.astype("float64") @ beta / n
    left = y - fitted - centre[match]
    # residuals add up to zero in a match, so taking the match's mean of x out changes nothing
    blocks = []
    for codes, wide in ((grades, size + 1), (times, len(beta) - size + 1)):
        places = match * wide + codes
        block = np.bincount(places, weights=left, minlength=len(n) * wide).reshape(len(n), wide)
        blocks.append(block[:, 1:])
    scores = np.hstack(blocks)
    bread = np.linalg.pinv(inner)
    spread = bread @ (scores.T @ scores) @ bread
    return np.asarray(spread[:size, :size])


def _step_parts(
    moving: np.ndarray, match: np.ndarray, grades: np.ndarray, times: np.ndarray, inner: Floats,
    size: int,
) -> Floats:  # fmt: skip
    r"""Return how many matches of equal weight each step rests on, were errors all alike.

    A match's part of a step's variance is :math:`b'(\sum_t x x' - n \bar x \bar x')b` with b
    the step's row of the inverse; their effective number is what Satterthwaite's degrees of
    freedom come from. Only matches whose grade changes bear on a step by more than periods.
    """
    bread, on = np.linalg.pinv(inner), np.flatnonzero(moving)
    who = np.unique(match[on], return_inverse=True)[1]
    n, found = np.maximum(np.bincount(who), 1), []
    for row in bread[:size]:
        held = np.concatenate([[0.0], row[:size]])[grades[on]]
        held += np.concatenate([[0.0], row[size:]])[times[on]]
        square = np.bincount(who, weights=held**2) - np.bincount(who, weights=held) ** 2 / n
        found.append(effective_number(np.maximum(square, 0.0)))
    return np.array(found)
