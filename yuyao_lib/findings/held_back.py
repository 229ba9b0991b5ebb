"""What a page keeps to itself, for beside an older page it would single somebody out.

That a number, or a table, differs from one released before by a few persons is known only
once the page is made. Then the page is made again without it, instead of being refused whole.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

__all__ = ["HeldBack", "held_back", "holding_back"]

PLACE = "YUYAO_HELD_BACK"  # names a file; a kernel inherits the environment of who raised it
SHOWN = re.compile(
    r"^.+? (?P<kind>table|chart|sentence) (?P<place>.+?): (?P<what>.+?)(?: \(\d+\))?$"
)


@dataclass(frozen=True, slots=True)
class HeldBack:
    """What is not to be shown.

    Attributes
    ----------
    keys
        Of numbers, as releases are compared by.
    tables
        Names of own tables, of which nothing is to be shown.
    sets
        Marks of who stands behind counts.

    Examples
    --------
    >>> held = HeldBack(("pay.mean", "pay table density: town T1 (2)"))
    >>> sorted(held.numbers), held.places
    (['mean', 'town T1'], {('table', 'density', 'town T1')})
    """

    keys: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()

    @property
    def numbers(self) -> set[str]:
        """Names of numbers, which stand nowhere on the page."""
        every = [(key, SHOWN.match(key)) for key in self.keys]
        names = [shown["what"] if shown else key.partition(".")[2] or key for key, shown in every]
        return {name.removeprefix("n of ") for name in names}

    @property
    def places(self) -> set[tuple[str, str, str]]:
        """Kind, name and number of what is in a table, figure or sentence alone."""
        found = [shown for key in self.keys if (shown := SHOWN.match(key)) is not None]
        return {(shown["kind"], shown["place"], shown["what"]) for shown in found}

    def shows(self, kind: str, name: str | None, what: Collection[str]) -> bool:
        """Whether a table, figure or sentence shows any of it; without a name, any of its kind."""
        return any(
            kind == of and number in what and (name is None or name == place)
            for of, place, number in self.places
        )


def held_back() -> HeldBack:
    """Return what this page keeps to itself; nothing, as a rule."""
    return _read(os.environ.get(PLACE))


@lru_cache(maxsize=1)
def _read(path: str | None) -> HeldBack:
    """Return what a file says."""
    if path is None:
        return HeldBack()
    held = json.loads(Path(path).read_text(encoding="utf-8"))
    return HeldBack(*(tuple(held[name]) for name in ("keys", "tables", "sets")))


@contextmanager
def holding_back(held: HeldBack | None, *, folder: Path) -> Iterator[None]:
    """Keep numbers and tables back while a page is made; they are noted in its folder."""
    if held is None:
        yield
        return
    path = folder / "held_back.json"
    path.write_text(json.dumps(asdict(held), ensure_ascii=False, indent=1), encoding="utf-8")
    _read.cache_clear()
    os.environ[PLACE] = str(path)
    try:
        yield
    finally:
        del os.environ[PLACE]
