"""The record: printed figures with their exactness, ratios with their verdicts, systems.

A record is a folder with ``measures.csv``, ``ratios.csv`` and ``systems.csv``; the one
that ships is `data/record`. Totals are checked against their parts before anything
can be read.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from yuyao_lib.errors import DataError, RatioError, sentence
from yuyao_lib.fields import Fielded
from yuyao_lib.findings import Mode, Origin
from yuyao_lib.paths import DATA
from yuyao_lib.sources.card import FileDigest, SourceCard, digest_file
from yuyao_lib.sources.dataset import Dataset, Loader
from yuyao_lib.sources.intervals import Interval, Qualifier, read_printed
from yuyao_lib.sources.ratios import Ratio, RatioRule, parts_of, ratio_of
from yuyao_lib.vocabulary import Text, term

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Check", "Measure", "Record", "System", "open_record", "read_record"]

FILES = {"measures": "measures.csv", "ratios": "ratios.csv", "systems": "systems.csv"}


@dataclass(frozen=True, slots=True)
class Measure(Fielded):
    """One printed figure.

    Attributes
    ----------
    id, area, name
        Key, area of work and name.
    as_printed
        The characters as printed, without the word of counting.
    value, qualifier, interval
        Printed value, how it was qualified, and what the printing allows.
    unit
        Vocabulary key; persons and person-times are different units.
    kind
        ``stock`` at one date or ``flow`` over a period.
    period, rule, locator
        Key of the period, interval rule, place in the source text.
    """

    id: str
    area: str
    name: Text
    as_printed: str
    value: float
    qualifier: Qualifier
    interval: Interval
    unit: str
    kind: Literal["stock", "flow"]
    period: str
    rule: str
    locator: str


@dataclass(frozen=True, slots=True)
class System(Fielded):
    """One system of the record, with what would be needed to study it.

    Attributes
    ----------
    id, name
        Key and name.
    measures
        Ids of its printed figures; may be empty.
    grade
        Best evidence that could be had: A causal, B conditional, C descriptive.
    pages
        Notebooks that study it or are planned to.
    outcomes, unit_of_analysis, design
        Programme theory in English notes.
    minimum_data, threats
        Data that a study needs at least, and what would mislead it.
    """

    id: str
    name: Text
    measures: tuple[str, ...]
    grade: Literal["A", "B", "C"]
    pages: tuple[str, ...]
    outcomes: str
    unit_of_analysis: str
    design: str
    minimum_data: Text
    threats: Text


@dataclass(frozen=True, slots=True)
class Check(Fielded):
    """A relation between printed figures that was verified on load.

    Attributes
    ----------
    what
        The relation in words, with its numbers.
    holds
        Always true in a record that was opened: one that fails is an error.
    """

    what: Text
    holds: bool


class Record:
    """The figures of one record.

    Examples
    --------
    >>> record = read_record()
    >>> record.measure("members").interval
    Interval(low=400350.0, high=400450.0)
    >>> round(record.ratio("members_per_union").value, 1)
    151.8
    """

    def __init__(
        self,
        measures: Sequence[Measure],
        rules: Sequence[RatioRule],
        systems: Sequence[System],
        origin: Origin,
    ) -> None:
        self.measures = MappingProxyType({m.id: m for m in measures})
        self.rules = MappingProxyType({r.id: r for r in rules})
        self.systems = MappingProxyType({s.id: s for s in systems})
        self.origin = origin
        self.checks = tuple(_checks(self.measures))
        broken = [check.what.en for check in self.checks if not check.holds]
        if broken:
            raise DataError(f"printed totals disagree with their parts: {'; '.join(broken)}.")

    def measure(self, key: str) -> Measure:
        """Return one measure; an unknown id names its nearest."""
        if key not in self.measures:
            raise DataError(sentence("unknown measure", got=key, allowed=list(self.measures)))
        return self.measures[key]

    def ratio(self, key: str, *, override: bool = False) -> Ratio:
        """Compute one declared ratio; see `ratio_of` for when it raises."""
        if key not in self.rules:
            raise DataError(sentence("unknown ratio", got=key, allowed=list(self.rules)))
        return ratio_of(self.rules[key], self.measures, override=override)

    def divide(self, top: str, bottom: str, *, override: bool = False) -> Ratio:
        """Divide two printed figures, if their division means something.

        Parameters
        ----------
        top, bottom
            Ids of the measures.
        override
            Divide all the same; the caller answers for the meaning.

        Raises
        ------
        RatioError
            If persons meet person-times, if the ratio is declared invalid, or if it is
            not declared at all.
        """
        above, below = self.measure(top), self.measure(bottom)
        declared = [r for r in self.rules.values() if parts_of(r.formula)[:2] == ([top], [bottom])]
        if declared:
            return ratio_of(declared[0], self.measures, override=override)
        if not override:
            mixed = {above.unit, below.unit} == {"persons", "person_times"}
            reason = (
                "person-times count the same person as often as he or she came"
                if mixed
                else f"nobody has declared what {above.unit} per {below.unit} means here"
            )
            raise RatioError(
                f"{top} ({above.unit}) cannot be divided by {bottom} ({below.unit}): {reason}."
                " Pass override=True to divide all the same."
            )
        name = Text(f"{top} per {bottom}", f"{above.name.zh}与{below.name.zh}之比")
        why = Text("computed on request", "应要求计算")
        rule = RatioRule(
            f"{top}_per_{bottom}", name, f"{top}/{bottom}", "ratio", "conditional", why
        )
        return ratio_of(rule, self.measures)


def read_record(source: Dataset | Path | str | None = None) -> Record:
    """Read a record from an opened data set, a folder, or the one that ships.

    Raises
    ------
    DataError
        If a file or column is missing, an interval does not follow from the printed
        characters, or a total disagrees with its parts.
    """
    data = source if isinstance(source, Dataset) else open_record(path=source)
    tables = {name: data.frame(name).to_dict("records") for name in FILES}
    measures = [_measure(row) for row in tables["measures"]]
    rules = [_rule(row) for row in tables["ratios"]]
    return Record(measures, rules, [_system(row) for row in tables["systems"]], data.origin)


def open_record(*, path: Path | str | None = None) -> Dataset:
    """Open a record's folder as a data set of mode ``record``."""
    folder = Path(path) if path else DATA / "record"
    files = {name: folder / file for name, file in FILES.items()}
    for file in files.values():
        if not file.is_file():
            raise DataError(
                sentence(
                    f"no {file.name} in the record",
                    got=str(path or "record"),
                    allowed="a folder with measures.csv, ratios.csv and systems.csv",
                )
            )
    card = _CARD if path is None else replace(_CARD, title=_SECOND, vintage="as printed")
    listed = tuple(FileDigest(f.name, digest_file(f), _rows(f)) for f in files.values())
    loaders: dict[str, Loader] = {name: _loader(file) for name, file in files.items()}
    name = "record" if path is None else folder.name
    return Dataset(name, mode=Mode.RECORD, card=replace(card, files=listed), loaders=loaders)


