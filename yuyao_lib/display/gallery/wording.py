"""What the charts of the gallery say: a title that tells what is seen, and a description."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from yuyao_lib.display.gallery import shapes
from yuyao_lib.display.numbers import amount
from yuyao_lib.errors import InputError, sentence
from yuyao_lib.vocabulary import Text

__all__ = ["axis", "caption", "names", "words"]

AXES = {
    "gap": Text("Gap in log pay (log points)", "对数工资差距（对数点）"),
    "years": Text("Calendar year", "年份"),
    "weeks": Text("Weeks since the beginning", "开始以来的周数"),
    "going_on": Text("Share still going on", "仍在持续的比例"),
    "age": Text("Age (years)", "年龄（岁）"),
    "log_pay": Text("Log of hourly pay", "小时工资的对数"),
    "share_of_gap": Text("Part of the gap (log points)", "差距的构成（对数点）"),
    "difference": Text("Difference (standard deviations)", "差异（标准差）"),
    "score": Text("Score (points)", "成绩（分）"),
    "density": Text("Density", "密度"),
    "people": Text("People helped", "受助人数（人）"),
    "stock": Text("Members (persons)", "会员（人）"),
    "before": Text("Grade at the start", "期初等级"),
    "after": Text("Grade a year later", "一年后等级"),
    "counted": Text("People at each score", "各分数的人数（人）"),
}  # fmt: skip
NAMES = {
    "grades": (Text("junior", "初级工"), Text("intermediate", "中级工"), Text("senior", "高级工")),
    "before_after": (Text("As they are", "加权前"), Text("Weighted", "加权后")),
    "sides": (Text("trained", "受训者"), Text("not trained", "未受训者")),
    "surveys": (Text("first survey", "首次调查"), Text("second survey", "第二次调查")),
    "parts": (Text("explained", "可解释"), Text("not explained", "不可解释")),
    "cells": (Text("women", "女性"), Text("men", "男性"), Text("apprentices", "学徒")),
    "covariates": (
        Text("age", "年龄"), Text("schooling", "受教育年限"), Text("married", "已婚"),
        Text("seniority", "工龄"),
    ),
    "smooth": (Text("smooth through the other scores", "以其余分数拟合的平滑曲线"),),
    "from": (
        Text("junior", "初级工"), Text("intermediate", "中级工"), Text("senior", "高级工"),
        Text("none", "无等级"),
    ),
}  # fmt: skip
CAPTIONS = {
    "groups": Text("Members and others, with rows in groups", "会员与非会员，分组列出"),
    "counted": Text("Estimates told apart by words", "以文字区分的估计值"),
    "hidden": Text("Counts of people, small ones hidden", "人数，过小者隐去"),
}
TITLES = {
    "forest": Text("The gap is largest among women and cannot be told from zero among senior"
                   " workers", "女性差距最大，高级工的差距与零无法区分"),
    "ranges_over": Text("Nothing moves before 2019, then the gap grows",
                        "2019 年以前没有变化，此后差距扩大"),
    "curves": Text("Mediated disputes end twice as fast", "经调解的争议结束快一倍"),
    "lorenz_curves": Text("Pay above the floor is shared less equally than all pay",
                          "高于下限的工资比全部工资更不均等"),
    "panels": Text("In none of four groups does anything move before 2019",
                   "四组在 2019 年以前均无变化"),
    "series_over": Text("The gap between members and others closes with age",
                        "会员与非会员的差距随年龄缩小"),
    "two_densities": Text("The second survey has two peaks where the first has one",
                          "首次调查为单峰，第二次为双峰"),
    "stacked_parts": Text("Among men what is explained is more than the whole gap",
                          "男性的可解释部分大于总差距"),
    "moved_points": Text("Weighting brings every covariate into the shaded band",
                         "加权后各协变量均进入阴影范围"),
    "mirrored": Text("Few of those not trained have scores like the trained",
                     "未受训者中得分与受训者相近的不多"),
    "bars": Text("Training reaches most people, mutual aid fewest",
                 "培训惠及人数最多，互助保障最少"),
    "steps": Text("More joined than left", "入会多于退会"),
    "matrix": Text("Most people hold the same grade a year later", "多数人一年后等级不变"),
    "means_around": Text("Pay jumps at the cut-off", "工资在临界点处跳升"),
    "counts_around": Text("More people just pass than smooth counts would have",
                          "刚过线的人多于平滑分布所示"),
}  # fmt: skip


class Words(TypedDict):
    """What `chart` asks for in words."""

    title: Text
    alt: Text


def axis(name: str) -> Text:
    """Return the name of an axis, with its unit.

    Examples
    --------
    >>> axis("age").en
    'Age (years)'
    """
    if name not in AXES:
        raise InputError(sentence("no axis of this name", got=name, allowed=list(AXES)))
    return AXES[name]


def caption(name: str) -> Text:
    """Return the caption of a table.

    Examples
    --------
    >>> caption("hidden").en
    'Counts of people, small ones hidden'
    """
    if name not in CAPTIONS:
        raise InputError(sentence("no caption of this name", got=name, allowed=list(CAPTIONS)))
    return CAPTIONS[name]


def names(name: str) -> tuple[Text, ...]:
    """Return the names of series, rows or columns.

    Examples
    --------
    >>> [text.en for text in names("sides")]
    ['trained', 'not trained']
    """
    if name not in NAMES:
        raise InputError(sentence("no names called so", got=name, allowed=list(NAMES)))
    return NAMES[name]


def words(name: str) -> Words:
    """Return title and description of one chart; the description gives its numbers.

    Examples
    --------
    >>> words("steps")["alt"].en
    'More joined than left: at the start 1,200; joined 340; left −125; at the end 1,415.'
    """
    if name not in TITLES:
        raise InputError(sentence("no chart of this name", got=name, allowed=list(TITLES)))
    title, said = TITLES[name], _NUMBERS[name]
    en = "; ".join(f"{label.en} {value}" for label, value in said)
    zh = "；".join(f"{label.zh} {value}" for label, value in said)
    return {"title": title, "alt": Text(f"{title.en}: {en}.", f"{title.zh}：{zh}。")}


Said = list[tuple[Text, str]]


def _pairs(labels: Iterable[Text], values: Iterable[float | None], digits: int = 2) -> Said:
    """Write each label's number."""
    return [(n, amount(v, digits=digits)) for n, v in zip(labels, values, strict=False)]


