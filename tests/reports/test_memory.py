"""What is remembered about files holds exactly as long as they stand as they stood."""

import os
import time

import pytest

from yuyao_lib.reports import memory
from yuyao_lib.reports.file_digests import FileDigests
from yuyao_lib.reports.memory import Memory


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Return a folder with a package of its own, a file, a folder of data, and a made page."""
    package = tmp_path / "package"
    (package / "page").mkdir(parents=True)
    (package / "module.py").write_text("a = 1", encoding="utf-8")
    (package / "page" / "page.css").write_text("a {}", encoding="utf-8")
    (tmp_path / "data").mkdir()
    for name in ("a.ipynb", "data/rows.csv", "a.html"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    monkeypatch.setattr(memory, "PACKAGE", package)
    monkeypatch.setattr(memory, "TICK_NANOSECONDS", 0)  # the files here are all young
    monkeypatch.chdir(tmp_path)
    return tmp_path


def kept(place):
    """Remember an answer that depends on all of it, and return a new memory of it."""
    seen = Memory(place / ".cache" / "memory.json")
    read = [place / "a.ipynb", place / "data", place / "wagepan"]
    seen.keep("fresh a", {"value": 1}, True, read=read, made=[place / "a.html"])
    seen.save()
    return Memory(place / ".cache" / "memory.json")


def test_it_remembers_while_nothing_changed(place) -> None:
    assert kept(place).recall("fresh a", {"value": 1}) is True
    assert kept(place).recall("fresh b", {"value": 1}) is None
    assert kept(place).recall("fresh a", {"value": 2}) is None


def written(path, text="y"):
    path.write_text(text, encoding="utf-8")


def swapped(path):
    """Put another file of the same size and time in the place of one."""
    seen = path.stat()
    other = path.with_name("other")
    written(other)
    os.utime(other, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    other.replace(path)


CHANGES = {
    "the notebook": lambda f: written(f / "a.ipynb", "longer"),
    "one of the same size": lambda f: written(f / "a.ipynb"),
    "one of the same size and time": lambda f: swapped(f / "a.ipynb"),
    "a data file": lambda f: written(f / "data" / "rows.csv"),
    "a new data file": lambda f: written(f / "data" / "more.csv"),
    "a data file gone": lambda f: (f / "data" / "rows.csv").unlink(),
    "a file where none was": lambda f: written(f / "wagepan"),
    "a published page": lambda f: written(f / "a.html"),
    "a page gone": lambda f: (f / "a.html").unlink(),
    "a module": lambda f: written(f / "package" / "module.py", "a = 2"),
    "a new module": lambda f: written(f / "package" / "new.py"),
    "a style sheet": lambda f: written(f / "package" / "page" / "page.css", "b {}"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_it_forgets_what_changed(place, what) -> None:
    kept(place)
    CHANGES[what](place)
    seen = Memory(place / ".cache" / "memory.json")
    assert seen.recall("fresh a", {"value": 1}) is None


def test_it_forgets_in_other_surroundings(place, monkeypatch) -> None:
    kept(place)
    monkeypatch.setattr(memory, "environment", lambda: "pandas-9")
    assert Memory(place / ".cache" / "memory.json").recall("fresh a", {"value": 1}) is None


def test_byte_code_is_no_change(place) -> None:
    kept(place)
    (place / "package" / "__pycache__").mkdir()
    written(place / "package" / "__pycache__" / "module.pyc")
    # the folder holds one thing more, but none that a report is made of
    assert Memory(place / ".cache" / "memory.json").recall("fresh a", {"value": 1}) is True


@pytest.mark.parametrize("name", ["a.ipynb", "data/rows.csv", "wagepan", "package/module.py"])
def test_what_changed_during_the_look_is_not_remembered(place, name) -> None:
    seen = Memory(place / ".cache" / "memory.json")
    time.sleep(0.02)
    written(place / name, "edited")
    read = [place / "a.ipynb", place / "data", place / "wagepan"]
    seen.keep("fresh a", {}, True, read=read)
    seen.look_again()
    assert seen.recall("fresh a", {}) is None


def test_a_file_as_young_as_the_clock_can_tell_is_not_remembered(place, monkeypatch) -> None:
    monkeypatch.setattr(memory, "TICK_NANOSECONDS", 10**10)
    assert kept(place).recall("fresh a", {"value": 1}) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"entries": 1}', '{"surroundings": "x"}'])
def test_a_cut_off_memory_only_costs_time(place, text) -> None:
    kept(place)
    (place / ".cache" / "memory.json").write_text(text, encoding="utf-8")
    assert kept(place).recall("fresh a", {"value": 1}) is True


def test_nothing_is_believed_where_all_is_to_be_read_again(place) -> None:
    kept(place)
    seen = Memory(place / ".cache" / "memory.json", trust=False)
    assert seen.recall("fresh a", {"value": 1}) is None


def test_a_fact_is_read_again_only_when_the_file_changed(place) -> None:
    files, count = FileDigests(place / ".cache" / "digests.json"), []
    for text, times in (("x", 1), ("x", 1), ("longer", 2)):
        written(place / "a.ipynb", text)
        files.fact("length", place / "a.ipynb", lambda: count.append(1) or len(count))
        assert len(count) == times
    files.save()
    again = FileDigests(place / ".cache" / "digests.json")
    assert again.fact("length", place / "a.ipynb", lambda: "read") == 2


def test_within_one_glance_a_file_is_seen_once_and_anew_in_the_next(place) -> None:
    files, path = FileDigests(place / ".cache" / "digests.json"), place / "a.ipynb"
    with files.one_glance():
        first = files.of(path)
        written(path, "changed meanwhile")
        assert files.of(path) == first
    changed = files.of(path)
    assert changed != first
    with files.one_glance():
        assert files.of(path) == changed
