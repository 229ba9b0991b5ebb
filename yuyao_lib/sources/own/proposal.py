"""Propose a mapping from the headers of files, with the questions only a person can answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yuyao_lib import schema
from yuyao_lib.errors import DataError
from yuyao_lib.schema import Column
from yuyao_lib.sources.own.columns import BASE, NET, is_id
from yuyao_lib.sources.own.identity import is_credit_code, is_identity, normalised
from yuyao_lib.sources.own.mapping import Mapping, Source
from yuyao_lib.sources.own.numerals import UNREADABLE, unit_in_header
from yuyao_lib.sources.own.periods import Period, read_period
from yuyao_lib.sources.own.raw import is_blank, plain
from yuyao_lib.sources.own.readers import SUFFIXES, read_file

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Proposal", "propose_mapping"]

SAMPLE = 500
HEADER_LINES = 8
PARENS = re.compile(r"[(（\[【].*?[)）\]】]")
# met in practice beside the headers of the codebook
MORE = {
    "worker_id": "身份证号码 身份证 公民身份号码 员工编号 人员编号 employeeid staffid personid",
    "employer_id": "企业名称代码 单位代码 信用代码 companyid firmid",
    "quarter": "工资月份 月份 所属月份 工资所属期 发薪月 发薪月份 发放月份 period month",
    "gross_wage": "应发合计 应发工资合计 应发金额 工资总额 grosspay grosswage wage",
    "base_wage": "基础工资 basepay",
    "skill_allowance": "技能工资 等级津贴 技能补贴",
    "grade": "等级 技能级别 职业技能等级 技能 skillgrade",
    "occupation": "岗位 岗位工种 job occupation",
    "hours": "工作时间 出勤小时 hoursworked",
    "female": "sex gender",
    "birth_year": "出生年 birthyear yearofbirth",
    "is_member": "会员 工会会员 是否工会会员 member",
    "separated": "是否离职",
    "headcount": "人数 员工人数 employees",
    "industry": "所属行业 industry",
}
DAYS = ("计薪天数", "出勤天数", "发薪天数", "dayspaid")
PAY_MONTH = re.compile(r"发薪|发放|支付")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mapping to be read over, and what it could not know.

    Attributes
    ----------
    text
        The mapping file as YAML.
    questions
        What a person must decide before the mapping is right.
    unmapped
        For each file the headers that would not enter.
    """

    text: str
    questions: tuple[str, ...]
    unmapped: dict[str, tuple[str, ...]]

    @property
    def mapping(self) -> Mapping:
        """The mapping as proposed, every question left at its default.

        Raises
        ------
        DataError
            If a question has no default and must be answered first.
        """
        import yaml

        return Mapping.model_validate(yaml.safe_load(self.text))

    def write(self, path: str | Path) -> Path:
        """Write the mapping file; one that is there is never replaced.

        Raises
        ------
        DataError
            If there is one already.
        """
        file = Path(path) / "mapping.yaml" if Path(path).is_dir() else Path(path)
        try:
            with file.open("x", encoding="utf-8") as stream:
                stream.write(self.text)
        except FileExistsError as error:
            raise DataError(f"there is a {file.name} already; it is not replaced.") from error
        return file

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        """Show the questions, then the file."""
        asked = "".join(f"<li>{escape(q)}</li>" for q in self.questions)
        return f"<ol>{asked}</ol><pre>{escape(self.text)}</pre>"


def propose_mapping(path: str | Path) -> Proposal:
    """Propose how the headers of files map to the tables of the register.

    Parameters
    ----------
    path
        A folder of files, or one file.

    Raises
    ------
    DataError
        If no file can be read or no header is like one of the register's.

    Examples
    --------
    >>> from yuyao_lib.paths import DATA
    >>> proposal = propose_mapping(DATA / "example_payrolls" / "firm_a_2021_2022.csv")
    >>> "gross_wage" in proposal.text, proposal.unmapped["firm_a_2021_2022.csv"]
    (True, ('姓名', '实发工资'))
    """
    path = Path(path)
    if not path.exists():
        raise DataError(f"there is no file or folder {path.name}.")
    files = (
        [path]
        if path.is_file()
        else sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES)
    )
    tables: dict[str, list[dict[str, Any]]] = {}
    questions: list[str] = []
    unmapped: dict[str, tuple[str, ...]] = {}
    for file in files:
        top, rows, frame, sheets = _with_header(file)
        used: set[str] = set()
        held = _tables_of(frame)
        for name, columns in held:
            _sheets_as_months(name, columns, sheets)
            source: dict[str, Any] = {"file": file.name}
            source |= {"header_row": top} if top > 1 else {}
            source |= {"header_rows": rows} if rows > 1 else {}
            source |= _days_of(frame) if name == "worker_quarters" else {}
            source |= {"distinct": True} if name == "workers" and len(held) > 1 else {}
            used |= {str(how["from"]) for how in columns.values()}
            questions += _questions(file.name, name, columns, frame)
            source["columns"] = {c: h["from"] if len(h) == 1 else h for c, h in columns.items()}
            tables.setdefault(name, []).append(source)
        unmapped[file.name] = tuple(h for h in frame.columns if h and h not in used | set(DAYS))
    if not tables:
        known = ", ".join(p.name for p in files) or "no file"
        raise DataError(
            f"no header of {known} is like one of the register's; see data/codebook.md."
        )
    given = {
        "title": {"en": f"Own tables: {path.stem}", "zh": f"自备数据：{path.stem}"},
        "publisher": "own records",
        "vintage": "say which period",
        "tables": tables,
    }
    return Proposal(_yaml(given, questions), tuple(questions), unmapped)


