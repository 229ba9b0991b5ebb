"""Effects of contracts beyond the mean: by grade, by union, for stayers, and the naive gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.errors import DataError
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.adoption import Controls, Floats, Meaning, adoption_panel
from yuyao_lib.methods.adoption_periods import require
from yuyao_lib.methods.contract_firms import pay_panel
from yuyao_lib.methods.contract_parts import (
    FirmPart,
    estimate_with_t,
    panel_columns,
    part_of_firms,
)
from yuyao_lib.methods.event_windows import FEWEST, TOO_FEW
from yuyao_lib.methods.firm_cells import merge_grades
from yuyao_lib.methods.inference_choice import choose_interval
from yuyao_lib.methods.smaller_sides import Behind, carriers
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PartEffects", "effects_by_grade", "naive_gap", "stayers_effect", "union_interaction"]

TOPIC = "grade_contracts"
STAYERS = Text(
    "change of the same persons since the last quarter before the contract, influence summed"
    " within firms, Student's t with the treated firms less one as degrees of freedom",
    "同一职工自签约前一季度以来的变化，影响函数按企业求和，t 分布自由度为处理企业数减一",
)
STRATA = Text(
    "firms with a rated union of their own and others compared each with controls of their"
    " kind; Student's t with the smaller number of treated firms less one",
    "有星级工会的企业与其他企业各自与同类对照比较；t 分布自由度为较少一方的处理企业数减一",
)
GAP = Text(
    "difference of means weighted by workers, clustered by firm",
    "按职工数加权的均值之差，按企业聚类",
)


@dataclass(frozen=True, slots=True)
class PartEffects:
    """Effects for parts of the workforce or of the firms.

    Attributes
    ----------
    estimates
        One a part.
    labels
        What each part is: a grade, or a word.
    """

    estimates: tuple[Estimate, ...]
    labels: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a part."""
        return rows_of(self.estimates).assign(part=list(self.labels))

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def effects_by_grade(
    cells: pd.DataFrame,
    firms: pd.DataFrame,
    *,
    grades: Sequence[int] = (0, 1, 2, 3, 4, 5),
    meaning: Meaning | None = None,
    outcome: str = "log_gross_wage",
    **options: Any,
) -> PartEffects:
    """Estimate the effect of a contract on the pay of each skill grade.

    Parameters
    ----------
    cells
        As from `firm_cells`.
    firms
        ``Matched.frame``.
    grades
        Skill grades, each by itself.
    meaning, options
        As in `choose_interval`.

    Returns
    -------
    PartEffects
        A grade that fewer than three contract firms have in every quarter says so.

    Notes
    -----
    Grades are those held in the quarter, so a promotion moves a worker from one cell to
    the next; firms without a worker of the grade in some quarter are left out.
    """
    made = []
    for grade in grades:
        rows = pay_panel(merge_grades(cells, grades=(grade,)), firms)
        made.append(_one_grade(rows, grade, outcome, meaning or Meaning(), options))
    return PartEffects(tuple(made), tuple(str(grade) for grade in grades))


def _one_grade(
    rows: pd.DataFrame, grade: int, outcome: str, meaning: Meaning, options: dict[str, Any]
) -> Estimate:
    """Estimate one grade, or say why not."""
    from dataclasses import replace

    columns = panel_columns(outcome)
    key = f"grade_{grade}"
    try:
        panel = adoption_panel(rows, **columns)
    except DataError:
        return meaning.estimate(key, "group_time_effects", undefined=TOO_FEW.format(fewest=FEWEST))
    if panel.treated_clusters() < FEWEST:
        return meaning.estimate(
            key, "group_time_effects", undefined=TOO_FEW.format(fewest=FEWEST),
            behind=panel.behind(),
        )  # fmt: skip
    found = choose_interval(rows, **columns, **options, meaning=meaning)
    return replace(found.chosen, key=key)


def union_interaction(
    panel: pd.DataFrame,
    *,
    by: str = "rated_union",
    outcome: str = "log_gross_wage",
    controls: Controls = "never",
    anticipation: int = 0,
    meaning: Meaning | None = None,
) -> PartEffects:
    """Estimate whether a contract does more where the union is strong.

    Parameters
    ----------
    panel
        As from `pay_panel`.
    by
        Column of 0 and 1, the same for a firm in all quarters.
    outcome, controls, anticipation, meaning
        As in `group_time`.

    Returns
    -------
    PartEffects
        Effect where the column is 1 and where it is 0 (``with_union``,
        ``without_union``), and their difference (``difference``).
    """
    meant = meaning or Meaning()
    labels = ("with_union", "without_union", "difference")
    if by not in panel:
        why = Text("no table says which unions are strong", "没有数据表说明哪些工会较强")
        made = tuple(meant.estimate(k, "group_time_effects", undefined=why) for k in labels)
        return PartEffects(made, labels)
    found = [
        part_of_firms(panel[panel[by] == value], outcome, controls, anticipation)
        for value in (1, 0)
    ]
    sides = [_from(meant, key, part) for key, part in zip(labels[:2], found, strict=True)]
    return PartEffects((*sides, _difference(meant, found)), labels)


def _from(meaning: Meaning, key: str, part: FirmPart) -> Estimate:
    """Return one stratum's estimate."""
    if part.why is not None:
        behind = part.behind
        return meaning.estimate(key, "group_time_effects", undefined=part.why, behind=behind)
    return estimate_with_t(meaning, key, "group_time_effects", part, part.treated - 1, STRATA)


