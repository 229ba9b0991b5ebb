"""Every simulated page, figure, table and file says so, and no sentence on it claims an effect."""

import re
from html import unescape
from pathlib import Path

import pytest

import yuyao_lib as yuyao
from yuyao_lib.display import charts
from yuyao_lib.vocabulary import LANGUAGES, Text

pytestmark = pytest.mark.reports
BANNER = {"en": "SIMULATED DATA, NOT A FINDING", "zh": "模拟数据，非真实发现"}
OPENING = {"en": "In simulated data, with effects set by us", "zh": "在效应由我们设定的模拟数据中"}
MARK = "SIMULATED · 模拟数据"
WHAT = {
    "en": r"(pay|wages?|promotions?|turnover|disputes?|settlements?|members(hip)?|placements?)",
    "zh": r"(工资|收入|晋级|离职|争议|和解|会员|就业|脱困)",
}
CLAIM = {
    "en": re.compile(
        r"\b(raise[sd]|increase[sd]|cause[sd]|led to|leads to|boost(s|ed)|improve[sd]|reduce[sd]|"
        r"lower(s|ed)|thanks to)\b[^.?;:]{0,40}\b" + WHAT["en"] + r"\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"(提高|提升|增加|降低|改善|减少|促进)了[^，。；？：]{0,12}" + WHAT["zh"]),
}
SAMPLES = {
    "en": ["Contracts raised pay by 2%.", "A course led to higher wages."],
    "zh": ["合同提高了工资。", "标准只提高了和解的可能。"],
}
BLOCK = re.compile(
    r'<div class="shown is-(?:table|chart|finding)[^"]*".*?(?=<div class="shown |</section>)', re.S
)
BEGINS = r"<(?:p|li|caption|figcaption|td|h[1-4])\b"
PIECE = re.compile(rf"{BEGINS}.*?(?={BEGINS}|$)", re.S)


def pages(outputs: Path) -> list[tuple[str, str, str]]:
    """Return name, language and text of every simulated page."""
    found = []
    for path in sorted((outputs / "published").glob("*_SIMULATED.*.html")):
        language = path.name.split(".")[-2]
        found.append((path.name, language, path.read_text(encoding="utf-8")))
    return found


def words(html: str) -> str:
    """Return what is read of a piece of a page, descriptions of pictures included."""
    told = " ".join(re.findall(r'alt="([^"]*)"', html))
    plain = re.sub(r"<[^>]*>", " ", re.sub(r"<(pre|style|script)\b.*?</\1>", " ", html, flags=re.S))
    return re.sub(r"\s+", " ", unescape(f"{plain} {told}"))


def test_every_simulated_page_says_so_in_name_banner_and_finding(outputs) -> None:
    held = pages(outputs)
    assert len(held) >= 18, "nine simulated reports in two languages"
    for name, language, html in held:
        assert '<body class="simulated' in html, name
        assert BANNER[language] in words(html), name
        assert OPENING[language] in words(html), name
    real = {p.name for p in (outputs / "published").glob("*.html")} - {n for n, *_ in held}
    for name in real - {"index.html", "index.zh.html"}:
        html = (outputs / "published" / name).read_text(encoding="utf-8")
        assert '<body class="simulated' not in html, f"{name} is simulated and not named so"
    past = {
        p.name: p.read_text(encoding="utf-8") for p in (outputs / "published/history").iterdir()
    }
    assert {n for n, html in past.items() if "SIMULATED DATA" in html} == {n for n, *_ in held}


def test_every_simulated_figure_table_and_download_says_so(outputs) -> None:
    counted = {"figure": 0, "table": 0, "download": 0}
    for name, language, html in pages(outputs):
        for block in BLOCK.findall(html):
            if 'class="stamp"' in block:  # real data beside it, under their own mark
                continue
            for figure in re.findall(r"<figure.*?</figure>", block, re.S):
                counted["figure"] += 1
                assert BANNER[language] in words(figure), (name, words(figure)[:200])
            for caption in re.findall(r"<caption.*?</caption>", block, re.S):
                counted["table"] += 1
                assert MARK in words(caption), (name, words(caption))
            for file in re.findall(r'download="([^"]*)"', block):
                counted["download"] += 1
                assert re.search(r"_SIMULATED(_\d+)?\.csv$", file), (name, file)
    assert counted["figure"] > 80 and counted["table"] > 100 and counted["download"] > 100


def test_no_sentence_of_a_simulated_page_claims_an_effect(outputs) -> None:
    for language, samples in SAMPLES.items():
        assert all(CLAIM[language].search(s) for s in samples), "the search finds nothing at all"
    for name, language, html in pages(outputs):
        for piece in PIECE.findall(html):
            found = CLAIM[language].search(words(piece))
            assert found is None, (name, found and found.group(0), words(piece)[:200])


def test_the_mark_stands_in_the_picture_itself(monkeypatch) -> None:
    seen: list[str] = []

    def picture(figure, *, alt: str) -> str:
        from matplotlib.text import Text as Label

        seen.extend(label.get_text() for label in figure.findobj(Label))
        return "<img>"

    monkeypatch.setattr(charts, "picture", picture)
    figure, height = charts.forest(
        [charts.Range(Text("a", "甲"), 0.1, 0.0, 0.2)], axis=Text("x", "x")
    )
    for source, marks in (("simulated", len(LANGUAGES)), ("record", 0)):
        seen.clear()
        given = {"scale": 0.02} if source == "simulated" else {}
        data = yuyao.open(source, **given)
        charts.chart(figure, data, title=Text("t", "题"), alt=Text("a", "图"), height=height)
        assert seen.count(MARK) == marks
