"""The persons and employers of own tables, kept so that releases can be compared.

Lives here: turning a column of ids, and what the rows say of each, into what
`findings.people` compares. Does not live here: any id or value; what is made cannot be
turned back.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yuyao_lib.findings import Mode
from yuyao_lib.findings.members import Members
from yuyao_lib.findings.people import COUNTS, PARTS, PLACES, WITH_ROWS, WORD, PeopleSet
from yuyao_lib.sources.panels import PANEL, tables_behind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np
    import pandas as pd

    from yuyao_lib.sources.dataset import Dataset

__all__ = ["note_counts", "note_people", "people_behind", "people_noted", "people_set", "rows_set"]

# whom a table is about, by the first of these that it has
COLUMNS = {
    "persons": ("worker_id", "household_id", "cadre_id", "apprentice_id"),
    "employers": ("employer_id", "union_id"),
}
KEY = "yuyao released 1"  # sixteen characters: the same id is the same word in every run
_noted: dict[tuple[str, tuple[str, ...]], tuple[PeopleSet, ...]] = {}
_opened: list[tuple[tuple[str, tuple[str, ...]], Dataset]] = []
_counts: dict[PeopleSet, None] = {}  # those behind single counts


def people_set(ids: pd.Series, *, table: str, of: str) -> PeopleSet:
    """Return what is kept of a column of ids.

    Examples
    --------
    >>> import pandas as pd
    >>> from yuyao_lib.findings.people import left_over
    >>> all_, some = (people_set(pd.Series(range(n)), table="pay", of="persons") for n in (50, 47))
    >>> all_.size, left_over([(1, all_), (-1, some)], most=9)
    (50, 3)
    """
    import pandas as pd

    return _kept(_words(pd.Series(ids.dropna().unique())), table=table, of=of)


def rows_set(
    frame: pd.DataFrame, column: str, *, table: str, of: str, words: np.ndarray | None = None
) -> PeopleSet:
    """Return what is kept of a table's ids and of what its rows say of each.

    An id is in it twice: by itself, and with its rows. So of two tables twice as many are
    left as there are ids in one of them only, or of which they say different things.

    Parameters
    ----------
    frame
        The table; the order of its rows and columns does not matter.
    column
        Of ids.
    table, of
        As in `PeopleSet`.
    words
        What each row says, where that is known already.

    Examples
    --------
    >>> import pandas as pd
    >>> from yuyao_lib.findings.people import left_over
    >>> may = pd.DataFrame({"worker_id": range(50), "pay": 3000.0})
    >>> june = may.assign(pay=may["pay"] + 500 * (may["worker_id"] < 3))
    >>> sets = [rows_set(f, "worker_id", table="pay", of="persons") for f in (may, june)]
    >>> left_over([(1, sets[0]), (-1, sets[1])], most=9)
    6
    """
    import numpy as np
    import pandas as pd

    codes, ids = pd.factorize(frame[column])
    there = codes >= 0
    said: Any = np.zeros(len(ids), dtype="uint64")
    np.add.at(said, codes[there], (_said(frame) if words is None else words)[there])
    who = _words(pd.Series(ids))
    return _kept(np.concatenate([who, _mixed(who ^ said)]), table=table, of=of)


def _said(frame: pd.DataFrame) -> np.ndarray:
    """Return a 64-bit word for what each row says, the same whatever a column is stored as."""
    import numpy as np
    import pandas as pd

    whole: Any = np.zeros(len(frame), dtype="uint64")
    for name in sorted(frame):
        values = frame[name]
        if pd.api.types.is_numeric_dtype(values):
            plain = values.to_numpy(dtype="float64", na_value=np.nan)
            words = pd.util.hash_array(plain + 0.0, categorize=False)
        else:
            codes, known = pd.factorize(values, use_na_sentinel=False)
            words = _words(pd.Series(known))[codes]
        whole = _mixed(whole ^ words)
    return whole


def _words(values: pd.Series) -> np.ndarray:
    """Return a 64-bit word for each value, the same for the same value in every run."""
    import pandas as pd

    plain = values.astype(str).to_numpy(dtype=object)
    return pd.util.hash_array(plain, hash_key=KEY, categorize=False)


def _kept(words: np.ndarray, *, table: str, of: str) -> PeopleSet:
    """Return the places that words are put in."""
    import numpy as np

    at, checks = _mixed(words), _mixed(words ^ np.uint64(WORD))
    cells = []
    for part in range(PARTS):
        place = ((at >> np.uint64(16 * part)) % np.uint64(1 << 16) % np.uint64(PLACES)).astype(int)
        sums: list[np.ndarray] = [np.zeros(PLACES, dtype="uint64") for _ in range(2)]
        np.add.at(sums[0], place, words)
        np.add.at(sums[1], place, checks)
        counts = np.bincount(place, minlength=PLACES)
        rows = zip(counts.tolist(), sums[0].tolist(), sums[1].tolist(), strict=True)
        cells += list(rows)
    return PeopleSet(table=table, of=of, size=len(words), cells=tuple(cells))


def _mixed(words: np.ndarray) -> np.ndarray:
    """Return 64-bit words mixed as `findings.people.mixed` does."""
    import numpy as np

    made = words + np.uint64(0x9E3779B97F4A7C15)
    made = (made ^ (made >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    made = (made ^ (made >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return made ^ (made >> np.uint64(31))


def note_people(data: Dataset, frames: Mapping[str, pd.DataFrame]) -> None:
    """Keep, for the end of a report, who stands in the tables of own data it shows.

    Also what the tables say of each, for a mean of the same persons tells whose pay changed.
    """
    if data.mode is not Mode.OWN:
        return
    place = data.name, tuple(file.sha256 for file in data.card.files)
    _opened.append((place, data))
    if place not in _noted:
        _noted[place] = tuple(
            one for table, frame in frames.items() if table != PANEL for one in _sets(table, frame)
        )


def _sets(table: str, frame: pd.DataFrame) -> list[PeopleSet]:
    """Return who stands in a table, alone and with what it says of them."""
    about = {of: next((c for c in names if c in frame), None) for of, names in COLUMNS.items()}
    words = _said(frame) if any(about.values()) else None
    made = []
    for of, column in about.items():
        if column is not None:
            made.append(people_set(frame[column], table=table, of=of))
            made.append(rows_set(frame, column, table=table, of=WITH_ROWS[of], words=words))
    return made


def note_counts(data: Dataset, shown: Iterable[Members]) -> None:
    """Keep, for the end of a report, who stands behind counts of own data that it shows."""
    if data.mode is Mode.OWN:
        _counts.update(dict.fromkeys(map(people_behind, shown)))


def people_behind(members: Members) -> PeopleSet:
    """Return the persons of a count, or the unions; each with the rows that are counted.

    Two counts of one person at other times have nobody in common, one of a year and one of
    a part of those who were there that year have that part.
    """
    import numpy as np
    import pandas as pd

    held, used = members.universe, members.used
    people = held.employers if held.persons is None else held.persons
    who, place = np.unique(people[used], return_inverse=True)
    rows: Any = np.zeros(len(who), dtype="uint64")
    np.add.at(rows, place, held.rows[used])
    ids = pd.Series(_mixed(who) ^ rows)
    of = "employers" if held.persons is None else "persons"
    return people_set(ids, table=f"{COUNTS}{held.kind.replace('_', '-')}", of=of)


def people_noted(paths: Sequence[Path]) -> tuple[PeopleSet, ...]:
    """Return who stands in the own tables that this process read and showed something of.

    Parameters
    ----------
    paths
        Opened again where nothing was shown in this process, as when a kernel of its own
        ran the cells; who stands behind single counts is then not known.
    """
    if not _noted and paths:
        from yuyao_lib.sources.own import open_own

        for path in paths:
            data = open_own(path)
            note_people(data, {name: data.frame(name) for name in data.tables if name != PANEL})
    used: dict[Any, set[str]] = {}
    for place, data in _opened:
        panel = tables_behind(data.used[PANEL]) if PANEL in data.used else set()
        used.setdefault(place, set()).update(data.used, panel)
    held = (one for place, sets in _noted.items() for one in sets if one.table in used[place])
    return (*held, *_counts)
