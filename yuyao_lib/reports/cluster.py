"""Reports on many machines: the same events as at home, from a Dask scheduler.

Whole reports are sent through Dask's ``concurrent.futures`` interface, and replications of
one follow it there. A report whose worker is lost is sent to another; what comes back is
laid where a process here would have put it.
"""

from __future__ import annotations

import pickle
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait

from yuyao_lib.errors import RunError
from yuyao_lib.reports.nursery import Event, Job
from yuyao_lib.reports.orders import Made, Order
from yuyao_lib.reports.remote import make_parcel, work_parcel
from yuyao_lib.reports.replications import connect

__all__ = ["send_jobs"]

RETRIES = 3
LOOK_SECONDS, ALONE_SECONDS = 5.0, 300.0  # a cluster may take its time to grow


def send_jobs(jobs: Sequence[Job], *, address: str) -> Iterator[Event]:
    """Send jobs to a scheduler and yield what happens.

    Parameters
    ----------
    jobs
        Jobs of `execute_report`.
    address
        Of the scheduler, ``tcp://HOST:PORT``.

    Raises
    ------
    InputError
        If the package distributed is not installed or no scheduler answers.
    RunError
        If the scheduler has had no worker for minutes.
    """
    with connect(address) as client:
        executor = client.get_executor(retries=RETRIES, pure=False)
        waiting = {}
        for job in jobs:
            spreads = job.arguments["order"].spreads
            waiting[executor.submit(work_parcel, make_parcel(job), spreads=spreads)] = job
            yield Event(job.name, "started")
        seen = time.monotonic()  # when there last was a worker, or a report came back
        while waiting:
            done, _ = wait(waiting, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                yield _event(future, waiting.pop(future))
            if done or client.nthreads():
                seen = time.monotonic()
            elif time.monotonic() - seen > ALONE_SECONDS:
                raise RunError(
                    f"the scheduler {address} has had no worker for {ALONE_SECONDS:g} seconds;"
                    f" start one with: dask worker {address}"
                )


def _event(future: Future[bytes], job: Job) -> Event:
    """Turn an answer into an event, laying out the files that came with it."""
    try:
        kind, payload = pickle.loads(future.result())
    except Exception as error:  # noqa: BLE001 - a lost worker may raise anything
        return Event(job.name, "failed", ("RunError", f"its workers were lost: {error}", ""))
    if kind == "done":
        payload = _lay_out(job.arguments["order"], *payload)
    return Event(job.name, kind, payload)


def _lay_out(order: Order, made: Made, files: dict[str, bytes]) -> Made:
    """Write a report's files where a process here would have put them."""
    order.folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (order.folder / name).write_bytes(content)
    return made
