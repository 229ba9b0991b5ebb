"""A table as its file gives it: cells as they are, each with its line in the file."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from yuyao_lib.errors import DataError
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["BLANKS", "RawTable", "framed", "is_blank", "plain"]

BLANKS = frozenset(
    {"", "-", "--", "—", "——", "–", "/", "无数据", "N/A", "n/a", "NA", "NULL", "null", "#N/A"}
)
TOTALS = ("合计", "小计", "总计", "共计", "本页合计", "本月合计", "total", "subtotal", "sum")


@dataclass(frozen=True, slots=True)
class RawTable:
    """What one file or sheet holds.

    Attributes
    ----------
    name
        File (and sheet) it came from, without its folder.
    frame
        Cells as they were read: texts, numbers, dates or None; shape (rows, headers).
    lines
        For each row its line in the file, counted from 1.
    notes
        What a reader should know of how it was read.
    set_aside
        Rows that are no data (totals, blank lines, headers printed again), by reason.
    """

    name: str
    frame: pd.DataFrame
    lines: np.ndarray
    notes: tuple[Text, ...] = ()
    set_aside: Counter[str] = field(default_factory=Counter)


def plain(value: Any) -> str:
    """Return a cell's text: full-width forms made plain, spaces at the ends removed.

    Examples
    --------
    >>> plain("　１２３４，５６７ "), plain(None), plain(5.0)
    ('1234,567', '', '5')
    """
    if isinstance(value, str) and value.isascii() and value.isprintable():
        return value.strip()
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    text = unicodedata.normalize("NFKC", str(value))
    return "".join(c for c in text if unicodedata.category(c) not in {"Cf", "Cc"}).strip()


def is_blank(value: Any) -> bool:
    """Say whether a cell says nothing.

    Examples
    --------
    >>> [is_blank(v) for v in (None, " ", "—", 0, "无")]
    [True, True, True, False, False]
    """
    return plain(value) in BLANKS


def framed(
    name: str,
    rows: Sequence[Sequence[Any]],
    *,
    header_row: int,
    header_rows: int,
    notes: Sequence[Text] = (),
) -> RawTable:
    """Lay out rows of cells below their header; lines that are no data are set aside.

    Raises
    ------
    DataError
        If there is no header on the line that was named.
    """
    import numpy as np
    import pandas as pd

    top = header_row - 1
    if len(rows) < top + header_rows:
        raise DataError(f"{name} has {len(rows)} lines, so none for a header in line {header_row}.")
    header = _header([rows[top + i] for i in range(header_rows)])
    if not any(header):
        raise DataError(f"{name}: line {header_row} is blank and cannot be a header.")
    body = rows[top + header_rows :]
    width = len(header)
    aside: Counter[str] = Counter()
    kept, lines = [], []
    for place, row in enumerate(body):
        cells = [*row[:width], *[None] * (width - len(row))]
        reason = _no_data(cells, header)
        if reason:
            aside[reason] += 1
            continue
        kept.append(cells)
        lines.append(top + header_rows + place + 1)
    frame = pd.DataFrame(kept, columns=header, dtype=object)
    return RawTable(name, frame, np.array(lines, dtype=np.int64), tuple(notes), aside)


def _header(lines: Sequence[Sequence[Any]]) -> list[str]:
    """Return the headers; an upper header spreads over the ones below it."""
    width = max(len(line) for line in lines)
    rows = [
        [plain(c).replace("\n", "") for c in line] + [""] * (width - len(line)) for line in lines
    ]
    for upper, lower in pairwise(rows):
        for i in range(1, width):
            if not upper[i] and lower[i]:
                upper[i] = upper[i - 1]
    return ["/".join(dict.fromkeys(row[i] for row in rows if row[i])) for i in range(width)]


def _no_data(cells: Sequence[Any], header: Sequence[str]) -> str:
    """Say why a line is no row of data; empty when it is one."""
    first = next((cell for cell in cells if cell is not None and cell != ""), None)
    if first is None:
        return "blank lines"
    if isinstance(first, str) and not (first[:1].isdigit() and first.isascii()):
        word = plain(first).replace(" ", "").rstrip(":：")
        if not word and all(is_blank(cell) for cell in cells):
            return "blank lines"
        if word.lower() in TOTALS:
            return "total rows"
        if word == header[0] and [plain(c) for c in cells] == list(header):
            return "headers printed again"
    return ""
