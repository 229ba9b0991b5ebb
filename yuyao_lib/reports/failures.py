"""What a reader finds where a report failed: why, and what it had shown until then."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

from yuyao_lib.paths import PACKAGE

__all__ = ["error_page"]

DISPLAY_MIME = "application/vnd.yuyao.display+json"
LANGUAGES = {"en": "Shown before it failed", "zh": "失败之前所显示的内容"}


def error_page(name: str, sentence: str, executed: Path) -> str:
    """Write the page of a report that was not made.

    What its cells had shown stands below the reason, so that a check that failed can be
    seen; own data are left out, because nothing has yet been held to the rules.

    Parameters
    ----------
    name, sentence
        The report and why it was not made.
    executed
        Its notebook as far as it ran; it need not exist.

    Examples
    --------
    >>> page = error_page("a", "cell 2 failed: <no>.", Path("nowhere.ipynb"))
    >>> "cell 2 failed: &lt;no&gt;." in page, "Shown before" in page
    (True, False)
    """
    parts = _shown(executed)
    bodies = {language: "".join(part[language] for part in parts) for language in LANGUAGES}
    below = "".join(
        f'<section lang="{language}"><h2>{title}</h2>{bodies[language]}</section>'
        for language, title in LANGUAGES.items()
        if parts
    )
    style = (PACKAGE / "reports" / "page" / "page.css").read_text(encoding="utf-8")
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>No page: {escape(name)}</title><style>{style}</style>"
        f'<main><h1>This report was not made</h1><p class="bad">{escape(name)}: '
        f"{escape(sentence)}</p>"
        f"<p>The last published page, if there was one, still stands.</p>{below}</main></html>\n"
    )


def _shown(executed: Path) -> list[dict[str, str]]:
    """Return what finished cells showed, in both languages, tables and charts of own data not."""
    try:
        book = json.loads(executed.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return []  # it failed before there was a notebook
    found = [held for cell in book.get("cells", []) for held in _displays(cell)]
    if any(held.get("mode") == "own" for held in found):
        return []
    return [held["html"] for held in found if held.get("kind") not in {"card", "provenance"}]


def _displays(cell: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the displays of a cell's outputs."""
    outputs = [output.get("data", {}) for output in cell.get("outputs", [])]
    return [data[DISPLAY_MIME] for data in outputs if DISPLAY_MIME in data]
