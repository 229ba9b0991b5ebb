"""The skill ladder: moves between grades, promotion against leaving, hazards, exam scores.

The public door: what a notebook needs stands here, whatever module it lives in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.competing_risks import CumulativeIncidence, endings
from yuyao_lib.methods.grade_moves import NO_GRADES, GradeMoves, grade_moves
from yuyao_lib.methods.grade_occupancy import GradeOccupancy, grade_occupancy
from yuyao_lib.methods.heaping import Heaping, heaping
from yuyao_lib.methods.known_answers import Answer, KnownAnswers
from yuyao_lib.methods.promotion_cox import promotion_cox
from yuyao_lib.methods.promotion_hazards import PromotionHazards, promotion_hazards
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.sources.grade_counts import CAME_BEFORE, GradeCounts
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["HazardVariants", "SkillLadder", "hazard_variants", "skill_ladder"]

PLACES = {
    "accredited": "truths/ratios/promotion_accreditation",
    "mentored": "truths/ratios/promotion_mentor",
    "contest": "truths/ratios/promotion_contest",
    "trained": "1",
}
# who has these is no abler than others, so that a ratio of sitting is one of promotion
ALIKE = ("accredited", "mentored")
NAMES = {
    "accredited": Text("Employer accredited for grades", "单位已备案自主评价"),
    "mentored": Text("Had a mentor before", "此前有师傅带教"),
    "contest": Text("Entered a contest before", "此前参加过竞赛"),
    "trained": Text("Took a skill course before", "此前参加过技能培训"),
}
NOTE = Text(
    "The ratios were set for sitting an exam. Employers' accreditation and mentors do not go with"
    " ability, so the same ratios hold for promotion. Who enters contests or takes courses is"
    " abler and passes more often: promotion there has a larger ratio than the one that was set,"
    " and only sitting is held against it.",
    "设定的比值针对参加评价考试。单位备案与师傅带教与能力无关，因此晋级的比值相同；"
    "参加竞赛或培训者能力较强、通过率较高，其晋级的比值大于设定值，故只将参加考试的比值与设定值对照。",
)
NOBODY = Text(
    "not run: no worker of this grade was hired while watched",
    "未运行：观察期内没有该等级的新入职职工",
)
COX = Text(
    "Cox's model, time in quarters since the grade began", "Cox 模型，时间为进入该等级后的季度数"
)
NO_EXAMS = Text("not run: no table of exams holds scores", "未运行：没有含分数的考试表")


@dataclass(frozen=True, slots=True)
class SkillLadder:
    """Every part of the page; parts without their table say so.

    Attributes
    ----------
    moves
        Grades a year apart.
    endings
        Promotion against leaving among the newly hired of one grade.
    hazards, sitting
        Ratios of the chance of promotion, and of sitting an exam.
    heap
        Exam scores at the pass mark.
    occupancy
        States of those who held the grade in the first quarter.
    """

    moves: GradeMoves
    endings: CumulativeIncidence
    hazards: PromotionHazards
    sitting: PromotionHazards
    heap: Heaping
    occupancy: GradeOccupancy

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Ratios of promotion in logs first; then moves, ways of ending, sitting, the heap."""
        return (
            *(replace(e, key=f"promotion_{e.key}") for e in self.hazards.estimates),
            *self.moves.estimates,
            *self.occupancy.estimates,
            *(replace(e, key=f"within_{e.key}") for e in self.endings.estimates),
            *(replace(e, key=f"sitting_{e.key}") for e in self.sitting.estimates),
            *self.heap.estimates,
        )

    @property
    def known_answers(self) -> KnownAnswers:
        """What a simulated register was given, beside what is estimated."""
        made = []
        for model, what in ((self.hazards, Text("promotion", "晋级")),
                            (self.sitting, Text("sitting an exam", "参加考试"))):  # fmt: skip
            for ratio in model.ratios:
                if model is self.hazards and ratio.key not in ALIKE:
                    continue
                name = NAMES[ratio.key]
                words = Text(f"{name.en}: {what.en}, hazard ratio", f"{name.zh}：{what.zh}风险比")
                made.append(Answer(words, ratio, PLACES[ratio.key]))
        return KnownAnswers(tuple(made), NOTE)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


