"""A ledger of two runs of one report, written without running anything."""

from pathlib import Path

from yuyao_lib.findings import Design, Estimate, Finding, Mode, Origin
from yuyao_lib.reports.history import write_findings
from yuyao_lib.reports.ledger import Ledger, Manifest


def finding(value: float) -> Finding:
    estimate = Estimate(
        key="k", term="union_wage_premium", method="ols", unit="log_points",
        design=Design.OBSERVATIONAL, estimate=value, low=value - 0.1, high=value + 0.1, n=50,
    )  # fmt: skip
    return Finding(
        id="union_premium.k", estimate=estimate, origin=Origin(Mode.PUBLIC, "d"), headline=True
    )


def small_ledger(place: Path) -> Ledger:
    made = Ledger(place / "outputs")
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
