"""Dates that move, old runs, comparisons of runs, and the health of an installation."""

import json
from datetime import date

import pytest

from yuyao_lib.errors import InputError, PlanError
from yuyao_lib.paths import NOTEBOOKS
from yuyao_lib.reports import health
from yuyao_lib.reports.dates import MOVING, moved
from yuyao_lib.reports.digests import FileDigests
from yuyao_lib.reports.history import compare_runs, runs_of
from yuyao_lib.reports.ledger import Ledger
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


def test_pruning_keeps_what_is_published(ledger) -> None:
    last = runs_of(ledger)[-1]
    with pytest.raises(InputError, match="0 or more"):
        prune(ledger, keep=-1)
    assert len(prune(ledger, keep=0)) == 2
    assert [p.name for p in ledger.runs.iterdir()] == [last]
    assert (ledger.runs / ledger.manifest("scorecard").executed).is_file()


def test_the_summary_for_machines(ledger) -> None:
    held = json.loads((ledger.published / "summary.json").read_text(encoding="utf-8"))
    assert held["exit_code"] == 0
    assert held["index"] == "index.html"
    assert ledger.failed_last() == set()


def test_health_of_this_installation() -> None:
    seen = {h.what: h for h in health.examine()}
    assert set(seen) >= {"byte code", "Chinese font", "kernel python3", "versions", "memory"}
    assert seen["Chinese font"].good
    assert seen["kernel python3"].good


def test_health_sees_a_wrong_version(monkeypatch, tmp_path) -> None:
    lock = '[[package]]\nname = "pandas"\nversion = "0.1"\n'
    (tmp_path / "uv.lock").write_text(lock, encoding="utf-8")
    monkeypatch.setattr(health, "ROOT", tmp_path)
    found = health._versions()
    assert not found.good
    assert "(locked: 0.1); run: make setup" in found.said
