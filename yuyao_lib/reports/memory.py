"""What was found up to date and what stood there then, so that looking again costs little.

A full look (`yuyao_lib.reports.digests`) reads notebooks, modules and data. An entry here
says what such a look found, and keeps the marks (size, times and place, as git does) of
every file the look could depend on: while all marks stand, what it found still holds. A
mark that differs is never more than a reason to take the full look. Standard library only.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import sysconfig
import time
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from yuyao_lib.paths import PACKAGE, project_root
from yuyao_lib.reports.whole_files import write_whole

__all__ = ["Memory", "digest_of", "environment"]

# a file written within one tick of the file system's clock could change again unseen
TICK_NANOSECONDS = 50_000_000
SKIPPED = "__pycache__"


class Memory:
    """What earlier looks found, each entry good while its files stand as they stood.

    Parameters
    ----------
    store
        File that remembers between commands.
    trust
        Whether to believe what is remembered.
    """

    def __init__(self, store: Path, *, trust: bool = True) -> None:
        self.store, self.changed = store, False
        self.looked = time.time_ns()
        self.marks: dict[str, Any] = {}
        self.ages: dict[str, int] = {}
        self.surroundings = digest_of([
            environment(), self._mark(str(PACKAGE)), str(Path.cwd()), str(project_root()),
        ])  # fmt: skip
        self.entries = _entries(store, self.surroundings) if trust else {}

    def look_again(self) -> None:
        """Forget the marks taken, because time has passed."""
        self.marks.clear()
        self.ages.clear()

    def recall(self, name: str, asked: Any) -> Any:
        """Return what was found under a name for the same question, or None.

        Parameters
        ----------
        name
            Name of the entry.
        asked
            What the answer depends on besides files, as plain values.
        """
        held = self.entries.get(name)
        if held is None or held["asked"] != digest_of(asked):
            return None
        return held["found"] if self._stand(held["places"]) == held["stand"] else None

    def keep(
        self, name: str, asked: Any, found: Any, *, read: Iterable[Path], made: Iterable[Path] = ()
    ) -> None:
        """Remember an answer, unless something changed while it was looked for.

        Parameters
        ----------
        name, asked
            As for `recall`.
        found
            The answer, as plain values.
        read
            Files and folders it depends on, there or not.
        made
            Files that were written with it, which are younger than the look.
        """
        places = [str(path) for path in read]
        if any(self._young(place) for place in [str(PACKAGE), *places]):
            return
        places += [str(path) for path in made]
        self.entries[name] = {
            "asked": digest_of(asked), "found": found, "places": places,
            "stand": self._stand(places),
        }  # fmt: skip
        self.changed = True

    def save(self) -> None:
        """Write what is remembered, in one step."""
        if self.changed:
            self.store.parent.mkdir(parents=True, exist_ok=True)
            held = {"surroundings": self.surroundings, "entries": self.entries}
            write_whole(self.store, json.dumps(held))
            self.changed = False

    def _stand(self, places: list[str]) -> str:
        """Digest how places stand now."""
        return digest_of([self._mark(place) for place in places])

    def _mark(self, place: str) -> Any:
        """Return a place's mark: None where nothing is, a digest of all in it for a folder."""
        if place not in self.marks:
            self.marks[place] = _mark_of(place)
        return self.marks[place]

    def _young(self, place: str) -> bool:
        """Whether a place changed since the look began, or too shortly before to be told."""
        if place not in self.ages:
            self.ages[place] = _youngest(place)
        return self.ages[place] > self.looked - TICK_NANOSECONDS


def _entries(store: Path, surroundings: str) -> dict[str, dict[str, Any]]:
    """Read what is remembered, if it was remembered in these surroundings."""
    try:
        held = json.loads(store.read_text(encoding="utf-8"))
        kept = held["entries"] if held["surroundings"] == surroundings else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # a cut-off memory only costs time
    return dict(kept)


def _mark_of(place: str) -> Any:
    """Mark a file or a folder."""
    try:
        seen = os.stat(place)  # noqa: PTH116 - thousands of these are taken
    except OSError:
        return None
    if os.path.isdir(place):  # noqa: PTH112
        return digest_of([[path, *_numbers(stat)] for path, stat in sorted_files(place)])
    return _numbers(seen)


def _numbers(seen: os.stat_result) -> list[int]:
    """Return the numbers that change when a file does."""
    return [seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino]


def _youngest(place: str) -> int:
    """Return the last time anything at a place changed; of what is missing, its folder."""
    try:
        seen = os.stat(place)  # noqa: PTH116
    except OSError:
        folder = os.path.dirname(os.path.abspath(place))  # noqa: PTH100, PTH120
        return _youngest(folder) if not os.path.isdir(folder) else os.stat(folder).st_mtime_ns  # noqa: PTH112, PTH116
    times = [seen.st_mtime_ns, seen.st_ctime_ns]
    if os.path.isdir(place):  # noqa: PTH112
        times += [max(s.st_mtime_ns, s.st_ctime_ns) for _, s in sorted_files(place)]
    return max(times)


def sorted_files(folder: str) -> list[tuple[str, os.stat_result]]:
    """Return the files below a folder, byte code left out, each with how it stands."""
    return sorted(_files(folder), key=lambda held: held[0])


def _files(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    """Walk a folder."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name != SKIPPED:
                    yield from _files(entry.path)
            else:
                yield entry.path, _seen(entry)


def _seen(entry: os.DirEntry[str]) -> os.stat_result:
    """Return how an entry stands, or its link where that leads nowhere."""
    try:
        return entry.stat()
    except OSError:
        return entry.stat(follow_symlinks=False)


@cache
def environment() -> str:
    """Digest what is installed: names and versions of packages, and of Python."""
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    names = [n for f in folders for n in os.listdir(f) if n.endswith(".dist-info")]  # noqa: PTH208
    kept = sorted(n for n in names if not n.startswith("yuyao_lib"))
    return digest_of([sys.version, *kept])


def digest_of(value: Any) -> str:
    """Digest plain values.

    Examples
    --------
    >>> digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})
    True
    """
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
