"""Who stays and who rises after an event, beside colleagues of the same grade and years.

Lives here: two outcomes other than pay, some quarters after a course, a title, a prize or the
beginning of a mentorship. Does not live here: pay (``colleague_studies``).
"""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.absence import Absent
from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.colleague_studies import ratio_estimate
from yuyao_lib.methods.colleague_sums import Colleagues, less_colleagues
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats
    from yuyao_lib.sources.pay_spells import PaySpells

__all__ = ["OUTCOMES", "JobOutcome", "JobOutcomes", "job_outcomes"]

TOPIC = "skill_returns"
BANDS = (1, 4, 8, 12, 40)  # quarters with the employer; the newly hired by themselves
EVENTS = ("training", "degree", "title", "prize", "mentor", "apprentice")
OUTCOMES = {
    "stays": Text("still with the employer", "仍在原单位"),
    "rises": Text("in a higher grade, of those still there", "留任者中等级更高"),
}
TERMS = {"stays": "stays_after_event", "rises": "rises_after_event"}
NO_GRADES = Text("skill grades are not recorded", "未记录技能等级")
TOO_SHORT = Text(
    "the records end before {quarters} quarters have passed", "记录不足事后 {quarters} 个季度"
)
TABLES = {
    "training": ("training",), "degree": ("training",), "title": ("titles",),
    "prize": ("contests", "contest_entries"), "mentor": ("mentor_pairs",),
    "apprentice": ("mentor_pairs",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class JobOutcome:
    """One outcome after one event.

    Attributes
    ----------
    event, outcome
        Names of `EVENTS` and `OUTCOMES`.
    difference
        Share of those to whom it happened less that of colleagues, percentage points.
    share
        Share of those to whom it happened, percent; that of colleagues is the rest.
    """

    event: str
    outcome: str
    difference: Estimate
    share: Estimate


@dataclass(frozen=True, slots=True)
class JobOutcomes:
    """Staying and rising after every event whose table is there.

    Attributes
    ----------
    items
        One an event and outcome.
    quarters
        How many quarters after the event.
    missing
        Tables whose events were not run.
    """

    items: tuple[JobOutcome, ...] = field(repr=False)
    quarters: int
    missing: tuple[str, ...] = ()

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """The differences."""
        return tuple(item.difference for item in self.items)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an event and outcome."""
        rows = rows_of(self.estimates)
        return rows.assign(
            event=[i.event for i in self.items],
            outcome=[i.outcome for i in self.items],
            share=[i.share.estimate for i in self.items],
        )

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def job_outcomes(
    spells: PaySpells | None,
    events: Mapping[str, Floats],
    *,
    quarters: int = 8,
    level: float = 0.95,
) -> JobOutcomes | Absent:
    r"""Compare who stays, and who has risen, with colleagues some quarters after an event.

    Workers there in quarter g, to whom it first happened in g, are held against those of the
    same employer, of like years with it and of the same skill grade in g, to whom it had
    not happened up to g:

    .. math:: \hat\theta = \frac{1}{N}\sum_i \{ z_{i,g+q} - \overline{z_{g+q}}_{C(i)} \}

    with z one for who is still with the employer in quarter g + q, or, among those still
    there, for who has a higher grade than in g. Both sides must be there in g: the event
    itself needs a worker who is, and a comparison from an earlier quarter would count the
    wait for it as staying. Errors are clustered by employer.

    Parameters
    ----------
    spells
        Pay by worker, employer and quarter; None: absent.
    events
        As from `yuyao_lib.sources.pay_spells.first_events`.
    quarters
        After the event.
    level
        Coverage of the intervals.

    Raises
    ------
    InputError
        If `quarters` is below one.

    Notes
    -----
    Colleagues to whom it happens later stay among the controls: leaving them out would keep
    those who leave early, because who has left can no longer be trained.
    """
    if quarters < 1:
        raise InputError(sentence("quarters after an event", got=quarters, allowed="1 or more"))
    if spells is None:
        return Absent(("worker_quarters",))
    held = [name for name in EVENTS if name in events]
    missing = {t for name in EVENTS if name not in events for t in TABLES[name]}
    if not held:
        return Absent((*sorted(missing), "worker_quarters"))
    items = tuple(
        _outcome(spells, events[name], name, outcome, quarters, level)
        for outcome in OUTCOMES
        for name in held
    )
    return JobOutcomes(items, quarters, tuple(sorted(missing)))


def _outcome(
    spells: PaySpells, first: Floats, event: str, outcome: str, quarters: int, level: float
) -> JobOutcome:
    """Estimate one outcome after one event."""
    key = f"{outcome}_{event}"
    meaning = Meaning(
        term=TERMS[outcome], n_unit="persons", cluster_unit="firms", level=level,
        unit="percentage_points", design=Design.OBSERVATIONAL,
    )  # fmt: skip
    why = _cannot(spells, outcome, quarters)
    if why is not None:
        none = meaning.estimate(key, "colleague_comparison", undefined=why)
        return JobOutcome(event, outcome, none, replace(none, key=f"{key}_share", unit="percent"))
    sums, levels, weights = _add_up(spells, first, outcome, quarters)
    difference = ratio_estimate(100 * sums, weights, key=key, meaning=meaning)
    share = _share(f"{key}_share", levels, difference, weights)
    if difference.undefined is None:  # beside what colleagues do it tells who did, and who did not
        rarer = min(levels.sum(), weights.sum() - levels.sum())
        difference = replace(difference, persons=round(float(rarer)))
    return JobOutcome(event, outcome, difference, share)


def _cannot(spells: PaySpells, outcome: str, quarters: int) -> Text | None:
    """Say why an outcome cannot be asked."""
    if quarters >= spells.n_quarters:
        return TOO_SHORT.format(quarters=quarters)
    return NO_GRADES if outcome == "rises" and not (spells.grade >= 0).any() else None


def _share(key: str, levels: Floats, difference: Estimate, weights: Floats) -> Estimate:
    """Return the share of those to whom it happened, of the same persons and employers."""
    none: dict[str, Any] = dict.fromkeys(("low", "high", "standard_error", "p_value", "inference"))
    if difference.undefined is not None:
        return replace(difference, key=key, unit="percent")
    value = 100 * float(levels.sum() / weights.sum())
    return replace(difference, key=key, unit="percent", estimate=value, **none)


def _add_up(
    spells: PaySpells, first: Floats, outcome: str, quarters: int
) -> tuple[Floats, Floats, Floats]:
    """Add up differences, own outcomes and persons by employer."""
    groups = Colleagues(spells, first[spells.worker], np.array(BANDS), by_grade=True)
    n = int(spells.employer.max()) + 1 if len(spells.employer) else 0
    sums, levels, weights = (np.zeros(n) for _ in range(3))
    for base in range(spells.n_quarters - quarters):
        there, hit, cell = groups.at_risk(base, base)
        if not len(there):
            continue
        z = _outcomes(spells, there, outcome, base, base + quarters)
        gap, own, means = less_colleagues(z, hit, ~hit, cell)
        firm = spells.employer[there[own]]
        sums += np.bincount(firm, weights=gap, minlength=n)
        levels += np.bincount(firm, weights=gap + means, minlength=n)
        weights += np.bincount(firm, minlength=n)
    return sums, levels, weights


def _outcomes(spells: PaySpells, there: Floats, outcome: str, base: int, later: int) -> Floats:
    """Return one for who stayed or rose, nought for who did not, NaN where it is not known."""
    stays = np.isfinite(spells.log_pay[there, later])
    if outcome == "stays":
        return stays.astype("float64")
    before, after = spells.grade[there, base], spells.grade[there, later]
    known = stays & (before >= 0) & (after >= 0)
    return np.where(known, after > before, np.nan)
