"""What a machine does to a run: full disks, a clock set back, data that vanish under it."""

import errno
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from spare_projects import SHOW, project_in

from yuyao_lib.reports import ledger
from yuyao_lib.reports.whole_files import write_whole

YUYAO = str(Path(sys.executable).with_name("yuyao"))


@pytest.fixture
def project(tmp_path):
    return project_in(tmp_path)


@pytest.fixture
def small_disk(tmp_path):
    """Return a disk of one megabyte."""
    place = tmp_path / "small disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(command, check=False).returncode:
        pytest.skip("mounting a small disk is not allowed here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def typed(*arguments, **environment) -> subprocess.CompletedProcess:
    return subprocess.run(
        [YUYAO, "run", *map(str, arguments)], check=False, capture_output=True, text=True,
        env={**os.environ, **environment},
    )  # fmt: skip


def test_a_disk_that_fills_up_costs_no_page(project, small_disk) -> None:
    path, out = project.book("a"), small_disk / "outputs"
    first = typed(path, "--out", out)
    assert first.returncode == 0, first.stderr
    published = out / "published"
    pages = {p.name: p.read_bytes() for p in published.glob("a.*.html")}
    project.book("a", SHOW, "print('x' * 2_000_000)")  # more than the disk holds
    full = typed(path, "--out", out)
    assert full.returncode == 1
    assert "No space left on device" in full.stderr
    assert "Traceback" not in full.stdout + full.stderr
    assert {p.name: p.read_bytes() for p in published.glob("a.*.html")} == pages
    assert not list(published.rglob(".*.tmp"))
    for run in (out / "runs").iterdir():  # room is made, as a person would
        if run.name not in {(published / "manifests" / "a.json").read_text("utf-8")}:
            shutil.rmtree(run)
    project.book("a", SHOW, "y = 1")
    assert typed(path, "--out", out).returncode == 0


def test_a_full_temporary_folder_costs_no_page(project, small_disk) -> None:
    path = project.book("a")
    (small_disk / "full").write_bytes(b"x" * 2**20)
    done = typed(path, "--out", project.ledger.root, TMPDIR=str(small_disk))
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_clock_set_back_changes_nothing(project, monkeypatch) -> None:
    path = project.book("a")
    project.run(path)

    class Earlier(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2001, 1, 1, tzinfo=tz or UTC)

    monkeypatch.setattr(ledger, "datetime", Earlier)
    assert project.states(project.run(path)) == {"a": "fresh"}
    project.book("a", SHOW, "y = 1")
    later = project.run(path)
    assert later.folder.name == "20010101T000000"
    assert project.states(later) == {"a": "made"}
    project.book("a", SHOW, "y = 2")
    assert project.run(path).folder.name == "20010101T000000-1"  # no run writes over another
    assert project.states(project.run(path)) == {"a": "fresh"}


def test_data_that_vanish_under_a_run_cost_no_page(project) -> None:
    data = project.folder / "rows.csv"
    # written so, because a page that names a place on this machine is refused
    place = f"bytes.fromhex('{str(data).encode().hex()}').decode()"
    read = f"import pandas as pd\nprint(pd.read_csv({place}).shape)"
    path = project.book("a", SHOW, read)
    data.write_text("x\n1\n", encoding="utf-8")
    assert project.run(path).exit_code == 0
    before = project.published()
    gone = project.book("a", SHOW, f"import os\nos.remove({place})", read)
    result = project.run(gone)
    assert project.states(result) == {"a": "failed"}
    assert "FileNotFoundError" in result.outcomes[0].why[-1]
    assert "rows.csv" in result.outcomes[0].why[-1]
    assert project.published() == before
    data.write_text("x\n1\n", encoding="utf-8")
    assert project.run(project.book("a", SHOW, read, "y = 1")).exit_code == 0


def test_a_file_that_cannot_be_written_leaves_no_draft(tmp_path, monkeypatch) -> None:
    path = tmp_path / "kept.json"
    write_whole(path, "as it was")
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(Path, "write_bytes", _half(full))
    with pytest.raises(OSError, match="No space left on device") as told:
        write_whole(path, "anew")
    assert told.value.filename == str(path)
    assert [p.name for p in tmp_path.iterdir()] == ["kept.json"]
    assert path.read_text(encoding="utf-8") == "as it was"


def _half(error: OSError):
    def write(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[: len(content) // 2])
        raise error

    return write


def test_drafts_of_killed_runs_are_swept_wherever_they_lie(project) -> None:
    ledger = project.ledger
    places = (ledger.published, ledger.manifests, ledger.runs / "1" / "a", ledger.cache / "fonts")
    for place in places:
        place.mkdir(parents=True, exist_ok=True)
        (place / ".x.html.7.tmp").touch()
    ledger.sweep()
    assert not list(ledger.root.rglob("*.tmp"))
