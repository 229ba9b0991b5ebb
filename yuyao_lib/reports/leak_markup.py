"""Markup taken apart: pages, notebooks and the files that are embedded in them."""

from __future__ import annotations

import base64
import binascii
import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote_to_bytes

from yuyao_lib.reports.leak_parts import DIGITS, Parts, parts_of_csv, parts_of_values
from yuyao_lib.reports.leak_pictures import png_texts, undrawn, undrawn_style

__all__ = ["parts_of_html", "parts_of_notebook"]

NUMBERS = {"d", "points", "transform", "viewbox"}  # of a drawing: not read as words
LONG = re.compile(r"\d[\d ./_-]{9,}\d[Xx]?")
ADDRESS = re.compile(r"data:([\w.+/-]*)((?:;[\w=-]+)*),([^\"'\s)]*|.*)", re.S | re.I)
FINE = re.compile(r"text/csv|image/(?:png|svg\+xml)|font/[\w-]+|application/font[\w-]*")
WORDS = {"alt", "title", "aria-label", "content", "placeholder", "value"}
INLINE = {"b", "i", "em", "strong", "span", "a", "tspan", "sub", "sup", "small", "code", "mark",
          "u", "wbr", "bdi", "bdo"}  # fmt: skip
CELLS = {"td", "th", "li", "dt", "dd", "option"}
SPACED = re.compile(r"\d(?:\s{2,}|[\t\r\n])\d")
SINGLE = {"meta", "link", "img", "br", "hr", "input", "source", "wbr"}
PARAMETERS = {"parameters", "injected-parameters"}


def parts_of_html(html: str, parts: Parts | None = None) -> Parts:
    """Take a page apart, pictures and files inside it too."""
    held = parts or Parts()
    reader = _Reader(held)
    reader.feed(html)
    reader.close()
    return held


def parts_of_notebook(book: Any) -> Parts:
    """Take an executed notebook apart: prose, code, notes and every form of every output.

    The cells of parameters are left out: what the report was asked for, places on the
    machine included, stays where the run was made.
    """
    parts = Parts()
    for cell in book.cells:
        if not PARAMETERS & set(cell.metadata.get("tags", [])):
            parts.say(cell.source)
        parts_of_values(dict(cell.metadata), parts)
        for files in cell.get("attachments", {}).values():
            for kind, value in files.items():
                _output(kind, value, parts)
        for output in cell.get("outputs", []):
            parts.say("".join(output.get("text", "")))
            told = [output.get(n) or "" for n in ("ename", "evalue", "traceback", "metadata")]
            parts_of_values(told, parts)
            for kind, value in output.get("data", {}).items():
                _output(kind, value, parts)
    return parts_of_values(dict(book.metadata), parts)


def _output(kind: str, value: Any, parts: Parts) -> None:
    """Take in one form of an output; markup is read as such wherever it is kept."""
    if kind in {"text/html", "image/svg+xml"}:
        parts_of_html("".join(value), parts)
    elif kind.startswith("image/"):
        _embedded(f"data:{kind};base64,{''.join(value)}", parts)
    elif isinstance(value, dict) and "html" in value:
        for text in value["html"].values():
            parts_of_html(text, parts)
        if value.get("csv"):
            parts.say(value["csv"]["name"])
            parts_of_csv(value["csv"]["text"], parts)
        parts_of_values(value.get("drawn", []), parts)
    else:
        parts_of_values(value, parts)


