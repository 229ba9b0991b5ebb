"""Two groups' means and coefficients with their influence, and the parts made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yuyao_lib.methods.linearised import Linear, PayRows, weighted_fit, weighted_mean
from yuyao_lib.methods.panel_routes import independent
from yuyao_lib.methods.samples import ALIKE, alike
from yuyao_lib.vocabulary import Text

__all__ = ["REFERENCES", "Sides", "fit_sides"]

REFERENCES = ("group_1", "group_0", "pooled", "pooled_with_group", "cotton", "reimers")
ONE_GROUP = Text(
    "all rows are in the same group, so there is no gap", "所有行属于同一组，不存在差距"
)
Numbers = tuple[np.ndarray, np.ndarray]  # values (k,), influence (n, k)


@dataclass(frozen=True, slots=True)
class Sides:
    """Two groups, ready to be decomposed.

    Attributes
    ----------
    names
        Regressors, the constant first.
    means, prices
        For groups 1 and 0: mean characteristics and coefficients with influence.
    references
        Reference prices by name.
    gap
        Difference in mean outcomes.
    used, sides
        Rows of both groups, and of each: what is told of both tells of the smaller.
    left_out
        Controls that repeat others.
    residual_df
        Rows of the smaller group less regressors.
    """

    names: tuple[str, ...]
    means: tuple[Numbers, Numbers]
    prices: tuple[Numbers, Numbers]
    references: dict[str, Numbers]
    gap: Linear
    used: np.ndarray
    sides: tuple[np.ndarray, ...]
    left_out: tuple[str, ...]
    residual_df: int

    def threefold(self, part: str, columns: Sequence[int]) -> Linear:
        """Return the endowments, coefficients or interaction part of some regressors."""
        apart, price = _minus(self.means), _minus(self.prices)
        if part == "endowments":
            return self._dot(apart, self.prices[1], columns)
        if part == "coefficients":
            return self._dot(self.means[1], price, columns)
        return self._dot(apart, price, columns)

    def twofold(self, reference: str, columns: Sequence[int]) -> tuple[Linear, Linear]:
        """Return the explained and the unexplained part of some regressors."""
        explained = self._dot(_minus(self.means), self.references[reference], columns)
        paid = [self._dot(self.means[g], self.prices[g], columns) for g in (0, 1)]
        return explained, paid[0] - paid[1] - explained

    def _dot(self, a: Numbers, b: Numbers, columns: Sequence[int]) -> Linear:
        """Return a sum of products by the delta method."""
        j = list(columns)
        (x, pull_x), (y, pull_y) = a, b
        pull = pull_x[:, j] @ y[j] + pull_y[:, j] @ x[j]
        return Linear(float(x[j] @ y[j]), pull, self.used, self.sides, self.residual_df)


def _minus(both: tuple[Numbers, Numbers]) -> Numbers:
    """Return group 1 minus group 0."""
    return both[0][0] - both[1][0], both[0][1] - both[1][1]


def fit_sides(
    rows: PayRows, mask: np.ndarray, outcome: str, group: str, controls: Sequence[str]
) -> Sides | Text:
    """Fit both groups and the reference prices in the rows of a mask, or say why not."""
    member = rows.where(group, 1.0)
    sides = (mask & member, mask & ~member)
    if not all(side.any() for side in sides):
        return ONE_GROUP
    if alike(rows.column(outcome)[mask]):
        return ALIKE
    frame = rows.frame[list(dict.fromkeys(controls))].assign(Intercept=1.0)
    names = independent(frame[mask], ["Intercept", *frame.columns.drop("Intercept")])
    problem = _problem(frame, sides, names)
    if problem is not None:
        return problem
    x, y = frame[names].to_numpy(dtype="float64"), rows.column(outcome)
    ones, zeros = (weighted_fit(rows, side, y[side], x[side]) for side in sides)
    gap = weighted_mean(rows, sides[0], y[sides[0]]) - weighted_mean(rows, sides[1], y[sides[1]])
    return Sides(
        tuple(names),
        (_means(rows, sides[0], x), _means(rows, sides[1], x)),
        (ones, zeros),
        _references(rows, mask, member, y, x, ones, zeros),
        gap,
        mask,
        sides,
        tuple(c for c in controls if c not in names),
        min(int(side.sum()) for side in sides) - len(names),
    )


def _problem(frame, sides, names) -> Text | None:  # type: ignore[no-untyped-def]
    """Say which controls cannot be priced in one of the groups."""
    for side, label in zip(sides, ("1", "0"), strict=True):
        part = frame[side]
        if len(part) <= len(names):
            return Text(
                f"group {label} has {len(part)} rows, too few for {len(names)} coefficients",
                f"第 {label} 组仅 {len(part)} 行，不足以估计 {len(names)} 个系数",
            )
        spare = [n for n in names if n not in independent(part, names)]
        if spare:
            listed = ", ".join(spare)
            return Text(
                f"in group {label} these do not vary, or repeat others: {listed}",
                f"在第 {label} 组中，下列变量没有变化或与其他变量重复：{listed}",
            )
    return None


def _means(rows: PayRows, side: np.ndarray, x: np.ndarray) -> Numbers:
    """Return mean characteristics with their influence."""
    found = [weighted_mean(rows, side, x[side, j]) for j in range(x.shape[1])]
    return np.array([f.value for f in found]), np.column_stack([f.influence for f in found])


def _references(
    rows: PayRows,
    mask: np.ndarray,
    member: np.ndarray,
    y: np.ndarray,
    x: np.ndarray,
    ones: Numbers,
    zeros: Numbers,
) -> dict[str, Numbers]:
    """Return every kind of reference prices."""
    flag: np.ndarray = member.astype("float64")
    pooled = weighted_fit(rows, mask, y[mask], x[mask])
    both = weighted_fit(rows, mask, y[mask], np.column_stack([x, flag])[mask])
    size = weighted_mean(rows, mask, flag[mask])
    apart = ones[0] - zeros[0]
    cotton = (
        zeros[0] + size.value * apart,
        zeros[1] + size.value * (ones[1] - zeros[1]) + np.outer(size.influence, apart),
    )
    return {
        "group_1": ones,
        "group_0": zeros,
        "pooled": pooled,
        "pooled_with_group": (both[0][:-1], both[1][:, :-1]),
        "cotton": cotton,
        "reimers": ((ones[0] + zeros[0]) / 2, (ones[1] + zeros[1]) / 2),
    }
