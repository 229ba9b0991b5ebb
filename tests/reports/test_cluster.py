"""Reports, and replications, over a real scheduler and two workers here, one of them killed."""

import json
import os
import pickle
import signal
import threading

import nbformat
import psutil
import pytest
from spare_projects import SHOW, project_in

from yuyao_lib.errors import InputError, RunError
from yuyao_lib.methods.estimator_trials import run_trials
from yuyao_lib.methods.trial_designs import cutoff_trial
from yuyao_lib.reports.cluster import send_jobs
from yuyao_lib.reports.execution import execute_report
from yuyao_lib.reports.file_digests import FileDigests
from yuyao_lib.reports.ledger import Ledger
from yuyao_lib.reports.nursery import Job
from yuyao_lib.reports.orders import Order
from yuyao_lib.reports.plan import choose, read_plan
from yuyao_lib.reports.remote import make_parcel, work_parcel
from yuyao_lib.reports.replications import mapper
from yuyao_lib.reports.runner import run_reports
from yuyao_lib.vocabulary import Text

SENT = ("scorecard", "training_returns")  # one a worker


@pytest.fixture(scope="module")
def cluster():
    from distributed import LocalCluster

    made = LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None,
        host="127.0.0.1",
    )  # fmt: skip
    yield made
    made.close()


def run(folder, address, plan, **options):
    ledger = Ledger(folder / "outputs")
    files = FileDigests(ledger.cache / "digests.json")
    reports = choose(read_plan(plan / "notebooks" / "reports.yaml"), list(SENT))
    return ledger, run_reports(reports, ledger, files, jobs=2, scheduler=address, **options)


def kill_one(cluster, *, after: float) -> threading.Timer:
    """Kill a worker's process in a while."""
    pid = next(iter(cluster.workers.values())).pid
    timer = threading.Timer(after, os.kill, (pid, signal.SIGKILL))
    timer.start()
    return timer


@pytest.mark.usefixtures("one_thread")
def test_reports_come_back_whole_although_a_worker_is_lost(
    cluster, tmp_path, plan, outputs
) -> None:
    lost: list[psutil.Process] = []

    def kill() -> None:
        worker = psutil.Process(next(iter(cluster.workers.values())).pid)
        lost.extend(worker.children(recursive=True))
        worker.kill()

    def tell(report: str, kind: str, payload: object) -> None:
        if kind == "started" and report == SENT[-1]:
            threading.Timer(1.5, kill).start()

    ledger, result = run(tmp_path, cluster.scheduler_address, plan, tell=tell)
    assert {o.state for o in result.outcomes} == {"made"}, result.outcomes
    for report in SENT:  # the default plan was run at home
        assert ledger.manifest(report).findings == Ledger(outputs).manifest(report).findings
    _, alive = psutil.wait_procs(lost, timeout=10)
    assert not [p for p in alive if p.status() != psutil.STATUS_ZOMBIE], "no orphans of a worker"


@pytest.mark.usefixtures("one_thread")
def test_replications_are_all_there_although_a_worker_is_lost(cluster) -> None:
    trials, before = [cutoff_trial(jump=0.1, n=400)], {w.pid for w in cluster.workers.values()}
    with mapper(scheduler=cluster.scheduler_address) as apply:
        timer = kill_one(cluster, after=0.8)  # while it draws, or still loads what it needs
        there = run_trials(trials, replications=30, over=apply)
        timer.join()
    assert there.outcomes == run_trials(trials, replications=30).outcomes
    assert {w.pid for w in cluster.workers.values()} != before, "no worker was lost"


SPREADING = """
import os
from yuyao_lib.reports.replications import mapper
with mapper(processes=1) as apply:
    print(sorted(set(apply(lambda k: os.getpid(), range(4)))))
"""


def test_replications_of_sent_reports_run_on_the_same_scheduler(cluster, tmp_path) -> None:
    project = project_in(tmp_path)
    paths = [project.book(name, SHOW, SPREADING) for name in "abc"]  # more than there are places
    result = project.run(*paths, scheduler=cluster.scheduler_address)
    assert {o.state for o in result.outcomes} == {"made"}, result.outcomes
    workers = {w.pid for w in cluster.workers.values()}
    for name in "abc":
        executed = nbformat.read(result.folder / name / f"{name}.ipynb", as_version=4)
        assert set(json.loads(executed.cells[-1].outputs[0].text)) <= workers


def test_bounds_of_a_report_hold_on_a_worker(tmp_path) -> None:
    project = project_in(tmp_path)
    path = project.book("a", "x = bytearray(2_000_000_000)")
    order = Order("a", path, {"value": 1.0, "name": "a"}, tmp_path, "k", "k", Text("A", "甲"), (),
                  60.0, in_process=True)  # fmt: skip
    job = Job("a", execute_report, {"order": order}, seconds=100, megabytes=1000)
    kind, payload = pickle.loads(work_parcel(make_parcel(job)))
    assert kind == "failed" and "MemoryError" in payload[1]


def test_no_scheduler_is_a_sentence() -> None:
    with pytest.raises(InputError, match="no scheduler answers: got 'tcp://127.0.0.1:9'"):
        list(send_jobs([], address="tcp://127.0.0.1:9"))


def test_a_scheduler_without_workers_is_a_sentence(tmp_path, monkeypatch) -> None:
    from distributed import LocalCluster

    monkeypatch.setattr("yuyao_lib.reports.cluster.LOOK_SECONDS", 0.1)
    monkeypatch.setattr("yuyao_lib.reports.cluster.ALONE_SECONDS", 0.3)
    project = project_in(tmp_path)
    alone = {"n_workers": 0, "dashboard_address": ":0", "host": "127.0.0.1"}
    with LocalCluster(**alone) as made, pytest.raises(RunError, match="has had no worker for 0.3"):
        project.run(project.book("a"), scheduler=made.scheduler_address)
    told = json.loads((project.ledger.published / "summary.json").read_text(encoding="utf-8"))
    assert (told["exit_code"], told["unfinished"]) == (1, ["a"])
