"""What goes into a report, as digests: the reason to run it again, or not to.

Standard library only: an unchanged plan is recognised without loading anything heavy.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yuyao_lib.errors import DataError
from yuyao_lib.paths import DATA, PACKAGE, TERMS, project_root
from yuyao_lib.reports.cells import code_and_prose, read_notebook
from yuyao_lib.reports.file_digests import FileDigests
from yuyao_lib.reports.memory import digest_of, environment
from yuyao_lib.reports.reach import COMMITTED, OPENERS, imports_of, place_of, reachable
from yuyao_lib.reports.values import shown
from yuyao_lib.sources.catalogue import TOPICS

__all__ = [
    "NO_KEY",
    "FileDigests",
    "Inputs",
    "changes",
    "inputs_of",
    "own_tables",
    "places_of",
    "words_files",
]

OPEN_CALL = re.compile(r"""\byuyao(?:_lib)?\.open\(\s*["']([^"']+)["']""")
NO_KEY = "no key"  # in place of the digest of an own file
PART_BYTES, PATH_BYTES = 255, 1024  # the longest that common file systems take


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
        return digest_of(self.run)

    @property
    def page_key(self) -> str:
        """Digest of what is shown."""
        return digest_of({"run": self.run_key, **self.page})


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
    held = files.fact(f"cells of {notebook}", notebook, lambda: _cells(notebook))
    opened = _opened(held["opens"], values)
    code = tuple(held["imports"]), tuple(opened)
    modules = files.once(("modules", *code), lambda: _module_digests(*code, files))
    data = files.once(("data", code[1]), lambda: _data_digests(opened, files))
    run = {"code": held["code"], "environment": environment()}
    run |= {f"parameter {name}": json.dumps(shown(value)) for name, value in sorted(values.items())}
    run |= modules | data
    if files.once(("own", code[1]), lambda: _own_among(opened)):
        run["disclosure rules"] = files.of(PACKAGE / "findings" / "rules.csv")
    page = {"prose": held["prose"], "title": digest_of(dict(titles))}
    return Inputs(run, page | files.once("renderer", lambda: _renderer_digests(files)))


def _module_digests(
    imports: tuple[str, ...], opened: tuple[str, ...], files: FileDigests
) -> dict[str, str]:
    """Return the digests of the modules within reach."""
    modules = reachable(imports, opened, files)
    return {f"module {name}": files.of(path) for name, path in sorted(modules.items())}


def _data_digests(opened: list[str], files: FileDigests) -> dict[str, str]:
    """Return the digests of the vocabulary and of the files of the data sets opened."""
    own = _own_among(opened)
    return {
        f"data {name}": _kept(files.of(path)) if _within(path, own) else files.of(path)
        for name, path in _data_files(opened).items()
    }


def _within(path: Path, places: list[Path]) -> bool:
    """Whether a file is one of some places, or lies in one of them."""
    return bool(places) and any(path.resolve().is_relative_to(place) for place in places)


def _kept(digest: str) -> str:
    """Return the digest of an own file as manifests hold it: under the researcher's key."""
    from yuyao_lib.sources.own.keys import keyed

    try:
        return keyed(digest)
    except DataError:
        return NO_KEY  # opening the tables will say so


def _renderer_digests(files: FileDigests) -> dict[str, str]:
    """Return the digests of what makes a page of what was executed."""
    renderer = sorted((PACKAGE / "reports" / "page").rglob("*"))
    return {f"renderer {p.name}": files.of(p) for p in renderer if p.suffix in _RENDERED}


def _cells(notebook: Path) -> dict[str, Any]:
    """Read what the inputs take from a notebook's cells; code that is not Python reaches nothing.

    Running it will say what is wrong with it.
    """
    code, prose = code_and_prose(read_notebook(notebook))
    imports: set[str] = set()
    for cell in code:
        with suppress(SyntaxError):
            imports |= imports_of(_plain(cell), "")
    return {
        "code": digest_of(code), "prose": digest_of(prose), "imports": sorted(imports),
        "opens": OPEN_CALL.findall("\n".join(code)),
    }  # fmt: skip


def places_of(notebook: Path, values: Mapping[str, Any], files: FileDigests) -> list[Path]:
    """Return the notebook and every place where `inputs_of` looks outside this package."""
    held = files.fact(f"cells of {notebook}", notebook, lambda: _cells(notebook))
    places, root = [notebook], project_root()
    for name in _opened(held["opens"], values):
        places += [DATA / name, Path(name), root / name]
        places += [place.parent / "mapping.yaml" for place in places[-2:]]
    return list(dict.fromkeys(places))


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


def _plain(cell: str) -> str:
    """Return a cell's code without its tags and without lines that are not Python."""
    lines = cell.splitlines()[1:]
    return "\n".join("" if line.lstrip()[:1] in {"%", "!", "?"} else line for line in lines)


def _opened(calls: list[str], values: Mapping[str, Any]) -> list[str]:
    """Return names and paths that the notebook may open: from its parameters and its code."""
    named = [v for v in values.values() if isinstance(v, str) and v and _fits_a_path(v)]
    return list(dict.fromkeys([*named, *calls]))


def own_tables(book: Mapping[str, Any], values: Mapping[str, Any]) -> list[Path]:
    """Return the files and folders of own tables that a notebook may open."""
    code, _ = code_and_prose(dict(book))
    return _own_among(_opened(OPEN_CALL.findall("\n".join(code)), values))


def _own_among(opened: list[str]) -> list[Path]:
    """Return which of the names are files and folders of own tables."""
    named = [name for name in opened if name not in {*OPENERS, *TOPICS}]
    places = [place for name in named for place in (Path(name), project_root() / name)]
    mapped = [p for p in places if ((p if p.is_dir() else p.parent) / "mapping.yaml").is_file()]
    return list(dict.fromkeys(p.resolve() for p in mapped if p.exists()))


def _fits_a_path(text: str) -> bool:
    """Whether a file system would take this as a path; it raises where it would not."""
    parts = [part.encode("utf-8", "surrogatepass") for part in text.split("/")]
    return "\0" not in text and max(map(len, parts)) <= PART_BYTES and len(text) < PATH_BYTES


def _data_files(opened: list[str]) -> dict[str, Path]:
    """Return the vocabulary and the files of the data sets opened, by name."""
    files = words_files()
    for name in opened:
        path = DATA / name if name in COMMITTED else place_of(name)
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        files |= {_named(p, path): p for p in inside if p.is_file()}
    return files


def words_files() -> dict[str, Path]:
    """Return the files of the vocabulary by the names they have among the inputs."""
    return {_named(path, TERMS): path for path in sorted(TERMS.glob("*.csv"))}


def _named(path: Path, opened: Path) -> str:
    """Name a file without saying where on the machine it lies, two of a folder apart."""
    for root in (PACKAGE.parent, Path.cwd()):
        if path.is_absolute() and path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return path.relative_to(opened.parent).as_posix() if path.is_absolute() else path.as_posix()
