"""The index: findings, not files; and all findings as one tidy table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from yuyao_lib.reports.findings_tables import swap, write_tables
from yuyao_lib.reports.index_entries import GROUPS, Entry, entry_of
from yuyao_lib.reports.index_words import WORDS
from yuyao_lib.reports.ledger import Ledger, Manifest
from yuyao_lib.reports.outcomes import NotMade
from yuyao_lib.reports.past import Past, past_of, write_histories
from yuyao_lib.vocabulary import LANGUAGES, Language

__all__ = ["write_index"]


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
        swap(ledger.published / name, _page(held, failed, past, language))
    write_tables(held, ledger.published)
    return ledger.published / "index.html"


def _page(held: list[Manifest], failed: Sequence[NotMade], past: Past, language: Language) -> str:
    """Fill the template of the index."""
    from yuyao_lib.reports.page.exporter import style_sheet
    from yuyao_lib.reports.page.fonts import page_fonts

    lost = {f.report for f in failed}
    entries = [entry_of(m, past, language, failed=m.report in lost) for m in held]
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
