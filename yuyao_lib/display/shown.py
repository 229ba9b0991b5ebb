"""What a notebook cell shows: the same thing in English and Chinese, with its findings."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Literal

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import FINDING_MIME, Backing, Finding, Mode
from yuyao_lib.vocabulary import LANGUAGES, Language, Text

__all__ = ["DISPLAY_MIME", "Kind", "Shown", "language", "reader_language"]

DISPLAY_MIME = "application/vnd.yuyao.display+json"
Kind = Literal["finding", "sentence", "table", "chart", "card", "notice", "provenance", "checks"]

_chosen: list[Language] = []


def language(choice: Language) -> None:
    """Choose the language that JupyterLab shows; pages always have both.

    Examples
    --------
    >>> language("en")
    """
    if choice not in LANGUAGES:
        raise InputError(sentence("unknown language", got=choice, allowed=LANGUAGES))
    _chosen[:] = [choice]


def reader_language() -> Language:
    """Return the language to show in JupyterLab: chosen, else YUYAO_LANGUAGE, else English."""
    if _chosen:
        return _chosen[0]
    return "zh" if os.environ.get("YUYAO_LANGUAGE", "").startswith("zh") else "en"


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing to show.

    Attributes
    ----------
    kind
        What it is; the page styles it by this.
    html
        The finished fragment in both languages, every value escaped.
    plain
        The same in words, for terminals.
    mode
        Kind of data behind it; None where no data are.
    findings
        Findings it carries.
    csv
        File name and content of the numbers behind it.
    backing
        Who stands behind the numbers of own data; None: not declared, and then a page of
        own data does not show it.
    hidden
        For each number of own data that is not shown: which, and the rule it breaks.
    points
        Values a reader could read off a chart; of a table of own data, rows that tell a
        number.
    drawn
        Words on a chart of own data: the picture holds them as outlines.
    """

    kind: Kind
    html: Text
    plain: Text
    mode: Mode | None = None
    findings: tuple[Finding, ...] = ()
    csv: tuple[str, str] | None = None
    backing: tuple[Backing, ...] | None = None
    hidden: tuple[tuple[str, str], ...] = ()
    points: int = 0
    drawn: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return what the page renderer reads."""
        values = {
            "kind": self.kind,
            "mode": self.mode.value if self.mode else None,
            "html": self.html.to_dict(),
            "csv": {"name": self.csv[0], "text": self.csv[1]} if self.csv else None,
        }
        if self.mode is not Mode.OWN:
            return values
        backing = None if self.backing is None else [b.to_dict() for b in self.backing]
        hidden = [list(pair) for pair in self.hidden]
        told = {"backing": backing, "hidden": hidden, "points": self.points}
        return {**values, **told, "drawn": list(self.drawn)}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Show it in a notebook, and hand it to the page."""
        here = reader_language()
        bundle: dict[str, Any] = {
            "text/plain": self.plain.of(here),
            "text/html": f'<div class="yuyao" lang="{here}">{self.html.of(here)}</div>',
            DISPLAY_MIME: self.to_dict(),
        }
        if self.findings:
            bundle[FINDING_MIME] = {"findings": [f.to_dict() for f in self.findings]}
        return bundle

    def __repr__(self) -> str:
        return self.plain.of(reader_language())