class _Reader(HTMLParser):
    """Collects the parts of a page or of a picture."""

    def __init__(self, parts: Parts, *, inside: str = "") -> None:
        super().__init__(convert_charrefs=True)
        self.parts, self.inside = parts, [inside]
        self.cell: list[str] | None = None
        self.cells: list[str] = []
        self.run: list[str] = []  # words between two tags
        self.line: list[str] = []  # words of one line, over tags that do not end it

    @property
    def drawing(self) -> bool:
        """Whether this is inside an SVG picture."""
        return "svg" in self.inside

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in attributes, and follow what is embedded."""
        self._flush(line=tag not in INLINE)
        self.inside.append(tag)
        if self.drawing and (part := undrawn(tag, attrs)) is not None:
            self.parts.hovers.append(part)
        for name, value in attrs:
            self._attribute(tag, name, value or "")
        if DIGITS.search(tag):
            self.parts.say(tag)
        if tag in CELLS:
            self.cell = []
        if tag == "bdo" or ("dir", "rtl") in attrs:
            self.parts.turned = True
        if tag in SINGLE:
            self.inside.pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in an element that holds nothing."""
        self.handle_starttag(tag, attrs)
        if tag not in SINGLE:
            self.handle_endtag(tag)

    def _attribute(self, tag: str, name: str, value: str) -> None:
        """Take in one attribute."""
        if DIGITS.search(name):
            self.parts.say(name)
        if name in WORDS:
            self.parts.cells.append(value.strip())
            self.parts.say(value)
        elif found := ADDRESS.search(value):
            _embedded(found[0] if name in {"style", "srcset"} else value.strip(), self.parts)
        else:
            for said in _said_by(name, value):
                self.parts.say(said)
        if name == "class" and "dataframe" in value.casefold().split():
            self.parts.frames += 1
        if name == "title" and tag not in {"link", "style"} and re.search(r"\d", value):
            self.parts.hovers.append(value)

    def handle_endtag(self, tag: str) -> None:
        """Close a cell, or a row of them."""
        self._flush(line=tag not in INLINE)
        if tag in CELLS and self.cell is not None:
            said, self.cell = " ".join("".join(self.cell).split()), None
            (self.cells if tag in {"td", "th"} else self.parts.cells).append(said)
        if tag in {"tr", "table"} and self.cells:
            self.parts.row(self.cells)
            self.cells = []
        if tag in self.inside:
            while self.inside.pop() != tag:
                continue

    def handle_data(self, data: str) -> None:
        """Take in words; of style sheets those that it shows, names or hides."""
        if self.inside[-1] == "style":
            self._styled(data)
            return
        self.run.append(data)
        self.line.append(data)
        if self.cell is not None:
            self.cell.append(data)
        if self.drawing and {"desc", "metadata", "title", "script"} & set(self.inside):
            self.parts.hovers.append(data.strip())
        elif self.drawing:
            self.parts.cells.append(data.strip())

    def _styled(self, data: str) -> None:
        """Take in what a style sheet says."""
        for said in undrawn_style(data):
            if "data:" in said[:8].casefold():
                _embedded(said, self.parts)
            else:
                self.parts.say(said)

    def handle_comment(self, data: str) -> None:
        """Take in what is not shown at all."""
        self.parts.say(data)
        if self.drawing:
            self.parts.hovers.append(data.strip())

    def handle_pi(self, data: str) -> None:
        """Take in instructions to programs."""
        self.handle_comment(data)

    def unknown_decl(self, data: str) -> None:
        """Take in words that are set apart from markup."""
        self.handle_comment(data)

    def handle_decl(self, decl: str) -> None:
        """Take in declarations; that of a page says nothing."""
        if decl.casefold() != "doctype html":
            self.handle_comment(decl)

    def _flush(self, *, line: bool = True) -> None:
        """Keep words that belong together in one text; a browser makes one space of several."""
        if self.run:
            said = "".join(self.run)
            self.parts.say(said)
            if "pre" in self.inside:
                self.parts.printed.append(said)
            elif SPACED.search(said):
                self.parts.say(" ".join(said.split()))
        if line:
            if len(self.line) > len(self.run) and DIGITS.search("".join(self.line)):
                self.parts.say("".join(self.line))
            self.line = []
        self.run = []

    def close(self) -> None:
        """Take in what is left."""
        super().close()
        self._flush()
        if self.cells:
            self.parts.row(self.cells)


def _said_by(name: str, value: str) -> list[str]:
    """Return the words of an attribute; places of a drawing are none, long numbers may be."""
    if name == "style":
        return [*undrawn_style(value), *re.findall(r"--[^:]+:([^;]+)", value)]
    if name == "d":
        long = LONG.findall(value)
        return [n for n in long if len(re.sub(r"\D", "", n)) in {11, 15, 18}]
    return [] if name in NUMBERS else [value]


def _embedded(uri: str, parts: Parts) -> None:
    """Take apart a file inside a page."""
    found = ADDRESS.fullmatch(uri)
    kind = found[1].casefold() if found else ""
    if found is None or not FINE.fullmatch(kind or "text/plain"):
        parts.strange.append(kind or "text/plain")
        return
    if kind.startswith(("font", "application/font")):
        return
    try:
        coded = "base64" in found[2].casefold()
        packed = "".join(found[3].split())
        data = base64.b64decode(packed, validate=True) if coded else unquote_to_bytes(found[3])
        text = "" if kind == "image/png" else data.decode("utf-8-sig")
    except (binascii.Error, ValueError):
        parts.strange.append("data that cannot be read")
        return
    if kind == "text/csv":
        parts_of_csv(text, parts)
    elif kind == "image/svg+xml":
        reader = _Reader(parts, inside="svg")
        reader.feed(text)
        reader.close()
    else:
        for said in png_texts(data):
            parts.hovers.append(said)
            parts.say(said)
