"""What goes into a report, as digests: the reason to run it again, or not to.

Standard library only: an unchanged plan is recognised without loading anything heavy.
Which modules of this package a notebook can reach is read from the source, imports
inside functions included. Two kinds of edges are not imports and are known here: a
data set opened by name reaches its opener and its files, and a method's results are
shown by the display module of the same topic.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from yuyao_lib.paths import DATA, PACKAGE, TERMS, project_root
from yuyao_lib.reports.cells import code_and_prose, read_notebook
from yuyao_lib.sources.catalogue import TOPICS

__all__ = ["FileDigests", "Inputs", "changes", "inputs_of", "own_tables"]

SOURCES = "yuyao_lib.sources"
CATALOGUE = tuple(dict.fromkeys(f"catalogue.{topic}" for topic in TOPICS.values()))
OPENERS: dict[str, tuple[str, ...]] = {
    "record": ("record",),
    "simulated": ("simulation",),
    "published": ("printed", "public", *CATALOGUE),  # its results open public data sets
}
OPEN_CALL = re.compile(r"""\byuyao(?:_lib)?\.open\(\s*["']([^"']+)["']""")
LAZY = frozenset(
    f"{SOURCES}.{name}" for name in ("record", "public", "own", "printed", "simulation")
)
PAGE = "yuyao_lib.reports.page"
PART_BYTES, PATH_BYTES = 255, 1024  # the longest that common file systems take


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
        self.store, self.fresh = store, False
        self.known: dict[str, list[Any]] = {}
        if store.is_file() and not rehash:
            try:
                self.known = json.loads(store.read_text(encoding="utf-8"))
            except (json.JSONDecodeError, UnicodeDecodeError):
                self.known = {}  # a cut-off cache only costs time

    def of(self, path: Path) -> str:
        """Return a file's digest; a missing file has one too, so that it can appear."""
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

    def save(self) -> None:
        """Remember, replacing the store in one step."""
        if self.fresh:
            self.store.parent.mkdir(parents=True, exist_ok=True)
            draft = self.store.with_suffix(f".{os.getpid()}.tmp")
            draft.write_text(json.dumps(self.known), encoding="utf-8")
            draft.replace(self.store)


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a report depends on.

    Attributes
    ----------
    run
        What makes it necessary to execute: name -> digest or value.
    page
        What makes it necessary only to render.
    """

    run: dict[str, str]
    page: dict[str, str]

    @property
    def run_key(self) -> str:
        """Digest of what was executed."""
        return _digest(self.run)

    @property
    def page_key(self) -> str:
        """Digest of what is shown."""
        return _digest({"run": self.run_key, **self.page})


def inputs_of(
    notebook: Path, values: Mapping[str, Any], titles: Mapping[str, str], files: FileDigests
) -> Inputs:
    """Collect the inputs of one report.

    Parameters
    ----------
    notebook
        Its notebook.
    values
        Every parameter's value.
    titles
        Title in each language.
    files
        Digests of files.
    """
    book = read_notebook(notebook)
    code, prose = code_and_prose(book)
    opened = _opened(code, values)
    modules = reachable([_plain(cell) for cell in code], opened)
    run = {"code": _digest(code), "environment": _environment()}
    run |= {f"parameter {name}": json.dumps(value) for name, value in sorted(values.items())}
    run |= {f"module {name}": files.of(path) for name, path in sorted(modules.items())}
    run |= {f"data {_named(path)}": files.of(path) for path in _data_files(opened)}
    if own_tables(book, values):
        run["disclosure rules"] = files.of(PACKAGE / "findings" / "rules.csv")
    page = {"prose": _digest(prose), "title": _digest(dict(titles))}
    renderer = sorted((PACKAGE / "reports" / "page").rglob("*"))
    page |= {f"renderer {p.name}": files.of(p) for p in renderer if p.suffix in _RENDERED}
    return Inputs(run, page)


_RENDERED = {".py", ".j2", ".css", ".json"}


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Name what differs between two sets of inputs.

    Examples
    --------
    >>> changes({"code": "a", "data x": "1"}, {"code": "b", "data y": "1"})
    ['code changed', 'data x is gone', 'data y is new']
    """
    names = sorted({*before, *after})
    found = []
    for name in names:
        if name not in before:
            found.append(f"{name} is new")
        elif name not in after:
            found.append(f"{name} is gone")
        elif before[name] != after[name]:
            shown = f": {before[name]} -> {after[name]}" if name.startswith("parameter") else ""
            found.append(f"{name} changed{shown}")
    return found


def reachable(cells: Iterable[str], opened: Iterable[str] = ()) -> dict[str, Path]:
    """Return the modules of this package that cells can reach, with their files.

    A cell that is not Python reaches nothing; running it will say what is wrong with it.
    """
    waiting: set[str] = set()
    for cell in cells:
        with suppress(SyntaxError):
            waiting |= _imports_of(cell, "")
    waiting |= {f"{SOURCES}.{module}" for name in opened for module in _openers(name)}
    found: dict[str, Path] = {}
    while waiting:
        name = waiting.pop()
        path = _file_of(name)
        if path is None or name in found:
            continue
        found[name] = path
        waiting |= set(_edges(name, path))
        waiting |= {name.rpartition(".")[0]} - {""}
        if name.startswith("yuyao_lib.methods."):
            waiting.add(name.replace(".methods.", ".display.", 1))
    return found


@cache
def _edges(name: str, path: Path) -> frozenset[str]:
    """Return what a module imports, openers of data sets left out."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = _imports_of(path.read_text(encoding="utf-8"), package)
    return frozenset(found - LAZY if name == SOURCES else found)


def _imports_of(code: str, package: str) -> set[str]:
    """Return the dotted names that code imports, at any depth, but for types only."""
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
        waiting.extend(ast.iter_child_nodes(node))
    if code and "yuyao_lib" in found and not package:
        found.add(SOURCES)  # the package's short name for opening data is loaded when used
    return {name for name in found if name.split(".")[0] == "yuyao_lib"}


def _file_of(name: str) -> Path | None:
    """Return the file of a module of this package."""
    parts = name.split(".")[1:]
    folder = PACKAGE.joinpath(*parts)
    for path in (folder / "__init__.py", folder.with_suffix(".py")):
        if path.is_file() and (parts or path.name == "__init__.py"):
            return path
    return None


def _plain(cell: str) -> str:
    """Return a cell's code without its tags and without lines that are not Python."""
    lines = cell.splitlines()[1:]
    return "\n".join("" if line.lstrip()[:1] in {"%", "!", "?"} else line for line in lines)


def _opened(code: list[str], values: Mapping[str, Any]) -> list[str]:
    """Return names and paths that the notebook may open: from its parameters and its code."""
    named = [v for v in values.values() if isinstance(v, str) and v and _fits_a_path(v)]
    return list(dict.fromkeys([*named, *OPEN_CALL.findall("\n".join(code))]))


def own_tables(book: Mapping[str, Any], values: Mapping[str, Any]) -> list[Path]:
    """Return the files and folders of own tables that a notebook may open."""
    code, _ = code_and_prose(dict(book))
    named = [name for name in _opened(code, values) if name not in {*OPENERS, *TOPICS}]
    places = [place for name in named for place in (Path(name), project_root() / name)]
    mapped = [p for p in places if ((p if p.is_dir() else p.parent) / "mapping.yaml").is_file()]
    return list(dict.fromkeys(p.resolve() for p in mapped if p.exists()))


def _fits_a_path(text: str) -> bool:
    """Whether a file system would take this as a path; it raises where it would not."""
    parts = [part.encode("utf-8", "surrogatepass") for part in text.split("/")]
    return "\0" not in text and max(map(len, parts)) <= PART_BYTES and len(text) < PATH_BYTES


def _openers(name: str) -> list[str]:
    """Return the modules that open a data set of this name; none if it is no such name."""
    if name in OPENERS:
        return list(OPENERS[name])
    path = Path(name)
    if (path / "measures.csv").is_file():
        return ["record"]
    if (path / "cases.json").is_file():
        return list(OPENERS["published"])
    if path.exists():
        return ["own"]
    return ["public", f"catalogue.{TOPICS[name]}"] if name in TOPICS else []


def _data_files(opened: Iterable[str]) -> list[Path]:
    """Return the files of the data sets opened, and the vocabulary."""
    files = sorted(TERMS.glob("*.csv"))
    for name in opened:
        path = DATA / name if name in {"record", "published"} else Path(name)
        if path.is_file():
            files.append(path)
        elif path.is_dir():
            files += sorted(p for p in path.rglob("*") if p.is_file())
    return files


def _named(path: Path) -> str:
    """Name a file without saying where on the machine it lies."""
    for root in (PACKAGE.parent, Path.cwd()):
        if path.is_absolute() and path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return path.name if path.is_absolute() else path.as_posix()


@cache
def _environment() -> str:
    """Digest what is installed: names and versions of packages, and of Python."""
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    names = [n for f in folders for n in os.listdir(f) if n.endswith(".dist-info")]  # noqa: PTH208
    kept = sorted(n for n in names if not n.startswith("yuyao_lib"))
    return _digest([sys.version, *kept])


def _digest(value: Any) -> str:
    """Digest plain values."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
