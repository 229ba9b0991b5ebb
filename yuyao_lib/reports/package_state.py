"""Whether a replication package, and the software under it, is as it was written."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.metadata import distributions
from pathlib import Path

from yuyao_lib.sources.card import digest_file

__all__ = ["MANIFEST", "changed_files", "other_versions"]

MANIFEST = "manifest.json"
HELD = ("yuyao_lib", "notebooks", "data", "expected")  # nothing else may lie there
MADE = {"__pycache__", ".ipynb_checkpoints"}


def changed_files(folder: Path) -> list[str]:
    """Say which files are not as the package's manifest has them.

    Returns
    -------
    list of str
        ``NAME was changed``, ``NAME is missing`` or ``NAME was added``.
    """
    path = folder / MANIFEST
    if not path.is_file():
        return [f"{MANIFEST} is missing"]
    try:
        known = {str(n): str(d) for n, d in json.loads(path.read_text(encoding="utf-8")).items()}
    except (ValueError, AttributeError):
        return [f"{MANIFEST} was changed"]
    found = [_state(folder / name, name, digest) for name, digest in sorted(known.items())]
    added = [f"{name} was added" for name in _there(folder) if name not in known]
    return [said for said in found if said] + added


def _state(path: Path, name: str, digest: str) -> str:
    """Say what became of one file; nothing where it is as it was."""
    if not path.is_file():
        return f"{name} is missing"
    return "" if digest_file(path) == digest else f"{name} was changed"


def _there(folder: Path) -> list[str]:
    """Name the files of the parts that a run reads."""
    found = (p for part in HELD for p in (folder / part).rglob("*") if p.is_file())
    names = (p.relative_to(folder) for p in found if not MADE & set(p.parts))
    return sorted(name.as_posix() for name in names)


def other_versions(folder: Path) -> list[str]:
    """Say which installed packages are of another version than the lock pins.

    Returns
    -------
    list of str
        ``NAME 1.2 is installed, uv.lock pins 1.3``.
    """
    path = folder / "uv.lock"
    if not path.is_file():
        return []  # said of the files
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8")).get("package", [])
    except tomllib.TOMLDecodeError:
        return []
    pinned: dict[str, set[str]] = {}
    for package in held:
        if "version" in package and "registry" in package.get("source", {}):
            pinned.setdefault(_plain(package["name"]), set()).add(package["version"])
    here = {_plain(d.metadata["Name"]): d.version for d in distributions()}
    return [
        f"{name} {version} is installed, uv.lock pins {' or '.join(sorted(pinned[name]))}"
        for name, version in sorted(here.items())
        if name in pinned and version not in pinned[name]
    ]


def _plain(name: str) -> str:
    """Return a package's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).casefold()
