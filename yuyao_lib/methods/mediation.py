"""Mediation of disputes: how cases end under a standard, money, rooms, legal aid, risks.

The public door: what a notebook needs stands here, whatever module it lives in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.known_answers import Answer, KnownAnswers
from yuyao_lib.methods.mediation_aid import LegalAid, legal_aid
from yuyao_lib.methods.mediation_cases import Cases, prepare
from yuyao_lib.methods.mediation_limit import LegalLimit, legal_limit
from yuyao_lib.methods.mediation_money import AmountScope, Money, money
from yuyao_lib.methods.mediation_ratios import (
    StandardRatios,
    Variants,
    standard_ratios,
    variants,
)
from yuyao_lib.methods.mediation_risks import RiskFunnel, risk_funnel
from yuyao_lib.methods.mediation_rooms import RoomOpenings, room_openings, town_filings
from yuyao_lib.methods.mediation_standard import Standard, by_standard
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Cases",
    "LegalAid",
    "LegalLimit",
    "Mediation",
    "Money",
    "RiskFunnel",
    "RoomOpenings",
    "Standard",
    "StandardRatios",
    "Variants",
    "by_standard",
    "legal_aid",
    "legal_limit",
    "mediation",
    "money",
    "prepare",
    "risk_funnel",
    "room_openings",
    "standard_ratios",
    "town_filings",
    "variants",
]

PLACES = {"settled": "truths/ratios/settlement_standard", "arbitration": "1", "withdrawn": "1"}
RATIO_NAMES = {
    "settled": Text("Settlement under the standard, hazard ratio", "达标后和解的风险比"),
    "arbitration": Text("Arbitration under the standard, hazard ratio", "达标后仲裁的风险比"),
    "withdrawn": Text("Withdrawal under the standard, hazard ratio", "达标后撤回的风险比"),
}
LIMIT_NAME = Text(
    "Share of open cases ended on the day of the limit", "在法定期限当日结束的未结案件比例"
)
ROOM_NAME = Text(
    "Filings per 1,000 workers after one more room", "增设工作室后每千人仲裁申请的变化"
)
AID_NAME = Text(
    "Settlement with legal aid, weighted difference", "有法律援助者和解比例之差（加权）"
)
NO_DIFFERENCE = Text(
    "Under the standard only settlement was made likelier; a room more and legal aid were given"
    " no part in how cases of mediation end.",
    "我们只设定达标后和解的可能性更大；增设工作室与法律援助对调解案件如何结束未设任何作用。",
)


@dataclass(frozen=True, slots=True)
class Mediation:
    """Every part of a page on mediation; parts without their table say so.

    Attributes
    ----------
    cases
        The mediated cases.
    shares, ratios
        How they end before and under the standard: shares by the horizon; ratios of the
        chance of each ending among cases still open.
    limit
        The spike at the legal limit.
    money, rooms, aid, risks
        Amounts, openings of rooms, legal aid, screened risks.
    """

    cases: Cases
    shares: Standard
    ratios: StandardRatios
    limit: LegalLimit
    money: Money
    rooms: RoomOpenings
    aid: LegalAid
    risks: RiskFunnel

    @property
    def settlement(self) -> Estimate:
        """Difference in the log chance of settlement under the standard."""
        found = {e.key: e for e in self.ratios.estimates}
        return replace(found.get("settled") or next(iter(found.values())), key="ending_settled")

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Settlement first; then other ways, shares, the limit, money, rooms, aid, risks."""
        others = [e for e in self.ratios.estimates if e.key != "settled"]
        return (
            self.settlement,
            *_named("ending", tuple(others)),
            *_named("share", self.shares.estimates),
            *self.limit.estimates,
            *(e for e in self.money.estimates if e.key.startswith(("recovered", "per_case"))),
            *self.rooms.estimates,
            *_named("legal_aid", self.aid.estimates),
            *_named("risks", self.risks.estimates),
        )

    @property
    def known_answers(self) -> KnownAnswers:
        """What a simulated register was given, beside what is estimated."""
        ratios = {e.key: e for e in self.ratios.ratios}
        found = {e.key: e for e in self.aid.estimates}
        answers = [
            Answer(RATIO_NAMES[way], ratios[way], place)
            for way, place in PLACES.items() if way in ratios
        ]  # fmt: skip
        answers.append(Answer(LIMIT_NAME, self.limit.estimates[0], "parameters/limit_share"))
        answers.append(Answer(ROOM_NAME, self.rooms.overall, "0"))
        if "settled_weighted" in found:
            answers.append(Answer(AID_NAME, found["settled_weighted"], "0"))
        return KnownAnswers(tuple(answers), NO_DIFFERENCE)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def _named(part: str, estimates: tuple[Estimate, ...]) -> list[Estimate]:
    """Put the part's name before each key, so that no two are the same."""
    return [replace(e, key=f"{part}_{e.key}") for e in estimates]


def mediation(
    tables: Mapping[str, pd.DataFrame],
    *,
    standard_from: str,
    window: tuple[str, str],
    horizon: float = 15.0,
    limit: int = 15,
    amount_scope: AmountScope = "disputes",
    level: float = 0.95,
) -> Mediation:
    """Estimate every part of the page that the tables allow.

    Parameters
    ----------
    tables
        Those there are of ``disputes``, ``rooms``, ``employers`` and ``risks``.
    standard_from
        Day from which the national standard holds; where rooms are known, the day on
        which a case's own room met it counts.
    window
        First and last day over which money and filings are counted; the last is also the
        last day on which cases were watched.
    horizon, limit
        Days by which shares are told; day of the legal limit.
    amount_scope
        Cases that amounts belong to.
    level
        Coverage of the intervals.

    Examples
    --------
    >>> found = mediation({}, standard_from="2022-07-01", window=("2018-07-01", "2023-06-30"))
    >>> found.settlement.undefined.en
    'not run: the table of disputes is missing'
    """
    disputes, rooms = tables.get("disputes"), tables.get("rooms")
    cases = prepare(disputes, rooms, standard_from=standard_from, until=window[1])
    return Mediation(
        cases=cases,
        shares=by_standard(cases, horizon=horizon, level=level),
        ratios=standard_ratios(cases, level=level),
        limit=legal_limit(cases, limit=limit, level=level),
        money=money(disputes, scope=amount_scope, window=window, level=level),
        rooms=room_openings(disputes, rooms, tables.get("employers"), window=window, level=level),
        aid=legal_aid(cases, horizon=horizon, level=level),
        risks=risk_funnel(tables.get("risks"), disputes, until=window[1], level=level),
    )
