"""The command line: one sentence an error, the right exit code, nothing started in vain."""

import json
import os
import re
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest

from yuyao_lib.cli import COMMANDS, main
from yuyao_lib.paths import ROOT, outputs_folder

YUYAO = str(Path(sys.executable).with_name("yuyao"))


def typed(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess:
    """Run the command as a shell does."""
    return subprocess.run([YUYAO, *arguments], check=False, capture_output=True, text=True, cwd=cwd)


def yuyao(*arguments: str) -> SimpleNamespace:
    """Run the command in this process, which is the same without its start."""
    said, complained, code = StringIO(), StringIO(), 0
    with chdir(ROOT), redirect_stdout(said), redirect_stderr(complained):
        try:
            main(list(arguments))
        except SystemExit as left:
            code = left.code or 0
    return SimpleNamespace(returncode=code, stdout=said.getvalue(), stderr=complained.getvalue())


def test_a_shell_sees_the_same() -> None:
    for arguments in (["--version"], ["run", "no/such.ipynb"]):
        here, there = yuyao(*arguments), typed(*arguments)
        assert (here.returncode, here.stdout, here.stderr) == (
            there.returncode, there.stdout, there.stderr,
        )  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command) -> None:
    done = yuyao(command, "--help")
    assert done.returncode == 0
    assert "Usage: yuyao" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rnu"], "Did you mean 'run'"),
        (["run", "union_premum"], "Did you mean 'union_premium"),
        (["run", "union_premium_wagepan", "-p", "levle=0.9"], "Did you mean 'level'"),
        (["run", "union_premium_wagepan", "-p", "level=abc"], "allowed: a finite number"),
        (["run", "union_premium_wagepan", "-p", "level=2"], "less than 1"),
        (["run", "union_premium_wagepan", "-p", "errors=cluster"], "Did you mean 'clustered'"),
        (["run", "union_premium_wagepan", "-p", "level"], "allowed: NAME=VALUE"),
        (["run", "union_premium_wagepan", "-p", "api_token=x"], "secrets are never parameters"),
        (["run", "-p", "level=0.9"], "one notebook at a time"),
        (["run", "no/such.ipynb"], "there is no notebook such.ipynb"),
        (["run", "notebooks/scorecard.ipynb", "-f", "none.yaml"], "there is no file none.yaml"),
        (["run", "notebooks/scorecard.ipynb", "--table", "none.csv"], "there is no table none.csv"),
        (["why", "scorcard"], "Did you mean 'scorecard'"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_two(arguments, said, tmp_path) -> None:
    out = [] if arguments[0] == "rnu" else ["--out", str(tmp_path / "o")]
    done = yuyao(*arguments, *out)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "o" / "runs").exists()


def test_list_shows_parameters_with_bounds_and_reports() -> None:
    done = yuyao("list")
    assert "errors: str = clustered [clustered, classical]" in done.stdout
    assert "level: float = 0.95 [from 0.5 below 1]" in done.stdout
    assert "-> report scorecard" in done.stdout
    held = json.loads(yuyao("list", "--json").stdout)
    assert {book["notebook"] for book in held} >= {"scorecard", "union_premium"}


def test_dry_run_says_why_and_starts_nothing(tmp_path) -> None:
    done = yuyao("run", "--dry-run", "--out", str(tmp_path / "o"))
    assert "scorecard: it has no published page" in done.stdout
    assert not (tmp_path / "o" / "published").exists()


def test_dry_run_for_machines_and_with_force(tmp_path) -> None:
    done = yuyao("run", "scorecard", "--dry-run", "--force", "--json", "--out", str(tmp_path))
    assert json.loads(done.stdout) == {
        "reports": [{"report": "scorecard", "stale": True, "why": ["it has no published page"]}]
    }


