"""Tables a reader can use: caption, scoped headings, aligned numbers, notes, and a CSV.

Written as plain semantic HTML, because the page styles it and a screen reader needs the
caption and the scopes; stars are never shown.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Literal, TypeVar

from yuyao_lib.display.backing import rows_backing
from yuyao_lib.display.charts import in_script, source_line
from yuyao_lib.display.shown import Shown
from yuyao_lib.findings import Mode, judge
from yuyao_lib.findings.spoken_counts import without_small_counts
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import LANGUAGES, Language, Text

__all__ = ["Alarm", "Cell", "Column", "Counted", "csv_text", "table"]

Cell = Text | str
Said = TypeVar("Said", Text, Text | str)
NUMBER = re.compile(r"[+\-\N{MINUS SIGN}]?[\d,]*\.?\d+%?")
LONGEST_NUMBER = 24  # characters; what is longer and begins with words is a sentence
RANGE = re.compile(rf"{NUMBER.pattern} (to|至) {NUMBER.pattern}")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Alarm(Text):
    """Words that say something is wrong: shown in red and bold, and wrong without colour too."""


@dataclass(frozen=True, slots=True)
class Counted(Text):
    """Words under a table that count people; of own data left out where a count breaks a rule.

    Attributes
    ----------
    counts
        What the words tell, or let be worked out: both sides of a share.
    term, n_unit
        As in an estimate: which table's rows are counted.
    """

    counts: tuple[int, ...] = ()
    term: str = ""
    n_unit: str = "persons"


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading and what it holds."""

    head: Text
    kind: Literal["text", "number"] = "number"


def table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    data: Dataset | None,
    *,
    caption: Text,
    notes: Sequence[Text] = (),
    name: str = "table",
    groups: Sequence[tuple[int, Text]] = (),
) -> Shown:
    """Show a table; the first column heads its row.

    Parameters
    ----------
    columns, rows
        Headings, and cells in the same order.
    data
        Where the numbers come from.
    caption
        What the table shows.
    notes
        Lines under the table; `Counted` where they tell counts.
    name
        File name of the CSV, without its ending.
    groups
        Headings between rows: (index of the row it stands before, words).
    """
    mode = data.mode if data else None
    if mode is Mode.OWN:
        rows = [[_few_unsaid(cell) for cell in row] for row in rows]
        notes = [_few_unsaid(note) for note in notes if _may_be_said(note, data)]
    html = {
        language: _html(columns, rows, data, caption, notes, dict(groups), language)
        for language in LANGUAGES
    }
    mark = "_SIMULATED" if mode is Mode.SIMULATED else ""
    text = csv_text([c.head.en for c in columns], [[of(x, "en") for x in row] for row in rows])
    return Shown(
        "table",
        Text(html["en"], html["zh"]),
        Text(f"{caption.en}\n{text}", f"{caption.zh}\n{text}"),
        mode=mode,
        csv=(f"{name}{mark}.csv", text),
        points=sum(map(_tells, rows)) if mode is Mode.OWN else 0,
    )


def _tells(row: Sequence[Cell]) -> bool:
    """Whether a row tells a number; what heads it, quarters, and reasons in words do not count."""
    told = [c for c in row[1:] if isinstance(c, str) and not re.fullmatch(r"\d{4}Q[1-4]", c)]
    return any(re.search(r"\d", cell) for cell in told)


def _may_be_said(note: Text, data: Dataset | None) -> bool:
    """Whether the counts of a note of own data break no rule."""
    if not isinstance(note, Counted) or data is None:
        return True
    from yuyao_lib.sources.contributions import contributions_of

    held = contributions_of(data).of(note.term, note.n_unit)
    return not any(judge(rows_backing(note.n_unit, n, held)) for n in note.counts)


