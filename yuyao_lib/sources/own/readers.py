"""Which reader reads which file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from yuyao_lib.errors import DataError, sentence
from yuyao_lib.sources.own.mapping import Source
from yuyao_lib.sources.own.packed_files import read_parquet, read_query, read_spss, read_stata
from yuyao_lib.sources.own.raw import RawTable
from yuyao_lib.sources.own.text_files import read_text_file
from yuyao_lib.sources.own.workbooks import read_workbook

__all__ = ["SUFFIXES", "read_file", "read_source"]

TEXT = (".csv", ".tsv", ".txt")
BOOKS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")
SUFFIXES = (*TEXT, *BOOKS, ".dta", ".sav", ".zsav", ".por", ".parquet")


def read_source(source: Source, folder: Path) -> Iterator[tuple[RawTable, Path | None]]:
    """Read what a source names, file by file and sheet by sheet.

    Raises
    ------
    DataError
        If no file matches, or one cannot be read.
    """
    if source.query is not None:
        path = folder / source.database if source.database else None
        if path is not None and not path.is_file():
            raise DataError(f"there is no file {path.name}.")
        yield read_query(source.query, folder=folder, database=source.database), path
        return
    files = sorted(p for p in folder.glob(str(source.file)) if p.is_file())
    if not files:
        known = sorted(p.name for p in folder.iterdir() if p.suffix.lower() in SUFFIXES)
        raise DataError(sentence("no file of this name", got=source.file, allowed=known))
    for path in files:
        for raw in read_file(path, source):
            yield raw, path


def read_file(path: Path, source: Source) -> list[RawTable]:
    """Read one file with the reader of its kind.

    Raises
    ------
    DataError
        If the kind is unknown or the file cannot be opened.
    """
    suffix = path.suffix.lower()
    header = {"header_row": source.header_row, "header_rows": source.header_rows}
    try:
        with path.open("rb"):  # permission and existence, said alike for every reader
            pass
        if suffix in TEXT:
            how = {"encoding": source.encoding, "separator": source.separator}
            return [read_text_file(path, **how, **header)]  # type: ignore[arg-type]
        if suffix in BOOKS:
            return read_workbook(path, sheets=source.sheets, **header)
        if suffix == ".dta":
            return [read_stata(path, encoding=source.encoding)]
        if suffix in {".sav", ".zsav", ".por"}:
            return [read_spss(path, encoding=source.encoding)]
        if suffix == ".parquet":
            return [read_parquet(path)]
    except OSError as error:
        raise DataError(f"{path.name} cannot be opened: {error.strerror or error}.") from error
    raise DataError(sentence("no reader for this kind of file", got=path.name, allowed=SUFFIXES))
