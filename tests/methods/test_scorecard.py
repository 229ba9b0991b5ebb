"""The scorecard: every system has a place, every ratio a verdict."""

import re
import shutil

import pytest

import yuyao_lib as yuyao
from yuyao_lib import display
from yuyao_lib.methods import scorecard
from yuyao_lib.paths import DATA, NOTEBOOKS
from yuyao_lib.sources.record import read_record

PAGES = {
    "scorecard", "union_premium", "training_returns", "wage_structure", "bargaining_disputes",
    "staggered_policy", "grade_wage_contract", "skill_ladder", "skill_returns",
    "union_organisation", "services_relief", "dispute_mediation",
    "wage_components",
}  # fmt: skip
TO_COME: set[str] = set()


@pytest.fixture(scope="module")
def record():
    return read_record()


def test_no_system_is_without_a_place(record) -> None:
    found = scorecard.systems(record).items
    assert [s.id for s in found] == [f"s{n:02d}" for n in range(1, 28)]
    for system in found:
        assert system.pages[0] == "scorecard" and len(system.pages) >= 2
        assert set(system.pages) <= PAGES
        assert system.grade in {"A", "B", "C"}
        assert re.search("[\u4e00-\u9fff]", system.minimum_data.zh + system.threats.zh)


def test_the_pages_that_are_made_are_notebooks(record) -> None:
    made = {path.stem for path in NOTEBOOKS.glob("*.ipynb")}
    named = {page for s in scorecard.systems(record).items for page in s.pages}
    assert named - made <= TO_COME
    shown = display.tabulate(scorecard.systems(record), yuyao.open("record")).html.en
    assert {page for page in named if f"{page} (planned)" in shown} == named - made
    assert {"union_organisation", "services_relief"} <= named & made


def test_every_figure_belongs_to_one_system(record) -> None:
    held = [m.id for figures in scorecard.systems(record).figures.values() for m in figures]
    assert sorted(held) == sorted(record.measures)


def test_estimates_are_descriptions_with_printing_intervals(record) -> None:
    found = scorecard.ratios(record)
    by_key = {e.key: e for e in found.estimates}
    members = by_key["members_per_union"]
    assert (round(members.low, 3), round(members.high, 3)) == (151.82, 151.858)
    assert "not a confidence interval" in members.inference.en
    assert all(e.design.value == "description" for e in found.estimates)
    assert not {rule.id for rule in found.invalid} & set(by_key)
    assert "contests_per_1000_members" not in by_key
    assert "contests_per_1000_members" in found.intervals


def test_two_records_are_compared_by_what_print_allows(record, tmp_path) -> None:
    folder = tmp_path / "county_2018"
    shutil.copytree(DATA / "record", folder)
    path = folder / "measures.csv"
    text = path.read_text(encoding="utf-8")
    text = text.replace("40.04万,400400", "40.05万,400500").replace(
        "400350,400450", "400450,400550"
    )
    text = text.replace(",1512,1512,cases,exact,1512,1512", ",1600,1600,cases,exact,1600,1600")
    path.write_text(text, encoding="utf-8")
    found = {p.before.id: p for p in scorecard.compare(record, folder).pairs}
    assert found["disputes_mediated"].beyond_printing
    assert found["disputes_mediated"].difference.low == 88
    assert not found["members"].beyond_printing
    assert found["disputes_mediated"].percent.low == pytest.approx(100 * 88 / 1512)
    assert found["members"].percent.low == 0.0
    assert scorecard.compare(record, "").undefined.en == "no second record was given"


def test_two_records_are_shown_by_area_with_what_only_one_prints(record, tmp_path) -> None:
    folder = tmp_path / "county_2018"
    shutil.copytree(DATA / "record", folder)
    for name in ("measures.csv", "systems.csv", "ratios.csv"):
        path = folder / name
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(x for x in lines if "named_operating_methods" not in x), "utf-8")
    text = (folder / "measures.csv").read_text(encoding="utf-8")
    text = text.replace(",1512,1512,cases,exact,1512,1512", ",1600,1600,cases,exact,1600,1600")
    (folder / "measures.csv").write_text(text, encoding="utf-8")
    data = yuyao.open("record")
    found = scorecard.compare(record, folder)
    assert found.missing == ("named_operating_methods",)
    shown = display.tabulate(found, data)
    assert "Only in one record: " in shown.html.en and "rights protection" in shown.html.en
    chart = display.draw(found, data)
    assert chart.kind == "chart" and "1 of 57 figures differ" in chart.html.en + chart.plain.en
