"""A papermill engine that runs a notebook's cells in the process that calls it.

For a process that was forked for one report, a kernel of its own would only be a
second process with a second start-up. This engine runs the cells through IPython's
shell right here and leaves everything else to papermill. Isolation comes from the
process: never run two reports in one. What needs a kernel's own channel (widgets,
``input()``, a debugger, another language) does not work here and says so.

``papermill --engine yuyao in.ipynb out.ipynb`` uses it by hand.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from types import FrameType
from typing import Any

from papermill.engines import Engine

from yuyao_lib.reports.cell_outputs import Stream, said_by
from yuyao_lib.reports.report_shell import ReportShell, session

__all__ = ["InProcessEngine"]


class CellTimeoutError(RuntimeError):
    """A cell ran longer than it may."""


class InProcessEngine(Engine):
    """Run cells here; see the module's text for when that is right."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        execution_timeout: int | None = None,
        on_cell: Any = None,
        **rest: Any,
    ) -> Any:
        """Run every code cell until one fails.

        Parameters
        ----------
        nb_man
            papermill's manager of the notebook.
        kernel_name
            Name of the notebook's kernel; only Python kernels can be run here.
        execution_timeout
            Seconds a cell may take.
        on_cell
            Called with the index of a cell that starts, and the number of cells.
        """
        _save_seldom(nb_man)
        here = os.getpid()
        with session() as shell:
            for index, cell in enumerate(nb_man.nb.cells):
                nb_man.cell_start(cell, index)
                if on_cell is not None:
                    on_cell((index, len(nb_man.nb.cells)))
                error = None
                if cell.cell_type == "code":
                    error = _run_cell(shell, cell, execution_timeout or 0)
                if os.getpid() != here:  # a cell forked: what it made must not make the report too
                    os._exit(0)
                if error is not None:
                    nb_man.cell_exception(cell, cell_index=index, exception=error)
                nb_man.cell_complete(cell, cell_index=index)
                if error is not None:
                    break
            nb_man.nb.metadata["language_info"] = _language()
        return nb_man.nb


def _save_seldom(nb_man: Any) -> None:
    """Write the notebook to disk every other second while it runs, and less often when large.

    papermill writes it twice a cell, whole each time; what a killed process leaves
    behind may then lack its last seconds. Writing takes at most a fortieth of the time.
    """
    write, after = nb_man.save, [0.0]

    def save(**rest: Any) -> None:
        began = time.monotonic()
        if began >= after[0]:
            write(**rest)
            ended = time.monotonic()
            after[0] = ended + max(2.0, 40 * (ended - began))

    nb_man.save = save
    complete = nb_man.notebook_complete

    def notebook_complete(**rest: Any) -> None:
        nb_man.save = write
        complete(**rest)

    nb_man.notebook_complete = notebook_complete


def _run_cell(shell: ReportShell, cell: Any, timeout: float) -> BaseException | None:
    """Run one code cell; return what went wrong."""
    source = cell.source
    if not source.strip():
        return None
    outputs = shell.outputs
    outputs.start(cell, shell.execution_count)
    with (
        redirect_stdout(Stream(outputs, "stdout")),
        redirect_stderr(Stream(outputs, "stderr")),
        _time_limit(timeout),
    ):
        result = shell.run_cell(source, store_history=True, cell_id=cell.get("id"))
    error = result.error_before_exec or result.error_in_exec
    if error is None and shell.left_early:
        error = RuntimeError("quit() would end the notebook before its last cell")
        content = {"ename": "QuitEarly", "evalue": str(error), "traceback": [str(error)]}
        outputs.add("error", content)
    if error is not None and not any(o.output_type == "error" for o in cell.outputs):
        # its trace could not be written, as when time ran out meanwhile
        content = {"ename": type(error).__name__, "evalue": said_by(error), "traceback": []}
        outputs.add("error", content)
    if error is not None and "raises-exception" in cell.metadata.get("tags", []):
        return None
    return error


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Interrupt a cell after some seconds, where the platform can."""
    main = threading.current_thread() is threading.main_thread()
    if not seconds or not main or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise CellTimeoutError(f"the cell ran longer than {seconds:g} seconds.")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _language() -> dict[str, Any]:
    """Describe the language as a Python kernel would."""
    version = ".".join(map(str, sys.version_info[:3]))
    return {
        "name": "python",
        "version": version,
        "mimetype": "text/x-python",
        "file_extension": ".py",
        "pygments_lexer": "ipython3",
        "nbconvert_exporter": "python",
        "codemirror_mode": {"name": "ipython", "version": 3},
    }
