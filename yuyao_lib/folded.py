"""How an error of this package looks in a notebook: its sentence, the line, a folded trace.

IPython asks an exception for ``_render_traceback_`` before it prints one. A researcher
who mistyped a column needs the sentence and the line of the cell, not forty lines of
library code; who needs those opens the fold. So does who stopped a long cell: the place
where the work stood then is of no interest. Standard library only, and called only where
IPython runs.
"""

from __future__ import annotations

import sys
import traceback
from html import escape
from types import TracebackType
from typing import Any

from yuyao_lib.progress import somebody_looks

__all__ = ["fold_interruptions", "folded_trace"]

CELL_FILES = ("<ipython-input", "ipykernel_", "In [")
SHOWN = "_trace_is_shown"
STOPPED = "stopped when you asked; the kernel is ready, and what was made before is still there."
WORDS = "The whole trace · 完整的出错位置"


def folded_trace(error: BaseException) -> list[str]:
    """Return the lines to print for an error, and show its trace folded where that can be.

    Parameters
    ----------
    error
        An exception that was raised, with its traceback.

    Returns
    -------
    list of str
        The sentence, then the line of the cell that led to it. In a terminal, which
        cannot fold, the trace stays in ``sys.last_traceback`` for ``%tb`` and ``%debug``.

    Examples
    --------
    >>> folded_trace(ValueError("no column wagee."))
    ['ValueError: no column wagee.']
    """
    steps = traceback.extract_tb(error.__traceback__)
    said = STOPPED if isinstance(error, KeyboardInterrupt) else error
    lines = [f"{type(error).__name__}: {said}"]
    asked = next((step for step in reversed(steps) if _is_cell(step)), None)
    if asked is not None and asked.line:
        lines.append(f"  cell line {asked.lineno}: {asked.line}")
    _show_fold(error)
    return lines


def _is_cell(step: traceback.FrameSummary) -> bool:
    """Whether a step of a trace is in a notebook's cell."""
    return any(mark in step.filename for mark in CELL_FILES)


def _from_cell(error: BaseException) -> TracebackType | None:
    """Return the trace from the cell on, without the steps of IPython before it."""
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        if any(mark in step.tb_frame.f_code.co_filename for mark in CELL_FILES):
            return step
        step = step.tb_next
    return error.__traceback__


def _show_fold(error: BaseException) -> None:
    """Display the whole trace under the sentence, where a front end shows HTML."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None or not (hasattr(shell, "kernel") or hasattr(shell, "outputs")):
        return
    if error.__dict__.setdefault(SHOWN, False):  # IPython asks twice for one error
        return
    error.__dict__[SHOWN] = True
    trace = "".join(traceback.format_exception(type(error), error, _from_cell(error)))
    html = f"<details><summary>{WORDS}</summary><pre>{escape(trace)}</pre></details>"

    def publish() -> None:
        shell.events.unregister("post_execute", publish)
        shell.display_pub.publish({"text/html": html, "text/plain": trace})

    shell.events.register("post_execute", publish)  # the sentence is printed before


def fold_interruptions() -> None:
    """Let a cell that a person stops inside this package end with one sentence.

    Nothing changes in reports, in cells that never entered this package, and where other
    handlers of exceptions are set.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is not None and somebody_looks() and not shell.custom_exceptions:
        shell.set_custom_exc((KeyboardInterrupt,), _interrupted)


def _interrupted(
    shell: Any,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType,
    tb_offset: int | None = None,
) -> list[str]:
    """Show a stopped cell: folded where this package was at work, else as ever."""
    here = __file__.rpartition("folded")[0]
    if any(step.filename.startswith(here) for step in traceback.extract_tb(trace)):
        lines = folded_trace(error)
    else:
        offset = {} if tb_offset is None else {"tb_offset": tb_offset}
        lines = shell.InteractiveTB.structured_traceback(kind, error, trace, **offset)
    shell._showtraceback(kind, error, lines)
    return lines
