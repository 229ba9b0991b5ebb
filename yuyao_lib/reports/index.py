"""The index: findings, not files; and all findings as one tidy table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from yuyao_lib.reports.findings_tables import write_tables
from yuyao_lib.reports.gate import let_in
from yuyao_lib.reports.index_entries import GROUPS, Entry, entry_of
from yuyao_lib.reports.index_words import WORDS
from yuyao_lib.reports.ledger import Ledger, Manifest
from yuyao_lib.reports.outcomes import NotMade
from yuyao_lib.reports.past import Past, histories, past_of
from yuyao_lib.vocabulary import LANGUAGES, Language

__all__ = ["write_index"]

INDEX: dict[Language, str] = {"en": "index.html", "zh": "index.zh.html"}


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

    Raises
    ------
    DisclosureError
        If a file holds what must not leave; those that were there stay.
    """
    ledger.published.mkdir(parents=True, exist_ok=True)
    from yuyao_lib.reports.page.fonts import page_fonts, remember_in

    remember_in(ledger.cache / "fonts")
    held, past = ledger.all_manifests(), past_of(ledger)
    pages = [*histories(ledger, held, past)]
    pages += [(INDEX[lang], lang, _page(held, failed, past, lang)) for lang in LANGUAGES]
    (ledger.published / "history").mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        own = [(name, html) for name, of, html in pages if of == language]
        fonts = page_fonts(" ".join(html for _, html in own), language)  # cut once for all
        for name, html in own:
            whole = html.replace("/*font*/", fonts, 1)
            let_in(ledger.published / name, whole, scanned=html)
    write_tables(held, ledger.published)
    return ledger.published / "index.html"


def _page(held: list[Manifest], failed: Sequence[NotMade], past: Past, language: Language) -> str:
    """Fill the template of the index; its fonts come last."""
    from yuyao_lib.reports.page.style_sheet import style_sheet

    lost = {f.report for f in failed}
    entries = [entry_of(m, past, language, failed=m.report in lost) for m in held]
    topics = dict(sorted({e.topic: e.topic_name for e in entries}.items()))
    return _template().render(
        topics=topics,
        groups=GROUPS,
        empty=_empty(entries, list(topics), lost),
        words=WORDS[language],
        language=language,
        other="zh" if language == "en" else "en",
        other_href=INDEX["zh" if language == "en" else "en"],
        entries=entries,
        failed=[(f, {e.report: e.topic for e in entries}.get(f.report)) for f in failed],
        error_page="error.html" if language == "en" else "error.zh.html",
        style=style_sheet(),
    )


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
