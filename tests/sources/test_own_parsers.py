"""Parsers of what people write: numbers, dates, grades, ids."""

import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuyao_lib.sources.own.grades import read_grade
from yuyao_lib.sources.own.identity import (
    CHECKS,
    CREDIT,
    WEIGHTS,
    is_credit_code,
    is_identity,
    normalised,
    pseudonym,
)
from yuyao_lib.sources.own.numerals import UNREADABLE, read_flag, read_number, unit_in_header
from yuyao_lib.sources.own.periods import EPOCH, Period, read_date, read_period

FULL = str.maketrans("0123456789,.-", "０１２３４５６７８９，．－")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3500", 3500), ("3,500", 3500), ("3500元", 3500), ("１２３４", 1234), ("¥3,500.50", 3500.5),
        ("2.37万", 23700), ("1.2万元", 12000), (" 12 ", 12), ("-5", -5), ("1e5", 1e5), (".5", 0.5),
        (7, 7), (7.25, 7.25), ("８，２５０．５元", 8250.5), ("30人", 30), ("1,234,567", 1234567),
    ],
)  # fmt: skip
def test_numbers_that_are_clear(text, number) -> None:
    assert read_number(text) == pytest.approx(number)


@pytest.mark.parametrize(
    "text",
    ["待定", "3,5", "1.234,5", "12,34", "3500-4000", "约3500", "--5", "1.2.3", ".", "元", "万", True,
     float("inf"), "=1+1", "0x10", "1_000", "３,５"],
)  # fmt: skip
def test_numbers_that_are_not(text) -> None:
    assert read_number(text) is UNREADABLE


def test_two_units_in_one_cell_are_refused() -> None:
    assert read_number("2.37万", factor=1e4) is UNREADABLE
    assert read_number("2.37", factor=1e4) == pytest.approx(23700)


@given(st.integers(-(10**12), 10**12))
def test_whole_numbers_survive_commas_and_full_width(n) -> None:
    assert read_number(f"{n:,}") == n
    assert read_number(f"{n:,}".translate(FULL)) == n
    assert read_number(f" {n} ") == n


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_decimals_survive(x) -> None:
    assert read_number(f"{x:.6f}") == pytest.approx(x, abs=1e-6)
    assert read_number(x) == x


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_unreadable(text) -> None:
    found = read_number(text)
    assert found is UNREADABLE or math.isfinite(found)


def test_units_in_headers_and_flags() -> None:
    assert unit_in_header("营业收入（万元）") == "万元"
    assert unit_in_header("工资(元/月)") == "元"
    assert unit_in_header("工资") is None
    assert [read_flag(v) for v in ("√", "否", 1, "0")] == [True, False, True, False]
    assert read_flag("2") is UNREADABLE


@given(st.dates(date(1930, 1, 1), date(2100, 12, 31)))
def test_days_survive_every_way_of_writing(day) -> None:
    ways = [f"{day:%Y-%m-%d}", f"{day:%Y/%m/%d}", f"{day:%Y.%m.%d}", f"{day:%Y%m%d}",
            f"{day.year}年{day.month}月{day.day}日", (day - EPOCH).days, str((day - EPOCH).days), day]  # fmt: skip
    assert all(read_date(way) == day for way in ways)


@given(st.integers(1990, 2060), st.integers(1, 12))
def test_months_survive_every_way_of_writing(year, month) -> None:
    ways = [f"{year}.{month:02d}", f"{year}-{month}", f"{year}{month:02d}", f"{year}年{month}月份",
            f"{year}/{month}", int(f"{year}{month:02d}")]  # fmt: skip
    assert all(read_period(way) == Period(year, month, monthly=True) for way in ways)


@pytest.mark.parametrize(
    "text", ["2022Q3", "2022年第三季度", "2022年3季度", "2022-q3", "2022三季度"]
)
def test_quarters(text) -> None:
    assert read_period(text) == Period(2022, 3, monthly=False)


@pytest.mark.parametrize("value", [2022.1, 2022.11, "2022.13", "2022", "三月", "22-03", "2022Q5"])
def test_months_that_are_not_clear(value) -> None:
    assert read_period(value) is UNREADABLE


def test_impossible_days_are_refused() -> None:
    assert [read_date(v) for v in ("2022-02-30", "20221301", "30000000", 5, "今天")] == [
        UNREADABLE
    ] * 5
    assert read_date(44743) == date(2022, 7, 1)
    assert EPOCH + timedelta(days=44743) == date(2022, 7, 1)


@pytest.mark.parametrize(
    ("text", "grade"),
    [("五级", 1), ("四级/中级工", 2), ("高级工", 3), ("二级（技师）", 4), ("高级技师", 5), ("特级技师", 6),
     ("首席技师", 7), ("无", 0), ("职业资格三级", 3), ("国家职业资格1级", 5), ("senior technician", 5)],
)  # fmt: skip
def test_grades(text, grade) -> None:
    assert read_grade(text) == grade


@pytest.mark.parametrize("text", ["高级", "中级", "1", "三级/技师", "八级", "高级经济师", "工程师"])
def test_grades_that_mean_two_things(text) -> None:
    assert read_grade(text) is UNREADABLE


def test_grade_numbers_run_as_declared() -> None:
    assert [read_grade(str(n), order="national") for n in range(1, 6)] == [5, 4, 3, 2, 1]
    assert [read_grade(n, order="ladder") for n in range(8)] == list(range(8))
    assert read_grade("6", order="national") is UNREADABLE


def made(day: date, region: str = "990101", place: int = 1) -> str:
    digits = f"{region}{day:%Y%m%d}{place:03d}"
    return digits + CHECKS[sum(int(d) * w for d, w in zip(digits, WEIGHTS, strict=True)) % 11]


@given(
    st.dates(date(1940, 1, 1), date(2005, 1, 1)),
    st.integers(0, 999),
    st.integers(0, 16),
    st.integers(1, 9),
)
def test_one_wrong_digit_is_always_noticed(day, place, at, by) -> None:
    number = made(day, place=place)
    wrong = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]
    assert is_identity(number) and not is_identity(wrong)
    assert normalised(number.lower(), "identity") == number
    assert normalised(f" {number} ".translate(FULL), "identity") == number


@given(st.dates(date(1930, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_fifteen_digits_become_eighteen(day, place) -> None:
    full = made(day, place=place)
    assert normalised(full[:6] + full[8:17], "identity") == full


@given(st.integers(0, 10**7 - 1), st.integers(0, 16), st.integers(1, 30))
def test_credit_codes(n, at, by) -> None:
    text = f"91990101MA{n:07d}"
    code = (
        text
        + CREDIT[(31 - sum(CREDIT.index(c) * pow(3, i, 31) for i, c in enumerate(text)) % 31) % 31]
    )
    other = CREDIT[(CREDIT.index(code[at]) + by) % 31]
    assert is_credit_code(code) and not is_credit_code(code[:at] + other + code[at + 1 :])


def test_pseudonyms_depend_on_id_kind_and_key() -> None:
    one = pseudonym("A", kind="workers", key=b"1" * 32)
    assert one == pseudonym("A", kind="workers", key=b"1" * 32)
    others = {pseudonym("B", kind="workers", key=b"1" * 32), pseudonym("A", kind="employers", key=b"1" * 32),
              pseudonym("A", kind="workers", key=b"2" * 32)}  # fmt: skip
    assert one not in others and len(others) == 3
    assert len(one.split("-")[1]) * 4 == 80
