"""A report made on another machine: a parcel of bytes goes there, pages come back.

On the worker the report runs as it does at home, in a process of its own that is watched
and bounded by another (``python -m yuyao_lib.reports.remote FOLDER``), and neither outlives
the worker. The notebook and the order travel as bytes, so that no folder need be shared.
Workers need this package installed.
"""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from yuyao_lib.reports.execution import report_job
from yuyao_lib.reports.nursery import Job, can_fork, raise_jobs
from yuyao_lib.reports.orders import Made, Order
from yuyao_lib.reports.replications import SCHEDULER
from yuyao_lib.reports.whole_files import write_whole

__all__ = ["make_parcel", "work_parcel"]

ORDER, NEWS = "order.pickle", "news.pickle"


def make_parcel(job: Job) -> bytes:
    """Pack a job of `execute_report`: its bounds, its order and the order's notebook."""
    order: Order = job.arguments["order"]
    executed = order.executed.read_bytes() if order.executed else None
    held = {
        "order": order, "notebook": order.notebook.read_bytes(), "executed": executed,
        "seconds": job.seconds, "megabytes": job.megabytes,
    }  # fmt: skip
    return pickle.dumps(held)


def work_parcel(parcel: bytes, *, spreads: bool = False) -> bytes:
    """Make the report of a parcel here, and return what became of it.

    Parameters
    ----------
    parcel
        As `make_parcel` returns it.
    spreads
        Whether the report has replications of its own: they go to this worker's scheduler,
        and the report gives its place on the worker up to them, or it could wait for ever.

    Returns
    -------
    bytes
        A pickled pair: the kind of event, and its payload; with ``done`` come the files.
    """
    surroundings = dict(os.environ)
    if spreads:
        from distributed import get_worker, secede

        surroundings[SCHEDULER] = get_worker().scheduler.address
        secede()
    with TemporaryDirectory(prefix="yuyao-") as name:
        folder = Path(name)
        (folder / ORDER).write_bytes(parcel)
        command = [sys.executable, "-m", "yuyao_lib.reports.remote", str(folder)]
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        # nothing is written to its input, which ends when this worker does
        with subprocess.Popen(command, stdin=subprocess.PIPE, env=surroundings, **quiet) as process:
            code = process.wait()
        news = folder / NEWS
        if not news.is_file():
            return pickle.dumps(("died", code))
        return news.read_bytes()


def _serve(folder: Path) -> None:
    """Make the report whose order lies in a folder, for as long as the worker is there."""
    threading.Thread(target=_end_with_worker, args=(folder,), daemon=True, name="worker").start()
    held = pickle.loads((folder / ORDER).read_bytes())
    order = _unpack(held, folder)
    job = report_job(order, seconds=held["seconds"], megabytes=held["megabytes"])
    for event in raise_jobs([job], fork=False):
        news: tuple[str, Any] = (event.kind, event.payload)
        if event.kind == "done":
            news = ("done", (event.payload, _files(event.payload, folder / "pages")))
    write_whole(folder / NEWS, pickle.dumps(news))


def _files(made: Made, pages: Path) -> dict[str, bytes]:
    """Return the files that a report is made of."""
    names = [*made.files.values(), *made.beside, made.executed]
    return {name: (pages / name).read_bytes() for name in names}


def _end_with_worker(folder: Path) -> None:
    """End when the worker has, leaving nothing; the report's process ends with this one."""
    while os.read(0, 1):
        pass
    shutil.rmtree(folder, ignore_errors=True)  # the worker would have, and it can hold own data
    os._exit(1)


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
