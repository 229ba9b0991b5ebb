"""The gallery leaves out no kind of chart or table, and its numbers are fixed."""

import ast
import importlib
import json
import pkgutil
import typing
from dataclasses import replace

import pytest

from yuyao_lib import display
from yuyao_lib.display.charts import Draw
from yuyao_lib.display.gallery import answers, shapes, wording
from yuyao_lib.display.shown import Shown
from yuyao_lib.errors import InputError
from yuyao_lib.paths import ROOT
from yuyao_lib.sources.card import FileDigest
from yuyao_lib.sources.dataset import Dataset

BOOK = ROOT / "docs" / "gallery.ipynb"
MADE = (Draw, tuple[Draw, float], Shown)
COUNTS = {"count_list", "hidden_note"}  # parts of tables, but a kind of their own


def builders() -> set[str]:
    """Return the public functions of the display floor that make a chart or something shown."""
    found = set()
    for module in pkgutil.iter_modules(display.__path__, "yuyao_lib.display."):
        home = importlib.import_module(module.name)
        for name in getattr(home, "__all__", ()):
            thing = getattr(home, name)
            if callable(thing) and not isinstance(thing, type) and hints(thing) in MADE:
                found.add(name)
    return found | COUNTS


def hints(thing) -> object:
    """Return what a function says it returns, its names of types looked up where it can."""
    from matplotlib.axes import Axes

    function = getattr(thing, "__wrapped__", thing)
    said = getattr(function, "__annotations__", {}).get("return")
    if not isinstance(said, str):
        return said
    known = {**vars(typing), **function.__globals__, "Axes": Axes}
    try:
        return eval(said, known)
    except NameError:  # a type that is imported for checking only: never one of ours
        return None


def shown(book: dict) -> set[str]:
    """Return the names a notebook calls."""
    sources = ["".join(c["source"]) for c in book["cells"] if c["cell_type"] == "code"]
    calls = [n.func for s in sources for n in ast.walk(ast.parse(s)) if isinstance(n, ast.Call)]
    return {f.attr if isinstance(f, ast.Attribute) else getattr(f, "id", "") for f in calls}


def test_every_chart_and_table_is_in_the_gallery() -> None:
    book = json.loads(BOOK.read_text(encoding="utf-8"))
    wanted = builders()
    assert {"forest", "matrix", "stacked_parts", "counted_table", "assumptions"} <= wanted
    assert wanted <= shown(book), f"not in docs/gallery.ipynb: {sorted(wanted - shown(book))}"


def test_one_that_is_missing_is_noticed() -> None:
    book = json.loads(BOOK.read_text(encoding="utf-8"))
    book["cells"] = [c for c in book["cells"] if c["id"] != "mirrored"]
    assert builders() - shown(book) == {"mirrored"}


def test_every_chart_says_what_it_shows_in_numbers() -> None:
    for name in wording.TITLES:
        for text in wording.words(name).values():
            assert text.en and text.zh
        assert any(sign.isdigit() for sign in wording.words(name)["alt"].en), name


@pytest.mark.parametrize("ask", [wording.words, wording.axis, wording.names, wording.caption])
def test_an_unknown_name_says_which_there_are(ask) -> None:
    with pytest.raises(InputError, match="allowed"):
        ask("no such name")


def test_titles_say_what_the_numbers_show() -> None:
    gaps = {r.label.en: r for r in shapes.RANGES}
    women, senior = gaps["women"], gaps["senior workers"]
    assert women.value == max(r.value for r in shapes.RANGES if r.value is not None)
    assert senior.low < 0 < senior.high
    (first, (came, went), last) = shapes.STOCK
    assert first.value + came.value + went.value == last.value
    assert all(abs(v) < 0.1 for v in shapes.MOVED[1])
    assert answers.gallery_data().mode.value == "simulated"


def test_many_files_are_folded_in_a_source_card() -> None:
    few, many = (tuple(FileDigest(f"{i}.csv", "a" * 64, 7) for i in range(n)) for n in (2, 9))
    cards = [gallery_card(files).html for files in (few, many)]
    assert "<details>" not in cards[0].en and "1.csv, 7 rows" in cards[0].en
    assert "<summary>9 files</summary>" in cards[1].en and "9 个文件" in cards[1].zh
    assert cards[1].en.count("<li>") == 9


def gallery_card(files: tuple[FileDigest, ...]) -> Shown:
    """Return the source card of a data set with other files."""
    data = answers.gallery_data()
    changed = replace(data.card, files=files)
    return display.card(Dataset("gallery", mode=data.mode, card=changed, loaders={}))
