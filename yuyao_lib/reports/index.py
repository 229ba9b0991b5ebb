"""The index: findings, not files; and all findings as one tidy table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from yuyao_lib.display.numbers import amount, digits_of, size
from yuyao_lib.display.tables import csv_text
from yuyao_lib.findings import Finding, Mode, Status
from yuyao_lib.reports.ledger import Ledger, Manifest
from yuyao_lib.reports.outcomes import NotMade
from yuyao_lib.reports.past import (
    Past,
    history_name,
    names_of,
    past_of,
    reach_in_words,
    sparkline,
    write_histories,
)
from yuyao_lib.vocabulary import LANGUAGES, Language, terms, word

__all__ = ["write_index"]

GROUPS = ("changed", "held", "fresh", "failed")
COLUMNS = (
    "report", "id", "term", "method", "estimate", "low", "high", "level", "standard_error",
    "p_value", "unit", "n", "n_unit", "clusters", "cluster_unit", "design", "mode", "dataset",
    "vintage", "headline", "status", "undefined", "run_at", "key",
)  # fmt: skip

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "Findings",
        "lead": "What was found, how sure it is, from what, and whether it still holds.",
        "all": "Every finding",
        "finding": "Finding",
        "estimate": "Estimate",
        "interval": "Interval",
        "n": "n",
        "mode": "Data",
        "status": "Status",
        "date": "Run (UTC)",
        "method": "Method",
        "report": "Report",
        "undefined": "Cannot be estimated",
        "other": "中文",
        "topic": "Topic",
        "every": "All",
        "changed": "Changed",
        "held": "Unchanged",
        "fresh": "New",
        "nothing": "Nothing in this topic has this status.",
        "past": "Past runs",
        "filters": "Filter",
        "failed": "Not made",
        "last": "Not made in the last run",
        "stands": "the page before still stands",
        "see": "What went wrong",
        "none": "No report has been published yet.",
        "save": "All findings as CSV",
        "note": "An interval of a printed record says what the printing allows.",
    },
    "zh": {
        "title": "发现",
        "lead": "发现了什么、有多确定、依据什么、是否依然成立。",
        "all": "全部发现",
        "finding": "发现",
        "estimate": "估计值",
        "interval": "区间",
        "n": "样本量",
        "mode": "数据",
        "status": "状态",
        "date": "运行时间（UTC）",
        "method": "方法",
        "report": "报告",
        "undefined": "无法估计",
        "other": "English",
        "topic": "主题",
        "every": "全部",
        "changed": "有变动",
        "held": "不变",
        "fresh": "新增",
        "nothing": "该主题下没有此状态的发现。",
        "past": "历次运行",
        "filters": "筛选",
        "failed": "未生成",
        "last": "上次运行未能生成",
        "stands": "此前的页面仍然有效",
        "see": "出错情况",
        "none": "尚未发布任何报告。",
        "save": "全部发现 CSV",
        "note": "公开报道数字的区间表示印刷所允许的范围。",
    },
}


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


def write_index(ledger: Ledger, failed: Sequence[NotMade] = ()) -> Path:
    """Write the index in both languages, and the findings as CSV and Parquet.

    Parameters
    ----------
    ledger
        The outputs folder.
    failed
        Reports that the last run could not make.

    Returns
    -------
    Path
        The English index.
    """
    ledger.published.mkdir(parents=True, exist_ok=True)
    from yuyao_lib.reports.page.fonts import remember_in

    remember_in(ledger.cache / "fonts")
    held, past = ledger.all_manifests(), past_of(ledger)
    write_histories(ledger, held, past)
    for language in LANGUAGES:
        name = "index.html" if language == "en" else "index.zh.html"
        _swap(ledger.published / name, _page(held, failed, past, language))
    _tables(held, ledger.published)
    return ledger.published / "index.html"


def _page(held: list[Manifest], failed: Sequence[NotMade], past: Past, language: Language) -> str:
    """Fill the template of the index."""
    from yuyao_lib.reports.page.exporter import style_sheet
    from yuyao_lib.reports.page.fonts import page_fonts

    lost = {f.report for f in failed}
    entries = [_entry(m, past, language, failed=m.report in lost) for m in held]
    topics = dict(sorted({e.topic: e.topic_name for e in entries}.items()))
    html = _template().render(
        topics=topics,
        groups=GROUPS,
        empty=_empty(entries, list(topics), lost),
        words=WORDS[language],
        language=language,
        other="zh" if language == "en" else "en",
        other_href="index.zh.html" if language == "en" else "index.html",
        entries=entries,
        failed=[(f, {e.report: e.topic for e in entries}.get(f.report)) for f in failed],
        error_page="error.html" if language == "en" else "error.zh.html",
        style=style_sheet(),
    )
    return html.replace("/*font*/", page_fonts(html, language), 1)


@cache
def _template() -> Any:
    """Return the template of the index; every value in it is escaped."""
    from jinja2 import Environment, FileSystemLoader

    folder = Path(__file__).parent / "page" / "templates" / "yuyao"
    loader = FileSystemLoader(str(folder), encoding="utf-8")
    return Environment(loader=loader, autoescape=True).get_template("findings.html.j2")


def _empty(entries: Sequence[Entry], topics: list[str], lost: set[str]) -> list[tuple[str, str]]:
    """Return the pairs of topic and status that nothing is shown for."""
    without_topic = lost - {e.report for e in entries}  # these are told under every topic
    return [
        (topic, group)
        for topic in ["", *topics]
        for group in GROUPS
        if not any(group in e.groups for e in entries if topic in {"", e.topic})
        and not (group == "failed" and without_topic)
    ]


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


def _entry(manifest: Manifest, past: Past, language: Language, *, failed: bool) -> Entry:
    """Lay out a report; what it found before still stands where the last run could not make it."""
    status = {change["id"]: Status(change["status"]) for change in manifest.changes}
    found = manifest.found()
    modes = [f.origin.mode for f in found[:1]]
    topic, topic_name = _topic(found, language)
    names = names_of(found, language)
    rows = [
        _row(f, status.get(f.id, Status.NEW), past.get((manifest.report, f.id), ()), language,
             names=names[f.id], past_page=history_name(manifest.report, language),
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
        undefined=_undefined(found, language),
        topic=topic,
        topic_name=topic_name,
        past=history_name(manifest.report, language),
        failed=failed,
    )


def _has_value(finding: Finding) -> bool:
    """Whether a finding has a number."""
    return finding.estimate.undefined is None


def _undefined(found: list[Finding], language: Language) -> tuple[tuple[str, str], ...]:
    """Group what could not be estimated by its reason."""
    by_reason: dict[str, list[str]] = {}
    for finding in found:
        if finding.estimate.undefined is not None:
            why = finding.estimate.undefined.of(language)
            by_reason.setdefault(why, []).append(word(finding.estimate.method, language))
    comma = "、" if language == "zh" else ", "
    return tuple((comma.join(names), why) for why, names in by_reason.items())


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
    )


def _tables(held: list[Manifest], folder: Path) -> None:
    """Write all findings as CSV and Parquet."""
    rows = []
    for manifest in held:
        status = {c["id"]: c["status"] for c in manifest.changes}
        for values in manifest.findings:
            own = {"report": manifest.report, "run_at": manifest.run_at, "key": manifest.run_key}
            own["status"] = status.get(values["id"], Status.NEW.value)
            own["undefined"] = (values.get("undefined") or {}).get("en", "")
            rows.append({**values, **own})
    cells = [["" if row.get(c) is None else str(row[c]) for c in COLUMNS] for row in rows]
    _swap(folder / "findings.csv", csv_text(COLUMNS, cells))
    _parquet(rows, folder / "findings.parquet")


def _parquet(rows: list[dict[str, Any]], path: Path) -> None:
    """Write the findings with their types."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    numbers = {"estimate", "low", "high", "level", "standard_error", "p_value"}
    whole = {"n", "clusters"}
    kinds = {
        c: pa.float64()
        if c in numbers
        else pa.int64()
        if c in whole
        else pa.bool_()
        if c == "headline"
        else pa.string()
        for c in COLUMNS
    }
    columns = {c: pa.array([row.get(c) for row in rows], kinds[c]) for c in COLUMNS}
    draft = path.with_name(f".{path.name}.tmp")
    pq.write_table(pa.table(columns), draft)
    draft.replace(path)


def _swap(path: Path, text: str) -> None:
    """Write a file in one step."""
    draft = path.with_name(f".{path.name}.tmp")
    draft.write_text(text, encoding="utf-8", newline="")
    draft.replace(path)
