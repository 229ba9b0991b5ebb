"""Values with a form of their own: quarters, ids of simulated data, identity numbers."""

from __future__ import annotations

import re

from yuyao_lib.errors import DataError, sentence

__all__ = ["SIMULATED_PREFIX", "is_identity_like", "quarter_index", "quarter_name"]

SIMULATED_PREFIX = "SIM-"
QUARTER = re.compile(r"([0-9]{4})Q([1-4])")
IDENTITY = re.compile(r"[0-9]{15}|[0-9]{17}[0-9Xx]|[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-Z]{10}")


def quarter_index(quarter: str) -> int:
    """Count quarters since year 0, so that differences are event times.

    Raises
    ------
    DataError
        If the text is not a quarter such as ``2022Q3``.

    Examples
    --------
    >>> quarter_index("2022Q1") - quarter_index("2021Q3")
    2
    """
    found = QUARTER.fullmatch(str(quarter))
    if found is None:
        raise DataError(sentence("not a quarter", got=quarter, allowed="text such as 2022Q3"))
    return int(found[1]) * 4 + int(found[2]) - 1


def quarter_name(index: int) -> str:
    """Return the name of the quarter with this count.

    Examples
    --------
    >>> quarter_name(quarter_index("2022Q4") + 1)
    '2023Q1'
    """
    return f"{index // 4}Q{index % 4 + 1}"


def is_identity_like(value: object) -> bool:
    """Say whether a value has the shape of an identity number or credit code.

    Examples
    --------
    >>> is_identity_like("E0001"), is_identity_like("1" * 18)
    (False, True)
    """
    return IDENTITY.fullmatch(str(value).strip()) is not None
