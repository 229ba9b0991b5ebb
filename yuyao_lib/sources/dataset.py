"""The one object every data set is opened as."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from yuyao_lib.errors import DataError, sentence
from yuyao_lib.findings import Mode, Origin
from yuyao_lib.sources.card import SourceCard
from yuyao_lib.sources.membership import keep_members

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Dataset", "Loader"]

Loader = Callable[[Sequence[str] | None], "pd.DataFrame"]


class Dataset:
    """Tables of one mode, with the card that says where they come from.

    Parameters
    ----------
    name
        Name it was opened by.
    mode
        Kind of data; set by the loader and read-only ever after.
    card
        Source card.
    loaders
        For each table a function that reads it, given the columns wanted (or None).
    paths
        For tables that lie in a Parquet file, its path, so that a query can read it
        without loading it.
    rounds
        Whether pages round counts of people instead of hiding small ones.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> data = yuyao.open("record")
    >>> data.mode.value, "measures" in data.tables
    ('record', True)
    """

    def __init__(
        self,
        name: str,
        *,
        mode: Mode,
        card: SourceCard,
        loaders: Mapping[str, Loader],
        paths: Mapping[str, Path] | None = None,
        rounds: bool = False,
    ) -> None:
        self._rounds = rounds
        self._name, self._mode, self._card = name, mode, card
        self._loaders, self._paths = dict(loaders), dict(paths or {})
        self._used: dict[str, set[str] | None] = {}
        if mode is Mode.OWN:
            keep_members()

    @property
    def name(self) -> str:
        """Name it was opened by."""
        return self._name

    @property
    def mode(self) -> Mode:
        """Kind of data, as stamped by the loader."""
        return self._mode

    @property
    def rounds(self) -> bool:
        """Whether pages round counts of people instead of hiding small ones."""
        return self._rounds

    @property
    def card(self) -> SourceCard:
        """Source card."""
        return self._card

    @property
    def origin(self) -> Origin:
        """What travels with every number made from this data set."""
        digests = tuple(file.sha256 for file in self._card.files)
        return Origin(self._mode, self._name, digests, self._card.vintage)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables."""
        return tuple(self._loaders)

    @property
    def used(self) -> Mapping[str, frozenset[str] | None]:
        """Tables that were read, and the columns asked for; None for all of them."""
        return {t: None if held is None else frozenset(held) for t, held in self._used.items()}

    def has(self, table: str) -> bool:
        """Whether there is a table of that name."""
        return table in self._loaders

    def peek(self, table: str) -> pd.DataFrame:
        """Read a table to count who stands in it: nothing on a page is made from it."""
        self._known(table)
        return self._loaders[table](None)

    def path(self, table: str) -> Path | None:
        """Parquet file of a table, where it lies in one."""
        self._known(table)
        self._use(table, None)
        return self._paths.get(table)

    def frame(self, table: str, *, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Read a table, or some of its columns.

        Parameters
        ----------
        table
            One of `tables`.
        columns
            Columns wanted, in that order; None for all.

        Raises
        ------
        DataError
            If the table or a column is unknown.
        """
        self._known(table)
        self._use(table, columns)
        frame = self._loaders[table](columns)
        if columns is None:
            return frame
        for column in columns:
            if column not in frame.columns:
                what = f"unknown column in table {table!r} of {self._name}"
                raise DataError(sentence(what, got=column, allowed=list(frame.columns)))
        return frame[list(columns)]

    def optional(
        self, table: str, *, columns: Sequence[str], also: Sequence[str] = ()
    ) -> pd.DataFrame | None:
        """Read a table that may be absent.

        Parameters
        ----------
        table
            Name of a table; it need not be there.
        columns
            Columns without which the table is of no use.
        also
            Columns that are read where they are there.

        Returns
        -------
        DataFrame or None
            None where the table or one of `columns` is absent.

        Examples
        --------
        >>> import yuyao_lib as yuyao
        >>> yuyao.open("record").optional("disputes", columns=["dispute_id"]) is None
        True
        """
        if table not in self._loaders:
            return None
        self._use(table, [*columns, *also])
        frame = self._loaders[table]([*columns, *also])
        if any(column not in frame.columns for column in columns):
            return None
        return frame[[c for c in (*columns, *also) if c in frame.columns]]

    def join(self, other: Dataset) -> Origin:
        """Return the origin of numbers made from both; two modes raise ModeError."""
        return self.origin.join(other.origin)

    def _use(self, table: str, columns: Sequence[str] | None) -> None:
        """Note that a table is read."""
        held = self._used.setdefault(table, set())
        self._used[table] = None if columns is None or held is None else held | {*columns}

    def _known(self, table: str) -> None:
        """Refuse a table that is not there."""
        if table not in self._loaders:
            what = f"unknown table in {self._name}"
            raise DataError(sentence(what, got=table, allowed=list(self._loaders)))

    def __repr__(self) -> str:
        return f"<Dataset {self._name!r}: {self._mode.value}, tables {', '.join(self.tables)}>"

    def _repr_html_(self) -> str:
        """Show what it is, whose it is, and what can be asked of it."""
        card, mode = self._card, self._mode.text
        rows = [
            ("Mode · 数据性质", f"{mode.en} · {mode.zh}"),
            ("Publisher · 发布者", card.publisher),
            ("Vintage · 期间", card.vintage),
            ("One row is · 每行为", f"{card.unit_of_record.en} · {card.unit_of_record.zh}"),
            ("Tables · 表", ", ".join(self.tables)),
            ("Licence · 许可", card.licence),
        ]
        body = "".join(
            f"<tr><th scope='row' style='text-align:left'>{escape(k)}</th>"
            f"<td style='text-align:left'>{escape(v)}</td></tr>"
            for k, v in rows
        )
        title = f"{escape(card.title.en)} · {escape(card.title.zh)}"
        return f"<table><caption>{title}</caption><tbody>{body}</tbody></table>"
