"""What share of the variance of pay lies between employers, workers and grades.

The public door of the page on wage components: what a notebook needs stands here.
"""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.coefficients import Told
from yuyao_lib.methods.contract_dispersion import ContractDispersion, contract_dispersion
from yuyao_lib.methods.contract_starts import contract_starts
from yuyao_lib.methods.grade_cells import grade_cells
from yuyao_lib.methods.grade_premia import GradePremia, grade_premia
from yuyao_lib.methods.known_answers import Answer, KnownAnswers
from yuyao_lib.methods.leave_out import FORMS, Forms, forms, leave_out_firms
from yuyao_lib.methods.matches import Matches, make_matches
from yuyao_lib.methods.samples import check_level
from yuyao_lib.methods.smaller_sides import Counts, carriers
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ContractDispersion",
    "GradePremia",
    "WageComponents",
    "contract_dispersion",
    "contract_starts",
    "grade_cells",
    "grade_premia",
    "make_matches",
    "wage_components",
]

PARTS = ("worker", "firm", "covariance", "grade", "grade_worker", "grade_firm", "residual")
NO_MOVERS = Text(
    "too few workers change employer for every match to be left out in turn, so employers"
    " cannot be told from their workers",
    "更换单位的职工过少，无法逐一剔除匹配，因此无法区分单位与职工的作用",
)
FEWEST_MOVERS = 30
DELTA = Text(
    "leave-out noise by length of match, the error of its own estimate counted, delta method,"
    " effects as they are in these data, in the workers' part the error of what grades are paid"
    " counted too, normal",
    "按匹配长度估计的剔除噪声并计入其自身的估计误差，delta 法，效应取数据中的值，"
    "职工部分并计入等级工资的估计误差，正态分布",
)


@dataclass(frozen=True, slots=True)
class WageComponents:
    """Parts of the variance of log pay, as estimated and with the bias of noise taken out.

    Attributes
    ----------
    estimates
        For every part ``<part>`` (corrected) and ``plug_in_<part>``, squared log points;
        then ``share_<part>`` (corrected, of the total), ``total``, and ``step_<grade>``: what
        a grade is paid over the lowest when a worker's grade changes within a match.
    total
        Variance of log pay around the periods' means.
    workers, movers, firms, matches, rows
        Sizes of the set that was used.
    left_out
        Share of rows outside the set.
    kept_with_grades
        The estimates when pay is not split by grade.
    """

    estimates: tuple[Estimate, ...]
    total: float
    workers: int
    movers: int
    firms: int
    matches: int
    rows: int
    left_out: float
    kept_with_grades: tuple[Estimate, ...] = field(default=(), repr=False)

    @property
    def without_grades(self) -> WageComponents:
        """The same parts with what grades are paid left with workers and employers."""
        return replace(self, estimates=self.kept_with_grades or self.estimates)

    def of(self, key: str) -> Estimate:
        """Return one estimate by its key."""
        return next(e for e in self.estimates if e.key == key)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)

    @property
    def known_answers(self) -> KnownAnswers:
        """The parts beside what a simulated register was given."""
        held = {e.key: e for e in self.estimates}
        answers = []
        for key, (name, place) in PLACES.items():
            if key in held:
                answers.append(Answer(name, held[key], place))
        for key, e in held.items():
            if key.startswith("step_"):
                label = step_name(key)
                grade = key.removeprefix("step_")
                answers.append(Answer(label, e, f"truths/grade_premium/{grade}"))
        return KnownAnswers(tuple(answers), NOT_SPLIT)


def step_name(key: str) -> Text:
    """Name what a grade is paid over the lowest, by the key of the estimate.

    Examples
    --------
    >>> step_name("step_3").en
    'Senior worker (grade 3) over the lowest grade'
    """
    from yuyao_lib.methods.contract_answers import grade_names

    grade = key.removeprefix("step_")
    (name,) = grade_names([int(grade)]) if grade.isdigit() else (Text(grade, grade),)
    return Text(
        f"{name.en[:1].upper()}{name.en[1:]} over the lowest grade", f"{name.zh}相对最低等级"
    )


