"""Words for measures, groups, skills and characteristics of the wage structure."""

from __future__ import annotations

from typing import Any

from yuyao_lib.methods.distribution_measures import RATIO
from yuyao_lib.vocabulary import Text, column, term

__all__ = ["cell_words", "column_words", "group_words", "measure_words", "skill_words"]

# a column of 0 and 1 -> what those with 0 and those with 1 are called
GROUPS = {
    "union_member": (Text("non-members", "非会员"), Text("members", "会员")),
    "contract_covered": (Text("not covered", "未受覆盖者"), Text("covered", "受覆盖者")),
    "female": (Text("men", "男性"), Text("women", "女性")),
}
MEASURES = {
    "gini": Text("Gini index", "基尼系数"),
    "theil_t": Text("Theil T", "泰尔 T 指数"),
    "theil_l": Text("Theil L (mean log deviation)", "泰尔 L 指数（平均对数离差）"),
    "variance_of_logs": Text("variance of log pay", "对数工资方差"),
    "mean_log_pay": Text("mean of log pay", "对数工资均值"),
    "bottom_half_share": Text("share of the lower-paid half", "低薪一半的工资份额"),
    "top_tenth_share": Text("share of the best-paid tenth", "最高薪十分之一的工资份额"),
}


def measure_words(name: str) -> Text:
    """Name a measure or a percentile.

    Examples
    --------
    >>> measure_words("p90_p10").en, measure_words("percentile_25").en
    ('P90/P10', 'percentile 25 (log)')
    """
    ratio = RATIO.fullmatch(name)
    if ratio:
        return Text(f"P{ratio[1]}/P{ratio[2]}", f"P{ratio[1]}/P{ratio[2]}")
    if name.startswith("percentile_"):
        p = name.removeprefix("percentile_")
        return Text(f"percentile {p} (log)", f"第 {p} 百分位（对数）")
    return MEASURES[name]


def group_words(column: str | None, value: Any) -> Text:
    """Name those with a value of a column.

    Examples
    --------
    >>> group_words("union_member", 1).en, group_words("calendar_year", 1978).en
    ('members', '1978')
    """
    if column is None:
        return Text("everybody", "全体")
    if column in GROUPS and value in (0, 1):
        return GROUPS[column][int(value)]
    said = f"{value:g}" if isinstance(value, float) else str(value)
    if column in {"calendar_year", "year", "quarter"}:
        return Text(said, said)
    if value in (0, 1):
        named = column.replace("_", " ")
        return Text(f"{named} {said}", f"{column} {said}")
    return Text(said, said)


def cell_words(by: tuple[str, ...], cell: tuple[Any, ...]) -> Text:
    """Name a cell of several columns.

    Examples
    --------
    >>> cell_words(("calendar_year", "union_member"), (1978, 1)).en
    '1978, members'
    """
    parts = [group_words(c, v) for c, v in zip(by, cell, strict=True)]
    if not parts:
        return group_words(None, None)
    return Text(", ".join(p.en for p in parts), "，".join(p.zh for p in parts))


def column_words(name: str) -> Text:
    """Name a column for a reader."""
    return column(name)


def skill_words(label: str) -> Text:
    """Name a band of skill.

    Examples
    --------
    >>> skill_words("13_to_15").en, skill_words("16_and_more").zh, skill_words("below_12").en
    ('13 to 15', '16 及以上', 'below 12')
    """
    if label.startswith("below_"):
        n = label.removeprefix("below_")
        return Text(f"below {n}", f"{n} 以下")
    if label.endswith("_and_more"):
        n = label.removesuffix("_and_more")
        return Text(f"{n} and more", f"{n} 及以上")
    low, to, high = label.partition("_to_")
    if to:
        return Text(f"{low} to {high}", f"{low} 至 {high}")
    return Text(label.replace("_", " "), label)


def reference_words(reference: str, column: str) -> Text:
    """Name reference prices; those of one group by its people.

    Examples
    --------
    >>> reference_words("group_1", "union_member").en
    'prices of members'
    """
    if reference in {"group_0", "group_1"}:
        words = group_words(column, int(reference[-1]))
        return Text(f"prices of {words.en}", f"以{words.zh}的回报为参照")
    return term(f"reference_{reference}").text
