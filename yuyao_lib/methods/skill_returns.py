"""What training, degrees, titles, prizes and proposals go with in pay.

The public door: what a notebook needs stands here, whatever module it lives in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.absence import Absent
from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.colleague_studies import ColleagueStudy, colleague_study, difference_of
from yuyao_lib.methods.course_comparisons import Weighted, naive_gap, weighted_courses
from yuyao_lib.methods.known_answers import Answer, KnownAnswers
from yuyao_lib.methods.pay_cutoffs import (
    CutoffChecks,
    PayCutoff,
    pass_mark,
    prize_margin,
    title_score,
)
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats
    from yuyao_lib.sources.pay_spells import PaySpells

__all__ = [
    "ColleagueStudy",
    "CutoffChecks",
    "EventStudies",
    "PayCutoff",
    "Returns",
    "Variants",
    "Weighted",
    "event_studies",
    "part",
    "pass_mark",
    "prize_margin",
    "title_score",
    "together",
    "training_gap",
    "training_variants",
    "weighted_courses",
]

TABLES = {
    "training": ("training", "worker_quarters"), "degree": ("training", "worker_quarters"),
    "title": ("titles", "worker_quarters"),
    "prize": ("contests", "contest_entries", "worker_quarters"),
    "adopted": ("suggestions", "worker_quarters"), "rejected": ("suggestions", "worker_quarters"),
}  # fmt: skip
TERMS = {
    "training": "pay_after_training", "degree": "pay_after_degree", "title": "pay_after_title",
    "prize": "pay_after_prize", "adopted": "pay_after_proposal",
    "rejected": "pay_after_proposal",
}  # fmt: skip
NAMES = {
    "naive_gap": Text("Course: gap as it stands", "培训：直接差距"),
    "weighted_level": Text("Course: weighted pay", "培训：加权工资"),
    "weighted_change": Text("Course: weighted change of pay", "培训：加权工资变化"),
    "training": Text("Course: against colleagues", "培训：与同事比较"),
    "pass_mark": Text("Exam: at the pass mark", "考试：及格线处"),
    "prize_cutoff": Text("Contest prize: at the last prize", "竞赛获奖：末名获奖处"),
    "prize": Text("Contest prize: against colleagues", "竞赛获奖：与同事比较"),
    "title_cutoff": Text("Honour: at the score", "荣誉：分数线处"),
    "title": Text("Honour: against colleagues", "荣誉：与同事比较"),
    "degree": Text("Degree support: against colleagues", "学历资助：与同事比较"),
    "adopted": Text("Proposal adopted: against colleagues", "建议被采纳：与同事比较"),
    "proposal": Text("Proposal: adopted less rejected", "建议：采纳减未采纳"),
    "degree_quota": Text("Degree support: at the quota", "学历资助：名额处"),
}
PLACES = {
    "naive_gap": "truths/training/log_points", "weighted_level": "truths/training/log_points",
    "weighted_change": "truths/training/log_points", "training": "truths/training/log_points",
    "pass_mark": "truths/exam/jump_pooled_near_mark",
    "prize_cutoff": "truths/prize/log_points", "prize": "truths/prize/log_points",
    "title_cutoff": "truths/title/log_points", "title": "truths/title/log_points",
    "degree": "truths/degree/log_points", "adopted": "truths/proposal/log_points",
    "proposal": "truths/proposal/log_points",
}  # fmt: skip
NO_QUOTA = Text(
    "who applied and was refused is not recorded, nor the order of applications, so the quota"
    " gives no comparison",
    "未记录申请而未获批者及申请次序，因此名额处无法比较",
)
NOTHING = Text(
    "no table of training, exams, titles, contests or proposals was brought beside pay",
    "除工资外，没有培训、考试、荣誉、竞赛或建议的表",
)


@dataclass(frozen=True, slots=True)
class EventStudies:
    """Studies of one kind of comparison for several events.

    Attributes
    ----------
    studies
        By name of the event; an event without its table says so.
    contrast
        Adopted proposals less rejected ones.
    quota
        Why the quota of degree support gives no comparison.
    """

    studies: dict[str, ColleagueStudy | Absent] = field(repr=False)
    contrast: Estimate | None
    quota: Estimate | None

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Pooled effects of what was run, and the contrast."""
        pooled = tuple(
            s.pooled for name, s in self.studies.items()
            if isinstance(s, ColleagueStudy) and name != "rejected"
        )  # fmt: skip
        more = tuple(e for e in (self.contrast, self.quota) if e is not None)
        return (*pooled, *more)

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


