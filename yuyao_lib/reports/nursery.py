"""One fresh process a report, several at a time, each watched and never orphaned.

On Linux the processes are forked by the standard library's fork server, which has the
heavy imports behind it; elsewhere, when asked, or once this package was edited under a
fork server that has it loaded, each starts from nothing (``spawn``). Results are the
same; only the time differs.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import random
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Literal

from yuyao_lib.paths import PACKAGE
from yuyao_lib.reports.warmup import WANTED

__all__ = ["Event", "Job", "can_fork", "cores", "raise_jobs"]

Send = Callable[[Any], None]
GRACE_SECONDS = 5.0
PR_SET_CHILD_SUBREAPER = 36
_LOADED: list[tuple[str, int, int]] = []  # the files behind the fork server, once there is one


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work for a process of its own.

    Attributes
    ----------
    name
        How the job is called in events.
    work
        Importable function ``work(send, **arguments)``; what it returns is sent back.
    arguments
        Keyword arguments, picklable.
    seconds
        Longest time it may take; None for no bound.
    megabytes
        Most memory it may ask for beyond what it started with; None for no bound.
    """

    name: str
    work: Callable[..., Any]
    arguments: dict[str, Any] = field(default_factory=dict)
    seconds: float | None = None
    megabytes: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What is heard from a job: it started, says something, or ended.

    Attributes
    ----------
    name
        The job's name.
    kind
        ``started``, ``said`` (payload: what it sent), ``done`` (payload: what it
        returned), ``failed`` (payload: (error class, sentence, trace)), ``died``
        (payload: exit code, negative for a signal) or ``timeout`` (payload: seconds).
    payload
        See `kind`.
    """

    name: str
    kind: Literal["started", "said", "done", "failed", "died", "timeout"]
    payload: Any = None


def can_fork() -> bool:
    """Whether forking a warmed process is safe here."""
    return sys.platform == "linux" and "forkserver" in multiprocessing.get_all_start_methods()


def cores() -> int:
    """Count the cores this process may use, which in a container can be fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def raise_jobs(
    jobs: Sequence[Job], *, at_once: int = 2, preload: Sequence[str] = (), fork: bool | None = None
) -> Iterator[Event]:
    """Run the jobs, at most `at_once` at a time, and yield what happens.

    Closing the iterator, or an exception in the caller's loop, ends every process.
    """
    context = _context(preload, can_fork() if fork is None else fork)
    waiting = list(jobs)
    alive: dict[str, _Child] = {}
    try:
        while waiting or alive:
            while waiting and len(alive) < at_once:
                child = _raise(context, waiting.pop(0))
                alive[child.job.name] = child
                yield Event(child.job.name, "started")
            _pause(alive.values())
            for child in list(alive.values()):
                yield from child.news()
                if child.ended:
                    del alive[child.job.name]
    finally:
        for child in alive.values():
            child.end()


def _raise(context: Any, job: Job) -> _Child:
    """Start a job's process, from nothing where the one to fork from is gone."""
    try:
        return _Child(context, job)
    except (EOFError, OSError):  # it was killed, as where memory ran out, or cannot fork
        return _Child(multiprocessing.get_context("spawn"), job)


def _pause(children: Any) -> None:
    """Sleep until a process speaks or ends, or a second has passed."""
    handles: list[Any] = []
    for child in children:
        handles.append(child.process.sentinel)
        if not child.closed:
            handles.append(child.ear)
    wait(handles, timeout=1.0)


def _context(preload: Sequence[str], fork: bool) -> Any:
    """Return the way processes are started."""
    if not fork or not _still_true():
        return multiprocessing.get_context("spawn")
    from multiprocessing import forkserver

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["yuyao_lib.reports.warmup"])
    os.environ[WANTED] = ",".join(preload)
    try:
        forkserver.ensure_running()
    finally:
        del os.environ[WANTED]  # for the fork server alone, not for what else is started
    return context


