"""The pay schedule that a contract sets by skill grade, and how much of it reaches pay.

Lives here: whether allowances rise with every grade, what each step is worth, and the
floor that a contract sets against what is paid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.adoption_periods import require
from yuyao_lib.methods.smaller_sides import EMPLOYER, NOBODY, Behind, carriers
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.contract_effects import PartEffects

__all__ = ["GRADES", "Ladder", "PassThrough", "pass_through", "pay_ladder"]

TOPIC = "grade_contracts"
GRADES = ("junior", "intermediate", "senior", "technician", "senior_technician")
NO_SCHEDULE = Text(
    "no contract of this kind states an allowance by grade", "没有此类合同载明分等级津贴"
)
NO_PAID = Text("pay records hold no skill allowance", "工资记录中没有技能津贴")


@dataclass(frozen=True, slots=True)
class Ladder:
    """What contracts promise by grade.

    Attributes
    ----------
    estimates
        ``monotone_share`` (share of schedules in which every grade gets at least the one
        below), ``strict_share`` (every grade more), and ``step_<grade>``, the mean
        allowance of a grade less that of the one below (CNY a month).
    schedule
        Mean allowance of each grade, CNY a month, weighted by covered person-times.
    contracts
        Schedules with at least two grades.
    behind
        Who stands behind the allowance of each grade: employers that state it, and persons
        covered, where that is known.
    """

    estimates: tuple[Estimate, ...]
    schedule: Mapping[int, float]
    contracts: int
    behind: Mapping[int, Behind] = field(default_factory=dict)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a measure."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def pay_ladder(contracts: pd.DataFrame, *, kind: str = "grade_wage") -> Ladder:
    """Measure the schedules of contracts.

    Parameters
    ----------
    contracts
        Table ``contracts``, one row a round, with ``allowance_<grade>`` (CNY a month).
    kind
        Kind of contract.

    Examples
    --------
    >>> import pandas as pd
    >>> signed = pd.DataFrame({"kind": ["grade_wage"], "covered": [10],
    ...     "allowance_junior": [100.0], "allowance_intermediate": [200.0]})
    >>> ladder = pay_ladder(signed)
    >>> ladder.schedule, [e.estimate for e in ladder.estimates[:2]]
    ({1: 100.0, 2: 200.0}, [1.0, 1.0])
    """
    require(contracts, ["kind"])
    rows = contracts[contracts["kind"].astype(str) == kind]
    names = [f"allowance_{grade}" for grade in GRADES if f"allowance_{grade}" in rows]
    meant = Meaning(term="allowance_step", unit="cny_month", n_unit="contract_rounds",
                    design=Design.DESCRIPTION)  # fmt: skip
    paid = rows[names].to_numpy(dtype="float64") if names else np.empty((0, 0))
    stated = np.isfinite(paid).sum(axis=1) >= 2 if names else np.zeros(0, bool)
    if not stated.any():
        keys = ("monotone_share", "strict_share")
        made = tuple(meant.estimate(k, "pay_schedule", undefined=NO_SCHEDULE) for k in keys)
        return Ladder(made, {}, 0)
    paid = paid[stated]
    weight = (
        rows["covered"].to_numpy(dtype="float64")[stated]
        if "covered" in rows
        else np.ones(len(paid))
    )
    grades = [GRADES.index(name.removeprefix("allowance_")) + 1 for name in names]
    mean = {g: float(_mean(paid[:, i], weight)) for i, g in enumerate(grades)}
    told = rows[stated].assign(_covered=weight)
    held = {g: told[np.isfinite(paid[:, i])] for i, g in enumerate(grades)}
    behind = {g: _behind(part) for g, part in held.items()}
    return Ladder(_measures(paid, mean, meant, behind), mean, len(paid), behind)


def _behind(rows: pd.DataFrame) -> Behind:
    """Return the employers that carry a mean of what is stated, and the persons covered."""
    if EMPLOYER not in rows:
        return Behind(len(rows))
    held = rows.groupby(EMPLOYER, observed=True)["_covered"].agg(["sum", "max"])
    persons = int(held["max"].sum()) if "covered" in rows else None
    return Behind(carriers(held["sum"].to_numpy("float64")), persons)


def _mean(values: np.ndarray, weight: np.ndarray) -> float:
    """Average what is stated."""
    held = np.isfinite(values)
    return float(np.average(values[held], weights=weight[held])) if held.any() else float("nan")


def _measures(
    paid: np.ndarray, mean: Mapping[int, float], meaning: Meaning, behind: Mapping[int, Behind]
) -> tuple[Estimate, ...]:
    """Return the shares of rising schedules and the steps."""
    steps = [np.diff(row[np.isfinite(row)]) for row in paid]
    shares = {
        "monotone_share": float(np.mean([bool((s >= 0).all()) for s in steps])),
        "strict_share": float(np.mean([bool((s > 0).all()) for s in steps])),
    }
    n = {"n": len(paid)}
    most = max(behind.values(), key=lambda side: side.clusters)
    made = [
        meaning.estimate(
            key, "pay_schedule", term=key, unit="share", estimate=value, behind=most, **n
        )
        for key, value in shares.items()
    ]
    below, under = 0.0, most
    for grade, value in mean.items():
        if np.isfinite(value):
            key = f"step_{GRADES[grade - 1]}"
            few = min(behind[grade], under, key=lambda side: side.clusters)
            step = value - below
            made.append(meaning.estimate(key, "pay_schedule", estimate=step, behind=few, **n))
            below, under = value, behind[grade]
    return tuple(made)


@dataclass(frozen=True, slots=True)
class PassThrough:
    """The floor of each grade against what is paid and what pay gained.

    Attributes
    ----------
    grades
        Skill grades.
    floor, paid
        Allowance the schedule states, and mean allowance in pay records of contract firms
        under contract, CNY a month; None where unknown.
    gains
        Effect on pay in CNY a month: the effect in log points times mean pay of the grade
        without it.
    shares
        Gain over the floor.
    stated_by, paid_by
        Who stands behind each floor and each allowance paid.
    """

    grades: tuple[int, ...]
    floor: tuple[float | None, ...]
    paid: tuple[float | None, ...]
    gains: tuple[Estimate, ...]
    shares: tuple[Estimate, ...]
    stated_by: tuple[Behind, ...] = ()
    paid_by: tuple[Behind, ...] = ()

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Gains, then shares."""
        return (*self.gains, *self.shares)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a grade."""
        import pandas as pd

        return pd.DataFrame(
            {
                "grade": self.grades,
                "floor_cny_month": self.floor,
                "paid_cny_month": self.paid,
                "gain_cny_month": [e.estimate for e in self.gains],
                "pass_through": [e.estimate for e in self.shares],
            }
        )

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def pass_through(
    effects: PartEffects, ladder: Ladder, cells: pd.DataFrame, firms: pd.DataFrame
) -> PassThrough:
    """Compare what contracts promise each grade with what is paid and what pay gained.

    Parameters
    ----------
    effects
        From `effects_by_grade`, log points.
    ladder
        From `pay_ladder`.
    cells
        From `firm_cells`, with grades.
    firms
        Firms with ``first_contract``.

    Notes
    -----
    A floor need not reach pay in full: it may replace what was already paid (a share
    below one), and pay may rise by more than the floor, as where the contract also lifts
    base pay (above one). The floor of grade 0 is none, so it has no share.
    """
    rows = cells.merge(firms[["employer_id", "first_contract"]], on="employer_id")
    under = rows[(rows["first_contract"] > 0) & (rows["period"] >= rows["first_contract"])]
    sums = under.groupby("grade")[["workers", "wage_sum", "allowance_sum"]].sum(min_count=1)
    grades = tuple(int(label) for label in effects.labels)
    floor = tuple(ladder.schedule.get(g) for g in grades)
    paid, gains, shares = [], [], []
    for grade, least, effect in zip(grades, floor, effects.estimates, strict=True):
        held: Any = sums.loc[grade] if grade in sums.index else None
        money = None if held is None else float(held["allowance_sum"] / held["workers"])
        paid.append(None if money is None or not np.isfinite(money) else money)
        level = None if held is None else float(held["wage_sum"] / held["workers"])
        gains.append(_gain(effect, grade, level))
        shares.append(_share(gains[-1], grade, least))
    counts = [under[under["grade"] == grade] for grade in grades]
    return PassThrough(
        grades, floor, tuple(paid), tuple(gains), tuple(shares),
        tuple(ladder.behind.get(grade, NOBODY) for grade in grades),
        tuple(_paid_by(rows) for rows in counts),
    )  # fmt: skip


def _paid_by(rows: pd.DataFrame) -> Behind:
    """Return the firms that carry what is paid for a grade, and the most workers they had in it."""
    held = rows.groupby(EMPLOYER, observed=True)["workers"].agg(["sum", "max"])
    return Behind(carriers(held["sum"].to_numpy("float64")), int(held["max"].sum()))


def _gain(effect: Estimate, grade: int, level: float | None) -> Estimate:
    """Turn log points into money at the pay the grade would have had."""
    words: dict[str, Any] = {"key": f"gain_{grade}", "term": "pay_gain", "unit": "cny_month"}
    if effect.estimate is None or level is None:
        why = effect.undefined or NO_PAID
        return replace(effect, **words, estimate=None, low=None, high=None,
                       standard_error=None, p_value=None, undefined=why)  # fmt: skip
    base = level * float(np.exp(-effect.estimate))

    def money(value: float | None) -> float | None:
        return None if value is None else base * float(np.expm1(value))

    return replace(effect, **words, estimate=money(effect.estimate), low=money(effect.low),
                   high=money(effect.high), standard_error=None)  # fmt: skip


def _share(gain: Estimate, grade: int, floor: float | None) -> Estimate:
    """Return the gain over the floor."""
    words: dict[str, Any] = {
        "key": f"pass_through_{grade}",
        "term": "pass_through",
        "unit": "ratio",
    }
    if gain.estimate is None or not floor:
        why = gain.undefined or Text(
            "the schedule states no floor for it", "合同未载明该等级的下限"
        )
        return replace(gain, **words, estimate=None, low=None, high=None, p_value=None,
                       undefined=why)  # fmt: skip
    scaled = [None if v is None else v / floor for v in (gain.estimate, gain.low, gain.high)]
    return replace(gain, **words, estimate=scaled[0], low=scaled[1], high=scaled[2])
