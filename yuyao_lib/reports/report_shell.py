"""IPython's shell without a kernel: where cells run, what they show, and their ways out."""

from __future__ import annotations

import logging
import os
import sys
from asyncio import events
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from yuyao_lib.errors import shortened
from yuyao_lib.reports.cell_outputs import CellOutputs, said_by, storable, storable_bundle

__all__ = ["ReportShell", "session"]

MOST_OF_FRAME = 20_000  # characters
INLINE = "module://matplotlib_inline.backend_inline"


class _Publisher(DisplayPublisher):
    """Where ``display(...)`` ends."""

    outputs: Any = None

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *args: Any,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **rest: Any,
    ) -> None:
        """Keep a display as an output of the running cell."""
        bundle, marks = storable_bundle(data), storable_bundle(metadata or {})
        self.outputs.spend(sum(len(str(part)) for part in bundle.values()))
        name = (transient or {}).get("display_id")
        if update and name:
            self.outputs.update(name, bundle, marks)
            return
        content = {"data": bundle, "metadata": marks, "transient": transient or {}}
        self.outputs.add("display_data", content)

    def clear_output(self, wait: bool = False) -> None:
        """Forget what the cell showed so far, now or at the next output."""
        if wait:
            self.outputs.clear_next = True
        else:
            self.outputs.cell.outputs = []


class _Hook(DisplayHook):
    """Where the value of a cell's last line ends."""

    outputs: Any = None

    def write_output_prompt(self) -> None:
        """Print no prompt: the notebook holds the number."""

    def write_format_data(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        """Keep the value as the cell's result."""
        bundle = storable_bundle(format_dict)
        self.outputs.spend(sum(len(str(part)) for part in bundle.values()))
        content = {
            "data": bundle,
            "metadata": storable_bundle(md_dict or {}),
            "execution_count": self.outputs.count,
        }
        self.outputs.add("execute_result", content)

    def finish_displayhook(self) -> None:
        """Print no line break after the value."""
        self._is_active = False


class ReportShell(InteractiveShell):
    """IPython's shell with its outputs kept and its ways out watched."""

    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)
    left_early = False

    def bind(self, outputs: CellOutputs) -> None:
        """Send everything shown to `outputs`."""
        self.outputs = outputs
        self.display_pub.outputs = outputs
        self.displayhook.outputs = outputs

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        """Keep an error as the cell's output."""
        content = {"ename": getattr(etype, "__name__", str(etype)), "evalue": said_by(evalue)}
        self.outputs.add(
            "error",
            {
                **content,
                "traceback": [storable(shortened(line, most=MOST_OF_FRAME)) for line in stb],
            },
        )

    def ask_exit(self) -> None:
        """Remember that the notebook asked to end before its last cell."""
        self.left_early = True

    def enable_gui(self, gui: str | None = None) -> None:
        """Open no windows."""

    def init_history(self) -> None:
        """Keep the history in memory only."""
        self.config.HistoryManager.enabled = False
        super().init_history()


@contextmanager
def session() -> Iterator[ReportShell]:
    """Open a shell and give the process back as it was."""
    main, hook, place = sys.modules["__main__"], sys.displayhook, Path.cwd()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    os.environ.setdefault("MPLBACKEND", INLINE)
    quiet = Config(
        {"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}}
    )
    shell = ReportShell.instance(config=quiet)
    outputs = CellOutputs()
    shell.bind(outputs)
    shell.user_ns["input"] = _no_input
    paused, sys.breakpointhook = sys.breakpointhook, _no_breakpoint
    _show_figures(shell)
    loop = events._get_running_loop()
    events._set_running_loop(None)  # cells that await have a loop of their own, as in a kernel
    try:
        yield shell
    finally:
        events._set_running_loop(loop)
        shell.restore_sys_module_state()
        ReportShell.clear_instance()
        sys.modules["__main__"], sys.displayhook = main, hook
        sys.breakpointhook = paused
        os.chdir(place)  # cells may have gone elsewhere, or removed where they were
        root.handlers[:], root.level = handlers, level


def _show_figures(shell: ReportShell) -> None:
    """Show figures as a kernel does, also where matplotlib was imported before the shell.

    Otherwise matplotlib finds the shell by itself when a cell imports it.
    """
    if "matplotlib" not in sys.modules:
        return
    import matplotlib
    from IPython.core.pylabtools import select_figure_formats
    from matplotlib_inline.backend_inline import configure_inline_support
    from matplotlib_inline.config import InlineBackend

    matplotlib.use(INLINE)
    matplotlib.interactive(True)  # as in a kernel; else figures are never shown
    configure_inline_support(shell, INLINE)
    inline = InlineBackend.instance()  # what it chose once a process, each shell needs
    select_figure_formats(shell, inline.figure_formats, **inline.print_figure_kwargs)


def _no_breakpoint(*_: Any, **__: Any) -> None:
    """Say that nobody is there to debug."""
    raise StdinNotImplementedError("breakpoint() was called, but a report has nobody to ask.")


def _no_input(*_: Any, **__: Any) -> str:
    """Say that nobody is there to answer."""
    raise StdinNotImplementedError("input() was called, but a report has nobody to ask.")
