"""Printed figures and arithmetic on what they allow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuyao_lib.errors import DataError, RatioError
from yuyao_lib.sources.intervals import Interval, read_printed

NUMBERS = st.floats(-1e6, 1e6)
SHARES = st.floats(0, 1)


def between(a: float, b: float, share: float) -> float:
    return a + (b - a) * share


@st.composite
def intervals(draw) -> Interval:
    return Interval(*sorted((draw(NUMBERS), draw(NUMBERS))))


@st.composite
def denominators(draw) -> Interval:
    """Draw an interval that leaves out zero, on either side of it."""
    low, high = sorted((draw(st.floats(0.01, 1e6)), draw(st.floats(0.01, 1e6))))
    return Interval(low, high) if draw(st.booleans()) else Interval(-high, -low)


@given(intervals(), intervals(), SHARES, SHARES)
def test_every_point_of_sums_maps_inside(a: Interval, b: Interval, s: float, t: float) -> None:
    x, y = between(a.low, a.high, s), between(b.low, b.high, t)
    slack = 1e-6 * (1 + abs(x) + abs(y))
    for result, value in ((a + b, x + y), (a - b, x - y)):
        assert result.low - slack <= value <= result.high + slack


@given(intervals(), denominators(), SHARES, SHARES)
def test_every_point_of_ratios_maps_inside(a: Interval, b: Interval, s: float, t: float) -> None:
    x, y = between(a.low, a.high, s), between(b.low, b.high, t)
    ratio, slack = a / b, 1e-6 * (1 + abs(x / y))
    assert ratio.low - slack <= x / y <= ratio.high + slack


def test_a_denominator_that_may_be_zero_is_refused() -> None:
    with pytest.raises(RatioError, match="the denominator can be zero"):
        Interval(1, 2) / Interval(-1, 1)
    with pytest.raises(DataError, match="cannot run from 2 to 1"):
        Interval(2, 1)


@given(st.integers(1, 999_999))
def test_whole_numbers_are_counts(n: int) -> None:
    assert read_printed(str(n)) == (n, "exact", Interval(n, n))


@given(st.integers(1, 99_999), st.integers(1, 3))
def test_decimals_of_ten_thousand_are_rounded_to_their_last_digit(n: int, places: int) -> None:
    token = f"{n / 10**places:.{places}f}万"
    value, qualifier, interval = read_printed(token)
    half = 0.5 * 10 ** (4 - places)
    assert qualifier == "exact"
    assert value == pytest.approx(n * 10 ** (4 - places))
    assert interval.high - interval.low == pytest.approx(2 * half)


@pytest.mark.parametrize(
    ("token", "value", "qualifier", "low", "high"),
    [
        ("２.３７万", 23700, "exact", 23650, 23750),
        ("1,512", 1512, "exact", 1512, 1512),
        ("1100万", 11_000_000, "exact", 10_500_000, 11_500_000),
        ("969万", 9_690_000, "exact", 9_685_000, 9_695_000),
        ("超10万", 100_000, "over", 100_000, 110_000),
        ("近万", 10_000, "nearly", 9_000, 10_000),
        ("120万余", 1_200_000, "about_plus", 1_200_001, 1_300_000),
        ("二十", 20, "exact", 20, 20),
        ("廿", None, None, None, None),
        ("", None, None, None, None),
        ("万人空巷", None, None, None, None),
    ],
)
def test_forms_of_print(token, value, qualifier, low, high) -> None:
    if value is None:
        with pytest.raises(DataError, match="unreadable printed figure"):
            read_printed(token)
    else:
        assert read_printed(token) == (value, qualifier, Interval(low, high))
