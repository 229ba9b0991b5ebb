"""The recipes for schedulers in the guide, each run as its scheduler would, or read as it reads."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from yuyao_lib.paths import NOTEBOOKS, ROOT
from yuyao_lib.reports.plan import ad_hoc

GUIDE = (ROOT / "docs" / "user-guide.md").read_text(encoding="utf-8")
PLAN = """reports:
  - {id: scorecard, notebook: scorecard, title: {en: The record, zh: 成绩单}}
"""


def block(kind: str, holding: str) -> str:
    """Return the guide's block of a kind that holds some words."""
    found = re.findall(rf"^```{kind}\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    (one,) = [text for text in found if holding in text]
    return one


def ends_with(command: str) -> int:
    """Return the exit code of a line for the shell."""
    return subprocess.run(["/bin/sh", "-c", command], check=False).returncode


@pytest.fixture
def home(tmp_path) -> Path:
    """Return a home folder with a checkout whose plan is one report."""
    project = tmp_path / "yuyao_lib"
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "bin" / "yuyao").symlink_to(Path(sys.executable).with_name("yuyao"))
    (project / "notebooks").mkdir()
    (project / "outputs").mkdir()
    shutil.copy(NOTEBOOKS / "scorecard.ipynb", project / "notebooks")
    (project / "notebooks" / "reports.yaml").write_text(PLAN, encoding="utf-8")
    return tmp_path


@pytest.mark.reports
def test_cron_runs_its_line(home) -> None:
    line = block("text", "cron.log").strip()
    minute, hour, day, month, weekday, command = line.split(maxsplit=5)
    assert (minute, hour, day, month, weekday) == ("0", "6", "1", "*", "*")
    assert "%" not in command, "cron takes a per cent sign for the end of the line"
    bare = {"HOME": str(home), "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh", "LOGNAME": "x"}
    done = subprocess.run(["/bin/sh", "-c", command], check=False, env=bare, cwd=home)
    outputs = home / "yuyao_lib" / "outputs"
    words = (outputs / "cron.log").read_text(encoding="utf-8")
    assert done.returncode == 0, words
    assert (outputs / "published" / "scorecard.zh.html").exists()
    assert "1 made" in words
    again = subprocess.run(["/bin/sh", "-c", command], check=False, env=bare, cwd=home)
    assert again.returncode == 0
    assert (outputs / "cron.log").read_text(encoding="utf-8").startswith(words)  # words are kept
    assert "1 up to date" in (outputs / "cron.log").read_text(encoding="utf-8")


def test_systemd_takes_the_units(home) -> None:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("systemd-analyze is not installed")
    units = {"yuyao.service": block("ini", "ExecStart"), "yuyao.timer": block("ini", "OnCalendar")}
    for name, text in units.items():
        placed = text.replace("%h/yuyao_lib", str(home / "yuyao_lib"))
        (home / name).write_text(placed, encoding="utf-8")
    done = subprocess.run(
        [tool, "verify", "--man=no", *(str(home / name) for name in units)],
        check=False, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "yuyao" in line]
    assert not ours, done.stderr
    calendar = re.search(r"OnCalendar=(\S+)", units["yuyao.timer"])[1]
    assert (
        subprocess.run([tool, "calendar", calendar], check=False, capture_output=True).returncode
        == 0
    )


def test_github_actions_read_the_workflow() -> None:
    held = yaml.load(block("yaml", "upload-artifact"), yaml.BaseLoader)
    assert set(held["on"]) == {"schedule", "workflow_dispatch"}
    assert len(held["on"]["schedule"][0]["cron"].split()) == 5
    steps = held["jobs"]["reports"]["steps"]
    made, ran = [step["run"] for step in steps if "run" in step]
    verbs = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert made.removeprefix("make ") in verbs
    assert ends_with(ran.replace(".venv/bin/yuyao run", "(exit 3)")) == 0
    assert ends_with(ran.replace(".venv/bin/yuyao run", "(exit 1)")) != 0
    assert steps[1]["with"]["path"] == "outputs"
    kept = steps[-1]
    assert kept["if"] == "always()" and kept["with"]["path"] == "outputs/published"


def test_airflow_gets_values_that_the_notebook_takes() -> None:
    (call,) = ast.parse(block("text", "PapermillOperator")).body
    given = {word.arg: ast.literal_eval(word.value) for word in call.value.keywords}
    project = Path("/srv/yuyao_lib")
    report = ad_hoc(ROOT / Path(given["input_nb"]).relative_to(project), given["parameters"])
    assert report.values["errors"] == "classical"
    assert "{{ ds }}" in given["output_nb"]
    # papermill makes no folder; a fresh checkout has this one
    folder = ROOT / Path(given["output_nb"]).relative_to(project).parent
    assert folder == ROOT / "outputs" and (folder / "README.md").is_file()
    assert f"--name {given['kernel_name']}`" in GUIDE
    (call,) = ast.parse(block("text", "BashOperator")).body
    command = {word.arg: ast.literal_eval(word.value) for word in call.value.keywords}
    line = command["bash_command"].replace(str(project), "/")
    for code, ending in ((0, 0), (3, 0), (1, 1), (4, 1)):
        ran = line.replace(".venv/bin/yuyao run --wait", f"(exit {code})")
        assert ran != line and ends_with(ran) == ending