def _loader(file: Path) -> Loader:
    """Return a function that reads one of the record's tables as text."""

    def load(columns: Sequence[str] | None) -> pd.DataFrame:
        import pandas as pd

        return pd.read_csv(file, encoding="utf-8-sig", dtype=str, keep_default_na=False)

    return load


def _rows(file: Path) -> int:
    """Count the rows of a CSV file."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return sum(1 for _ in csv.reader(lines)) - 1


def _measure(row: dict[str, str]) -> Measure:
    """Build a measure and hold its interval to its printed characters."""
    value, qualifier, interval = read_printed(row["as_printed"])
    stated = (float(row["value"]), row["qualifier"], float(row["low"]), float(row["high"]))
    if stated != (value, qualifier, interval.low, interval.high):
        raise DataError(
            f"measure {row['id']}: {row['as_printed']} reads as {value:g} in"
            f" [{interval.low:g}, {interval.high:g}], but the file says {stated[0]:g} in"
            f" [{stated[2]:g}, {stated[3]:g}]."
        )
    for key in (row["unit"], row["area"], row["period"], row["kind"]):
        term(key)
    kind: Literal["stock", "flow"] = "stock" if row["kind"] == "stock" else "flow"
    name = Text(row["name_en"], row["name_zh"])
    rest = (row["unit"], kind, row["period"], row["rule"], row["locator"])
    return Measure(
        row["id"], row["area"], name, row["as_printed"], value, qualifier, interval, *rest
    )


def _rule(row: dict[str, str]) -> RatioRule:
    """Build a ratio's rule."""
    verdict = row["verdict"]
    if verdict not in {"ok", "conditional", "invalid"}:
        what = f"unknown verdict of ratio {row['id']}"
        raise DataError(sentence(what, got=verdict, allowed=["ok", "conditional", "invalid"]))
    term(row["unit"])
    name, why = Text(row["name_en"], row["name_zh"]), Text(row["why_en"], row["why_zh"])
    return RatioRule(row["id"], name, row["formula"], row["unit"], verdict, why)  # type: ignore[arg-type]


