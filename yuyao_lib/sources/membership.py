"""Rows behind counts of own data as numbers, and the groups that counts tell apart.

Lives here: turning rows and masks into `Members`, and members of several counts into atoms.
Does not live here: what may be worked out from them (`sources.algebra`), what is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from yuyao_lib.findings import Rules
from yuyao_lib.findings.members import Members, Universe
from yuyao_lib.sources.algebra import Atom

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["atoms_of", "keep_members", "universe_of"]

PERSON, EMPLOYER, UNION, CASE = "worker_id", "employer_id", "union_id", "dispute_id"
TIMES = ("quarter", "calendar_year", "year", "period", "month")
NONE_CARRIES = 400  # persons of whom none carries the rest, seen twenty years a month at most
_kept: list[bool] = []


def keep_members() -> None:
    """From now on keep which rows are counted: own tables were opened in this process."""
    _kept[:] = [True]


def universe_of(frame: pd.DataFrame, labels: pd.Index | None = None) -> Universe | None:
    """Return the rows of a frame as numbers, None where nobody needs them.

    A row is a person (a union) at a time, or a dispute, whatever else the frame says of it.

    Parameters
    ----------
    frame
        With ``worker_id``, ``union_id`` or ``dispute_id``; ``employer_id`` and times where it
        has them, and ``members`` of a union. A dispute counts as a person.
    labels
        Of its rows that are used; all when not given.

    Examples
    --------
    >>> import pandas as pd
    >>> keep_members()
    >>> rows = pd.DataFrame({"worker_id": ["a", "a", "b"], "quarter": ["Q1", "Q2", "Q1"]})
    >>> found = universe_of(rows)
    >>> found.kind, len(set(found.rows.tolist())), len(set(found.persons.tolist()))
    ('person_times', 3, 2)
    """
    key = next((name for name in (PERSON, UNION, CASE) if name in frame), None)
    if not _kept or key is None or not frame.index.is_unique:
        return None
    named = [name for name in (key, EMPLOYER, "members", *TIMES) if name in frame]
    frame = frame[named] if labels is None else frame.loc[labels, named]
    who = _numbers(frame[key])
    rows = who.copy()
    for name in TIMES:
        if name in frame:
            rows = rows * rows.dtype.type(0x9E3779B97F4A7C15) ^ _numbers(frame[name])
    employers = _numbers(frame[EMPLOYER]) if EMPLOYER in frame else None
    if key != UNION:
        kind = "person_times" if key == PERSON else "disputes"
        return Universe(kind, rows, persons=who, employers=employers)
    sizes = frame["members"].to_numpy("int64") if "members" in frame else None
    return Universe("union_times", rows, employers=who, sizes=sizes)


def _numbers(column: pd.Series) -> np.ndarray:
    """Return a 64-bit number for each value, the same for the same value in any frame."""
    import pandas as pd

    codes, values = pd.factorize(column, use_na_sentinel=False)
    text = pd.Series(values).astype(str).to_numpy(dtype=object)
    return pd.util.hash_array(text, categorize=False)[codes]


def atoms_of(every: Sequence[Members]) -> tuple[list[list[int]], list[Atom]]:
    """Return which groups of rows the sets tell apart, and which of them each set holds.

    Parameters
    ----------
    every
        Sets of rows of one kind.

    Returns
    -------
    tuple
        For each set 1 or 0 for each atom; the atoms. Rows in no set are no atom.
    """
    import numpy as np

    ids = [np.unique(m.universe.rows[m.used]) for m in every]
    whole = np.unique(np.concatenate(ids))
    draw = np.random.default_rng(0)
    marks: Any = np.zeros(len(whole), dtype="uint64")
    inside = []
    for held in ids:
        mask: Any = np.zeros(len(whole), dtype=bool)
        mask[np.searchsorted(whole, held)] = True
        inside.append(mask)
        marks[mask] += draw.integers(1, 1 << 63, dtype="uint64")
    found: Any = np.unique(marks, return_index=True, return_inverse=True)
    _, first, atom = found
    sets = [mask[first].astype(int).tolist() for mask in inside]
    return sets, _atoms(every, whole, atom, len(first))


def _atoms(every: Sequence[Members], whole: Any, atom: Any, number: int) -> list[Atom]:
    """Say who is in each atom, of many persons no more than are needed to be safe."""
    import numpy as np

    rules = Rules()
    sizes = _each_row(every, whole, "sizes")
    weights: Any = np.ones(len(whole)) if sizes is None else sizes.astype("float64")
    more: Any = np.zeros(number, dtype="int64")
    if sizes is not None:
        np.add.at(more, atom, sizes)
    held = {}
    for what in ("persons", "employers"):
        codes = _each_row(every, whole, what)
        held[what] = None if codes is None else _loads(atom, codes, weights, number)
    people, firms = held["persons"], held["employers"]
    made = []
    for a in range(number):
        who: dict[int, float] = {} if people is None else people[a]
        where: dict[int, float] = {} if firms is None else firms[a]
        some = frozenset(islice(who, rules.persons))
        made.append(
            Atom(some, None if firms is None else frozenset(islice(where, rules.clusters)),
                 int(more[a]), who if len(who) < NONE_CARRIES else {}, where)
        )  # fmt: skip
    return made


def _each_row(every: Sequence[Members], whole: Any, what: str) -> Any:
    """Return a number for each row of any set; None where one of the sets does not say it."""
    import numpy as np

    parts = [getattr(m.universe, what) for m in every]
    if any(part is None for part in parts):
        return None
    made: Any = np.zeros(len(whole), dtype=parts[0].dtype)
    for members, part in zip(every, parts, strict=True):
        made[np.searchsorted(whole, members.universe.rows[members.used])] = part[members.used]
    return made


def _loads(atom: Any, codes: Any, weights: Any, number: int) -> list[dict[int, float]]:
    """Return for each atom what each code of its rows adds to it."""
    import numpy as np

    found: Any = np.unique(codes, return_inverse=True)
    values, place = found
    pairs: Any = np.unique(atom.astype("int64") * len(values) + place, return_inverse=True)
    pair, at = pairs
    sums = np.bincount(at, weights=weights, minlength=len(pair))
    made: list[dict[int, float]] = [{} for _ in range(number)]
    every = zip((pair // len(values)).tolist(), values[pair % len(values)].tolist(), sums.tolist(),
                strict=True)  # fmt: skip
    for a, code, load in every:
        made[a][code] = load
    return made
