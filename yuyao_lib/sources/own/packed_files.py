"""Stata, SPSS and Parquet files, and whatever a DuckDB query can see."""

from __future__ import annotations

import re
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from yuyao_lib.errors import DataError
from yuyao_lib.sources.own.raw import RawTable
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_parquet", "read_query", "read_spss", "read_stata"]

ENCODINGS = ("UTF-8", "GB18030")
QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")


def read_stata(path: Path, *, encoding: str | None = None) -> RawTable:
    """Read a Stata file with its value labels; old files hold GBK bytes and no name of it.

    Raises
    ------
    DataError
        If it is no Stata file, or its texts are in no encoding that is known.
    """
    import pyreadstat

    return _labelled(pyreadstat.read_dta, path, encoding)


def read_spss(path: Path, *, encoding: str | None = None) -> RawTable:
    """Read an SPSS file with its value labels; its own missing codes become blanks.

    Raises
    ------
    DataError
        If it is no SPSS file, or its texts are in no encoding that is known.
    """
    import pyreadstat

    reader = pyreadstat.read_por if path.suffix.lower() == ".por" else pyreadstat.read_sav
    return _labelled(reader, path, encoding)


def _labelled(reader: Any, path: Path, encoding: str | None) -> RawTable:
    """Read with the first encoding that fits."""
    from pyreadstat import PyreadstatError, ReadstatError

    trouble: Exception | None = None
    for known in [encoding] if encoding else ENCODINGS:
        try:
            frame, _ = reader(str(path), encoding=known, apply_value_formats=True)
        except (ReadstatError, PyreadstatError, UnicodeDecodeError) as error:
            trouble = error
            continue
        version = f"{path.name} read as {known.lower()}"
        notes = (Text(version, f"{path.name} 按 {known.lower()} 读取"),)
        return _raw(path.name, frame, notes)
    raise DataError(f"{path.name} cannot be read: {trouble}.") from trouble


def read_parquet(path: Path) -> RawTable:
    """Read a Parquet file.

    Raises
    ------
    DataError
        If it is no Parquet file, or a part of one.
    """
    import pandas as pd
    from pyarrow import ArrowInvalid

    try:
        frame = pd.read_parquet(path)
    except (ArrowInvalid, OSError) as error:
        raise DataError(f"{path.name} is not a whole Parquet file.") from error
    return _raw(path.name, frame)


def read_query(query: str, *, folder: Path, database: str | None = None) -> RawTable:
    """Run one DuckDB SELECT that sees the folder's files and, if named, a database.

    Raises
    ------
    DataError
        If it is not one SELECT, or DuckDB refuses it.
    """
    import duckdb

    try:
        statements = duckdb.extract_statements(query)
        kinds = [str(s.type).rpartition(".")[2] for s in statements]
        if kinds != ["SELECT"]:
            raise DataError(f"a query must be one SELECT; this one holds: {', '.join(kinds)}.")
        place = str(folder / database) if database else ":memory:"
        with duckdb.connect(place, read_only=bool(database)) as connection:
            _keep_inside(connection, folder, query)
            frame = connection.execute(query).df()
    except duckdb.Error as error:
        why = str(error).splitlines()[0].rstrip(".")
        raise DataError(f"the query cannot be run: {why}.") from error
    return _raw(f"query of {database}" if database else "query", frame)


def _keep_inside(connection: Any, folder: Path, query: str) -> None:
    """Let a query read files of the folder, and neither others nor the network."""
    named = [a or b for a, b in QUOTED.findall(query)]
    inside = [n for n in named if ":" not in n and ".." not in PurePath(n).parts]
    root = str(folder.resolve())
    relative = [n for n in inside if n and not PurePath(n).is_absolute()]
    connection.execute(f"SET file_search_path = {_text(root)}")
    connection.execute(f"SET allowed_directories = [{_text(root)}]")
    connection.execute(f"SET allowed_paths = [{', '.join(map(_text, relative))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _text(words: str) -> str:
    """Write words as SQL does."""
    return "'" + words.replace("'", "''") + "'"


def _raw(name: str, frame: pd.DataFrame, notes: tuple[Text, ...] = ()) -> RawTable:
    """Number the rows, which have no lines in such files."""
    import numpy as np

    frame = frame.rename(columns=str).reset_index(drop=True)
    return RawTable(name, frame, np.arange(1, len(frame) + 1), notes)
