"""Persons on the smaller side of a comparison: a difference says what they are like."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

__all__ = ["changers", "persons_on_smaller_side"]


def persons_on_smaller_side(
    frame: pd.DataFrame, side: str, *, worker: str | None, within: Sequence[str] = ()
) -> int:
    """Count the persons of the smaller side of a comparison.

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
    sizes = groups.size() if worker is None else groups[worker].nunique()
    return int(sizes.min()) if len(sizes) else 0


def changers(frame: pd.DataFrame, side: str, *, worker: str) -> int:
    """Count the persons who are seen on both sides: comparisons within persons rest on them.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"who": [1, 1, 2, 3], "member": [1, 0, 0, 0]})
    >>> changers(rows, "member", worker="who")
    1
    """
    seen = frame.groupby(worker, observed=True)[side]
    return int((seen.max() > seen.min()).sum())
