"""Broken tables, parameter files and notebooks: one sentence, exit code 2, nothing made."""

import errno
import json
import shutil

import nbformat
import pytest

from yuyao_lib.cli import main
from yuyao_lib.reports.ledger import Ledger, Manifest
from yuyao_lib.reports.plan import slug

PARAMETERS = 'value: int = 1  # 数值 Value\nname: str = "a"  # 名称 Name'


@pytest.fixture
def book(tmp_path):
    made = nbformat.v4.new_notebook()
    made.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    made.cells = [nbformat.v4.new_code_cell(PARAMETERS, id="p")]
    made.cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(made, tmp_path / "n.ipynb")
    return tmp_path / "n.ipynb"


@pytest.fixture
def ended(book, capsys):
    """Run the command line; return its exit code and what it printed."""

    def run(*arguments, path=book):
        out = book.parent / "out"
        with pytest.raises(SystemExit) as left:
            main(["run", str(path), "--out", str(out), "--dry-run", *map(str, arguments)])
        assert not (out / "published").exists()
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    return run


TABLES = {
    "header only": (b"name\n", "has no rows"),
    "empty": (b"", "has no rows"),
    "one field too many": (b"name\na,b\n", "another number of fields than its header: got 2"),
    "one field too few": (b"name,value\na\n", "another number of fields than its header: got 1"),
    "a column twice": (b"name,name\na,b\n", "two columns of the same name"),
    "GBK": ("name\n男\n".encode("gbk"), "is not UTF-8 text"),
    "a quote without end": (b'name\n"a\n', "cannot be read"),
    "the same row twice": (b"name\na\na\n", "two reports would be called 'n__name_a'"),
    "an unknown column": (b"nam\na\n", "Did you mean 'name'"),
}


@pytest.mark.parametrize("kind", TABLES)
def test_tables(ended, tmp_path, kind) -> None:
    content, said = TABLES[kind]
    (tmp_path / "rows.csv").write_bytes(content)
    code, _, words = ended("--table", tmp_path / "rows.csv")
    assert code == 2
    assert said in words
    assert len(words.splitlines()) == 1


def test_rows_of_chinese_values_are_reports_of_their_own(ended, tmp_path) -> None:
    (tmp_path / "rows.csv").write_text("name\n男\n女\n甲、乙\n", encoding="utf-8-sig")
    code, shown, _ = ended("--table", tmp_path / "rows.csv")
    assert code == 0
    names = {line.split(":")[0] for line in shown.splitlines()}
    assert len(names) == 3
    assert all(name.isascii() for name in names)


def test_long_values_are_reports_of_their_own(ended, tmp_path) -> None:
    rows = "name\n" + "x" * 300 + "1\n" + "x" * 300 + "2\n"
    (tmp_path / "rows.csv").write_text(rows, encoding="utf-8")
    code, shown, _ = ended("--table", tmp_path / "rows.csv")
    names = {line.split(":")[0] for line in shown.splitlines()}
    assert code == 0
    assert len(names) == 2
    assert max(map(len, names)) < 150


def test_names_of_reports_do_not_say_where_a_folder_lies() -> None:
    here, there = slug("/srv/people/payrolls"), slug("/mnt/payrolls/")
    assert here.startswith("payrolls-")
    assert here != there
    assert "srv" not in here


def test_different_values_have_different_names() -> None:
    values = ["a,b", "a-b", "a b", "A", "a", "-1", "1", "1.0", "1-0", "a_b", "", " ", "男", "女"]
    assert len({slug(value) for value in values}) == len(values)


FILES = {
    "GBK": ("name: 男\n".encode("gbk"), "is not UTF-8 text"),
    "nested without end": (b"name: " + b"[" * 5000, "nested too deep"),
    "a zero byte": (b"name: a\x00b\n", "is not YAML"),
    "a list": (b"- name\n", "is not a mapping"),
    "cut off": (b"name: [a\n", "is not YAML at line 2"),
}


