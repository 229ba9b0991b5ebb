"""The page: through nbconvert by hand, with foreign and hostile outputs."""

import base64
import io
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest
from fontTools.ttLib import TTFont

from yuyao_lib.errors import RenderError
from yuyao_lib.paths import NOTEBOOKS
from yuyao_lib.reports.page import PageMeta, page_warnings, render_page
from yuyao_lib.reports.page.fonts import SANS, SERIF, page_fonts
from yuyao_lib.reports.page.inert import runs
from yuyao_lib.reports.page.prose import markdown, mathml

META = PageMeta(report="r", notebook="n", run_at="2026-01-02T03:04:05Z", key="abc")


def book(*cells):
    made = nbformat.v4.new_notebook()
    made.cells = [nbformat.v4.new_markdown_cell("# T\n\n## The finding\n\ntext"), *cells]
    return made


def code(*outputs):
    cell = nbformat.v4.new_code_cell("x = 1")
    cell.outputs = [nbformat.v4.new_output(**o) for o in outputs]
    return cell


def test_nbconvert_by_hand(tmp_path) -> None:
    source = tmp_path / "scorecard.ipynb"
    papermill.execute_notebook(
        str(NOTEBOOKS / "scorecard.ipynb"), str(source), engine_name="yuyao", progress_bar=False
    )
    jupyter = str(Path(sys.executable).with_name("jupyter"))
    subprocess.run(
        [jupyter, "nbconvert", "--to", "yuyao", "--PageExporter.language=zh", str(source)],
        check=True, capture_output=True, cwd=tmp_path,
    )  # fmt: skip
    page = (tmp_path / "scorecard.html").read_text(encoding="utf-8")
    assert '<html lang="zh">' in page
    assert "主要发现" in page
    assert 'http-equiv="Content-Security-Policy" content="default-src \'none\'' in page


def test_every_output_appears_as_text_and_none_as_markup() -> None:
    evil = "<script>alert(1)</script>"
    page = render_page(
        book(
            code(
                {"output_type": "stream", "name": "stdout", "text": evil + "\x1b[31mred\x1b[0m"},
                {"output_type": "stream", "name": "stderr", "text": "a warning"},
                {
                    "output_type": "execute_result",
                    "data": {"text/html": evil, "text/plain": "a & b"},
                    "execution_count": 1,
                },
                {"output_type": "display_data", "data": {"application/javascript": evil}},
            )
        ),
        language="en",
        meta=META,
    )
    assert evil not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;red" in page
    assert "a &amp; b" in page
    assert "a warning" not in page


@pytest.mark.parametrize(
    ("html", "run"),
    [
        ("<p>a</p><script>x()</script>", True),
        ("<p ONCLICK = x()>a</p>", True),
        ("<svg/onload=x()>", True),
        ('<a href=" java\nscript:x()">a</a>', True),
        ("<a href='data:text/html,<b>'>a</a>", True),
        ("<iframe srcdoc='a'></iframe>", True),
        ("<form action=x><input></form>", True),
        ('<img alt="a onerror=1 <script>" src="data:image/png;base64,AA==">', False),
        ("<p>javascript:x() &lt;script&gt; once = 1</p>", False),
        ('<a href="#t">t</a><a href="data:text/csv;base64,AA">t</a>', False),
        ('<svg><path d="M0 0"/></svg><a href="https://doi.org/10">t</a>', False),
    ],
)
def test_markup_that_would_run_is_told_from_words_about_it(html, run) -> None:
    assert runs(html) is run


def test_what_pretends_to_be_of_our_display_is_text_where_it_would_run() -> None:
    book = nbformat.v4.new_notebook()
    forged = "<p onclick=x()>forged</p>"
    held = {"kind": "table", "mode": None, "html": {"en": forged, "zh": forged}}
    data = {"application/vnd.yuyao.display+json": held}
    cell = nbformat.v4.new_code_cell("x", outputs=[nbformat.v4.new_output("display_data", data)])
    book.cells = [nbformat.v4.new_markdown_cell("# T\n\n## The finding"), cell]
    page = render_page(book, language="en", meta=PageMeta(report="r", notebook="n"))
    assert "&lt;p onclick=x()&gt;forged" in page
    assert "<p onclick" not in page


def test_warnings_are_for_the_log() -> None:
    held = book(code({"output_type": "stream", "name": "stderr", "text": "mind this\n"}))
    assert page_warnings(held) == ["mind this"]


def test_an_error_is_no_page() -> None:
    failed = {"output_type": "error", "ename": "ValueError", "evalue": "secret", "traceback": []}
    with pytest.raises(RenderError, match=r"a cell failed \(ValueError\)"):
        render_page(book(code(failed)), language="en", meta=META)


