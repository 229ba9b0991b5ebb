"""What the index shows of a report: its findings in words, in one language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yuyao_lib.display.numbers import amount, digits_of, size
from yuyao_lib.findings import Finding, Mode, Status
from yuyao_lib.reports.ledger import Manifest
from yuyao_lib.reports.past import Past, history_name, names_of, reach_in_words, sparkline
from yuyao_lib.vocabulary import Language, terms, word

__all__ = ["GROUPS", "Entry", "Row", "entry_of"]

GROUPS = ("changed", "held", "fresh", "failed")


@dataclass(frozen=True, slots=True)
class Row:
    """One finding as the index shows it, in one language."""

    headline: bool
    term: str
    apart: str
    method: str
    estimate: str
    unit: str
    interval: str
    n: str
    status: str
    moved: bool
    group: str
    line: str
    past: str
    said: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One report as the index shows it, in one language.

    Attributes
    ----------
    report, title, href
        Id, title and page.
    mode, simulated, date
        Kind of data, and when it was run.
    rows
        Its findings that have a value.
    undefined
        Those that have none: names and the reason they share.
    topic, topic_name, past
        What it is about, and the page of its past.
    """

    report: str
    title: str
    href: str
    mode: str
    simulated: bool
    date: str
    rows: tuple[Row, ...]
    undefined: tuple[tuple[str, str], ...]
    topic: str
    topic_name: str
    past: str
    failed: bool

    @property
    def groups(self) -> set[str]:
        """Kinds of status among its findings."""
        return {group for row in self.rows for group in row.group.split()}

    @property
    def lead(self) -> Row | None:
        """The finding told first."""
        return next((row for row in self.rows if row.headline), None)


def _topic(found: list[Finding], language: Language) -> tuple[str, str]:
    """Return what findings are about: the first part of their ids, and its words."""
    name = found[0].id.partition(".")[0] if found else "other"
    known = terms().get(f"topic_{name}")
    return name, known.text.of(language) if known else name.replace("_", " ")


def _group(status: Status) -> str:
    """Return the kind of status that the filter knows."""
    if status is Status.NEW:
        return "fresh"
    return "held" if status is Status.SAME else "changed"


def entry_of(manifest: Manifest, past: Past, language: Language, *, failed: bool) -> Entry:
    """Lay out a report; what it found before still stands where the last run could not make it."""
    status = {change["id"]: Status(change["status"]) for change in manifest.changes}
    found = manifest.found()
    modes = [f.origin.mode for f in found[:1]]
    topic, topic_name = _topic(found, language)
    names = names_of(found, language)
    rows = [
        _row(f, status.get(f.id, Status.NEW), past.get((manifest.report, f.id), ()), language,
             names=names[f.id], past_page=history_name(manifest.pages[language]),
             failed=failed)
        for f in found
        if _has_value(f)
    ]  # fmt: skip
    return Entry(
        report=manifest.report,
        title=manifest.title[language],
        href=manifest.pages[language],
        mode=modes[0].text.of(language) if modes else "",
        simulated=Mode.SIMULATED in modes,
        date=manifest.run_at[:10],
        rows=tuple(rows),
        undefined=_undefined(found, names, language),
        topic=topic,
        topic_name=topic_name,
        past=history_name(manifest.pages[language]),
        failed=failed,
    )


def _has_value(finding: Finding) -> bool:
    """Whether a finding has a number."""
    return finding.estimate.undefined is None


def _undefined(
    found: list[Finding], names: Mapping[str, tuple[str, str]], language: Language
) -> tuple[tuple[str, str], ...]:
    """Group what could not be estimated by its reason."""
    by_reason: dict[str, list[str]] = {}
    for finding in found:
        if finding.estimate.undefined is not None:
            why = finding.estimate.undefined.of(language)
            name, apart = names[finding.id]
            method = word(finding.estimate.method, language)
            by_reason.setdefault(why, []).append(f"{name} ({apart or method})")
    comma = "；" if language == "zh" else "; "
    return tuple((comma.join(dict.fromkeys(held)), why) for why, held in by_reason.items())


def _row(
    finding: Finding,
    status: Status,
    points: Sequence[tuple[str, Finding]],
    language: Language,
    *,
    names: tuple[str, str],
    past_page: str,
    failed: bool,
) -> Row:
    """Lay out one finding."""
    e = finding.estimate
    return Row(
        headline=finding.headline,
        term=names[0],
        apart=names[1],
        method=word(e.method, language),
        estimate=amount(e.estimate, digits=digits_of(e.unit)),
        unit=word(e.unit, language),
        interval=reach_in_words(finding, language),
        n=size(e, language),
        status=status.text.of(language),
        moved=status.concludes_differently,
        group=f"{_group(status)} failed" if failed else _group(status),
        past=f"{past_page}#{finding.id}",
        line=sparkline(points, language),
        said=finding.said.of(language) if finding.said else "",
    )
