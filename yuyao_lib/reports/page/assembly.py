"""From the cells of an executed notebook to the parts of a page in one language."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

from yuyao_lib.errors import RenderError
from yuyao_lib.findings import FINDING_MIME, Finding, Mode
from yuyao_lib.reports.page.inert import runs
from yuyao_lib.reports.page.prose import Heading, markdown
from yuyao_lib.vocabulary import Language

__all__ = ["Block", "Page", "Section", "assemble", "findings_in"]

DISPLAY_MIME = "application/vnd.yuyao.display+json"
CAPTION = re.compile(r"<caption>([^<]*[^<\s])")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
CODE_WORDS = {"en": "Code", "zh": "代码"}
SAVE_WORDS = {"en": "Download as CSV", "zh": "下载 CSV"}


@dataclass
class Block:
    """Something in a section: finished HTML."""

    html: str


@dataclass
class Section:
    """A part of the page under one heading.

    Attributes
    ----------
    id, title
        Anchor and heading; the first section, before any heading, has neither.
    blocks
        What stands in it.
    """

    id: str = ""
    title: str = ""
    blocks: list[Block] = field(default_factory=list)


@dataclass
class Page:
    """A page's parts.

    Attributes
    ----------
    title
        The first heading of level one.
    sections
        The first holds what stands under the title, the second the finding.
    modes
        Kinds of data seen.
    findings
        In the order of the notebook; all of one kind of data.
    contents
        Headings of the second and third level.
    saved, captions
        How often each name of a file to save and each caption was used.
    """

    title: str = ""
    sections: list[Section] = field(default_factory=lambda: [Section()])
    modes: set[Mode] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    contents: list[Heading] = field(default_factory=list)
    saved: Counter[str] = field(default_factory=Counter)
    captions: Counter[Any] = field(default_factory=Counter)

    @property
    def mode(self) -> Mode | None:
        """The kind of data the page stands for: that of its findings, else what it shows."""
        found = [finding.origin.mode for finding in self.findings[:1]]
        return next(iter([*found, *sorted(self.modes)]), None)


def findings_in(notebook: Any) -> list[Finding]:
    """Return every finding an executed notebook carries, in order."""
    found = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            held = output.get("data", {}).get(FINDING_MIME) or {}
            found += [Finding.from_dict(values) for values in held.get("findings", [])]
    return found


def assemble(notebook: Any, language: Language) -> Page:
    """Collect a page's parts.

    Raises
    ------
    RenderError
        If a cell failed, a formula cannot be read, or data of two modes meet where they
        must not: see `_refuse_mixtures`.
    """
    page = Page(findings=findings_in(notebook))
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown" and _spoken(cell, language):
            _add_prose(page, cell.source, f"s{number}")
        elif cell.cell_type == "code" and not _is_parameters(cell):
            page.sections[-1].blocks.extend(_code_blocks(page, cell, language))
    _refuse_mixtures(page)
    return page


def _refuse_mixtures(page: Page) -> None:
    """Hold a page to one kind of findings, and keep simulated data off real pages.

    What is shown beside the findings may be of another kind, each with its stamp, but a
    simulated table or figure never stands on a page that is not marked as simulated.
    """
    found = {finding.origin.mode for finding in page.findings}
    every = found | page.modes
    hidden = Mode.SIMULATED in every and page.mode is not Mode.SIMULATED
    if len(found) > 1 or hidden or (not found and len(every) > 1):
        names = " and ".join(sorted(mode.value for mode in every))
        raise RenderError(f"a page cannot show data of two modes: {names}.")


def _spoken(cell: Any, language: Language) -> bool:
    """Whether a Markdown cell is for this language: tagged so, or not tagged."""
    tags = set(cell.metadata.get("tags", []))
    return language in tags or not tags & {"en", "zh"}


def _is_parameters(cell: Any) -> bool:
    """Whether a cell only sets parameters, which the page lists elsewhere."""
    return bool({"parameters", "injected-parameters"} & set(cell.metadata.get("tags", [])))


def _add_prose(page: Page, source: str, prefix: str) -> None:
    """Add a Markdown cell, opening a section at each heading of level two."""
    for part_number, part in enumerate(re.split(r"(?m)^(?=## )", source)):
        html, headings = markdown(part, prefix=f"{prefix}-{part_number}")
        if not html.strip():
            continue
        if headings and headings[0][0] == 1 and not page.title:
            page.title = headings[0][2]
            html = re.sub(r"<h1.*?</h1>", "", html, count=1, flags=re.S)
        elif headings and headings[0][0] == 2:
            _, key, words = headings[0]
            page.sections.append(Section(key, words))
            html = re.sub(r"<h2.*?</h2>", "", html, count=1, flags=re.S)
        page.contents += [h for h in headings if h[0] in {2, 3}]
        if html.strip():
            page.sections[-1].blocks.append(Block(html))


def _code_blocks(page: Page, cell: Any, language: Language) -> Iterator[Block]:
    """Yield what a code cell showed, then its folded source."""
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            raise RenderError(f"a cell failed ({output.ename}), so there is no page to show.")
        html = _output(page, output, language)
        if html:
            yield Block(html)
    if cell.source.strip() and cell.outputs:
        words = CODE_WORDS[language]
        yield Block(
            f'<details class="code"><summary>{words}</summary>'
            f"<pre><code>{escape(cell.source)}</code></pre></details>"
        )


def display_of(output: Any) -> dict[str, Any] | None:
    """Return what the display put into an output, if it did."""
    held: dict[str, Any] | None = output.get("data", {}).get(DISPLAY_MIME)
    return held


def _output(page: Page, output: Any, language: Language) -> str:
    """Show one output: ours as it is, foreign ones as text or picture."""
    if output.output_type == "stream":
        return "" if output.name == "stderr" else _text(output.text)
    held = display_of(output)
    if held:
        html = held["html"][language]
        shown = _text(html) if runs(html) else _told_apart(page, html, language)
        return (
            f'<div class="shown is-{escape(held["kind"])}">{_stamp(page, held, language)}{shown}'
            f"{_download(page, held.get('csv'), language)}</div>"
        )
    if "image/png" in output.data:
        alt = output.metadata.get("image/png", {}).get("alt", "")
        if not alt:
            raise RenderError("a figure has no description; show it through the display module.")
        data = str(output.data["image/png"]).replace("\n", "")
        image = f'<img alt="{escape(alt)}" src="data:image/png;base64,{escape(data)}">'
        return f"<figure>{image}</figure>"
    return _text(output.data.get("text/plain", ""))


def _told_apart(page: Page, html: str, language: Language) -> str:
    """Add the section to a caption that stood on the page before, and a number if need be."""
    found = CAPTION.search(html)
    if not found:
        return html
    words, section = found[1], escape(page.sections[-1].title)
    page.captions[words] += 1
    if page.captions[words] == 1:
        return html
    page.captions[words, section] += 1
    number = page.captions[words, section]
    comma = "，" if language == "zh" else ", "
    where = section if number == 1 else f"{section}{comma}{number}"
    where = f"（{where}）" if language == "zh" else f" ({where})"
    html = html.replace(f'aria-label="{words}"', f'aria-label="{words}{where}"', 1)
    return CAPTION.sub(lambda m: f"<caption>{words}{where}", html, count=1)


def _stamp(page: Page, held: dict[str, Any], language: Language) -> str:
    """Note a thing's kind of data, and say it where it is not the page's own."""
    if not held["mode"]:
        return ""
    mode = Mode(held["mode"])
    page.modes.add(mode)
    if not page.findings or mode is page.mode:
        return ""
    return f'<p class="stamp">{escape(mode.text.of(language))}</p>'


def _text(words: str) -> str:
    """Show plain text as it was printed."""
    clean = COLOUR.sub("", words).rstrip()
    return f'<pre class="printed" tabindex="0">{escape(clean)}</pre>' if clean else ""


def _download(page: Page, csv: dict[str, str] | None, language: Language) -> str:
    """Link the numbers behind something as a file inside the page, of a name of its own."""
    if not csv:
        return ""
    page.saved[csv["name"]] += 1
    stem, dot, ending = csv["name"].rpartition(".")
    number = page.saved[csv["name"]]
    name = csv["name"] if number == 1 else f"{stem}_{number}{dot}{ending}"
    data = base64.b64encode(("\ufeff" + csv["text"]).encode()).decode()
    return (
        f'<p class="save"><a download="{escape(name)}"'
        f' href="data:text/csv;charset=utf-8;base64,{data}">{SAVE_WORDS[language]}'
        f' <span class="file">{escape(name)}</span></a></p>'
    )