@pytest.mark.parametrize("kind", FILES)
def test_parameter_files(ended, tmp_path, kind) -> None:
    content, said = FILES[kind]
    (tmp_path / "given.yaml").write_bytes(content)
    code, _, words = ended("-f", tmp_path / "given.yaml")
    assert code == 2
    assert said in words
    assert len(words.splitlines()) == 1


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ("value=" + "9" * 5000, "parameter value is of type int"),
        ("db_dsn=x", "secrets are never parameters"),
        ("my_pwd=x", "secrets are never parameters"),
    ],
)
def test_values(ended, pair, said) -> None:
    code, _, words = ended("-p", pair)
    assert code == 2
    assert said in words


NOTEBOOKS = {
    "a number for a cell": {"nbformat": 4, "cells": [1]},
    "a cell of no kind": {"nbformat": 4, "cells": [{"source": ""}]},
    "a number for a source": {"nbformat": 4, "cells": [{"cell_type": "code", "source": 1}]},
    "no metadata": {"nbformat": 4, "cells": [{"cell_type": "code", "metadata": None}]},
}


@pytest.mark.parametrize("kind", NOTEBOOKS)
def test_notebooks(ended, tmp_path, kind) -> None:
    path = tmp_path / "odd.ipynb"
    path.write_text(json.dumps(NOTEBOOKS[kind]), encoding="utf-8")
    code, _, words = ended(path=path)
    assert code == 2
    assert "part 1 of odd.ipynb is not a cell" in words


def whole(**changed) -> dict:
    """Return a notebook's JSON that can run, with some of it changed."""
    made = nbformat.v4.new_notebook()
    made.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    made.cells = [nbformat.v4.new_code_cell(PARAMETERS, id="p")]
    made.cells[0].metadata["tags"] = ["parameters"]
    return {**made, **changed}


def second(source: str, *tags: str) -> list:
    """Return the parameters cell and one more."""
    cell = nbformat.v4.new_code_cell(source, id="q")
    cell.metadata["tags"] = list(tags)
    return [*whole()["cells"], cell]


R = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}
BOOKS = {
    "half of it": (json.dumps(whole())[:200].encode(), "is not a whole notebook"),
    "nothing": (b"", "is not a whole notebook"),
    "a byte order mark": (
        b"\xef\xbb\xbf" + json.dumps(whole()).encode(), "begins with a byte order mark",
    ),
    "UTF-16": (json.dumps(whole()).encode("utf-16"), "is not UTF-8 text"),
    "another program's JSON": (b'{"a": 1}', "has no cells"),
    "a later format": (json.dumps(whole(nbformat=6)).encode(), "got 6; allowed: 4"),
    "no kernel": (json.dumps(whole(metadata={})).encode(), "names no kernel or no language"),
    "R": (json.dumps(whole(metadata=R)).encode(), "got 'R'; allowed: python"),
    "no parameters": (json.dumps(whole(cells=[])).encode(), "has 0 cells tagged"),
    "parameters twice": (
        json.dumps(whole(cells=second("value = 2", "parameters"))).encode(),
        "has 2 cells tagged parameters",
    ),
    "an installation": (
        json.dumps(whole(cells=second("x = 1\n!pip install x"))).encode(),
        "cell 2 of notebook odd installs packages",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BOOKS)
def test_notebook_files(ended, tmp_path, kind) -> None:
    content, said = BOOKS[kind]
    path = tmp_path / "odd.ipynb"
    path.write_bytes(content)
    code, _, words = ended(path=path)
    assert code == 2
    assert said in words
    assert len(words.splitlines()) == 1


def test_a_disk_that_fills_up_while_publishing_changes_no_page(tmp_path, monkeypatch) -> None:
    ledger, made = Ledger(tmp_path / "out"), tmp_path / "made"
    made.mkdir()
    ledger.published.mkdir(parents=True)
    names = ("a.en.html", "a.zh.html")
    for name in names:
        (made / name).write_text("new")
        (ledger.published / name).write_text("old")
    real = shutil.copyfile

    def full(source, target):
        if source.name == names[1]:
            target.write_text("ne")
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(source, target)

    monkeypatch.setattr(shutil, "copyfile", full)
    empty = dict.fromkeys(Manifest.__slots__, "") | {"report": "a", "files": dict.fromkeys(names)}
    with pytest.raises(OSError, match="No space left"):
        ledger.publish(made, Manifest(**empty))
    assert [(ledger.published / name).read_text() for name in names] == ["old", "old"]
    assert not list(ledger.root.rglob("*.tmp"))
    assert not (ledger.manifests / "a.json").exists()
