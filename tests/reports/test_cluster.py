"""Reports over a real scheduler and two workers on this machine, one of them killed."""

import os
import signal
import threading

import pytest

from yuyao_lib.errors import InputError
from yuyao_lib.paths import NOTEBOOKS
from yuyao_lib.reports.digests import FileDigests
from yuyao_lib.reports.ledger import Ledger
from yuyao_lib.reports.plan import choose, read_plan
from yuyao_lib.reports.runner import run_reports

SENT = ("scorecard", "union_premium_wagepan", "bargaining_disputes")


@pytest.fixture
def cluster():
    from distributed import LocalCluster

    made = LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None,
        host="127.0.0.1",
    )  # fmt: skip
    yield made
    made.close()


def run(folder, address, **options):
    ledger = Ledger(folder / "outputs")
    files = FileDigests(ledger.cache / "digests.json")
    reports = choose(read_plan(NOTEBOOKS / "reports.yaml"), list(SENT))
    return ledger, run_reports(reports, ledger, files, jobs=2, scheduler=address, **options)


def test_reports_come_back_whole_although_a_worker_is_lost(cluster, tmp_path) -> None:
    def kill_one(report: str, kind: str, payload: object) -> None:
        if kind == "started" and report == "union_premium_wagepan":
            pid = next(iter(cluster.workers.values())).pid
            timer = threading.Timer(1.5, os.kill, (pid, signal.SIGKILL))
            timer.start()

    ledger, result = run(tmp_path, cluster.scheduler_address, tell=kill_one)
    assert {o.state for o in result.outcomes} == {"made"}, result.outcomes
    here, local = run(tmp_path / "local", None)
    assert {o.state for o in local.outcomes} == {"made"}
    for report in SENT[:2]:  # duration models may differ in a last digit by threads
        assert ledger.manifest(report).findings == here.manifest(report).findings


def test_no_scheduler_is_a_sentence(tmp_path) -> None:
    with pytest.raises(InputError, match="no scheduler answers: got 'tcp://127.0.0.1:9'"):
        run(tmp_path, "tcp://127.0.0.1:9")
