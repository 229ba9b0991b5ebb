"""From a mapping and its files to checked tables; everything wrong is said at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from yuyao_lib import schema
from yuyao_lib.errors import DataError, sentence
from yuyao_lib.progress import watched
from yuyao_lib.sources.card import FileDigest, digest_file
from yuyao_lib.sources.own.columns import read_column
from yuyao_lib.sources.own.faults import TWICE, Loaded, Part, problem_of, sound
from yuyao_lib.sources.own.keys import find_key, keyed
from yuyao_lib.sources.own.mapping import ColumnMap, Mapping, Source
from yuyao_lib.sources.own.months import MONTH, full_months, to_quarters
from yuyao_lib.sources.own.numerals import read_number
from yuyao_lib.sources.own.raw import RawTable, is_blank
from yuyao_lib.sources.own.readers import read_source
from yuyao_lib.sources.validation import validate_links
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["Loaded", "load"]

SHOWN = 10
DIFFER = Text("one key with different values in its rows", "同一主键的各行取值不同")
ODD_LEVEL = 20.0  # an employer's median this many times the others': yuan or fen?


def load(mapping: Mapping, folder: Path) -> Loaded:
    """Read every table of a mapping; nothing is raised for bad cells, all is listed.

    Parameters
    ----------
    mapping
        What is where.
    folder
        Folder of the files.

    Raises
    ------
    DataError
        If there is no key to replace ids with.
    """
    loaded, key = Loaded(), find_key()
    for table, sources in watched(mapping.tables.items(), what="tables", total=len(mapping.tables)):
        parts: list[Part] = []
        for source in sources:
            try:
                parts.append(_part(folder, table, source, loaded, key))
            except DataError as error:
                loaded.problems.append(f"{table}: {error}")
        if parts:
            loaded.frames[table] = _joined(parts, table, sources, loaded)
    if loaded.ok:
        for problem in validate_links(loaded.frames).problems:
            n, where = problem.n_rows, f"{problem.table}.{problem.column}"
            words = Text(
                f"{where}: {n:,} rows point to no row of {problem.allowed.split()[-1]}",
                f"{where}：{n:,} 行所引用的编号在 {problem.allowed.split()[-1]} 中不存在",
            )
            loaded.notes.append(words)
    return loaded


def _note_file(loaded: Loaded, path: Path | None, rows: int) -> None:
    """Remember what was read, once a file."""
    if path is None or any(file.name == path.name for file in loaded.files):
        return
    loaded.files.append(FileDigest(path.name, keyed(digest_file(path)), rows, keyed=True))


def _part(folder: Path, table: str, source: Source, loaded: Loaded, key: bytes) -> Part:
    """Read the mapped columns of one source; unmapped ones never enter."""
    import numpy as np
    import pandas as pd

    raws = []
    for raw, path in read_source(source, folder):
        _note_file(loaded, path, len(raw.frame))
        loaded.notes += raw.notes
        loaded.set_aside.update({f"{table}: {why}": n for why, n in raw.set_aside.items()})
        raws.append(raw)
    cells = pd.concat([_filled(raw, source) for raw in raws], ignore_index=True)
    names: np.ndarray = np.repeat([raw.name for raw in raws], [len(raw.frame) for raw in raws])
    part = Part(cells, np.concatenate([raw.lines for raw in raws]), names)
    columns = {
        name: read_column(_cells(part, how), schema.table(table)[name], how, key=key)
        for name, how in source.columns.items()
    }
    frame = pd.DataFrame({name: column.values for name, column in columns.items()})
    for name, column in columns.items():
        loaded.notes += column.notes
        if column.months is not None and name == "quarter":
            frame[MONTH] = column.months
    if source.days is not None:
        frame = full_months(frame, _days(part, source), full_days=source.full_days)
    return sound(replace(part, frame=frame), cells, table, source, columns, loaded)


def _filled(raw: RawTable, source: Source) -> pd.DataFrame:
    """Repeat merged cells downwards in the columns that were named."""
    wanted = [how.from_ for how in source.columns.values() if how.from_] + source.fill_down
    wanted += [source.days] if source.days else []
    names = list(raw.frame.columns)
    for header in dict.fromkeys(wanted):
        if header in {"@sheet", "@file"}:
            continue
        if header not in names:
            raise DataError(
                sentence(
                    f"{raw.name} has no column of this name",
                    got=header,
                    allowed=[n for n in names if n],
                )
            )
        if names.count(header) > 1:
            raise DataError(f"{raw.name} has {names.count(header)} columns named {header!r}.")
    frame = raw.frame.loc[:, list(dict.fromkeys(h for h in wanted if h in names))]
    blank = {c: frame[c].map(is_blank) for c in source.fill_down}
    return frame.assign(**{c: frame[c].mask(blank[c]).ffill() for c in source.fill_down})


def _cells(part: Part, how: ColumnMap) -> pd.Series:
    """Return the cells of a column: of a header, of the file's name, or one value."""
    import pandas as pd

    if how.from_ == "@sheet":
        values = [name.partition(" [")[2].rstrip("]") for name in part.names]
    elif how.from_ == "@file":
        values = [Path(name.partition(" [")[0]).stem for name in part.names]
    elif how.from_ is not None:
        return part.frame[how.from_]
    else:
        values = [how.value] * len(part.frame)
    return pd.Series(values, index=part.frame.index, dtype=object)


