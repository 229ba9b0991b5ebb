r"""Event studies of parts: pay before and after a contract, by skill grade and by cohort.

For every quarter k since the contract the change of mean log pay of each cohort since its
last quarter before is held against that of its controls, and cohorts are averaged by their
workers:

.. math:: \hat\theta_k = \sum_g \omega_g \{ \bar Y_{g, g+k} - \bar Y_{g, g-1-a} - (
    \bar Y_{C, g+k} - \bar Y_{C, g-1-a}) \}

These are the group-time effects of Callaway and Sant'Anna (2021) with a universal base
quarter and without covariates. Errors take cohorts' weights as given; so that a few large
firms do not pass for many, residuals are divided by sqrt(1 - share) (HC2) and Student's t has
the effective number of treated firms, one over the sum of squared shares, less one degrees
of freedom (after Bell and McCaffrey 2002 and Carter, Schnepel and Steigerwald 2017).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib import schema
from yuyao_lib.errors import DataError
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import AdoptionPanel, Controls, Floats, Meaning, adoption_panel
from yuyao_lib.methods.contract_answers import grade_names
from yuyao_lib.methods.contract_firms import pay_panel
from yuyao_lib.methods.contract_parts import panel_columns
from yuyao_lib.methods.effective_number import effective_number
from yuyao_lib.methods.event_windows import FEWEST, TOO_FEW
from yuyao_lib.methods.firm_cells import merge_grades
from yuyao_lib.methods.smaller_sides import NOBODY
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EventPath", "EventPaths", "paths_by_cohort", "paths_by_grade"]

TOPIC = "grade_contracts"
WORDS = Text(
    "residuals by firm with weight for leverage (HC2); Student's t with the effective number of"
    " treated firms less one, at least one, as degrees of freedom",
    "按企业的残差并按杠杆加权（HC2）；t 分布自由度为处理企业的有效数目减一，至少为一",
)
BY_GRADE = Text("Pay before and after the contract, by skill grade", "合同前后的工资，按技能等级")
BY_COHORT = Text(
    "Pay before and after the contract, by the quarter in which it began",
    "合同前后的工资，按合同起始季度",
)


@dataclass(frozen=True, slots=True)
class EventPath:
    """The event study of one part.

    Attributes
    ----------
    name
        Which grade or cohort.
    estimates, times
        One a quarter since the contract.
    truths
        What was set for each; None where nothing was.
    """

    name: Text
    estimates: tuple[Estimate, ...]
    times: tuple[int, ...]
    truths: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class EventPaths:
    """Event studies of parts, side by side.

    Attributes
    ----------
    title
        What a chart of them shows.
    paths
        One a part; parts with too few firms are left out.
    left_out
        Names of those.
    few
        What they would be estimates of, without a value: how few stand behind each.
    """

    title: Text
    paths: tuple[EventPath, ...]
    left_out: tuple[Text, ...] = ()
    few: tuple[Estimate, ...] = ()

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Every quarter of every part."""
        return tuple(e for path in self.paths for e in path.estimates)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a part and quarter."""
        told = [(p.name.en, t) for p in self.paths for t in p.times]
        rows = rows_of(self.estimates)
        return rows.assign(part=[name for name, _ in told], quarter=[t for _, t in told])

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def paths_by_grade(
    cells: pd.DataFrame,
    firms: pd.DataFrame,
    *,
    grades: Sequence[int] = (0, 1, 2, 3, 4, 5),
    outcome: str = "log_gross_wage",
    meaning: Meaning | None = None,
    **options: Any,
) -> EventPaths:
    """Follow the pay of each skill grade around the contract.

    Parameters
    ----------
    cells, firms, grades
        As in `effects_by_grade`.
    outcome, meaning
        As in `group_time`.
    options
        ``first`` and ``last`` quarter since the contract, ``controls``, ``anticipation``.
    """
    few: list[Estimate] = []
    paths, left_out = [], []
    for grade, name in zip(grades, grade_names(list(grades)), strict=True):
        rows = pay_panel(merge_grades(cells, grades=(grade,)), firms)
        try:
            panel = adoption_panel(rows, **panel_columns(outcome))
        except DataError:
            panel = None
        if panel is None:
            left_out.append(name)
            continue
        path = _path(panel, name, f"grade_{grade}", meaning or Meaning(), **options)
        if panel.treated_clusters() < FEWEST:
            left_out.append(name)
            few += path.estimates
            continue
        paths.append(path)
    return EventPaths(BY_GRADE, tuple(paths), tuple(left_out), tuple(few))


def paths_by_cohort(
    rows: pd.DataFrame,
    *,
    truths: Mapping[str, Mapping[str, float]],
    outcome: str = "log_gross_wage",
    meaning: Meaning | None = None,
    **options: Any,
) -> EventPaths:
    """Follow pay around the contract, by the quarter in which it began.

    Parameters
    ----------
    rows
        As from `pay_panel`.
    truths
        What was set, by name of the cohort's quarter and quarter since; may be empty.
    outcome, meaning, options
        As in `paths_by_grade`.
    """
    panel = adoption_panel(rows, **panel_columns(outcome))
    few: list[Estimate] = []
    paths, left_out = [], []
    for cohort in np.unique(panel.first[panel.ever]):
        quarter = schema.quarter_name(int(cohort))
        name = Text(quarter, quarter)
        path = _path(panel, name, f"cohort_{int(cohort)}", meaning or Meaning(),
                     cohort=float(cohort), truths=truths.get(quarter, {}), **options)  # fmt: skip
        if (panel.first == cohort).sum() < FEWEST:
            left_out.append(name)
            few += path.estimates
            continue
        paths.append(path)
    return EventPaths(BY_COHORT, tuple(paths), tuple(left_out), tuple(few))


def _path(
    panel: AdoptionPanel,
    name: Text,
    key: str,
    meaning: Meaning,
    *,
    first: int = -12,
    last: int = 7,
    controls: Controls = "never",
    anticipation: int = 0,
    cohort: float | None = None,
    truths: Mapping[str, float] | None = None,
) -> EventPath:
    """Estimate one part quarter by quarter; the base quarter is left out."""
    times = [k for k in range(first, last + 1) if k != -1 - anticipation]
    cohorts = np.unique(panel.first[panel.ever]) if cohort is None else np.array([cohort])
    made = []
    for k in times:
        held = [c for g in cohorts if (c := _contrast(panel, float(g), k, controls, anticipation))]
        made.append(_estimate(held, panel, f"{key}_at_{k}", meaning))
    told = tuple((truths or {}).get(str(k)) for k in times)
    return EventPath(name, tuple(made), tuple(times), told)


@dataclass(frozen=True, slots=True)
class _Contrast:
    """One cohort's effect at one quarter; `share` is of its own firms, zero for all others."""

    value: float
    weight: float
    influence: Floats
    share: Floats


