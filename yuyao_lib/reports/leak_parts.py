"""A finished file taken apart: its words, its cells, and what is embedded in it."""

from __future__ import annotations

import base64
import binascii
import csv
import io
import re
import struct
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote_to_bytes

__all__ = [
    "Parts", "parts_of_csv", "parts_of_html", "parts_of_notebook", "parts_of_values", "png_texts",
]  # fmt: skip

DRAWN = {"d", "points", "transform", "viewbox", "style", "clip-path"}  # numbers, not words
EMBEDDED = re.compile(r"data:([\w.+/-]*)((?:;[\w=-]+)*),(.*)", re.S)
FINE = re.compile(r"text/csv|image/(?:png|svg\+xml)|font/[\w-]+|application/font[\w-]*")
TEXT_CHUNKS = {b"tEXt", b"zTXt", b"iTXt", b"eXIf"}


@dataclass
class Parts:
    """What a file holds.

    Attributes
    ----------
    texts
        Words a reader or a program can find, in plain characters (NFKC).
    cells
        Contents of single cells of tables and of CSV.
    hovers
        Words in pictures that are shown on hovering, or not at all.
    strange
        Kinds of embedded data that no page of ours has.
    formulas
        Number of CSV cells that a spreadsheet would run.
    frames
        Number of printed frames.
    """

    texts: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    hovers: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    formulas: int = 0
    frames: int = 0

    def say(self, text: str) -> None:
        """Take in words."""
        if text.strip():
            self.texts.append(unicodedata.normalize("NFKC", text))

    def read(self, html: str) -> None:
        """Take in markup, pictures and files inside it too."""
        reader = _Reader(self)
        reader.feed(html)
        reader.close()


def parts_of_html(html: str) -> Parts:
    """Take a page apart, pictures and files inside it too."""
    parts = Parts()
    parts.read(html)
    return parts


def parts_of_csv(text: str, parts: Parts | None = None) -> Parts:
    """Take a CSV file apart."""
    held = parts or Parts()
    held.say(text)
    for row in csv.reader(io.StringIO(text.lstrip("\ufeff"))):
        held.cells += [cell.strip() for cell in row]
        held.formulas += sum(_runs(cell) for cell in row)
    return held


def parts_of_values(values: Any, parts: Parts | None = None) -> Parts:
    """Take plain JSON values apart, names of fields included."""
    held = parts or Parts()
    waiting = [values]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list | tuple):
            waiting += value
        elif isinstance(value, str):
            held.say(value)
            held.cells.append(value.strip())
    return held


def parts_of_notebook(book: Any) -> Parts:
    """Take an executed notebook apart: prose, code and every form of every output.

    The cells of parameters are left out: what the report was asked for, places on the
    machine included, stays where the run was made.
    """
    parts = Parts()
    for cell in book.cells:
        if not {"parameters", "injected-parameters"} & set(cell.metadata.get("tags", [])):
            parts.say(cell.source)
        for output in cell.get("outputs", []):
            parts.say("".join(output.get("text", "")))
            for kind, value in output.get("data", {}).items():
                _output(kind, value, parts)
    parts_of_values(dict(book.metadata), parts)
    return parts


def _output(kind: str, value: Any, parts: Parts) -> None:
    """Take in one form of an output; markup is read as such wherever it is kept."""
    if kind in {"text/html", "image/svg+xml"}:
        parts.read(value)
    elif kind == "image/png":
        _embedded(f"data:image/png;base64,{value}", parts)
    elif isinstance(value, dict) and "html" in value:
        for text in value["html"].values():
            parts.read(text)
        if value.get("csv"):
            parts_of_csv(value["csv"]["text"], parts)
    else:
        parts_of_values(value, parts)


def _runs(cell: str) -> bool:
    """Whether a spreadsheet would take a cell for a formula; a number is none."""
    return cell[:1] in tuple("=+-@\t\r") and not re.fullmatch(r"[+-]?[\d.,eE%+-]+|-", cell)


class _Reader(HTMLParser):
    """Collects the parts of a page or of a picture."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(convert_charrefs=True)
        self.parts, self.inside = parts, [""]
        self.cell: list[str] | None = None
        self.run: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in attributes, and follow what is embedded."""
        self._flush()
        self.inside.append(tag)
        for name, value in attrs:
            self._attribute(tag, name, value or "")
        if tag in {"td", "th"}:
            self.cell = []
        if tag in {"meta", "link", "img", "br", "hr", "input"}:
            self.inside.pop()

    def _attribute(self, tag: str, name: str, value: str) -> None:
        """Take in one attribute."""
        if value.startswith("data:"):
            _embedded(value, self.parts)
        elif name not in DRAWN:
            self.parts.say(value)
        if name == "class" and "dataframe" in value.split():
            self.parts.frames += 1
        if name == "title" and tag not in {"link", "style"} and len(value) > 200:
            self.parts.hovers.append(value)

    def handle_endtag(self, tag: str) -> None:
        """Close a cell."""
        self._flush()
        if tag in {"td", "th"} and self.cell is not None:
            self.parts.cells.append(" ".join("".join(self.cell).split()))
            self.cell = None
        if tag in self.inside:
            while self.inside.pop() != tag:
                continue

    def handle_data(self, data: str) -> None:
        """Take in words; style sheets hold none."""
        if self.inside[-1] == "style":
            return
        self.run.append(data)
        if self.cell is not None:
            self.cell.append(data)
        if self.inside[-1] in {"desc", "metadata"} or (
            "svg" in self.inside and self.inside[-1] == "title"
        ):
            self.parts.hovers.append(data.strip())

    def handle_comment(self, data: str) -> None:
        """Take in what is not shown at all."""
        self.parts.say(data)

    def _flush(self) -> None:
        """Keep words that belong together in one text."""
        if self.run:
            self.parts.say("".join(self.run))
            self.run = []

    def close(self) -> None:
        """Take in what is left."""
        super().close()
        self._flush()


def _embedded(uri: str, parts: Parts) -> None:
    """Take apart a file inside a page."""
    found = EMBEDDED.fullmatch(uri)
    if found is None or not FINE.fullmatch(found[1] or "text/plain"):
        parts.strange.append((found[1] if found else "") or "text/plain")
        return
    try:
        coded = "base64" in found[2]
        packed = "".join(found[3].split())
        data = base64.b64decode(packed, validate=True) if coded else unquote_to_bytes(found[3])
    except (binascii.Error, ValueError):
        parts.strange.append("data that cannot be read")
        return
    if found[1] == "text/csv":
        parts_of_csv(data.decode("utf-8-sig", "replace"), parts)
    elif found[1] == "image/svg+xml":
        reader = _Reader(parts)
        reader.inside = ["svg"]
        reader.feed(data.decode("utf-8", "replace"))
        reader.close()
    elif found[1] == "image/png":
        for text in png_texts(data):
            parts.hovers.append(text)
            parts.say(text)


def png_texts(data: bytes) -> Iterator[str]:
    """Yield what a PNG says besides its pixels."""
    place = 8
    while place + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[place : place + 8])
        body = data[place + 8 : place + 8 + size]
        if kind in TEXT_CHUNKS:
            yield _chunk(kind, body)
        place += 12 + size


def _chunk(kind: bytes, body: bytes) -> str:
    """Read one chunk of text, unpacked where it is packed."""
    name, _, rest = body.partition(b"\0")
    if kind == b"zTXt":
        try:
            rest = zlib.decompress(rest[1:])
        except zlib.error:
            rest = b"packed text that cannot be read"
    return f"{name.decode('latin-1')}: {rest.decode('utf-8', 'replace')}"
