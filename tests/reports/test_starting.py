"""`yuyao new` writes a notebook that has the shape and runs at once, or writes nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from yuyao_lib.errors import InputError
from yuyao_lib.paths import ROOT
from yuyao_lib.reports.plan import read_plan
from yuyao_lib.reports.starting import start
from yuyao_lib.vocabulary import Text

YUYAO = "from yuyao_lib.cli import main; main()"


@pytest.fixture
def checkout(tmp_path) -> Path:
    """Copy what `yuyao new` writes to, and what is to accept it."""
    for name in ("notebooks", "yuyao_lib", "tests/notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def here(folder: Path, *command: str) -> subprocess.CompletedProcess:
    env = {**os.environ, "PYTHONPATH": str(folder)}
    env.pop("YUYAO_ROOT", None)
    return subprocess.run([sys.executable, *command], check=False, capture_output=True, text=True,
                          cwd=folder, env=env, timeout=300)  # fmt: skip


@pytest.mark.reports
def test_a_new_notebook_has_the_shape_and_runs_at_once(checkout) -> None:
    asked = [
        "new",
        "pay_and_membership",
        "--en",
        "Do members earn more?",
        "--zh",
        "会员工资更高吗？",
    ]
    done = here(checkout, "-c", YUYAO, *asked)
    assert done.returncode == 0, done.stderr
    assert "written: notebooks/pay_and_membership.ipynb" in done.stdout
    assert "written: yuyao_lib/reports/bounds/pay_and_membership.py" in done.stdout
    shape = ["tests/notebooks/test_shape.py", "-k", "pay_and_membership or stripped"]
    line = ["-m", "pytest", "-q", "-c", os.devnull, "--rootdir", ".", "--import-mode=importlib"]
    checked = here(checkout, *line, "-p", "no:cacheprovider", *shape)
    assert checked.returncode == 0 and "4 passed" in checked.stdout, checked.stdout
    ran = here(checkout, "-c", YUYAO, "run", "pay_and_membership", "-p", "errors=classical")
    assert ran.returncode == 0, ran.stderr
    (page,) = (checkout / "outputs" / "published").glob("pay_and_membership*.zh.html")
    assert "会员工资更高吗？" in page.read_text(encoding="utf-8")


@pytest.fixture
def project(tmp_path) -> Path:
    (tmp_path / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "scorecard.ipynb", tmp_path / "notebooks")
    plan = "reports:\n  - id: record\n    notebook: scorecard\n    title: {en: R, zh: 记}\n"
    (tmp_path / "notebooks" / "reports.yaml").write_text(plan, encoding="utf-8")
    return tmp_path


def test_without_a_library_beside_it_only_notebook_and_plan_are_written(project) -> None:
    made = start("ladder", root=project, question=Text("Who climbs?", "谁在晋升？"))
    assert made.bounds is None and made.notebook.is_file()
    assert [r.id for r in read_plan(made.plan)] == ["record", "ladder"]
    assert read_plan(made.plan)[-1].title == Text("Who climbs?", "谁在晋升？")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Ladder", "name of the new notebook: got 'Ladder'; allowed: 3 to 40 lower-case letters"),
        ("1st", "allowed: 3 to 40 lower-case letters, digits and _, a letter first"),
        ("../evil", "name of the new notebook"),
        ("class", "no word of Python"),
        ("scorecard", "there is a notebook or report called 'scorecard' already; choose another."),
        ("record", "there is a notebook or report called 'record' already; choose another."),
    ],
)
def test_bad_and_taken_names_are_refused_and_nothing_is_written(project, name, said) -> None:
    before = {p: p.read_bytes() for p in project.rglob("*") if p.is_file()}
    with pytest.raises(InputError, match=r".*") as refused:
        start(name, root=project)
    assert said in str(refused.value)
    assert {p: p.read_bytes() for p in project.rglob("*") if p.is_file()} == before


def test_a_question_that_would_break_the_shape_is_refused(project) -> None:
    with pytest.raises(InputError, match="a title has words only"):
        start("ladder", root=project, question=Text("Gap in 1999?", "差距？"))


def test_a_plan_that_goes_on_after_its_reports_is_left_alone(project) -> None:
    plan = project / "notebooks" / "reports.yaml"
    text = plan.read_text(encoding="utf-8") + "defaults:\n  timeout_seconds: 900\n"
    plan.write_text(text, encoding="utf-8")
    with pytest.raises(Exception, match=r"reports\.yaml"):
        start("ladder", root=project)
    assert plan.read_text(encoding="utf-8") == text
    assert not (project / "notebooks" / "ladder.ipynb").exists()