def _still_true() -> bool:
    """Whether this package is as it was when the fork server loaded it, or none did yet."""
    there = (Path(folder, name) for folder, _, names in os.walk(PACKAGE) for name in names)
    states = ((path, path.stat()) for path in there if path.suffix != ".pyc")
    now = sorted((str(path), state.st_mtime_ns, state.st_size) for path, state in states)
    if not _LOADED:
        _LOADED[:] = now
    return now == _LOADED


class _Child:
    """One process and what is known of it."""

    def __init__(self, context: Any, job: Job) -> None:
        self.job, self.ended, self.closed = job, False, False
        self.result: float | None = None  # when its result came
        self.ear, mouth = context.Pipe(duplex=False)
        self.started = time.monotonic()
        # the fork server knows the variables of when it was raised: a key set since is passed on
        ours = {n: v for n, v in os.environ.items() if n.startswith("YUYAO_")}
        arguments = (mouth, job.work, job.arguments, job.megabytes, ours)
        self.process = context.Process(target=_live, args=arguments, name=job.name)
        self.process.start()
        mouth.close()

    def news(self) -> Iterator[Event]:
        """Yield what came since the last look."""
        yield from self._heard()
        if self.ended:
            return
        if not self.process.is_alive():
            yield from self._heard()
            if self.result is None:
                yield Event(self.job.name, "died", self.process.exitcode)
            self.end()
        elif self._lingers():
            self.end()
        elif self.job.seconds and time.monotonic() - self.started > self.job.seconds:
            self.end()
            if self.result is None:
                yield Event(self.job.name, "timeout", self.job.seconds)

    def _heard(self) -> Iterator[Event]:
        """Read what the process said."""
        while not self.closed and self.ear.poll():
            try:
                kind, payload = self.ear.recv()
            except (EOFError, OSError):
                self.closed = True
                return
            if kind in {"done", "failed"}:
                self.result = time.monotonic()
            yield Event(self.job.name, kind, payload)

    def _lingers(self) -> bool:
        """Whether it stays long after its result, as with a thread that does not end."""
        return self.result is not None and time.monotonic() - self.result > GRACE_SECONDS

    def end(self) -> None:
        """Make sure that the process and everything it started are gone."""
        self.ended = True
        pid = self.process.pid
        family = _descendants(pid) if pid and self.process.is_alive() else []
        if pid and self.process.is_alive() and self.result is None:
            _signal_group(pid, signal.SIGTERM)
        self.process.join(0.5)
        if pid:
            _signal_group(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        _end_all(family)
        self.process.join(GRACE_SECONDS)
        self.ear.close()


def _signal_group(pid: int, number: int) -> None:
    """Signal a process and its children; one already gone is what was wanted."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(pid, number)
        else:
            os.kill(pid, number)


def _live(
    mouth: Connection,
    work: Callable[..., Any],
    arguments: dict[str, Any],
    megabytes: int | None,
    ours: dict[str, str],
) -> None:
    """Be the process: do the work and tell its end."""
    for name in [n for n in os.environ if n.startswith("YUYAO_") and n not in ours]:
        del os.environ[name]
    os.environ.update(ours)
    _settle(megabytes)
    try:
        told = "done", work(lambda said: mouth.send(("said", said)), **arguments)
    except BaseException as error:  # noqa: BLE001 - whatever it is must reach the caller
        trace = "".join(traceback.format_exception(error))
        told = "failed", (type(error).__name__, str(error), trace)
    try:
        with mouth:
            mouth.send(told)
    except OSError:  # the work closed it, so that nobody can be told
        sys.exit(1)
    finally:
        _end_all(_descendants(os.getpid()))


def _descendants(pid: int) -> list[int]:
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


def _end_all(pids: list[int]) -> None:
    """End processes at once; one already gone is what was wanted."""
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))


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
        _signal_group(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def _bound_memory(megabytes: int) -> None:
    """Bound what the process may still ask for, on top of what it holds."""
    import resource

    with open("/proc/self/statm", encoding="ascii") as status:  # noqa: PTH123 - no file to read twice
        held = int(status.read().split()[0]) * resource.getpagesize()
    bound = held + megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
