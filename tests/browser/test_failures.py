"""The index after a failure, the page of the failure, and a finding's own past."""

import pytest
from small_ledger import small_ledger

from yuyao_lib.reports.failures import Failure, write_error_pages
from yuyao_lib.reports.index import write_index
from yuyao_lib.reports.outcomes import NotMade
from yuyao_lib.vocabulary import Text

pytestmark = pytest.mark.browser
UNWORDED = "bargaining_disputes__cluster_e3b0c4__dataset_own__draws_99"  # of given values


@pytest.fixture
def after_a_failure(tmp_path):
    ledger = small_ledger(tmp_path)
    folder = ledger.runs / "20260101T020000" / "r"
    folder.mkdir(parents=True)
    failure = Failure(
        report="r", title=Text(UNWORDED, UNWORDED), kind="failed", executed=folder / "r.ipynb",
        sentence="cell 2 failed: DataError: no column wagee.", trace="at " + "x" * 300,
    )  # fmt: skip
    write_error_pages(folder, failure)
    place = f"../runs/{folder.parent.name}/r"
    write_index(ledger, [NotMade("r", failure.title, failure.sentence, place)])
    return ledger


def test_a_failure_can_be_filtered_for_and_followed(visit, after_a_failure) -> None:
    page = visit(after_a_failure.published / "index.html", width=390, scheme="dark")
    page.locator("#s-held").check(force=True)
    assert not page.locator(".failed").is_visible()
    page.locator("#s-failed").check(force=True)
    assert page.locator(".failed").is_visible()
    check(page, 390)
    assert page.locator(".leads > li:visible").count() == 1
    page.locator(".failed a").click()
    assert page.locator("h1").inner_text() == "This report was not made"
    page.locator("summary").click()
    check(page, 390)
    page.locator("nav a[lang=zh]").click()
    assert page.locator("h1").inner_text() == "此报告未能生成"
    check(page, 390)


def test_a_finding_stands_alone_at_its_own_address(visit, after_a_failure) -> None:
    page = visit(after_a_failure.published / "index.html", width=768)
    page.locator("section th a").first.click()
    assert page.url.endswith("history/r.en.html#union_premium.k")
    assert page.locator("section:visible").count() == 1
    assert page.locator("svg.past").is_visible()
    check(page, 768)
    page.get_by_text("Every finding of this report").click()
    assert page.get_by_text("This finding alone").is_visible()


def check(page, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    assert [n for n in page.noted if not n.startswith(("file:", "data:"))] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [v["id"] for v in Axe().run(page).response["violations"]] == []
