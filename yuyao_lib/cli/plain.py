"""Words on a terminal that are only words: names and values cannot command it."""

from __future__ import annotations

import re
from typing import Any

import click

__all__ = ["echo", "plain"]

# colours and moves, titles, single signs; and what turns the order of reading
COMMANDS = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]P^_X][^\x07\x1b]*(?:\x07|\x1b\\)|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
    "|[\u202a-\u202e\u2066-\u2069\u2028\u2029]"
)


def plain(words: str) -> str:
    r"""Return words without what a terminal would obey.

    Examples
    --------
    >>> plain("no \x1b[31mred\x1b]0;title\x07, no \x9b2J")
    'no red, no 2J'
    """
    return COMMANDS.sub("", words)


def echo(words: str, **given: Any) -> None:
    """Say words on the console, plainly; as `click.echo` otherwise."""
    click.echo(plain(words), **given)
