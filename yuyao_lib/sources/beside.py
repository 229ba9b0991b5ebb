"""Public data sets shown beside another one: opened where installed, else said to be missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING

from yuyao_lib.errors import DataError, sentence
from yuyao_lib.findings import Mode
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Beside", "open_beside"]


@dataclass(frozen=True, slots=True)
class Beside:
    """Data sets of one mode, shown together.

    Attributes
    ----------
    sets
        The one the page is about first.
    missing
        Names that could not be opened, each with the reason.
    """

    sets: tuple[Dataset, ...]
    missing: tuple[tuple[str, Text], ...] = ()

    @property
    def joined(self) -> Dataset:
        """All of them as the origin of what is made from all; two modes raise ModeError."""
        reduce(lambda found, data: found.join(data.origin), self.sets[1:], self.sets[0].origin)
        first = self.sets[0]
        cards = [data.card for data in self.sets]
        title = Text("; ".join(c.title.en for c in cards), "；".join(c.title.zh for c in cards))
        files = tuple(file for card in cards for file in card.files)
        vintage = "; ".join(dict.fromkeys(c.vintage for c in cards))
        card = replace(first.card, title=title, files=files, vintage=vintage)
        return Dataset(
            " + ".join(d.name for d in self.sets), mode=first.mode, card=card, loaders={}
        )

    def frames(self, table: str) -> dict[str, pd.DataFrame]:
        """Return a table of the first set and the one table of each other, by name."""
        first, *others = self.sets
        return {first.name: first.frame(table)} | {d.name: d.frame(d.tables[0]) for d in others}


def open_beside(data: Dataset, names: Sequence[str]) -> Beside:
    """Open public data sets to show beside one; with data of another mode none is.

    Parameters
    ----------
    data
        The data set the page is about.
    names
        Public data sets; the page's own is not opened twice.

    Raises
    ------
    DataError
        If a name is not that of a public data set.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> found = open_beside(yuyao.open("wagepan"), ["wagepan", "cps78_85"])
    >>> found.joined.name
    'wagepan + cps78_85'
    """
    from yuyao_lib.sources.catalogue import TOPICS
    from yuyao_lib.sources.public import open_public

    for name in names:
        if name not in TOPICS:
            raise DataError(sentence("unknown public data set", got=name, allowed=list(TOPICS)))
    if data.mode is not Mode.PUBLIC:
        return Beside((data,), tuple((name, OTHER_MODE) for name in names))
    sets, missing = [data], []
    for name in names:
        if name == data.name:
            continue
        try:
            sets.append(open_public(name))
        except DataError as error:
            missing.append((name, Text(str(error), f"数据集 {name} 需要的软件包未安装。")))
    return Beside(tuple(sets), tuple(missing))


OTHER_MODE = Text(
    "public data are never shown as if they were of the same kind as these.",
    "公开数据不与本页数据混为一类展示。",
)