def _few_unsaid(cell: Said) -> Said:
    """Return words without the small counts they say; numbers as they are."""
    if not isinstance(cell, Text):
        return cell
    en, zh = without_small_counts(cell.en), without_small_counts(cell.zh)
    return replace(cell, en=en, zh=zh)


def of(cell: Cell, language: Language) -> str:
    """Return a cell's words in a language, control and direction marks taken out."""
    words = cell.of(language) if isinstance(cell, Text) else str(cell)
    return CONTROL.sub("", words)


STARTS = tuple("=+-@|\t\r\n＝＋－＠")  # of what a spreadsheet would run, whole-width forms too


def csv_text(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return CSV that a spreadsheet will not run.

    Examples
    --------
    >>> csv_text(["a"], [["=1+1"], ["−0.5"]]).split()
    ['a', "'=1+1", '-0.5']
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([_harmless(head) for head in heads])
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def _harmless(cell: str) -> str:
    """Write a number plainly; quote what a spreadsheet would read as a formula."""
    if NUMBER.fullmatch(cell):
        return cell.replace("\N{MINUS SIGN}", "-").replace(",", "")
    return f"'{cell}" if cell.startswith(STARTS) or cell.lstrip().startswith(STARTS) else cell


def _html(
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    data: Dataset | None,
    caption: Text,
    notes: Sequence[Text],
    groups: dict[int, Text],
    language: Language,
) -> str:
    """Write one language's table."""
    kinds = ["t" if c.kind == "text" else "n" for c in columns]
    heads = "".join(
        f'<th scope="col" class="{kind}">{_head(c.head.of(language))}</th>'
        for c, kind in zip(columns, kinds, strict=True)
    )
    body = []
    for place, row in enumerate(rows):
        if place in groups:
            words = escape(groups[place].of(language))
            span = len(columns)
            body.append(
                f'<tr class="group"><th scope="rowgroup" colspan="{span}">{words}</th></tr>'
            )
        body.append(_row(row, kinds, language))
    lines = [in_script(note.of(language), language) for note in notes]
    if data is not None:
        lines.append(source_line(data, language))
    under = "".join(f"<p>{escape(line)}</p>" for line in lines)
    title = escape(caption.of(language))
    if data is not None and data.mode is Mode.SIMULATED:
        title += ' <span class="mark">SIMULATED · 模拟数据</span>'
    return (
        f'<div class="table" tabindex="0" role="group" aria-label="{escape(caption.of(language))}">'
        f"<table><caption>{title}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table></div>"
        f'<div class="notes">{under}</div>'
    )


def _head(words: str) -> str:
    """Write a heading; one such as "p-value" is not broken at its hyphen."""
    return re.sub(r"\b\w{1,2}-\w+", r'<span class="whole">\g<0></span>', escape(words))


def _shape(words: str, kind: str) -> str:
    """Say how a cell may be broken: a range nowhere, a sentence among numbers like any other."""
    if kind == "t":
        return " range" if RANGE.fullmatch(words) else ""
    return " said" if _is_prose(words) else ""


def _is_prose(words: str) -> bool:
    """Whether a cell holds a sentence where numbers stand; it may then be broken."""
    return len(words) > LONGEST_NUMBER and not any(c.isdigit() for c in words[:4])


def _row(row: Sequence[Cell], kinds: Sequence[str], language: Language) -> str:
    """Write one row, its first cell as heading."""
    words = [of(cell, language) for cell in row]
    cells = [escape(said) or "–" for said in words]
    marks = [
        " bad" if isinstance(cell, Alarm) else _shape(said, kind)
        for cell, said, kind in zip(row, words, kinds, strict=True)
    ]
    first = f'<th scope="row" class="{kinds[0]}{marks[0]}">{cells[0]}</th>'
    rest = "".join(
        f'<td class="{k}{m}">{c}</td>'
        for c, k, m in zip(cells[1:], kinds[1:], marks[1:], strict=True)
    )
    return f"<tr>{first}{rest}</tr>"
