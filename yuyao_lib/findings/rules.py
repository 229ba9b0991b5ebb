"""The rules on what may be shown, read from the one file that declares them.

``rules.csv`` beside this module says for each rule its threshold, which practice it
follows and what helps when it is broken. ACRO is the checker of the UK trusted research
environments (its defaults are taken); the SDC Handbook is that of the Safe Data Access
Professionals (2019); Hundepool et al. (2012) is *Statistical Disclosure Control*, Wiley.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.vocabulary import Text

__all__ = ["FILE", "SECONDARY", "Rule", "Rules", "Verdict", "declared", "rule_words"]

FILE = Path(__file__).with_name("rules.csv")
SECONDARY = "secondary"  # what is hidden only because another number could be worked out from it


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as declared.

    Attributes
    ----------
    field
        Its name in `Rules`.
    value
        Its threshold.
    name
        Short name, as verdicts and audits say it.
    name_zh
        The same in Chinese.
    follows
        The practice it is taken from.
    broken, helps
        What is said when it is broken, and what would help; `helps` may be missing.
    """

    field: str
    value: float
    name: str
    name_zh: str
    follows: str
    broken: Text
    helps: Text | None


@cache
def declared() -> dict[str, Rule]:
    """Return every declared rule by its field."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return {row["field"]: _rule(row) for row in csv.DictReader(lines)}


def _rule(row: dict[str, str]) -> Rule:
    """Read one line."""
    helps = Text(row["helps_en"], row["helps_zh"]) if row["helps_en"] else None
    broken = Text(row["broken_en"], row["broken_zh"]).format(value=row["value"])
    names = row["name"], row["name_zh"]
    return Rule(row["field"], float(row["value"]), *names, row["follows"], broken, helps)


def rule_words(name: str) -> Text:
    """Return the short name of a rule in both languages.

    Examples
    --------
    >>> rule_words("minimum persons")
    Text(en='minimum persons', zh='最少人数')
    """
    known = {rule.name: Text(rule.name, rule.name_zh) for rule in declared().values()}
    return {**known, SECONDARY: Text("it would give another away", "可推出其他被隐去的数")}[name]


def _of(field: str) -> int:
    """Return a declared whole number."""
    return int(declared()[field].value)


def _share(field: str) -> float:
    """Return a declared share."""
    return declared()[field].value


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Thresholds behind what may be shown; unless given, those of ``rules.csv``.

    Attributes
    ----------
    persons, clusters
        Fewest persons and fewest employers behind a number.
    dominance_n, dominance_share
        The `dominance_n` largest contributors may not carry more than this share.
    p_percent
        The rest must be at least this share of the largest, so that the second largest
        cannot work the largest out.
    residual_df
        Fewest residual degrees of freedom of a regression.
    quantile_cases
        Fewest persons on either side of a percentile.
    survival_cases
        Fewest persons behind a step of a survival curve.
    difference
        Two releases of one number may not differ by 1 up to one less than this.
    zeros
        Whether a cell with nobody, or with everybody of its group, tells about a group.
    rounding_base
        What counts are rounded to where rounding is chosen.

    Examples
    --------
    >>> Rules().persons, Rules(persons=5).persons
    (10, 5)
    """

    persons: int = _of("persons")
    clusters: int = _of("clusters")
    dominance_n: int = _of("dominance_n")
    dominance_share: float = _share("dominance_share")
    p_percent: float = _share("p_percent")
    residual_df: int = _of("residual_df")
    quantile_cases: int = _of("quantile_cases")
    survival_cases: int = _of("survival_cases")
    difference: int = _of("difference")
    zeros: int = _of("zeros")
    rounding_base: int = _of("rounding_base")

    def __post_init__(self) -> None:
        """Refuse thresholds that protect nobody."""
        for field in fields(self):
            value, whole = getattr(self, field.name), field.type == "int"
            least = 0 if field.name == "zeros" or not whole else 1
            kind = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
            if not kind or not least <= value <= (value if whole else 1):
                allowed = f"a whole number of at least {least}" if whole else "a share from 0 to 1"
                what = f"threshold {field.name} of the disclosure rules"
                raise InputError(sentence(what, got=value, allowed=allowed))


@dataclass(frozen=True, slots=True)
class Verdict:
    """One refusal: where, which rule, and what would help.

    Attributes
    ----------
    id
        The finding, table, figure or file it is about.
    rule
        Short name of the rule.
    why
        The sentence for the audit and for the reader.
    """

    id: str
    rule: str
    why: Text

    @classmethod
    def of(cls, where: str, field: str) -> Verdict:
        """Word the breach of a declared rule without printing the count itself.

        Examples
        --------
        >>> Verdict.of("union_premium.ols", "extremes").rule
        'single records'
        """
        rule = declared()[field]
        en, zh = f"{rule.name}: {rule.broken.en} ({where})", f"{rule.broken.zh}（{where}）"
        if rule.helps is not None:
            en, zh = f"{en}; {rule.helps.en}", f"{zh}；{rule.helps.zh}"
        return cls(where, rule.name, Text(f"{en}.", f"{zh}。"))
