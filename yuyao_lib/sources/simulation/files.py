"""Parquet files of a register: written the same way every time, opened by columns."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from yuyao_lib import schema
from yuyao_lib.errors import DataError, ModeError, sentence
from yuyao_lib.findings import Mode
from yuyao_lib.schema import SIMULATED_PREFIX

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "MANIFEST",
    "file_of",
    "frame_of",
    "loader",
    "read_manifest",
    "refuse_other_ids",
    "write_table",
]

MANIFEST = "register.json"

LONGEST_LIST = 2**27  # bytes; the list of all worker ids must not be cut
STAMP = {
    b"yuyao.mode": Mode.SIMULATED.value.encode(),
    b"yuyao.banner.en": Mode.SIMULATED.text.en.encode(),
    b"yuyao.banner.zh": Mode.SIMULATED.text.zh.encode(),
}


def file_of(folder: Path, table: str) -> Path:
    """Return where a table lies."""
    return folder / f"{table}.parquet"


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read what a folder says it holds.

    Raises
    ------
    DataError
        If it is no register.
    """
    file = folder / MANIFEST
    if not file.is_file():
        allowed = "a folder that yuyao simulate wrote"
        raise DataError(sentence("no simulated register here", got=str(folder), allowed=allowed))
    return json.loads(file.read_text(encoding="utf-8"))


def write_table(path: Path, table: pa.Table) -> int:
    """Write one table as one row group and return its rows.

    One row group means one list of ids for the whole file: a reader then takes codes
    as they are instead of comparing 800,000 texts again for every group.
    """
    pq.write_table(
        table.replace_schema_metadata(STAMP),
        path,
        compression="zstd",
        compression_level=1,
        row_group_size=max(1, len(table)),
        dictionary_pagesize_limit=LONGEST_LIST,
    )
    return len(table)


def loader(folder: Path, table: str) -> Callable[[Sequence[str] | None], pd.DataFrame]:
    """Return a function that reads some columns of a table, or all."""
    path = file_of(folder, table)

    def load(columns: Sequence[str] | None) -> pd.DataFrame:
        wanted = known_columns(table, pq.read_schema(path).names, columns)
        return frame_of(pq.read_table(path, columns=wanted))

    return load


def known_columns(table: str, names: list[str], columns: Sequence[str] | None) -> list[str]:
    """Return the columns to read, each once, or say which name is nearest."""
    for column in columns or ():
        if column not in names:
            what = f"unknown column in simulated table {table!r}"
            raise DataError(sentence(what, got=column, allowed=names))
    return names if columns is None else list(dict.fromkeys(columns))


def frame_of(read: pa.Table) -> pd.DataFrame:
    """Turn what was read into a frame; coded columns keep their codes."""
    import pandas as pd

    columns = {}
    for name, values in zip(read.column_names, read.columns, strict=True):
        if not pa.types.is_dictionary(values.type):
            columns[name] = values.to_pandas()
            continue
        whole = values.combine_chunks()
        columns[name] = pd.Series(
            pd.Categorical.from_codes(
                whole.indices.fill_null(-1).to_numpy(),
                pd.Index(whole.dictionary.to_pandas()),
                ordered=values.type.ordered,
                validate=False,
            )
        )
    return pd.DataFrame(columns, copy=False)


def refuse_other_ids(folder: Path, table: str) -> None:
    """Refuse a file of another mode: no stamp, or ids that are not simulated ones.

    Only the file's own statistics are read: when the smallest and the largest id begin
    with the prefix, so do all between.

    Raises
    ------
    ModeError
        If the stamp is missing or an id does not begin with ``SIM-``.
    """
    about = pq.ParquetFile(file_of(folder, table))
    if (about.schema_arrow.metadata or {}).get(b"yuyao.mode") != STAMP[b"yuyao.mode"]:
        raise ModeError(f"{table}.parquet does not carry the stamp of simulated data.")
    ids = {column.name for column in schema.table(table).columns if column.dtype == "string"}
    for group in range(about.metadata.num_row_groups):
        row_group = about.metadata.row_group(group)
        for place in range(row_group.num_columns):
            column = row_group.column(place)
            if column.path_in_schema in ids:
                _refuse_column(column, f"{table}.{column.path_in_schema}")


def _refuse_column(column: pq.ColumnChunkMetaData, name: str) -> None:
    """Refuse a column whose ends do not carry the prefix."""
    ends = column.statistics
    if ends is None or not ends.has_min_max:
        if ends is not None and ends.null_count == column.num_values:
            return
        raise ModeError(f"{name} does not say which ids it holds; it is not opened as simulated.")
    for end in (ends.min, ends.max):
        if not str(end).startswith(SIMULATED_PREFIX):
            what = f"{name} is not simulated data"
            raise ModeError(sentence(what, got=str(end)[:8], allowed=f"{SIMULATED_PREFIX}..."))
