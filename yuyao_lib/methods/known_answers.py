"""Estimates whose answer was set when a register was simulated, with where it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Answer", "KnownAnswers", "answer_at"]


@dataclass(frozen=True, slots=True)
class Answer:
    """One estimate and where the truth beside a simulated register holds its answer.

    Attributes
    ----------
    name
        What is estimated.
    estimate
        The estimate; where `place` holds a ratio, its unit is one.
    place
        Path in the truth such as ``truths/ratios/settlement_standard``, or
        ``parameters/limit_share`` for a parameter, ``pretrend`` for a setting; a number where
        the generator makes no difference at all, such as ``1``.
    """

    name: Text
    estimate: Estimate
    place: str


@dataclass(frozen=True, slots=True)
class KnownAnswers:
    """Estimates to hold against what was set.

    Attributes
    ----------
    answers
        In the order in which they are shown.
    note
        What a reader must know before comparing.
    """

    answers: tuple[Answer, ...]
    note: Text | None = None

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """The estimates alone."""
        return tuple(a.estimate for a in self.answers)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates).assign(place=[a.place for a in self.answers])

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def answer_at(truth: dict[str, Any], place: str) -> float | None:
    """Read one answer; None where the truth does not hold it.

    Examples
    --------
    >>> answer_at({"truths": {"ratios": {"x": 1.3}}, "parameters": []}, "truths/ratios/x")
    1.3
    >>> answer_at({"parameters": [{"id": "limit_share", "value": "0.5"}]}, "parameters/limit_share")
    0.5
    """
    first, _, rest = place.partition("/")
    if not rest:
        return float(truth.get(first, first))
    if first == "parameters":
        return next((float(p["value"]) for p in truth[first] if p["id"] == rest), None)
    held: Any = truth
    for part in place.split("/"):
        if not isinstance(held, dict) or part not in held:
            return None
        held = held[part]
    return float(held)