def test_a_language_shows_its_own_prose_and_what_has_none() -> None:
    cells = [nbformat.v4.new_markdown_cell(t) for t in ("english words", "中文文字", "both")]
    cells[0].metadata["tags"], cells[1].metadata["tags"] = ["en"], ["zh"]
    page = render_page(book(*cells), language="zh", meta=META)
    assert "中文文字" in page
    assert "both" in page
    assert "english words" not in page


@pytest.mark.parametrize(
    "formula",
    [
        r"\log w_{it} = \beta\, u_{it} + x_{it}'\gamma",
        r"\begin{aligned} a &= b \\ c &= d \end{aligned}",
        r"\operatorname*{arg\,min}_{\beta} \sum_i (y_i - x_i'\beta)^2",
        r"\widehat{\mathrm{ATT}}(g,t) = \mathbb{E}[Y_t - Y_{g-1} \mid G = g]",
        r"\hat{\boldsymbol{\beta}} = (X'X)^{-1}X'y",
    ],
)
def test_formulas_become_mathml(formula) -> None:
    made = mathml(formula, block=True)
    assert made.startswith('<math display="block" tabindex="0">')
    assert "\\" not in made


def test_a_formula_that_cannot_be_read_is_named() -> None:
    with pytest.raises(RenderError, match="a formula cannot be rendered.*foo"):
        markdown(r"$\foo{a}$")


def test_markup_in_prose_is_text_and_dollars_in_code_stay() -> None:
    html, headings = markdown(
        "## A & <b>B</b>\n\n`$x$` costs <img src=x onerror=y> US$5", prefix="p"
    )
    assert "<img" not in html
    assert "<code>$x$</code>" in html
    assert headings == [(2, "p", "A &amp; &lt;b&gt;B&lt;/b&gt;")]


def test_a_character_without_a_glyph_stops_the_page() -> None:
    assert page_fonts("工会", "zh").count("@font-face") == 2
    with pytest.raises(RenderError, match="no glyph for"):
        page_fonts("\u9fff", "en")


def shown(mode: str, *, found: str = "") -> dict:
    """Lay out an output of one mode, with a finding of a mode where asked for."""
    from yuyao_lib.findings import FINDING_MIME, Design, Estimate, Finding, Mode, Origin

    held = {"kind": "sentence", "mode": mode, "html": {"en": mode, "zh": mode}, "csv": None}
    data = {"application/vnd.yuyao.display+json": held, "text/plain": mode}
    if found:
        estimate = Estimate(
            key="k", term="share", method="count", unit="percent", design=Design.DESCRIPTION,
            estimate=1.0,
        )  # fmt: skip
        one = Finding(id="t.k", estimate=estimate, origin=Origin(Mode(found), "d"), headline=True)
        data[FINDING_MIME] = {"findings": [one.to_dict()]}
    return {"output_type": "execute_result", "execution_count": 1, "data": data}


def test_real_data_beside_simulated_findings_are_stamped() -> None:
    cells = code(shown("record")), code(shown("simulated", found="simulated"))
    page = render_page(book(*cells), language="en", meta=META)
    assert '<p class="stamp">Printed figures of a published record</p>' in page
    assert page.count('<p class="stamp">') == 1
    assert 'class="simulated"' in page


@pytest.mark.parametrize(
    "cells",
    [
        [shown("simulated"), shown("record", found="record")],
        [shown("public"), shown("record")],
        [shown("public", found="public"), shown("record", found="record")],
    ],
)
def test_simulated_data_never_stand_on_a_real_page(cells) -> None:
    with pytest.raises(RenderError, match="cannot show data of two modes"):
        render_page(book(*map(code, cells)), language="en", meta=META)


def width(rules: str, family: str, char: str) -> int:
    data = rules.split(f'"{family}"')[1].split("base64,")[1].split('"')[0]
    font = TTFont(io.BytesIO(base64.b64decode(data)))
    return font["hmtx"][font.getBestCmap()[ord(char)]][0]


def test_quotation_marks_are_as_wide_as_their_language_sets_them() -> None:
    english, chinese = page_fonts("<p>“a” ≤ 1</p>", "en"), page_fonts("<p>“工” ≤ 1</p>", "zh")
    assert width(english, SANS, "“") < 500
    assert width(english, SERIF, "’") < 500
    assert width(chinese, SANS, "“") == 1000
    assert width(english, SANS, "≤") < 900  # no narrow form of its own: cut as it is drawn