@dataclass(frozen=True, slots=True)
class Returns:
    """Every route of the page, the one against colleagues first.

    Attributes
    ----------
    estimates
        One a route; a single one that says why when there are none.
    """

    estimates: tuple[Estimate, ...]

    @property
    def known_answers(self) -> KnownAnswers:
        """Every route beside what was set in a simulated register."""
        held = [e for e in self.estimates if e.key in PLACES and e.undefined is None]
        return KnownAnswers(tuple(Answer(NAMES[e.key], e, PLACES[e.key]) for e in held), NOTE)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a route."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


NOTE = Text(
    "The gap as it stands and weighted pay aim at the same answer as the comparison with"
    " colleagues, and miss it where ability, which is not measured, decides who takes a course."
    " Degrees, honours, prizes and proposals were given no effect on pay.",
    "直接差距与加权工资所求的答案与同事比较相同；在未被测量的能力决定谁参训时，它们会偏离答案。"
    "学历、荣誉、奖项与建议均设定为对工资没有影响。",
)


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
    one, other = studies["adopted"], studies["rejected"]
    both = isinstance(one, ColleagueStudy) and isinstance(other, ColleagueStudy)
    contrast = difference_of(one, other, key="proposal") if both else None  # type: ignore[arg-type]
    quota = None
    if isinstance(studies["degree"], ColleagueStudy):
        quota = studies["degree"].meaning.estimate(
            "degree_quota", "regression_discontinuity", undefined=NO_QUOTA
        )
    return EventStudies(studies, contrast, quota)


def training_gap(
    spells: PaySpells | None, events: Mapping[str, Floats], *, level: float = 0.95
) -> Estimate | Absent:
    """Return the gap as it stands; absent without courses.

    Parameters
    ----------
    spells, events, level
        As in `event_studies`.
    """
    if spells is None or "training" not in events:
        return Absent(("training", "worker_quarters"))
    return naive_gap(spells, events["training"], level=level)


def training_variants(
    spells: PaySpells | None,
    events: Mapping[str, Floats],
    *,
    leads: int = 6,
    lags: int = 8,
    level: float = 0.95,
) -> Variants | Absent:
    """Ask again with other colleagues, and over fewer quarters.

    Parameters
    ----------
    spells, events, leads, lags, level
        As in `event_studies`.
    """
    if spells is None or "training" not in events:
        return Absent(("training", "worker_quarters"))
    meaning = Meaning(term="pay_after_training", n_unit="persons", level=level)
    asked: list[dict[str, Any]] = [
        {"bands": ()}, {"lags": max(lags // 2, 1)}, {"reference": -2},
    ]  # fmt: skip
    made = tuple(
        colleague_study(
            spells, events["training"],
            **{"leads": leads, "lags": lags, "meaning": meaning, "key": f"variant_{n}", **one},
        ).pooled
        for n, one in enumerate(asked, start=1)
    )  # fmt: skip
    names = (
        Text("colleagues whatever their years with the employer", "不论在职年数的全部同事"),
        Text(f"quarters 1 to {max(lags // 2, 1)} alone", f"仅第 1 至 {max(lags // 2, 1)} 季度"),
        Text("against the second quarter before", "以事前第二季度为参照"),
    )
    return Variants(names, made)


def part(result: Any, name: str) -> Any:
    """Return a part of a result, or the result itself where it was not run.

    Examples
    --------
    >>> part(Absent(("titles",)), "checks").tables
    ('titles',)
    """
    if isinstance(result, Absent):
        return result
    if isinstance(result, EventStudies):
        return result.studies[name]
    return getattr(result, name)


def together(parts: Sequence[Any]) -> Returns:
    """Put the routes of a page together, in the order in which they are told.

    Parameters
    ----------
    parts
        Results and estimates, those that were not run included.

    Examples
    --------
    >>> together([Absent(("training",))]).estimates[0].undefined.zh
    '除工资外，没有培训、考试、荣誉、竞赛或建议的表'
    """
    every = {}
    for held in parts:
        for e in (held,) if isinstance(held, Estimate) else held.estimates:
            if e.key in NAMES:  # target grades stay with their own table
                every[e.key] = e
    order = {key: place for place, key in enumerate(NAMES)}
    found = sorted(every.values(), key=lambda e: (e.key != "training", order.get(e.key, 99)))
    return Returns(tuple(found) or (_nothing(),))


def _nothing() -> Estimate:
    """Return an estimate that says that there is nothing."""
    return Estimate(
        key="training", term="pay_after_training", method="colleague_comparison",
        unit="log_points", design=Design.QUASI, undefined=NOTHING,
    )  # fmt: skip
