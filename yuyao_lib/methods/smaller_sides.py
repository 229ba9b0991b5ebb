"""Who stands on the smaller side of a comparison: a difference says what they are like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from yuyao_lib.findings import Rules
from yuyao_lib.findings.dominance import dominated

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

__all__ = [
    "EMPLOYER",
    "NOBODY",
    "PERSONS",
    "Behind",
    "Counts",
    "carriers",
    "changers",
    "employers_of",
    "fewest_of",
    "persons_on_smaller_side",
    "rarest",
    "who_changes",
    "who_is_on_smaller_side",
]

EMPLOYER = "employer_id"
Counts: TypeAlias = dict[str, Any]  # the fields persons and employers of an estimate

PERSONS = {"workers", "members", "persons", "town_workers"}  # weights that count persons


@dataclass(frozen=True, slots=True)
class Behind:
    """Who stands behind an effect, on the smaller side of its comparison.

    Attributes
    ----------
    clusters
        Groups that carry it: no more than the few largest where these dominate.
    persons
        Persons in a period, where the weights of the panel count them; else None.
    """

    clusters: int
    persons: int | None = None


NOBODY = Behind(0, 0)


def persons_on_smaller_side(
    frame: pd.DataFrame, side: str, *, worker: str | None, within: Sequence[str] = ()
) -> int:
    """Count the persons of the smaller side of a comparison; who dominates a side carries it.

    Parameters
    ----------
    frame
        Rows used.
    side
        Column of 0 and 1.
    worker
        Column of persons; None where every row is one.
    within
        Columns in each of whose cells the sides are compared; the smallest cell counts.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"who": [1, 1, 2, 3], "member": [1, 1, 0, 0]})
    >>> persons_on_smaller_side(rows, "member", worker="who")
    1
    """
    groups = frame.groupby([*within, side], observed=True)
    sizes = groups.size() if worker is None else groups[worker].agg(_carrying)
    return int(sizes.min()) if len(sizes) else 0


def _carrying(who: pd.Series) -> int:
    """Count the persons that carry some rows, one by one or few for all."""
    return carriers(who.value_counts(sort=False).to_numpy())


def carriers(weights: np.ndarray) -> int:
    """Count the employers, or persons, that carry a mean; of one dominated the largest alone.

    Parameters
    ----------
    weights
        What each weighs in the mean, such as workers or rows; those of none count not.

    Examples
    --------
    >>> import numpy as np
    >>> carriers(np.array([30, 0, 20, 25])), carriers(np.array([900, 20, 10, 10]))
    (3, 2)
    """
    weighing = weights[weights > 0]
    rules = Rules()
    few = rules.dominance_n if dominated(weighing.tolist(), rules) else len(weighing)
    return min(int(few), len(weighing))


def rarest(parts: Iterable[np.ndarray]) -> int | None:
    """Return how many have, or have not, a trait of 0 and 1, in the part where they are fewest.

    None where the values are others, or a part is empty.

    Examples
    --------
    >>> import numpy as np
    >>> rarest([np.array([0, 0, 1]), np.array([1, 1, 1, 0, 0])]), rarest([np.array([7, 1])])
    (1, None)
    """
    held = [np.asarray(values, dtype="float64") for values in parts]
    if not all(len(values) and np.isin(values, (0, 1)).all() for values in held):
        return None
    return min(int(min(values.sum(), (1 - values).sum())) for values in held)


def changers(frame: pd.DataFrame, side: str, *, worker: str) -> int:
    """Count the persons who are seen on both sides: comparisons within persons rest on them.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"who": [1, 1, 2, 3], "member": [1, 0, 0, 0]})
    >>> changers(rows, "member", worker="who")
    1
    """
    return len(_changers(frame, side, worker))


def who_is_on_smaller_side(frame: pd.DataFrame, side: str, *, worker: str | None) -> Counts:
    """Count persons and employers of the smaller side of a comparison, for an estimate.

    Employers are None where the rows name none; one that dominates a side carries it.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"who": [1, 1, 2, 3], "member": [1, 1, 0, 0],
    ...                      "employer_id": ["a", "b", "a", "b"]})
    >>> who_is_on_smaller_side(rows, "member", worker="who")
    {'persons': 1, 'employers': 2}
    """
    few = persons_on_smaller_side(frame, side, worker=worker)
    return {"persons": few, "employers": _employers(frame, frame[side])}


def who_changes(frame: pd.DataFrame, side: str, *, worker: str) -> Counts:
    """Count those who are seen on both sides, and their employers.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"who": [1, 1, 2, 3], "member": [1, 0, 0, 0]})
    >>> who_changes(rows, "member", worker="who")
    {'persons': 1, 'employers': None}
    """
    changing = _changers(frame, side, worker)
    rows = frame[frame[worker].isin(changing)]
    return {"persons": len(changing), "employers": _employers(rows, rows[side])}


def employers_of(frame: pd.DataFrame) -> int | None:
    """Count the employers that carry some rows; None where the rows name none."""
    return carriers(frame[EMPLOYER].value_counts().to_numpy()) if EMPLOYER in frame else None


def fewest_of(sides: Iterable[Counts]) -> Counts:
    """Return the fewest persons and employers of some counts, those not known left out.

    Examples
    --------
    >>> fewest_of([{"persons": 4, "employers": None}, {"persons": 9, "employers": 2}])
    {'persons': 4, 'employers': 2}
    """
    held = list(sides)
    return {
        of: min((n for side in held if (n := side[of]) is not None), default=None)
        for of in ("persons", "employers")
    }


def _changers(frame: pd.DataFrame, side: str, worker: str) -> pd.Index:
    """Return the persons who are seen on both sides."""
    seen = frame.groupby(worker, observed=True)[side]
    both = seen.max() > seen.min()
    return both.index[both]


def _employers(frame: pd.DataFrame, side: pd.Series) -> int | None:
    """Count the employers that carry the smaller side."""
    if EMPLOYER not in frame:
        return None
    return min((employers_of(rows) or 0 for _, rows in frame.groupby(side.to_numpy())), default=0)
