"""What skill is paid: premia of education or grades over a reference, and their change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.inequality import key_of, label_of
from yuyao_lib.methods.linearised import Linear, PayRows, Saying, minus, pay_rows, weighted_fit
from yuyao_lib.methods.panel_routes import independent
from yuyao_lib.methods.samples import ALIKE, alike
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SkillPremia", "skill_premia"]

TOPIC = "structure"
NO_REFERENCE = Text(
    "nobody of the reference skill is left to compare with", "没有参照技能组的人可供比较"
)
NOBODY = Text("nobody has this skill here", "此处没有该技能组的人")
TOO_FEW = Text("there are too few rows for this many controls", "行数不足以估计如此多的控制变量")
MIXED = Text(
    "the controls tell this skill from the others without error", "控制变量已完全确定该技能组"
)


@dataclass(frozen=True, slots=True)
class SkillPremia:
    """Premia over the reference skill.

    Attributes
    ----------
    levels
        One a skill (except the reference) and value of `by`, keys ``premium_12_to_15``
        with the value behind.
    changes
        Last value of `by` minus the first, keys ``change_...``.
    skills, reference
        Labels in ascending order, and the one compared with.
    by, values
        Column whose values are told apart (None without) and its values.
    left_out
        Controls that repeat others.
    dropped
        Rows left out because a value was missing.
    skill
        Column of skills.
    """

    levels: tuple[Estimate, ...]
    changes: tuple[Estimate, ...]
    skills: tuple[str, ...]
    reference: str
    by: str | None
    values: tuple[Any, ...]
    left_out: tuple[str, ...]
    dropped: int
    skill: str

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Levels, then changes."""
        return self.levels + self.changes

    def of(self, skill: str, value: Any = None) -> Estimate:
        """Return the premium of a skill.

        Raises
        ------
        InputError
            If there is no such premium.
        """
        key = _key(skill, value)
        known = {e.key: e for e in self.estimates}
        if key not in known:
            raise InputError(sentence("no such premium", got=key, allowed=list(known)))
        return known[key]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a premium."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def skill_premia(
    frame: pd.DataFrame,
    *,
    outcome: str,
    skill: str,
    cuts: Sequence[float] = (),
    reference: str | None = None,
    controls: Sequence[str] = (),
    by: str | None = None,
    weights: str | None = None,
    worker: str = "worker_id",
    level: float = 0.95,
) -> SkillPremia:
    r"""Estimate what each skill is paid above a reference, and how that changed.

    In every value of `by` on its own,
    :math:`\log w = \alpha + \sum_s \pi_s 1\{\text{skill}=s\} + x'\gamma + \varepsilon`;
    the change of :math:`\pi_s` from the first to the last value has its own interval.

    Parameters
    ----------
    frame
        One row a person, or a person and period.
    outcome
        Column of log pay.
    skill
        Column of grades or of years of schooling.
    cuts
        Where years are cut: 12, 13, 16 make ``below_12``, ``12``, ``13_to_15`` and
        ``16_and_more``. Empty: every value is a skill of its own.
    reference
        Label compared with; None for the lowest.
    controls
        Columns of numbers; those that repeat others are left out and listed.
    by
        Column whose values are told apart: a year, or a group such as union members.
    weights, worker, level
        As in `inequality`. Errors allow for any variance (HC1).

    Raises
    ------
    DataError
        If a column cannot be used.
    InputError
        If the cuts do not ascend, or nobody has the reference skill.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> people = yuyao.open("cps78_85").frame("workers")
    >>> found = skill_premia(people, outcome="log_hourly_wage", skill="education_years",
    ...     cuts=[12, 13, 16], reference="12", by="calendar_year")
    >>> found.skills
    ('below_12', '12', '13_to_15', '16_and_more')
    """
    if list(cuts) != sorted(set(cuts)):
        raise InputError(sentence("cuts", got=list(cuts), allowed="ascending values"))
    numbers = [skill] if cuts else []
    rows = pay_rows(
        frame,
        numeric=[outcome, *numbers, *controls],
        keys=[*([] if cuts else [skill]), *([by] if by else [])],
        weights=weights,
        worker=worker,
    )
    held, labels = _skills(rows, skill, cuts)
    if reference is not None and reference not in labels:
        raise InputError(sentence("unknown reference skill", got=reference, allowed=labels))
    chosen = reference or labels[0]
    masks = rows.parts(by)
    values = list(masks)
    fits = {v: _premia(rows, masks[v], outcome, held, labels, chosen, controls) for v in values}
    others = [s for s in labels if s != chosen]
    say = Saying(rows, level=level)
    levels = [_say(say, fits[v][0][s], s, v) for v in values for s in others]
    changes = [
        _say(say, minus(fits[values[-1]][0][s], fits[values[0]][0][s]), s, "change")
        for s in (others if len(values) > 1 else ())
    ]
    left = {name for _, out in fits.values() for name in out}
    return SkillPremia(
        tuple(levels), tuple(changes), tuple(labels), chosen, by, tuple(values),
        tuple(c for c in controls if c in left), rows.dropped, skill,
    )  # fmt: skip


