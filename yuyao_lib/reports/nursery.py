"""One fresh process a report, several at a time, each watched and never orphaned.

On Linux the processes are forked by the standard library's fork server, which has the
heavy imports behind it; elsewhere, when asked, or once this package was edited under a
fork server that has it loaded, each starts from nothing (``spawn``). Results are the
same; only the time differs.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, Literal

from yuyao_lib.paths import PACKAGE
from yuyao_lib.reports.cradle import descendants, end_all, live, signal_group
from yuyao_lib.reports.warmup import WANTED

__all__ = ["Event", "Job", "can_fork", "cores", "raise_jobs"]

Send = Callable[[Any], None]
GRACE_SECONDS = 5.0
TAPPED = sys.platform != "win32"  # where the ends of a pipe are files
PIECE, MOST_DRAINED, MOST_WRITTEN = 65536, 32, 20_000  # bytes, pieces at a time, bytes
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
    patience
        Called with what it said: seconds within which it has to say something again, or
        None for no bound; without it there is none.
    """

    name: str
    work: Callable[..., Any]
    arguments: dict[str, Any] = field(default_factory=dict)
    seconds: float | None = None
    megabytes: int | None = None
    patience: Callable[[Any], float | None] | None = None


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
        (payload: exit code, negative for a signal), ``timeout`` (payload: seconds) or
        ``silent`` (payload: the seconds it had to say something).
    payload
        See `kind`.
    wrote
        Once it ended, the last of what was written past Python to its standard streams.
    """

    name: str
    kind: Literal["started", "said", "done", "failed", "died", "timeout", "silent"]
    payload: Any = None
    wrote: str = ""


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
        handles += [ear for ear in (child.ear, child.spout) if not ear.closed]
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
        self.job, self.ended = job, False
        self.result: float | None = None  # when its result came
        self.patience = self.until = math.inf  # seconds to say something again, and when they end
        self.wrote = b""
        self.ear, mouth = context.Pipe(duplex=False)
        self.spout, tap = context.Pipe(duplex=False)
        self.started = time.monotonic()
        # the fork server knows the variables of when it was raised: a key set since is passed on
        ours = {n: v for n, v in os.environ.items() if n.startswith("YUYAO_")}
        arguments = (mouth, job.work, job.arguments, job.megabytes, ours, (TAPPED and tap) or None)
        self.process = context.Process(target=live, args=arguments, name=job.name)
        self.process.start()
        mouth.close()
        tap.close()

    def news(self) -> Iterator[Event]:
        """Yield what came since the last look."""
        yield from self._heard()
        if self.ended:
            return
        if not self.process.is_alive():
            yield from self._heard()
            if self.result is None:
                yield self._last("died", self.process.exitcode)
            self.end()
        elif self._lingers():
            self.end()
        elif self.result is None:
            yield from self._late()

    def _heard(self) -> Iterator[Event]:
        """Read what the process said."""
        while not self.ear.closed and self.ear.poll():
            try:
                kind, payload = self.ear.recv()
            except (EOFError, OSError):
                self.ear.close()
                break
            if kind == "said":
                if self.job.patience is not None:
                    self.patience = self.job.patience(payload) or math.inf
                    self.until = time.monotonic() + self.patience
                yield Event(self.job.name, kind, payload)
            else:
                self.result = time.monotonic()
                yield self._last(kind, payload)
        self._drain()

    def _late(self) -> Iterator[Event]:
        """End it once it took, or said nothing for, longer than it may."""
        now = time.monotonic()
        if self.job.seconds and now - self.started > self.job.seconds:
            self.end()
            yield self._last("timeout", self.job.seconds)
        elif now > self.until:
            self.end()
            yield self._last("silent", self.patience)

    def _last(self, kind: Any, payload: Any) -> Event:
        """Return the event of its end, with what it wrote."""
        self._drain()
        words = self.wrote.decode("utf-8", "replace").strip()
        return Event(self.job.name, kind, payload, words)

    def _drain(self) -> None:
        """Keep the last of what was written past Python; at most a bound is read at a time."""
        if not TAPPED:
            return
        for _ in range(MOST_DRAINED):
            if self.spout.closed or not self.spout.poll():
                return
            text = os.read(self.spout.fileno(), PIECE)
            self.wrote = (self.wrote + text)[-MOST_WRITTEN:]
            if not text:
                self.spout.close()

    def _lingers(self) -> bool:
        """Whether it stays long after its result, as with a thread that does not end."""
        return self.result is not None and time.monotonic() - self.result > GRACE_SECONDS

    def end(self) -> None:
        """Make sure that the process and everything it started are gone."""
        self.ended = True
        pid = self.process.pid
        family = descendants(pid) if pid and self.process.is_alive() else []
        if pid and self.process.is_alive() and self.result is None:
            signal_group(pid, signal.SIGTERM)
        self.process.join(0.5)
        if pid:
            signal_group(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        end_all(family)
        self.process.join(GRACE_SECONDS)
        self._drain()
        self.ear.close()
        self.spout.close()
