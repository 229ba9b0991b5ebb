"""Each job has a process of its own; none outlives its caller."""

import subprocess
import sys
import time
from pathlib import Path

import nursery_jobs
import psutil
import pytest
from nursery_jobs import (
    add,
    breed,
    breed_apart,
    draw,
    fail,
    fall_silent,
    hoard,
    leave,
    linger,
    shut,
    sleep_on,
    threads_after_sums,
    uproot,
    vanish,
    write_past,
)

from yuyao_lib.reports import nursery
from yuyao_lib.reports.nursery import Job, can_fork, raise_jobs

FORKS = [pytest.param(True, marks=pytest.mark.skipif(not can_fork(), reason="Linux only")), False]


def gone(pid: int) -> bool:
    for _ in range(50):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.1)
    return False


def events(jobs, **options):
    return [(e.name, e.kind, e.payload) for e in raise_jobs(jobs, **options)]


@pytest.mark.parametrize("fork", FORKS)
def test_a_result_and_what_was_said(fork) -> None:
    heard = events([Job("sum", add, {"a": 1, "b": 2})], fork=fork)
    assert heard == [("sum", "started", None), ("sum", "said", {"half": 1}), ("sum", "done", 3)]


@pytest.mark.parametrize("fork", FORKS)
@pytest.mark.parametrize("chosen", [None, "2"])
def test_sums_take_one_thread_unless_somebody_chose_otherwise(fork, chosen, monkeypatch) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    if chosen:
        monkeypatch.setenv("OPENBLAS_NUM_THREADS", chosen)
    *_, (_, kind, said) = events([Job("sums", threads_after_sums)], fork=fork)
    assert kind == "done"
    if not fork:  # the fork server knows the variables of when it was raised
        assert said[1] == (chosen or "1")
    assert chosen or said == (0, "1")


@pytest.mark.parametrize("fork", FORKS)
def test_every_way_to_end_is_told_apart(fork) -> None:
    jobs = [Job("f", fail), Job("v", vanish), Job("l", leave), Job("s", sleep_on, seconds=1.0)]
    ends = {n: (k, p) for n, k, p in events(jobs, fork=fork) if k not in {"started", "said"}}
    kind, (name, said, trace) = ends["f"]
    assert (kind, name, said) == ("failed", "ValueError", "no such wage")
    assert "Traceback" in trace
    assert ends["v"] == ("died", -9)
    assert ends["l"] == ("died", 3)
    assert ends["s"] == ("timeout", 1.0)


def test_a_deaf_process_and_its_children_are_ended() -> None:
    heard = events([Job("d", sleep_on, {"deaf": True}, seconds=3.0), Job("b", breed)])
    pids = [p for _, kind, p in heard if kind == "said"]
    assert len(pids) == 2
    assert all(gone(pid) for pid in pids)


@pytest.mark.skipif(not can_fork(), reason="Linux only")
@pytest.mark.parametrize("fails", [False, True])
def test_a_child_in_a_session_of_its_own_is_ended_too(fails) -> None:
    heard = events([Job("b", breed_apart, {"fails": fails})])
    (pid,) = [p for _, kind, p in heard if kind == "said"]
    assert gone(pid)


def test_a_thread_that_does_not_end_holds_up_nobody(monkeypatch) -> None:
    monkeypatch.setattr(nursery, "GRACE_SECONDS", 0.5)
    heard = events([Job("l", linger), Job("a", add, {"a": 1, "b": 2})], at_once=1)
    (_, _, pid), *_, last = (event for event in heard if event[1] == "done")
    assert last == ("a", "done", 3)
    assert gone(pid)


def patient(said):
    return 0.5 if said == 0 else None


@pytest.mark.skipif(not can_fork(), reason="Linux only")
def test_a_process_that_is_silent_too_long_is_ended() -> None:
    heard = events([Job("s", fall_silent, patience=patient)])
    assert heard[1:] == [("s", "said", 1), ("s", "said", 0), ("s", "silent", 0.5)]


@pytest.mark.skipif(sys.platform == "win32", reason="no signals")
def test_what_is_written_past_python_reaches_no_terminal(capfd) -> None:
    *_, last = raise_jobs([Job("w", write_past)])
    assert (last.kind, last.payload) == ("died", -9)
    assert last.wrote.endswith("x\nthe last words")
    assert len(last.wrote) <= nursery.MOST_WRITTEN
    assert capfd.readouterr() == ("", "")


def test_a_process_that_can_say_nothing_more_says_nothing_to_the_terminal(capfd) -> None:
    assert [kind for _, kind, _ in events([Job("s", shut)])] == ["started", "died"]
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.skipif(not can_fork(), reason="Linux only")
def test_the_others_are_raised_when_the_process_to_fork_from_is_killed() -> None:
    heard = events([Job("u", uproot), Job("a", add, {"a": 1, "b": 2})], at_once=1)
    assert [kind for name, kind, _ in heard if name == "u"] == ["started", "died"]
    assert heard[-1] == ("a", "done", 3)


def test_leaving_the_loop_ends_everything() -> None:
    running = raise_jobs([Job("s", sleep_on)])
    for event in running:
        if event.kind == "said":
            pid = event.payload
            break
    running.close()
    assert gone(pid)


def test_no_orphan_when_the_caller_is_killed() -> None:
    support = str(Path(nursery_jobs.__file__).parent)
    code = (
        f"import sys; sys.path.insert(0, {support!r})\n"
        "from nursery_jobs import sleep_on\n"
        "from yuyao_lib.reports.nursery import Job, raise_jobs\n"
        "for e in raise_jobs([Job('s', sleep_on)]):\n"
        "    print(e.payload or '', flush=True)\n"
    )
    caller = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd="/"
    )
    pid = 0
    while not pid:
        line = caller.stdout.readline()
        assert line or caller.poll() is None, "the caller ended by itself"
        pid = int(line.strip() or 0)
    caller.kill()
    caller.wait()
    assert gone(pid)


@pytest.mark.skipif(not can_fork(), reason="Linux only")
def test_forked_children_draw_different_numbers() -> None:
    jobs = [Job(str(i), draw) for i in range(3)]
    drawn = [p for _, k, p in events(jobs, preload=["numpy", "scipy.stats"]) if k == "done"]
    assert len(set(drawn)) == 3


@pytest.mark.skipif(not can_fork(), reason="Linux only")
def test_memory_is_bounded() -> None:
    (_, (_, kind, payload)) = events([Job("h", hoard, megabytes=300)])
    assert kind == "failed"
    assert payload[0] == "MemoryError"
    assert events([Job("h", hoard, megabytes=2000)])[-1][1] == "done"


@pytest.mark.skipif(not can_fork(), reason="Linux only")
def test_an_edited_package_is_not_forked_from(monkeypatch) -> None:
    job = [Job("sum", add, {"a": 1, "b": 2})]
    forked = events(job, fork=True)
    started = []
    monkeypatch.setattr(nursery._Child, "__init__", _noting(started, nursery._Child.__init__))
    assert events(job, fork=True) == forked
    path, _, size = nursery._LOADED[0]
    monkeypatch.setattr(nursery, "_LOADED", [(path, 0, size), *nursery._LOADED[1:]])
    assert events(job, fork=True) == forked
    assert started == ["forkserver", "spawn"]


def _noting(started, begin):
    def note(child, context, job):
        started.append(context.get_start_method())
        begin(child, context, job)

    return note