def _skills(rows: PayRows, skill: str, cuts: Sequence[float]) -> tuple[np.ndarray, list[str]]:
    """Return the label of every row, and the labels in ascending order."""
    if not cuts:
        known = rows.levels(skill)
        labels = [label_of(v) for v in known]
        held = rows.frame[skill].map(dict(zip(known, labels, strict=True))).to_numpy()
        return held, labels
    whole = all(float(c).is_integer() for c in cuts)
    names = [f"below_{label_of(float(cuts[0]))}"]
    for low, high in pairwise(cuts):
        names.append(_band(low, high, whole))
    names.append(f"{label_of(float(cuts[-1]))}_and_more")
    place = np.searchsorted(np.asarray(cuts, dtype="float64"), rows.column(skill), side="right")
    held = np.array(names)[place]
    return held, [n for n in names if (held == n).any()]


def _band(low: float, high: float, whole: bool) -> str:
    """Name a band; with whole numbers the last one inside is named."""
    if whole and high - low == 1:
        return label_of(float(low))
    last = high - 1 if whole else high
    return f"{label_of(float(low))}_to_{label_of(float(last))}"


def _premia(
    rows: PayRows,
    mask: np.ndarray,
    outcome: str,
    held: np.ndarray,
    labels: list[str],
    reference: str,
    controls: Sequence[str],
) -> tuple[dict[str, Linear | Text], list[str]]:
    """Fit one value of `by`; return the premia and the controls left out."""
    others = [s for s in labels if s != reference]
    here = held[mask]
    if not (here == reference).any():
        return dict.fromkeys(others, NO_REFERENCE), []
    if alike(rows.column(outcome)[mask]):
        return dict.fromkeys(others, ALIKE), []
    present = [s for s in others if (here == s).any()]
    columns = list(dict.fromkeys(controls))
    frame = rows.frame.loc[mask, columns].assign(Intercept=1.0)
    frame = frame.assign(**{f"skill {s}": (here == s).astype("float64") for s in present})
    skills = [f"skill {s}" for s in present]
    names = independent(frame, ["Intercept", *columns, *skills])
    if len(here) <= len(names):
        return dict.fromkeys(others, TOO_FEW), []
    x, y = frame[names].to_numpy(dtype="float64"), rows.column(outcome)[mask]
    coefficients, influence = weighted_fit(rows, mask, y, x)
    found: dict[str, Linear | Text] = {}
    for s in others:
        if f"skill {s}" in names:
            j = names.index(f"skill {s}")
            left = len(here) - len(names)
            sides = (mask & (held == s), mask & (held == reference))
            found[s] = Linear(float(coefficients[j]), influence[:, j], mask, sides, left)
        else:
            found[s] = MIXED if s in present else NOBODY
    return found, [c for c in columns if c not in names]


def _key(skill: str, value: Any) -> str:
    """Return the key of a premium."""
    if isinstance(value, str) and value == "change":
        return f"change_{label_of(skill)}"
    return key_of(f"premium_{label_of(skill)}", () if value is None else (value,))


def _say(say: Saying, found: Linear | Text, skill: str, value: Any) -> Estimate:
    """Tell one premium or its change."""
    changed = isinstance(value, str) and value == "change"
    return say.estimate(
        found,
        key=_key(skill, value),
        term="change_in_skill_premium" if changed else "skill_premium",
        method="ols",
    )