PLACES = {
    "plug_in_firm": (
        Text("Employers, plug-in", "单位（未修正）"),
        "truths/lasting_variance/variance/firm",
    ),
    "firm": (Text("Employers, corrected", "单位（修正）"), "truths/lasting_variance/variance/firm"),
    "plug_in_worker": (
        Text("Workers, plug-in", "职工（未修正）"),
        "truths/lasting_variance/variance/worker",
    ),
    "worker": (
        Text("Workers, corrected", "职工（修正）"),
        "truths/lasting_variance/variance/worker",
    ),
    "plug_in_covariance": (
        Text("Twice the covariance, plug-in", "两倍协方差（未修正）"),
        "truths/lasting_variance/twice_covariance/worker+firm",
    ),
    "covariance": (
        Text("Twice the covariance, corrected", "两倍协方差（修正）"),
        "truths/lasting_variance/twice_covariance/worker+firm",
    ),
    "grade": (Text("Grades", "等级"), "truths/variance/variance/grade"),
    "grade_worker": (
        Text("Twice the covariance of grades and workers", "等级与职工的两倍协方差"),
        "truths/variance/twice_covariance/worker+grade",
    ),
}
NOT_SPLIT = Text(
    "Intervals hold the noise of matches and of its estimate. What was set for employers holds the"
    " mean of their shocks over these quarters, which no record can tell from what they pay always."
    " Pay for tenure was set too and is not split off: it moves the workers' part by some"
    " ten-thousandths, which such narrow intervals can show as a miss.",
    "区间含匹配的噪声及其估计误差。为单位设定的值含其冲击在这些季度的均值，任何记录都无法将其与单位固有的工资"
    "水平分开。工龄工资也由我们设定，此处未单独分出：它使职工部分变动万分之几，区间很窄时可能显示为未包含。",
)


def wage_components(
    frame: pd.DataFrame,
    *,
    outcome: str = "log_gross_wage",
    worker: str = "worker_id",
    employer: str = "employer_id",
    period: str = "period",
    grade: str | None = "grade",
    level: float = 0.95,
) -> WageComponents:
    r"""Split the variance of log pay into workers, employers, grades and what is left.

    :math:`y_{it} = \alpha_i + \psi_{f(i,t)} + g_{it} + \tau_t + \varepsilon_{it}` (Abowd,
    Kramarz and Margolis 1999). Grades and periods are estimated within matches; worker and
    employer effects from match means. Noise in many estimated effects adds to their
    variance and takes from their covariance (Andrews et al. 2008); the corrected parts
    take it out by leaving out one match at a time (Kline, Saggio and Solvsten 2020).

    Parameters
    ----------
    frame, outcome, worker, employer, period, grade
        As in `make_matches`; where there is no column of grades, pay is not split by them.
    level
        Coverage of the intervals.

    Raises
    ------
    DataError
        If a column is not there.
    """
    check_level(level)
    graded = grade if grade in frame.columns else None
    made = make_matches(
        frame, outcome=outcome, worker=worker, employer=employer, period=period, grade=graded
    )
    kept = leave_out_firms(made.worker, made.firm, made.n)
    who, firm = made.worker[kept], made.firm[kept]
    moving = np.unique(who)[np.bincount(who)[np.unique(who)] > 1]
    sizes: dict[str, Any] = {
        "workers": len(np.unique(who)), "movers": len(moving), "firms": len(np.unique(firm)),
        "matches": len(who), "rows": int(made.n[kept].sum()),
        "left_out": 1 - float(made.n[kept].sum() / made.n.sum()),
    }  # fmt: skip
    told = Told(method="leave_out", n=int(sizes["rows"]), n_unit="person_quarters", level=level,
                inference=DELTA,
                residual_df=sizes["rows"] - sizes["workers"] - sizes["firms"] + 1)  # fmt: skip
    if len(moving) < FEWEST_MOVERS or sizes["firms"] < 2:
        found = [_missing(told, part) for part in ("firm", "worker", "covariance")]
        rest = (_total(made, told), *_steps(made, told))
        return WageComponents((*found, *rest), made.total, **sizes)
    pays = [made.pay[kept], (made.pay + made.graded)[kept]]
    split, whole = forms(who, firm, made.n[kept], pays if graded else pays[:1] * 2)
    parts = _parts(made, kept, split, graded is not None)
    known = replace(split, error=split.error | _with_steps(made, kept, split))
    # employers are told from each other by those who were with several
    crossed = firm[np.isin(who, moving)]
    behind: Counts = {"persons": len(moving), "employers": carriers(np.bincount(crossed))}
    split_up, ungraded = (
        [replace(e, **behind) for e in _told(held, form, told, made.total)]
        for held, form in ((parts, known), (_parts(made, kept, whole, False), whole))
    )
    estimates = (*split_up, _total(made, told), *_steps(made, told))
    return WageComponents(estimates, made.total, **sizes, kept_with_grades=tuple(ungraded))


