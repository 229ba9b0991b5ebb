"""What explains a gap in mean pay: Oaxaca-Blinder decompositions with every usual reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Estimate, Rules
from yuyao_lib.methods.decomposition_parts import REFERENCES, Sides, fit_sides
from yuyao_lib.methods.inequality import key_of
from yuyao_lib.methods.linearised import Linear, PayRows, Saying, minus, pay_rows
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["REFERENCES", "THREEFOLD", "Characteristics", "Decomposition", "decompose"]

TOPIC = "structure"
SIDES = ("explained", "unexplained")
THREEFOLD = ("endowments", "coefficients", "interaction")
Found = dict[str, Linear | Text]
NOT_AN_EFFECT = Text(
    "Unexplained means not explained by the characteristics listed: it is what the group is paid"
    " together with whatever was not measured.",
    "“未解释”指所列特征未能解释：既包含该组所得报酬的不同，也包含未测量的差异。",
)
ZERO_POINT = Text(
    "how the unexplained part divides over characteristics depends on where each has its zero",
    "未解释部分在各特征之间的划分取决于各特征的零点",
)


@dataclass(frozen=True, slots=True)
class Characteristics:
    """The parts of a gap by block of characteristics, at one reference.

    Attributes
    ----------
    pairs
        Block -> its explained and unexplained part; ``constant`` has the second only.
    blocks
        Block -> its columns.
    reference, period
        What is told.
    """

    pairs: dict[str, tuple[Estimate, ...]]
    blocks: dict[str, tuple[str, ...]]
    reference: str
    period: Any

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Every part."""
        return tuple(e for pair in self.pairs.values() for e in pair)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a part."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


