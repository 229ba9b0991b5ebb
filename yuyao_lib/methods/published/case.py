"""A published result: what is in print, what we find, and whether the two are the same."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from yuyao_lib.errors import DataError, YuyaoError, sentence
from yuyao_lib.paths import DATA

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Case", "CaseResult", "Found", "Quantity", "cases", "cases_of", "compare_case"]

# name of a quantity -> (estimate, standard error or None)
Found = dict[str, tuple[Any, Any]]
Verdict = Literal["same", "differs", "not run"]
SMALLEST = 1e-12
HALF_UNIT = 1.000001  # a printed digit may lie exactly half-way


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
    name, expected, found
        Its name, the published value to full precision, and ours.
    same
        Whether value, standard error and printed digits agree.
    """

    name: str
    expected: float
    found: float
    same: bool

    @property
    def difference(self) -> float:
        """Ours minus the published one, relative to it."""
        return (self.found - self.expected) / max(abs(self.expected), SMALLEST)


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

    def to_frame(self) -> pd.DataFrame:
        """Return one row a number."""
        import pandas as pd

        names = ["case", "quantity", "expected", "found", "relative_difference", "same"]
        rows = [
            (self.case.id, q.name, q.expected, q.found, q.difference, q.same)
            for q in self.quantities
        ]
        return pd.DataFrame(rows, columns=names)


@cache
def cases() -> dict[str, Case]:
    """Return every published case by its id.

    Examples
    --------
    >>> len(cases()), cases()["U03"].family
    (55, 'union_premium')
    """
    text = (DATA / "published" / "cases.json").read_text(encoding="utf-8")
    return {row["id"]: _case(row) for row in json.loads(text)["cases"]}


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


def _case(row: Mapping[str, Any]) -> Case:
    """Read one case."""
    return Case(
        id=row["id"],
        family=row["family"],
        title=row["title"],
        package=row["package"],
        dataset=row["dataset"],
        sample=row["sample"],
        specification=row["spec"],
        estimator=row["estimator"],
        errors=row["se_type"],
        source=row["source"],
        expected=row["expected"],
        printed=row["published"],
        tolerance=row["tolerance"],
    )


def _quantity(case: Case, name: str, estimate: Any, error: Any) -> Quantity:
    """Compare one number: to full precision, its standard error, and the printed digits."""
    expected, printed = case.expected[name], case.printed.get(name, {})
    value = float(estimate)
    aim = float(expected["estimate"] or 0.0)
    same = _close(value, aim, case.tolerance["estimate_rel"])
    if expected.get("se") is not None:
        aim_error = float(expected["se"] or 0.0)
        same &= error is not None and _close(float(error), aim_error, case.tolerance["se_rel"])
    if printed.get("estimate_matches_printed_digits"):
        shown = float(str(printed["published"]).replace(",", ""))
        same &= _printed_as(value, shown, float(printed["printed_half_unit"]))
    return Quantity(name, aim, value, bool(same))


def _printed_as(value: float, shown: float, half: float) -> bool:
    """Say whether print rounded this value, or cut off its digits, to what it shows."""
    rounded = abs(value - shown) <= half * HALF_UNIT
    return rounded or 0 <= math.copysign(1.0, shown) * (value - shown) < 2 * half


def _close(value: float, aim: float, relative: float | None) -> bool:
    """Say whether two numbers agree to a relative tolerance."""
    return math.isclose(value, aim, rel_tol=relative or 1e-6, abs_tol=SMALLEST)
