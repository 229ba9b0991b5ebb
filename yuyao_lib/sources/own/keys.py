"""The secret key: 32 random bytes in a file only its owner may read, or in the environment.

It is never a parameter, never printed, never written to outputs. One key a project; the
same key gives the same person the same pseudonym in every file.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path

from yuyao_lib.errors import DataError
from yuyao_lib.paths import project_root

__all__ = ["KEY_FILE", "KEY_VARIABLE", "ensure_key", "find_key", "key_file", "keyed", "new_key"]

KEY_VARIABLE, KEY_FILE = "YUYAO_KEY", "YUYAO_KEY_FILE"
BYTES = 32


def key_file() -> Path:
    """Return where the key lies unless it is in the environment."""
    given = os.environ.get(KEY_FILE)
    return Path(given).expanduser() if given else Path.home() / ".config" / "yuyao" / "key"


def find_key() -> bytes:
    """Return the key.

    Raises
    ------
    DataError
        If there is none, it is too short, others may read its file, or it lies inside
        the project, from where it could be shared.
    """
    written = os.environ.get(KEY_VARIABLE)
    if written is not None:
        return _long_enough(written.strip().encode(), f"the environment variable {KEY_VARIABLE}")
    path = key_file()
    if not path.is_file():
        raise DataError(
            "identity numbers are replaced under a secret key, and there is none yet; make one"
            f" with: yuyao key --new (or set {KEY_VARIABLE} or {KEY_FILE})"
        )
    _refuse_inside(path)
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        mode = stat.S_IMODE(path.stat().st_mode)
        raise DataError(f"others may read the key file (mode {mode:04o}); allowed: 0600.")
    return _long_enough(path.read_bytes().strip(), "the key file")


def keyed(digest: str) -> str:
    """Return what stands for the digest of an own file, as long as the digest itself.

    Who knows all of a payroll but one cell could try every value of it against a plain
    digest; against this one only who has the key can.

    Raises
    ------
    DataError
        As `find_key` does.
    """
    return hmac.new(find_key(), b"file " + digest.encode(), hashlib.sha256).hexdigest()


def new_key(path: Path | None = None) -> Path:
    """Write a new key where nobody else can read it; an old one is never replaced.

    Raises
    ------
    DataError
        If there is a key already, or the place lies inside the project.
    """
    path = path or key_file()
    _refuse_inside(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise DataError(
            "there is a key already; a new one would give every person another pseudonym."
            " Move the old one away first if that is meant."
        ) from error
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(BYTES) + "\n")
    return path


def ensure_key() -> None:
    """Make a key where there is none; one that is there is kept and checked.

    Raises
    ------
    DataError
        If the key that is there cannot be used.
    """
    if os.environ.get(KEY_VARIABLE) is None and not key_file().is_file():
        new_key()
    find_key()


def _refuse_inside(path: Path) -> None:
    """Refuse a key in the project's folder."""
    if project_root().resolve() in path.resolve().parents:
        raise DataError("the key file lies inside the project, from where it could be shared.")


def _long_enough(key: bytes, where: str) -> bytes:
    """Refuse a key that could be guessed."""
    if len(key) < BYTES:
        raise DataError(f"{where} holds {len(key)} characters; allowed: at least {BYTES}.")
    return key
