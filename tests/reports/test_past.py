"""The past of findings: the line beside each, and the page of every run."""

import os
from dataclasses import replace

import pytest
from small_ledger import finding, small_ledger

from yuyao_lib.reports.index import write_index
from yuyao_lib.reports.outcomes import NotMade
from yuyao_lib.reports.past import names_of, past_of, sparkline
from yuyao_lib.reports.past_chart import past_chart
from yuyao_lib.vocabulary import Text


@pytest.fixture
def ledger(tmp_path):
    return small_ledger(tmp_path)


def test_the_past_is_every_run_that_is_kept_oldest_first(ledger) -> None:
    points = past_of(ledger)["r", "union_premium.k"]
    assert [when for when, _ in points] == ["2026-01-01 00:00", "2026-01-01 01:00"]
    assert [f.estimate.estimate for _, f in points] == [0.1, 0.3]


@pytest.mark.parametrize("text", ["", '{"r": [{"id": "of another version"}]}'])
def test_a_run_that_cannot_be_read_is_left_out(ledger, text) -> None:
    (ledger.runs / "20260101T000000" / "findings.json").write_text(text, encoding="utf-8")
    assert len(past_of(ledger)["r", "union_premium.k"]) == 1


def test_a_line_says_in_words_what_it_shows(ledger) -> None:
    points = past_of(ledger)["r", "union_premium.k"]
    line = sparkline(points, "en")
    assert 'aria-label="2 runs, from 0.100 log points to 0.300 log points"' in line
    assert line.count('class="reach"') == 2
    assert sparkline(points[:1], "en") == ""


def test_a_line_that_does_not_move_stands_in_the_middle() -> None:
    level = finding(0.2)
    flat = replace(level, estimate=replace(level.estimate, low=None, high=None))
    assert 'cy="11.5"' in sparkline([("a", flat), ("b", flat)], "en")


def test_the_index_leads_to_the_past_in_both_languages(ledger) -> None:
    index = write_index(ledger)
    assert 'href="history/r.en.html"' in index.read_text(encoding="utf-8")
    assert 'data-groups="changed"' in index.read_text(encoding="utf-8")
    for language, words in (("en", "0.100 log points"), ("zh", "0.100 对数点")):
        page = ledger.published / "history" / f"r.{language}.html"
        text = page.read_text(encoding="utf-8")
        assert words in text
        assert "default-src 'none'" in text


def test_a_past_is_written_again_only_when_its_report_was_made(ledger) -> None:
    write_index(ledger)
    page = ledger.published / "history" / "r.en.html"
    before = page.stat().st_mtime_ns
    write_index(ledger)
    assert page.stat().st_mtime_ns == before
    os.utime(ledger.manifests / "r.json", ns=(before * 2, before * 2))
    write_index(ledger)
    assert page.stat().st_mtime_ns > before


def test_a_finding_has_an_address_of_its_own_with_its_chart_and_what_moved(ledger) -> None:
    index = write_index(ledger).read_text(encoding="utf-8")
    assert 'href="history/r.en.html#union_premium.k"' in index
    page = (ledger.published / "history" / "r.zh.html").read_text(encoding="utf-8")
    assert '<section id="union_premium.k"' in page
    assert "section:target" in page  # shown alone where it is asked for
    assert 'aria-label="2 次运行，从 0.100 对数点 到 0.300 对数点"' in page
    english = (ledger.published / "history" / "r.en.html").read_text(encoding="utf-8")
    assert english.count("gained significance") == 1  # the first run has nothing before it


def test_a_chart_of_one_run_says_so_and_a_level_one_can_be_drawn() -> None:
    assert 'aria-label="One run so far: 0.200 log points"' in past_chart(
        [("a", finding(0.2))], "en"
    )
    level = finding(0.2)
    flat = replace(level, estimate=replace(level.estimate, low=None, high=None))
    assert past_chart([("a", flat), ("b", flat)], "en").count("<circle") == 3
    gone = replace(level.estimate, estimate=None, low=None, high=None, undefined=Text("no", "无"))
    assert past_chart([("a", replace(level, estimate=gone))], "en") == ""


def test_what_was_not_made_is_a_status_of_the_index(ledger) -> None:
    lost = NotMade("r", Text("A report", "报告"), "it took too long.", "../runs/x/r")
    page = write_index(ledger, [lost]).read_text(encoding="utf-8")
    assert 'id="s-failed"' in page
    assert 'data-groups="changed failed"' in page
    assert 'href="../runs/x/r/error.html"' in page
    assert "It took too long." in page and "the page before still stands" in page
    new = NotMade("never", Text("Never", "从未"), "it took too long.", "../runs/x/never")
    page = write_index(ledger, [new]).read_text(encoding="utf-8")
    assert "the page before still stands" not in page
    assert "s-failed:checked) .empty" not in page  # what failed is told under every topic


def test_findings_called_alike_are_told_apart_by_what_they_are_of() -> None:
    one = finding(0.2)
    said = replace(one, id="t.said", estimate=replace(one.estimate, estimand=Text("men", "男性")))
    alike = [replace(one, id="t.two_words"), said]
    assert names_of(alike, "en")["t.two_words"] == ("union wage premium", "two words")
    assert names_of(alike, "zh")["t.said"] == ("工会工资溢价", "男性")
    assert names_of([said], "en")["t.said"] == ("union wage premium", "")
