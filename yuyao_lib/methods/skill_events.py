"""The same comparison with colleagues for courses, degrees, honours, prizes, proposals, mentors.

Lives here: which events are studied, and what cannot be asked of them. Does not live here:
the comparison itself (``colleague_studies``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.absence import Absent
from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.colleague_studies import ColleagueStudy, colleague_study, difference_of
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats
    from yuyao_lib.sources.pay_spells import PaySpells

__all__ = ["EventStudies", "Variants", "event_studies", "training_variants"]

TOPIC = "skill_returns"
TABLES = {
    "training": ("training", "worker_quarters"), "degree": ("training", "worker_quarters"),
    "title": ("titles", "worker_quarters"),
    "prize": ("contests", "contest_entries", "worker_quarters"),
    "mentor": ("mentor_pairs", "worker_quarters"),
    "golden": ("suggestions", "worker_quarters"), "adopted": ("suggestions", "worker_quarters"),
    "plain": ("suggestions", "worker_quarters"), "rejected": ("suggestions", "worker_quarters"),
}  # fmt: skip
BESIDE = ("plain", "rejected")  # what others are held against, and no finding of their own
CONTRASTS = {"proposal": ("adopted", "rejected"), "golden_less": ("golden", "plain")}
TERMS = {
    "training": "pay_after_training", "degree": "pay_after_degree", "title": "pay_after_title",
    "prize": "pay_after_prize", "mentor": "pay_after_mentoring",
    "golden": "pay_after_proposal", "adopted": "pay_after_proposal",
    "plain": "pay_after_proposal", "rejected": "pay_after_proposal",
}  # fmt: skip
NO_QUOTA = Text(
    "who applied and was refused is not recorded, nor the order of applications, so the quota"
    " gives no comparison",
    "未记录申请而未获批者及申请次序，因此名额处无法比较",
)


@dataclass(frozen=True, slots=True)
class EventStudies:
    """Studies of one kind of comparison for several events.

    Attributes
    ----------
    studies
        By name of the event; an event without its table says so.
    contrasts
        Adopted proposals less rejected ones, and golden less other adopted ones.
    quota
        Why the quota of degree support gives no comparison.
    """

    studies: dict[str, ColleagueStudy | Absent] = field(repr=False)
    contrasts: tuple[Estimate, ...]
    quota: Estimate | None

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Pooled effects of what was run, and the contrasts."""
        pooled = tuple(
            s.pooled for name, s in self.studies.items()
            if isinstance(s, ColleagueStudy) and name not in BESIDE
        )  # fmt: skip
        return (*pooled, *self.more)

    @property
    def more(self) -> tuple[Estimate, ...]:
        """The contrasts, and why the quota gives none."""
        return self.contrasts if self.quota is None else (*self.contrasts, self.quota)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


@dataclass(frozen=True, slots=True)
class Variants:
    """The comparison with colleagues asked in other ways.

    Attributes
    ----------
    names, estimates
        One a way.
    """

    names: tuple[Text, ...]
    estimates: tuple[Estimate, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a way."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def event_studies(
    spells: PaySpells | None,
    events: Mapping[str, Floats],
    *,
    leads: int = 6,
    lags: int = 8,
    level: float = 0.95,
) -> EventStudies | Absent:
    """Run the same comparison with colleagues for every kind of event.

    Parameters
    ----------
    spells
        Pay; None: absent.
    events
        As from `yuyao_lib.sources.pay_spells.first_events`.
    leads, lags, level
        As in `colleague_study`.
    """
    if spells is None:
        return Absent(("worker_quarters",))
    studies: dict[str, ColleagueStudy | Absent] = {}
    for name, tables in TABLES.items():
        if name not in events:
            studies[name] = Absent(tables)
            continue
        meaning = Meaning(term=TERMS[name], n_unit="persons", level=level)
        studies[name] = colleague_study(
            spells, events[name], leads=leads, lags=lags, key=name, meaning=meaning
        )
    contrasts = tuple(
        difference_of(one, other, key=key)
        for key, names in CONTRASTS.items()
        for one, other in [[studies[name] for name in names]]
        if isinstance(one, ColleagueStudy) and isinstance(other, ColleagueStudy)
    )
    quota = None
    if isinstance(studies["degree"], ColleagueStudy):
        quota = studies["degree"].meaning.estimate(
            "degree_quota", "regression_discontinuity", undefined=NO_QUOTA
        )
    return EventStudies(studies, contrasts, quota)


def training_variants(
    spells: PaySpells | None,
    events: Mapping[str, Floats],
    *,
    lags: int = 8,
    level: float = 0.95,
) -> Variants | Absent:
    """Ask again with other colleagues, and over fewer quarters.

    Parameters
    ----------
    spells, events, lags, level
        As in `event_studies`.
    """
    if spells is None or "training" not in events:
        return Absent(("training", "worker_quarters"))
    meaning = Meaning(term="pay_after_training", n_unit="persons", level=level)
    asked: list[dict[str, Any]] = [
        {"bands": (), "leads": 1}, {"lags": max(lags // 2, 1), "leads": 1},
        {"reference": -2, "leads": 2},
    ]  # fmt: skip
    made = tuple(
        colleague_study(
            spells, events["training"],
            **{"lags": lags, "meaning": meaning, "key": f"variant_{n}", **one},
        ).pooled
        for n, one in enumerate(asked, start=1)
    )  # fmt: skip
    names = (
        Text("colleagues whatever their years with the employer", "不论在职年数的全部同事"),
        Text(f"quarters 1 to {max(lags // 2, 1)} alone", f"仅第 1 至 {max(lags // 2, 1)} 季度"),
        Text("against the second quarter before", "以事前第二季度为参照"),
    )
    return Variants(names, made)
