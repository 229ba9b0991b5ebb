"""What own files hold that must never leave them: raw ids, headers and words not mapped.

Read anew from the files for the scan of finished pages, kept in memory, written nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from yuyao_lib import schema
from yuyao_lib.sources.own.columns import is_id
from yuyao_lib.sources.own.mapping import Mapping, read_mapping
from yuyao_lib.sources.own.raw import plain
from yuyao_lib.sources.own.readers import read_source
from yuyao_lib.vocabulary import terms

__all__ = ["RawMarks", "raw_marks"]

SHORTEST = 5  # characters; a shorter id would be met by chance in any page
LONG_NUMBER = 9  # digits of a number that is rather an account or a telephone than an amount
MOSTLY = 0.5  # share of different values from which on a column tells persons apart
NAMES = range(3, 31)  # characters of a name that is looked for in prose
NUMBER = re.compile(r"[\d.,%+-]+")
ACCOUNT = re.compile(rf"\d{{{LONG_NUMBER},}}(?<!0000)")


@dataclass(frozen=True, slots=True)
class RawMarks:
    """Strings that give own files away.

    Attributes
    ----------
    ids
        Raw identifiers of persons, employers and contracts, and long numbers such as
        bank accounts in columns that the mapping leaves out.
    headers
        Headers of columns that the mapping leaves in their files.
    words
        Texts in those columns, such as names.
    names
        Those of the words that differ from row to row and are long enough to be looked
        for in prose, in lower case.
    """

    ids: frozenset[str] = field(default=frozenset(), repr=False)
    headers: frozenset[str] = frozenset()
    words: frozenset[str] = field(default=frozenset(), repr=False)
    names: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass
class _Left:
    """What the columns of some files hold, sorted by whether a mapping names them.

    Attributes
    ----------
    ids, words, names
        Raw ids; texts of columns left out, by header, and those that tell persons apart.
    mapped
        Headers and texts that the mapping brings to pages.
    """

    ids: set[str] = field(default_factory=set)
    words: dict[str, set[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    mapped: set[str] = field(default_factory=set)


def raw_marks(paths: Iterable[Path]) -> RawMarks:
    """Return what must never leave the files of these folders.

    Words of the field, and texts that a mapped column holds too, are on pages anyway and
    give nobody away.

    Parameters
    ----------
    paths
        Files or folders of own tables, each with its mapping.

    Raises
    ------
    DataError
        If a mapping or a file cannot be read.
    """
    left = _Left()
    for path in paths:
        folder = path if path.is_dir() else path.parent
        _collect(read_mapping(folder), folder, left)
    known = left.mapped | {text for t in terms().values() for text in (t.text.en, t.text.zh)}
    headers = {header for header in left.words if header not in known}
    words = {
        v for header, values in left.words.items() if header not in left.mapped for v in values
    }
    names = {v.casefold() for v in left.names - known}
    sets = left.ids, headers, words - known, names
    return RawMarks(*map(frozenset, sets))


def _collect(mapping: Mapping, folder: Path, left: _Left) -> None:
    """Read every source once and sort its columns."""
    for table, sources in mapping.tables.items():
        for source in sources:
            used = {how.from_ for how in source.columns.values() if how.from_}
            left.mapped |= used | ({source.days} if source.days else set())
            named = {
                how.from_
                for name, how in source.columns.items()
                if how.from_ and is_id(schema.table(table)[name])
            }
            for raw, _ in read_source(source, folder):
                for place, header in enumerate(raw.frame.columns):
                    column = raw.frame.iloc[:, place]
                    values = {plain(v) for v in column.unique()}
                    if header in named:
                        left.ids |= {v for v in values if len(v) >= SHORTEST}
                    elif header in used:
                        left.mapped |= {v for v in values if not NUMBER.fullmatch(v)}
                    elif header:
                        _leave(header, values, len(column), left)


def _leave(header: str, values: set[str], rows: int, left: _Left) -> None:
    """Note what a column that the mapping leaves out holds."""
    words = {v for v in values if len(v) > 1 and not NUMBER.fullmatch(v)}
    left.words.setdefault(header, set()).update(words)
    left.ids |= {v for v in values if ACCOUNT.fullmatch(v)}
    if len(values) > MOSTLY * rows:
        left.names |= {v for v in words if len(v) in NAMES}
