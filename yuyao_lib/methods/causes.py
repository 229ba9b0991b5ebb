"""Ways in which spells end, read from a column of words.

Lives here: which spells ended how. Does not live here: any estimator.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.errors import DataError, sentence
from yuyao_lib.methods.spells import Spells, read_spells
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ONE_WAY", "read_causes"]

TOPIC = "disputes"
ONE_WAY = Text(
    "no column says how they ended, so ways of ending cannot be told apart",
    "没有说明结束方式的列，无法区分结束方式",
)


def read_causes(
    frame: pd.DataFrame,
    duration: str,
    cause: str,
    still_open: Sequence[str],
    covariates: Sequence[str] = (),
    cluster: str | None = None,
) -> tuple[Spells, NDArray[np.int64], list[str]]:
    """Return the spells, each one's way as a number from 1 (0: open), and the ways' names.

    Parameters
    ----------
    frame
        One row a spell.
    duration, covariates, cluster
        As in `read_spells`.
    cause
        Column of words (or numbers) that say how a spell ended.
    still_open
        Values of `cause`, beside missing ones, that mean: had not ended when last seen.

    Examples
    --------
    >>> import pandas as pd
    >>> cases = pd.DataFrame({"days": [2, 4], "end": ["settled", None]})
    >>> spells, codes, names = read_causes(cases, "days", "end", ["open"])
    >>> codes.tolist(), names
    ([1, 0], ['settled'])
    """
    if cause not in frame.columns:
        raise DataError(sentence("unknown column", got=cause, allowed=list(frame.columns)))
    ways = frame[cause].astype("string")
    ended = ways.notna() & ~ways.isin(list(still_open)) & (ways.str.strip() != "")
    wanted = list(dict.fromkeys([duration, *covariates, *([cluster] if cluster else [])]))
    held = frame.assign(_ended=ended.fillna(value=False).astype("int64"))
    spells = read_spells(
        held, duration=duration, ended="_ended", covariates=covariates, cluster=cluster
    )
    used = ways[frame[wanted].notna().all(axis=1)].reset_index(drop=True)[spells.ended]
    names = [str(name) for name in used.value_counts(sort=True).index]
    codes: NDArray[np.int64] = np.zeros(len(spells.time), dtype="int64")
    codes[spells.ended] = [names.index(str(way)) + 1 for way in used]
    return spells, codes, names
