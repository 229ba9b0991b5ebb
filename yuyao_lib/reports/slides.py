"""Slides of an executed notebook: a slide a section, below it one for each thing shown.

For nbconvert, which makes a single slide of a notebook whose cells do not say where slides
begin; ``--SlidesExporter.preprocessors=yuyao_lib.reports.slides.Sections`` takes it up.
"""

from __future__ import annotations

from typing import Any

from nbconvert.preprocessors import Preprocessor

__all__ = ["Sections"]


class Sections(Preprocessor):
    """Begin a slide at each heading, and one below it at each cell that shows something.

    Cells that show nothing stay off the slides, code stays off with nbconvert's own
    ``--no-input``, and cells that say where slides begin are left as they are.

    Examples
    --------
    >>> from nbformat import v4
    >>> cells = [v4.new_markdown_cell("# A"), v4.new_code_cell("1"), v4.new_markdown_cell("b")]
    >>> book, _ = Sections().preprocess(v4.new_notebook(cells=cells), {})
    >>> [cell.metadata["slideshow"]["slide_type"] for cell in book.cells]
    ['slide', 'skip', '-']
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Say of each cell how it goes on the slides."""
        for cell in nb.cells:
            cell.metadata.setdefault("slideshow", {}).setdefault("slide_type", _kind(cell))
        return nb, resources


def _kind(cell: Any) -> str:
    """Return what a cell is on slides: a new one, one below, nothing, or more of the last."""
    if cell.cell_type == "markdown":
        return "slide" if cell.source.lstrip().startswith(("# ", "## ")) else "-"
    return "subslide" if cell.get("outputs") else "skip"
