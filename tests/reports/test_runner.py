"""Runs: what is stale runs, what is whole is published, and nothing else changes."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock, call

import nbformat
import psutil
import pytest
from spare_projects import SHOW, project_in

from yuyao_lib.cli import main
from yuyao_lib.cli.chosen import chosen, rows
from yuyao_lib.errors import InputError, RenderError
from yuyao_lib.reports import cell_outputs, kernel_engine
from yuyao_lib.reports.digests import FileDigests, inputs_of
from yuyao_lib.reports.execution import _words
from yuyao_lib.reports.fresh import published_report, remembered_report
from yuyao_lib.reports.memory import Memory
from yuyao_lib.reports.page import fonts
from yuyao_lib.reports.plan import ad_hoc
from yuyao_lib.reports.retention import prune
from yuyao_lib.reports.runner import run_reports, why_stale


@pytest.fixture
def project(tmp_path):
    return project_in(tmp_path)


def test_made_then_fresh_then_stale(project) -> None:
    path = project.book("a")
    first = project.run(path)
    assert project.states(first) == {"a": "made"}
    assert first.exit_code == 0
    again = project.run(path)
    assert project.states(again) == {"a": "fresh"}
    assert again.folder is None
    changed = project.run(path, given={"name": "b"})
    assert changed.outcomes[0].why == ('parameter name changed: "a" -> "b"',)


def test_what_was_made_is_known_without_a_look(project, monkeypatch) -> None:
    monkeypatch.setattr("yuyao_lib.reports.memory.TICK_NANOSECONDS", 0)  # the book is young
    path = project.book("a")
    project.run(path)
    monkeypatch.setattr("yuyao_lib.reports.runner.why_stale", None)
    assert project.states(project.run(path)) == {"a": "fresh"}
    project.book("a", prose="# Another")
    with pytest.raises(TypeError):  # it looks again
        project.run(path)


def test_values_once_taken_are_known_without_the_notebook(project, monkeypatch) -> None:
    monkeypatch.setattr("yuyao_lib.reports.memory.TICK_NANOSECONDS", 0)  # the book is young
    path = project.book("a")
    store, given = project.ledger.cache / "memory.json", {"value": "2.5", "name": "0110"}
    first = Memory(store)
    report = remembered_report(path, given, first, report="a_b")
    first.save()
    monkeypatch.setattr("yuyao_lib.reports.plan.ad_hoc", None)
    assert remembered_report(path, given, Memory(store), report="a_b") == report
    assert dict(report.values) == {"value": 2.5, "name": "0110"}
    with pytest.raises(TypeError):
        remembered_report(path, given | {"name": "x"}, Memory(store), report="a_b")


def test_a_moved_conclusion_is_exit_three_and_on_the_page(project) -> None:
    path = project.book("a")
    project.run(path)
    result = project.run(path, given={"value": -1.0})
    assert result.exit_code == 3
    assert [c.status.value for c in result.outcomes[0].changes] == ["sign changed"]
    assert b"sign changed" in project.published()["a.en.html"]
    index = (project.ledger.published / "index.zh.html").read_text(encoding="utf-8")
    assert "符号改变" in index


def test_only_prose_changed_means_no_execution(project) -> None:
    marker = project.folder / "ran"
    code = SHOW + f"\nopen({str(marker)!r}, 'a').write('x');"  # a builtin, not a data set
    path = project.book("a", code)
    project.run(path)
    first = project.ledger.manifest("a")
    for title in ("Another title", "One more"):
        project.book("a", code, prose=f"# {title}\n\n## The finding")
        result = project.run(path)
        assert result.outcomes[0].why == ("prose changed",)
        assert marker.read_text() == "x"
        assert title.encode() in project.published()["a.en.html"]
        held = project.ledger.manifest("a")  # when it was executed, for how long, in what room
        parts = ("run_at", "seconds", "peak_megabytes")
        assert [getattr(held, p) for p in parts] == [getattr(first, p) for p in parts]


def test_a_tampered_page_is_made_again(project) -> None:
    path = project.book("a")
    project.run(path)
    page = project.ledger.published / "a.zh.html"
    page.write_text("changed by hand", encoding="utf-8")
    assert project.run(path).outcomes[0].why == ("a published file was changed",)
    assert "changed by hand" not in page.read_text(encoding="utf-8")


BAD = {
    "an error": ("1 / 0", "ZeroDivisionError: division by zero"),
    "an early end": ("import sys; sys.exit(0)", "nothing may end it early"),
    "quit": ("quit()", "QuitEarly"),
    "input": ("input()", "nobody to ask"),
    "a breakpoint": ("breakpoint()", "breakpoint() was called, but a report has nobody to ask"),
    "half a character": ("raise ValueError('\\ud800 said')", "ValueError: ? said"),
    "no such file": ("open('gone.csv')" , "No such file or directory: 'gone.csv'"),
    "a hard exit": ("import os; os._exit(0)", "process ended with code 0"),
    "a kill": ("import os; os.kill(os.getpid(), 9)", "process ended by signal 9"),
    "an endless cell": ("while True: pass", "ran longer than 3 seconds"),
    "a deaf cell": (
        "import signal; signal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass",
        "ran longer than 3 seconds and could not be interrupted; its process was ended",
    ),
    "a long error": ("raise ValueError('x' * 3_000_000)", "xxx ... (2,998,000 characters more)"),
    "much output": ("print('x' * 100_000_000)", "larger than 20,000,000 characters"),
    "two modes": (
        "d = yuyao.open('wagepan')\nfindings(R(), d, topic='other')",
        "cannot show data of two modes: public and record",
    ),
    "one id twice": ("findings(R(), data, topic='t')", "two findings of the same id: t.k"),
    "a bad formula": (None, "a formula cannot be rendered"),
    "a figure without words": (
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]);", "a figure has no description",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def ruins(tmp_path_factory):
    """Publish a page for each bad cell, then spoil all notebooks but one and run them at once.

    The good one goes to another folder and removes it, and writes past its notebook.
    """
    project = project_in(tmp_path_factory.mktemp("ruins"))
    names = {kind: f"bad_{kind.replace(' ', '_')}" for kind in BAD}
    paths = [project.book(name) for name in ("good", *names.values())]
    assert project.run(*paths).exit_code == 0
    before = project.published()
    for kind, (code, _) in BAD.items():
        cells = (SHOW, code, "print('never')") if code else (SHOW,)
        prose = "# T\n\n## The finding\n\n$\\foo{$" if code is None else "# T\n\n## The finding"
        project.book(names[kind], *cells, prose=prose)
    gone = "import os, tempfile\nos.chdir(tempfile.mkdtemp())\nos.rmdir(os.getcwd())\n"
    project.book("good", SHOW, gone + "os.write(1, b'past it')")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("yuyao_lib.reports.execution.HEED_SECONDS", 2.0)
        result = project.run(*paths, bounds={"cell_timeout_seconds": 3.0})
    return project, names, before, result


@pytest.mark.parametrize("kind", BAD)
def test_a_failed_report_never_looks_like_one(ruins, kind) -> None:
    project, names, before, result = ruins
    name, states = names[kind], project.states(result)
    assert states.pop("good") == "made"
    assert states[name] == "failed"
    assert result.exit_code == 1
    (outcome,) = (o for o in result.outcomes if o.report == name)
    assert BAD[kind][1] in outcome.why[-1]
    after = project.published()
    assert set(after) == set(before)
    for page in (n for n in after if n.startswith(f"{name}.")):
        assert after[page] == before[page]
    folder = result.folder / name
    assert "was not made" in (folder / "error.html").read_text(encoding="utf-8")
    index = (project.ledger.published / "index.html").read_text(encoding="utf-8")
    assert "Not made when last tried" in index and name in index
    assert not list(project.ledger.root.rglob("*.tmp"))


def test_what_is_written_past_a_notebook_is_in_the_log(ruins) -> None:
    _, _, _, result = ruins
    log = (result.folder / "run.log").read_text(encoding="utf-8")
    assert "[good] written past the notebook: past it\n" in log


def test_what_failed_is_made_by_the_next_run(ruins) -> None:
    project, names, *_ = ruins
    mended = [project.book(names[kind]) for kind in ("a kill", "an endless cell", "much output")]
    good = project.book("good", SHOW, "y = 2")
    result = project.run(*mended, good)
    assert result.exit_code == 0
    # put back as published: nothing but the failure makes them stale
    assert {o.why for o in result.outcomes[:-1]} == {("its last try failed",)}
    made = {o.report for o in result.outcomes}
    still = set(names.values()) - made  # a run of others does not make what failed before forgotten
    assert project.ledger.failed_last() == still
    index = (project.ledger.published / "index.html").read_text(encoding="utf-8")
    listed = index.partition("Not made when last tried")[2]
    assert all(name in listed for name in still)
    assert len(prune(project.ledger, keep=0)) == 1  # the run that they failed in
    assert project.ledger.failed_last() == set()
    index = (project.ledger.published / "index.html").read_text(encoding="utf-8")
    assert "Not made when last tried" not in index


def test_a_report_that_takes_too_long_is_stopped_even_if_deaf(project) -> None:
    code = "import time\nwhile True:\n    try: time.sleep(60)\n    except BaseException: pass"
    path = project.book("slow", code)
    started = time.monotonic()
    result = project.run(path, bounds={"timeout_seconds": 4.0, "cell_timeout_seconds": 1.0})
    assert "took longer than 4 seconds" in result.outcomes[0].why[-1]
    assert time.monotonic() - started < 30


def test_an_error_that_is_meant_costs_no_page(project) -> None:
    path = project.book("a", SHOW, "1 / 0", "print('after')")
    made = nbformat.read(path, as_version=4)
    made.cells[-2].metadata["tags"] = ["raises-exception"]
    nbformat.write(made, path)
    for fork in (True, False):
        result = project.run(path, force=True, fork=fork)
        assert project.states(result) == {"a": "made"}, result.outcomes[0].why
        page = project.published()["a.en.html"]
        assert b"ZeroDivisionError: division by zero" in page
        assert b"after" in page


def test_values_injected_before_are_given_anew(project) -> None:
    path = project.book("a")
    made = nbformat.read(path, as_version=4)
    stale = nbformat.v4.new_code_cell("value = 7.0", id="stale")
    stale.metadata["tags"] = ["injected-parameters"]
    made.cells.insert(2, stale)
    nbformat.write(made, path)
    project.run(path, given={"value": 2.0})
    (found,) = project.ledger.manifest("a").findings
    assert found["estimate"] == 2.0


def test_memory_is_bounded(project) -> None:
    path = project.book("big", "x = bytearray(3_000_000_000)")
    result = project.run(path, bounds={"memory_megabytes": 500})
    assert "MemoryError" in result.outcomes[0].why[-1]


def test_reports_do_not_see_each_other(project) -> None:
    leave = SHOW + "\nimport os, matplotlib as m, numpy as np\nos.environ['LEFT'] = '1'\n"
    leave += "m.rcParams['font.size'] = 33\nnp.random.seed(0)\nyuyao.LEFT = 1\n"
    leave += "os.fork()"  # both go on; one of them makes the report
    look = SHOW + "\nimport os, matplotlib as m\nassert 'LEFT' not in os.environ\n"
    look += "assert m.rcParams['font.size'] != 33\nassert not hasattr(yuyao, 'LEFT')"
    first, second = project.book("a_leave", leave), project.book("b_look", look)
    reports = [ad_hoc(p, {}) for p in (first, second)]
    result = run_reports(reports, project.ledger, project.files(), jobs=1)
    assert project.states(result) == {"a_leave": "made", "b_look": "made"}


def test_a_kernel_gives_the_same_page(project) -> None:
    path = project.book("a")
    found, reached = [], []
    for fork in (True, False):
        tell = Mock()
        result = project.run(path, force=True, fork=fork, tell=tell)
        heard = [call.args for call in tell.call_args_list]
        assert project.states(result) == {"a": "made"}
        found.append(project.ledger.manifest("a").findings)
        reached.append([told for _, kind, told in heard if kind == "said"])
        assert heard[0] == ("", "begun", ["a"])
    assert found[0] == found[1]
    assert reached[0] == reached[1] == [(cell, 4) for cell in range(5)]


def test_a_kernel_that_ends_badly_is_a_sentence(project) -> None:
    ends = {"endless": "while True: pass", "dead": "import os; os.kill(os.getpid(), 9)"}
    paths = [project.book(name, SHOW, code) for name, code in ends.items()]
    result = project.run(*paths, fork=False, bounds={"cell_timeout_seconds": 3.0})
    assert {o.report: o.why[-1] for o in result.outcomes} == {
        "endless": "a cell ran longer than 3 seconds.",
        "dead": "its kernel died before the report was done.",
    }


def test_a_kernel_that_shows_too_much_is_stopped(monkeypatch) -> None:
    monkeypatch.setattr(cell_outputs, "OUTPUT_LIMIT", 1000)
    manager = SimpleNamespace(cell_complete=Mock())
    kernel_engine._bound_outputs(manager)
    cell = nbformat.v4.new_code_cell("print()")
    cell.outputs = [nbformat.v4.new_output("stream", text="x" * 600)]
    manager.cell_complete(cell, cell_index=0)
    assert cell.outputs[0].output_type == "stream"
    with pytest.raises(cell_outputs.OutputLimitError, match="output is larger than 1,000"):
        manager.cell_complete(cell, cell_index=1)
    assert [output.output_type for output in cell.outputs] == ["error"]


def test_two_runs_at_once(project) -> None:
    from yuyao_lib.errors import RunError

    path = project.book("a")
    held = pytest.raises(RunError, match="another run is using this outputs folder")
    tell = Mock()
    with ThreadPoolExecutor() as pool, project.ledger.locked():
        with held:
            project.run(path)
        later = pool.submit(project.run, path, wait=True, tell=tell)
        while call("", "waiting", None) not in tell.call_args_list:
            assert not later.done()
            time.sleep(0.05)
    assert later.result().exit_code == 0


def test_an_outputs_folder_that_is_a_file(project) -> None:
    from yuyao_lib.errors import RunError

    path = project.book("a")
    project.ledger.root.write_text("x")
    with pytest.raises(RunError, match="cannot be written to"):
        project.run(path)


@pytest.mark.parametrize(("name", "value"), [("HOME", "/proc"), ("TMPDIR", "/nowhere")])
def test_a_home_or_temporary_folder_that_cannot_be_written_to(project, name, value) -> None:
    path = project.book("a", SHOW, "import matplotlib.pyplot")
    command = [str(Path(sys.executable).with_name("yuyao")), "run", str(path)]
    done = subprocess.run(
        [*command, "--out", str(project.ledger.root)], capture_output=True, text=True,
        cwd=project.folder, env={**os.environ, name: value}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def start(project, *paths: Path) -> subprocess.Popen:
    command = [str(Path(sys.executable).with_name("yuyao")), "run", *map(str, paths)]
    return subprocess.Popen(
        [*command, "--out", str(project.ledger.root)], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, cwd=project.folder,
    )  # fmt: skip


def children_of(process: subprocess.Popen, seconds: float = 120) -> list[psutil.Process]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = psutil.Process(process.pid).children(recursive=True)
        if len(found) >= 3:
            return found
        time.sleep(0.1)
    raise AssertionError("no report started")


def all_gone(processes: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=15)
    return not [p for p in alive if p.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)]
)
def test_stopped_runs_leave_no_process_and_no_half_page(project, number, code) -> None:
    good, slow = project.book("good"), project.book("slow", SHOW, "import time; time.sleep(60)")
    project.run(good)
    before = project.published()
    running = start(project, slow)
    processes = children_of(running)
    running.send_signal(number)
    time.sleep(0.05)
    running.send_signal(number)  # a second request must not cut the first one's work short
    _, said = running.communicate(timeout=30)
    assert running.returncode == code
    assert "Traceback" not in said
    if number != signal.SIGKILL:
        told = json.loads((project.ledger.published / "summary.json").read_text("utf-8"))
        assert (told["exit_code"], told["unfinished"]) == (code, ["slow"])
    assert all_gone(processes)
    assert project.published() == before
    assert not list(project.ledger.published.rglob("*.tmp"))
    project.book("slow")
    assert project.run(good, slow).exit_code == 0


def ran(*arguments: str) -> tuple[int, str]:
    with redirect_stdout(StringIO()) as said, pytest.raises(SystemExit) as left:
        main(list(arguments))
    return left.value.code, said.getvalue()


def test_a_notebook_that_cannot_be_run_costs_no_other(project, monkeypatch, capsys) -> None:
    plan = project.folder / "notebooks" / "reports.yaml"
    whole = project.book("whole")
    plan.parent.mkdir()
    whole.rename(plan.parent / whole.name)
    half, wrong = plan.parent / "half.ipynb", plan.parent / "wrong.ipynb"
    half.write_text('{"cells": [', encoding="utf-8")
    lists = "  - {{id: {0}, notebook: {0}, title: {{en: Title, zh: 题}}}}\n"
    text = "reports:\n" + "".join(lists.format(path.stem) for path in (half, whole))
    plan.write_text(text, encoding="utf-8")
    monkeypatch.chdir(project.folder)
    assert ran("run", "half")[0] == 2  # what was named is refused before anything starts
    assert not (project.ledger.runs).exists()
    assert ran("run")[0] == 1
    assert "half: FAILED: half.ipynb is not a whole notebook" in capsys.readouterr().err
    assert set(project.published()) == {"whole.en.html", "whole.zh.html"}
    assert ran("run", "whole") == (0, ran("run", "whole")[1])
    assert "half" in ran("run", "--dry-run")[1]
    assert '"notebook": "whole"' in ran("list", "--json")[1]
    plan.write_text(text + lists.format(wrong.stem), encoding="utf-8")
    assert ran("run")[0] == 2  # a name that stands for no notebook is the plan's mistake


def test_a_swap_that_was_cut_off_is_done_again(project) -> None:
    path = project.book("a")
    project.run(path)
    (project.ledger.published / "a.zh.html").unlink()
    (project.ledger.published / ".a.zh.html.tmp").write_text("half")
    assert project.run(path).outcomes[0].why == ("a published file was changed",)
    assert set(project.published()) == {"a.en.html", "a.zh.html"}
    assert not list(project.ledger.root.rglob("*.tmp"))


def test_why_names_a_module_and_passes_over_those_out_of_reach(project, monkeypatch) -> None:
    from yuyao_lib.reports import digests

    path = project.book("a")
    project.run(path)
    report = ad_hoc(path, {})
    real = FileDigests.of

    def edited(name: str):
        return lambda self, file: "edited" if file.name == name else real(self, file)

    for name, expected in [
        ("sentences.py", ["module yuyao_lib.display.sentences changed"]),
        ("measures.csv", ["data yuyao_lib/vocabulary/terms/measures.csv changed",
                          "data data/record/measures.csv changed"]),
        ("premiums.py", []),
        ("public.py", []),
        ("disputes.csv", []),  # no word of this topic is on the page
        ("page.css", ["renderer page.css changed"]),
    ]:  # fmt: skip
        monkeypatch.setattr(digests.FileDigests, "of", edited(name))
        reasons, _ = why_stale(report, project.ledger, project.files())
        assert sorted(r for r in reasons if "published file" not in r) == sorted(expected), name


def test_a_word_of_another_topic_renews_the_index_alone(project, monkeypatch) -> None:
    path = project.book("a")
    project.run(path)
    index, real = project.ledger.published / "index.html", FileDigests.of
    index.write_text("as it was", encoding="utf-8")
    project.run(path)
    assert index.read_text(encoding="utf-8") == "as it was"  # nothing changed
    monkeypatch.setattr(
        FileDigests, "of",
        lambda self, file: "edited" if file.name == "disputes.csv" else real(self, file),
    )  # fmt: skip
    (project.ledger.cache / "memory.json").unlink()  # as an edit of the package makes it forget
    assert project.run(path).folder is None
    assert "</html>" in index.read_text(encoding="utf-8")


def test_an_index_that_a_killed_run_did_not_reach_is_written_by_the_next(project) -> None:
    path = project.book("a")
    project.run(path)
    published = project.ledger.published
    held = project.ledger.manifest_path("a")
    held.write_text(held.read_text("utf-8").replace('"run_at"', ' "run_at"', 1), "utf-8")  # newer
    (published / "index.html").write_text("as it was", encoding="utf-8")
    (published / ".findings.csv.1.tmp").write_text("half", encoding="utf-8")
    assert project.states(project.run(path)) == {"a": "fresh"}
    assert "</html>" in (published / "index.html").read_text(encoding="utf-8")
    assert not list(published.rglob("*.tmp"))
    (published / "index.html").unlink()
    (project.ledger.cache / "memory.json").unlink()
    project.run(path)
    assert (published / "index.html").is_file()


def test_an_index_that_cannot_be_written_is_told(project, monkeypatch) -> None:
    lost = RenderError("no font.")
    monkeypatch.setattr("yuyao_lib.reports.index.write_index", Mock(side_effect=lost))
    tell = Mock()
    result = project.run(project.book("a"), tell=tell)
    assert (project.states(result), result.exit_code) == ({"a": "made", "index": "failed"}, 1)
    assert call("index", "failed", result.outcomes[-1]) in tell.call_args_list
    summary = json.loads((project.ledger.published / "summary.json").read_text("utf-8"))
    assert [held["state"] for held in summary["reports"]] == ["made", "failed"]


def test_a_font_that_is_gone_is_a_sentence(monkeypatch) -> None:
    monkeypatch.setitem(fonts.FILES, "gone", "none.otf")
    said = "the font none.otf cannot be read, without which no page can be made; yuyao doctor says"
    with pytest.raises(RenderError, match=said):
        fonts._installed("gone")


def test_a_word_looked_for_in_vain_is_found_when_it_comes(project, monkeypatch) -> None:
    path = project.book("a")
    project.run(path)
    report, files = ad_hoc(path, {}), project.files()
    held = project.ledger.manifest("a")
    (missed, *_), real = held.words["missed"], FileDigests.of
    monkeypatch.setattr(
        FileDigests, "of",
        lambda self, file: "edited" if file.name == "disputes.csv" else real(self, file),
    )  # fmt: skip
    assert why_stale(report, project.ledger, files)[0] == []
    monkeypatch.setattr("yuyao_lib.reports.fresh._keys", lambda *_: [missed])
    assert why_stale(report, project.ledger, files)[0] == [
        "data yuyao_lib/vocabulary/terms/disputes.csv changed"
    ]


def test_words_of_kernels_and_of_old_pages_are_all_of_them(project) -> None:
    order = SimpleNamespace(executed=None, in_process=False, opens_own=())
    assert _words(order) is None
    order.in_process = True
    assert set(_words(order)) == {"topics", "missed"}
    order.opens_own = (project.folder,)  # keys that own data lack could tell of them
    assert _words(order) is None


def test_hostile_words_stay_words(project) -> None:
    evil = '<img src=x onerror="document.title=1">'
    path = project.book("a", SHOW, f"print({evil!r})", prose=f"# T {evil}\n\n## The finding")
    result = project.run(path, given={"name": "</code><script>alert(1)</script>"})
    assert result.exit_code == 0
    for page in project.published().values():
        assert b"<script>alert" not in page
        assert b"<img src=x" not in page


LIGHT = """
import sys
from yuyao_lib.cli import main
try: main(['run', *sys.argv[1:]])
except SystemExit as left: assert not left.code, left.code
heavy = ('pandas', 'numpy', 'papermill', 'nbconvert', 'pydantic', 'yaml', 'jinja2', 'IPython',
    'rich', 'filelock', 'multiprocessing', 'yuyao_lib.findings', 'yuyao_lib.sources',
    'yuyao_lib.reports.cells', 'yuyao_lib.reports.digests', 'yuyao_lib.reports.plan')
