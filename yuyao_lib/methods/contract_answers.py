"""The answers of the contract page, each beside what was set where that is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from yuyao_lib import schema
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.beside_truth import BesideTruth, beside
from yuyao_lib.vocabulary import Text, term

if TYPE_CHECKING:
    from yuyao_lib.methods.contract_effects import PartEffects
    from yuyao_lib.methods.group_time_results import Aggregate
    from yuyao_lib.methods.pretrends import PreTrend

__all__ = [
    "gap_and_design",
    "grade_names",
    "in_cohorts",
    "in_grades",
    "in_quarters",
    "in_unions",
    "meaning_of",
    "other_outcomes",
    "trend_before",
]

GRADES = {
    0: Text("no grade", "无等级"),
    **{
        grade: term(key).text
        for grade, key in enumerate(
            (
                "junior_worker",
                "intermediate_worker",
                "senior_worker",
                "technician",
                "senior_technician",
            ),
            start=1,
        )
    },
}
QUARTERS = Text("Quarters since the contract took effect", "自合同生效起的季度数")


def grade_names(grades: Sequence[int]) -> list[Text]:
    """Return the names of skill grades.

    Examples
    --------
    >>> grade_names([0, 3])[1].en
    'senior worker (grade 3)'
    """
    return [GRADES.get(g) or Text(f"grade {g}", f"等级 {g}") for g in grades]


def meaning_of(kind: str) -> Meaning:
    """Return what an effect of contracts of a kind is about.

    Examples
    --------
    >>> meaning_of("new_form").term
    'new_form_contract_pay_effect'
    """
    terms = {"grade_wage": "contract_pay_effect", "new_form": "new_form_contract_pay_effect"}
    return Meaning(term=terms.get(kind, "collective_contract_pay_effect"), n_unit="firm_quarters")


def gap_and_design(
    gap: Estimate, effect: Estimate, stayers: Estimate, *, truths: Sequence[float | None]
) -> BesideTruth:
    """Lay the naive gap beside what the design says.

    Parameters
    ----------
    gap, effect, stayers
        The cross-section gap, the effect on all workers, the effect on stayers.
    truths
        What was set for each: the gap claims to be the effect on all workers.
    """
    labels = [
        Text("naive gap in the last quarter", "最后一季的直接差距"),
        Text("contract, all workers", "合同，全部职工"),
        Text("contract, stayers", "合同，留任者"),
    ]
    title = Text(
        "The gap between firms is not the effect of the contract",
        "企业之间的差距并不是合同的效应",
    )
    return beside([gap, effect, stayers], truths, labels=labels, title=title)


def in_quarters(study: Aggregate, truths: Mapping[str, float]) -> BesideTruth:
    """Lay the effect by quarter since the contract beside what was set."""
    keys = [str(int(label)) for label in study.labels]
    signed = [key.replace("-", "\N{MINUS SIGN}") for key in keys]
    labels = [Text(f"quarter {key}", f"第 {key} 季度") for key in signed]
    title = Text(
        "Pay before and after the contract, against the last quarter before it",
        "合同生效前后的工资，以生效前一季度为参照",
    )
    return beside(
        study.parts, truths, labels=labels, title=title, keys=keys, across=QUARTERS,
        places=study.labels,
    )  # fmt: skip


def in_cohorts(study: Aggregate, truths: Mapping[str, float]) -> BesideTruth:
    """Lay the effect by first quarter of the contract beside what was set."""
    keys = [schema.quarter_name(int(label)) for label in study.labels]
    title = Text(
        "The effect by the quarter in which the contract began", "按合同起始季度分列的效应"
    )
    labels = [Text(key, key) for key in keys]
    return beside(study.parts, truths, labels=labels, title=title, keys=keys)


def in_grades(parts: PartEffects, truths: Mapping[str, float]) -> BesideTruth:
    """Lay the effect by skill grade beside what was set."""
    labels = grade_names([int(label) for label in parts.labels])
    title = Text("The effect by skill grade", "按技能等级分列的效应")
    return beside(parts.estimates, truths, labels=labels, title=title, keys=parts.labels)


def in_unions(parts: PartEffects) -> BesideTruth:
    """Show the effect by strength of the union; no difference was set."""
    labels = [
        Text("own union with a star", "本企业工会有星级"),
        Text("all others", "其他企业"),
        Text("difference", "二者之差"),
    ]
    title = Text("Contract and union: does one need the other?", "合同与工会：是否相互依赖？")
    return beside(parts.estimates, (None, None, None), labels=labels, title=title)


def other_outcomes(
    turnover: Estimate, disputes: Estimate, *, truths: Sequence[float | None]
) -> BesideTruth:
    """Lay the ratios of leaving and of disputes beside what was set."""
    labels = [
        Text("leaving the firm", "离职"),
        Text("disputes filed", "提出争议"),
    ]
    title = Text(
        "Leaving and disputes under a contract, as a ratio to without", "签约期间离职与争议的比率"
    )
    return beside([turnover, disputes], truths, labels=labels, title=title)


def trend_before(slope: PreTrend, truth: float | None) -> BesideTruth:
    """Lay the slope before the contract beside the trend that was set.

    The slope is taken towards the contract: a positive one means that pay in contract
    firms was already growing faster.
    """
    labels = [
        Text("slope a quarter", "每季度斜率"),
        Text("slope found in most samples", "多数样本能检出的斜率"),
        Text("the slope carried on after the contract", "斜率延续到合同之后"),
    ]
    title = Text("Was pay parting before the contract?", "合同之前工资是否已在分离？")
    return beside(slope.estimates, (truth, None, None), labels=labels, title=title)
