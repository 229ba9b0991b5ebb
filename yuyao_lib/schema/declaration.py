"""The declarations of tables and columns, read from the two CSV files beside this module."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

from yuyao_lib.errors import DataError, sentence
from yuyao_lib.vocabulary import Text

__all__ = [
    "Column",
    "Dtype",
    "Table",
    "table",
    "tables",
]

Dtype = Literal["string", "category", "bool", "int", "float", "date", "quarter"]
FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Column:
    """One column of one table.

    Attributes
    ----------
    table, name
        Where it stands and what it is called.
    dtype
        ``string``, ``category``, ``bool``, ``int``, ``float``, ``date`` or ``quarter``
        (a text such as ``2022Q3``).
    unit
        Unit of measurement; empty for names and codes.
    required
        Whether the table is useless without it; a required column holds no blanks.
    minimum, maximum
        Smallest and largest allowed value, as written (dates ``YYYY-MM-DD``).
    allowed
        The closed list of values; empty when the list is open.
    pattern
        Regular expression the whole value must match; empty when there is none.
    primary
        Place in the primary key, counted from one; 0 when not part of it.
    references
        Table whose key this column holds; empty when none.
    zh_aliases
        Chinese headers under which the column is met in practice, usual one first.
    text
        What to mind, in both languages; None when the name says it all.
    """

    table: str
    name: str
    dtype: Dtype
    unit: str
    required: bool
    minimum: str
    maximum: str
    allowed: tuple[str, ...]
    pattern: str
    primary: int
    references: str
    zh_aliases: tuple[str, ...]
    text: Text | None

    @property
    def label(self) -> Text:
        """Header of the column for a reader.

        Examples
        --------
        >>> table("workers")["birth_year"].label
        Text(en='birth year', zh='出生年份')
        """
        return Text(self.name.replace("_", " "), self.zh_aliases[0])

    @property
    def expected(self) -> str:
        """The allowed values as a phrase for an error.

        Examples
        --------
        >>> table("workers")["education_years"].expected
        'a whole number from 0 to 23 (years)'
        """
        if self.allowed:
            return ", ".join(self.allowed)
        if self.pattern:
            return f"text matching {self.pattern}"
        kind = _KINDS[self.dtype]
        ends = _ends(self.minimum, self.maximum)
        unit = f" ({self.unit})" if self.unit else ""
        return f"{kind}{ends}{unit}"


_KINDS = {
    "string": "a text",
    "category": "a text",
    "bool": "yes or no (True/False or 1/0)",
    "int": "a whole number",
    "float": "a number",
    "date": "a date",
    "quarter": "a quarter such as 2022Q3",
}


def _ends(low: str, high: str) -> str:
    """Say a range in words."""
    if low and high:
        return f" from {low} to {high}"
    return f" of at least {low}" if low else f" of at most {high}" if high else ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name, what a row is, its columns.

    Examples
    --------
    >>> contracts = table("contracts")
    >>> contracts.key, contracts["employer_id"].references
    (('contract_id',), 'employers')
    """

    name: str
    text: Text
    row: Text
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that must be there."""
        return tuple(column.name for column in self.columns if column.required)

    @property
    def key(self) -> tuple[str, ...]:
        """Columns that together name one row."""
        ordered = sorted((c.primary, c.name) for c in self.columns if c.primary)
        return tuple(name for _, name in ordered)

    def __getitem__(self, name: str) -> Column:
        """Return one column, or say which name is nearest."""
        for column in self.columns:
            if column.name == name:
                return column
        what = f"unknown column of table {self.name!r}"
        raise DataError(sentence(what, got=name, allowed=self.names))


@cache
def tables() -> dict[str, Table]:
    """Return every declared table by name, in the order of the codebook.

    Examples
    --------
    >>> len(tables()), sum(len(t.columns) for t in tables().values())
    (24, 163)
    """
    columns: dict[str, list[Column]] = {}
    for row in _rows("columns.csv"):
        columns.setdefault(row["table"], []).append(_column(row))
    return {
        row["table"]: Table(
            row["table"],
            Text(row["en"], row["zh"]),
            Text(row["row_en"], row["row_zh"]),
            tuple(columns[row["table"]]),
        )
        for row in _rows("tables.csv")
    }


def table(name: str) -> Table:
    """Return one declared table, or say which known name is nearest.

    Raises
    ------
    DataError
        If no table of that name is declared.
    """
    known = tables()
    if name not in known:
        raise DataError(sentence("unknown table", got=name, allowed=list(known)))
    return known[name]


def _rows(name: str) -> list[dict[str, str]]:
    """Read one of the two declaration files."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _column(row: dict[str, str]) -> Column:
    """Turn one row of ``columns.csv`` into a declaration."""
    return Column(
        table=row["table"],
        name=row["column"],
        dtype=cast(Dtype, row["dtype"]),
        unit=row["unit"],
        required=row["required"] == "yes",
        minimum=row["minimum"],
        maximum=row["maximum"],
        allowed=tuple(_spread(row["allowed"])),
        pattern=row["pattern"],
        primary=int(row["primary"] or 0),
        references=row["references"],
        zh_aliases=tuple(row["zh_aliases"].split()),
        text=Text(row["en"], row["zh"]) if row["en"] else None,
    )


def _spread(words: str) -> list[str]:
    """Expand ``0..7`` and ``T01..T21``; leave other words as they are."""
    spread: list[str] = []
    for word in words.split():
        ends = re.fullmatch(r"([A-Z]*)([0-9]+)\.\.([A-Z]*)([0-9]+)", word)
        if ends is None:
            spread.append(word)
            continue
        width = len(ends[2])
        spread += [f"{ends[1]}{n:0{width}d}" for n in range(int(ends[2]), int(ends[4]) + 1)]
    return spread