@dataclass(frozen=True, slots=True)
class Decomposition:
    """A gap and its parts, in every period.

    Attributes
    ----------
    totals
        The gap, the threefold parts and for each reference the explained and unexplained
        part; keys ``gap``, ``endowments``, ``explained_pooled`` ..., with the period
        behind (``gap_1978``) where there are periods.
    changes
        Last period minus first, keys ``change_gap`` and so on.
    detail
        The explained and unexplained parts by block of characteristics.
    periods
        The periods; one None without.
    references
        The references.
    blocks
        Name of a block of characteristics -> its columns.
    left_out
        Controls that repeat others.
    dropped
        Rows left out because a value was missing.
    group
        Column of the groups.
    """

    totals: tuple[Estimate, ...]
    changes: tuple[Estimate, ...]
    detail: tuple[Estimate, ...]
    periods: tuple[Any, ...]
    references: tuple[str, ...]
    blocks: dict[str, tuple[str, ...]]
    left_out: tuple[str, ...]
    dropped: int
    group: str

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Totals, changes, detail."""
        return self.totals + self.changes + self.detail

    def of(self, name: str, period: Any = None) -> Estimate:
        """Return one part, such as ``explained_pooled``, of a period.

        Raises
        ------
        InputError
            If there is no such part.
        """
        key = key_of(name, () if period is None else (period,))
        known = {e.key: e for e in self.estimates}
        if key not in known:
            raise InputError(sentence("no such part", got=key, allowed=list(known)))
        return known[key]

    def characteristics(self, reference: str, period: Any = None) -> Characteristics:
        """Return both parts by block of characteristics, at one reference.

        Raises
        ------
        InputError
            If there is no such reference or period.
        """
        if reference not in self.references:
            raise InputError(sentence("unknown reference", got=reference, allowed=self.references))
        inside = () if period is None else (period,)
        known = {e.key: e for e in self.detail}
        keys = {
            block: tuple(key_of(f"{side}_{reference}_{block}", inside) for side in SIDES)
            for block in (*self.blocks, "constant")
        }
        pairs = {b: tuple(known[k] for k in both if k in known) for b, both in keys.items()}
        if not any(pairs.values()):
            raise InputError(sentence("no such period", got=period, allowed=self.periods))
        known_pairs = {b: pair for b, pair in pairs.items() if pair}
        return Characteristics(known_pairs, self.blocks, reference, period)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a part."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def decompose(
    frame: pd.DataFrame,
    *,
    outcome: str,
    group: str,
    controls: Sequence[str],
    references: Sequence[str] = REFERENCES,
    period: str | None = None,
    weights: str | None = None,
    worker: str = "worker_id",
    unit: str = "log_points",
    level: float = 0.95,
) -> Decomposition:
    r"""Split the gap in mean pay between two groups into what characteristics explain.

    With means :math:`\bar x_g` and coefficients :math:`\beta_g` of groups 1 and 0 the gap
    is :math:`(\bar x_1-\bar x_0)'\beta^* + [\bar x_1'(\beta_1-\beta^*) +
    \bar x_0'(\beta^*-\beta_0)]`, explained and unexplained at the reference prices
    :math:`\beta^*` (Jann 2008, Stata Journal 8, 453-479, eq. 5):

    ================== =================================================================
    group_1, group_0   the coefficients of one group
    pooled             of both groups together (Neumark 1988)
    pooled_with_group  of both together with a dummy for the group (Jann 2008); the
                       unexplained part is then the coefficient of that dummy
    cotton             averaged by the groups' sizes (Cotton 1988)
    reimers            averaged half and half (Reimers 1983)
    ================== =================================================================

    The threefold parts are :math:`(\bar x_1-\bar x_0)'\beta_0` (endowments),
    :math:`\bar x_0'(\beta_1-\beta_0)` (coefficients) and
    :math:`(\bar x_1-\bar x_0)'(\beta_1-\beta_0)` (interaction).

    Parameters
    ----------
    frame
        One row a person, or a person and period.
    outcome
        Column of log pay, or of anything in `unit`.
    group
        Column of 0 and 1.
    controls
        Columns of numbers. One that ends in ``_squared`` is told together with the
        column it is the square of.
    references
        Which reference prices.
    period
        Column of years; each is decomposed on its own, and the parts' change told.
    weights, worker, level
        As in `inequality`. Errors allow for any variance (HC1), for the characteristics
        being a sample too, and for the reference prices being estimated.
    unit
        Vocabulary key of the outcome's unit.

    Raises
    ------
    DataError
        If a column cannot be used.
    InputError
        If a reference or the level is not allowed.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> people = yuyao.open("cps78_85").frame("workers")
    >>> found = decompose(people, outcome="log_hourly_wage", group="union_member",
    ...     controls=["education_years", "female"], period="calendar_year")
    >>> round(found.of("gap", 1985).estimate, 4)
    0.2856
    """
    for name in references:
        if name not in REFERENCES:
            raise InputError(sentence("unknown reference", got=name, allowed=REFERENCES))
    rows = pay_rows(
        frame,
        numeric=[outcome, group, *controls],
        keys=[period] if period else [],
        binary=[group],
        weights=weights,
        worker=worker,
    )
    blocks = blocks_of(controls)
    masks = rows.parts(period)
    periods = list(masks)
    fits = {p: fit_sides(rows, masks[p], outcome, group, controls) for p in periods}
    found = {p: _totals(fits[p], references) for p in periods}
    say = Saying(rows, level=level, unit=unit)
    totals = [_say_total(say, k, v, p) for p in periods for k, v in found[p].items()]
    changes = [
        _say_total(say, key, minus(found[periods[-1]][key], found[periods[0]][key]), "change")
        for key in (found[periods[0]] if len(periods) > 1 else ())
    ]
    detail = [
        estimate
        for p in periods
        for reference in references
        for estimate in _detail(say, fits[p], reference, blocks, p)
    ]
    left = {n for fit in fits.values() if isinstance(fit, Sides) for n in fit.left_out}
    return Decomposition(
        tuple(totals),
        tuple(changes),
        tuple(detail),
        tuple(periods),
        tuple(references),
        blocks,
        tuple(n for n in controls if n in left),
        rows.dropped,
        group,
    )


def blocks_of(controls: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Put a column and its square together.

    Examples
    --------
    >>> blocks_of(["age", "age_squared", "female"])
    {'age': ('age', 'age_squared'), 'female': ('female',)}
    """
    blocks: dict[str, list[str]] = {}
    for name in controls:
        root = name.removesuffix("_squared")
        blocks.setdefault(root if root in controls else name, []).append(name)
    return {root: tuple(names) for root, names in blocks.items()}


