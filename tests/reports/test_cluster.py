"""Reports, and replications, over a real scheduler and two workers here, one of them killed."""

import os
import signal
import threading

import pytest

from yuyao_lib.errors import InputError
from yuyao_lib.methods.estimator_trials import run_trials
from yuyao_lib.methods.trial_designs import cutoff_trial
from yuyao_lib.reports.cluster import send_jobs
from yuyao_lib.reports.file_digests import FileDigests
from yuyao_lib.reports.ledger import Ledger
from yuyao_lib.reports.plan import choose, read_plan
from yuyao_lib.reports.replications import mapper
from yuyao_lib.reports.runner import run_reports

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
    def tell(report: str, kind: str, payload: object) -> None:
        if kind == "started" and report == SENT[-1]:
            kill_one(cluster, after=1.5)

    ledger, result = run(tmp_path, cluster.scheduler_address, plan, tell=tell)
    assert {o.state for o in result.outcomes} == {"made"}, result.outcomes
    for report in SENT:  # the default plan was run at home
        assert ledger.manifest(report).findings == Ledger(outputs).manifest(report).findings


@pytest.mark.usefixtures("one_thread")
def test_replications_are_all_there_although_a_worker_is_lost(cluster) -> None:
    trials, before = [cutoff_trial(jump=0.1, n=400)], {w.pid for w in cluster.workers.values()}
    with mapper(scheduler=cluster.scheduler_address) as apply:
        timer = kill_one(cluster, after=0.8)  # while it draws, or still loads what it needs
        there = run_trials(trials, replications=30, over=apply)
        timer.join()
    assert there.outcomes == run_trials(trials, replications=30).outcomes
    assert {w.pid for w in cluster.workers.values()} != before, "no worker was lost"


def test_no_scheduler_is_a_sentence() -> None:
    with pytest.raises(InputError, match="no scheduler answers: got 'tcp://127.0.0.1:9'"):
        list(send_jobs([], address="tcp://127.0.0.1:9"))
