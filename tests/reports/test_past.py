"""The past of findings: the line beside each, and the page of every run."""

import os
from dataclasses import replace

import pytest

from yuyao_lib.findings import Design, Estimate, Finding, Mode, Origin
from yuyao_lib.reports.history import write_findings
from yuyao_lib.reports.index import write_index
from yuyao_lib.reports.ledger import Ledger, Manifest
from yuyao_lib.reports.past import past_of, sparkline


def finding(value: float) -> Finding:
    estimate = Estimate(
        key="k", term="union_wage_premium", method="ols", unit="log_points",
        design=Design.OBSERVATIONAL, estimate=value, low=value - 0.1, high=value + 0.1, n=50,
    )  # fmt: skip
    return Finding(
        id="union_premium.k", estimate=estimate, origin=Origin(Mode.PUBLIC, "d"), headline=True
    )


@pytest.fixture
def ledger(tmp_path):
    made = Ledger(tmp_path / "outputs")
    for hour, value in enumerate((0.1, 0.3)):
        folder = made.runs / f"20260101T0{hour}0000"
        folder.mkdir(parents=True)
        write_findings(folder, {"r": [finding(value)]})
        made.write_run(folder, {})
    (made.runs / folder.name / "r.en.html").write_text("x", encoding="utf-8")
    manifest = Manifest(
        report="r", notebook="n", title={"en": "A report", "zh": "报告"}, run=folder.name,
        run_at="2026-01-01T01:00:00Z", seconds=1.0, run_inputs={}, page_inputs={}, run_key="",
        page_key="", files={}, pages={"en": "r.en.html", "zh": "r.zh.html"}, executed="x",
        findings=[finding(0.3).to_dict()],
        changes=[{"id": "union_premium.k", "status": "moved", "before": 0.1, "after": 0.3}],
    )  # fmt: skip
    made.publish(folder, manifest)
    return made


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
