"""What training, degrees, titles, prizes, proposals and mentoring go with in pay and jobs.

The public door: what a notebook needs stands here, whatever module it lives in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.absence import Absent
from yuyao_lib.methods.colleague_outcomes import JobOutcomes, job_outcomes
from yuyao_lib.methods.colleague_studies import ColleagueStudy
from yuyao_lib.methods.course_comparisons import Weighted, naive_gap, weighted_courses
from yuyao_lib.methods.known_answers import Answer, KnownAnswers
from yuyao_lib.methods.pay_cutoffs import (
    CutoffChecks,
    PayCutoff,
    pass_mark,
    prize_margin,
    title_score,
)
from yuyao_lib.methods.proposals import Proposals, proposals
from yuyao_lib.methods.skill_events import (
    EventStudies,
    Variants,
    event_studies,
    training_variants,
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
    "JobOutcomes",
    "PayCutoff",
    "Proposals",
    "Returns",
    "Variants",
    "Weighted",
    "event_studies",
    "job_outcomes",
    "part",
    "pass_mark",
    "prize_margin",
    "proposals",
    "title_score",
    "together",
    "training_gap",
    "training_variants",
    "weighted_courses",
]

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
    "golden": Text("Golden proposal: against colleagues", "金点子：与同事比较"),
    "golden_less": Text("Proposal: golden less other adopted", "建议：金点子减其他采纳"),
    "mentor": Text("Mentor: against colleagues", "师傅：与同事比较"),
    "degree_quota": Text("Degree support: at the quota", "学历资助：名额处"),
}
PLACES = {
    "naive_gap": "truths/training/log_points", "weighted_level": "truths/training/log_points",
    "weighted_change": "truths/training/log_points", "training": "truths/training/log_points",
    "pass_mark": "truths/exam/jump_pooled_near_mark",
    "prize_cutoff": "truths/prize/log_points", "prize": "truths/prize/log_points",
    "title_cutoff": "truths/title/log_points", "title": "truths/title/log_points",
    "degree": "truths/degree/log_points", "adopted": "truths/proposal/log_points",
    "proposal": "truths/proposal/log_points", "golden": "truths/proposal/log_points",
    "golden_less": "truths/proposal/log_points", "mentor": "0",
}  # fmt: skip
STAYS = {
    "stays_training": Text("Course: still with the employer", "培训：留任"),
    "stays_degree": Text("Degree support: still with the employer", "学历资助：留任"),
    "stays_title": Text("Honour: still with the employer", "荣誉：留任"),
    "stays_prize": Text("Contest prize: still with the employer", "竞赛获奖：留任"),
    "stays_mentor": Text("Mentor: still with the employer", "师傅：留任"),
    "stays_apprentice": Text("Apprentice: still with the employer", "徒弟：留任"),
}
PLACES |= dict.fromkeys(STAYS, "0")  # who leaves was drawn without a look at any of them
NOTHING = Text(
    "no table of training, exams, titles, contests or proposals was brought beside pay",
    "除工资外，没有培训、考试、荣誉、竞赛或建议的表",
)


@dataclass(frozen=True, slots=True)
class Returns:
    """Every route of the page, the one against colleagues first, and jobs.

    Attributes
    ----------
    routes
        One a route to pay; a single one that says why when there are none.
    jobs
        Staying and rising after each event, percentage points.
    """

    routes: tuple[Estimate, ...]
    jobs: tuple[Estimate, ...] = ()

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Routes to pay, then jobs."""
        return (*self.routes, *self.jobs)

    @property
    def known_answers(self) -> KnownAnswers:
        """Every route beside what was set in a simulated register."""
        held = [e for e in self.estimates if e.key in PLACES and e.undefined is None]
        names = NAMES | STAYS
        return KnownAnswers(tuple(Answer(names[e.key], e, PLACES[e.key]) for e in held), NOTE)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a route."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


NOTE = Text(
    "The gap as it stands and weighted pay aim at the same answer as the comparison with"
    " colleagues, and miss it where ability, which is not measured, decides who takes a course."
    " Degrees, honours, prizes, proposals and mentoring were given no effect on pay, and none of"
    " all these on who leaves. Grades are left out: mentors and contests make exams likelier.",
    "直接差距与加权工资所求的答案与同事比较相同；在未被测量的能力决定谁参训时，它们会偏离答案。"
    "学历、荣誉、奖项、建议与带徒均设定为对工资没有影响，且各项均不影响离职。"
    "未列等级：师傅与竞赛使参加考试的可能性更大。",
)


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
    every: dict[str, Estimate] = {}
    jobs: list[Estimate] = []
    for held in parts:
        for e in (held,) if isinstance(held, Estimate) else held.estimates:
            if e.key in NAMES:  # target grades stay with their own table
                every[e.key] = e
        jobs += held.estimates if isinstance(held, JobOutcomes) else []
    order = {key: place for place, key in enumerate(NAMES)}
    found = sorted(every.values(), key=lambda e: (e.key != "training", order.get(e.key, 99)))
    return Returns(tuple(found) or (_nothing(),), tuple(jobs))


def _nothing() -> Estimate:
    """Return an estimate that says that there is nothing."""
    return Estimate(
        key="training", term="pay_after_training", method="colleague_comparison",
        unit="log_points", design=Design.QUASI, undefined=NOTHING,
    )  # fmt: skip
