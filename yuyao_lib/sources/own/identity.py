"""Identity numbers and credit codes: checked by their check digits, then replaced.

A number is replaced by the first 80 bits of HMAC-SHA256 under a key that only the
researcher has. A hash without a key could be undone by trying every number there is.
"""

from __future__ import annotations

import hmac
import re
from datetime import date
from typing import Any, Literal

from yuyao_lib.sources.own.numerals import UNREADABLE
from yuyao_lib.sources.own.raw import plain

__all__ = ["birth_year", "is_credit_code", "is_identity", "is_woman", "normalised", "pseudonym"]

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"  # ISO 7064 mod 11-2
CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100, without I, O, S, V, Z
BITS = 80


def is_identity(text: str) -> bool:
    """Say whether an 18-digit identity number has a day of birth and the right check digit.

    Examples
    --------
    >>> is_identity("11010519491231002X"), is_identity("110105194912310021")
    (True, False)
    """
    return bool(re.fullmatch(r"[1-9]\d{16}[\dX]", text)) and (
        _is_day(text[6:14]) and text[17] == _check_digit(text[:17])
    )


def is_credit_code(text: str) -> bool:
    """Say whether an 18-character credit code has the right check character.

    Examples
    --------
    >>> is_credit_code("91350100M000100Y43"), is_credit_code("91350100M000100Y44")
    (True, False)
    """
    if not re.fullmatch(f"[{CREDIT}]{{18}}", text):
        return False
    total = sum(CREDIT.index(c) * pow(3, i, 31) for i, c in enumerate(text[:17]))
    return CREDIT[(31 - total % 31) % 31] == text[17]


def normalised(value: Any, kind: Literal["identity", "credit_code", "code"]) -> Any:
    """Return an id in its one form; unreadable where its digits cannot be right.

    Identity numbers of 15 digits become those of 18; letters are upper case.

    Examples
    --------
    >>> normalised("110105491231002", "identity")
    '11010519491231002X'
    >>> normalised("110105194912310000", "identity")
    unreadable
    """
    text = plain(value).upper().replace(" ", "").lstrip("'").rstrip("\\t")
    if kind == "code":
        return text
    if kind == "credit_code":
        return text if is_credit_code(text) else UNREADABLE
    if re.fullmatch(r"[1-9]\d{14}", text):
        text = f"{text[:6]}19{text[6:]}"
        text += _check_digit(text)
    return text if is_identity(text) else UNREADABLE


def pseudonym(value: str, *, kind: str, key: bytes) -> str:
    """Return what stands for an id: the same for the same id, kind and key.

    Examples
    --------
    >>> pseudonym("11010519491231002X", kind="workers", key=b"k" * 32)
    'W-626c98c89392b9ba9175'
    """
    message = f"{kind}:{value}".encode()
    digest = hmac.digest(key, message, "sha256").hex()
    return f"{kind[:1].upper()}-{digest[: BITS // 4]}"


def birth_year(identity: str) -> int:
    """Return the year of birth of a checked number.

    Examples
    --------
    >>> birth_year("11010519491231002X")
    1949
    """
    return int(identity[6:10])


def is_woman(identity: str) -> bool:
    """Return whether a checked number was given to a woman (its 17th digit is even).

    Examples
    --------
    >>> is_woman("11010519491231002X")
    True
    """
    return int(identity[16]) % 2 == 0


def _check_digit(digits: str) -> str:
    """Return the check digit of the first 17 digits."""
    return CHECKS[sum(int(d) * w for d, w in zip(digits, WEIGHTS, strict=True)) % 11]


def _is_day(text: str) -> bool:
    """Say whether eight digits are a day since 1850 that has come."""
    try:
        day = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return day.year >= 1850 and day <= date.today()