def _ends(labels: Iterable[Text], series: Iterable[Iterable[float]]) -> Said:
    """Write for each curve where it begins and ends."""
    said = []
    for label, values in zip(labels, series, strict=False):
        held = list(values)
        said.append((label, f"{amount(held[0], digits=2)} … {amount(held[-1], digits=2)}"))
    return said


_STOCK = (shapes.STOCK[0], *shapes.STOCK[1], shapes.STOCK[2])
_NUMBERS: dict[str, Said] = {
    "forest": _pairs([r.label for r in shapes.RANGES], [r.value for r in shapes.RANGES], 3),
    "ranges_over": _pairs([r.label for r in shapes.PATHS], [r.value for r in shapes.PATHS], 3),
    "curves": _ends([c.label or AXES["weeks"] for c in shapes.CURVES],
                    [c.y for c in shapes.CURVES]),
    "lorenz_curves": _pairs([n for n, _ in shapes.LORENZ], [c[10] for _, c in shapes.LORENZ]),
    "panels": [(name, amount(shapes.PATHS[-1].value, digits=3)) for name in shapes.GROUPS],
    "series_over": _ends([n for n, _ in shapes.SERIES],
                         [[r.value or 0.0 for r in rs] for _, rs in shapes.SERIES]),
    "two_densities": _pairs(NAMES["surveys"], [max(d) for d in shapes.DENSITIES]),
    "stacked_parts": _pairs(NAMES["cells"], [b[0].value for b in shapes.PARTS], 3),
    "moved_points": _pairs(NAMES["covariates"], shapes.MOVED[1]),
    "mirrored": _pairs(NAMES["sides"], [max(s) for s in shapes.SCORES], 3),
    "bars": _pairs([b.label for b in shapes.BARS], [b.value for b in shapes.BARS], 0),
    "steps": _pairs([b.label for b in _STOCK], [b.value for b in _STOCK], 0),
    "matrix": _pairs(NAMES["grades"], [row[i] for i, row in enumerate(shapes.MATRIX[:3])], 1),
    "means_around": [(AXES["log_pay"], "3.0, 3.1")],
    "counts_around": [(AXES["score"], f"{shapes.CUTOFF:g}")],
}  # fmt: skip
