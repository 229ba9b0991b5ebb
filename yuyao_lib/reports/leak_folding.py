"""Characters that look alike made alike, so that nothing is hidden by how it is written."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from html import unescape

__all__ = ["TURNED", "folded", "squeezed", "unpacked"]

# letters of other alphabets that are drawn like Latin ones
LIKE_LATIN = dict(zip(
    "АВЕЅКМНОРСТУХІЈавеѕкмнорстухіјΑΒΕΖΗΙΚΜΝΟΡΤΥΧο×✕╳",
    "ABESKMHOPCTYXIJabeskmhopctyxijABEZHIKMNOPTYXoXXX",
    strict=True,
))  # fmt: skip
DASHES = "‐‑‒–—―−﹣－⁃·•・_~"
NUMERALS = "〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖幺〡〢〣〤〥〦〧〨〩"
DIGITS = "00123456789123456789112345678" + "9"
AS_DIGITS = str.maketrans(dict(zip(NUMERALS, DIGITS, strict=True)))
IN_NUMERALS = re.compile(f"[{NUMERALS}]{{11,}}")
TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")  # marks that turn the order of what is read
ESCAPED = re.compile(
    r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|%([0-9a-fA-F]{2})|\\u\{([0-9a-fA-F]{1,6})\}"
    r"|%u([0-9a-fA-F]{4})|\\(0{0,4}[2-7][0-9a-fA-F])(?![0-9a-fA-F])\s?"
)
OCTAL = re.compile(r"\\0?([67][0-7]|1[0-7]{2})")
AS_HEX = re.compile(r"(?<![0-9A-Za-z])(?:3\d){10,}(?:3\d|58|78)(?![0-9A-Za-z])")  # of digits
PACKED = re.compile(r"(?<![\w+/=-])[\w+/-]{15,}={0,2}(?![\w+/=-])", re.ASCII)
MOST_INFLATED = 1_000_000  # bytes
BETWEEN = re.compile(r"[\W_]+")


@cache
def _table() -> dict[int, str | None]:
    """Return what single characters are read as: nothing, a letter, a digit, a dash."""
    table: dict[int, str | None] = {ord(a): b for a, b in LIKE_LATIN.items()}
    for code in [*range(0x80, 0x10000), *range(0x1D7CE, 0x1D800), *range(0xE0000, 0xE0080)]:
        character = chr(code)
        kind = unicodedata.category(character)
        if kind == "Cf" or code == 0x034F:
            table[code] = None
        elif kind == "Nd":
            table[code] = str(unicodedata.decimal(character))
        elif kind == "Zs":
            table[code] = " "
    return table | {ord(dash): "-" for dash in DASHES if dash not in "_~"}


def folded(text: str) -> str:
    """Return a text in plain characters: what looks like another character becomes that one.

    Examples
    --------
    >>> folded("１３８\u200b‑٠٠13 8000"), folded("Sаlary"), folded("一三八〇〇一三八〇〇〇")
    ('138-0013 8000', 'Salary', '13800138000')
    """
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text.translate(_table())).translate(_table())
    return IN_NUMERALS.sub(lambda run: run[0].translate(AS_DIGITS), plain)


def squeezed(text: str) -> str:
    """Return the letters and digits of a text alone, in lower case, to compare words.

    Examples
    --------
    >>> squeezed(" Salary_Note "), squeezed("姓 名")
    ('salarynote', '姓名')
    """
    return BETWEEN.sub("", folded(text)).casefold()


def unpacked(text: str) -> Iterator[str]:
    r"""Yield what a text says in other codes: escapes of programs, addresses, and base 64.

    Examples
    --------
    >>> list(unpacked("MTEwMTA1MTk0OTEyMzEwMDJY")), list(unpacked("\\u0041b"))
    (['11010519491231002X'], ['Ab'])
    >>> list(unpacked("heteroskedasticity-robust 100%"))
    []
    """
    if ESCAPED.search(text):
        yield ESCAPED.sub(_named, text)
    if OCTAL.search(text):
        yield OCTAL.sub(lambda m: chr(int(m[1], 8)), text)
    if "&#" in text:
        yield unescape(text)
    yield from (bytes.fromhex(m[0]).decode("ascii") for m in AS_HEX.finditer(text))
    for found in PACKED.finditer(text):
        code = found[0].rstrip("=").replace("-", "+").replace("_", "/")
        try:
            packed = base64.b64decode(code + "=" * (-len(code) % 4), validate=True)
            said = _inflated(packed).decode("utf-8").replace("\0", "")  # or in two bytes each
        except (binascii.Error, UnicodeDecodeError):
            continue
        if said.isprintable():
            yield said


def _named(found: re.Match[str]) -> str:
    """Return the character that an escape names; what names none stays."""
    code = int(next(part for part in found.groups() if part), 16)
    return chr(code) if code < 0x110000 else found[0]


def _inflated(packed: bytes) -> bytes:
    """Return bytes as they were before they were made smaller."""
    if packed[:1] == b"\x78" or packed[:2] == b"\x1f\x8b":
        with suppress(zlib.error):
            return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(packed, MOST_INFLATED)
    return packed
