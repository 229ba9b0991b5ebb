"""The shape a notebook of this project has, checked without running it."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

from yuyao_lib.errors import NotebookError, sentence
from yuyao_lib.reports.cells import parameters_of, read_notebook
from yuyao_lib.reports.values import model_of

__all__ = ["KINDS", "SECTIONS", "departures", "kind_of"]

KINDS = ("report", "guide")
SECTIONS = (
    "The finding", "Data", "Method", "Result", "Diagnostics", "Robustness", "Limits",
    "Provenance",
)  # fmt: skip
CELL_LINES = 15
MACHINE_PATH = re.compile(r"(?<![\w:/.])(/(home|root|work|tmp|Users|mnt|opt)/|[A-Z]:\\)")
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def departures(path: Path) -> list[str]:
    """Return how a notebook departs from the shape, an empty list if it does not.

    Checked are: one parameters cell, typed, defaulted, explained and equal to its
    model; stripped outputs; a Python kernel; readable unique cell ids; prose in pairs of
    languages; one title; the sections in order; short cells that define nothing, catch
    nothing and name no place of a machine; headings without numbers. A guide, which says
    so in its metadata (``yuyao.kind``), teaches and answers no question: it has sections of
    its own and no model of bounds.
    """
    try:
        book = read_notebook(path)
        guide = kind_of(book) == "guide"
        found = _parameters(book, path.stem, modelled=not guide)
    except NotebookError as error:
        return [str(error)]
    for cell in book["cells"]:
        found += _cell(cell)
    return found + _notebook(book) + _prose(book) + ([] if guide else _sections(book))


def kind_of(book: dict[str, Any]) -> str:
    """Return what kind of notebook it says it is: ``report`` unless it says otherwise.

    Raises
    ------
    NotebookError
        If it says what nobody knows.
    """
    said = book.get("metadata", {}).get("yuyao", {}).get("kind", KINDS[0])
    if said not in KINDS:
        raise NotebookError(sentence("kind of notebook", got=said, allowed=KINDS))
    return said


def _parameters(book: dict[str, Any], name: str, *, modelled: bool) -> list[str]:
    """Hold the parameters cell to its model."""
    declared = parameters_of(book, name=name)
    found = [] if declared else ["the parameters cell declares nothing"]
    if not modelled:
        return found
    model = model_of(name)
    if model is None:
        return [*found, f"no model of bounds in yuyao_lib/reports/bounds/{name}.py"]
    fields = model.model_fields
    if set(fields) != set(declared):
        odd = sorted(set(fields) ^ set(declared))
        found.append(f"parameters cell and model differ in {', '.join(odd)}")
    for key in set(fields) & set(declared):
        if model().model_dump()[key] != declared[key].default:
            found.append(f"parameter {key} has another default in its model")
    return found


def _notebook(book: dict[str, Any]) -> list[str]:
    """Check the notebook as a whole."""
    found = []
    kernel = book.get("metadata", {}).get("kernelspec", {}).get("name")
    if kernel != "python3":
        found.append(f"the kernel is {kernel!r}, not 'python3'")
    if book.get("nbformat_minor", 0) < 5:
        found.append("the format is older than 4.5, so cells have no ids")
    ids = [cell.get("id", "") for cell in book["cells"]]
    found += [f"cell id {i!r} is not plain" for i in ids if not CELL_ID.fullmatch(i)]
    if len(set(ids)) != len(ids):
        found.append("two cells have the same id")
    if book["cells"] and book["cells"][0]["cell_type"] != "markdown":
        found.append("the first cell is not the title")
    return found


def _cell(cell: dict[str, Any]) -> list[str]:
    """Check one cell."""
    name, source = cell.get("id", "?"), cell["source"]
    found = [] if source.strip() else [f"cell {name} is empty"]
    if MACHINE_PATH.search(source):
        found.append(f"cell {name} names a place of a machine")
    if cell["cell_type"] != "code":
        return found
    if cell.get("outputs") or cell.get("execution_count"):
        found.append(f"cell {name} is committed with outputs")
    lines = [line for line in source.splitlines() if line.strip()]
    if len(lines) > CELL_LINES:
        found.append(f"cell {name} has {len(lines)} lines; the library could carry it")
    return found + [f"cell {name} {what}" for what in _statements(source)]


def _statements(source: str) -> list[str]:
    """Name statements that a notebook leaves to the library."""
    kept = [line for line in source.splitlines() if line.lstrip()[:1] not in {"%", "!", "?"}]
    if len(kept) != len(source.splitlines()):
        return ["uses a magic or a shell command"]
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return ["is not Python"]
    kinds = {
        ast.FunctionDef: "defines a function",
        ast.AsyncFunctionDef: "defines a function",
        ast.ClassDef: "defines a class",
        ast.Try: "catches errors",
    }
    return sorted({kinds[type(node)] for node in ast.walk(tree) if type(node) in kinds})


def _prose(book: dict[str, Any]) -> list[str]:
    """Check the two languages, the title and the sections."""
    found = []
    tagged = [
        (set(c.get("metadata", {}).get("tags", [])) & {"en", "zh"}, c)
        for c in book["cells"]
        if c["cell_type"] == "markdown"
    ]
    order = ["".join(sorted(tags)) for tags, _ in tagged]
    if order != ["en", "zh"] * (len(order) // 2):
        found.append("prose does not come in pairs of cells tagged en, then zh")
    for language in ("en", "zh"):
        text = "\n".join(c["source"] for tags, c in tagged if language in tags)
        headings = re.findall(r"(?m)^(#+) +(.*)$", text)
        titles = [words for marks, words in headings if marks == "#"]
        if len(titles) != 1:
            found.append(f"{len(titles)} titles in {language}, not one")
        found += [f"heading {w!r} holds a number" for _, w in headings if re.search(r"\d", w)]
    return found


def _sections(book: dict[str, Any]) -> list[str]:
    """Check that the sections of a report stand in their order."""
    tagged = [(set(c.get("metadata", {}).get("tags", [])), c) for c in book["cells"]]
    english = "\n".join(c["source"] for tags, c in tagged if "en" in tags)
    seen = re.findall(r"(?m)^## +(.*)$", english)
    if [s for s in seen if s in SECTIONS] != list(SECTIONS):
        return [f"sections are {', '.join(seen) or 'none'}; expected {', '.join(SECTIONS)}"]
    return []
