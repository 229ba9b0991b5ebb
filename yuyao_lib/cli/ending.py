"""How a command ends: on signals, with streams that nobody reads, and for machines in JSON."""

from __future__ import annotations

import atexit
import json
import os
import signal
import sys
import threading
from contextlib import suppress
from types import FrameType
from typing import Any, NoReturn

from yuyao_lib.cli.plain import plain

__all__ = ["Stopped", "end_on_signals", "leave", "mend_streams", "say_error", "silence"]

STOPPING = ("SIGINT", "SIGTERM", "SIGHUP")  # the last where a terminal is closed


class Stopped(SystemExit):
    """Somebody asked the command to stop; every process is ended on the way out."""


def end_on_signals() -> None:
    """Turn the first request to stop into an exception; a second one must not cut it short."""
    if threading.current_thread() is not threading.main_thread():
        return
    known = [getattr(signal, name) for name in STOPPING if hasattr(signal, name)]
    # what is to be ignored stays ignored: nohup, and commands put in the background
    asked = [n for n in known if signal.getsignal(n) is not signal.SIG_IGN]

    def stop(number: int, frame: FrameType | None) -> None:
        for each in asked:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(128 + number)

    for number in asked:
        signal.signal(number, stop)


def mend_streams() -> None:
    """Put the null device where a standard stream is closed.

    Otherwise the next file opened would take its number, and be written to by mistake.
    """
    for number, name, way in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number is this one
            setattr(sys, name, os.fdopen(number, way, encoding="utf-8", closefd=False))


def leave(code: int) -> NoReturn:
    """End the process with an exit code that nothing loaded can change.

    Libraries in C++ take themselves apart after Python's end, and one that still has a
    thread then aborts the process: a run that was done, or stopped, would exit with 134.
    """
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def silence(stream: Any) -> None:
    """Let what is still to be written to a stream that nobody reads go nowhere."""
    with suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)


def say_error(
    words: str, code: int, *, as_json: bool, reports: list[dict[str, Any]], usage: str = ""
) -> None:
    """Say why a command ended: a sentence for people, or the same as JSON for machines.

    Parameters
    ----------
    words
        The sentence.
    code
        The exit code.
    as_json
        Whether the command was asked to answer machines.
    reports
        What became of the reports that ended before.
    usage
        How the command is used; for people.
    """
    try:
        for line in filter(None, (usage, words)):
            sys.stderr.write(f"{plain(line)}\n")
        sys.stderr.flush()
    except OSError:
        silence(sys.stderr)
    try:
        if as_json:
            held = {"exit_code": code, "error": words.removeprefix("yuyao: "), "reports": reports}
            sys.stdout.write(json.dumps(held, ensure_ascii=False, indent=1) + "\n")
            sys.stdout.flush()
    except OSError:
        silence(sys.stdout)
