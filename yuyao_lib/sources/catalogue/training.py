"""Training: an experiment, a comparison group from a survey, and grants to firms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yuyao_lib.sources.card import SourceCard
from yuyao_lib.sources.catalogue.declaration import WOOLDRIDGE, PublicSet
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SETS"]

NAMES = {
    "train": "trained",
    "age": "age_years",
    "educ": "education_years",
    "hisp": "hispanic",
    "unem74": "unemployed_1974",
    "unem75": "unemployed_1975",
}
LALONDE = (
    "LaLonde, R. J. (1986). Evaluating the econometric evaluations of training programs with"
    " experimental data. American Economic Review 76, 604-620; the subset of Dehejia, R. and"
    " Wahba, S. (1999). Journal of the American Statistical Association 94, 1053-1062."
)


def _dollars(frame: pd.DataFrame) -> pd.DataFrame:
    """Turn earnings from thousands of dollars into dollars; mark those without a degree."""
    years = (74, 75, 78)
    made = {f"earnings_19{year}": 1000.0 * frame[f"re{year}"] for year in years}
    if "nodegree" not in frame:
        made["nodegree"] = (frame["educ"] < 12).astype("int64")
    made["age_years_squared"] = frame["age"] ** 2
    return frame.assign(**made)


_NSW = PublicSet(
    package="wooldridge",
    dataset="jtrain2",
    rows=445,
    names=NAMES,
    shape=_dollars,
    card=SourceCard(
        title=Text("National Supported Work experiment, men", "全国支持性就业试验，男性"),
        publisher="R. LaLonde, from the Manpower Demonstration Research Corporation",
        publisher_zh="R. LaLonde，取自人力示范研究公司（MDRC）",
        citation=LALONDE,
        licence=WOOLDRIDGE,
        vintage="1974-1978",
        unit_of_record=Text("one man", "一名男性"),
        notes=Text(
            "185 men assigned at random to months of supported work, 260 to none. Earnings in"
            " dollars of 1982; United States.",
            "随机分派 185 名男性参加数月的支持性就业，260 名不参加。收入按 1982 年美元计，美国。",
        ),
    ),
)

_NSW_PSID = PublicSet(
    package="wooldridge",
    dataset="jtrain3",
    rows=2675,
    names=NAMES,
    shape=_dollars,
    card=SourceCard(
        title=Text(
            "Trained men of the experiment with men of a household survey",
            "试验中的受训男性与住户调查中的男性",
        ),
        publisher="R. LaLonde; untrained men from the Panel Study of Income Dynamics (PSID-1)",
        publisher_zh="R. LaLonde；未受训男性取自收入动态追踪调查（PSID-1）",
        citation=LALONDE,
        licence=WOOLDRIDGE,
        vintage="1974-1978",
        unit_of_record=Text("one man", "一名男性"),
        notes=Text(
            "The same 185 trained men beside 2,490 male household heads under 55 who were not"
            " trained: what an evaluator without an experiment would have had. Earnings in"
            " dollars of 1982; United States.",
            "同样的 185 名受训男性，与 2,490 名 55 岁以下未受训的男性户主："
            "没有试验的评估者只有这些数据。收入按 1982 年美元计，美国。",
        ),
    ),
)

_GRANTS = PublicSet(
    package="wooldridge",
    dataset="jtrain",
    rows=471,
    names={
        "fcode": "firm_id",
        "year": "calendar_year",
        "lscrap": "log_scrap_rate",
        "grant_1": "grant_last_year",
        "union": "unionised",
        "hrsemp": "training_hours_per_employee",
        "clscrap": "change_log_scrap_rate",
        "chrsemp": "change_training_hours",
        "cgrant": "change_grant",
        "lsales": "log_sales",
        "lemploy": "log_employment",
    },
    table="firms",
    card=SourceCard(
        title=Text(
            "Training grants to Michigan firms, 1987-1989", "密歇根州企业培训补助，1987—1989 年"
        ),
        publisher="H. Holzer, R. Block, M. Cheatham and J. Knott",
        publisher_zh="H. Holzer、R. Block、M. Cheatham 与 J. Knott",
        citation=(
            "Holzer, H., Block, R., Cheatham, M. and Knott, J. (1993). Are training subsidies for"
            " firms effective? The Michigan experience. Industrial and Labor Relations Review"
            " 46, 625-636."
        ),
        licence=WOOLDRIDGE,
        vintage="1987-1989",
        unit_of_record=Text("one firm in one year", "一家企业的一年"),
        notes=Text(
            "157 firms in three years; 54 report their scrap rate in all of them. Grants were"
            " given first come, first served.",
            "157 家企业，三年；其中 54 家各年均报告废品率。补助按申请先后发放。",
        ),
    ),
)

SETS: dict[str, PublicSet] = {"nsw": _NSW, "nsw_psid": _NSW_PSID, "michigan_grants": _GRANTS}
