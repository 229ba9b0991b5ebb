"""How a plain value looks in a notebook: its name, and a line a field, in both languages.

For small frozen dataclasses that have no table of their own: a specification, a check, a
problem, a source card. Standard library only, because values of every floor use it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from enum import Enum
from html import escape
from typing import Any

__all__ = ["Fielded", "facts_html", "told"]

MOST = 12  # entries of a list that are shown
YES, NO = "yes · 是", "no · 否"


class Fielded:
    """A dataclass that shows its fields in Jupyter.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Design(Fielded):
    ...     firms: int
    >>> "<th scope='row' style='text-align:left'>firms</th>" in Design(31)._repr_html_()
    True
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        rows = [(f.name, getattr(self, f.name)) for f in fields(self)]  # type: ignore[arg-type]
        return facts_html(type(self).__name__, rows)


def facts_html(title: str, rows: Iterable[tuple[str, Any]]) -> str:
    """Return a table of names and values, empty ones left out.

    Parameters
    ----------
    title
        Caption, as plain text.
    rows
        Pairs of a name and a value of any kind.
    """
    body = "".join(
        f"<tr><th scope='row' style='text-align:left'>{escape(name)}</th>"
        f"<td style='text-align:left'>{escape(words)}</td></tr>"
        for name, words in ((name, told(value)) for name, value in rows)
        if words
    )
    return f"<table><caption>{escape(title)}</caption><tbody>{body}</tbody></table>"


def told(value: Any) -> str:
    """Return a value in words; nothing for None and for what is empty.

    Examples
    --------
    >>> told(True), told(("a", "b")), told(1234567), told(None)
    ('yes · 是', 'a, b', '1,234,567', '')
    """
    if isinstance(value, Enum):
        value = getattr(value, "text", value.value)
    if hasattr(value, "en") and hasattr(value, "zh"):
        return value.en if value.en == value.zh else f"{value.en} · {value.zh}"
    if isinstance(value, dict):
        return _listed([f"{name}: {told(held)}" for name, held in value.items()])
    if isinstance(value, (tuple, list)):
        return _listed([told(held) for held in value])
    return _one(value)


def _one(value: Any) -> str:
    """Return a single value in words."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.4g}"
    if hasattr(value, "shape"):
        return f"{type(value).__name__} {tuple(value.shape)}"
    return "" if value is None else str(value)


def _listed(words: list[str]) -> str:
    """Join words, cutting a long list."""
    more = f" … {len(words):,}" if len(words) > MOST else ""
    return ", ".join(words[:MOST]) + more
