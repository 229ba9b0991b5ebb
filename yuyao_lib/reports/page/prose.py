"""Markdown cells as HTML: formulas as MathML, markup in the source shown as text."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from yuyao_lib.errors import RenderError

__all__ = ["Heading", "markdown", "mathml"]

MATH = re.compile(
    r"\$\$(?P<block>.+?)\$\$|(?<![\\$])\$(?P<inline>[^\s$](?:[^$\n]*[^\s$])?)\$", re.S
)
CODE = re.compile(r"(```.*?```|`[^`\n]*`)", re.S)
HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.S)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")

Heading = tuple[int, str, str]  # level, id, words


@cache
def _parser() -> Any:
    """Return the Markdown parser; HTML in the source is escaped, never passed on."""
    import mistune

    return mistune.create_markdown(escape=True, plugins=["table", "strikethrough"])


def mathml(formula: str, *, block: bool) -> str:
    """Return a formula as MathML.

    Raises
    ------
    RenderError
        If the formula cannot be read, naming it.
    """
    import math_core

    try:
        made = _converter().convert_with_local_state(formula.strip(), displaystyle=block)
    except math_core.LatexError as error:
        said = COLOUR.sub("", str(error)).strip().splitlines()[0]
        raise RenderError(f"a formula cannot be rendered: {formula.strip()!r} ({said}).") from error
    # a long formula is scrolled on a phone, so a keyboard must reach it
    return made.replace('display="block"', 'display="block" tabindex="0"', 1)


@cache
def _converter() -> Any:
    """Return the formula converter."""
    import math_core

    return math_core.LatexToMathML()


def markdown(source: str, *, prefix: str = "") -> tuple[str, list[Heading]]:
    """Return a Markdown text as HTML with ids on its headings, and the headings.

    Parameters
    ----------
    source
        Markdown with ``$...$`` and ``$$...$$`` formulas.
    prefix
        Begins every id, so that ids are unique on a page.
    """
    held: list[str] = []

    def keep(found: re.Match[str]) -> str:
        block = found["block"] is not None
        held.append(mathml(found["block"] or found["inline"], block=block))
        mark = f"\ue000{len(held) - 1}\ue001"
        return f"\n\n{mark}\n\n" if block else mark

    pieces = CODE.split(source.replace("\ue000", "").replace("\ue001", ""))
    text = "".join(p if i % 2 else MATH.sub(keep, p) for i, p in enumerate(pieces))
    html = _parser()(text)
    html = re.sub(r"\ue000(\d+)\ue001", lambda m: held[int(m[1])], html)
    headings: list[Heading] = []

    def name(found: re.Match[str]) -> str:
        level, words = int(found[1]), found[2]
        key = f"{prefix}{len(headings)}" if headings else prefix
        headings.append((level, key, re.sub(r"<[^>]+>", "", words)))
        return f'<h{level} id="{key}">{words}</h{level}>'

    return HEADING.sub(name, html), headings
