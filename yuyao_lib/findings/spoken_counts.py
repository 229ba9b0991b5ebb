"""Counts of few that a text says in so many words, such as a note below a table.

What stands behind the numbers of a table is declared with it; what its title and notes say
of persons and employers is read from the words themselves. Conditions, such as "at least 2
firms are needed", count nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from yuyao_lib.findings.rules import Rules

__all__ = ["spoken_rules", "without_small_counts"]

IN_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
}  # fmt: skip
LEAST = r"(?<!at least )(?<!fewer than )(?<!more than )(?<!at most )(?<!needs )(?<!of the first )"
NUMBER = rf"(?<![\d.,\-–]){LEAST}(\d+|{'|'.join(w for w in IN_WORDS if w.isascii())})"
OF = r"(?: (?:out )?of (?:the )?(?:\d[\d,]*))?"  # three of 40 persons
ABOVE = r"(?<!至少)(?<!不足)(?<!少于)(?<!多于)(?<!最多)(?<!不少于)(?<!每)(?<!第)(?<!另)"
FEW = rf"(?<![\d.,\-–至到]){ABOVE}(\d+|[两二三四五六七八九])"
PERSONS = re.compile(
    rf"\b{NUMBER}{OF} (?:persons?|people|workers?|members?|households?|m[ae]n|wom[ae]n|patients?"
    rf"|employees?|staff|applicants?|learners?)\b(?!-)"
    rf"|{FEW} ?(?:个人|人(?![次年均们以])|名(?![次称])|户(?!籍)|位(?![数置于]))(?!及?以[上下])",
    re.I,
)
# what is about a person each; a source card counts files and rows that it left out
RECORDS = re.compile(
    rf"\b{NUMBER}{OF} (?:cases?|files?|exits?|events?|spells?|claims?|hires?|exams?|entries"
    rf"|entrants?|rows?)\b(?!-)|{FEW} ?(?:[件例宗]|行(?![业为次动]))(?!及?以[上下])",
    re.I,
)
EMPLOYERS = re.compile(
    rf"\b{NUMBER}{OF} (?:firms?|employers?|companies|company|enterprises?|unions?)\b(?!-)"
    rf"|{FEW} ?(?:家(?:工会|单位|企业|用人单位|公司)|个(?:单位|企业|用人单位))(?!及?以[上下])",
    re.I,
)


def spoken_rules(
    texts: Iterable[str], rules: Rules | None = None, *, records: bool = False
) -> Iterator[str]:
    """Yield the field of each rule that a count said in words breaks.

    Parameters
    ----------
    texts
        What is said.
    rules
        Thresholds; the declared ones when not given.
    records
        Whether cases, files, events and rows count as persons, too.

    Examples
    --------
    >>> list(spoken_rules(["3 of 40 persons rose, one by one", "共两家单位"]))
    ['persons', 'clusters']
    >>> list(spoken_rules(["1,203 persons, 12 firm-years, 4 person-times; 3 人次，12 人"]))
    []
    >>> list(spoken_rules(["at least 2 firms are needed", "至少两家单位"]))
    []
    """
    said = list(texts)
    for field, shape, least in _limits(rules or Rules(), records=records):
        if any(0 < _number(m) < least for text in said for m in shape.finditer(text)):
            yield field


def _limits(rules: Rules, *, records: bool) -> list[tuple[str, re.Pattern[str], int]]:
    """Return what is counted in words: the field of its rule, how it is said, the least."""
    found = [("persons", PERSONS, rules.persons), ("clusters", EMPLOYERS, rules.clusters)]
    return [*found, ("persons", RECORDS, rules.persons)] if records else found


def without_small_counts(text: str, rules: Rules | None = None) -> str:
    """Return a text with "few" in place of every small count of persons or employers.

    Examples
    --------
    >>> without_small_counts("Only 2 firms of 40 have both; 12 persons do.")
    'Only few firms of 40 have both; 12 persons do.'
    """
    for _, shape, least in _limits(rules or Rules(), records=True):

        def masked(found: re.Match[str], least: int = least) -> str:
            if not 0 < _number(found) < least:
                return found[0]
            word = "few" if found[1] else "少数"
            return found[0].replace(found[1] or found[2], word, 1)

        text = shape.sub(masked, text)
    return text


def _number(found: re.Match[str]) -> int:
    """Return the number that a match says."""
    said = (found[1] or found[2]).casefold()
    return IN_WORDS.get(said) or int(said)
