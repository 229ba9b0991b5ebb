"""Numbers cut into the parts they are written in, over spaces, line ends, cells and commas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

__all__ = ["cut_up"]

BETWEEN = r"[\s,;:|/._·-]{1,3}"  # two parts; the same each time
PART = r"[0-9A-Y]{1,9}"
ROW = re.compile(  # of parts; the last may be the first of another row
    rf"[0-9A-Y](?<![0-9A-Za-z].)(?<!\d\..)[0-9A-Y]{{0,8}}({BETWEEN})(?:{PART}\1)+(?=({PART}[Xx]?))"
)
CUTS = {  # of each kind: how many characters its parts have
    "identity number": ((6, 8, 4), (6, 4, 4, 4), (6, 4, 2, 2, 4), (4, 4, 4, 4, 2), (1,) * 18),
    "identity number of 15 digits": ((6, 6, 3), (6, 2, 2, 2, 3)),
    "credit code": ((2, 6, 9, 1), (8, 9, 1), (4, 4, 4, 4, 2)),
}


def _pattern(sizes: tuple[int, ...]) -> re.Pattern[str]:
    """Return the parts of given sizes with the same between each two."""
    parts = [rf"[0-9A-Yx]{{{size}}}" for size in sizes]
    between = [rf"({BETWEEN})", *[r"\2"] * (len(sizes) - 2)]
    whole = parts[0] + "".join(b + p for b, p in zip(between, parts[1:], strict=True))
    return re.compile(rf"(?<![0-9A-Za-z])(?=({whole})(?![0-9A-Za-z]))")


WAYS = {kind: [_pattern(sizes) for sizes in ways] for kind, ways in CUTS.items()}


@lru_cache(maxsize=4)
def _rows(text: str) -> tuple[str, ...]:
    """Return what consists of three parts or more with the same between them."""
    return tuple(found[0] + found[2] for found in ROW.finditer(text))


def cut_up(kind: str, text: str) -> Iterator[tuple[str, str]]:
    r"""Yield what of a kind may be cut up in a text: as it stands there, and put together.

    Examples
    --------
    >>> list(cut_up("identity number", "1,2,110105\n19491231\n002X"))
    [('110105\n19491231\n002X', '11010519491231002X')]
    """
    if kind not in WAYS:
        return
    for row in _rows(text):
        for pattern in WAYS[kind]:
            for found in pattern.finditer(row):
                yield found[1], found[1].replace(found[2], "")
