"""SHA-256 of files, and plain facts read from them, remembered between commands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from yuyao_lib.paths import PACKAGE
from yuyao_lib.reports.whole_files import write_whole

__all__ = ["FileDigests"]

Found = TypeVar("Found")
READERS = ("cells.py", "reach.py", "digests.py")  # what facts are read by


class FileDigests:
    """SHA-256 of files, remembered by size, time and place as git does.

    Parameters
    ----------
    store
        File that remembers between commands.
    rehash
        Trust nothing remembered.
    """

    def __init__(self, store: Path, *, rehash: bool = False) -> None:
        self.store, self.rehash, self.fresh = store, rehash, False
        self._known: dict[str, list[Any]] | None = None
        self._facts: dict[str, list[Any]] = {}
        self._readers: list[str] = []
        self._glance: dict[Any, Any] | None = None

    @contextmanager
    def one_glance(self) -> Iterator[None]:
        """Take what is seen first for all that is asked within: many reports share most files."""
        self._glance = {}
        try:
            yield
        finally:
            self._glance = None

    def once(self, asked: Any, find: Callable[[], Found]) -> Found:
        """Return what `find` returns, found once within one glance and each time outside.

        Parameters
        ----------
        asked
            What is looked for, as a value that tells one question from another.
        find
            Finds it.
        """
        if self._glance is None:
            return find()
        if asked not in self._glance:
            self._glance[asked] = find()
        return self._glance[asked]

    @property
    def known(self) -> dict[str, list[Any]]:
        """What is remembered; read when first asked for."""
        if self._known is None:
            self._known = {}
            if not self.rehash:
                try:
                    held = json.loads(self.store.read_text(encoding="utf-8"))
                    self._known, self._facts = dict(held["files"]), dict(held["facts"])
                except (OSError, ValueError, KeyError, TypeError):
                    self._known = {}  # a cut-off cache only costs time
        return self._known

    def of(self, path: Path) -> str:
        """Return a file's digest; a missing file has one too, so that it can appear."""
        return self.once(("digest", path), lambda: self._digest(path))

    def _digest(self, path: Path) -> str:
        """Return a file's digest as it is now."""
        try:
            seen = path.stat()
        except FileNotFoundError:
            return "missing"
        mark = [seen.st_size, seen.st_mtime_ns, seen.st_ino]
        held = self.known.get(str(path))
        if held and held[:3] == mark:
            return str(held[3])
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        self.known[str(path)] = [*mark, digest]
        self.fresh = True
        return digest

    def fact(self, name: str, path: Path, read: Callable[[], Any]) -> Any:
        """Return what `read` found in a file when it last had this content.

        Parameters
        ----------
        name
            Name of the fact; one a file and question.
        path
            The file.
        read
            Reads it; the result is plain values.
        """
        self._readers = self._readers or [self.of(PACKAGE / "reports" / r) for r in READERS]
        by = [self.of(path), *self._readers]
        held = self._facts.get(name)
        if held and held[:-1] == by:
            return held[-1]
        found = read()
        self._facts[name] = [*by, found]
        self.fresh = True
        return found

    def save(self) -> None:
        """Remember, replacing the store in one step."""
        if self.fresh:
            self.store.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.store, json.dumps({"files": self.known, "facts": self._facts}))
