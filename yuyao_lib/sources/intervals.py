"""What a printed figure can mean: the interval its characters allow.

Chinese official prose prints "2.37万", "500余", "超10万" or "近万". The rules here turn
such a token into the smallest and largest value it can stand for; arithmetic on
intervals then keeps what is known and no more.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from yuyao_lib.errors import DataError, RatioError, sentence
from yuyao_lib.fields import Fielded

__all__ = ["Interval", "Qualifier", "read_printed"]

Qualifier = Literal["exact", "over", "nearly", "about_plus"]

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000}
_TOKEN = re.compile(
    r"(?P<before>各|超|近)?(?P<number>\d+(?:\.\d+)?|[〇零一二两三四五六七八九十百千]+)?"
    r"(?P<wan>万)?(?P<after>余|多)?"
)


@dataclass(frozen=True, slots=True)
class Interval(Fielded):
    """Smallest and largest value a quantity can have.

    Attributes
    ----------
    low, high
        Ends of the interval, ``low <= high``.

    Examples
    --------
    >>> Interval(1, 2) / Interval(4, 5)
    Interval(low=0.2, high=0.5)
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        """Refuse an interval that runs backwards."""
        if not self.low <= self.high:
            raise DataError(f"an interval cannot run from {self.low} to {self.high}.")

    @property
    def is_point(self) -> bool:
        """Whether the value is known exactly."""
        return self.low == self.high

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, factor: float) -> Interval:
        ends = sorted((self.low * factor, self.high * factor))
        return Interval(ends[0], ends[1])

    def __truediv__(self, other: Interval) -> Interval:
        if other.low <= 0 <= other.high:
            raise RatioError("the denominator can be zero, so the ratio has no interval.")
        ends = [a / b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(ends), max(ends))

    def overlaps(self, other: Interval) -> bool:
        """Whether both could be the same value."""
        return self.low <= other.high and other.low <= self.high


def read_printed(token: str) -> tuple[float, Qualifier, Interval]:
    """Read a printed figure: its value, its qualifier and the interval it allows.

    The rules: an integer printed digit by digit is a count; a decimal, or a short
    integer of ten thousands (万), is rounded to half a unit of its last digit; three or
    more digits of 万 ending in zeros have two significant digits; "余" is a remainder
    below the next step; "超" goes to a tenth above; "近" starts a tenth below.

    Parameters
    ----------
    token
        The characters as printed, without a unit of counting.

    Raises
    ------
    DataError
        If the token is not one of these forms.

    Examples
    --------
    >>> read_printed("2.37万")
    (23700.0, 'exact', Interval(low=23650.0, high=23750.0))
    >>> read_printed("500余")
    (500.0, 'about_plus', Interval(low=501.0, high=599.0))
    """
    text = unicodedata.normalize("NFKC", token).replace(",", "").strip()
    found = _TOKEN.fullmatch(text)
    if not text or found is None or not (found["number"] or found["wan"]):
        allowed = "digits or Chinese numerals, with 万, 超, 近, 余 or 各"
        raise DataError(sentence("unreadable printed figure", got=token, allowed=allowed))
    digits = _number(found["number"])
    unit = Decimal(10_000 if found["wan"] else 1)
    value = digits * unit
    if found["before"] == "超":
        return _triple(value, "over", value, value * Decimal("1.1"))
    if found["before"] == "近":
        return _triple(value, "nearly", value * Decimal("0.9"), value)
    if found["after"]:
        return _remainder(value, bool(found["wan"]))
    half = _half_step(digits, bool(found["wan"])) * unit
    return _triple(value, "exact", value - half, value + half)


def _triple(
    value: Decimal, qualifier: Qualifier, low: Decimal, high: Decimal
) -> tuple[float, Qualifier, Interval]:
    """Turn exact decimals into what a caller gets."""
    return float(value), qualifier, Interval(float(low), float(high))


def _number(text: str | None) -> Decimal:
    """Read Arabic or Chinese numerals; nothing before 万 means one."""
    if text is None:
        return Decimal(1)
    if text[0].isdigit() and text.isascii():
        return Decimal(text)
    total, digit = 0, 0
    for sign in text:
        if sign in _SCALES:
            total, digit = total + (digit or 1) * _SCALES[sign], 0
        else:
            digit = _DIGITS[sign]
    return Decimal(total + digit)


def _half_step(digits: Decimal, wan: bool) -> Decimal:
    """Return half a unit of the last digit that carries information."""
    whole = digits == digits.to_integral_value() and "." not in str(digits)
    if not wan:
        return Decimal(0) if whole else _last_place(digits) / 2
    if whole and digits >= 100 and digits % 10 == 0:
        return Decimal(10) ** (len(str(digits)) - 2) / 2
    return _last_place(digits) / 2


def _last_place(digits: Decimal) -> Decimal:
    """Return one unit of the last printed digit."""
    return Decimal(1).scaleb(int(digits.as_tuple().exponent))


def _remainder(value: Decimal, wan: bool) -> tuple[float, Qualifier, Interval]:
    """Read "500余" as a remainder below the next step of its last digit that is not zero."""
    text = str(int(value))
    step = Decimal(10) ** (len(text) - len(text.rstrip("0")))
    last = value + step if wan else value + step - 1
    return _triple(value, "about_plus", value + 1, last)
