"""Notebooks have the shape this project agreed on, and the checks can fail."""

import copy
import json
import shutil
import subprocess
import sys
from pathlib import Path

import papermill
import pytest

from yuyao_lib.paths import NOTEBOOKS, ROOT
from yuyao_lib.reports.cells import parameters_of, read_notebook
from yuyao_lib.reports.shape import departures, kind_of

GUIDES = sorted((ROOT / "docs").glob("*.ipynb"))
BOOKS = [*sorted(NOTEBOOKS.glob("*.ipynb")), *GUIDES]
GOOD = NOTEBOOKS / "union_premium.ipynb"


@pytest.mark.parametrize("path", BOOKS, ids=lambda p: p.stem)
def test_shape(path: Path) -> None:
    assert departures(path) == []


@pytest.mark.parametrize("path", BOOKS, ids=lambda p: p.stem)
def test_papermill_reads_the_same_parameters(path: Path) -> None:
    ours = parameters_of(read_notebook(path), name=path.stem)
    theirs = papermill.inspect_notebook(str(path))
    assert list(ours) == list(theirs)
    for name, parameter in ours.items():
        assert theirs[name]["inferred_type_name"] == parameter.type
        assert parameter.meaning.zh in theirs[name]["help"]


@pytest.mark.parametrize("path", BOOKS, ids=lambda p: p.stem)
def test_guides_lie_in_docs_and_reports_do_not(path: Path) -> None:
    assert kind_of(read_notebook(path)) == ("guide" if path in GUIDES else "report")


def test_notebooks_are_stripped_with_their_ids_kept() -> None:
    command = [str(Path(sys.executable).with_name("nbstripout")), "--verify", "--keep-id"]
    done = subprocess.run([*command, *map(str, BOOKS)], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def cell(book: dict, name: str) -> dict:
    return next(c for c in book["cells"] if c["id"] == name)


def source(name: str, text: str):
    def change(book: dict) -> None:
        cell(book, name)["source"] = text

    return change


def metadata(book: dict) -> None:
    book["metadata"]["kernelspec"]["name"] = "yuyao"


def outputs(book: dict) -> None:
    cell(book, "card")["execution_count"] = 3


def twice(book: dict) -> None:
    cell(book, "imports")["metadata"] = {"tags": ["parameters"]}


def same_id(book: dict) -> None:
    cell(book, "card")["id"] = "movers"


def chinese_id(book: dict) -> None:
    cell(book, "card")["id"] = "数据"


def one_language(book: dict) -> None:
    book["cells"].remove(cell(book, "data-zh"))


def odd_kind(book: dict) -> None:
    book["metadata"]["yuyao"] = {"kind": "poem"}


def no_limits(book: dict) -> None:
    cell(book, "limits-en")["source"] = "Nothing to add."


BAD = {
    "a function": (source("card", "def f():\n    return 1"), "defines a function"),
    "a try": (source("card", "try:\n    x = 1\nexcept Exception:\n    pass"), "catches errors"),
    "a magic": (source("card", "%matplotlib inline"), "magic"),
    "a long cell": (source("card", "\n".join(f"x{i} = 1" for i in range(16))), "16 lines"),
    "an empty cell": (source("card", " "), "is empty"),
    "a place": (source("card", "p = '/home/someone/wages.csv'"), "place of a machine"),
    "no python": (source("card", "x ="), "is not Python"),
    "no type": (source("parameters", "dataset = 'a'  # 数据 Data"), "cannot be read"),
    "a second =": (source("parameters", "x: str = 'a'  # Data"), "explanation of parameter x"),
    "a strange type": (source("parameters", "x: date = 1  # 日 Day"), "allowed: str, int"),
    "another default": (source("parameters", 'dataset: str = "a"  # 数 Data'), "model differ"),
    "two parameters cells": (twice, "2 cells tagged parameters"),
    "another kernel": (metadata, "the kernel is 'yuyao'"),
    "outputs": (outputs, "committed with outputs"),
    "the same id": (same_id, "same id"),
    "a Chinese id": (chinese_id, "not plain"),
    "one language": (one_language, "pairs of cells"),
    "another kind": (odd_kind, "got 'poem'; allowed: report, guide"),
    "no limits": (no_limits, "expected The finding"),
    "a number in a heading": (source("result-en", "## Result\n\n### 545 men"), "holds a number"),
    "two titles": (source("result-en", "# Result"), "2 titles in en"),
}


@pytest.mark.parametrize("name", BAD)
def test_every_check_fires(name: str, tmp_path: Path) -> None:
    change, said = BAD[name]
    book = json.loads(GOOD.read_text(encoding="utf-8"))
    for item in book["cells"]:
        item["source"] = "".join(item["source"])
    change(book)
    bad = tmp_path / GOOD.name
    bad.write_text(json.dumps(book), encoding="utf-8")
    assert any(said in departure for departure in departures(bad)), departures(bad)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not a whole notebook"),
        (b'{"cells": [', "not a whole notebook"),
        ("{}".encode("utf-16"), "not UTF-8"),
        (b'{"cells": [], "nbformat": 3}', "got 3; allowed: 4"),
        (b"[1]", "has no cells"),
    ],
)
def test_files_that_are_no_notebooks(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "x.ipynb"
    path.write_bytes(content)
    assert said in departures(path)[0]


def test_a_good_copy_stays_good(tmp_path: Path) -> None:
    shutil.copy(GOOD, tmp_path)
    assert departures(tmp_path / GOOD.name) == []
    assert copy.copy(GOOD).exists()
