"""Numbers as people write them: full-width digits, thousands commas, 元 and 万元, words for yes."""

from __future__ import annotations

import math
import re
from typing import Any

from yuyao_lib.sources.own.raw import plain

__all__ = ["UNITS", "Unreadable", "read_flag", "read_number", "unit_in_header"]

# how many yuan one of each is
UNITS = {"分": 0.01, "元": 1.0, "千元": 1e3, "万元": 1e4, "亿元": 1e8}
WAN = {"万": 1e4, "千": 1e3, "亿": 1e8}
COUNTERS = "人|名|岁|年|小时|时|天|日|次|人次|家|个|户|分|h|hours"
NUMBER = re.compile(
    rf"(?P<sign>[-+−]?)(?:[¥￥])?(?P<digits>[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]*)(?P<part>\.[0-9]*)?"
    rf"(?P<power>[eE][-+]?[0-9]+)?\s*(?P<many>[千万亿]?)(?P<word>元|RMB|CNY|{COUNTERS})?"
)
HEADER_UNIT = re.compile(
    r"[(（\[【/]\s*(?:单位[:：])?\s*(人民币)?(分|元|千元|万元|亿元)\s*(/月|/年)?\s*[)）\]】]?$"
)
YES = frozenset({"是", "有", "√", "✓", "y", "yes", "true", "t", "对", "1"})
NO = frozenset({"否", "无", "没有", "×", "✗", "n", "no", "false", "f", "非", "0"})


class Unreadable:
    """Marks a cell that is neither blank nor of the kind it should be."""

    def __repr__(self) -> str:
        return "unreadable"


UNREADABLE = Unreadable()


def read_number(value: Any, *, factor: float = 1.0) -> float | Unreadable:
    """Read one number; what is not clearly one number is unreadable.

    Parameters
    ----------
    value
        A cell that is not blank.
    factor
        Multiplies numbers given in the unit of the header.

    Examples
    --------
    >>> [read_number(t) for t in ("３，５００", "3500元", "2.37万", "-", "1.234,5", "3,5")]
    [3500.0, 3500.0, 23700.0, unreadable, unreadable, unreadable]
    """
    if isinstance(value, bool):
        return UNREADABLE
    if isinstance(value, (int, float)) or hasattr(value, "dtype"):
        number = float(value)
        return number * factor if math.isfinite(number) else UNREADABLE
    found = NUMBER.fullmatch(plain(value).replace(" ", ""))
    if found is None or not (found["digits"] or (found["part"] or ".") != "."):
        return UNREADABLE
    if found["many"] and factor != 1.0:
        return UNREADABLE  # 2.37万 below a header in 万元: which of the two is meant?
    digits = found["digits"].replace(",", "")
    sign = "-" if found["sign"] in {"-", "−"} else ""
    number = float(f"{sign}{digits or '0'}{found['part'] or ''}{found['power'] or ''}")
    if not math.isfinite(number):
        return UNREADABLE
    return number * WAN.get(found["many"], 1.0) * factor


def read_flag(value: Any, *, true: frozenset[str] = YES, false: frozenset[str] = NO) -> Any:
    """Read yes or no.

    Examples
    --------
    >>> [read_flag(v) for v in ("是", "无", 1, 0.0, "2", "maybe")]
    [True, False, True, False, unreadable, unreadable]
    """
    word = plain(value).lower()
    if word in true:
        return True
    return False if word in false else UNREADABLE


def unit_in_header(header: str) -> str | None:
    """Return the unit of money that a header states.

    Examples
    --------
    >>> [unit_in_header(h) for h in ("应发工资(元)", "营业收入（万元）", "工资")]
    ['元', '万元', None]
    """
    found = HEADER_UNIT.search(header.strip())
    return found[2] if found else None
