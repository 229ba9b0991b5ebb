"""Counts of few that a text says in so many words, such as a note below a table.

What stands behind the numbers of a table is declared with it; what its title and notes say
of persons and employers is read from the words themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from yuyao_lib.findings.rules import Rules

__all__ = ["spoken_rules"]

NUMBER = r"(?<![\d.,\-–])(\d+)"  # not the tail of a longer number or of a range
PERSONS = re.compile(
    rf"{NUMBER} (?:persons|people|workers|members|households|men|women|patients)\b(?!-)"
    rf"|{NUMBER} ?(?:人(?![次年])|名|户)"
)
EMPLOYERS = re.compile(
    rf"{NUMBER} (?:firms|employers)\b(?!-)|{NUMBER} ?(?:家单位|家企业|个单位|家用人单位)"
)


def spoken_rules(texts: Iterable[str], rules: Rules | None = None) -> Iterator[str]:
    """Yield the field of each rule that a count said in words breaks.

    Examples
    --------
    >>> list(spoken_rules(["3 persons of 40 rose", "共 2 家单位"]))
    ['persons', 'clusters']
    >>> list(spoken_rules(["1,203 persons, 12 firm-years, 4 person-times; 3 人次，12 人"]))
    []
    """
    held = rules or Rules()
    said = list(texts)
    limits = ("persons", PERSONS, held.persons), ("clusters", EMPLOYERS, held.clusters)
    for field, shape, least in limits:
        counts = (int(a or b) for text in said for a, b in shape.findall(text))
        if any(0 < n < least for n in counts):
            yield field
