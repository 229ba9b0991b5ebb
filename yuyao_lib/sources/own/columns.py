"""One column: from cells as they are in the file to values of the register.

Every distinct cell is read once. A cell that cannot be read is never dropped or guessed:
it becomes a fault with its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from yuyao_lib import schema
from yuyao_lib.errors import DataError, sentence
from yuyao_lib.schema import SIMULATED_PREFIX, Column
from yuyao_lib.sources.own.grades import AMBIGUOUS, read_grade
from yuyao_lib.sources.own.identity import (
    birth_year,
    is_credit_code,
    is_identity,
    is_woman,
    normalised,
    pseudonym,
)
from yuyao_lib.sources.own.mapping import ColumnMap
from yuyao_lib.sources.own.numerals import (
    UNITS,
    UNREADABLE,
    read_flag,
    read_number,
    unit_in_header,
)
from yuyao_lib.sources.own.periods import Period, read_date, read_period
from yuyao_lib.sources.own.raw import is_blank, plain
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["NO_GRADE", "RIGHT", "ReadColumn", "is_id", "read_column"]

RUINED = Text(
    "saved as a number in Excel, so the last digits are gone; no repair exists,"
    " export the column again as text",
    "曾在 Excel 中存为数字，末几位已丢失，无法修复；请将该列按文本重新导出",
)
BAD_DIGITS = Text("its check digit or date of birth is wrong", "校验码或出生日期不正确")
BAD_CODE = Text("its check character is wrong", "校验码不正确")
NO_NUMBER = Text("cannot be read as one number", "无法读作一个数")
NO_DATE = Text("cannot be read as a date", "无法读作日期")
NO_PERIOD = Text("cannot be read as a month or quarter", "无法读作月份或季度")
ROUNDED = Text(
    "a month saved as a number: 2022.1 may be January or October; export it as text",
    "月份被存为数字：2022.1 可能是 1 月或 10 月；请按文本重新导出",
)
NO_FLAG = Text("cannot be read as yes or no", "无法读作是或否")
NO_GRADE = Text("cannot be read as a skill grade", "无法读作技能等级")
TWO_SENSES = Text(
    "may be a skill grade or a professional title; say which in 'values'",
    "可能是技能等级，也可能是职称；请在 values 中写明",
)
NO_ORDER = Text(
    "grade numbers run both ways; say in 'order' whether 1 is the highest (national) or the"
    " lowest (ladder)",
    "等级数字有两种方向；请在 order 中写明 1 为最高（national）还是最低（ladder）",
)
NO_BLANK_RULE = Text(
    "an empty grade may be none or unknown; say which in 'blank'",
    "等级为空可能是无等级或未知；请在 blank 中写明",
)
# what would have been right, where the codes of the register do not say it
RIGHT = {
    BAD_DIGITS: "an identity number as on the card, of 18 or 15 digits",
    NO_GRADE: "初级工, 中级工, 高级工, 技师, 高级技师, 五级 to 一级, or a word of 'values'",
    TWO_SENSES: "a line under 'values', such as 高级: 3",
    NO_ORDER: "order: national, or order: ladder",
    NO_BLANK_RULE: "blank: none, or blank: unknown",
}
UNSAID_IDENTITY = Text(
    "these are identity numbers or credit codes; say so in 'kind'",
    "这些是身份证号或统一社会信用代码；请在 kind 中写明",
)
IS_SIMULATED = Text("the id of a simulated row among real ones", "真实数据中混入模拟编号")
NET = re.compile(r"实发|税后|到手|实领|\bnet\b", re.IGNORECASE)
BASE = re.compile(r"缴费基数|缴存基数|社保基数|公积金基数|contribution base", re.IGNORECASE)
SCHOOLING = {
    "小学": 6, "初中": 9, "高中": 12, "中专": 12, "中职": 12, "技校": 12, "职高": 12, "大专": 15,
    "专科": 15, "高职": 15, "本科": 16, "大学": 16, "大学本科": 16,
    "硕士": 19, "研究生": 19, "博士": 22,
}  # fmt: skip
SEXES = {
    "女": True,
    "女性": True,
    "female": True,
    "f": True,
    "男": False,
    "男性": False,
    "male": False,
    "m": False,
}
SIMPLE = re.compile(r"-?[0-9]+(\.[0-9]+)?")
EXPONENT = re.compile(r"[0-9](\.[0-9]+)?[eE]\+[0-9]+")


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """A column that was read.

    Attributes
    ----------
    values
        Values of the register's type; shape (rows,).
    faults
        For each kind of fault the rows that have it; shape (rows,) each.
    months
        Months since year 0 where the file states months, else None.
    notes
        What was turned into what, with counts.
    """

    values: pd.Series
    faults: dict[Text, np.ndarray] = field(default_factory=dict)
    months: np.ndarray | None = None
    notes: tuple[Text, ...] = ()


def is_id(column: Column) -> bool:
    """Say whether a column holds ids of rows, which are replaced on load."""
    return column.dtype == "string" and column.name.endswith("_id") and not column.allowed


def read_column(cells: pd.Series, column: Column, how: ColumnMap, *, key: bytes) -> ReadColumn:
    """Read the cells of one column.

    Parameters
    ----------
    cells
        Cells as they are in the file; shape (rows,).
    column
        The declared column.
    how
        What the mapping says of it.
    key
        The secret key that ids are replaced under.

    Raises
    ------
    DataError
        If the header says that the column is something else (net pay, a contribution
        base), or its unit is not the mapping's.
    """
    import numpy as np
    import pandas as pd

    header = how.from_ or ""
    _refuse_other_things(column, header)
    codes, met = pd.factorize(cells, use_na_sentinel=True)
    reader, wrong = _reader(column, how, header)
    known = {plain(k): v for k, v in how.values.items()}
    missing = {plain(v) for v in how.missing}
    read: list[Any] = []
    faults: dict[int, Text] = {}
    for place, cell in enumerate(met):
        word = plain(cell)
        if word in known:
            read.append(known[word])
        elif is_blank(cell) or word in missing:
            read.append(None)
        else:
            value = reader(cell)
            if value is UNREADABLE:
                faults[place] = wrong(cell)
            read.append(None if value is UNREADABLE else value)
    values = pd.Series([*read, None], dtype=object).to_numpy()[codes]
    found = {
        text: np.isin(codes, [p for p, t in faults.items() if t == text])
        for text in dict.fromkeys(faults.values())
    }
    blank = np.array([v is None for v in values], dtype=bool) & ~_any(found, len(cells))
    if column.name == "grade" and column.dtype == "int" and blank.any():
        values, found = _blank_grades(values, blank, how, found)
    if is_id(column):
        values, found = _replaced(values, column, how, found, key)
    return _finished(
        pd.Series(values, index=cells.index, dtype=object), column, how, found, met, codes
    )


def _refuse_other_things(column: Column, header: str) -> None:
    """Refuse pay after deductions and contribution bases as gross pay."""
    if column.name != "gross_wage":
        return
    if NET.search(header):
        raise DataError(
            f"{header!r} is pay after deductions (net); gross_wage is pay before the person's"
            " contributions and tax (应发), and no formula leads from one to the other."
        )
    if BASE.search(header):
        raise DataError(
            f"{header!r} is a contribution base, which is floored and capped by law: it is"
            " censored, and not a wage."
        )


def _reader(
    column: Column, how: ColumnMap, header: str
) -> tuple[Callable[[Any], Any], Callable[[Any], Text]]:
    """Return what reads a cell, and what says why one cannot be read."""
    if how.take:
        part = birth_year if how.take == "birth_year" else is_woman
        return lambda c: _taken(c, part), _why_id
    if is_id(column):
        kind = how.kind
        return lambda c: normalised(c, kind), _why_id if kind == "identity" else lambda c: BAD_CODE
    if column.name in {"grade", "target_grade"}:
        return lambda c: read_grade(c, order=how.order), _why_grade
    if column.dtype in {"int", "float"}:
        factor = _factor(column, how, header)
        return lambda c: _number(c, column, factor), lambda c: NO_NUMBER
    plainly: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Text]]] = {
        "bool": (lambda c: _flag(c, column), lambda c: NO_FLAG),
        "date": (read_date, lambda c: NO_DATE),
        "quarter": (read_period, lambda c: ROUNDED if isinstance(c, float) else NO_PERIOD),
    }
    return plainly.get(column.dtype, (plain, lambda c: NO_NUMBER))


def _number(cell: Any, column: Column, factor: float) -> Any:
    """Read a number; years of birth and of schooling are also written otherwise."""
    if column.name == "education_years" and plain(cell) in SCHOOLING:
        return SCHOOLING[plain(cell)]
    number = read_number(cell, factor=factor)
    if column.name == "birth_year" and (number is UNREADABLE or float(str(number)) > 9999):
        day = read_date(cell)
        return UNREADABLE if day is UNREADABLE else getattr(day, "year", None)
    return number


def _flag(cell: Any, column: Column) -> Any:
    """Read yes or no; sexes by name."""
    sex = SEXES.get(plain(cell).lower()) if column.name == "female" else None
    return read_flag(cell) if sex is None else sex


def _taken(cell: Any, part: Callable[[str], Any]) -> Any:
    """Read a part of an identity number."""
    text = normalised(cell, "identity")
    return UNREADABLE if text is UNREADABLE else part(text)


def _why_id(cell: Any) -> Text:
    """Say whether a spreadsheet took the last digits."""
    text = plain(cell)
    number = isinstance(cell, (int, float)) and abs(cell) >= 1e15
    cut = re.fullmatch(r"[1-9]\d{14}0{3}", text) is not None
    return RUINED if number or EXPONENT.fullmatch(text) or cut else BAD_DIGITS


def _why_grade(cell: Any) -> Text:
    """Say what is unclear about a grade."""
    text = plain(cell)
    if text in AMBIGUOUS:
        return TWO_SENSES
    return NO_ORDER if re.fullmatch(r"[0-7]", text) else NO_GRADE


def _factor(column: Column, how: ColumnMap, header: str) -> float:
    """Return by what money is multiplied; two units that differ are refused."""
    if not column.unit.startswith("CNY"):
        return 1.0
    target = 1e4 if "10k" in column.unit else 1.0
    stated = unit_in_header(header)
    if stated and how.unit and stated != how.unit:
        what = f"the header {header!r} states a unit, and the mapping another"
        raise DataError(sentence(what, got=how.unit, allowed=stated))
    unit = how.unit or stated
    if unit is None and target != 1.0:
        raise DataError(f"{header!r} must say its unit ('unit: 万元' or 'unit: 元').")
    return UNITS[unit or "元"] / target


def _blank_grades(values: Any, blank: Any, how: ColumnMap, found: Any) -> tuple[Any, Any]:
    """Fill empty grades as the mapping says, or say that it must."""
    import numpy as np

    if how.blank == "none":
        return np.where(blank, 0, values), found
    return (values, found) if how.blank else (values, {**found, NO_BLANK_RULE: blank})


def _replaced(
    values: Any, column: Column, how: ColumnMap, found: Any, key: bytes
) -> tuple[Any, Any]:
    """Replace ids; refuse ids of the simulation and identity numbers called codes."""
    import numpy as np
    import pandas as pd

    codes, met = pd.factorize(values, use_na_sentinel=True)
    texts = [str(v) for v in met]
    more = {
        IS_SIMULATED: [i for i, t in enumerate(texts) if t.startswith(SIMULATED_PREFIX)],
        UNSAID_IDENTITY: [
            i for i, t in enumerate(texts)
            if how.kind == "code" and (is_identity(t) or is_credit_code(t))
        ],
    }  # fmt: skip
    found = {**found, **{t: np.isin(codes, rows) for t, rows in more.items() if rows}}
    # an id names a row of one table, whatever the column that refers to it is called
    target = "workers" if column.references == "workers" else column.references or column.table
    hidden = [pseudonym(t, kind=target, key=key) for t in texts]
    return pd.Series([*hidden, None], dtype=object).to_numpy()[codes], found


def _finished(
    values: pd.Series, column: Column, how: ColumnMap, found: Any, met: Any, codes: Any
) -> ReadColumn:
    """Give the values the register's type, and say what was turned into what."""
    import pandas as pd

    notes = tuple(_conversions(column, how, met, codes))
    if column.dtype == "quarter":
        return _quarters(values, how, found, notes)
    if column.dtype in {"int", "float"}:
        numbers = pd.to_numeric(values)
        whole = column.dtype == "int" and numbers.notna().all() and (numbers % 1 == 0).all()
        return ReadColumn(numbers.astype("int64" if whole else "float64"), found, notes=notes)
    if column.dtype == "date":
        return ReadColumn(pd.to_datetime(values), found, notes=notes)
    if column.dtype == "bool" and values.notna().all():
        return ReadColumn(values.astype(bool), found, notes=notes)
    return ReadColumn(values.where(values.notna(), None), found, notes=notes)


