"""Replication packages: whole, without anybody's tables, and equal when run again."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import nbformat
import pytest

from yuyao_lib.cli import main
from yuyao_lib.errors import InputError, RunError
from yuyao_lib.findings import Finding
from yuyao_lib.paths import NOTEBOOKS, ROOT
from yuyao_lib.reports.bundle import write_bundle
from yuyao_lib.reports.digests import FileDigests
from yuyao_lib.reports.ledger import Ledger
from yuyao_lib.reports.outcomes import Outcome, RunResult
from yuyao_lib.reports.package_state import changed_files, other_versions
from yuyao_lib.reports.plan import ad_hoc, choose, read_plan
from yuyao_lib.reports.rerun import Rerun, rerun
from yuyao_lib.reports.runner import run_reports
from yuyao_lib.sources.card import digest_file
from yuyao_lib.sources.own.keys import keyed
from yuyao_lib.vocabulary import Text

MAIN = "from yuyao_lib.cli import main; main()"
BLANKS = ("the paper it belongs to", "permission to use it", "licence of the text and data")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    """Publish the record's scorecard."""
    held = Ledger(tmp_path_factory.mktemp("bundled") / "outputs")
    files = FileDigests(held.cache / "digests.json")
    (chosen,) = choose(read_plan(NOTEBOOKS / "reports.yaml"), ["scorecard"])
    assert run_reports([chosen], held, files, jobs=1).exit_code == 0
    return held


@pytest.fixture(scope="module")
def package(ledger, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("to") / "包 one"
    reports = choose(read_plan(NOTEBOOKS / "reports.yaml"), ["scorecard"])
    assert write_bundle(reports, ledger, folder).folder == folder
    return folder


def test_the_readme_proves_what_it_can_and_marks_the_rest(package) -> None:
    words = (package / "README.md").read_text(encoding="utf-8")
    for blank in BLANKS:
        assert f"{blank}]**" in words
    held = json.loads((package / "expected" / "scorecard.json").read_text("utf-8"))
    first = Finding.from_dict(held["findings"][0]).origin.digests[0]
    assert first in words
    assert "| scorecard Figure 1 | For each rounded figure" in words
    (numbers,) = re.findall(r"`(expected/numbers/scorecard_table_1\.csv)`", words)
    assert len((package / numbers).read_text(encoding="utf-8").splitlines()) > 5
    for part in ("All data are publicly available", "| `data/record/` |", "minutes for all reports",
                 "Storage:", "controlled randomness", "may pass on what is in this package",
                 "## Data availability and provenance statements", "## Dataset list",
                 "## Description of programs", "## Instructions to replicators",
                 "## List of tables, figures and programs", "## Acknowledgements"):  # fmt: skip
        assert part in words
    assert "s, at most" in words
    assert str(ROOT) not in words


def test_every_file_has_its_digest(package) -> None:
    held = json.loads((package / "manifest.json").read_text(encoding="utf-8"))
    there = {p.relative_to(package).as_posix() for p in package.rglob("*") if p.is_file()}
    assert set(held) == there - {"manifest.json"}
    assert {"uv.lock", "LICENSE", "notebooks/scorecard.ipynb", "data/record/measures.csv"} <= there
    assert not [name for name in there if "own" in Path(name).parts[:2] and "data" in name]


def test_a_package_runs_again_in_a_process_of_its_own_code(package) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MAIN, "rerun", ".", "--jobs", "1"], check=False,
        cwd=package, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(package), "YUYAO_ROOT": str(package)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    held = json.loads((package / "expected" / "scorecard.json").read_text("utf-8"))["findings"]
    assert f"{len(held)} of {len(held)} findings came out as expected." in done.stdout
    assert "note:" not in done.stdout


SLOW = "it installs every package anew, a minute on a warm cache; YUYAO_FRESH=1 asks for it"


