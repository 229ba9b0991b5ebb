"""Shapes of what must not leave: numbers by their check digits, pseudonyms, hashes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from yuyao_lib.reports.leak_cuts import cut_up
from yuyao_lib.reports.leak_written import WRITTEN, secrets
from yuyao_lib.sources.own.identity import is_credit_code, is_identity

__all__ = ["CODED", "HASH", "KINDS", "MAIL", "matches"]

REGIONS = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9[019])"
SEP = r"[ ./_-]"  # one between two digits; no comma, which stands in ordinary numbers
NEW, OVER = r"(?<!\d)(?<!\d\.)", r"(?!\d)"  # neither the tail of a number nor its decimals
NO_HEX, HEX_OVER = r"(?<![0-9A-Fa-f])(?<!\d\.)", r"(?![0-9A-Fa-f])(?!\.\d*[1-9])"
CODE = "[0-9A-Y]"
CREDIT = (  # whole, or in the parts that the standard names, or by fours
    rf"[1-9AY][1239]\d{{6}}{CODE}{{10}}"
    rf"|[1-9AY][ -]?[1239][ -]\d{{6}}[ -]{CODE}{{9}}[ -]?{CODE}"
    rf"|[1-9AY][1239]\d\d[ -]\d{{4}}[ -]{CODE}{{4}}[ -]{CODE}{{4}}[ -]{CODE}{{2}}"
)
HASH = re.compile(
    r"(?<![0-9A-Za-z.])[0-9a-f]{32,128}(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z./-])[0-9a-f]{12,31}(?![0-9A-Za-z-])"
    r"|\b0x[0-9a-f]{12,128}\b"
    r"|(?<![0-9A-Za-z])(?:[0-9a-f]{2}[: ]){15,63}[0-9a-f]{2}(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])(?:[0-9a-f]{8}[ -]){3,15}[0-9a-f]{8}(?![0-9A-Za-z])"
    r"|(?<![\w+/=])(?:[\w+/-]{22}==|[\w+/-]{27}=|[\w+/-]{38}==|[\w+/-]{43}=|[\w+/-]{86}==)(?![\w=])"
    r"|(?<![\d.])\d{30,}",
    re.I | re.ASCII,
)
# the same without its last signs, and by 32 letters: in capitals and small letters, as they stand
CODED = re.compile(
    r"(?<![\w+/=.-])(?=[\w+/-]*[A-Z][\w+/-]*[A-Z][\w+/-]*[A-Z])(?=(?:[\w+/-]*[a-z]){3})"
    r"(?=(?:[\w+/-]*\d){2})(?:[\w+/-]{22}|[\w+/-]{27}|[\w+/-]{38}|[\w+/-]{43}|[\w+/-]{86})"
    r"(?![\w+/=-])"
    r"|(?<![\w=])(?=[A-Z]*[2-7])(?=[2-7]*[A-Z])[A-Z2-7]{26,104}={0,6}(?![\w=])",
    re.ASCII,
)
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.I | re.ASCII)


def _plain(text: str) -> str:
    """Return a number without what stands between its digits, in upper case."""
    return re.sub(r"[ ./_-]", "", text).upper()


def _identity(text: str) -> bool:
    """Whether 18 characters, with or without marks between, are an identity number."""
    plain = _plain(text)
    return is_identity(plain) and re.match(REGIONS, plain) is not None


def _credit(text: str) -> bool:
    """Whether 18 characters are a credit code; one with gaps is in upper case."""
    gaps = re.search(r"[ -]", text) is not None
    return is_credit_code(_plain(text)) and not (gaps and text != text.upper())


def _card(text: str) -> bool:
    """Whether a number is that of a bank card (Luhn's check digit)."""
    digits = [int(d) for d in reversed(_plain(text))]
    doubled = [sum(divmod(2 * d, 10)) for d in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _always(text: str) -> bool:
    """Accept every match."""
    return True


SHAPES: dict[str, tuple[re.Pattern[str], Callable[[str], bool]]] = {
    "identity number": (
        re.compile(rf"{NEW}(?=([1-9](?:{SEP}?\d){{16}}{SEP}?[\dXx]){OVER})"), _identity,
    ),
    "identity number of 15 digits": (
        re.compile(
            rf"{NO_HEX}(?=({REGIONS}\d{{4}}{SEP}?\d\d(?:0[1-9]|1[0-2])"
            rf"(?:0[1-9]|[12]\d|3[01]){SEP}?\d{{3}}){HEX_OVER})"
        ),
        _always,
    ),
    "credit code": (re.compile(rf"(?<![0-9A-Za-z.])(?=({CREDIT})(?![0-9A-Za-z.]))", re.I), _credit),
    "telephone number": (
        re.compile(
            rf"{NO_HEX}(?=((?:(?:\+|00)?86{SEP}?)?(?:\(?1[3-9]\d\)?(?:{SEP}?\d{{4}}{SEP}?\d{{4}}"
            rf"|{SEP}\d{{3}}{SEP}\d{{5}})|1{SEP}[3-9](?:{SEP}\d){{9}})){HEX_OVER})"
            r"|(?<![\d.-])(?=(\(?0[1-9]\d{1,2}(?:\) ?|[- ])[2-9]\d{6,7})(?![\d-]))"
        ),
        _always,
    ),
    "bank card": (re.compile(
        rf"{NO_HEX}(?=(62\d\d(?:{SEP}?\d{{4}}){{3}}(?:{SEP}?\d{{1,3}})?{HEX_OVER}"
        rf"|62\d{{4}}{SEP}\d{{10,13}}{HEX_OVER}"
        rf"|(?:4\d|5[1-5]|60|9[45]|35)\d\d(?:-?\d{{4}}){{3}}(?:-?\d{{1,3}})?{HEX_OVER}))"), _card),
    "pseudonym of a person or employer": (
        re.compile(
            r"\b[A-Z]([-_ ]?)(?:[0-9a-f]{20})\b"
            r"|\b[A-Z]-(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{10,20}\b", re.I,
        ),
        _always,
    ),
}  # fmt: skip
KINDS = (*SHAPES, "secret", *WRITTEN)


def matches(kind: str, text: str) -> Iterator[str]:
    """Yield what of a kind a text holds.

    Examples
    --------
    >>> list(matches("identity number", "id1101 0519 4912 3100 2X"))
    ['1101 0519 4912 3100 2X']
    >>> list(matches("telephone number", "138.0013.8000, 0574-62700000, 1980-1987 545"))
    ['138.0013.8000', '0574-62700000']
    """
    if kind == "secret":
        yield from secrets(text)
        return
    if kind in WRITTEN:
        yield from (found[0] for shape in WRITTEN[kind] for found in shape.finditer(text))
        return
    shape, holds = SHAPES[kind]
    for said, whole in cut_up(kind, text):
        if holds(whole):
            yield said
    for found in shape.finditer(text):
        said = next((part for part in found.groups() if part and len(part) > 1), found[0])
        if holds(said):
            yield said
