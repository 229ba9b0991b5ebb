"""The record: totals, ratios, and what must not be divided."""

import csv
import math
import shutil
from pathlib import Path

import pytest

import yuyao_lib as yuyao
from yuyao_lib.errors import DataError, RatioError
from yuyao_lib.findings import Mode
from yuyao_lib.paths import DATA
from yuyao_lib.sources.record import read_record
from yuyao_lib.vocabulary import term

EXPECTED = Path(__file__).parents[1] / "truth" / "ratios.csv"


@pytest.fixture(scope="module")
def record():
    return read_record()


def rows() -> list[dict]:
    with EXPECTED.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_it_is_whole(record) -> None:
    assert (len(record.measures), len(record.rules), len(record.systems)) == (58, 40, 27)
    assert yuyao.open("record").mode is Mode.RECORD
    assert all(check.holds for check in record.checks)
    assert "205 + 148 + 204 = 557" in record.checks[0].what.en


@pytest.mark.parametrize("expected", rows(), ids=lambda row: row["id"])
def test_every_ratio_is_computed_as_by_hand(record, expected) -> None:
    found = record.ratio(expected["id"], override=True)
    pairs = [(found.interval.low, expected["low"]), (found.interval.high, expected["high"])]
    if expected["value"]:
        pairs.append((found.value, expected["value"]))
    else:
        assert found.value is None
    for got, text in pairs:
        assert math.isclose(got, float(text), rel_tol=5.1e-6)
    verdict = expected["verdict"].replace("ok_with_warning", "conditional")
    assert found.rule.verdict == verdict


def test_an_invalid_ratio_needs_an_override(record) -> None:
    with pytest.raises(RatioError, match=r"legal_aid_per_dispute is not a valid ratio: not nested"):
        record.ratio("legal_aid_per_dispute")
    assert record.ratio("legal_aid_per_dispute", override=True).value == pytest.approx(39.8148)


def test_no_point_ratio_from_a_qualified_figure(record) -> None:
    for key, rule in record.rules.items():
        found = record.ratio(key, override=True)
        words = rule.formula
        qualified = [m for m in record.measures.values() if m.id in words.split("*")[0]]
        if any(m.qualifier != "exact" and m.id in words for m in qualified):
            assert found.value is None


def test_persons_and_person_times_are_not_divided_silently(record) -> None:
    with pytest.raises(RatioError, match="count the same person as often as he or she came"):
        record.divide("honoured_industrial_workers", "culture_beneficiary_person_times")
    with pytest.raises(RatioError, match="nobody has declared what persons per sites means"):
        record.divide("members", "mother_rooms")
    assert record.divide("members", "mother_rooms", override=True).value == pytest.approx(1820)
    assert record.divide("members", "union_orgs").rule.verdict == "ok"


def test_unknown_names_are_named_with_the_nearest(record) -> None:
    with pytest.raises(DataError, match="Did you mean 'members'"):
        record.measure("member")
    with pytest.raises(DataError, match="Did you mean 'star_share'"):
        record.ratio("star_shares")


@pytest.fixture
def copied(tmp_path):
    folder = tmp_path / "second"
    shutil.copytree(DATA / "record", folder)
    return folder


def rewrite(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_total_that_disagrees_with_its_parts_stops_everything(copied) -> None:
    rewrite(copied, "measures.csv", "星级工会,557,557", "星级工会,558,558")
    rewrite(copied, "measures.csv", "exact,557,557", "exact,558,558")
    with pytest.raises(DataError, match=r"printed totals disagree.*205 \+ 148 \+ 204 = 558"):
        read_record(copied)


def test_an_interval_that_print_does_not_allow_is_refused(copied) -> None:
    rewrite(copied, "measures.csv", "exact,23650,23750", "exact,23690,23710")
    with pytest.raises(DataError, match=r"2\.37万 reads as 23700 in \[23650, 23750\]"):
        read_record(copied)


def test_a_missing_file_is_named(copied) -> None:
    (copied / "systems.csv").unlink()
    with pytest.raises(DataError, match=r"no systems\.csv in the record"):
        read_record(copied)


def test_every_word_of_the_record_is_in_the_vocabulary(record) -> None:
    for measure in record.measures.values():
        for key in (measure.unit, measure.area, measure.period, measure.kind):
            assert term(key)
    for rule in record.rules.values():
        assert term(rule.unit)


def test_every_figure_belongs_to_one_system(record) -> None:
    named = [m for s in record.systems.values() for m in s.measures]
    assert sorted(named) == sorted(record.measures)


def test_no_private_person_or_sentence_is_kept() -> None:
    text = "".join(p.read_text(encoding="utf-8") for p in (DATA / "record").glob("*.csv"))
    assert "。" not in text
    assert "anecdote" not in text
