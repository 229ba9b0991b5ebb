"""Published results on unions, training, strikes and policies, through our public functions.

Lives here: for each case a function that makes its numbers the way any user would, and
what packages that disagree say beside a second route. Does not live here: an estimator.
`results` runs the cases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yuyao_lib.errors import InputError, RunError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.published.case import (
    Case,
    CaseResult,
    Found,
    cases,
    cases_in,
    compare_case,
)
from yuyao_lib.methods.published.disagreements import (
    Disagreements,
    disagreements,
    exact_quantile,
    exact_ties,
)
from yuyao_lib.methods.published.premia import PublishedPremia, premia_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Case",
    "CaseResult",
    "Disagreements",
    "PublishedPremia",
    "PublishedResults",
    "cases",
    "disagreements",
    "exact_quantile",
    "exact_ties",
    "families",
    "results",
]

TOPIC = "published"
NO_TABLE = "no printed table used"
VERDICTS = {"agreeing": "same", "differing": "differs", "not_run": "not run"}


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

    @property
    def numbers(self) -> int:
        """How many numbers were compared."""
        return sum(len(row.quantities) for row in self.rows)

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """How many cases agree, differ and were not run, and how many numbers they hold."""
        counts = {key: self.count(verdict) for key, verdict in VERDICTS.items()}
        counts["numbers"] = self.numbers
        return tuple(_estimate(key, count, len(self.rows)) for key, count in counts.items())

    @property
    def in_print(self) -> int:
        """How many of the numbers were also held to digits read in the source."""
        return sum(bool(q.printed and q.read) for row in self.rows for q in row.quantities)

    @property
    def from_memory(self) -> int:
        """How many were held to digits in print that were written down from memory."""
        return sum(bool(q.printed and not q.read) for row in self.rows for q in row.quantities)

    @property
    def sources(self) -> Sources:
        """Where each case is in print, and what it is made from."""
        return Sources(tuple(row.case for row in self.rows))

    @property
    def used(self) -> float | None:
        """The largest part of its tolerance that any number uses up; None if none was run."""
        return max((row.used for row in self.rows if row.used is not None), default=None)

    @property
    def missing(self) -> tuple[str, ...]:
        """Why cases were not run, each reason once."""
        return tuple(dict.fromkeys(row.why for row in self.rows if row.verdict == "not run"))

    def premia(self, *, level: float = 0.95) -> PublishedPremia:
        """Return the union premia among the cases, with their intervals."""
        return premia_of(self.rows, level=level)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a number."""
        import pandas as pd

        return pd.concat([row.to_frame() for row in self.rows], ignore_index=True)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)

    def raise_if_any_differs(self) -> None:
        """Stop when a case differs from print.

        Raises
        ------
        RunError
            Naming the cases and their numbers.
        """
        odd = [f"{row.case.id} ({row.why})" for row in self.rows if row.verdict == "differs"]
        if odd:
            verb = "result is" if len(odd) == 1 else "results are"
            raise RunError(f"{len(odd)} published {verb} not reproduced: {'; '.join(odd)}.")


@dataclass(frozen=True, slots=True)
class Sources:
    """Where cases are in print.

    Attributes
    ----------
    cases
        The cases.
    """

    cases: tuple[Case, ...]

    @property
    def unprinted(self) -> tuple[Case, ...]:
        """Cases without a printed table, which rest on independent packages alone."""
        return tuple(c for c in self.cases if not c.source or c.source == NO_TABLE)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a case."""
        import pandas as pd

        rows = [(c.id, c.source, c.package, c.dataset, c.estimator, c.errors) for c in self.cases]
        names = ["case", "source", "package", "dataset", "estimator", "errors"]
        return pd.DataFrame(rows, columns=names)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def families() -> list[str]:
    """Return the families of the cases, in the order of the file."""
    return list(dict.fromkeys(case.family for case in cases().values()))


def results(frame: pd.DataFrame | None = None, *, chosen: Sequence[str] = ()) -> PublishedResults:
    """Run cases and compare each with print.

    Parameters
    ----------
    frame
        One row a number in print, as the table ``cases`` of ``yuyao.open("published")``;
        that table when None. A case that no function runs is counted as not run.
    chosen
        Families; every one when empty.

    Raises
    ------
    InputError
        If a family is unknown.
    DataError
        If the table lacks a column.

    Examples
    --------
    >>> found = results(chosen=["mincer"])
    >>> len(found.rows), found.count("differs")
    (6, 0)
    """
    held = cases() if frame is None else cases_in(frame)
    known = list(dict.fromkeys(case.family for case in held.values()))
    for family in chosen:
        if family not in known:
            raise InputError(sentence("unknown family of results", got=family, allowed=known))
    wanted = [case for case in held.values() if not chosen or case.family in chosen]
    return PublishedResults(tuple(compare_case(case, _function(case)) for case in wanted))


def _function(case: Case) -> Callable[[], Found] | None:
    """Return what runs a case, None where nothing does."""
    from yuyao_lib.methods.published import policies, strikes, structure, training, wages

    homes = {
        "union_premium": wages, "mincer": wages, "distribution": structure,
        "decomposition": structure, "did": policies, "training": training, "strikes": strikes,
    }  # fmt: skip
    home = homes.get(case.family)
    return None if home is None else home.CASES.get(case.id)


def _estimate(key: str, count: int, n: int) -> Estimate:
    """Describe the comparison by one count."""
    return Estimate(
        key=key, term=f"published_{key}", method="comparison_with_print",
        unit="published_numbers" if key == "numbers" else "published_results",
        design=Design.DESCRIPTION, estimate=count, n=n, n_unit="published_results",
        caveat=CAVEAT,
    )  # fmt: skip


CAVEAT = Text(
    "That a number comes out again says that it was computed as stated, not that it is right"
    " about the world.",
    "数字可以重现，只说明它是按所述方法算出的，不说明它对现实的判断正确。",
)