def _days(part: Part, source: Source) -> np.ndarray:
    """Read the days paid; a blank means a full month."""
    import numpy as np

    cells = part.frame[str(source.days)]
    days = [source.full_days if is_blank(c) else read_number(c) for c in cells]
    bad = [int(line) for line, d in zip(part.lines, days, strict=True) if not isinstance(d, float)]
    if bad:
        raise DataError(f"days paid ({source.days}) cannot be read in lines {bad[:SHOWN]}.")
    return np.array(days, dtype=float)


def _joined(parts: list[Part], table: str, sources: list[Source], loaded: Loaded) -> pd.DataFrame:
    """Put the parts together; keys must be unique before months become quarters."""
    import numpy as np
    import pandas as pd

    frame = pd.concat([part.frame for part in parts], ignore_index=True)
    whole = Part(
        frame,
        np.concatenate([part.lines for part in parts]),
        np.concatenate([part.names for part in parts]),
    )
    distinct = any(source.distinct for source in sources)
    if distinct:
        whole = whole.only(~frame.duplicated(keep="first").to_numpy())
    frame = whole.frame.reset_index(drop=True)
    declared = schema.table(table)
    key = [*declared.key, *([MONTH] if MONTH in frame else [])]
    if set(key) <= set(frame.columns):
        twice = (frame.duplicated(key, keep=False) & frame[key].notna().all(axis=1)).to_numpy()
        if twice.any():
            what, names = DIFFER if distinct else TWICE, " + ".join(declared.key)
            first, rule = declared[declared.key[0]], "one row for each key"
            found = problem_of(whole, table, first, what, twice, allowed=rule, name=names)
            loaded.problems.append(found)
    if table != "worker_quarters" or not loaded.ok:
        return frame.drop(columns=MONTH, errors="ignore")
    if MONTH in frame:
        frame, notes = to_quarters(frame)
        loaded.notes += notes
    loaded.notes += _odd_employers(frame)
    return frame


def _odd_employers(frame: pd.DataFrame) -> list[Text]:
    """Count employers whose pay is of another order than the others'."""
    if not {"gross_wage", "employer_id"} <= set(frame.columns):
        return []
    medians = frame.groupby("employer_id")["gross_wage"].median()
    ratio = medians / medians.median()
    n = int(((ratio > ODD_LEVEL) | (ratio < 1 / ODD_LEVEL)).sum())
    if not n:
        return []
    return [
        Text(
            f"pay of {n} employers is over {ODD_LEVEL:.0f} times above or below that of the"
            " others: yuan or fen?",
            f"{n} 个单位的工资比其他单位高或低 {ODD_LEVEL:.0f} 倍以上：元还是分？",
        )
    ]
