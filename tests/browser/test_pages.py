"""Pages as a reader opens them: offline, on any screen, by keyboard, on paper."""

import base64
import csv
import io
import re
from urllib.parse import unquote

import pytest

from yuyao_lib.paths import NOTEBOOKS
from yuyao_lib.reports.plan import read_plan

pytestmark = pytest.mark.browser
PLAN = read_plan(NOTEBOOKS / "reports.yaml")
REPORTS = [report.id for report in PLAN]
PAGES = [f"{r}.{lang}.html" for r in REPORTS for lang in ("en", "zh")]
INDEXES = ["index.html", "index.zh.html"]
PASTS = [  # the second: simulated, with findings of one name told apart by what they are of
    f"history/{report}.{lang}.html"
    for report in ("union_premium_wagepan", "skill_returns_SIMULATED")
    for lang in ("en", "zh")
]
MONEY = {"published_results": ("$1000s",)}  # as a source prints it
WHOLE = {"published_results", "union_organisation"}  # led by a count of all there are
TABLES = {"estimator_check": 2}  # fewest on a page, three elsewhere
FIGURES = {
    "scorecard": 1,
    "union_premium_wagepan": 5,
    "union_premium_cps": 5,
    "wage_structure": 6,
    "bargaining_disputes": 3,
    "staggered_policy": 4,
    "staggered_policy_minimum_wage": 4,
    "training_returns": 5,
    "union_organisation": 8,
    "published_results": 2,
    "services_relief": 6,
    "dispute_mediation": 5,
    "skill_ladder": 5,
    "skill_returns": 8,
    "wage_components": 3,
    "grade_wage_contract": 10,
    "estimator_check": 5,
    "grade_wage_contract_trend": 10,
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_as_its_readers_see_it(opened, name) -> None:
    page = opened(name)  # opened once, because that and drawing it is most of the time
    assert page.noted == []
    says_at_the_top_what_it_is(page, name.split(".")[0])
    has_its_figures_and_formulas(page, name.split(".")[0])
    every_chinese_character_has_a_glyph(page)
    nothing_runs_over_the_edge(page)
    fits_on_paper(page)
    no_accessibility_violation_of_any_kind(page)
    if name.endswith(".en.html"):
        a_download_equals_its_table(page, name.split(".")[0])
    assert page.noted == []


@pytest.mark.parametrize("name", INDEXES + PASTS)
def test_an_index_as_its_readers_see_it(opened, name) -> None:
    page = opened(name)
    nothing_runs_over_the_edge(page)
    no_accessibility_violation_of_any_kind(page)
    assert page.noted == []


def says_at_the_top_what_it_is(page, report: str) -> None:
    zh = page.locator("html").get_attribute("lang") == "zh"
    title = next(r.title for r in PLAN if r.id == report)
    assert page.locator(".kicker").inner_text() == title.of("zh" if zh else "en")
    top = page.locator("header.top").inner_text()
    for words in ("问题。", "读者。", "数据期间") if zh else ("Question.", "Reader.", "Data from"):
        assert words in top
    assert page.locator(".facts .mode").count() == page.locator(".facts time").count() == 1
    assert page.locator("nav.way a[hreflang]").count() == 1
    lead = page.locator(".lead").inner_text()
    assert re.search(r"\d", lead)
    assert (re.search("interval|printing allows|区间|印刷允许", lead) is None) == (report in WHOLE)
    assert page.locator(".finding .caveat strong").count() == 1
    assert (page.locator("aside.banner").count() == 1) == page.url.endswith(
        f"_SIMULATED.{'zh' if zh else 'en'}.html"
    )


def has_its_figures_and_formulas(page, report: str) -> None:
    figures = page.locator("figure img")
    assert figures.count() == FIGURES[report]
    for image in figures.all():
        assert image.evaluate("e => e.complete && e.naturalWidth > 100")
        says_what_each_number_is(image.get_attribute("alt"))
    captions = page.locator("caption").all_inner_texts()
    assert len(set(captions)) == len(captions), "two tables cannot be told apart"
    saved = page.locator("a[download]").evaluate_all("links => links.map(a => a.download)")
    assert len(set(saved)) == len(saved), "two files to save have one name"
    assert page.locator("math").count() >= 1
    words = page.locator("main").inner_text()
    for money in ("US$", *MONEY.get(report, ())):
        words = words.replace(money, "")
    assert "$" not in words
    assert page.locator("h1").count() == 1
    assert page.locator(".lead").count() == 1
    assert page.locator("script").count() == 0


def says_what_each_number_is(alt: str) -> None:
    assert len(alt) > 40
    parts = re.split(r"(?<=[.;]) |[。；]", alt)
    told = [re.match(r"(.+?)[:：] ?[−\d]", part) for part in parts]
    names = [m[1] for m in told if m]
    assert len(set(names)) == len(names), alt
    assert not re.search(r"[\u4e00-\u9fff][^A-Za-z]{0,12}[;:] ", alt), "English marks in Chinese"


def nothing_runs_over_the_edge(page) -> None:
    for width in (390, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
    cut = "t => t.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.ariaLabel)"
    assert page.locator(".table").evaluate_all(cut) == [], "cut at the edge of a wide window"


def fits_on_paper(page) -> None:
    """On A4 less its margins nothing is wider than the sheet, and no figure is longer."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 672, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 672
    wide = "t => t.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.ariaLabel)"
    assert page.locator(".table").evaluate_all(wide) == []
    heights = page.locator("figure").evaluate_all("f => f.map(e => e.offsetHeight)")
    assert max(heights) < 980
    page.emulate_media(media="screen")


def no_accessibility_violation_of_any_kind(page) -> None:
    from axe_playwright_python.sync_playwright import Axe

    # one language as on a phone, the other as on a wide screen: the two are laid out alike
    english = page.locator("html").get_attribute("lang") == "en"
    page.set_viewport_size({"width": 390 if english else 1280, "height": 900})
    # dark changes colours alone
    for scheme, rules in (("light", {}), ("dark", {"runOnly": ["cat.color"]})):
        page.emulate_media(color_scheme=scheme)
        found = (
            Axe().run(page, options={"resultTypes": ["violations"], **rules}).response["violations"]
        )
        seen = [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found]
        assert seen == [], scheme


def every_chinese_character_has_a_glyph(page) -> None:
    face = "[...document.fonts].map(f => f.family + ' ' + f.status)"
    if re.search(r"[\u4e00-\u9fff]", page.locator("body").inner_text()):
        assert any("Yuyao Sans" in f and "loaded" in f for f in page.evaluate(face))


def a_download_equals_its_table(page, report: str) -> None:
    shown = page.locator(".shown:has(table)")
    assert shown.count() >= TABLES.get(report, 3)
    for block in shown.all():
        href = block.locator("a[download]").get_attribute("href")
        text = base64.b64decode(unquote(href).split(",", 1)[1]).decode("utf-8-sig")
        held = list(csv.reader(io.StringIO(text)))
        seen = block.locator("tr:not(.group)").evaluate_all(
            "rows => rows.map(r => [...r.cells].map(c => c.textContent))"
        )
        plain = [[plainly(cell) for cell in row] for row in seen]
        assert [[plainly(cell) for cell in row] for row in held] == plain


def plainly(cell: str) -> str:
    text = cell.replace("\N{MINUS SIGN}", "-").lstrip("'")
    return text.replace(",", "") if re.fullmatch(r"[-\d.,]+", text) else text


def test_the_languages_link_to_each_other_and_to_the_index(opened) -> None:
    page = opened("union_premium_wagepan.en.html")
    page.click("nav.way a[hreflang=zh]")
    assert page.locator("html").get_attribute("lang") == "zh"
    page.click("nav.way a >> nth=0")
    assert page.locator("h1").inner_text() == "发现"
    page.click(".leads a >> nth=0")
    assert page.locator("h1").count() == 1


def test_a_keyboard_reaches_the_finding_and_every_fold(opened) -> None:
    page = opened("union_premium_wagepan.en.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#finding")
    fold = page.locator("details.code").first
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    assert fold.evaluate("e => e.open")


def test_paper_shows_no_code_and_cuts_no_figure(opened, tmp_path) -> None:
    page = opened("union_premium_wagepan.en.html")
    page.emulate_media(media="print")
    assert not page.locator("details.code").first.is_visible()
    assert page.locator("figure").first.evaluate("e => getComputedStyle(e).breakInside") == "avoid"
    assert len(page.pdf(format="A4")) > 20_000


def test_a_page_paints_within_a_second(opened) -> None:
    page = opened("scorecard.zh.html")
    timing = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
    assert page.evaluate(timing) < 1000


def test_the_index_filters_by_topic_and_status_without_a_script(opened) -> None:
    page = opened("index.html")
    seen = page.locator(".leads > li:visible")
    every = seen.count()
    page.locator("#t-union_premium").check(force=True)
    assert 1 <= seen.count() < every
    assert not page.locator(".empty").is_visible()
    page.locator("#s-changed").check(force=True)
    assert seen.count() == 0
    assert page.locator(".empty").is_visible()
    page.locator("#s-failed").check(force=True)
    assert page.locator(".empty").is_visible()  # every report was made
    assert page.locator("script").count() == 0