@pytest.mark.skipif(not os.environ.get("YUYAO_FRESH"), reason=SLOW)
def test_a_package_builds_its_own_environment_and_runs_again(package, tmp_path) -> None:
    folder = tmp_path / "unpacked"
    shutil.copytree(package, folder, ignore=shutil.ignore_patterns("outputs", "__pycache__"))
    text = (folder / "README.md").read_text(encoding="utf-8")
    (commands,) = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    of_this = ("VIRTUAL_ENV", "PYTHONPATH", "YUYAO_ROOT", "YUYAO_KEY")
    env = {k: v for k, v in os.environ.items() if k not in of_this}
    env["PATH"] = f"{ROOT / '.tools' / 'bin'}{os.pathsep}{env['PATH']}"
    done = subprocess.run(["bash", "-e", "-c", commands], check=False, cwd=folder, env=env,
                          capture_output=True, text=True)  # fmt: skip
    if done.returncode and re.search(r"dns|network|connect|offline", done.stderr, re.IGNORECASE):
        pytest.skip("packages can neither be fetched nor are they cached")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (folder / ".venv").is_dir()
    held = json.loads((folder / "expected" / "scorecard.json").read_text("utf-8"))["findings"]
    assert f"{len(held)} of {len(held)} findings came out as expected." in done.stdout


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("expected/scorecard.json", "(expected/scorecard.json was changed)."),
        ("notebooks/scorecard.ipynb",
         "(notebooks/scorecard.ipynb is missing): there is no notebook scorecard.ipynb"),
    ],
)  # fmt: skip
def test_a_package_that_cannot_be_read_any_more_says_why(package, name, words) -> None:
    path = package / name
    whole = path.read_bytes()
    try:
        if name.endswith("json"):
            path.write_text("{", encoding="utf-8")
        else:
            path.unlink()
        with pytest.raises(InputError, match=re.escape(words)):
            rerun(package, jobs=1)
    finally:
        path.write_bytes(whole)


def test_a_number_that_differs_is_named(package) -> None:
    path = package / "expected" / "scorecard.json"
    whole = path.read_text(encoding="utf-8")
    held = json.loads(whole)
    changed = next(f for f in held["findings"] if f["estimate"] is not None)
    changed["estimate"] *= 1.001
    path.write_text(json.dumps(held), encoding="utf-8")
    try:
        made = rerun(package, jobs=1)
    finally:
        path.write_text(whole, encoding="utf-8")
    assert made.exit_code == 3
    assert [(d.finding, d.part) for d in made.differences] == [(changed["id"], "estimate")]


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("a byte of the data", "data/record/measures.csv was changed"),
        ("a parameter", "notebooks/reports.yaml was changed"),
        ("a version", "uv.lock was changed"),
        ("a file less", "yuyao_lib/vocabulary/terms/record.csv is missing"),
        ("a file more", "yuyao_lib/methods/more.py was added"),
        ("the list of files", "manifest.json was changed"),
        ("no list of files", "manifest.json is missing"),
    ],
)
def test_a_package_that_is_not_as_it_was_written_says_what_is_other(package, harm, said) -> None:
    name = said.rpartition(" was ")[0]
    path = package / (name or said.removesuffix(" is missing"))
    before = path.read_bytes() if path.is_file() else None
    try:
        if said.endswith("missing"):
            path.unlink()
        elif harm == "the list of files":
            path.write_text("[]", encoding="utf-8")
        else:
            path.write_bytes((before or b"") + b"\n")
        assert changed_files(package) == [said]
    finally:
        path.unlink(missing_ok=True)
        if before is not None:
            path.write_bytes(before)
    assert changed_files(package) == []


def test_another_version_than_the_lock_pins_is_said(tmp_path) -> None:
    source = '{ registry = "https://example.org/simple" }'
    text = "".join(
        f'[[package]]\nname = "{name}"\nversion = "{number}"\nsource = {source}\n'
        for name, number in (("numpy", "0.1"), ("pandas", version("pandas")), ("absent", "1.0"))
    )
    (tmp_path / "uv.lock").write_text(text, encoding="utf-8")
    said = f"numpy {version('numpy')} is installed, uv.lock pins 0.1"
    assert other_versions(tmp_path) == [said]


def test_a_report_that_failed_is_not_taken_for_the_one_made_before(package, monkeypatch) -> None:
    failed = RunResult(Path("index.html"), [Outcome("scorecard", "failed", ("no",), 1.0)])
    monkeypatch.setattr("yuyao_lib.reports.rerun.run_reports", lambda *a, **k: failed)
    made = rerun(package)
    assert made.exit_code == 1
    assert [d.part for d in made.differences] == ["there"] * made.compared
    assert made.compared > 5


def test_a_rerun_is_red_where_a_file_or_a_version_differs() -> None:
    done = RunResult(Path("index.html"))
    assert Rerun(done, 3, ()).exit_code == 0
    assert Rerun(done, 3, (), ("uv.lock was changed",)).exit_code == 3


