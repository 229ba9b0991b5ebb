"""The scorecard: every system has a place, every ratio a verdict."""

import shutil

import pytest

from yuyao_lib.methods import scorecard
from yuyao_lib.paths import DATA
from yuyao_lib.sources.record import read_record

PAGES = {
    "scorecard", "union_premium", "training_returns", "wage_structure", "bargaining_disputes",
    "staggered_policy", "grade_wage_contract", "skill_ladder", "skill_returns",
    "union_organisation", "services_relief",
}  # fmt: skip


@pytest.fixture(scope="module")
def record():
    return read_record()


def test_no_system_is_without_a_place(record) -> None:
    found = scorecard.systems(record).items
    assert [s.id for s in found] == [f"s{n:02d}" for n in range(1, 28)]
    for system in found:
        assert system.pages
        assert set(system.pages) <= PAGES
        assert system.grade in {"A", "B", "C"}


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
    assert scorecard.compare(record, "").undefined.en == "no second record was given"
