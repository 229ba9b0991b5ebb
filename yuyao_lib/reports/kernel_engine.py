"""papermill's own engine, a kernel for the notebook, which also says which cell runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from papermill.engines import NBClientEngine

__all__ = ["KernelEngine"]


class KernelEngine(NBClientEngine):
    """Run cells in a kernel, and tell of each that starts."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, *, on_cell: Callable[[Any], None], **rest: Any
    ) -> Any:
        """Run every code cell until one fails.

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
        return super().execute_managed_notebook(nb_man, kernel_name, **rest)
