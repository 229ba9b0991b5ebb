"""papermill's own engine, a kernel for the notebook, which also says which cell runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nbformat.v4 import new_output
from papermill.engines import NBClientEngine

from yuyao_lib.reports.cell_outputs import CellOutputs, OutputLimitError

__all__ = ["KernelEngine"]


class KernelEngine(NBClientEngine):
    """Run cells in a kernel, and tell of each that starts."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, *, on_cell: Callable[[Any], None], **rest: Any
    ) -> Any:
        """Run every code cell until one fails, or shows more than a page can hold.

        Parameters
        ----------
        nb_man, kernel_name
            papermill's manager of the notebook, and the name of its kernel.
        on_cell
            Called with the index of a cell that starts, and the number of cells.
        **rest
            As papermill's engine takes them.
        """
        start = nb_man.cell_start

        def cell_start(cell: Any, cell_index: int | None = None, **more: Any) -> None:
            on_cell((cell_index or 0, len(nb_man.nb.cells)))
            start(cell, cell_index, **more)

        nb_man.cell_start = cell_start
        _bound_outputs(nb_man)
        return super().execute_managed_notebook(nb_man, kernel_name, **rest)


def _bound_outputs(nb_man: Any) -> None:
    """Count after each cell what it shows, and put the refusal where it shows too much."""
    complete, shown = nb_man.cell_complete, CellOutputs()

    def cell_complete(cell: Any, **more: Any) -> None:
        try:
            shown.spend(sum(_size(output) for output in cell.get("outputs", [])))
        except OutputLimitError as error:
            name = type(error).__name__
            cell.outputs = [new_output("error", ename=name, evalue=str(error), traceback=[])]
            raise
        finally:
            complete(cell, **more)

    nb_man.cell_complete = cell_complete


def _size(output: Any) -> int:
    """Count the characters of an output."""
    return len(output.get("text", "")) + sum(len(str(v)) for v in output.get("data", {}).values())
