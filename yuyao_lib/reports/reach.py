"""Which modules of this package a notebook can reach: read from the source, never run.

Imports inside functions count. Two kinds of edges are not imports and are known here: a
data set opened by name reaches its opener and its files, and a method's results are
shown by the display module of the same topic. Standard library only.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable
from pathlib import Path

from yuyao_lib.paths import PACKAGE, project_root
from yuyao_lib.reports.file_digests import FileDigests
from yuyao_lib.sources.catalogue import TOPICS

__all__ = ["COMMITTED", "OPENERS", "imports_of", "place_of", "reachable"]

SOURCES = "yuyao_lib.sources"
CATALOGUE = tuple(dict.fromkeys(f"catalogue.{topic}" for topic in TOPICS.values()))
OPENERS: dict[str, tuple[str, ...]] = {
    "record": ("record",),
    "simulated": ("simulation",),
    "published": ("printed", "public", *CATALOGUE),  # its results open public data sets
    "trials": ("counted_trials",),
}
COMMITTED = ("record", "published", "trials")  # data sets whose files lie under data/
BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
LAZY = frozenset(
    f"{SOURCES}.{name}"
    for name in ("record", "public", "own", "printed", "simulation", "counted_trials")
)


def reachable(imports: Iterable[str], opened: Iterable[str], files: FileDigests) -> dict[str, Path]:
    """Return the modules of this package that cells can reach, with their files.

    Parameters
    ----------
    imports
        What the cells import, as `imports_of` returns it.
    opened
        Names and paths of data sets they may open.
    files
        Digests of files, which remember what a module imports.
    """
    waiting = {*imports, *(f"{SOURCES}.{m}" for name in opened for m in _openers(name))}
    there, found = _modules(), dict[str, Path]()
    while waiting:
        name = waiting.pop()
        if name in found or name not in there:
            continue
        path = found[name] = there[name]
        waiting |= _edges(name, path, files)
        waiting |= {name.rpartition(".")[0]} - {""}
        if name.startswith("yuyao_lib.methods."):
            waiting.add(name.replace(".methods.", ".display.", 1))
    return found


def _modules() -> dict[str, Path]:
    """Return every module of this package that there is, with its file."""
    found: dict[str, Path] = {}
    for folder, below, names in os.walk(PACKAGE):
        below[:] = [name for name in below if name.isidentifier() and name != "__pycache__"]
        package = ".".join([PACKAGE.name, *Path(folder).relative_to(PACKAGE).parts])
        for name in names:
            stem, _, kind = name.rpartition(".")
            if kind == "py" and stem != "__init__":
                found.setdefault(f"{package}.{stem}", Path(folder, name))
        if "__init__.py" in names:  # a package hides a module of its name
            found[package] = Path(folder, "__init__.py")
    return found


def _edges(name: str, path: Path, files: FileDigests) -> set[str]:
    """Return what a module imports, openers of data sets left out."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]

    def read() -> list[str]:
        return sorted(imports_of(path.read_text(encoding="utf-8"), package))

    found = set(files.fact(f"imports of {name}", path, read))
    return found - LAZY if name == SOURCES else found


def imports_of(code: str, package: str) -> set[str]:
    """Return the names in this package that code imports, at any depth, but for types only.

    Parameters
    ----------
    code
        Source code.
    package
        The package it belongs to; empty for a notebook's cell.
    """
    found: set[str] = set()
    waiting: list[ast.AST] = [ast.parse(code)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            waiting.extend(node.orelse)
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        # imports are statements, and statements stand in these parts of others only
        waiting.extend(child for part in BLOCKS for child in getattr(node, part, ()))
    if code and "yuyao_lib" in found and not package:
        found.add(SOURCES)  # the package's short name for opening data is loaded when used
    return {name for name in found if name.split(".")[0] == "yuyao_lib"}


def _openers(name: str) -> list[str]:
    """Return the modules that open a data set of this name; none if it is no such name."""
    if name in OPENERS:
        return list(OPENERS[name])
    path = place_of(name)
    if (path / "measures.csv").is_file():
        return ["record"]
    if (path / "cases.json").is_file():
        return list(OPENERS["published"])
    if (path / "register.json").is_file() and not (path / "mapping.yaml").is_file():
        return list(OPENERS["simulated"])
    if path.exists():
        return ["own"]
    return ["public", f"catalogue.{TOPICS[name]}"] if name in TOPICS else []


def place_of(name: str) -> Path:
    """Return where a data set named by its path lies: from here, else from the project."""
    path, below = Path(name), project_root() / name
    return below if not path.exists() and below.exists() else path
