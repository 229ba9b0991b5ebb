"""Dates that move, old runs, comparisons of runs, and the health of an installation."""

import json
import os
import shutil
import sys
import sysconfig
from datetime import date
from functools import partial
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace

import pytest

from yuyao_lib.errors import InputError, PlanError
from yuyao_lib.paths import NOTEBOOKS
from yuyao_lib.reports import health
from yuyao_lib.reports.dates import MOVING, moved
from yuyao_lib.reports.digests import FileDigests
from yuyao_lib.reports.history import compare_runs, runs_of
from yuyao_lib.reports.ledger import Ledger
from yuyao_lib.reports.nursery import cores, raise_jobs
from yuyao_lib.reports.plan import ad_hoc
from yuyao_lib.reports.retention import prune
from yuyao_lib.reports.runner import run_reports


@pytest.mark.parametrize(
    ("name", "day", "value"),
    [
        ("today", date(2024, 2, 29), "2024-02-29"),
        ("yesterday", date(2024, 3, 1), "2024-02-29"),
        ("last_month", date(2024, 1, 15), "2023-12"),
        ("this_quarter", date(2023, 6, 30), "2023Q2"),
        ("last_quarter", date(2023, 1, 1), "2022Q4"),
        ("last_quarter", date(2023, 12, 31), "2023Q3"),
        ("last_year", date(2024, 2, 29), "2023"),
    ],
)
def test_moving_dates(name, day, value) -> None:
    assert moved(f"{{{name}}}", today=day) == value
    assert name in MOVING
    assert moved(["a", f"{{{name}}}"], today=day) == ["a", value]


def test_an_unknown_moving_date_names_the_nearest() -> None:
    with pytest.raises(PlanError, match="Did you mean 'last_quarter'"):
        moved("{last_quater}")
    assert moved("{not closed") == "{not closed"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory) -> Ledger:
    """Make the scorecard three times."""
    made = Ledger(tmp_path_factory.mktemp("kept") / "outputs")
    report = ad_hoc(NOTEBOOKS / "scorecard.ipynb", {})
    for _ in range(3):
        files = FileDigests(made.cache / "digests.json")
        assert run_reports([report], made, files, jobs=1, force=True).exit_code == 0
    return made


def test_two_runs_are_compared(ledger) -> None:
    first, _, last = runs_of(ledger)
    changes = compare_runs(ledger, first, last)["scorecard"]
    assert {c.status.value for c in changes} == {"same"}
    path = ledger.runs / first / "findings.json"
    held = json.loads(path.read_text(encoding="utf-8"))
    held["scorecard"][0]["estimate"] += 10
    path.write_text(json.dumps(held), encoding="utf-8")
    assert compare_runs(ledger, first, last)["scorecard"][0].status.value == "moved"
    with pytest.raises(InputError, match="no run of this name"):
        compare_runs(ledger, "20990101T000000", last)


def test_pruning_keeps_what_is_published(ledger, tmp_path) -> None:
    last = runs_of(ledger)[-1]
    (tmp_path / "kept").write_text("elsewhere", encoding="utf-8")
    (ledger.runs / "20200101T000000").symlink_to(tmp_path, target_is_directory=True)
    with pytest.raises(InputError, match="0 or more"):
        prune(ledger, keep=-1)
    assert len(prune(ledger, keep=0)) == 3  # and of the link only the link
    assert (tmp_path / "kept").is_file()
    assert [p.name for p in ledger.runs.iterdir()] == [last]
    assert (ledger.runs / ledger.manifest("scorecard").executed).is_file()


def test_the_summary_for_machines(ledger) -> None:
    held = json.loads((ledger.published / "summary.json").read_text(encoding="utf-8"))
    assert held["exit_code"] == 0
    assert held["index"] == "index.html"
    assert ledger.failed_last() == set()


@pytest.fixture
def apart(monkeypatch) -> None:
    """Keep the fork server of this process for the tests that make reports."""
    monkeypatch.setattr(health, "raise_jobs", partial(raise_jobs, fork=False))


