"""The page of a report that was not made: why, where, and what to do, in both languages."""

import json

import pytest

from yuyao_lib.reports.failures import NEXT, Failure, error_page, write_error_pages
from yuyao_lib.vocabulary import Text

TITLE = Text("Pay", "工资")
DISPLAY = "application/vnd.yuyao.display+json"


def notebook(path, *, mode: str = "public"):
    """Write a notebook that showed one thing and failed in the next cell."""
    shown = {"kind": "table", "mode": mode, "html": {"en": "<p>seen</p>", "zh": "<p>所见</p>"}}
    heading = [
        {"cell_type": "markdown", "metadata": {"tags": [tag]}, "source": f"## {words}"}
        for tag, words in (("en", "Result"), ("zh", "结果"))
    ]
    cells = [
        {"cell_type": "code", "source": "1", "outputs": [{"data": {DISPLAY: shown}}]},
        *heading,
        {"cell_type": "code", "source": "x = wagee", "outputs": [{"output_type": "error"}]},
    ]
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return path


def failure(executed, **more) -> Failure:
    said = "cell 2 failed: DataError: no column wagee; did you mean wage?"
    held = {"report": "r", "title": TITLE, "kind": "failed", "sentence": said, "trace": "at x.py"}
    return Failure(**{**held, "executed": executed, **more})


def test_a_failure_says_what_where_and_what_next(tmp_path) -> None:
    write_error_pages(tmp_path, failure(notebook(tmp_path / "r.ipynb")))
    page = (tmp_path / "error.html").read_text(encoding="utf-8")
    assert "Cell 2 of the notebook failed" in page
    assert "No column wagee; did you mean wage? (DataError)" in page
    assert "in the section “Result”" in page and "x = wagee" in page
    assert "<details" in page and "at x.py" in page
    assert "Open the notebook in JupyterLab" in page and "<p>seen</p>" in page
    page = (tmp_path / "error.zh.html").read_text(encoding="utf-8")
    assert "笔记本的第 2 个代码单元格运行失败" in page and "位于“结果”一节" in page
    assert "<p>所见</p>" in page and 'lang="en">No column wagee' in page


def test_of_own_data_neither_what_was_shown_nor_the_trace_is_told(tmp_path) -> None:
    page = error_page(failure(notebook(tmp_path / "r.ipynb", mode="own")), "en")
    assert "seen" not in page and "at x.py" not in page and "x = wagee" not in page
    assert "no column wagee" in page.lower()


@pytest.mark.parametrize("kind", NEXT)
def test_every_kind_of_failure_says_what_to_do(tmp_path, kind) -> None:
    it = failure(tmp_path / "none.ipynb", kind=kind, sentence="it took longer than 4 seconds.")
    for language in ("en", "zh"):
        page = error_page(it, language)
        assert NEXT[kind].of(language).replace("'", "&#39;") in page
        assert "It took longer than 4 seconds." in page


def test_a_sign_that_no_font_has_does_not_lose_the_page(tmp_path) -> None:
    page = error_page(failure(tmp_path / "none.ipynb", sentence="no glyph for \u2eff"), "en")
    assert "No glyph for \u2eff" in page
