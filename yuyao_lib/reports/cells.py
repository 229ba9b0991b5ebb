"""The parameters cell of a notebook: the only declaration of its parameters.

Standard library only, because every command that lists or checks reports reads it.
"""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yuyao_lib.errors import NotebookError, sentence
from yuyao_lib.vocabulary import Text

__all__ = [
    "TYPES",
    "Parameter",
    "code_and_prose",
    "parameters_of",
    "read_notebook",
    "refuse_unrunnable",
]

TYPES = ("str", "int", "float", "bool", "list[str]", "list[int]")
LINE = re.compile(
    r"(?P<name>[A-Za-z_]\w*)\s*:\s*(?P<type>[\w\[\]]+)\s*=\s*(?P<default>.+?)\s*#\s*(?P<help>.+)"
)
WHOLE = "a Jupyter notebook in format 4, UTF-8"
INSTALLS = re.compile(r"^\s*[!%]{1,2}\s*(?:pip3?|conda|mamba|uv|python3? -m pip)\b", re.MULTILINE)
CHINESE_LAST = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared parameter.

    Attributes
    ----------
    name, type, default
        As written in the cell; the type is one of `TYPES`.
    meaning
        Its explanation in both languages.
    """

    name: str
    type: str
    default: Any
    meaning: Text


def read_notebook(path: Path) -> dict[str, Any]:
    """Read a notebook's JSON, or say in one sentence what is wrong with the file.

    Raises
    ------
    NotebookError
        If there is no such file or it is not a notebook in format 4.
    """
    allowed, book = WHOLE, _json_of(path)
    if not isinstance(book, dict) or not isinstance(book.get("cells"), list):
        raise NotebookError(sentence(f"{path.name} has no cells", allowed=allowed))
    if book.get("nbformat") != 4:
        what = f"the format of {path.name} is not known"
        raise NotebookError(sentence(what, got=book.get("nbformat"), allowed=[4]))
    for number, cell in enumerate(book["cells"], start=1):
        if not _is_cell(cell):
            what = f"part {number} of {path.name} is not a cell"
            raise NotebookError(sentence(what, allowed=allowed))
        cell["source"] = "".join(cell.get("source", ""))
    return book


def _json_of(path: Path) -> Any:
    """Read the JSON of a notebook's file."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise NotebookError(f"{path.name} is not a file.")
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise NotebookError(f"there is no notebook {path.name} in {path.parent.name}.") from error
    except IsADirectoryError as error:
        raise NotebookError(f"{path.name} is a folder, not a notebook.") from error
    except UnicodeDecodeError as error:
        raise NotebookError(sentence(f"{path.name} is not UTF-8 text", allowed=WHOLE)) from error
    if text.startswith("\ufeff"):
        what = f"{path.name} begins with a byte order mark, which no notebook program reads"
        raise NotebookError(sentence(what, allowed=WHOLE))
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        what = f"{path.name} is not a whole notebook (line {error.lineno}: {error.msg})"
        raise NotebookError(sentence(what, allowed=WHOLE)) from error
    except RecursionError as error:
        raise NotebookError(sentence(f"{path.name} is nested too deep", allowed=WHOLE)) from error


def _is_cell(cell: Any) -> bool:
    """Whether something has the parts that are read of a cell."""
    if not isinstance(cell, dict) or cell.get("cell_type") not in {"code", "markdown", "raw"}:
        return False
    source, metadata = cell.get("source", ""), cell.get("metadata", {})
    lines = [source] if isinstance(source, str) else source
    if not isinstance(lines, list) or not isinstance(metadata, dict):
        return False
    tags = metadata.get("tags", [])
    return isinstance(tags, list) and all(isinstance(part, str) for part in [*lines, *tags])


def refuse_unrunnable(book: dict[str, Any], *, name: str) -> None:
    """Refuse, before anything starts, a notebook that no run could finish rightly.

    Raises
    ------
    NotebookError
        If the notebook names no kernel, is not in Python, or installs packages.
    """
    about = book.get("metadata") or {}
    kernel = about.get("kernelspec") or {}
    language = kernel.get("language") or (about.get("language_info") or {}).get("name")
    if not kernel.get("name") or not language:
        allowed = "python3 and python, as JupyterLab writes them when the notebook is saved"
        what = f"notebook {name} names no kernel or no language"
        raise NotebookError(sentence(what, allowed=allowed))
    if str(language).lower() != "python":
        what = f"notebook {name} is in another language"
        raise NotebookError(sentence(what, got=language, allowed=["python"]))
    for number, cell in enumerate(book["cells"], start=1):
        if cell["cell_type"] == "code" and INSTALLS.search(cell["source"]):
            raise NotebookError(
                f"cell {number} of notebook {name} installs packages; a report runs with those"
                " it is locked to: add them to pyproject.toml."
            )


def code_and_prose(book: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Return the sources of code cells and of the others, with their tags."""
    code: list[str] = []
    prose: list[str] = []
    for cell in book["cells"]:
        tags = " ".join(sorted(cell.get("metadata", {}).get("tags", [])))
        held = f"{tags}\n{cell['source']}"
        (code if cell["cell_type"] == "code" else prose).append(held)
    return code, prose


def parameters_of(book: dict[str, Any], *, name: str) -> dict[str, Parameter]:
    """Read the declared parameters of a notebook, in order.

    Parameters
    ----------
    book
        As `read_notebook` returns it.
    name
        What to call the notebook in errors.

    Raises
    ------
    NotebookError
        If there is not exactly one parameters cell, or a line declares too little.
    """
    tagged = [
        c
        for c in book["cells"]
        if c["cell_type"] == "code" and "parameters" in c.get("metadata", {}).get("tags", [])
    ]
    if len(tagged) != 1:
        what = f"notebook {name} has {len(tagged)} cells tagged parameters"
        raise NotebookError(sentence(what, allowed="exactly one, with a default for each"))
    found: dict[str, Parameter] = {}
    for line in tagged[0]["source"].splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            parameter = _parameter(line, name)
            if parameter.name in found:
                raise NotebookError(f"parameter {parameter.name} of {name} is declared twice.")
            found[parameter.name] = parameter
    return found


def _parameter(line: str, name: str) -> Parameter:
    """Read one line of the parameters cell."""
    allowed = "name: type = default  # 中文 English"
    read = LINE.fullmatch(line.strip())
    if read is None:
        what = f"a line of the parameters cell of {name} cannot be read"
        raise NotebookError(sentence(what, got=line.strip(), allowed=allowed))
    if read["type"] not in TYPES:
        what = f"type of parameter {read['name']} of {name}"
        raise NotebookError(sentence(what, got=read["type"], allowed=TYPES))
    try:
        default = ast.literal_eval(read["default"])
    except (ValueError, SyntaxError) as error:
        what = f"default of parameter {read['name']} of {name}"
        raise NotebookError(sentence(what, got=read["default"], allowed="a plain value")) from error
    return Parameter(read["name"], read["type"], default, _meaning(read["help"], read["name"]))


def _meaning(words: str, name: str) -> Text:
    """Split an explanation into its Chinese beginning and its English rest."""
    last = max((m.end() for m in CHINESE_LAST.finditer(words)), default=0)
    cut = words.find(" ", last)
    chinese, english = (words[:cut], words[cut + 1 :]) if last and cut > 0 else ("", words)
    if not chinese.strip() or not english.strip():
        what = f"explanation of parameter {name}"
        raise NotebookError(sentence(what, got=words, allowed="Chinese words, then English ones"))
    return Text(english.strip(), chinese.strip())
