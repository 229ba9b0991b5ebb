"""Estimates beside what was set: for simulated data, where the answer is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yuyao_lib.errors import InputError
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BesideTruth", "beside"]

TOPIC = "grade_contracts"


@dataclass(frozen=True, slots=True)
class BesideTruth:
    """Estimates, each with the value that the simulation was given.

    Attributes
    ----------
    estimates
        In the order they are shown.
    labels
        Name of each in a chart.
    truths
        What was set, in the estimate's unit; None where nothing was set, as in real data.
    title
        What a chart of them shows.
    across
        Name of a numeric axis of `places`, where they lie over one.
    places
        Numbers on that axis.
    """

    estimates: tuple[Estimate, ...]
    labels: tuple[Text, ...]
    truths: tuple[float | None, ...]
    title: Text
    across: Text | None = None
    places: tuple[float, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate with what was set."""
        return rows_of(self.estimates).assign(set_by_us=list(self.truths))

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def beside(
    estimates: Sequence[Estimate],
    truths: Mapping[str, float] | Sequence[float | None],
    *,
    labels: Sequence[Text],
    title: Text,
    keys: Sequence[str] = (),
    across: Text | None = None,
    places: Sequence[float] = (),
) -> BesideTruth:
    """Lay estimates beside what was set.

    Parameters
    ----------
    estimates, labels
        One label an estimate.
    truths
        What was set, in the same order, or by key; an empty mapping where nothing is known.
    keys
        Key of each estimate in `truths`, where that is a mapping.
    title, across, places
        As in `BesideTruth`.

    Raises
    ------
    InputError
        If the numbers of estimates, labels and truths differ.
    """
    if isinstance(truths, Mapping):
        told = tuple(truths.get(key) for key in keys) or (None,) * len(estimates)
    else:
        told = tuple(truths)
    if not len(estimates) == len(labels) == len(told):
        raise InputError(
            f"{len(estimates)} estimates need as many labels and truths:"
            f" got {len(labels)} and {len(told)}."
        )
    return BesideTruth(tuple(estimates), tuple(labels), told, title, across, tuple(places))