def _yaml(given: dict[str, Any], questions: Sequence[str]) -> str:
    """Write the file with the questions on top."""
    import yaml

    top = "".join(f"# TO DECIDE: {q}\n" for q in questions)
    return top + yaml.safe_dump(given, allow_unicode=True, sort_keys=False)


def _sheets_as_months(table: str, columns: dict[str, Any], sheets: Sequence[str]) -> None:
    """Let names of sheets that are months stand for the missing column of months."""
    monthly = len(sheets) > 1 and all(isinstance(read_period(s), Period) for s in sheets)
    if table == "worker_quarters" and "quarter" not in columns and monthly:
        columns["quarter"] = {"from": "@sheet", "month_is": "work"}


def _with_header(file: Path) -> tuple[int, int, pd.DataFrame, list[str]]:
    """Return the header's line and height where most headers are known, cells and sheets."""
    best: tuple[int, int, int, pd.DataFrame, list[str]] | None = None
    for top in range(1, HEADER_LINES + 1):
        for rows in (1, 2):
            source = Source.model_validate(
                {"file": file.name, "header_row": top, "header_rows": rows, "columns": {"x": "x"}}
            )
            try:
                raws = read_file(file, source)
            except DataError:
                if top == 1 and rows == 1:
                    raise
                continue  # no line there, or one that is no header
            if rows > 1 and _is_title(raws[0].frame):
                continue
            score = max((len(c) for _, c in _tables_of(raws[0].frame)), default=0)
            if best is None or score > best[0]:
                sheets = [raw.name.partition(" [")[2].rstrip("]") for raw in raws]
                best = (score, top, rows, raws[0].frame, [s for s in sheets if s])
        if file.suffix.lower() in {".dta", ".sav", ".zsav", ".por", ".parquet"}:
            break
    assert best is not None
    return best[1], best[2], best[3], best[4]


def _is_title(frame: pd.DataFrame) -> bool:
    """Whether the upper of two header lines is one title that spread over all columns."""
    uppers = [str(header).partition("/")[0::2] for header in frame.columns if header]
    return len(uppers) > 1 and len({upper for upper, _ in uppers}) == 1


@cache
def _headers(table: str) -> dict[str, str]:
    """Return known headers, made plain, with the column each means."""
    found: dict[str, str] = {}
    for column in schema.table(table).columns:
        alike = [c for t in schema.tables().values() for c in t.columns if c.name == column.name]
        others = [alias for c in alike for alias in c.zh_aliases]
        more = MORE.get(column.name, "").split()
        for name in [column.name, *column.zh_aliases, *others, *more]:
            found.setdefault(_key(name), column.name)
    return found


def _key(header: str) -> str:
    """Return a header without unit, blanks and case."""
    return PARENS.sub("", plain(header)).replace(" ", "").replace("_", "").lower()


def _tables_of(frame: pd.DataFrame) -> list[tuple[str, dict[str, dict[str, Any]]]]:
    """Return the tables a file can hold, those first that it fills best."""
    found = []
    for name, table in schema.tables().items():
        columns = _columns_of(frame, name)
        held = set(columns)
        required = [c for c in table.required if c in held]
        if len(required) < 2 or len(required) * 2 < len(table.required):
            continue
        filled = len({str(how["from"]) for how in columns.values()})  # one number fills three
        found.append((filled, len(required) / len(table.required), name, columns))
    found.sort(key=lambda item: (-item[0], -item[1]))
    best = found[0][2] if found else ""
    keep = {best, "workers"} if best == "worker_quarters" else {best}
    return [(name, columns) for _, _, name, columns in found if name in keep]