def test_only_what_failed_last(tmp_path) -> None:
    (tmp_path / "runs").mkdir()
    lost = [
        {"report": name, "title": {"en": "A", "zh": "甲"}, "why": "", "folder": "../runs"}
        for name in ("scorecard", "wage_structure", "not_planned")
    ]
    lost.append({**lost[0], "report": "training_returns", "folder": "../runs/pruned"})
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "summary.json").write_text(json.dumps({"not_made": lost}), "utf-8")
    done = yuyao("run", "--only-failed", "--dry-run", "--out", str(tmp_path))
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == [
        "scorecard", "wage_structure",
    ]  # fmt: skip
    assert "failed, and not in the plan: not_planned" in done.stderr


def test_a_table_makes_a_report_a_row(tmp_path) -> None:
    table = tmp_path / "rows.csv"
    table.write_text("errors,level\nclassical,0.9\nclustered,0.99\n", encoding="utf-8")
    done = yuyao(
        "run", "union_premium_cps", "--table", str(table), "--dry-run", "--out", str(tmp_path)
    )
    names = [line.split(":")[0] for line in done.stdout.splitlines()]
    assert names == [
        "union_premium__errors_classical__level_0-9", "union_premium__errors_clustered__level_0-99",
    ]  # fmt: skip


def test_a_parameters_file_and_any_notebook(tmp_path) -> None:
    file = tmp_path / "given.yaml"
    file.write_text("second_record: ''\nrecord: record\n", encoding="utf-8")
    done = typed(
        "run", "notebooks/scorecard.ipynb", "-f", str(file), "--out", str(tmp_path / "o"), "--json"
    )
    assert done.returncode == 0, done.stderr
    (report,) = json.loads(done.stdout)["reports"]
    assert report["state"] == "made"
    assert (tmp_path / "o" / "published" / f"{report['report']}.zh.html").exists()


def keyed(folder: Path) -> dict[str, str]:
    return {**os.environ, "YUYAO_KEY_FILE": str(folder / "key"), "YUYAO_KEY": "k" * 40}


def test_check_says_ready_and_what_can_run() -> None:
    done = subprocess.run([YUYAO, "check", "data/example_payrolls"], check=False, cwd=ROOT,
                          capture_output=True, text=True, env=keyed(ROOT))  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "table    worker_quarters: 1,872 rows" in done.stdout
    assert "notebook union_premium: can run" in done.stdout
    assert "yuyao run union_premium --name own_union_premium -p dataset=" in done.stdout
    assert "-p table=worker_panel -p outcome=log_gross_wage" in done.stdout
    assert "k" * 40 not in done.stdout + done.stderr


def test_check_lists_problems_and_proposes(tmp_path) -> None:
    rows = "职工编号,企业代码,季度,应发工资,技能等级\nA1,E1,2022Q1,待定,高级工\n"
    (tmp_path / "pay.csv").write_text(rows, encoding="utf-8")
    run = [YUYAO, "check", str(tmp_path)]
    options = {"capture_output": True, "text": True, "env": keyed(tmp_path)}
    proposed = subprocess.run([*run, "--write"], check=False, **options)
    assert proposed.returncode == 0 and "gross_wage: 应发工资" in proposed.stdout
    assert (tmp_path / "mapping.yaml").read_text(encoding="utf-8") == proposed.stdout
    again = subprocess.run([*run, "--propose", "--write"], check=False, **options)
    assert again.returncode == 2 and "there is a mapping.yaml already" in again.stderr
    checked = subprocess.run([*run, "--json"], check=False, **options)
    told = json.loads(checked.stdout)
    assert checked.returncode == 2 and not told["ok"] and "待定" in told["problems"][0]
    nothing = subprocess.run([YUYAO, "check", "no/such"], check=False, **options)
    assert nothing.returncode == 2 and "there is no file or folder" in nothing.stderr


class Console(StringIO):
    """What a terminal is given, colours and all."""

    def isatty(self) -> bool:
        return True


