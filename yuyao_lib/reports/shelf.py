"""The notebooks there are, each with its question and where its last page lies."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

from yuyao_lib.paths import project_root
from yuyao_lib.reports.cells import read_notebook
from yuyao_lib.vocabulary import Text

__all__ = ["OnShelf", "Shelf", "notebooks"]


@dataclass(frozen=True, slots=True)
class OnShelf:
    """One notebook.

    Attributes
    ----------
    path, question
        Where it is, and its title.
    pages
        English pages made from it so far.
    """

    path: Path
    question: Text
    pages: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Every notebook of the project."""

    books: tuple[OnShelf, ...]

    def __repr__(self) -> str:
        return "\n".join(f"{book.path.stem}: {book.question.en}" for book in self.books)

    def _repr_html_(self) -> str:
        rows = "".join(_row(book) for book in self.books)
        head = "".join(
            f"<th scope='col' style='text-align:left'>{words}</th>"
            for words in ("Notebook · 笔记本", "Question · 问题", "Last pages · 最近页面")
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def notebooks() -> Shelf:
    """List the notebooks of the project with links to open them and their last pages.

    Examples
    --------
    >>> "union_premium" in repr(notebooks())
    True
    """
    root = project_root()
    pages = _pages(root / "outputs" / "published")
    return Shelf(
        tuple(
            OnShelf(path, _question(path), tuple(pages.get(path.stem, ())))
            for path in sorted((root / "notebooks").glob("*.ipynb"))
        )
    )


def _pages(folder: Path) -> dict[str, list[Path]]:
    """Return the published English pages by notebook."""
    found: dict[str, list[Path]] = {}
    for file in sorted((folder / "manifests").glob("*.json")):
        held = json.loads(file.read_text(encoding="utf-8"))
        found.setdefault(Path(held["notebook"]).stem, []).append(folder / held["pages"]["en"])
    return found


def _question(path: Path) -> Text:
    """Return the title of a notebook in both languages."""
    titles = {"en": path.stem, "zh": path.stem}
    for cell in read_notebook(path)["cells"]:
        title = re.match(r"# +(.+)", cell["source"])
        for language in titles:
            if title and language in cell.get("metadata", {}).get("tags", []):
                titles[language] = title[1]
    return Text(titles["en"], titles["zh"])


def _row(book: OnShelf) -> str:
    """Write one notebook as a row."""
    words = f"{escape(book.question.en)}<br>{escape(book.question.zh)}"
    pages = "<br>".join(_link(page, page.name.split(".")[0]) for page in book.pages)
    cells = (_link(book.path, book.path.stem), words, pages)
    body = "".join(f"<td style='text-align:left'>{cell}</td>" for cell in cells)
    return f"<tr>{body}</tr>"


def _link(path: Path, words: str) -> str:
    """Link a file from the folder of the notebook that asks."""
    return f'<a href="{escape(Path(os.path.relpath(path)).as_posix())}">{escape(words)}</a>'