def test_a_page_of_an_older_notebook_is_not_bundled_with_the_newer_one(ledger, tmp_path) -> None:
    (report,) = choose(read_plan(NOTEBOOKS / "reports.yaml"), ["scorecard"])
    book = nbformat.read(report.notebook, as_version=4)
    next(
        c for c in book.cells if c.cell_type == "code" and "import" in c.source
    ).source += "\nx = 1"
    nbformat.write(book, tmp_path / "scorecard.ipynb")
    with pytest.raises(RunError, match=r"scorecard was made of something else .*\(code changed"):
        write_bundle(
            [replace(report, notebook=tmp_path / "scorecard.ipynb")], ledger, tmp_path / "x"
        )
    page = ledger.published / "scorecard.en.html"
    whole = page.read_bytes()
    try:
        page.write_bytes(whole + b"<!-- -->")
        with pytest.raises(RunError, match="a published file changed"):
            write_bundle([report], ledger, tmp_path / "x")
    finally:
        page.write_bytes(whole)
    assert not (tmp_path / "x").exists()


def test_what_cannot_be_bundled_is_said(ledger, package, tmp_path, capsys) -> None:
    reports = read_plan(NOTEBOOKS / "reports.yaml")
    with pytest.raises(InputError, match="this folder is there already"):
        write_bundle(choose(reports, ["scorecard"]), ledger, package)
    with pytest.raises(RunError, match="union_premium_cps is not published; run it first"):
        write_bundle(choose(reports, ["union_premium_cps"]), ledger, tmp_path / "x")
    assert not list(tmp_path.iterdir())
    with pytest.raises(InputError, match="no replication package"):
        rerun(tmp_path)
    with pytest.raises(SystemExit) as left:
        main(["bundle", "scorecar", "--to", str(tmp_path / "x")])
    assert left.value.code == 2
    assert "Did you mean 'scorecard'" in capsys.readouterr().err


OWN = """
import yuyao_lib as yuyao
from yuyao_lib.display import findings
from yuyao_lib.findings import Design, Estimate
data = yuyao.open(dataset)
n = len(data.frame("workers"))
class R:
    estimates = (Estimate(key="k", term="mean", method="ols", unit="log_points",
        design=Design.DESCRIPTION, estimate=1.0, low=.9, high=1.1, standard_error=.05, n=n,
        clusters=12),)
findings(R(), data, topic="t")
"""


def test_own_tables_stay_and_a_simulated_twin_goes(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(ROOT)
    book = nbformat.v4.new_notebook()
    book.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    parameters = 'dataset: str = "simulated"  # 数据集 Data set'
    book.cells = [
        nbformat.v4.new_markdown_cell("# T\n\n## The finding", id="t"),
        nbformat.v4.new_code_cell(parameters, id="p", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(OWN, id="c"),
    ]
    nbformat.write(book, tmp_path / "pay.ipynb")
    own = "data/example_payrolls"
    report = ad_hoc(tmp_path / "pay.ipynb", {"dataset": own})
    ledger = Ledger(tmp_path / "outputs")
    done = subprocess.run(
        [sys.executable, "-c", MAIN, "run", str(tmp_path / "pay.ipynb"), "-p", f"dataset={own}",
         "--out", str(ledger.root)],
        check=False, capture_output=True, text=True, env={**os.environ, "YUYAO_KEY": "ab" * 32},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    made = next(ledger.manifests.glob("*.json")).stem
    report = replace(report, id=made, title=Text(made, made))  # as reports of given values are
    bundle = write_bundle([report], ledger, tmp_path / "package")
    (twin,) = read_plan(bundle.folder / "notebooks" / "reports.yaml")
    assert twin.id == bundle.parts[0].name
    assert twin.id.endswith("_twin")
    assert twin.values["dataset"] == "simulated"
    assert {Path(name).name for name in bundle.files}.isdisjoint(
        p.name for p in Path(own).iterdir()
    )
    assert not list((bundle.folder / "expected").glob("*.json"))
    words = (bundle.folder / "README.md").read_text(encoding="utf-8")
    assert f"Restricted data of `{report.id}`" in words
    assert "example_payrolls" not in words
    assert "it has no findings to compare with" in words
    assert "--name made_again -p dataset=FOLDER" in words
    assert "- `notebooks/pay.ipynb`: T (run key" in words
    files = [p for p in Path(own).iterdir() if p.is_file()]
    monkeypatch.setenv("YUYAO_KEY", "ab" * 32)
    assert all(keyed(digest_file(p)) in words for p in files if p.name != "mapping.yaml")
    for path in bundle.folder.rglob("*"):  # nobody can try guesses against what is passed on
        if path.is_file():
            held = path.read_bytes()
            assert not [p.name for p in files if digest_file(p)[:12].encode() in held], path
