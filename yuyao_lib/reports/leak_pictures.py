"""Pictures taken apart: what one may hold that is not drawn."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

__all__ = ["png_texts", "undrawn", "undrawn_style"]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
TEXT_CHUNKS = {b"tEXt", b"zTXt", b"iTXt", b"eXIf"}
DRAWN_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"pHYs", b"gAMA", b"cHRM", b"sRGB"}
# all that charts, sparklines and pasts are drawn with
ELEMENTS = {
    "svg", "g", "path", "defs", "clippath", "rect", "use", "image", "circle", "ellipse", "line",
    "polyline", "polygon", "text", "tspan", "style", "lineargradient", "stop", "title", "desc",
}  # fmt: skip
ATTRIBUTES = {
    "transform", "href", "xlink:href", "d", "style", "id", "clip-path", "x", "y", "width",
    "height", "viewbox", "xmlns", "xmlns:xlink", "version", "type", "role", "aria-label",
    "aria-hidden", "class", "points", "cx", "cy", "r", "rx", "ry", "x1", "x2", "y1", "y2", "dx",
    "dy", "fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "opacity",
    "stroke-dasharray", "text-anchor", "font-size", "preserveaspectratio", "offset", "lang",
    "fill-opacity", "stroke-opacity", "image-rendering", "focusable", "dominant-baseline",
}  # fmt: skip
UNSEEN = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
    r"|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$))", re.I,
)  # fmt: skip


def undrawn(tag: str, attributes: list[tuple[str, str | None]]) -> str | None:
    """Return which part of a drawing is no drawing; None where there is none.

    Parameters
    ----------
    tag, attributes
        Of an element inside an SVG picture.

    Examples
    --------
    >>> undrawn("path", [("d", "M0 0")]), undrawn("path", [("data-pay", "3170")])
    (None, 'data-pay')
    >>> undrawn("metadata", []), undrawn("text", [("visibility", "hidden")])
    ('metadata', 'visibility')
    """
    if tag.rpartition(":")[2] not in ELEMENTS:
        return tag
    for name, value in attributes:
        unseen = name == "style" and UNSEEN.search(value or "")
        faded = tag == "text" and name.endswith("opacity") and _none(value)
        if name not in ATTRIBUTES or unseen or faded:
            return name
    return None


def _none(value: str | None) -> bool:
    """Whether a number is zero."""
    return re.fullmatch(r"\s*0*\.?0+%?\s*", value or "") is not None


def undrawn_style(text: str) -> Iterator[str]:
    """Yield what a style sheet says: its comments, its texts and its addresses.

    Examples
    --------
    >>> list(undrawn_style("p:after{content:'3170'} /* 3171 */ a{background:url(data:,3172)}"))
    ['3171', '3170', 'data:,3172']
    """
    for comment in re.findall(r"/\*(.*?)\*/", text, re.S):
        yield comment.strip()
    for single, double in re.findall(r"'([^']*)'|\"([^\"]*)\"", text):
        yield single or double
    yield from re.findall(r"url\(\s*([^'\")][^)]*)\)", text)


def png_texts(data: bytes) -> Iterator[str]:
    """Yield what a PNG holds besides its pixels: texts, other chunks, and bytes after its end."""
    if not data.startswith(SIGNATURE):
        yield "not a PNG"
        return
    place = len(SIGNATURE)
    while place + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[place : place + 8])
        body = data[place + 8 : place + 8 + size]
        place += 12 + size
        if kind in TEXT_CHUNKS:
            yield _chunk(kind, body)
        elif kind not in DRAWN_CHUNKS:
            yield f"{kind.decode('latin-1')}: {body.decode('utf-8', 'replace')}"
        if kind == b"IEND":
            break
    if data[place:]:
        yield f"after its end: {data[place:].decode('utf-8', 'replace')}"


def _chunk(kind: bytes, body: bytes) -> str:
    """Read one chunk of text, unpacked where it is packed."""
    name, _, rest = body.partition(b"\0")
    if kind == b"zTXt":
        rest = _unpacked(rest[1:])
    elif kind == b"iTXt" and rest[:1] == b"\1":
        rest = rest[:2] + _unpacked(rest[2:].split(b"\0", 2)[-1])
    elif kind == b"eXIf":
        rest = rest.replace(b"\0", b"")  # texts of two bytes a character
    return f"{name.decode('latin-1')}: {rest.decode('utf-8', 'replace')}"


def _unpacked(packed: bytes) -> bytes:
    """Return packed text as it was."""
    try:
        return zlib.decompress(packed)
    except zlib.error:
        return b"packed text that cannot be read"
