"""Effects by cohort and period as results: each cell, and sums over cells.

Lives here: what is summed into which aggregate, and how its numbers are said. Does not live here:
how a cell is estimated.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import AdoptionPanel, Floats, Meaning, check_choice
from yuyao_lib.methods.influence import combine, covariance
from yuyao_lib.methods.smaller_sides import Behind
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Aggregate", "GroupTime", "effect_estimate", "undefined_effect"]

TOPIC = "contracts"
Kind = Literal["simple", "group", "calendar", "dynamic"]
KINDS = ("simple", "group", "calendar", "dynamic")
INFERENCE = Text(
    "influence function summed within {clusters:,} clusters, no small-sample factor, normal"
    " quantile",
    "影响函数按 {clusters:,} 个聚类求和，无小样本修正，正态分位数",
)
NO_CELL = Text(
    "the package could not estimate this cell: too few controls, or the covariates separate"
    " or are collinear",
    "此单元无法估计：对照过少，或协变量完全分离或共线",
)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Group-time effects summed into one overall effect and its parts.

    Attributes
    ----------
    kind
        How they were summed.
    overall
        The one number.
    parts
        By cohort, period or event time; empty for ``simple``.
    labels
        Cohort, period or event time of each part.
    covariance
        Shape (k, k), of the parts.
    """

    kind: str
    overall: Estimate
    parts: tuple[Estimate, ...] = ()
    labels: tuple[float, ...] = ()
    covariance: Floats = field(default_factory=lambda: np.empty((0, 0)), repr=False, compare=False)

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """The overall effect, then its parts."""
        return (self.overall, *self.parts)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate; the column ``label`` is empty for the overall one."""
        return rows_of(self.estimates).assign(label=[None, *self.labels])

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


@dataclass(frozen=True, slots=True)
class GroupTime:
    """Effects by cohort and period.

    Attributes
    ----------
    estimates
        One a cohort and period, keys ``att_<cohort>_<period>``; a single undefined one
        when there are none.
    groups, times
        Cohort and period of each estimate, as numbers.
    panel
        The units they were estimated from.
    influence
        Shape (N, k).
    meaning
        What the numbers are about.
    undefined
        Why there are none.
    """

    estimates: tuple[Estimate, ...]
    groups: tuple[float, ...]
    times: tuple[float, ...]
    panel: AdoptionPanel = field(repr=False, compare=False)
    influence: Floats = field(repr=False, compare=False)
    meaning: Meaning = field(default_factory=Meaning)
    undefined: Text | None = None

    def to_frame(self) -> pd.DataFrame:
        """Return one row a cohort and period."""
        return rows_of(self.estimates).assign(
            cohort=list(self.groups) or None, period=list(self.times) or None
        )

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)

    def aggregate(self, kind: Kind = "simple") -> Aggregate:
        """Sum the effects.

        Parameters
        ----------
        kind
            ``simple``: every treated cell by its cohort's size; ``group``: by cohort;
            ``calendar``: by period; ``dynamic``: by time since adoption, the overall
            number being the mean from 0 on.

        Raises
        ------
        InputError
            If `kind` is another word.
        """
        check_choice("kind of aggregate", kind, KINDS)
        if self.undefined is not None:
            return Aggregate(kind, undefined_effect(self.meaning, "overall", self.undefined))
        kept = [i for i, e in enumerate(self.estimates) if e.estimate is not None]
        att = np.array([self.estimates[i].estimate for i in kept], dtype="float64")
        group, time = np.array(self.groups)[kept], np.array(self.times)[kept]
        if not (time >= group).any():
            return Aggregate(kind, undefined_effect(self.meaning, "overall", NO_CELL))
        found = combine(kind, self.panel, group, time, att, self.influence[:, kept])
        together = np.column_stack([found.overall_influence, found.parts_influence])
        spread = covariance(together, self.panel.clusters)
        names = ["overall", *(_name(kind, self.panel, label) for label in found.labels)]
        values = [found.overall, *found.parts]
        made = [
            effect_estimate(
                self.meaning, self.panel, name, value, float(np.sqrt(spread[i, i])), kind, behind
            )
            for i, (name, value, behind) in enumerate(
                zip(names, values, self._behind(kind, group, time, found.labels), strict=True)
            )
        ]
        labels = tuple(float(label) for label in found.labels)
        return Aggregate(kind, made[0], tuple(made[1:]), labels, spread[1:, 1:])

    def _behind(self, kind: Kind, group: Floats, time: Floats, labels: Floats) -> list[Behind]:
        """Return who adopts in the cells of the overall effect and of each part."""
        of = {"group": group, "calendar": time, "dynamic": time - group}.get(kind, group)
        inside = [of == label for label in labels]
        after = [part & (time >= group) if kind == "calendar" else part for part in inside]
        chosen = [time >= group, *after]
        return [self.panel.behind(np.isin(self.panel.first, group[part])) for part in chosen]


def effect_estimate(
    meaning: Meaning,
    panel: AdoptionPanel,
    key: str,
    value: float,
    error: float,
    kind: str,
    behind: Behind,
) -> Estimate:
    """Build one estimate; a cell that could not be computed says so."""
    if not np.isfinite(value):
        return undefined_effect(meaning, key, NO_CELL)
    return meaning.estimate(
        key,
        "group_time_effects",
        **wald(value, error, level=meaning.level),
        n=panel.outcome.size,
        clusters=panel.n_clusters,
        residual_df=panel.residual_df(len(panel.cohorts) * (len(panel.periods) - 1)),
        behind=behind,
        inference=INFERENCE.format(clusters=panel.n_clusters),
        estimand=ESTIMANDS[kind],
    )


def undefined_effect(meaning: Meaning, key: str, why: Text) -> Estimate:
    """Return an estimate that says why it has no value."""
    return meaning.estimate(key, "group_time_effects", undefined=why)


def _name(kind: str, panel: AdoptionPanel, label: float) -> str:
    """Return the key of a part."""
    return f"event_{label:+g}" if kind == "dynamic" else f"{kind}_{panel.label(label)}"


ESTIMANDS = {
    "cell": Text("effect on one cohort in one period", "某一批次在某一时期的效应"),
    "simple": Text(
        "mean effect over all treated units and periods", "全部处理单位与处理时期的平均效应"
    ),
    "group": Text("mean over cohorts of their mean effect", "各批次平均效应的加权平均"),
    "calendar": Text("mean over periods of their mean effect", "各时期平均效应的平均"),
    "dynamic": Text(
        "mean over the time since adoption of the effect at that time",
        "按处理后时长计算的效应的平均",
    ),
}
