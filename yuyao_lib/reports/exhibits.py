"""Tables and figures of a report: which cell of its notebook makes each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

from yuyao_lib.reports.page.assembly import display_of

__all__ = ["Exhibit", "exhibits_of", "words_of"]

KINDS = {"table": "Table", "chart": "Figure"}
CAPTION = re.compile(r"<caption[^>]*>(.*?)</caption>", re.DOTALL)
SEEN = re.compile(r'<img alt="([^"]*)"')
LONGEST = 140
TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One table or figure.

    Attributes
    ----------
    report, kind, number
        Whose it is, ``Table`` or ``Figure``, and its number among those of its kind.
    cell
        Number of the code cell that shows it, from 1, the parameters cell included.
    caption
        A table's caption, or the beginning of what a figure is said to show, in English.
    csv
        Name of the file of its numbers, empty where there is none.
    numbers
        What that file holds.
    """

    report: str
    kind: str
    number: int
    cell: int
    caption: str
    csv: str
    numbers: str = field(default="", repr=False)


def exhibits_of(report: str, executed: Path) -> Iterator[Exhibit]:
    """List the tables and figures that an executed notebook shows, in order."""
    import nbformat

    counts = dict.fromkeys(KINDS.values(), 0)
    code = [c for c in nbformat.read(executed, as_version=4).cells if c.cell_type == "code"]
    own = [c for c in code if "injected-parameters" not in c.metadata.get("tags", [])]
    for number, cell in enumerate(own, start=1):
        for shown in filter(None, map(_shown, cell.outputs)):
            kind = KINDS[shown["kind"]]
            counts[kind] += 1
            csv = shown.get("csv") or {"name": "", "text": ""}
            words = words_of(shown["html"]["en"])
            yield Exhibit(report, kind, counts[kind], number, words, csv["name"], csv["text"])


def _shown(output: Any) -> Any:
    """Return what a table's or figure's output holds for the page; None for others."""
    held = display_of(output)
    return held if held and held.get("kind") in KINDS else None


def words_of(html: str) -> str:
    """Return the words of a caption, or how the description of a figure or a text begins.

    Examples
    --------
    >>> words_of("<table><caption>Pay by <b>grade</b></caption></table>"), words_of("<p>So.</p>")
    ('Pay by grade', 'So.')
    """
    found = CAPTION.search(html) or SEEN.search(html)
    words = " ".join(unescape(TAG.sub(" ", found[1] if found else html)).split())
    return words if len(words) <= LONGEST else f"{words[:LONGEST].rpartition(' ')[0]} ..."