print(*[name for name in heavy if name in sys.modules], 'end')
"""


def loaded(*arguments: str, cwd: Path) -> str:
    command = [sys.executable, "-c", LIGHT, *arguments]
    for _ in range(2):  # what was made is looked at once, should a file or folder be very young
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=cwd)
        assert " up to date\n" in done.stdout
    return done.stdout.splitlines()[-1]


def test_unchanged_plan_loads_nothing_heavy(plan, outputs) -> None:
    assert loaded("--out", str(outputs), cwd=plan) == "end"


def test_unchanged_rows_of_a_table_load_nothing_heavy(project, monkeypatch) -> None:
    monkeypatch.setattr("yuyao_lib.reports.memory.TICK_NANOSECONDS", 0)  # the book is young
    project.book("a")
    monkeypatch.chdir(project.folder)
    Path("rows.csv").write_text("value,name\n1.5,0110\n2,“甲”\n", encoding="utf-8")
    memory = Memory(project.ledger.cache / "memory.json")
    reports = chosen(Path.cwd(), memory, ("a.ipynb",), rows((), None, Path("rows.csv")), None)
    result = run_reports(reports, project.ledger, project.files(), memory=memory)
    assert project.states(result) == dict.fromkeys([r.id for r in reports], "made")
    memory.save()
    line = ("a.ipynb", "--table", "rows.csv", "--out", str(project.ledger.root))
    assert loaded(*line, cwd=project.folder) == "end"
    with redirect_stdout(StringIO()) as said, pytest.raises(SystemExit):
        main(["why", *line])
    assert said.getvalue().splitlines() == [f"{report.id}: up to date" for report in reports]
    for report in reports:  # and by the name of its page, with what the page was made with
        again = published_report(report.id, project.ledger, project.folder)
        assert (again.values, again.notebook.name) == (report.values, "a.ipynb")
        assert why_stale(again, project.ledger, project.files())[0] == []
    with pytest.raises(InputError, match=r"a notebook a.ipynb that is not in outputs; ask with"):
        published_report(reports[0].id, project.ledger, project.ledger.root)
    assert published_report("no_page", project.ledger, project.folder) is None


def test_inputs_are_the_same_from_any_folder(project, tmp_path, monkeypatch) -> None:
    path = project.book("a")
    values = {"value": 1.0, "name": "a"}
    here = inputs_of(path, values, {"en": "t"}, project.files())
    copied = tmp_path / "elsewhere"
    shutil.copytree(project.folder, copied)
    monkeypatch.chdir(copied)
    there = inputs_of(copied / path.name, values, {"en": "t"}, project.files())
    assert here.page_key == there.page_key


def test_manifests_hold_no_machine_path(project) -> None:
    path = project.book("a")
    project.run(path)
    held = (project.ledger.manifests / "a.json").read_text(encoding="utf-8")
    assert str(project.folder) not in held
    assert json.loads(held)["executed"].endswith("a/a.ipynb")
    for page in project.published().values():
        assert str(project.folder).encode() not in page
