"""Published results on unions, training, strikes and policies, through our public functions.

Lives here: for each case a function that makes its numbers the way any user would. Does
not live here: an estimator. `results` runs them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from yuyao_lib.errors import RunError
from yuyao_lib.methods.published.case import Case, CaseResult, cases, compare_case

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Case", "CaseResult", "PublishedResults", "cases", "families", "results"]

TOPIC = "published"
# family of cases -> module that runs them
MODULES = {
    "union_premium": "wages",
    "mincer": "wages",
    "distribution": "structure",
    "decomposition": "structure",
    "did": "policies",
    "training": "training",
    "strikes": "strikes",
}


@dataclass(frozen=True, slots=True)
class PublishedResults:
    """Every case that was run.

    Attributes
    ----------
    rows
        One a case, in the order of the file.
    """

    rows: tuple[CaseResult, ...]

    def count(self, verdict: str) -> int:
        """Return how many cases have this verdict."""
        return sum(row.verdict == verdict for row in self.rows)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a number."""
        import pandas as pd

        return pd.concat([row.to_frame() for row in self.rows], ignore_index=True)

    def raise_if_any_differs(self) -> None:
        """Stop when a case differs from print.

        Raises
        ------
        RunError
            Naming the cases and their numbers.
        """
        odd = [f"{row.case.id} ({row.why})" for row in self.rows if row.verdict == "differs"]
        if odd:
            raise RunError(f"{len(odd)} published results are not reproduced: {'; '.join(odd)}.")


def families() -> list[str]:
    """Return the families of the cases, in the order of the file."""
    return list(dict.fromkeys(case.family for case in cases().values()))


def results(chosen: Sequence[str] = ()) -> PublishedResults:
    """Run cases and compare each with print.

    Parameters
    ----------
    chosen
        Families; every one when empty.

    Examples
    --------
    >>> found = results(["mincer"])
    >>> len(found.rows), found.count("differs")
    (6, 0)
    """
    wanted = [case for case in cases().values() if not chosen or case.family in chosen]
    return PublishedResults(tuple(compare_case(case, _function(case)) for case in wanted))


def _function(case: Case):  # type: ignore[no-untyped-def]
    """Return what runs a case."""
    if case.family not in MODULES:
        return None
    return import_module(f"{__name__}.{MODULES[case.family]}").CASES.get(case.id)
