"""Jumps of pay at an exam's mark, the last prize and a title's score, without their checks.

Lives here: what is compared at each, and the jumps alone, as where they are drawn again and again.
Does not live here: what a page shows beside them (``pay_cutoffs``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.discontinuity import Setting, estimate_jump

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "GRADE_PLACES",
    "at_mark",
    "at_prize",
    "at_title",
    "by_grade",
    "cutoff_jumps",
    "grade_jumps",
]

TOPIC = "skill_returns"
GRADES = (1, 2, 3, 4, 5)
GRADE_PLACES = {
    f"pass_mark_grade_{g}": f"truths/exam/jump_by_target_grade/{g}" for g in GRADES
}  # where the truth of a simulated register holds them
FOLLOWED = 0.995  # share of rows on the side the rule says, from which the design is sharp


def cutoff_jumps(
    exams: pd.DataFrame | None,
    contests: pd.DataFrame | None,
    titles: pd.DataFrame | None,
    *,
    mark: float = 60.0,
    cutoff: float = 80.0,
    level: float = 0.95,
) -> tuple[Estimate, ...]:
    """Estimate the three jumps alone, without checks: as where they are drawn again and again.

    Parameters
    ----------
    exams, contests, titles
        Rows of `pass_mark`, `prize_margin` and `title_score`; None or none leave theirs out.
    mark, cutoff, level
        As there.

    Returns
    -------
    tuple of Estimate
        ``pass_mark``, ``prize_cutoff`` and ``title_cutoff``, the same as theirs.

    Examples
    --------
    >>> cutoff_jumps(None, None, None)
    ()
    """
    asked = [("pass_mark", exams, lambda rows: at_mark(rows, mark, None, level)[0]),
             ("prize_cutoff", contests, lambda rows: at_prize(level)),
             ("title_cutoff", titles, lambda rows: at_title(cutoff, level))]  # fmt: skip
    return tuple(
        replace(estimate_jump(rows, setting(rows)).estimate("robust"), key=key)
        for key, rows, setting in asked
        if rows is not None and not rows.empty
    )


def grade_jumps(
    exams: pd.DataFrame | None, *, mark: float = 60.0, level: float = 0.95
) -> tuple[Estimate, ...]:
    """Estimate the jump at the pass mark by target grade alone, as `pass_mark` does.

    Parameters
    ----------
    exams, mark, level
        As in `pass_mark`; None or no rows give nothing.

    Examples
    --------
    >>> grade_jumps(None)
    ()
    """
    if exams is None or exams.empty:
        return ()
    return tuple(by_grade(exams, at_mark(exams, mark, None, level)[0]))


def by_grade(rows: pd.DataFrame, setting: Setting) -> list[Estimate]:
    """Estimate the jump at the pass mark among exams for each grade."""
    return [
        replace(
            estimate_jump(rows[rows["target_grade"] == g], setting).estimate("robust"),
            key=f"pass_mark_grade_{g}",
        )
        for g in GRADES
    ]


def at_mark(
    rows: pd.DataFrame, mark: float, bandwidth: float | None, level: float
) -> tuple[Setting, float]:
    """Say what is compared at the pass mark, and the share of rows that follow it."""
    followed = float(((rows["exam_score"] >= mark) == (rows["passed"] > 0)).mean())
    setting = Setting(
        outcome="pay_change", running="exam_score", cutoff=mark, cluster="employer",
        treatment=None if followed >= FOLLOWED else "passed", bandwidth=bandwidth, level=level,
        term="pay_at_pass_mark", n_unit="exams", cluster_unit="firms",
    )  # fmt: skip
    return setting, followed


def at_prize(level: float) -> Setting:
    """Say what is compared at the last prize."""
    return Setting(
        outcome="pay_change", running="prize_margin", cutoff=0.0, cluster="employer", level=level,
        term="pay_at_prize", n_unit="contest_entries", cluster_unit="firms",
    )  # fmt: skip


def at_title(cutoff: float, level: float) -> Setting:
    """Say what is compared at the score of a title."""
    return Setting(
        outcome="log_pay", running="title_score", cutoff=cutoff, cluster="employer", level=level,
        term="pay_at_title", cluster_unit="firms",
    )  # fmt: skip
