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

__all__ = ["RawMarks", "raw_marks"]

SHORTEST = 5  # characters; a shorter id would be met by chance in any page
NUMBER = re.compile(r"[\d.,%+-]+")


@dataclass(frozen=True, slots=True)
class RawMarks:
    """Strings that give own files away.

    Attributes
    ----------
    ids
        Raw identifiers of persons, employers and contracts.
    headers
        Headers of columns that the mapping leaves in their files.
    words
        Texts in those columns, such as names.
    """

    ids: frozenset[str] = field(default=frozenset(), repr=False)
    headers: frozenset[str] = frozenset()
    words: frozenset[str] = field(default=frozenset(), repr=False)


def raw_marks(paths: Iterable[Path]) -> RawMarks:
    """Return what must never leave the files of these folders.

    Parameters
    ----------
    paths
        Files or folders of own tables, each with its mapping.

    Raises
    ------
    DataError
        If a mapping or a file cannot be read.
    """
    ids: set[str] = set()
    left: dict[str, set[str]] = {}
    mapped: set[str] = set()
    for path in paths:
        folder = path if path.is_dir() else path.parent
        _collect(read_mapping(folder), folder, ids, left, mapped)
    outside = {header: values for header, values in left.items() if header not in mapped}
    words = {v for values in outside.values() for v in values}
    return RawMarks(frozenset(ids), frozenset(outside), frozenset(words - mapped))


def _collect(
    mapping: Mapping, folder: Path, ids: set[str], left: dict[str, set[str]], mapped: set[str]
) -> None:
    """Read every source once and sort its columns."""
    for table, sources in mapping.tables.items():
        for source in sources:
            used = {how.from_ for how in source.columns.values() if how.from_}
            mapped |= {str(h) for h in used} | ({source.days} if source.days else set())
            named = {
                how.from_
                for name, how in source.columns.items()
                if how.from_ and is_id(schema.table(table)[name])
            }
            for raw, _ in read_source(source, folder):
                for place, header in enumerate(raw.frame.columns):
                    values = {plain(v) for v in raw.frame.iloc[:, place].unique()}
                    if header in named:
                        ids |= {v for v in values if len(v) >= SHORTEST}
                    elif header and header not in used:
                        words = {v for v in values if len(v) > 1 and not NUMBER.fullmatch(v)}
                        left.setdefault(header, set()).update(words)