EVIL = "\x1b[31m\x1b]0;owned\x07\x9b2J\u202ered"
UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def on_a_terminal(*arguments: str) -> str:
    """Return everything a command writes on a terminal."""
    held = Console()
    with chdir(ROOT), redirect_stdout(held), redirect_stderr(held), pytest.raises(SystemExit):
        main(list(arguments))
    return held.getvalue()


def test_names_and_values_of_tables_do_not_command_a_terminal(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("YUYAO_KEY", "ab" * 32)
    rows = [f"W{n:03d},E1,2022Q1,{EVIL}" for n in range(12)]
    (tmp_path / "pay.csv").write_text("\n".join([f"工号,单位,季度,{EVIL}", *rows]), "utf-8")
    mapping = {
        "title": {"en": EVIL, "zh": EVIL}, "publisher": EVIL, "vintage": EVIL, "invented": True,
        "tables": {"worker_quarters": [{"file": "pay.csv", "columns": {
            "worker_id": "工号", "employer_id": "单位", "quarter": "季度", "gross_wage": EVIL}}]},
    }  # fmt: skip
    (tmp_path / "mapping.yaml").write_text(json.dumps(mapping), encoding="utf-8")
    said = {
        "check": on_a_terminal("check", str(tmp_path)),
        "as JSON": on_a_terminal("check", str(tmp_path), "--json"),
        "propose": on_a_terminal("check", str(tmp_path), "--propose"),
        "run": on_a_terminal("run", f"{EVIL}.ipynb"),
        "why": on_a_terminal("why", EVIL, "--out", str(tmp_path / "out")),
        "compare": on_a_terminal("compare", EVIL, EVIL, "--out", str(tmp_path / "out")),
        "bundle": on_a_terminal("bundle", EVIL, "--to", str(tmp_path / EVIL)),
        "a value": on_a_terminal("run", "scorecard", "-p", f"{EVIL}={EVIL}"),
        "a command": on_a_terminal(EVIL),
    }
    assert "red" in said["check"] and "pay.csv" in said["check"]
    assert [name for name, text in said.items() if UNWANTED.search(text)] == []


def test_every_command_speaks_through_what_makes_words_plain() -> None:
    spoken = re.compile(r"click\.echo\(|click\.secho\(|\bprint\(|std(?:out|err)\.write\(")
    found = {
        path.name: spoken.findall(path.read_text(encoding="utf-8"))
        for path in (ROOT / "yuyao_lib" / "cli").glob("*.py")
    }
    # errors are made plain where they are written, and so is what stands above rows
    spoken_by = {name for name, calls in found.items() if calls}
    assert spoken_by == {"plain.py", "ending.py", "screen.py"}


def test_outputs_lie_in_the_project_or_else_where_one_is(tmp_path) -> None:
    given, here = tmp_path / "given", tmp_path / "outputs"
    with chdir(tmp_path):
        assert outputs_folder(given, notebooks=True) == given
        assert outputs_folder(notebooks=True) == here
        assert outputs_folder(notebooks=False) == ROOT / "outputs"  # of the plan that is run
        assert outputs_folder() == ROOT / "outputs"
        here.mkdir()
        assert outputs_folder() == here
        (tmp_path / "notebooks").mkdir()
        (tmp_path / "notebooks" / "reports.yaml").touch()
        below = tmp_path / "below"
        below.mkdir()
        with chdir(below):
            assert outputs_folder(notebooks=True) == here


def test_a_new_question_outside_of_a_project_is_refused(tmp_path) -> None:
    before = sorted((ROOT / "notebooks").iterdir())
    done = typed("new", "my_question", cwd=tmp_path)
    assert done.returncode == 2
    assert "there is no project here to put a notebook in" in done.stderr
    assert str(tmp_path) in done.stderr and "YUYAO_ROOT" in done.stderr
    assert sorted((ROOT / "notebooks").iterdir()) == before and not list(tmp_path.iterdir())