def _columns_of(frame: pd.DataFrame, table: str) -> dict[str, dict[str, Any]]:
    """Return the columns of a table that the headers name."""
    known, found = _headers(table), dict[str, dict[str, Any]]()
    for header in map(str, frame.columns):
        parts = [_key(header), _key(header.split("/")[-1])]
        name = next((known[p] for p in parts if p in known), None)
        if name is None or NET.search(header) or BASE.search(header):
            continue
        how = _column(frame, schema.table(table)[name], header)
        # a number on the list of one firm is another person's in the next: identity goes first
        if name not in found or (how.get("kind") and not found[name].get("kind")):
            found[name] = how
    who = found.get("worker_id", {})
    if table == "workers" and who.get("kind") == "identity":
        for name in ("birth_year", "female"):
            found.setdefault(name, {"from": who["from"], "take": name})
    return found


def _column(frame: pd.DataFrame, column: Column, header: str) -> dict[str, Any]:
    """Return what the cells say of how a column must be read."""
    cells = frame[header]
    sample = [c for c in _first(cells) if not is_blank(c)]
    how: dict[str, Any] = {"from": header}
    if is_id(column):
        texts = [plain(c).upper() for c in sample]
        if sum(normalised(t, "identity") is not UNREADABLE for t in texts) * 2 > len(texts):
            how["kind"] = "identity"
        elif sum(is_credit_code(t) for t in texts) * 2 > len(texts):
            how["kind"] = "credit_code"
    if column.name == "quarter" and PAY_MONTH.search(header):
        how["month_is"] = "pay"
    if column.unit.startswith("CNY 10k") and unit_in_header(header) is None:
        how["unit"] = "万元"
    return how


def _first(cells: Any) -> Iterable[Any]:
    """Return some cells of a column (of the first one when two share a name)."""
    return (cells.iloc[:, 0] if cells.ndim == 2 else cells).head(SAMPLE)


def _days_of(frame: pd.DataFrame) -> dict[str, str]:
    """Return the header of days paid, if there is one."""
    return next(({"days": h} for h in map(str, frame.columns) if _key(h) in DAYS), {})


def _questions(file: str, table: str, columns: dict[str, Any], frame: pd.DataFrame) -> list[str]:
    """Return what only a person can answer."""
    declared, asked = schema.table(table), []
    for name in declared.required:
        if name not in columns:
            hint = "give a header, or 'value' if it is the same in every row"
            asked.append(f"{file}: {table}.{name} ({declared[name].label.zh}) is missing; {hint}.")
    for name in ("grade", "target_grade"):
        if name in columns:
            asked += _grade_questions(file, name, _first(frame[columns[name]["from"]]))
    asked += _values_questions(file, table, columns, frame)
    if columns.get("quarter", {}).get("from") == "@sheet":
        asked.append(f"{file}: do sheets carry the month worked or (month_is: pay) the month paid?")
    elif columns.get("quarter", {}).get("month_is") == "pay":
        asked.append(
            f"{file}: is {columns['quarter']['from']} the month of payment, one after the work?"
        )
    if any(is_identity(plain(c).upper()) for n in columns for c in _some(frame, columns[n])
           if not is_id(declared[n]) and "take" not in columns[n]):  # fmt: skip
        asked.append(f"{file}: identity numbers stand in a column that is not an id.")
    return asked


def _values_questions(file: str, table: str, columns: Any, frame: pd.DataFrame) -> list[str]:
    """Return values that are not among those the register allows."""
    asked = []
    for name, how in columns.items():
        declared = schema.table(table)[name]
        if declared.dtype != "category" or not (declared.allowed or declared.pattern):
            continue
        met = dict.fromkeys(plain(c) for c in _first(frame[how["from"]]) if not is_blank(c))
        odd = [w for w in met if w not in declared.allowed]
        if declared.pattern:
            odd = [w for w in odd if not re.fullmatch(declared.pattern, w)]
        if odd:
            listed = ", ".join(odd[:6])
            asked.append(f"{file}: {name}: say in 'values' what is meant by {listed}"
                         f" (allowed: {declared.expected}).")  # fmt: skip
    return asked


def _some(frame: pd.DataFrame, how: dict[str, Any]) -> list[Any]:
    """Return a few cells of a mapped column."""
    if how["from"] not in frame:
        return []
    return list(_first(frame[how["from"]]))[:20]


def _grade_questions(file: str, name: str, cells: Iterable[Any]) -> list[str]:
    """Return what is unclear about grades."""
    words = {plain(c) for c in cells}
    asked = []
    if any(re.fullmatch(r"[0-7]", w) for w in words):
        asked.append(
            f"{file}: {name}: is 1 the highest grade (order: national) or the lowest (ladder)?"
        )
    vague = sorted(words & {"高级", "中级", "初级"})
    if vague:
        asked.append(
            f"{file}: {name}: {', '.join(vague)} may be a professional title; say in 'values'."
        )
    if any(is_blank(w) for w in words):
        asked.append(f"{file}: {name}: does an empty cell mean none or unknown (blank)?")
    return asked
