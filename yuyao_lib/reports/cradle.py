"""A report's process from within: what it settles first, how it tells its end, who ends with it.

It leads a group of its own, so that whatever its work starts can be ended with it, and it
does not outlive the process that asked for it.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import random
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from yuyao_lib.errors import shortened
from yuyao_lib.reports.threads import take_one_thread

__all__ = ["descendants", "end_all", "live", "signal_group"]

PR_SET_CHILD_SUBREAPER = 36
MOST_SAID, MOST_OF_TRACE = 4_000, 50_000  # characters


def signal_group(pid: int, number: int) -> None:
    """Signal a process and its children; one already gone is what was wanted.

    One that has only just started leads no group yet, and is signalled alone.
    """
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError):
                os.killpg(pid, number)
                return
        os.kill(pid, number)


def live(
    mouth: Connection,
    work: Callable[..., Any],
    arguments: dict[str, Any],
    megabytes: int | None,
    ours: dict[str, str],
    spout: Connection | None = None,
) -> None:
    """Be the process: do the work and tell its end.

    Parameters
    ----------
    mouth
        Where to say what happens.
    work, arguments
        The work, ``work(send, **arguments)``.
    megabytes
        Most memory it may ask for beyond what it started with; None for no bound.
    ours
        The caller's variables of this package; no other is kept.
    spout
        Where to write what is written past Python, as by programs that the work starts.
    """
    if spout is not None:
        _write_into(spout)
    for name in [n for n in os.environ if n.startswith("YUYAO_") and n not in ours]:
        del os.environ[name]
    os.environ.update(ours)
    take_one_thread()
    _settle(megabytes)
    try:
        told = "done", work(lambda said: mouth.send(("said", said)), **arguments)
    except BaseException as error:  # noqa: BLE001 - whatever it is must reach the caller
        trace = shortened("".join(traceback.format_exception(error)), most=MOST_OF_TRACE)
        told = "failed", (type(error).__name__, shortened(str(error), most=MOST_SAID), trace)
    try:
        with mouth:
            mouth.send(told)
    except OSError:  # the work closed it, so that nobody can be told
        sys.exit(1)
    finally:
        end_all(descendants(os.getpid()))


def descendants(pid: int) -> list[int]:
    """Return what a process started and what that started, also in sessions of their own."""
    if sys.platform != "linux":
        return []
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                fields = (entry / "stat").read_text(encoding="ascii", errors="replace")
                parent = int(fields.rpartition(")")[2].split()[1])
                parents.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found


def end_all(pids: list[int]) -> None:
    """End processes at once; one already gone is what was wanted."""
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))


def _write_into(spout: Connection) -> None:
    """Send standard output and error to the caller and not to its terminal or its JSON."""
    for number in (1, 2):
        os.dup2(spout.fileno(), number)
    spout.close()


def _settle(megabytes: int | None) -> None:
    """Lead a group of its own, end with its parent, draw own random numbers, keep to memory."""
    if hasattr(os, "setsid"):
        with suppress(PermissionError):
            os.setsid()
    if sys.platform == "linux":
        # what its children leave behind stays its own, and is ended with it
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    threading.Thread(target=_end_with_caller, daemon=True, name="watch").start()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()
    if megabytes and sys.platform == "linux":
        _bound_memory(megabytes)


def _end_with_caller() -> None:
    """Kill this process and what it started once the one that asked for it is gone."""
    caller = multiprocessing.parent_process()
    if caller is not None:
        wait([caller.sentinel])
        signal_group(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def _bound_memory(megabytes: int) -> None:
    """Bound what the process may still ask for, on top of what it holds."""
    import resource

    with open("/proc/self/statm", encoding="ascii") as status:  # noqa: PTH123 - no file to read twice
        held = int(status.read().split()[0]) * resource.getpagesize()
    bound = held + megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
