"""Which rows a count is of, so that counts shown together can be added and subtracted.

Kept in the memory of the process that counted, and only where own tables were opened: not
written to a page, a notebook or a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Members", "Universe"]


@dataclass(frozen=True, slots=True, eq=False)
class Universe:
    """Rows of which some are counted, each with the person and the employer it is about.

    Attributes
    ----------
    kind
        What a row is, such as ``person_times``; only rows of one kind are compared.
    rows
        Shape (n,): a number for each row, the same wherever that row is used.
    persons, employers
        Shape (n,): a number for each person and employer; None where rows name none.
    sizes
        Shape (n,): persons a row stands for, where it stands for several, such as a union.
    """

    kind: str
    rows: Any
    persons: Any = None
    employers: Any = None
    sizes: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """The rows behind one count.

    Attributes
    ----------
    universe
        Rows that could be counted.
    used
        Shape (n,), bool: which of them were.
    """

    universe: Universe
    used: Any