def _difference(meaning: Meaning, parts: Sequence[FirmPart]) -> Estimate:
    """Return the difference of two independent strata."""
    a, b = parts
    why = a.why or b.why
    if why is not None:
        return meaning.estimate("difference", "triple_difference", undefined=why)
    both = FirmPart(
        a.value - b.value, float(np.hypot(a.error, b.error)), 0, a.firms + b.firms,
        a.rows + b.rows, behind=min(a.behind, b.behind, key=lambda side: side.clusters),
    )  # fmt: skip
    df = min(a.treated, b.treated) - 1
    return estimate_with_t(meaning, "difference", "triple_difference", both, df, STRATA)


def stayers_effect(changes: pd.DataFrame, *, meaning: Meaning | None = None) -> Estimate:
    """Estimate the effect on persons who were there before the contract and still are.

    Parameters
    ----------
    changes
        As from `firm_cells.stayer_changes`, with ``first_contract``: the firm's own first
        contract period, 0 for controls.
    meaning
        What the number is about.

    Notes
    -----
    Each cohort's mean change since its base quarter, less that of the controls' stayers
    over the same quarters; averaged over cohorts and quarters by the treated stayers.
    Who is hired or leaves cannot move it, but those who leave are not in it.
    """
    meant = meaning or Meaning()
    require(changes, ["employer_id", "cohort", "period", "workers", "change_sum", "first_contract"])
    codes, firms = changes["employer_id"].factorize()
    treated = (changes["first_contract"] > 0).to_numpy()
    cell = changes.groupby(["cohort", "period"], sort=True).ngroup().to_numpy()
    n = int(cell.max()) + 1 if len(cell) else 0
    worth = np.bincount(cell[treated], weights=changes["workers"][treated], minlength=n)
    free = np.bincount(cell[~treated], weights=changes["workers"][~treated], minlength=n)
    usable = (worth > 0) & (free > 0)
    count = len(np.unique(codes[treated]))
    if not usable.any() or count < FEWEST:
        return meant.estimate("stayers", "stayers_did", undefined=TOO_FEW.format(fewest=FEWEST))
    value, influence = _stayers(changes, cell, treated, worth, free, usable)
    sums = np.bincount(codes, weights=influence, minlength=len(firms))
    error = float(np.sqrt((sums**2).sum()))
    part = FirmPart(
        value, error, count, len(firms), int(usable[cell].sum()),
        behind=_stayers_behind(changes, codes, treated),
    )  # fmt: skip
    return estimate_with_t(meant, "stayers", "stayers_did", part, count - 1, STAYERS)


def _stayers_behind(changes: pd.DataFrame, codes: np.ndarray, treated: np.ndarray) -> Behind:
    """Return who stands behind the effect on stayers: the most of each firm in a quarter."""
    most = changes.groupby([codes, treated])["workers"].max()
    sides = [most.xs(side, level=1).to_numpy("float64") for side in (True, False)]
    return Behind(min(carriers(s) for s in sides), int(min(s.sum() for s in sides)))


def _stayers(
    changes: pd.DataFrame,
    cell: np.ndarray,
    treated: np.ndarray,
    worth: Floats,
    free: Floats,
    usable: np.ndarray,
) -> tuple[float, Floats]:
    """Return the effect and each row's part of its influence."""
    change = changes["change_sum"].to_numpy(dtype="float64")
    workers = changes["workers"].to_numpy(dtype="float64")
    n = len(worth)
    safe = [np.where(usable, v, 1.0) for v in (worth, free)]
    mean = np.bincount(cell[treated], weights=change[treated], minlength=n) / safe[0]
    base = np.bincount(cell[~treated], weights=change[~treated], minlength=n) / safe[1]
    effect = np.where(usable, mean - base, 0.0)
    total = worth[usable].sum()
    value = float((worth[usable] * effect[usable]).sum() / total)
    own = (change - base[cell] * workers - value * workers) / total
    pulled = -worth[cell] / safe[1][cell] * (change - base[cell] * workers) / total
    return value, np.where(usable[cell], np.where(treated, own, pulled), 0.0)


def naive_gap(
    cells: pd.DataFrame,
    firms: pd.DataFrame,
    *,
    period: int | None = None,
    meaning: Meaning | None = None,
) -> Estimate:
    """Compare pay in firms under contract with pay in all other firms, in one quarter.

    Parameters
    ----------
    cells
        As from `merge_grades`, of every firm.
    firms
        As from `contract_firms`.
    period
        Quarter; None: the last one.
    meaning
        What the number is about.

    Notes
    -----
    This is what a reader sees first and what is wrong: firms are chosen for contracts
    because they are large and pay well.
    """
    meant = meaning or Meaning(design=Design.OBSERVATIONAL)
    last = int(cells["period"].max()) if period is None else period
    rows = cells[cells["period"] == last].merge(firms, on="employer_id", validate="1:1")
    under = ((rows["first_contract"] > 0) & (rows["first_contract"] <= last)).to_numpy()
    if under.sum() < FEWEST or (~under).sum() < FEWEST:
        why = TOO_FEW.format(fewest=FEWEST)
        return meant.estimate("naive_gap", "cross_section_gap", undefined=why)
    y, w = rows["log_gross_wage"].to_numpy(), rows["workers"].to_numpy()
    means, spread = [], 0.0
    for side in (under, ~under):
        mean = float(np.average(y[side], weights=w[side]))
        spread += float(((w[side] * (y[side] - mean)) ** 2).sum() / w[side].sum() ** 2)
        means.append(mean)
    sides = [w[side] for side in (under, ~under)]
    part = FirmPart(
        means[0] - means[1], spread**0.5, int(under.sum()), len(rows), len(rows),
        behind=Behind(min(carriers(s) for s in sides), int(min(s.sum() for s in sides))),
    )  # fmt: skip
    return estimate_with_t(meant, "naive_gap", "cross_section_gap", part, int(under.sum()) - 1, GAP)
