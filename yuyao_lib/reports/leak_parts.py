"""A finished file taken apart: its words, its cells, and what is embedded in it."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from typing import Any

from yuyao_lib.reports.leak_folding import TURNED, folded, unpacked

__all__ = ["Parts", "parts_of_csv", "parts_of_table", "parts_of_values"]

LONG_NUMBER = 10**14  # from 15 digits on a number may be an identity number, and is no count
# colours of a terminal and characters that nobody sees, which may stand within a number
UNPRINTED = re.compile(
    r"\x1b(?:\[[0-9;]*[A-Za-z]|\][^\x07]*\x07)?|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
)
DIGITS = re.compile(r"\d{5}")


@dataclass
class Parts:
    """What a file holds.

    Attributes
    ----------
    texts
        Words a reader or a program can find, in plain characters, other codes undone.
    cells
        Contents of single cells of tables, of CSV and of pictures.
    hovers
        Words and data in pictures that are shown on hovering, or not at all.
    printed
        Texts with their line ends, as programs print them.
    strange
        Kinds of embedded data that no page of ours has.
    formulas
        Number of CSV cells that a spreadsheet would run.
    frames
        Number of printed frames.
    turned
        Whether marks turn the order in which characters are read.
    """

    texts: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    hovers: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    formulas: int = 0
    frames: int = 0
    turned: bool = False

    def say(self, text: str) -> None:
        """Take in words."""
        if not text.strip():
            return
        self.turned = self.turned or TURNED.search(text) is not None
        text = UNPRINTED.sub("", text)
        self.texts.append(folded(text))
        self.texts += [folded(said) for said in unpacked(text)]

    def row(self, cells: list[str]) -> None:
        """Take in the cells of one row, also as one text: a number may be cut over them."""
        self.cells += [cell.strip() for cell in cells]
        if len(cells) > 1 and any(DIGITS.search(cell) for cell in cells):
            self.texts.append(folded(" ".join(cell.strip() for cell in cells)))


def parts_of_csv(text: str, parts: Parts | None = None) -> Parts:
    """Take a CSV file apart."""
    held = parts or Parts()
    held.say(text)
    for row in csv.reader(io.StringIO(text.lstrip("\ufeff"))):
        held.row(row)
        held.formulas += sum(_runs(cell) for cell in row)
    return held


def parts_of_table(table: Any, parts: Parts | None = None) -> Parts:
    """Take a Parquet table apart: names, values, and the notes that readers do not see.

    Parameters
    ----------
    table
        A `pyarrow.Table`.
    parts
        To which it is added.
    """
    held = parts or Parts()
    notes = [table.schema.metadata or {}, *((f.metadata or {}) for f in table.schema)]
    for note in notes:
        if note:
            held.strange.append("notes of a table")
            parts_of_values({_read(k): _read(v) for k, v in note.items()}, held)
    for name, column in zip(table.column_names, table.columns, strict=True):
        try:
            values = column.unique().to_pylist()
        except NotImplementedError:  # of lists and records: none of our tables has them
            values = column.to_pylist()
        parts_of_values([name, values], held)
    return held


def _read(value: bytes) -> str:
    """Read the bytes of a note."""
    return value.decode("utf-8", "replace")


def parts_of_values(values: Any, parts: Parts | None = None) -> Parts:
    """Take plain JSON values apart, names of fields included."""
    held = parts or Parts()
    waiting, found = [values], dict[str, None]()
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list | tuple):
            waiting += value
        elif isinstance(value, bytes):
            found[_read(value)] = None
        elif isinstance(value, str) or (isinstance(value, int) and value >= LONG_NUMBER):
            found[str(value)] = None
    held.say("\n".join(found))  # once for all: many values are short, and many alike
    held.cells += [value.strip() for value in found]
    return held


def _runs(cell: str) -> bool:
    """Whether a spreadsheet would take a cell for a formula; a number is none."""
    start = cell.lstrip(" \u00a0\u200b\ufeff")[:1] or cell[:1]
    return start in tuple("=+-@\t\r\n|＝＋－＠") and not re.fullmatch(r"[+-]?[\d.,eE%+-]+|-", cell)
