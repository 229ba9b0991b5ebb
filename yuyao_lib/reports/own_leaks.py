"""Leaks that only own data can have: raw ids and their hashes, names, columns, printed rows."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from yuyao_lib.reports.leak_folding import squeezed
from yuyao_lib.reports.leak_parts import Parts
from yuyao_lib.reports.leak_shapes import CODED, HASH, MAIL

if TYPE_CHECKING:
    from yuyao_lib.sources.own.raw_marks import RawMarks

__all__ = ["own_kinds"]

NUMBER = re.compile(r"\d[\d,]*\.\d+|(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)")
TOKEN = re.compile(r"[0-9A-Za-z一-鿿]+(?:-[0-9A-Za-z一-鿿]+)*")
CHINESE = re.compile(r"[㐀-鿿·]{3,}")
LATIN = re.compile(r"[A-Za-zÀ-ɏ]+(?:[ '-][A-Za-zÀ-ɏ]+)+")
PRINTED = re.compile(r"(?m)^(?:\d+ {2,}\S.*\n?){3,}")
MIXED = re.compile(r"^[A-Za-z]{1,4}(?=.{5})\d+$")  # an id of letters and digits, six at least
FIELDS = re.compile(r"[,;|\t┆│]|\s{2,}")
AMOUNT = re.compile(r"-?\d+(?:\.\d+)?")
LISTED = re.compile(r"(?:[\[(,\s]-?\d{3,}(?:\.\d*)?(?:,\s*|\s+)){4,}")  # amounts one after another
ROWS = 3  # from so many lines alike on, they are rows of a table
DIGITS = re.compile(r"\d{9,}")
DOTTED = re.compile(r"\d+(?:\.\d+){1,3}")
AT = re.compile(r"\s*[(\[]\s*at\s*[)\]]\s*", re.I)
SHORT_HASH = re.compile(r"(?<![\w.#&-])(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{8,11}(?![\w.-])", re.I)
BARE = re.compile(  # base 64 of 16, 20 or 32 bytes
    r"(?<![\w+/=-])(?=[\w+/-]*[A-Z])(?:[\w+/-]{22}|[\w+/-]{27}|[\w+/-]{43})(?![\w+/=-])", re.ASCII
)
BY_CHANCE = 3  # from so many on, short numbers that are raw ids are no accident
SHORT = 9  # digits; a number of fewer may be an amount or a count
# what an error says may quote a cell; on other pages one may be meant to be shown
ERROR = re.compile(r"(?m:^(?:[a-z_.]+\.)?[A-Z][A-Za-z]*(?:Error|Exception): \S)")
WAYS = ("md5", "sha1", "sha256")
MOST_WORDS = 4  # of a name


def own_kinds(
    parts: Parts, whole: str, marks: RawMarks, *, hashes: Iterable[str], counts: Iterable[int]
) -> Iterator[str]:
    """Yield kinds of leaks that only own data can have.

    Parameters
    ----------
    parts, whole
        The file taken apart, and its words as one text.
    marks
        What the own files hold that must not leave them.
    hashes, counts
        Digests and counts that may stand there.
    """
    known = [digest.casefold() for digest in hashes if digest]
    if any(_is_strange_hash(found[0], known) for found in HASH.finditer(whole)) or (
        CODED.search(whole) or _hashed(whole, marks.ids, known)
    ):
        yield "hash of unknown origin"
    if MAIL.search(AT.sub("@", whole)):
        yield "mail address"
    if marks.ids and _names_ids(whole, marks.ids, {str(n) for n in counts}):
        yield "raw identifier"
    cells = {squeezed(cell) for cell in parts.cells if cell} - {""}
    if cells & _all_squeezed(marks.headers):
        yield "column that the mapping leaves out"
    if cells & _all_squeezed(marks.words) or _said(whole, marks.names):
        yield "value of a column that the mapping leaves out"
    if parts.frames or any(PRINTED.search(t) for t in parts.texts) or _rows(parts.printed):
        yield "printed rows of a table"
    if ERROR.search(whole):
        yield "traceback"
    if any(parts.hovers):
        yield "data in a picture that is not drawn"


def _hashed(whole: str, ids: frozenset[str], known: list[str]) -> bool:
    """Whether a text holds a hash of a raw id that is hard to tell from a word: short, or bare."""
    short = {found[0].casefold() for found in SHORT_HASH.finditer(whole)}
    short = {s for s in short if not any(digest.startswith(s) for digest in known)}
    bare = {found.replace("-", "+").replace("_", "/") for found in BARE.findall(whole)}
    if not short and not bare:
        return False
    sizes = {len(s) for s in short}
    for value in ids:
        for way in WAYS:
            made = hashlib.new(way, value.encode())
            if any(made.hexdigest()[:size] in short for size in sizes):
                return True
            if bare and base64.b64encode(made.digest()).decode().rstrip("=") in bare:
                return True
    return False


def _rows(printed: Iterable[str]) -> bool:
    """Whether a program printed rows of a table, or amounts one after another."""
    for text in printed:
        if LISTED.search(text):
            return True
        run, before = 0, 0
        for line in text.splitlines():
            fields = [part.strip() for part in FIELDS.split(line.strip(" |│"))]
            alike = len(fields) > 1 and any(AMOUNT.fullmatch(part) for part in fields)
            run = run + 1 if alike and len(fields) == before else int(alike)
            before = len(fields)
            if run >= ROWS:
                return True
    return False


@lru_cache(maxsize=8)
def _all_squeezed(values: frozenset[str]) -> frozenset[str]:
    """Return the letters and digits of each text; read once for all files of a report."""
    return frozenset(map(squeezed, values)) - {""}


def _is_strange_hash(found: str, known: list[str]) -> bool:
    """Whether digits and letters are a hash, and not the beginning of a known one."""
    if found.endswith("="):
        return True
    plain = re.sub(r"[: -]", "", found).casefold()
    mixed = re.search(r"[a-f]", plain) is not None and re.search(r"\d", plain) is not None
    long = len(plain) >= 32 and plain == found.casefold()
    held = any(digest.startswith(plain) or plain.startswith(digest) for digest in known)
    return (mixed or long) and not held


def _names_ids(whole: str, ids: frozenset[str], counts: set[str]) -> bool:
    """Whether a text holds raw ids; short numbers only where there are several.

    An id may be written in lower case, with other marks between its parts, or in pieces.
    """
    wanted = _all_squeezed(ids)
    tokens = TOKEN.findall(NUMBER.sub(" ", whole))
    found = {squeezed(token) for token in tokens} & wanted
    found |= {part for t in tokens if "-" in t for part in t.casefold().split("-")} & wanted
    found |= {n for n in DIGITS.findall(whole) if len(n) > SHORT} & wanted  # after other letters
    dotted = {d.replace(".", "") for d in DOTTED.findall(whole)}
    found |= {d for d in dotted if len(d) > SHORT} & wanted
    for size in (2, 3):
        pieces = ("".join(run) for run in zip(*(tokens[i:] for i in range(size)), strict=False))
        joined = {squeezed(p) for p in pieces if len(p) >= SHORT or MIXED.search(p)} & wanted
        found |= {p for p in joined if len(p) > SHORT or MIXED.search(p)}
    short = {value for value in found if value.isdecimal() and len(value) < SHORT}
    return bool(found - short) or len(short - counts) >= BY_CHANCE


def _said(whole: str, names: frozenset[str]) -> bool:
    """Whether a text says, among other words, a name of three characters or two words."""
    if not names:
        return False
    lengths = {len(name) for name in names}
    for run in CHINESE.findall(whole):
        for size in lengths:
            if any(run[i : i + size] in names for i in range(len(run) - size + 1)):
                return True
    for run in LATIN.findall(whole):
        words = re.split(r"[ '-]", run.casefold())
        for size in range(2, MOST_WORDS + 1):
            pieces = (" ".join(words[i : i + size]) for i in range(len(words) - size + 1))
            if any(piece in names for piece in pieces):
                return True
    return False