def _system(row: dict[str, str]) -> System:
    """Build a system."""
    return System(
        row["id"],
        Text(row["name_en"], row["name_zh"]),
        tuple(row["measures"].split()),
        row["grade"],  # type: ignore[arg-type]
        tuple(row["pages"].split()),
        row["outcomes"],
        row["unit_of_analysis"],
        row["design"],
        *(_told(row, "minimum_data"), _told(row, "threats")),
    )


def _told(row: dict[str, str], note: str) -> Text:
    """Return a note in both languages; a record that has it in English only repeats it."""
    return Text(row[note], row.get(f"{note}_zh") or row[note])


# Relations that the printed figures must satisfy: (whole, parts, exactly the sum or at most it)
_SUMS = [
    ("star_unions", ("star3_unions", "star4_unions", "star5_unions"), True),
    ("book_houses_total", ("book_houses_national", "book_houses_provincial"), False),
    ("union_orgs", ("star_unions",), False),
    ("union_orgs", ("new_form_unions",), False),
    ("members", ("new_form_members",), False),
]


def _checks(measures: MappingProxyType[str, Measure]) -> list[Check]:
    """Verify every relation whose figures the record prints."""
    checks = []
    for whole, parts, equal in _SUMS:
        if whole not in measures or any(part not in measures for part in parts):
            continue
        values = [measures[part].value for part in parts]
        total = measures[whole]
        added = " + ".join(f"{value:,.0f}" for value in values)
        holds = sum(values) == total.value if equal else sum(values) <= total.interval.high
        sign, zh = ("=", "等于") if equal else ("≤", "不超过")
        names = [", ".join(measures[p].name.en for p in parts), total.name.en]
        names_zh = ["、".join(measures[p].name.zh for p in parts), total.name.zh]
        what = Text(
            f"{names[0]}: {added} {sign} {total.value:,.0f}, {names[1]}",
            f"{names_zh[0]}：{added} {zh} {names_zh[1]} {total.value:,.0f}",
        )
        checks.append(Check(what, holds))
    return checks


_SECOND = Text("A second record of the same form", "另一份同样形式的成绩单")
_CARD = SourceCard(
    title=Text("Five-year record of the Yuyao trade unions", "余姚工会五年成绩单"),
    publisher="A newspaper page of 2023 on the trade unions of Yuyao, Zhejiang",
    publisher_zh="2023 年一份关于浙江余姚工会的报纸版面",
    citation="Newspaper page on the five-year record of the Yuyao trade unions (2023).",
    licence="Figures are facts; no sentence of the page is reproduced.",
    licence_zh="数字属于事实；不转载该版面的任何语句。",
    vintage="2018-2023",
    unit_of_record=Text("one printed figure", "一个公布的数字"),
    notes=Text(
        "Five years to 2023, neither end printed. One point in time: no baseline, no wage, no"
        " outcome. Written by those whose work it describes.",
        "截至 2023 年的五年，起止月份未印出。只有一个时点：没有基期、工资与结果；"
        "由工作承担者自己撰写。",
    ),
)
