"""Faults of rows: told apart, reported by their lines in the files, or set aside and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

from yuyao_lib import schema
from yuyao_lib.errors import DataError, nearest
from yuyao_lib.schema import Column, is_identity_like
from yuyao_lib.sources.card import FileDigest
from yuyao_lib.sources.cells import checks_of, passes
from yuyao_lib.sources.own.columns import NO_GRADE, RIGHT, ReadColumn, is_id
from yuyao_lib.sources.own.grades import WORDS
from yuyao_lib.sources.own.mapping import Source
from yuyao_lib.sources.own.months import MONTH
from yuyao_lib.sources.own.raw import plain
from yuyao_lib.sources.problems import Problem
from yuyao_lib.sources.validation import validate
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["TWICE", "Loaded", "Part", "problem_of", "sound"]

SHOWN = 10
TWICE = Text("the same key stands in several rows", "主键重复")
GIVE = "its header under 'columns', or {value: ...} where every row has the same"
FUTURE = Text("a period that has not come yet", "尚未到来的期间")


@dataclass(slots=True)
class Loaded:
    """What was read: tables, and all that must be said of them.

    Attributes
    ----------
    frames
        The tables of the register that were mapped.
    problems
        Everything that keeps the tables from being used.
    notes
        What was turned into what, with counts.
    set_aside
        Rows left out, by reason.
    files
        Digests of what was read.
    """

    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    problems: list[Problem | str] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)
    set_aside: Counter[str] = field(default_factory=Counter)
    files: list[FileDigest] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing keeps the tables from being used."""
        return not self.problems

    @property
    def sentences(self) -> list[str]:
        """Every problem as a sentence."""
        return [p if isinstance(p, str) else p.text.en for p in self.problems]

    def raise_if_bad(self) -> None:
        """Stop with every sentence when there is a problem.

        Raises
        ------
        DataError
            If there is any problem.
        """
        if self.problems:
            raise DataError("\n".join(self.sentences))

    def _told(self) -> list[str]:
        """Every note once, in English."""
        return list(dict.fromkeys(n.en for n in self.notes))

    def __repr__(self) -> str:
        """Say the same in words; never the tables themselves."""
        head = "ready" if self.ok else f"{len(self.problems)} problems"
        aside = [f"{n:,} {why} set aside" for why, n in self.set_aside.items()]
        rows = [f"{name}: {len(frame):,} rows" for name, frame in self.frames.items()]
        return "\n".join([head, *self.sentences, *self._told(), *aside, *rows])

    def _repr_html_(self) -> str:
        """Show problems first, then what was done."""
        rows = [f"<li>{escape(words)}</li>" for words in self.sentences]
        rows += [
            f"<li lang='en'>{escape(n.en)} · <span lang='zh'>{escape(n.zh)}</span></li>"
            for n in dict.fromkeys(self.notes)
        ]
        rows += [
            f"<li>{n:,} {escape(why)} set aside · 未采用</li>" for why, n in self.set_aside.items()
        ]
        head = "ready · 可用" if self.ok else f"{len(self.problems)} problems · 个问题"
        return f"<p><strong>{head}</strong></p><ul>{''.join(rows)}</ul>"


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one source with where each stands: line in the file, and which file."""

    frame: pd.DataFrame
    lines: np.ndarray
    names: np.ndarray

    def only(self, rows: Any) -> Part:
        """Return the rows where `rows` is true."""
        return Part(self.frame[rows], self.lines[rows], self.names[rows])


def sound(
    part: Part,
    cells: pd.DataFrame,
    table: str,
    source: Source,
    columns: dict[str, ReadColumn],
    loaded: Loaded,
) -> Part:
    """Report faults, or set their rows aside where the mapping says so."""
    import numpy as np

    bad: np.ndarray = np.zeros(len(part.frame), dtype=bool)
    found: list[tuple[str, Text, Any]] = []
    for name, column in columns.items():
        found += [(name, what, rows) for what, rows in column.faults.items()]
        bad |= np.logical_or.reduce([bad, *column.faults.values()])
    found += list(_out_of_range(part.frame.drop(columns=MONTH, errors="ignore"), table, bad))
    for name, what, rows in found:
        bad |= rows
        if source.bad_rows == "set_aside":
            loaded.set_aside[f"{table}.{name}: {what.en}"] += int(rows.sum())
            continue
        declared, header = schema.table(table)[name], source.columns[name].from_
        met = cells[header] if header in cells and not is_id(declared) else None
        loaded.problems.append(problem_of(part, table, declared, what, rows, met=met))
    loaded.problems += _blanks_and_headers(part, table, bad, source, loaded)
    loaded.problems += _future(part, table)
    return part.only(~bad)


def _out_of_range(frame: pd.DataFrame, table: str, bad: Any) -> Iterator[tuple[str, Text, Any]]:
    """Find values outside what is declared, in rows that could be read."""
    import numpy as np

    declared = schema.table(table)
    for name in frame.columns:
        for what in checks_of(declared[name]):
            passed = passes(declared[name], what)(frame[name]) | frame[name].isna()
            rows = ~np.asarray(passed, dtype=bool) & ~bad
            if rows.any():
                yield name, what, rows


def _blanks_and_headers(
    part: Part, table: str, bad: Any, source: Source, loaded: Loaded
) -> Iterator[Problem]:
    """List missing columns and blanks in required ones (faults were listed before)."""
    good = part.only(~bad)
    for problem in validate(good.frame.drop(columns=MONTH, errors="ignore"), table).problems:
        if problem.what == TWICE:
            continue  # keys are compared over all files of the table
        if problem.what.en == "the table holds no rows" and len(part.frame):
            continue  # all rows were faulty, which was said
        if problem.what.en == "blank in a required column":
            rows = part.frame[problem.column].isna().to_numpy() & ~bad
            if source.bad_rows == "set_aside" or _unknown_grade(problem, source):
                loaded.set_aside[f"{table}.{problem.column}: blank"] += int(rows.sum())
                bad |= rows
                continue
            yield problem_of(part, table, schema.table(table)[problem.column], problem.what, rows)
            continue
        place = f"{table} ({_listed(part.names)})" if len(part.names) else table
        how = GIVE if problem.what.en == "a required column is missing" else problem.allowed
        yield replace(problem, table=place, allowed=how)


def _unknown_grade(problem: Problem, source: Source) -> bool:
    """Say whether a blank was declared to mean that the grade is not known."""
    how = source.columns.get(problem.column)
    return how is not None and how.blank == "unknown"


def _future(part: Part, table: str) -> Iterator[Problem]:
    """Report quarters that have not come yet."""
    import numpy as np

    if "quarter" not in part.frame:
        return
    today = date.today()
    now = f"{today.year}Q{(today.month - 1) // 3 + 1}"
    rows = np.array([isinstance(q, str) and q > now for q in part.frame["quarter"]], dtype=bool)
    if rows.any():
        column = schema.table(table)["quarter"]
        yield problem_of(part, table, column, FUTURE, rows, allowed=f"a quarter up to {now}")


def problem_of(
    part: Part,
    table: str,
    column: Column,
    what: Text,
    rows: Any,
    *,
    met: pd.Series | None = None,
    allowed: str = "",
    name: str = "",
) -> Problem:
    """Describe faulty rows by their lines in the files; ids are never repeated."""
    import numpy as np

    rows = np.asarray(rows, dtype=bool)
    first = tuple(int(line) for line in part.lines[rows][:SHOWN])
    words = [] if met is None else list(dict.fromkeys(plain(c) for c in met[rows].head(1000)))
    words = [w for w in words if w]
    got = tuple("(an identity number, not shown)" if is_identity_like(w) else w for w in words[:5])
    names = WORDS if what == NO_GRADE else column.allowed
    guess = next((g for w in words if (g := nearest(w, names))), "")
    return Problem(
        f"{table} ({_listed(part.names[rows])})",
        name or column.name,
        what,
        first,
        int(rows.sum()),
        got,
        allowed or RIGHT.get(what, column.expected),
        guess,
    )


def _listed(names: Any) -> str:
    """Name the files or sheets, the first three and how many more."""
    known = list(dict.fromkeys(map(str, names)))
    more = f" and {len(known) - 3} more" if len(known) > 3 else ""
    return ", ".join(known[:3]) + more
