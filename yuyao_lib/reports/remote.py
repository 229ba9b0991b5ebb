"""A report made on another machine: a parcel of bytes goes there, pages come back.

On the worker the report runs in a process of its own (``python -m
yuyao_lib.reports.remote FOLDER``), as it does at home; the notebook and the order travel
as bytes, so that no folder need be shared. Workers need this package installed.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from yuyao_lib.reports.execution import Order, execute_report
from yuyao_lib.reports.nursery import can_fork
from yuyao_lib.reports.whole_files import write_whole

__all__ = ["make_parcel", "work_parcel"]

ORDER, NEWS = "order.pickle", "news.pickle"


def make_parcel(order: Order) -> bytes:
    """Pack an order with its notebook."""
    executed = order.executed.read_bytes() if order.executed else None
    held = {"order": order, "notebook": order.notebook.read_bytes(), "executed": executed}
    return pickle.dumps(held)


def work_parcel(parcel: bytes, seconds: float) -> bytes:
    """Make the report of a parcel here, and return what became of it.

    Returns
    -------
    bytes
        A pickled pair: the kind of event, and its payload; with ``done`` come the files.
    """
    with TemporaryDirectory(prefix="yuyao-") as name:
        folder = Path(name)
        (folder / ORDER).write_bytes(parcel)
        command = [sys.executable, "-m", "yuyao_lib.reports.remote", str(folder)]
        try:
            done = subprocess.run(
                command, check=False, capture_output=True, text=True, timeout=seconds
            )
        except subprocess.TimeoutExpired:
            return pickle.dumps(("timeout", seconds))
        news = folder / NEWS
        if not news.is_file():
            return pickle.dumps(("died", done.returncode))
        return news.read_bytes()


def _serve(folder: Path) -> None:
    """Make the report whose order lies in a folder."""
    held = pickle.loads((folder / ORDER).read_bytes())
    made, pages = _unpack(held, folder), folder / "pages"
    try:
        value = execute_report(lambda said: None, order=made)
        names = [*value.files.values(), *value.beside, value.executed]
        files = {name: (pages / name).read_bytes() for name in names}
        news: tuple[str, Any] = ("done", (value, files))
    except Exception as error:  # noqa: BLE001 - whatever it is must reach the caller
        import traceback

        trace = "".join(traceback.format_exception(error))
        news = ("failed", (type(error).__name__, str(error), trace))
    write_whole(folder / NEWS, pickle.dumps(news))


def _unpack(held: dict[str, Any], folder: Path) -> Order:
    """Lay out a parcel's notebook and point the order at it."""
    order: Order = held["order"]
    notebook = folder / order.notebook.name
    notebook.write_bytes(held["notebook"])
    executed = None
    if held["executed"] is not None:
        executed = folder / "executed.ipynb"
        executed.write_bytes(held["executed"])
    return replace(
        order,
        notebook=notebook,
        executed=executed,
        folder=folder / "pages",
        in_process=can_fork(),
        cache=None,
    )


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
