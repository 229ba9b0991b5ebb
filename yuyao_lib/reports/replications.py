"""Replications beside each other: here, over processes, or over a Dask cluster.

All three give the builtin's ``map``, so that what is repeated does not know where it runs.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.reports.threads import take_one_thread

__all__ = ["SCHEDULER", "connect", "mapper"]

SCHEDULER = "YUYAO_SCHEDULER"  # set for a report that a scheduler runs: its own address


@contextmanager
def mapper(*, processes: int = 2, scheduler: str = "") -> Iterator[Callable[..., Iterable[Any]]]:
    """Give a map function for as long as the block lasts.

    Parameters
    ----------
    processes
        Processes on this machine; 1: none but this one.
    scheduler
        Address of a Dask scheduler, ``tcp://HOST:PORT``; empty: the one that runs this
        report (``yuyao run --scheduler``), else this machine.

    Raises
    ------
    InputError
        If distributed is not installed, no scheduler answers, or `processes` is below 1.

    Examples
    --------
    >>> with mapper(processes=1) as apply:
    ...     list(apply(abs, [-1, 2]))
    [1, 2]
    """
    address = scheduler or os.environ.get(SCHEDULER, "")
    if address:
        with connect(address) as client, client.get_executor(pure=False, retries=3) as pool:
            yield pool.map
        return
    if processes < 1:
        raise InputError(sentence("processes", got=processes, allowed="1 or more"))
    if processes == 1 or multiprocessing.current_process().daemon:
        yield map  # a process that may have no children does the work itself
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, initializer=take_one_thread) as pool:
        yield pool.map  # one at a time: four draws of whole pages are not one piece of work


def connect(address: str) -> Any:
    """Connect to a Dask scheduler.

    Raises
    ------
    InputError
        If distributed is not installed or no scheduler answers.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise InputError(
            "sending work to a cluster needs the package distributed; install it with:"
            " pip install 'yuyao-lib[cluster]'"
        ) from error
    try:
        return Client(address, timeout="10s", set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise InputError(
            sentence("no scheduler answers", got=address, allowed="tcp://HOST:PORT")
        ) from error
