"""Excel workbooks: every visible sheet, cells with the type they were saved in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from yuyao_lib.errors import DataError, sentence
from yuyao_lib.sources.own.raw import RawTable, framed
from yuyao_lib.vocabulary import Text

__all__ = ["read_workbook", "sheet_rows"]


def read_workbook(
    path: Path, *, sheets: Sequence[str] | None = None, header_row: int = 1, header_rows: int = 1
) -> list[RawTable]:
    """Read the sheets of a workbook; hidden ones only when they are named.

    Raises
    ------
    DataError
        If it is no workbook, is protected, or has no sheet of that name.
    """
    tables = []
    for name, rows, notes in sheet_rows(path, sheets=sheets):
        label = f"{path.name} [{name}]"
        if not any(any(cell not in {None, ""} for cell in row) for row in rows):
            continue  # a workbook is made with empty sheets
        tables.append(
            framed(label, rows, header_row=header_row, header_rows=header_rows, notes=notes)
        )
    if not tables:
        raise DataError(f"{path.name} holds no sheet with data.")
    return tables


def sheet_rows(
    path: Path, *, sheets: Sequence[str] | None = None
) -> list[tuple[str, list[list[Any]], list[Text]]]:
    """Return name, rows of cells, and notes of each sheet."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_path(str(path))
    except CalamineError as error:
        raise DataError(
            f"{path.name} cannot be read as a workbook ({error}); a protected or damaged file"
            " must be saved again."
        ) from error
    known = list(book.sheet_names)
    hidden = [s.name for s in book.sheets_metadata if s.visible != SheetVisibleEnum.Visible]
    wanted = list(sheets) if sheets is not None else [n for n in known if n not in hidden]
    for name in wanted:
        if name not in known:
            raise DataError(sentence(f"no such sheet in {path.name}", got=name, allowed=known))
    notes = []
    if sheets is None and hidden:
        listed = ", ".join(hidden)
        notes.append(Text(f"hidden sheets not read: {listed}", f"未读取隐藏的工作表：{listed}"))
    found = []
    for name in wanted:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        found.append((name, [[_cell(c) for c in row] for row in rows], list(notes)))
        notes = []
    return found


def _cell(value: Any) -> Any:
    """Return an empty cell as None and whole floats as they are."""
    return None if value == "" else value
