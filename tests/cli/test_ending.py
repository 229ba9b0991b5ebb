"""How commands end: in JSON where machines ask, whatever happens to signals and streams."""

import json
import os
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import nbformat
import pytest

from yuyao_lib.cli import main
from yuyao_lib.cli.chosen import rows
from yuyao_lib.cli.ending import Stopped, end_on_signals, silence
from yuyao_lib.cli.voice import Voice
from yuyao_lib.errors import ParameterError
from yuyao_lib.reports.outcomes import Outcome

YUYAO = str(Path(sys.executable).with_name("yuyao"))


def ended(*arguments: str) -> tuple[int, str, str]:
    said, complained = StringIO(), StringIO()
    with redirect_stdout(said), redirect_stderr(complained), pytest.raises(SystemExit) as left:
        main(list(arguments))
    return left.value.code, said.getvalue(), complained.getvalue()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["run", "no_such_report"], 2, "no report or notebook of this name"),
        (["run", "no_such.ipynb"], 2, "there is no notebook"),
        (["run", "scorecard", "-p", "record"], 2, "NAME=VALUE"),
        (["run", "scorecard", "--jobs", "0"], 2, "'--jobs'"),
        (["run", "scorecard", "--cell-timeout", "nan"], 2, "a number above zero"),
        (["run", "scorecard", "--cell-timeout", "inf"], 2, "not in the range"),
        (["run", "--bogus"], 2, "--bogus"),
        (["run", "scorecard", "--out", "/dev/null/x"], 1, "cannot be written to"),
        (["compare", "a", "b"], 2, "no run of this name"),
    ],
)
def test_machines_are_answered_whatever_is_wrong(arguments, code, said) -> None:
    left, shown, complained = ended(*arguments, "--json")
    told = json.loads(shown)
    assert (left, told["exit_code"], told["reports"]) == (code, code, [])
    assert said in told["error"]
    assert complained.splitlines()[-1] == f"yuyao: {told['error']}"


def test_machines_are_answered_when_the_program_breaks(monkeypatch) -> None:
    monkeypatch.setattr("yuyao_lib.cli.run.chosen", lambda *_: 1 / 0)
    said = StringIO()
    with redirect_stdout(said), redirect_stderr(StringIO()), pytest.raises(ZeroDivisionError):
        main(["run", "--json"])
    assert json.loads(said.getvalue())["error"] == "ZeroDivisionError: division by zero"


def test_a_second_signal_does_not_cut_the_first_ones_work_short() -> None:
    held = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
        end_on_signals()
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        with pytest.raises(Stopped) as left:
            signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)
        assert left.value.code == 143
    finally:
        for number, handler in held.items():
            signal.signal(number, handler)


def test_a_run_goes_on_when_nobody_listens(monkeypatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as deaf:
        monkeypatch.setattr(sys, "stderr", deaf)
        told: list[dict] = []
        voice = Voice(None, quiet=False, told=told)
        voice.tell("a", "started", None)
        voice.tell("a", "made", Outcome("a", "made"))
        assert voice.quiet and [held["report"] for held in told] == ["a"]
        silence(deaf)


def test_closed_streams_and_readers_that_left_change_no_exit_code(tmp_path) -> None:
    book = nbformat.v4.new_notebook()
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book.metadata["kernelspec"] = kernel
    cell = nbformat.v4.new_code_cell("a: int = 1  # 甲 A", metadata={"tags": ["parameters"]})
    book.cells = [nbformat.v4.new_markdown_cell("# T"), cell]
    nbformat.write(book, tmp_path / "n.ipynb")
    run = f"{YUYAO} run n.ipynb --out o"
    shell = f"{run} <&- >&- 2>&-; echo $?; {run} --json | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["/bin/bash", "-c", shell], check=False, capture_output=True, text=True, cwd=tmp_path
    )
    assert done.stdout.split() == ["0", "0"]
    assert done.stderr == ""
    assert (tmp_path / "o" / "published" / "n.en.html").exists()


def test_nothing_loaded_changes_the_exit_code() -> None:
    code = (
        "import atexit, sys\n"
        "class Late:\n"
        "    def __del__(self): __import__('os').abort()\n"  # as a library in C++ does
        "sys.late, sys.argv = Late(), ['yuyao', 'run', 'no/such.ipynb']\n"
        "atexit.register(print, 'tidied')\n"
        "from yuyao_lib.cli import main\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "tidied\n")
    assert done.stderr.startswith("yuyao: there is no notebook")


def test_a_value_given_twice(tmp_path) -> None:
    (tmp_path / "f.yaml").write_text("a: 0110\nb: no\n", encoding="utf-8")
    (tmp_path / "t.csv").write_text("c\n1e5\n", encoding="utf-8")
    file, table = tmp_path / "f.yaml", tmp_path / "t.csv"
    assert rows(("b= x=1 ",), file, table) == [{"a": "0110", "b": " x=1 ", "c": "1e5"}]
    for given, held, said in (
        (("a=1", "a =2"), file, "parameter a is given twice"),
        (("c=1",), None, "parameter c is given twice, once in t.csv"),
    ):
        with pytest.raises(ParameterError, match=said):
            rows(given, held, table)
