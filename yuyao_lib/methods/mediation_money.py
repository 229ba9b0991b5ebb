"""What disputes are about in money, and how much of it was settled and paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.findings.members import Members
from yuyao_lib.methods.coefficients import Told
from yuyao_lib.methods.mediation_cases import NO_DISPUTES, day_of
from yuyao_lib.methods.smaller_sides import carriers
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.sources.membership import universe_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AmountScope", "Money", "money"]

TOPIC = "mediation"
AmountScope = Literal["disputes", "legal_aid", "both"]
SCOPES: tuple[AmountScope, ...] = ("disputes", "legal_aid", "both")
NO_AMOUNT = Text("not run: the disputes have no column of amounts", "未运行：争议表没有金额列")
EMPTY = Text("no case of this scope was filed in the window", "窗口期内没有此口径的案件")
LINEARISED = Text(
    "ratio of totals, linearised over cases, normal", "总额之比，按案件线性化，正态分布"
)
PERFORMED = Text(
    "amounts of cases settled and carried out over amounts of all cases; a case still open"
    " counts as not recovered",
    "已和解且履行案件的金额占全部案件金额之比；未结案件计为未兑现",
)


@dataclass(frozen=True, slots=True)
class Money:
    """Amounts by reading of which cases they belong to.

    Attributes
    ----------
    scope
        The reading asked for.
    readings
        Scope -> estimates ``cases``, ``amount``, ``per_case``, ``recovered`` (share of the
        money), ``recovered_cases`` (share of the cases).
    window
        First and last day of filing.
    """

    scope: AmountScope
    readings: Mapping[str, tuple[Estimate, ...]]
    window: tuple[str, str]

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Those of the reading asked for."""
        return self.readings[self.scope]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a reading and estimate."""
        import pandas as pd

        rows = [rows_of(e).assign(scope=scope) for scope, e in self.readings.items()]
        return pd.concat(rows, ignore_index=True)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def money(
    disputes: pd.DataFrame | None,
    *,
    scope: AmountScope = "disputes",
    window: tuple[str, str],
    level: float = 0.95,
) -> Money:
    r"""Add up amounts under each reading, and what part was settled and carried out.

    The recovery ratio is :math:`\sum_i a_i s_i / \sum_i a_i`, with :math:`s_i` one where a
    case was settled and the settlement performed.

    Parameters
    ----------
    disputes
        One row a case with ``filed_on``, ``outcome``, ``amount``; ``room_id``,
        ``performed`` and ``legal_aid`` where known.
    scope
        Cases that amounts belong to: mediated ``disputes``, ``legal_aid``, or ``both``.
    window
        First and last day of filing.
    level
        Coverage of the intervals.

    Raises
    ------
    InputError
        If the scope or a day cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"filed_on": ["2022-01-01"] * 2, "outcome": ["settled", "arbitration"],
    ...                      "performed": [True, False], "amount": [3.0, 1.0]})
    >>> found = money(rows, window=("2018-07-01", "2023-06-30"))
    >>> {e.key: e.estimate for e in found.estimates}["recovered"]
    0.75
    """
    if scope not in SCOPES:
        raise InputError(sentence("scope of amounts", got=scope, allowed=list(SCOPES)))
    first, last = (day_of(day, "end of the window") for day in window)
    dates = (str(first.date()), str(last.date()))
    told = Told(method="ratio_of_totals", n=0, n_unit="cases", level=level, inference=LINEARISED)
    why = NO_DISPUTES if disputes is None else None
    if disputes is not None and "amount" not in disputes:
        why = NO_AMOUNT
    if disputes is None or why is not None:
        return Money(scope, {s: _nothing(told, why or NO_AMOUNT) for s in SCOPES}, dates)
    import pandas as pd

    filed = pd.to_datetime(disputes["filed_on"])
    rows = disputes[(filed >= first) & (filed <= last) & disputes["amount"].notna()]
    held = _scopes(rows)
    beside = _fewest_apart(rows, held)
    # whichever is asked for, the first stays, so that several pages tell no more together
    of = {s: None if s == SCOPES[0] else beside for s in SCOPES}
    known = universe_of(rows)
    readings: dict[str, tuple[Estimate, ...]] = {}
    for s in SCOPES:
        members = None if known is None else Members(known, held[s].to_numpy(dtype=bool))
        made = _reading(rows[held[s]], level, beside=of[s])
        readings[s] = tuple(e if e.n == 0 else replace(e, members=members) for e in made)
    return Money(scope, readings, dates)


def _scopes(rows: pd.DataFrame) -> dict[str, Any]:
    """Say which rows each reading counts."""
    known = "room_id" in rows and rows["room_id"].notna().any()
    mediated = rows["room_id"].notna() if known else rows["filed_on"].notna()
    aided = rows["legal_aid"].eq(True) if "legal_aid" in rows else ~rows["filed_on"].notna()
    return {"disputes": mediated, "legal_aid": aided, "both": mediated | aided}


def _fewest_apart(rows: pd.DataFrame, held: Mapping[str, Any]) -> int | None:
    """Count the fewest cases that carry what readings, added and subtracted, leave.

    Those with legal aid alone, mediated alone, and both; None where they are all the same.
    """
    one, other = held["disputes"], held["legal_aid"]
    apart = (one & ~other, other & ~one, one & other)
    amounts = [rows["amount"].to_numpy("float64")[part.to_numpy()] for part in apart]
    return min((min(len(a), carriers(a)) for a in amounts if len(a)), default=None)


def _reading(rows: pd.DataFrame, level: float, *, beside: int | None) -> tuple[Estimate, ...]:
    """Return the estimates of one reading, `beside` the cases that others leave of it."""
    told = Told(method="ratio_of_totals", n=len(rows), n_unit="cases", level=level,
                inference=LINEARISED)  # fmt: skip
    if rows.empty:
        return _nothing(told, EMPTY)
    amount = rows["amount"].to_numpy(dtype="float64")
    settled = rows["outcome"].astype("string").eq("settled").fillna(value=False)
    performed = rows["performed"].eq(True) if "performed" in rows else True
    done = (settled & performed).to_numpy(dtype="float64")
    plain = {"design": Design.DESCRIPTION, "caveat": None}
    made = (
        told.given("cases", estimate=float(len(rows)), term="cases", unit="cases", **_bare(plain)),
        told.given("amount", estimate=float(amount.sum()), term="claim_amount", unit="cny",
                   **_bare(plain)),
        _ratio(told, "per_case", amount, np.ones(len(rows)), "amount_per_case", "cny"),
        _ratio(told, "recovered", amount * done, amount, "recovered_share", "share"),
        _ratio(told, "recovered_cases", done, np.ones(len(rows)), "recovered_cases", "share"),
    )  # fmt: skip
    carrying = {"amount": carriers(amount), "per_case": carriers(amount),
                "recovered": min(map(carriers, (amount * done, amount * (1 - done))))}  # fmt: skip
    return tuple(_behind(e, carrying.get(e.key), beside) for e in made)


def _behind(estimate: Estimate, *carrying: int | None) -> Estimate:
    """Put the fewest cases that carry a number in the place of the persons behind it."""
    known = [n for n in carrying if n is not None]
    return replace(estimate, persons=min(known)) if known else estimate


def _bare(words: dict[str, Any]) -> dict[str, Any]:
    """Take the words about intervals from a total that has none."""
    return {**words, "inference": None}


def _ratio(
    told: Told, key: str, above: np.ndarray, below: np.ndarray, term: str, unit: str
) -> Estimate:
    """Return a ratio of totals with its linearised error."""
    total = float(below.sum())
    words: dict[str, Any] = {"term": term, "unit": unit, "design": Design.DESCRIPTION}
    words |= {"caveat": None, "estimand": PERFORMED if key.startswith("recovered") else None}
    if not total:
        return told.missing(key, EMPTY, **words)
    value = float(above.sum()) / total
    n = len(above)
    error = float(np.sqrt(((above - value * below) ** 2).sum() * n / max(n - 1, 1))) / total
    made = told.wald(key, value, error, **words)
    return made if unit != "share" else _within(made)


def _within(estimate: Estimate) -> Estimate:
    """Keep the interval of a share within 0 and 1."""
    low, high = max(estimate.low or 0.0, 0.0), min(estimate.high or 0.0, 1.0)
    return replace(estimate, low=low, high=high, p_value=None)


def _nothing(told: Told, why: Text) -> tuple[Estimate, ...]:
    """Say why there is no money to speak of."""
    words = {"design": Design.DESCRIPTION, "caveat": None, "unit": "share"}
    return (told.missing("recovered", why, term="recovered_share", **words),)
