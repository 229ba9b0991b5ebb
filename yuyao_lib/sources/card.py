"""Source cards: who publishes a data set, under what terms, and what exactly was read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from yuyao_lib.fields import Fielded
from yuyao_lib.vocabulary import Text

__all__ = ["FileDigest", "SourceCard", "digest_bytes", "digest_file"]


@dataclass(frozen=True, slots=True)
class FileDigest:
    """One file or packaged table that was read.

    Attributes
    ----------
    name
        File name without its folder, or ``package:table``.
    sha256
        Digest of the bytes (files) or of the values (packaged tables); of own files that
        digest under the researcher's key, so that nobody else can try guesses against it.
    rows
        Number of rows, None where that has no meaning.
    keyed
        Whether the digest is under a key (HMAC-SHA256).
    """

    name: str
    sha256: str
    rows: int | None = None
    keyed: bool = False

    @property
    def kind(self) -> str:
        """How the digest was made."""
        return "HMAC-SHA256" if self.keyed else "SHA-256"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCard(Fielded):
    """What a reader must know of a data set before believing a number from it.

    Attributes
    ----------
    title, unit_of_record, notes
        What it is, what one row is, and what to mind.
    publisher, citation, licence, vintage
        Who made it public, how to cite it, on what terms, which period it describes.
    publisher_zh, licence_zh
        Publisher and terms in Chinese; where empty the Chinese page shows the others.
    files
        What exactly was read.
    set_aside
        Rows left out on loading, by reason.
    """

    title: Text
    publisher: str
    citation: str
    licence: str
    vintage: str
    unit_of_record: Text
    notes: Text
    publisher_zh: str = ""
    licence_zh: str = ""
    files: tuple[FileDigest, ...] = ()
    set_aside: tuple[tuple[str, int], ...] = ()


def digest_bytes(content: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def digest_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes without holding them all."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
