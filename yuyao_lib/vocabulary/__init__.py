"""The field's words, once, in English and Chinese.

Lives here: the terms (CSV files under ``terms/``, one a topic, no key twice) and the
pair of texts every shown sentence is made of. Does not live here: how anything looks.
Only the standard library is imported, so that the command line starts at once.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from yuyao_lib.errors import VocabularyError, sentence
from yuyao_lib.paths import TERMS

__all__ = [
    "LANGUAGES",
    "Language",
    "Term",
    "Text",
    "column",
    "listed_columns",
    "looked_up",
    "term",
    "terms",
    "word",
]

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in English and Chinese.

    Attributes
    ----------
    en, zh
        The two texts; neither may be empty.

    Examples
    --------
    >>> Text("union", "工会").of("zh")
    '工会'
    """

    en: str
    zh: str

    def __post_init__(self) -> None:
        """Refuse a text that exists in one language only."""
        if not self.en or not self.zh:
            raise VocabularyError(sentence("a text needs both languages", got=(self.en, self.zh)))

    def of(self, language: Language) -> str:
        """Return the text in one language."""
        return self.zh if language == "zh" else self.en

    def format(self, **values: object) -> Text:
        """Fill the same named places in both languages."""
        return Text(self.en.format(**values), self.zh.format(**values))

    def to_dict(self) -> dict[str, str]:
        """Return ``{"en": ..., "zh": ...}`` for JSON."""
        return {"en": self.en, "zh": self.zh}


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of the vocabulary.

    Attributes
    ----------
    key
        Name used in code, in column names and in findings.
    text
        The term in both languages, as the field uses it.
    note
        What to mind when using it; may be empty.
    """

    key: str
    text: Text
    note: str = ""


class _Terms(Mapping[str, Term]):
    """Every term by key, which remembers the topics it was asked for and the keys it lacks.

    A report reads all files but depends on few: on the topics of the words it looked up,
    and on no topic having the words that it looked for in vain.
    """

    def __init__(self) -> None:
        self.found: dict[str, Term] = {}
        self.topics: dict[str, str] = {}
        self.asked: set[str] = set()
        self.missed: set[str] = set()
        for path in sorted(TERMS.glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as lines:
                for row in csv.DictReader(lines):
                    key, text = row["key"], Text(row["en"], row["zh"])
                    if key in self.found:
                        what = f"term {key!r} stands twice, the second in {path.name}."
                        raise VocabularyError(what)
                    self.found[key], self.topics[key] = (
                        Term(key, text, row.get("note") or ""), path.stem,
                    )  # fmt: skip

    def __getitem__(self, key: str) -> Term:
        """Return a term; the look is remembered, whether it is there or not."""
        if key not in self.found:
            self.missed.add(str(key))
            raise KeyError(key)
        self.asked.add(self.topics[key])
        return self.found[key]

    def __iter__(self) -> Iterator[str]:
        """Go through all keys, which asks for every topic."""
        self.asked |= set(self.topics.values())
        return iter(self.found)

    def __len__(self) -> int:
        """Count the terms, which asks for every topic."""
        self.asked |= set(self.topics.values())
        return len(self.found)


@cache
def terms() -> _Terms:
    """Return every term by key; a key that stands in two files is an error."""
    return _Terms()


def looked_up() -> tuple[list[str], list[str]]:
    """Return the topics that words were looked up in so far, and the keys looked for in vain.

    A process forked from this one goes on from here.

    Examples
    --------
    >>> _ = term("new_form_worker")
    >>> "field" in looked_up()[0]
    True
    """
    held = terms()
    return sorted(held.asked), sorted(held.missed)


def term(key: str) -> Term:
    """Return one term, or say which known key is nearest."""
    known = terms()
    if key not in known:
        raise VocabularyError(sentence("unknown term", got=key, allowed=sorted(known)))
    return known[key]


def word(key: str, language: Language) -> str:
    """Return a term's word in one language."""
    return term(key).text.of(language)


def column(name: str) -> Text:
    """Name a column of a table for a reader; one without words of its own has its name.

    Examples
    --------
    >>> column("education_years").zh, column("shoe_size").en
    ('受教育年限（年）', 'shoe size')
    """
    known = terms().get(f"column_{name}")
    return known.text if known else Text(name.replace("_", " "), name)


def listed_columns(names: Iterable[str]) -> Text:
    """Name several columns in one line."""
    words = [column(name) for name in names]
    return Text(", ".join(w.en for w in words), "、".join(w.zh for w in words))
