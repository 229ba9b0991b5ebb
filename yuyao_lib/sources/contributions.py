"""How the rows of a data set lie on persons and employers, counted once and kept."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from yuyao_lib.findings import Contributions
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.sources.panels import PANEL
from yuyao_lib.sources.people import note_people

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EMPLOYER", "PERSON", "contributions_of"]

PERSON, EMPLOYER = "worker_id", "employer_id"
_known: WeakKeyDictionary[Dataset, Contributions] = WeakKeyDictionary()


def contributions_of(data: Dataset) -> Contributions:
    """Return how often a person and an employer stand in each table of a data set.

    The panel made of other tables has their rows and is not counted again; a list of
    employers, a row each, says nothing about who stands behind rows of people.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> dict(contributions_of(yuyao.open("wagepan")).per_person[0])
    {8: 545}
    """
    if data not in _known:
        held = {name: data.peek(name) for name in data.tables if name != PANEL}
        frames = list(held.values())
        note_people(data, held)
        _known[data] = Contributions(
            per_person=tuple(_rows(f, PERSON) for f in frames if PERSON in f),
            per_employer=tuple(_rows(f, EMPLOYER) for f in frames if {PERSON, EMPLOYER} <= set(f)),
            persons_per_employer=_persons(frames),
            tables={name: _alone(frame) for name, frame in held.items()},
        )
    return _known[data]


def _alone(frame: pd.DataFrame) -> Contributions:
    """Return the contributions of one table, its rows the only ones there are."""
    return Contributions(
        per_person=(_rows(frame, PERSON),) if PERSON in frame else (),
        per_employer=(_rows(frame, EMPLOYER),) if EMPLOYER in frame else (),
        persons_per_employer=_persons([frame]),
    )


def _rows(frame: pd.DataFrame, key: str) -> dict[int, int]:
    """Return how often an id has so many rows."""
    return dict(Counter(frame[key].value_counts().tolist()))


def _persons(frames: list[pd.DataFrame]) -> dict[int, int]:
    """Return how often an employer has so many persons, in the first table that tells."""
    for frame in frames:
        if {PERSON, EMPLOYER} <= set(frame):
            persons = frame[[EMPLOYER, PERSON]].drop_duplicates()
            return _rows(persons, EMPLOYER)
    return {}
