"""Every planned report runs, tells the truth, and runs under plain papermill too."""

import json
from pathlib import Path

import nbformat
import papermill
import pytest

from yuyao_lib.findings import Finding, Mode
from yuyao_lib.paths import NOTEBOOKS, ROOT
from yuyao_lib.reports.ledger import Ledger
from yuyao_lib.reports.page.assembly import findings_in
from yuyao_lib.reports.past import names_of
from yuyao_lib.reports.plan import read_plan
from yuyao_lib.vocabulary import LANGUAGES

pytestmark = pytest.mark.reports
REPORTS = {report.id: report for report in read_plan(NOTEBOOKS / "reports.yaml")}


def findings(outputs: Path, report: str) -> dict[str, Finding]:
    path = outputs / "published" / "manifests" / f"{report}.json"
    held = json.loads(path.read_text(encoding="utf-8"))["findings"]
    return {f["id"]: Finding.from_dict(f) for f in held}


@pytest.mark.parametrize("report", REPORTS)
def test_each_report_has_both_pages_and_a_headline(outputs, report) -> None:
    held = json.loads((outputs / "published" / "manifests" / f"{report}.json").read_text("utf-8"))
    for language, name in held["pages"].items():
        page = (outputs / "published" / name).read_text(encoding="utf-8")
        assert f'<html lang="{language}">' in page
        assert len(page.encode()) < 600_000
    found = findings(outputs, report)
    assert sum(f.headline for f in found.values()) == 1
    assert len({f.origin.mode for f in found.values()}) == 1


def test_findings_of_one_name_are_told_apart_in_words(outputs) -> None:
    for manifest in Ledger(outputs).all_manifests():
        found = manifest.found()
        for language in LANGUAGES:
            names = names_of(found, language)
            called = [(names[f.id], f.estimate.method) for f in found]
            assert len(set(called)) == len(called), manifest.report
        keys = [f.id.partition(".")[2].replace("_", " ") for f in found]
        apart = [names[f.id][1] for f in found]  # in Chinese
        assert not [a for a, key in zip(apart, keys, strict=True) if a == key and a.isascii()]


def test_no_warning_reaches_a_log(outputs) -> None:
    (log,) = (outputs / "runs").glob("*/run.log")
    assert log.read_text(encoding="utf-8") == ""


def test_the_union_premium_page_tells_the_published_fall(outputs) -> None:
    found = findings(outputs, "union_premium_wagepan")
    expected = {
        "pooled_ols": 0.1825, "random_effects": 0.1061, "fixed_effects": 0.0800,
        "first_differences": 0.0428, "between": 0.2587,
    }  # fmt: skip
    for key, value in expected.items():
        estimate = found[f"union_premium.{key}"].estimate
        assert estimate.estimate == pytest.approx(value, abs=5e-5)
    page = (outputs / "published" / "union_premium_wagepan.en.html").read_text(encoding="utf-8")
    assert "of the pooled gap is who joins, not what joining pays" in page
    assert "classical" in page


def test_the_readme_quotes_what_the_page_says(outputs) -> None:
    found = findings(outputs, "union_premium_wagepan")
    fixed = found["union_premium.fixed_effects"].estimate
    pooled = found["union_premium.pooled_ols"].estimate
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    quoted = f"**{fixed.estimate:.3f} (95% interval {fixed.low:.3f}\n> to {fixed.high:.3f})**"
    assert quoted in readme
    assert f"{pooled.estimate:.3f}\n> log points more" in readme


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda p: p.stem)
def test_plain_papermill_and_a_kernel_give_the_same_findings(
    plan, outputs, path, tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("YUYAO_ROOT", str(plan))  # the same simulated people
    out = tmp_path / "out.ipynb"
    planned = read_plan(plan / "notebooks" / "reports.yaml")
    report = next(r for r in planned if r.notebook.stem == path.stem)
    values = dict(report.values)
    papermill.execute_notebook(str(path), str(out), parameters=values, progress_bar=False)
    here = {f.id: f.to_dict() for f in findings_in(nbformat.read(out, as_version=4))}
    assert here == {key: f.to_dict() for key, f in findings(outputs, report.id).items()}


def test_a_parameter_reaches_the_finding(tmp_path) -> None:
    out = tmp_path / "out.ipynb"
    papermill.execute_notebook(
        str(NOTEBOOKS / "union_premium.ipynb"), str(out),
        parameters={"errors": "classical", "level": 0.9}, engine_name="yuyao",
        progress_bar=False,
    )  # fmt: skip
    found = {f.id: f.estimate for f in findings_in(nbformat.read(out, as_version=4))}
    fixed = found["union_premium.fixed_effects"]
    assert fixed.standard_error == pytest.approx(0.0193, abs=5e-5)
    assert fixed.level == 0.9


def test_index_and_tables_list_every_finding(outputs) -> None:
    import pandas as pd

    folder = outputs / "published"
    table = pd.read_parquet(folder / "findings.parquet")
    lines = pd.read_csv(folder / "findings.csv", encoding="utf-8")
    every = [key for report in REPORTS for key in findings(outputs, report)]
    assert len(table) == len(lines) == len(every)
    assert table["id"].tolist() == lines["id"].tolist()
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert "95% interval 0.035 to 0.125" in index
    assert "545 persons, 4,360 person-years" in index
    for report, planned in REPORTS.items():
        marked = {f.origin.mode for f in findings(outputs, report).values()} == {Mode.SIMULATED}
        assert f'href="{report}{"_SIMULATED" * marked}.en.html"' in index
        assert planned.title.en.split(":")[0] in index