def _totals(fit: Sides | Text, references: Sequence[str]) -> Found:
    """Return the gap, the threefold parts, and two parts for each reference."""
    twofold = [f"{part}_{r}" for r in references for part in SIDES]
    keys = ["gap", *THREEFOLD, *twofold]
    if isinstance(fit, Text):
        return dict.fromkeys(keys, fit)
    whole = list(range(len(fit.names)))
    found: Found = {"gap": fit.gap}
    for key in THREEFOLD:
        found[key] = fit.threefold(key, whole)
    for reference in references:
        for side, value in zip(SIDES, fit.twofold(reference, whole), strict=True):
            found[f"{side}_{reference}"] = value
    return found


def _say_total(say: Saying, name: str, found: Linear | Text, period: Any) -> Estimate:
    """Tell one part of a period, or its change."""
    part, _, reference = name.partition("_")
    terms = {"gap": "pay_gap", "explained": "explained_part", "unexplained": "unexplained_part"}
    method = f"reference_{reference}" if reference else "threefold"
    changed = period == "change"
    key = f"change_{name}" if changed else key_of(name, () if period is None else (period,))
    return say.estimate(
        found,
        key=key,
        term=terms.get(part, f"{part}_part"),
        method="difference_in_means" if name == "gap" else method,
        estimand=Text("change from the first to the last period", "首末两期之间的变化")
        if changed
        else None,
    )


def _rare_traits(
    rows: PayRows, fit: Sides | Text, blocks: dict[str, tuple[str, ...]]
) -> dict[str, tuple[np.ndarray, ...]]:
    """Return for each block who has a trait of it, and who has not, in both groups.

    The part of a trait that one person has is that person's pay. All parts add up to the
    whole, so the block of fewest tells of another, and that is held to the same persons.
    """
    if isinstance(fit, Text):
        return {}
    found = {}
    for block, columns in blocks.items():
        values = [rows.column(c) for c in columns if c in fit.names]
        traits = [v for v in values if np.isin(v[fit.used], (0.0, 1.0)).all()]
        cells = [side & (v == has) for v in traits for side in fit.sides for has in (0.0, 1.0)]
        found[block] = tuple(cells)
    few = [block for block, cells in found.items() if any(_is_of_few(rows, c) for c in cells)]
    rest = sorted(
        (block for block in found if block not in few),
        key=lambda block: min(map(rows.carrying, found[block]), default=len(rows.weights)),
    )
    if len(few) == 1 and rest:
        found[rest[0]] += found[few[0]]
    return found


def _is_of_few(rows: PayRows, cell: np.ndarray) -> bool:
    """Whether too few persons or employers carry some rows."""
    least, firms = Rules(), rows.employers(cell)
    return rows.carrying(cell) < least.persons or (firms is not None and firms < least.clusters)


def _detail(
    say: Saying,
    fit: Sides | Text,
    reference: str,
    blocks: dict[str, tuple[str, ...]],
    period: Any,
) -> list[Estimate]:
    """Tell both parts by block, the constant in the unexplained part alone."""
    told: list[Estimate] = []
    rare = _rare_traits(say.rows, fit, blocks)
    for block, columns in {**blocks, "constant": ("Intercept",)}.items():
        sides = SIDES[1:] if block == "constant" else SIDES
        found: Any = fit
        if isinstance(fit, Sides):
            used = [fit.names.index(c) for c in columns if c in fit.names]
            if not used:
                continue
            parts = fit.twofold(reference, used)
            held = [replace(part, sides=(*part.parts, *rare.get(block, ()))) for part in parts]
            found = dict(zip(SIDES, held, strict=True))
        for side in sides:
            told.append(
                say.estimate(
                    found if isinstance(found, Text) else found[side],
                    key=key_of(f"{side}_{reference}_{block}", () if period is None else (period,)),
                    term=f"{side}_part",
                    method=f"reference_{reference}",
                    estimand=Text(block.replace("_", " "), block),
                    extra=ZERO_POINT if side == "unexplained" else None,
                )
            )
    return told