def _contrast(
    panel: AdoptionPanel, cohort: float, k: int, controls: Controls, anticipation: int
) -> _Contrast | None:
    """Compare one cohort with its controls at one quarter."""
    start = int(np.searchsorted(panel.periods, cohort))
    base, column = start - 1 - anticipation, start + k
    if base < 0 or not 0 <= column < len(panel.periods):
        return None
    change = panel.outcome[:, column] - panel.outcome[:, base]
    ours = panel.first == cohort
    latest = float(panel.periods[max(column, base)]) + anticipation
    never = panel.first > panel.periods[-1]
    free = never if controls == "never" else (panel.first > latest) & ~ours
    shares = [np.where(side, panel.weights, 0.0) for side in (ours, free)]
    if shares[1].sum() == 0:
        return None
    mine, theirs = (share / share.sum() for share in shares)
    means = [float(share @ change) for share in (mine, theirs)]
    influence = _hc2(mine, change - means[0]) - _hc2(theirs, change - means[1])
    return _Contrast(means[0] - means[1], float(shares[0].sum()), influence, mine)


def _hc2(share: Floats, residual: Floats) -> Floats:
    """Return each firm's part of the error of a weighted mean; none for one firm alone."""
    rest = np.sqrt(np.maximum(1 - share, 1e-12))
    return np.asarray(np.where(share < 1, share * residual / rest, 0.0))


def _estimate(
    held: Sequence[_Contrast], panel: AdoptionPanel, key: str, meaning: Meaning
) -> Estimate:
    """Average cohorts at one quarter."""
    total = sum(c.weight for c in held)
    share = sum((c.weight / total * c.share for c in held), np.zeros(len(panel.first)))
    firms = int((share > 0).sum())
    behind = panel.behind(share > 0) if firms else NOBODY
    if firms < FEWEST:
        why = TOO_FEW.format(fewest=FEWEST)
        return meaning.estimate(key, "group_time_effects", undefined=why, behind=behind)
    value = float(sum(c.weight / total * c.value for c in held))
    influence = sum((c.weight / total * c.influence for c in held), np.zeros(len(share)))
    sums = np.bincount(np.unique(panel.clusters, return_inverse=True)[1], weights=influence)
    error = float(np.sqrt(sums @ sums))
    interval = wald(value, error, level=meaning.level, df=effective_number(share) - 1)
    return meaning.estimate(
        key, "group_time_effects", **interval, n=panel.outcome.size,
        clusters=panel.n_clusters, behind=behind, residual_df=panel.residual_df(len(held)),
        inference=WORDS,
    )  # fmt: skip
