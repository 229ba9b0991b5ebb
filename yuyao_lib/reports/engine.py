"""A papermill engine that runs a notebook's cells in the process that calls it.

For a process that was forked for one report, a kernel of its own would only be a
second process with a second start-up. This engine runs the cells through IPython's
shell right here and leaves everything else to papermill. Isolation comes from the
process: never run two reports in one. What needs a kernel's own channel (widgets,
``input()``, a debugger, another language) does not work here and says so.

``papermill --engine yuyao in.ipynb out.ipynb`` uses it by hand.
"""

from __future__ import annotations

import logging
import os
import re
import signal
import sys
import threading
import time
from asyncio import events
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import TextIOBase
from types import FrameType
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import output_from_msg
from papermill.engines import Engine
from traitlets import Type
from traitlets.config import Config

__all__ = ["InProcessEngine", "OutputLimitError"]

INLINE = "module://matplotlib_inline.backend_inline"
OUTPUT_LIMIT = 20_000_000  # characters a notebook may show before it is stopped
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class OutputLimitError(RuntimeError):
    """A notebook printed more than a page can hold."""


class CellTimeoutError(RuntimeError):
    """A cell ran longer than it may."""


class _Outputs:
    """The outputs of the cell that is running, in notebook format."""

    def __init__(self) -> None:
        self.cell: Any = None
        self.count = 0
        self.left = OUTPUT_LIMIT
        self.named: dict[str, list[Any]] = {}
        self.clear_next = False

    def start(self, cell: Any, count: int) -> None:
        """Send what follows to `cell`."""
        self.cell, self.count, self.clear_next = cell, count, False
        cell.outputs, cell.execution_count = [], count

    def spend(self, size: int) -> None:
        """Count what is shown against the bound on a notebook's output."""
        self.left -= size
        if self.left < 0:
            raise OutputLimitError(
                f"the notebook's output is larger than {OUTPUT_LIMIT:,} characters."
            )

    def add(self, kind: str, content: dict[str, Any]) -> None:
        """Append one output, built as a kernel's message would have built it."""
        if self.clear_next:
            self.cell.outputs, self.clear_next = [], False
        message = {"header": {"msg_type": kind}, "content": content}
        output = output_from_msg(message)
        name = content.get("transient", {}).get("display_id")
        if name:
            self.named.setdefault(name, []).append(output)
        self.cell.outputs.append(output)

    def write(self, name: str, text: str) -> None:
        """Append text to a stream, joining it to the piece before."""
        self.spend(len(text))
        text = _storable(text)
        last = self.cell.outputs[-1] if self.cell.outputs and not self.clear_next else None
        if last is not None and last.output_type == "stream" and last.name == name:
            last.text += text
        else:
            self.add("stream", {"name": name, "text": text})

    def update(self, name: str, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        """Replace what was shown under a display id."""
        for output in self.named.get(name, []):
            output.data, output.metadata = data, metadata


class _Stream(TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of a cell."""

    def __init__(self, outputs: _Outputs, name: str) -> None:
        self.outputs, self.stream = outputs, name

    def writable(self) -> bool:
        """Accept text, always."""
        return True

    def write(self, text: str) -> int:
        """Pass text on to the cell."""
        if text:
            self.outputs.write(self.stream, str(text))
        return len(text)


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
        bundle, marks = _plain(data), _plain(metadata or {})
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
        bundle = _plain(format_dict)
        self.outputs.spend(sum(len(str(part)) for part in bundle.values()))
        content = {
            "data": bundle,
            "metadata": _plain(md_dict or {}),
            "execution_count": self.outputs.count,
        }
        self.outputs.add("execute_result", content)

    def finish_displayhook(self) -> None:
        """Print no line break after the value."""
        self._is_active = False


class _Shell(InteractiveShell):
    """IPython's shell with its outputs kept and its ways out watched."""

    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)
    left_early = False

    def bind(self, outputs: _Outputs) -> None:
        """Send everything shown to `outputs`."""
        self.outputs = outputs
        self.display_pub.outputs = outputs
        self.displayhook.outputs = outputs

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        """Keep an error as the cell's output."""
        content = {"ename": getattr(etype, "__name__", str(etype)), "evalue": _said(evalue)}
        self.outputs.add("error", {**content, "traceback": [_storable(line) for line in stb]})

    def ask_exit(self) -> None:
        """Remember that the notebook asked to end before its last cell."""
        self.left_early = True

    def enable_gui(self, gui: str | None = None) -> None:
        """Open no windows."""

    def init_history(self) -> None:
        """Keep the history in memory only."""
        self.config.HistoryManager.enabled = False
        super().init_history()


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
            Called with the index of a cell when it starts.
        """
        _save_seldom(nb_man)
        with _session() as shell:
            for index, cell in enumerate(nb_man.nb.cells):
                nb_man.cell_start(cell, index)
                if on_cell is not None:
                    on_cell(index)
                error = None
                if cell.cell_type == "code":
                    error = _run_cell(shell, cell, execution_timeout or 0)
                if error is not None:
                    nb_man.cell_exception(cell, cell_index=index, exception=error)
                nb_man.cell_complete(cell, cell_index=index)
                if error is not None:
                    break
            nb_man.nb.metadata["language_info"] = _language()
        return nb_man.nb


def _save_seldom(nb_man: Any) -> None:
    """Write the notebook to disk at most once a second while it runs, and less often when large.

    papermill writes it twice a cell, whole each time; what a killed process leaves
    behind may then lack its last seconds. Writing takes at most a twentieth of the time.
    """
    write, after = nb_man.save, [0.0]

    def save(**rest: Any) -> None:
        began = time.monotonic()
        if began >= after[0]:
            write(**rest)
            ended = time.monotonic()
            after[0] = ended + max(1.0, 20 * (ended - began))

    nb_man.save = save
    complete = nb_man.notebook_complete

    def notebook_complete(**rest: Any) -> None:
        nb_man.save = write
        complete(**rest)

    nb_man.notebook_complete = notebook_complete


@contextmanager
def _session() -> Iterator[_Shell]:
    """Open a shell and give the process back as it was."""
    main, hook = sys.modules["__main__"], sys.displayhook
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    os.environ.setdefault("MPLBACKEND", INLINE)
    quiet = Config(
        {"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}}
    )
    shell = _Shell.instance(config=quiet)
    outputs = _Outputs()
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
        _Shell.clear_instance()
        sys.modules["__main__"], sys.displayhook = main, hook
        sys.breakpointhook = paused
        root.handlers[:], root.level = handlers, level


def _show_figures(shell: _Shell) -> None:
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


def _run_cell(shell: _Shell, cell: Any, timeout: float) -> BaseException | None:
    """Run one code cell; return what went wrong."""
    source = cell.source
    if not source.strip():
        return None
    outputs = shell.outputs
    outputs.start(cell, shell.execution_count)
    with (
        redirect_stdout(_Stream(outputs, "stdout")),
        redirect_stderr(_Stream(outputs, "stderr")),
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
        content = {"ename": type(error).__name__, "evalue": _said(error), "traceback": []}
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


def _plain(bundle: dict[str, Any]) -> dict[str, Any]:
    """Make a bundle JSON can hold: pictures as base64, numbers as numbers."""
    from ipykernel.jsonutil import encode_images, json_clean

    clean = json_clean(encode_images(dict(bundle)))
    return {k: _storable(v) if isinstance(v, str) else v for k, v in clean.items()}


def _said(error: Any) -> str:
    """Return an error's words, even when the error cannot say them."""
    try:
        return _storable(COLOUR.sub("", str(error)))
    except Exception as broken:  # noqa: BLE001 - any __str__ may raise anything
        return f"the error's own text failed ({type(broken).__name__})"


def _storable(text: str) -> str:
    """Return text that a file can hold: half characters become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _no_breakpoint(*_: Any, **__: Any) -> None:
    """Say that nobody is there to debug."""
    raise StdinNotImplementedError("breakpoint() was called, but a report has nobody to ask.")


def _no_input(*_: Any, **__: Any) -> str:
    """Say that nobody is there to answer."""
    raise StdinNotImplementedError("input() was called, but a report has nobody to ask.")


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
