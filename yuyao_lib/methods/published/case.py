"""A published result: what is in print, what we find, and whether the two are the same."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from yuyao_lib.errors import DataError, YuyaoError, sentence
from yuyao_lib.sources.printed import read_cases

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Case",
    "CaseResult",
    "Found",
    "Quantity",
    "cases",
    "cases_in",
    "cases_of",
    "compare_case",
]

# name of a quantity -> (estimate, standard error or None)
Found = dict[str, tuple[Any, Any]]
Verdict = Literal["same", "differs", "not run"]
SMALLEST = 1e-12
EXACT = 1e-6  # where a case states no tolerance of its own
HALF_UNIT = 1.000001  # a printed digit may lie exactly half-way
CONSTANTS = ("intercept", "const")
DESCRIBED = (
    "family", "title", "package", "dataset", "sample", "specification", "estimator", "errors",
    "source",
)  # fmt: skip
PRINTED = ("printed", "printed_half_unit", "printed_agrees", "printed_read")
COLUMNS = (
    "case_id", *DESCRIBED, "quantity", "expected", "expected_standard_error", "tolerance",
    "standard_error_tolerance", *PRINTED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One published result.

    Attributes
    ----------
    id, family, title
        Key, family and what it is.
    package, dataset, sample, specification, estimator, errors
        What is estimated how and on what.
    source
        Where it is in print.
    expected
        Name of a quantity -> value and standard error to full precision.
    printed
        Name of a quantity -> what is printed and half its last digit.
    tolerance
        Relative, of estimates and of standard errors.
    """

    id: str
    family: str
    title: str
    package: str
    dataset: str
    sample: str
    specification: str
    estimator: str
    errors: str
    source: str
    expected: Mapping[str, Mapping[str, float | None]]
    printed: Mapping[str, Mapping[str, Any]]
    tolerance: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number of a case.

    Attributes
    ----------
    name
        Its name.
    expected, found
        The published value to full precision, and ours.
    expected_error, found_error
        Standard errors, where the case has them.
    tolerance, error_tolerance
        Relative differences allowed.
    printed
        The digits in print that it was held to; empty where there are none.
    read
        Whether those digits were read in the source, not written down from memory.
    same
        Whether value, standard error and printed digits agree.
    """

    name: str
    expected: float
    found: float
    expected_error: float | None
    found_error: float | None
    tolerance: float
    error_tolerance: float
    printed: str
    read: bool
    same: bool

    @property
    def difference(self) -> float:
        """Ours minus the published one, relative to it."""
        return (self.found - self.expected) / max(abs(self.expected), SMALLEST)

    @property
    def used(self) -> float:
        """The larger part of its tolerance that value and standard error use up."""
        parts = [abs(self.difference) / self.tolerance]
        if self.expected_error and self.found_error is not None:
            off = abs(self.found_error - self.expected_error) / abs(self.expected_error)
            parts.append(off / self.error_tolerance)
        return max(parts)


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A case beside what was found.

    Attributes
    ----------
    case
        The published result.
    quantities
        Its numbers; empty when it could not be run.
    verdict
        ``same``, ``differs`` or ``not run``.
    why
        Why it could not be run, or which numbers differ.
    """

    case: Case
    quantities: tuple[Quantity, ...]
    verdict: Verdict
    why: str = ""

    @property
    def shown(self) -> Quantity | None:
        """The number to show: the worst if the case differs, else the first that is no constant."""
        if self.verdict == "differs" and self.quantities:
            return max(self.quantities, key=lambda q: (not q.same, q.used))
        return self.first

    @property
    def first(self) -> Quantity | None:
        """The first number that is no constant."""
        telling = [q for q in self.quantities if not q.name.lower().endswith(CONSTANTS)]
        return next(iter(telling or self.quantities), None)

    @property
    def used(self) -> float | None:
        """The largest part of its tolerance that any of its numbers uses up."""
        return max((q.used for q in self.quantities), default=None)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a number."""
        import pandas as pd

        names = ["case", "quantity", "expected", "found", "relative_difference", "tolerance"]
        names += ["expected_standard_error", "standard_error", "same"]
        rows = [
            (self.case.id, q.name, q.expected, q.found, q.difference, q.tolerance,
             q.expected_error, q.found_error, q.same)
            for q in self.quantities
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=names)


@cache
def cases() -> dict[str, Case]:
    """Return every published case by its id.

    Examples
    --------
    >>> len(cases()), cases()["U03"].family
    (55, 'union_premium')
    """
    return cases_in(read_cases())


def cases_in(frame: pd.DataFrame) -> dict[str, Case]:
    """Return the cases of a table with one row a number in print.

    Raises
    ------
    DataError
        If a column is missing.
    """
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        what = "the table of published results lacks a column"
        raise DataError(sentence(what, got=missing[0], allowed=list(frame.columns)))
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    by: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by.setdefault(str(row["case_id"]), []).append(row)
    return {key: _case(key, held) for key, held in by.items()}


def cases_of(names: Mapping[str, Any], letters: str) -> dict[str, Callable[[], Found]]:
    """Return the functions of a module that are called after cases, such as ``u03``."""
    return {
        name.upper(): cache(function)
        for name, function in names.items()
        if len(name) == 3 and name[0] in letters and name[1:].isdigit()
    }


def compare_case(case: Case, function: Callable[[], Found] | None) -> CaseResult:
    """Run a case and compare it with print.

    A package that is not installed leaves the case not run; an error of this package is
    a difference, with its sentence.

    Raises
    ------
    DataError
        If the function returns other quantities than the case has.
    """
    if function is None:
        return CaseResult(case, (), "not run", "no function runs it")
    try:
        found = function()
    except ImportError as error:
        return CaseResult(case, (), "not run", f"the package {error.name} is not installed")
    except YuyaoError as error:
        return CaseResult(case, (), "differs", str(error))
    if set(found) != set(case.expected):
        what = f"case {case.id} returns other quantities than it has"
        raise DataError(sentence(what, got=sorted(found), allowed=sorted(case.expected)))
    numbers = tuple(_quantity(case, name, *found[name]) for name in case.expected)
    odd = [q.name for q in numbers if not q.same]
    return CaseResult(case, numbers, "differs" if odd else "same", ", ".join(odd))


def _case(key: str, rows: list[dict[str, Any]]) -> Case:
    """Read one case from its rows."""
    first = rows[0]
    limits = ("tolerance", "standard_error_tolerance")
    return Case(
        id=key,
        **{name: str(first[name]) for name in DESCRIBED},
        expected={
            row["quantity"]: {"estimate": row["expected"], "se": row["expected_standard_error"]}
            for row in rows
        },
        printed={
            row["quantity"]: {name: row[name] for name in PRINTED}
            for row in rows
            if row["printed"] is not None
        },
        tolerance={name: first[name] for name in limits},
    )


def _quantity(case: Case, name: str, estimate: Any, error: Any) -> Quantity:
    """Compare one number: to full precision, its standard error, and the printed digits."""
    expected, printed = case.expected[name], case.printed.get(name, {})
    value = float(estimate)
    aim, limit = float(expected["estimate"] or 0.0), case.tolerance["tolerance"] or EXACT
    aim_error = expected.get("se")
    error_limit = case.tolerance["standard_error_tolerance"] or EXACT
    same = _close(value, aim, limit)
    if aim_error is not None:
        same &= error is not None and _close(float(error), float(aim_error), error_limit)
    if printed.get("printed_agrees"):
        shown = float(str(printed["printed"]).replace(",", ""))
        same &= _printed_as(value, shown, float(printed["printed_half_unit"]))
    found_error = None if error is None else float(error)
    read = bool(printed.get("printed_read"))
    words = str(printed["printed"]) if printed.get("printed_agrees") else ""
    return Quantity(
        name, aim, value, aim_error, found_error, limit, error_limit, words, read, bool(same)
    )


def _printed_as(value: float, shown: float, half: float) -> bool:
    """Say whether print rounded this value, or cut off its digits, to what it shows."""
    rounded = abs(value - shown) <= half * HALF_UNIT
    return rounded or 0 <= math.copysign(1.0, shown) * (value - shown) < 2 * half


def _close(value: float, aim: float, relative: float) -> bool:
    """Say whether two numbers agree to a relative tolerance."""
    return math.isclose(value, aim, rel_tol=relative, abs_tol=SMALLEST)