@pytest.mark.usefixtures("apart")
def test_health_of_this_installation() -> None:
    seen = {h.what: h for h in health.examine()}
    assert set(seen) == {
        "byte code", "byte code of yuyao_lib", "Chinese font", "processes of reports", "cores",
        "memory", "disk", "outputs folder", "versions", "kernel python3",
    }  # fmt: skip
    for what in ("Chinese font", "processes of reports", "outputs folder", "kernel python3"):
        assert seen[what].good, seen[what].said


def locked(folder, text: str):
    (folder / "uv.lock").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def bad(monkeypatch, tmp_path):
    """Return ways to break an installation."""
    set_ = monkeypatch.setattr

    def gone(*_):
        raise PackageNotFoundError

    def refused(*_, **__):
        raise OSError(30, "Read-only file system")

    def no_dependencies():
        set_(health, "ROOT", locked(tmp_path, '[[package]]\nname = "yuyao-lib"\nversion = "0"\n'
             'dependencies = [{ name = "no-such" }]\n'))  # fmt: skip

    def old_pandas():
        set_(health, "ROOT", locked(tmp_path, '[[package]]\nname = "pandas"\nversion = "0.1"\n'))

    def edited():
        (tmp_path / "a.py").write_text("x = 1", encoding="utf-8")
        set_(health, "PACKAGE", tmp_path)
        set_(sys, "dont_write_bytecode", True)

    def small():
        (tmp_path / "memory.max").write_text("1000000000\n", encoding="ascii")
        set_(health, "CGROUP", tmp_path)

    def closed():
        (tmp_path / "outputs").mkdir()
        set_(health, "project_root", lambda: tmp_path)
        set_(Path, "write_text", refused)

    return {
        "_byte_code": lambda: set_(sysconfig, "get_path", lambda _: str(bare(tmp_path))),
        "_own_byte_code": edited,
        "_font": lambda: set_(health, "version", gone),
        "_forked": lambda: set_(health, "_answer", "not a function"),
        "_memory": small,
        "_disk": lambda: set_(shutil, "disk_usage", lambda _: SimpleNamespace(free=5e8)),
        "_outputs": closed,
        "_versions": old_pandas,
        "_versions ": no_dependencies,
        "_kernel": lambda: set_(
            "jupyter_client.kernelspec.KernelSpecManager.find_kernel_specs", lambda _: {}
        ),
        "_kernel ": lambda: set_(
            "jupyter_client.kernelspec.KernelSpecManager.get_kernel_spec",
            lambda *_: SimpleNamespace(argv=["/no/such/python"]),
        ),
    }


def bare(folder):
    """Make packages without byte code."""
    (folder / "pandas").mkdir()
    (folder / "pandas" / "a.py").touch()
    return folder


@pytest.mark.usefixtures("apart")
@pytest.mark.parametrize(
    ("look", "said"),
    [
        ("_byte_code", "not compiled, runs are slow; run: python -m compileall"),
        ("_own_byte_code", "1 of 1 modules are compiled anew by every report"),
        ("_font", "missing, no page can be made; pip install"),
        ("_forked", "ended with failed"),
        ("_memory", "1.0 GB; 4 GB are needed"),
        ("_disk", "0.5 GB free; 1 GB needed"),
        ("_outputs", "cannot be written to"),
        ("_versions", "(locked: 0.1); run: make setup"),
        ("_versions ", "no-such is missing; "),
        ("_kernel", "missing; run: python -m ipykernel install"),
        ("_kernel ", "its /no/such/python is not there; run: python -m ipykernel install"),
    ],
)
def test_health_sees_what_is_wrong(bad, look, said) -> None:
    bad[look]()
    found = getattr(health, look.strip())()
    assert found.good == (look == "_own_byte_code")  # which costs time alone
    assert said in found.said


def test_the_doctor_leaves_with_one_when_something_is_wrong(monkeypatch) -> None:
    from click.testing import CliRunner

    from yuyao_lib.cli import cli

    seen = [health.Health("disk", True, "9 GB free"), health.Health("versions", False, "old")]
    monkeypatch.setattr(health, "examine", lambda: iter(seen))
    done = CliRunner().invoke(cli, ["doctor"])
    assert (done.exit_code, done.output) == (1, "ok   disk: 9 GB free\nBAD  versions: old\n")


def test_cores_are_those_that_may_be_used(monkeypatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3}, raising=False)
    assert cores() == 1
