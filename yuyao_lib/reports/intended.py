"""Errors that a notebook means to show: cells tagged ``raises-exception``.

papermill takes every error for a failure, tagged or not. A cell that is there to show
what an error looks like must not cost its report the page.
"""

from __future__ import annotations

from typing import Any

__all__ = ["INTENDED", "only_intended_errors", "said_instead"]

INTENDED = "raises-exception"
ADDED = "papermill-error-cell-tag"  # cells with which papermill points at an error


def only_intended_errors(notebook: Any) -> bool:
    """Whether some cell shows an error, and each that does was meant to.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook, new_output
    >>> cell = new_code_cell("1 / 0", outputs=[new_output("error", ename="E", evalue="e")])
    >>> only_intended_errors(new_notebook(cells=[cell]))
    False
    >>> cell.metadata["tags"] = ["raises-exception"]
    >>> only_intended_errors(new_notebook(cells=[cell]))
    True
    """
    failed = [c for c in notebook.cells if any(map(_is_error, c.get("outputs", [])))]
    return bool(failed) and all(INTENDED in c.metadata.get("tags", []) for c in failed)


def said_instead(notebook: Any) -> Any:
    """Return the notebook with intended errors as words, and without papermill's pointers."""
    cells = [c for c in notebook.cells if ADDED not in c.metadata.get("tags", [])]
    notebook.cells = cells
    for cell in cells:
        if cell.cell_type == "code":
            cell.outputs = [_words(o) if _is_error(o) else o for o in cell.outputs]
    return notebook


def _is_error(output: Any) -> bool:
    """Whether an output is an error."""
    return bool(output.output_type == "error")


def _words(error: Any) -> Any:
    """Show an error as its name and its sentence."""
    from nbformat.v4 import new_output

    said = f"{error.ename}: {error.evalue}"
    return new_output("display_data", data={"text/plain": said})
