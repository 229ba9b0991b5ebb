"""Files written in one step: readers see the old one or the new one, never a part."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

__all__ = ["write_whole"]


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file beside its place and move it there.

    Parameters
    ----------
    path
        The file; its folder must be there.
    content
        Bytes, or text that is written as UTF-8 with its ends of lines as they are.

    Raises
    ------
    OSError
        If the file cannot be written, which it names; the one before it stays.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        draft.write_bytes(content.encode() if isinstance(content, str) else content)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise type(error)(error.errno, error.strerror, str(path)) from error
