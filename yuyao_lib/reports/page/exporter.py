"""The nbconvert exporter: an executed notebook in, one self-contained page out."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from nbconvert.exporters.templateexporter import TemplateExporter
from traitlets import Unicode, default

from yuyao_lib.display.tables import CONTROL
from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Mode
from yuyao_lib.reports.page.assembly import Page, assemble
from yuyao_lib.reports.page.fonts import page_fonts
from yuyao_lib.reports.page.meta import PageMeta
from yuyao_lib.reports.page.style_sheet import style_sheet
from yuyao_lib.reports.page.words import WORDS, citation
from yuyao_lib.vocabulary import LANGUAGES, Language

__all__ = ["PageExporter", "compiled_template", "page_warnings", "render_page"]

HERE = Path(__file__).parent


class PageExporter(TemplateExporter):
    """Export a notebook as a page: ``jupyter nbconvert --to yuyao notebook.ipynb``.

    The language is the trait ``language`` (``--PageExporter.language=zh``).
    """

    export_from_notebook = "Yuyao page"
    output_mimetype = "text/html"
    language = Unicode("en", help="Language of the page: en or zh").tag(config=True)

    @default("file_extension")
    def _extension(self) -> str:
        return ".html"

    @default("template_name")
    def _name(self) -> str:
        return "yuyao"

    @default("extra_template_basedirs")
    def _folders(self) -> list[str]:
        return [str(HERE / "templates")]

    def from_notebook_node(
        self, nb: Any, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page and nbconvert's resources."""
        held = self._init_resources(resources or {})
        meta = held.get("meta")
        if meta is None:
            name = held.get("metadata", {}).get("name", "notebook")
            meta = PageMeta(report=name, notebook=name)
        html = CONTROL.sub("", _page(self.template, nb, self._language(), meta))
        held["output_extension"] = self.file_extension
        return html, held

    def _language(self) -> Language:
        """Return the language asked for."""
        if self.language not in LANGUAGES:
            raise InputError(sentence("unknown language", got=self.language, allowed=LANGUAGES))
        return "zh" if self.language == "zh" else "en"


def render_page(notebook: Any, *, language: Language, meta: PageMeta) -> str:
    """Render an executed notebook as one page.

    Parameters
    ----------
    notebook
        An executed notebook node.
    language
        ``en`` or ``zh``.
    meta
        What the run adds.

    Raises
    ------
    RenderError
        If a cell failed, a formula or character cannot be shown, or two modes meet.
    """
    exporter = _exporter(language)
    html, _ = exporter.from_notebook_node(notebook, {"meta": meta})
    return html


def compiled_template(language: Language) -> Any:
    """Return the template of the pages in one language, compiled once a process."""
    return _exporter(language).template


@cache
def _exporter(language: Language) -> PageExporter:
    """Return an exporter with its template read once."""
    return PageExporter(language=language)


def page_warnings(notebook: Any) -> list[str]:
    """Return what cells wrote to standard error: for the run's log, not for the page."""
    return [
        output.text.strip()
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream" and output.name == "stderr" and output.text.strip()
    ]


def _page(template: Any, notebook: Any, language: Language, meta: PageMeta) -> str:
    """Fill the template and put the font in."""
    page = assemble(notebook, language)
    meta = meta if meta.report else replace(meta, report="notebook")
    mode = page.mode
    named = meta.title.of(language) if meta.title else ""
    title = page.title or named or meta.report
    html = template.render(
        page=page,
        title=title,
        kicker=_kicker(meta, title, language),
        meta=meta,
        language=language,
        other="zh" if language == "en" else "en",
        index=_index(meta, language),
        past=_past(page, meta, language),
        words=WORDS[language],
        mode=mode,
        simulated=mode is Mode.SIMULATED,
        vintage=_vintage(page, language),
        status=next((text.of(language) for _, text in meta.statuses), ""),
        citation=citation(title, meta, language),
        style=style_sheet(simulated=mode is Mode.SIMULATED),
        description=_description(page, language, title),
    )
    return html.replace("/*font*/", page_fonts(html, language), 1)


def _kicker(meta: PageMeta, title: str, language: Language) -> str:
    """Return the report's title in the plan; a name made of its values is no title."""
    if meta.title is None or meta.title.en == meta.title.zh:
        return ""
    named = meta.title.of(language)
    return "" if escape(named) == title else named


def _index(meta: PageMeta, language: Language) -> str:
    """Return the index of the same language."""
    href = meta.index_href or ""
    return href if language == "en" else href.removesuffix(".html") + ".zh.html" if href else ""


def _past(page: Page, meta: PageMeta, language: Language) -> str:
    """Return where earlier runs of the page's first finding are told: beside the index."""
    lead = next((f.id for f in page.findings if f.headline), None)
    file = meta.links.get(language)
    return f"history/{file}#{lead}" if meta.index_href and lead and file else ""


def _vintage(page: Page, language: Language) -> str:
    """Return the period the data describe; how it was simulated stands in the source card."""
    every = (f.origin.vintage.partition(", generator")[0] for f in page.findings)
    from yuyao_lib.display.numbers import period_words

    said = "; ".join(dict.fromkeys(period for period in every if period))
    return period_words(said, language)


def _description(page: Page, language: Language, title: str) -> str:
    """Return one line for search results and shared links."""
    lead = next((f for f in page.findings if f.headline), None)
    if lead is None:
        return title
    from yuyao_lib.display.sentences import said

    return said(lead.estimate, language)