def _parts(
    made: Matches, kept: np.ndarray, split: Forms, graded: bool
) -> dict[str, dict[str, float]]:
    """Return every part, plug-in and corrected."""
    n, paid = made.n[kept], made.graded[kept]
    whole = float(n.sum())
    paid = paid - n @ paid / whole
    shared = {
        "grade": made.grade_variance,
        "grade_worker": 2 * float(n @ (split.alpha * paid)) / whole,
        "grade_firm": 2 * float(n @ (split.psi * paid)) / whole,
    }
    found = {}
    for name, values in (("plug_in", split.plug_in), ("corrected", split.corrected)):
        own = {form: values[form] * (2 if form == "covariance" else 1) for form in FORMS}
        held = own | (shared if graded else {})
        found[name] = {**held, "residual": made.total - sum(held.values())}
    return found


def _with_steps(made: Matches, kept: np.ndarray, split: Forms) -> dict[str, float]:
    """Return the error of the workers' part with that of what grades are paid counted.

    Pay for grades is taken out before the split. Where the abler hold the higher grades,
    a step that is estimated too high takes from what the workers differ by: by the delta
    method -2 times the covariance of workers' effects and the share of their time in the grade.
    """
    n, shares = made.n[kept], made.shares[kept].astype("float64")
    away = split.alpha - float(n @ split.alpha) / n.sum()
    slope = -2 * (n * away) @ shares / n.sum()
    return {"worker": float(np.sqrt(split.error["worker"] ** 2 + slope @ made.step_spread @ slope))}


def _told(
    parts: dict[str, dict[str, float]], split: Forms, told: Told, total: float
) -> list[Estimate]:
    """Turn the parts into estimates."""
    plain = {"design": Design.DESCRIPTION, "caveat": None}
    made = []
    names = [part for part in PARTS if part in parts["corrected"]]
    for part in names:
        value, words = parts["corrected"][part], {"term": f"variance_{part}", **plain}
        error = split.error.get(part)
        if error is None:
            bare = {"inference": None, "unit": "squared_log_points"}
            made.append(told.given(part, estimate=value, **bare, **words))
            made.append(told.given(f"share_{part}", estimate=value / total,
                                   **{**bare, "unit": "share"}, **words))  # fmt: skip
            continue
        error *= 2 if part == "covariance" else 1
        made.append(told.wald(part, value, error, unit="squared_log_points", **words))
        made.append(told.wald(f"share_{part}", value / total, error / total, unit="share", **words))
    for part in names:
        made.append(
            told.given(f"plug_in_{part}", estimate=parts["plug_in"][part], inference=None,
                       unit="squared_log_points", term=f"variance_{part}",
                       **{**plain, "method": "plug_in"})
        )  # fmt: skip
    return made


def _total(made: Matches, told: Told) -> Estimate:
    """Return the variance of log pay around the periods' means."""
    words = {"term": "variance_of_logs", "unit": "squared_log_points", "caveat": None}
    return told.given("total", estimate=made.total, n=made.rows, inference=None,
                      method="all_rows", design=Design.DESCRIPTION, **words)  # fmt: skip


def _steps(made: Matches, told: Told) -> list[Estimate]:
    """Return what each grade is paid over the lowest, within matches."""
    words: dict[str, Any] = {
        "term": "skill_premium",
        "unit": "log_points",
        "method": "within_matches",
    }
    words |= {"inference": CLUSTERED, "n": made.rows}
    found = zip(made.grades, made.steps, made.step_errors, made.step_parts, strict=True)
    behind = zip(made.step_changers, made.step_employers, strict=True)
    told_steps = []
    for (g, step, error, parts), (persons, employers) in zip(found, behind, strict=True):
        if error > 0:
            # the mean of few takes from each residual; of one there is no spread to tell
            whole = float(error * np.sqrt(parts / (parts - 1))) if parts >= LEAST_PARTS else 0.0
            own = wald(float(step), whole, level=told.level, df=parts - 1)
            few: Counts = {"persons": persons, "employers": employers}
            told_steps.append(told.given(f"step_{g}", **own, **words, **few))
    return told_steps


LEAST_PARTS = 2
CLUSTERED = Text(
    "sandwich summed within matches; Student's t and what the mean of few takes, by the matches of"
    " equal weight whose grade changes",
    "按匹配聚类；按等级有变动的等权匹配数作小样本校正，t 分布",
)


def _missing(told: Told, part: str) -> Estimate:
    """Say why a part has no value."""
    words = {"term": f"variance_{part}", "unit": "squared_log_points", "caveat": None}
    return told.missing(part, NO_MOVERS, design=Design.DESCRIPTION, **words)
