"""What stands on a terminal while reports run, and what is left on it afterwards."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

pytest.importorskip("termios")
from terminal import Terminal, screen_of

LONG = "工会工资溢价与一个很长的名字_乙"
ENDS = "union_premium__dataset_wagepan__errors_classical"
# the command as it is, with events as of a run in the place of the run
PLAY = """
import sys, time
from pathlib import Path
from yuyao_lib.reports import ledger, runner
from yuyao_lib.reports.ledger import Manifest
from yuyao_lib.reports.outcomes import Outcome, RunResult

LONG, ENDS = {names!r}
held = Manifest(*[None] * 5, 100.0, *[None] * 9)
ledger.Ledger.manifest = lambda self, report: held if report in (LONG, ENDS) else None

def play(reports, ledger, files, *, tell, **rest):
    tell("", "begun", [LONG, ENDS, "bad"])
    tell(LONG, "started", None)
    tell(LONG, "said", (2, 9))
    tell(ENDS, "started", None)
    tell(ENDS, "said", (9, 9))
    time.sleep({seconds})
    tell(LONG, "done", None)
    tell(LONG, "made", Outcome(LONG, "made", (), 4.2))
    tell("bad", "started", None)
    tell("bad", "failed", ("RunError", "no", ""))
    why = "no \\x1b[31mred\\x1b[0m \\x1b]0;title\\x07[bold]x[/bold] :smile:"
    tell("bad", "failed", Outcome("bad", "failed", (why,)))
    time.sleep({seconds})
    tell(ENDS, "made", Outcome(ENDS, "made", (), 6.0))
    tell("old", "fresh", None)
    return RunResult(Path("index.html"), [Outcome("bad", "failed", (why,))])

runner.run_reports = play
before = set(sys.modules)
from yuyao_lib.cli import main
try:
    main(["run", "n.ipynb", "--out", "o", *sys.argv[1:]])
finally:
    print("rich" if "rich" in sys.modules else "no rich", file=sys.__stdout__)
"""
LEFT = [
    f"  {LONG}: made in 4.2 s",
    "  bad: FAILED: no red [bold]x[/bold] :smile:",
    f"  {ENDS}: made in 6.0 s",
    "  old: up to date",
]


@pytest.fixture
def place(tmp_path) -> Path:
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# T")])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "P", "language": "python"}
    cell = nbformat.v4.new_code_cell("a: int = 1  # 甲 A", metadata={"tags": ["parameters"]})
    book.cells.append(cell)
    nbformat.write(book, tmp_path / "n.ipynb")
    return tmp_path


def command(*arguments: str, seconds: float = 0.7) -> list[str]:
    code = PLAY.replace("{names!r}", repr((LONG, ENDS))).replace("{seconds}", str(seconds))
    return [sys.executable, "-c", code, *arguments]


def test_rows_while_reports_run_and_plain_lines_when_they_ended(place) -> None:
    terminal = Terminal(command(), columns=80, cwd=place)
    terminal.read(lambda text: "writing pages" in text and text.endswith("left"))
    whole, one, other = screen_of(terminal.text)
    assert whole.startswith("all reports  ") and " 0 of 3 reports  3 min left" in whole
    assert one.startswith(f"{LONG}  ") and one.endswith(" cell 3 of 9     2 min left")
    assert "…" in other and "classical " in other and " writing pages " in other
    assert terminal.end() == 1
    shown = screen_of(terminal.text)
    said = [line for line in shown if line]
    assert said[: len(LEFT)] == LEFT
    assert said[-1] == "rich" and said[-3:-1] == ["1 failed", said[-2]]
    assert terminal.text.rfind("\x1b[?25h") > terminal.text.rfind("\x1b[?25l")  # the cursor
    assert "title" not in terminal.text


@pytest.mark.parametrize("columns", [40, 200])
def test_rows_fit_into_other_terminals(place, columns) -> None:
    terminal = Terminal(command(), columns=columns, cwd=place, env={"NO_COLOR": "1"})
    assert terminal.end() == 1
    assert "\x1b[3" not in terminal.text  # a colour
    rows = [line for line in terminal.text.splitlines() if "writing pages" in line]
    assert rows
    assert max(len(screen_of(row)[0]) for row in rows) <= columns


def test_a_key_that_stops_the_run_gives_the_terminal_back(place) -> None:
    terminal = Terminal(command(seconds=30), cwd=place)
    terminal.read(lambda text: "writing pages" in text)
    os.write(terminal.held, b"\x03")
    assert terminal.end() == 130
    assert terminal.text.rfind("\x1b[?25h") > terminal.text.rfind("\x1b[?25l")
    shown = [line for line in screen_of(terminal.text) if line]
    assert shown == ["yuyao: stopped by signal 2.", "rich"] or shown[0].startswith("^C"), shown


@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {}])
def test_plain_lines_where_nothing_can_be_rewritten(place, env) -> None:
    if env:
        terminal = Terminal(command(seconds=0), cwd=place, env=env)
        assert terminal.end() == 1
        said = terminal.text.replace("\r\n", "\n")
    else:
        done = subprocess.run(
            command(seconds=0), cwd=place, check=False, capture_output=True, text=True
        )
        said = done.stderr + done.stdout
    assert "\x1b" not in said and "\r" not in said
    lines = said.splitlines()
    assert lines[0] == f"  {LONG}: started"
    assert [line for line in lines if line in LEFT] == LEFT
    assert lines[-1] == "no rich"


def test_machines_see_no_rows(place) -> None:
    terminal = Terminal(command("--json", seconds=0), cwd=place)
    assert terminal.end() == 1
    said, _, rich = terminal.text.strip().rpartition("\r\n")
    assert rich == "no rich"
    assert json.loads(said)["exit_code"] == 1


def test_a_terminal_that_went_away_stops_no_run(place) -> None:
    ignore = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"  # as nohup does
    line = command(seconds=1)
    terminal = Terminal([*line[:2], ignore + line[2]], cwd=place)
    terminal.read(lambda text: "writing pages" in text)
    os.close(terminal.held)
    assert terminal.process.wait(60) == 1
