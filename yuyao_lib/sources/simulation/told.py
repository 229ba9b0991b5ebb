"""What a page may say was set: the public truth of a simulated register, and nothing of others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from yuyao_lib.findings import Mode
from yuyao_lib.sources.simulation.sealed import read_truth

if TYPE_CHECKING:
    from yuyao_lib.sources.dataset import Dataset

__all__ = ["Told", "told"]


@dataclass(frozen=True, slots=True)
class Told:
    """Values that were set, by their place in ``truth.json``; empty for real data.

    Attributes
    ----------
    truths
        The part of the truth that a page may show beside its estimates. Potential
        outcomes are never among it.
    """

    truths: Mapping[str, Any] = field(repr=False)

    def value(self, *path: str) -> float | None:
        """Return one number, or None where nothing was set.

        Examples
        --------
        >>> Told({"contract": {"stayers": {"att": 0.02}}}).value("contract", "stayers", "att")
        0.02
        >>> Told({}).value("contract", "stayers", "att") is None
        True
        """
        found: Any = self.truths
        for name in path:
            if not isinstance(found, Mapping) or name not in found:
                return None
            found = found[name]
        return float(found)

    def table(self, *path: str) -> dict[str, float]:
        """Return the numbers below a place by their name; empty where nothing was set."""
        found: Any = self.truths
        for name in path:
            found = found.get(name, {}) if isinstance(found, Mapping) else {}
        return {k: float(v) for k, v in found.items() if isinstance(v, (int, float))}

    def tables(self, *path: str) -> dict[str, dict[str, float]]:
        """Return the tables of numbers below a place by their name; empty where nothing was set.

        Examples
        --------
        >>> Told({"by": {"2021Q2": {"0": 0.01}}}).tables("by")
        {'2021Q2': {'0': 0.01}}
        """
        found: Any = self.truths
        for name in path:
            found = found.get(name, {}) if isinstance(found, Mapping) else {}
        return {k: self.table(*path, k) for k in found}


def told(data: Dataset, *, known: bool = True) -> Told:
    """Return what was set in a simulated register; nothing for any other data.

    Parameters
    ----------
    data
        Any data set.
    known
        Whether the question asked is one whose answer was set.
    """
    if data.mode is not Mode.SIMULATED or not known:
        return Told({})
    held = read_truth(data)
    return Told({**held["truths"], "pretrend": held["pretrend"]})
