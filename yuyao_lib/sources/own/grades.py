"""Skill grades: Chinese names, numbers that run backwards, words that mean two things."""

from __future__ import annotations

import re
from typing import Any, Literal

from yuyao_lib.sources.own.numerals import UNREADABLE
from yuyao_lib.sources.own.raw import plain

__all__ = ["AMBIGUOUS", "WORDS", "read_grade"]

WORKERS = {
    "无": 0, "无等级": 0, "普工": 0, "学徒工": 0, "未取得": 0, "none": 0,
    "初级工": 1, "中级工": 2, "高级工": 3, "技师": 4, "高级技师": 5, "特级技师": 6, "首席技师": 7,
    "junior": 1, "intermediate": 2, "senior": 3, "technician": 4, "seniortechnician": 5,
    "specialtechnician": 6, "chieftechnician": 7,
}  # fmt: skip
WORDS = ("初级工", "中级工", "高级工", "技师", "高级技师", "特级技师", "首席技师")
NATIONAL = {"五": 1, "四": 2, "三": 3, "二": 4, "一": 5, "5": 1, "4": 2, "3": 3, "2": 4, "1": 5}
LEVEL = re.compile(r"(?:国家职业资格|职业技能等级|职业资格|技能等级)?([一二三四五1-5])级(?:工)?")
# may be a skill grade or a professional title (职称)
AMBIGUOUS = frozenset({"高级", "中级", "初级"})
PARTS = re.compile(r"[/、()（）\s|]+")


def read_grade(value: Any, *, order: Literal["national", "ladder"] | None = None) -> Any:
    """Read a skill grade as the register counts it: 1 junior to 5 senior technician.

    Parameters
    ----------
    value
        A cell that is not blank.
    order
        What bare numbers mean; without it they are unreadable, because 1 is the highest
        grade on certificates and the lowest in many lists.

    Examples
    --------
    >>> [read_grade(v) for v in ("五级", "三级/高级工", "高级技师", "高级", "三级/技师", "1")]
    [1, 3, 5, unreadable, unreadable, unreadable]
    >>> read_grade("1", order="national"), read_grade("1", order="ladder")
    (5, 1)
    """
    text = plain(value).lower()
    if re.fullmatch(r"[0-9]", text):
        if order == "ladder":
            return int(text) if int(text) <= 7 else UNREADABLE
        return NATIONAL.get(text, UNREADABLE) if order == "national" else UNREADABLE
    if text.replace(" ", "") in WORKERS:
        return WORKERS[text.replace(" ", "")]
    said = {_one(part) for part in PARTS.split(text) if part}
    return said.pop() if len(said) == 1 else UNREADABLE


def _one(part: str) -> Any:
    """Read one part of a grade such as 三级/高级工."""
    level = LEVEL.fullmatch(part)
    return NATIONAL[level[1]] if level else WORKERS.get(part, UNREADABLE)