def _quarters(values: pd.Series, how: ColumnMap, found: Any, notes: tuple[Text, ...]) -> ReadColumn:
    """Turn months and quarters into names of quarters; months paid were worked one earlier."""
    import numpy as np
    import pandas as pd

    periods = [v if isinstance(v, Period) else None for v in values]
    monthly = [p is not None and p.monthly for p in periods]
    shift = 1 if how.month_is == "pay" and any(monthly) else 0
    months = np.array([np.nan if p is None else p.months - shift for p in periods])
    names = [None if np.isnan(m) else schema.quarter_name(int(m) // 3) for m in months]
    if any(monthly) and not all(monthly[i] or periods[i] is None for i in range(len(periods))):
        mixed = np.array([p is not None and not p.monthly for p in periods])
        text = Text("a quarter in a column of months", "月份列中出现季度")
        found = {**found, text: mixed}
    series = pd.Series(names, index=values.index, dtype=object)
    return ReadColumn(series, found, months if any(monthly) else None, notes)


def _conversions(column: Column, how: ColumnMap, met: Any, codes: Any) -> list[Text]:
    """Count cells whose text was not already the value."""
    import numpy as np

    place, notes = f"{column.table}.{column.name}", []
    counts = np.bincount(codes[codes >= 0], minlength=len(met))
    counted = column.dtype in {"int", "float"} and column.name not in {"grade", "target_grade"}
    if counted and how.take is None:
        odd = [isinstance(c, str) and not is_blank(c) and not SIMPLE.fullmatch(c) for c in met]
        n = int(counts[np.array(odd, dtype=bool)].sum()) if len(met) else 0
        if n:
            notes.append(
                Text(f"{place}: {n:,} numbers read from texts", f"{place}：{n:,} 个数由文字读出")
            )
    codes_met = {plain(v) for v in how.missing}
    n = int(sum(counts[i] for i, c in enumerate(met) if plain(c) in codes_met))
    if n:
        notes.append(
            Text(f"{place}: {n:,} missing codes made blank", f"{place}：{n:,} 个缺失代码作为空值")
        )
    unit = how.unit or unit_in_header(how.from_ or "")
    if column.unit.startswith("CNY") and unit not in {None, "元"}:
        notes.append(Text(f"{place}: given in {unit}", f"{place}：原单位为{unit}"))
    if how.month_is == "pay":
        notes.append(
            Text(
                f"{place}: month paid, taken as work of the month before",
                f"{place}：发薪月，按上月工作计",
            )
        )
    return notes


def _any(found: dict[Text, Any], rows: int) -> Any:
    """Return the rows with any fault."""
    import numpy as np

    return np.logical_or.reduce([np.zeros(rows, dtype=bool), *found.values()])