@dataclass(frozen=True, slots=True)
class HazardVariants:
    """The same ratios told in other ways.

    Attributes
    ----------
    names, models
        One a way.
    """

    names: tuple[Text, ...]
    models: tuple[PromotionHazards, ...]

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Every estimate of every way."""
        return tuple(e for m in self.models for e in m.estimates)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)


def skill_ladder(
    counts: GradeCounts | None,
    exams: pd.DataFrame | None,
    *,
    grade: int = 0,
    horizon_quarters: int = 12,
    pass_mark: float = 60.0,
    lifted_from: float = 3.0,
    lifted_to: float = 2.0,
    level: float = 0.95,
) -> SkillLadder:
    """Estimate every part of the page that the tables allow.

    Parameters
    ----------
    counts
        From `yuyao_lib.sources.grade_counts.grade_counts`; None: no grades are known.
    exams
        One row an exam with ``theory`` and ``skill``; the lower counts. None: absent.
    grade
        Grade when hired, of those whose promotion and leaving are followed.
    horizon_quarters
        Quarters within which shares are told.
    pass_mark, lifted_from, lifted_to
        Mark; points below it from which, and above it to which, scores may be lifted.
    level
        Coverage of the intervals.

    Raises
    ------
    InputError
        If a number is outside its range.

    Examples
    --------
    >>> found = skill_ladder(None, None)
    >>> found.estimates[0].undefined.en
    'not run: no table of worker-quarters holds grades'
    """
    cells = None if counts is None else counts.cells
    shared: dict[str, Any] = {"covariates": CAME_BEFORE, "level": level, "absent": NO_GRADES}
    return SkillLadder(
        moves=grade_moves(None if counts is None else counts.moves, level=level),
        endings=_endings(counts, grade, horizon_quarters, level),
        hazards=promotion_hazards(cells, **shared),
        sitting=promotion_hazards(cells, event="sat", **shared),
        heap=_heap(exams, pass_mark, lifted_from, lifted_to, level),
        occupancy=grade_occupancy(
            None if counts is None else counts.held, grade=grade, level=level
        ),
    )


def hazard_variants(counts: GradeCounts | None, *, level: float = 0.95) -> HazardVariants:
    """Fit the hazards by Cox's model, with fewer levels, on fewer grades, and with one more.

    Parameters
    ----------
    counts
        As in `skill_ladder`.
    level
        Coverage of the intervals.
    """
    cells = None if counts is None else counts.cells
    ways = (
        (Text("levels by grade alone", "仅按等级设定水平"), cells, ("grade",)),
        (
            Text("only grades whose beginning was not seen", "仅未观察到起点的等级"),
            None if cells is None else cells[cells["begun"] == 0],
            ("grade", "years_in_grade"),
        ),
        (
            Text("levels by grade and employer's accreditation ever", "按等级与单位是否曾备案"),
            None if cells is None or "accredited" not in cells else _ever(cells),
            ("grade", "begun", "years_in_grade", "ever"),
        ),
    )
    made = tuple(
        promotion_hazards(part, covariates=CAME_BEFORE, strata=strata, level=level,
                          absent=NO_GRADES) for _, part, strata in ways
    )  # fmt: skip
    cox = promotion_cox(None if counts is None else counts.intervals, covariates=CAME_BEFORE,
                        level=level, absent=NO_GRADES)  # fmt: skip
    return HazardVariants((COX, *(w[0] for w in ways)), (cox, *made))


def _ever(cells: pd.DataFrame) -> pd.DataFrame:
    """Add whether an employer was ever accredited while watched."""
    ever = cells.groupby("employer_id")["accredited"].transform("max")
    return cells.assign(ever=ever)


def _endings(
    counts: GradeCounts | None, grade: int, horizon: int, level: float
) -> CumulativeIncidence:
    """Follow the newly hired of one grade until they are promoted or leave."""
    if not 0 <= grade <= 4:
        raise InputError(sentence("grade", got=grade, allowed="0 to 4"))
    spells = None if counts is None else counts.spells
    part = None if spells is None else spells[spells["grade"] == grade]
    if part is None or part.empty or part["way"].isna().all():
        why = NO_GRADES if part is None else NOBODY
        none = Estimate(key="cause", term="cumulative_incidence", method="aalen_johansen",
                        unit="share", design=Design.DESCRIPTION, undefined=why)  # fmt: skip
        return CumulativeIncidence((), (none,), None, "quarters", 0)
    rows = part.loc[np.repeat(part.index.to_numpy(), part["workers"].to_numpy("int64"))]
    stop = min(float(horizon), float(rows["quarters"].max()))
    return endings(rows, duration="quarters", cause="way", horizon=stop, level=level,
                   unit="quarters")  # fmt: skip


def _heap(
    exams: pd.DataFrame | None, mark: float, below: float, above: float, level: float
) -> Heaping:
    """Look for a heap of the lower score at the pass mark."""
    told: dict[str, Any] = {"running": "exam_score", "at": mark, "below": below, "above": above}
    if exams is None or len(exams) == 0:
        none = tuple(
            Estimate(key=k, term=k, method="smooth_counts", unit="persons",
                     design=Design.DESCRIPTION, undefined=NO_EXAMS)
            for k in ("heaped_above", "missing_below")
        )  # fmt: skip
        empty = np.zeros(0)
        return Heaping(estimates=none, edges=empty, counts=empty, expected=empty, **told)
    lower = exams[["theory", "skill"]].min(axis=1, skipna=False).rename("exam_score").to_frame()
    return heaping(lower, level=level, n_unit="exams", **told)
