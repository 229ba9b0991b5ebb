"""Text files: encoding and separator found out, never guessed silently; no line is lost."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

from yuyao_lib.errors import DataError, sentence
from yuyao_lib.sources.own.raw import RawTable, framed
from yuyao_lib.vocabulary import Text

__all__ = ["decode", "read_text_file"]

SEPARATORS = (",", "\t", ";", "|")
ENCODINGS = ("utf-8-sig", "gb18030")  # in this order: gb18030 accepts most UTF-8 as nonsense


def read_text_file(
    path: Path,
    *,
    encoding: str | None = None,
    separator: str | None = None,
    header_row: int = 1,
    header_rows: int = 1,
) -> RawTable:
    """Read a CSV or other separated text file; every cell stays a text.

    Raises
    ------
    DataError
        If the encoding is none that is known or changes within the file, a line has
        more or fewer fields than the header, or the file ends within a row.
    """
    text, used = decode(path.read_bytes(), path.name, encoding=encoding)
    if not text.strip():
        raise DataError(f"{path.name} is empty.")
    mark = separator or _separator(text)
    notes = [Text(f"{path.name} read as {used}", f"{path.name} 按 {used} 读取")]
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise DataError(f"{path.name} ends inside a quoted field: it was cut off.") from error
        raise DataError(f"{path.name} is not a well-formed text table: {error}.") from error
    _check_widths(rows, path.name, header_row - 1, complete=text.endswith(("\n", "\r")))
    return framed(path.name, rows, header_row=header_row, header_rows=header_rows, notes=notes)


def decode(content: bytes, name: str, *, encoding: str | None = None) -> tuple[str, str]:
    """Return a file's text and the encoding it was written in.

    UTF-16 is told by its first bytes; then UTF-8 is tried strictly, then GB18030.

    Raises
    ------
    DataError
        If none fits; the line is named, and whether other lines fit.

    Examples
    --------
    >>> decode("工资".encode("gbk"), "pay.csv")
    ('工资', 'gb18030')
    """
    if encoding is not None:
        try:
            return content.decode(encoding), encoding
        except (LookupError, UnicodeDecodeError) as error:
            raise DataError(f"{name} is not in the encoding {encoding!r}: {error}.") from error
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16"), "utf-16"
    mixed = _mixed_line(content)
    if mixed:
        raise DataError(
            f"{name}: most lines are UTF-8, but line {mixed} is not; two encodings stand in one"
            " file, and reading it in either would change characters. Save it again in one."
        )
    for known in ENCODINGS:
        try:
            return content.decode(known), known
        except UnicodeDecodeError:
            continue  # the next one may fit
    what = f"{name} is in no encoding that is known"
    raise DataError(sentence(what, got=_bad_place(content), allowed=[*ENCODINGS, "utf-16"]))


def _mixed_line(content: bytes) -> int:
    """Return the first line that is not UTF-8 where others hold characters that are."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        lines = content.split(b"\n")
    else:
        return 0
    good = 0
    bad = 0
    for number, line in enumerate(lines, start=1):
        try:
            good += not line.isascii() and bool(line.decode("utf-8"))
        except UnicodeDecodeError:
            bad = bad or number
    wide = sum(not line.isascii() for line in lines)
    return bad if good > max(1, wide // 4) else 0  # a GBK line is sometimes UTF-8 by chance


def _bad_place(content: bytes) -> str:
    """Say where the widest encoding gives up."""
    try:
        content.decode("gb18030")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return f"byte {content[error.start]:#04x} in line {line}"
    return "unknown bytes"


def _separator(text: str) -> str:
    """Return the separator that divides the first lines most evenly."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    counts = {mark: [line.count(mark) for line in lines] for mark in SEPARATORS}
    best = max(SEPARATORS, key=lambda m: (Counter(counts[m]).most_common(1)[0][0], sum(counts[m])))
    return best if sum(counts[best]) else ","


def _check_widths(rows: list[list[str]], name: str, top: int, *, complete: bool) -> None:
    """Refuse lines with more or fewer fields than the header."""
    if top >= len(rows):
        return
    width = len(rows[top])
    for place, row in enumerate(rows[top + 1 :], start=top + 2):
        extra = [cell for cell in row[width:] if cell.strip()]
        if extra:
            raise DataError(
                f"{name}: line {place} has {len(row)} fields, the header {width}; a separator"
                " inside a value must stand in quotes."
            )
        if row and len(row) < width and any(cell.strip() for cell in row):
            last = place == len(rows)
            why = "the file was cut off" if last and not complete else "fields are missing"
            raise DataError(f"{name}: line {place} has {len(row)} of {width} fields: {why}.")
