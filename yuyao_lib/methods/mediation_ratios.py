"""The chance of each ending under the standard, over the chance before it: Cox by cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.cause_hazards import CauseHazards, cause_hazards
from yuyao_lib.methods.coefficients import ratio_of
from yuyao_lib.methods.hypotheses import Hypotheses
from yuyao_lib.methods.mediation_cases import NATIONAL, Cases
from yuyao_lib.methods.mediation_standard import ONE_SIDE, WAYS
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["StandardRatios", "Variants", "standard_ratios", "variants"]

TOPIC = "mediation"
AS_TOLD = Text("as told above", "如上所示")
ALONE = Text("without what the case is about", "不计案由等因素")
BY_DATE = Text("by the date of the national standard", "按国家标准实施日")
GROUPED = Text("errors from {groups} groups left out in turn", "逐一剔除 {groups} 个组计算误差")
FEWEST = 20  # endings without which a way gets no model


@dataclass(frozen=True, slots=True)
class StandardRatios:
    """What goes with each way of ending, the standard first.

    Attributes
    ----------
    column
        Column of the standard.
    hazards
        Cox's model of each way of ending.
    """

    column: str
    hazards: CauseHazards

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Differences in the log chance that go with the standard, keyed by the way."""
        if not self.hazards.models:
            return tuple(replace(e, key="settled") for e in self.hazards.estimates)
        return tuple(
            replace(m.estimate(self.column), key=way) for way, m in self.hazards.models.items()
        )

    @property
    def ratios(self) -> tuple[Estimate, ...]:
        """The same as ratios."""
        return tuple(ratio_of(e, unit="hazard_ratio") for e in self.estimates)

    @property
    def proportional(self) -> Hypotheses | None:
        """Whether the ratios of settlement stay the same over time; None without a model."""
        model = self.hazards.models.get("settled")
        return None if model is None else model.proportional

    def to_frame(self) -> pd.DataFrame:
        """Return one row a way of ending."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def standard_ratios(
    cases: Cases,
    *,
    column: str | None = None,
    covariates: Sequence[str] | None = None,
    cluster: str | None = None,
    ways: Sequence[str] = (),
    level: float = 0.95,
) -> StandardRatios:
    """Fit each way's hazard with the standard and what the case is about (Cox by cause).

    Parameters
    ----------
    cases, column, level
        As in `by_standard`.
    covariates
        What is held equal; None: the cases' own columns.
    cluster
        Column of groups that share what is not measured, such as towns.
    ways
        Ways of ending that get a model; none named: all with twenty endings or more.

    Notes
    -----
    Days are whole, so many cases end together; Efron's treatment of ties is used. A way in
    which fewer than twenty cases ended is left out: its model has more quantities than it
    can bear. Where what the case is about leaves a way without a model, because none of
    a kind ended so, its ratio is told without.
    """
    if cases.undefined is not None:
        return StandardRatios("", CauseHazards({}, cases.undefined))
    side = column or cases.standard or ""
    frame = cases.frame
    if frame[side].nunique() < 2:
        return StandardRatios(side, CauseHazards({}, ONE_SIDE))
    held = [side, *(cases.covariates if covariates is None else covariates)]
    if ways:  # the other ways end a case as unseen; to leave their models out saves time
        other = ~frame["way"].isin(list(ways))
        frame = frame.assign(way=frame["way"].mask(other))
    found = cause_hazards(
        frame, duration="duration_days", cause="way", covariates=held, cluster=cluster,
        level=level, n_unit="cases",
    )  # fmt: skip
    rest = [w for w in found.models if w not in WAYS]
    kept = {w: found.models[w] for w in (*WAYS, *rest) if w in found.models}
    kept = {w: m for w, m in kept.items() if m.ended >= FEWEST}
    if len(held) > 1 and any(m.estimate(side).undefined for m in kept.values()):
        alone = standard_ratios(
            cases, column=column, covariates=(), cluster=cluster, ways=ways, level=level
        ).hazards.models
        kept = {w: alone[w] if m.estimate(side).undefined else m for w, m in kept.items()}
    return StandardRatios(side, replace(found, models=kept))


@dataclass(frozen=True, slots=True)
class Variants:
    """The ratio of settlement told in other ways.

    Attributes
    ----------
    names
        What is different in each.
    estimates
        Differences in the log chance of settlement.
    """

    names: tuple[Text, ...]
    estimates: tuple[Estimate, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a variant."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def variants(cases: Cases, *, cluster: str = "", level: float = 0.95) -> Variants:
    """Estimate the ratio of settlement by other dates, covariates and errors.

    Parameters
    ----------
    cases, level
        As in `by_standard`.
    cluster
        Column of groups of cases; empty, or not there: that variant is left out.
    """
    plain: dict[str, Any] = {"level": level, "ways": ("settled",)}
    made = {
        AS_TOLD: standard_ratios(cases, **plain),
        ALONE: standard_ratios(cases, covariates=(), **plain),
        BY_DATE: standard_ratios(cases, column=NATIONAL, **plain),
    }
    if cluster and cluster in cases.frame:
        groups = cases.frame[cluster].nunique()
        name = GROUPED.format(groups=str(groups))
        made[name] = standard_ratios(cases, cluster=cluster, **plain)
    if cases.standard == NATIONAL:
        made.pop(BY_DATE)
    found = [next(iter(m.estimates)) for m in made.values()]
    return Variants(tuple(made), tuple(found))
