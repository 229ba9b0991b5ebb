"""How often each simulated page's intervals held what was set, over many registers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yuyao_lib.methods.proportions import clopper_pearson
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CountedLine", "CountedTrials", "counted_trials"]

POOLED = {"quarters": Text("all quarters", "各季度合计"), "cohorts": Text("every start", "各批次")}
OTHERS = ("group_time_", "two_way_", "route_")  # what the contract page shows beside its answer


@dataclass(frozen=True, slots=True)
class CountedLine:
    """One answer of a page over registers drawn anew.

    Attributes
    ----------
    page, answer, register
        Report, answer and kind of register: a share of the full one, or so many firms.
    draws, covered
        Intervals on registers with effects, and how many held what was set.
    null_draws, rejected
        Intervals on registers without effects, and how many left out no effect.
    single
        Whether there is one such answer in a draw, so that the draws are independent.
    """

    page: str
    answer: str
    register: str
    draws: int
    covered: int
    null_draws: int
    rejected: int
    single: bool = True

    def coverage(self) -> tuple[float, float] | None:
        """Return the exact interval of the share covered; None where nothing was drawn."""
        return clopper_pearson(self.covered, self.draws) if self.draws and self.single else None

    def size(self) -> tuple[float, float] | None:
        """Return the exact interval of the share rejected; None where nothing was drawn."""
        if not self.null_draws or not self.single:
            return None
        return clopper_pearson(self.rejected, self.null_draws)


@dataclass(frozen=True, slots=True)
class CountedTrials:
    """Every answer that was counted."""

    lines: tuple[CountedLine, ...]

    @property
    def told(self) -> CountedTrials:
        """Those that a page tells first: not the other intervals and estimators beside them."""
        others = tuple(f"contract {name}" for name in OTHERS)
        return CountedTrials(tuple(x for x in self.lines if not x.answer.startswith(others)))

    @property
    def beside(self) -> int:
        """How many shares have an exact interval that leaves out the nominal share."""
        return sum(not low <= nominal <= high for (low, high), nominal in self._intervals)

    @property
    def shares(self) -> int:
        """How many shares have an exact interval."""
        return len(self._intervals)

    @property
    def _intervals(self) -> list[tuple[tuple[float, float], float]]:
        """Every exact interval of a share, with the nominal share."""
        pairs = [(found, share) for line in self.lines
                 for found, share in ((line.coverage(), 0.95), (line.size(), 0.05))]  # fmt: skip
        return [(found, share) for found, share in pairs if found is not None]

    def to_frame(self) -> pd.DataFrame:
        """Return one row an answer and kind of register."""
        import pandas as pd

        names = ("page", "answer", "register", "draws", "covered", "null_draws", "rejected")
        return pd.DataFrame([{n: getattr(line, n) for n in names} for line in self.lines])

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def counted_trials(counts: pd.DataFrame) -> CountedTrials:
    """Lay what was counted with effects beside what was counted without.

    Parameters
    ----------
    counts
        Table ``counts`` of ``yuyao.open("trials")``.

    Notes
    -----
    Answers of which a draw has several, as the quarters around a contract, are added up and
    have no interval: those of one draw share its luck.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> found = counted_trials(yuyao.open("trials").frame("counts"))
    >>> found.shares > found.beside
    True
    """
    kinds = counts["answer"].str.partition(" ")[0]
    pooled = kinds.isin(list(POOLED))
    answers = counts["answer"].mask(pooled, kinds)
    keys = [counts["page"].rename("page"), answers.rename("answer"), counts["register"]]
    sums = counts.assign(
        with_effects=counts["draws"].where(~counts["null"], 0),
        covered=counts["covered"].where(~counts["null"], 0),
        null_draws=counts["draws"].where(counts["null"] & counts["rejected"].notna(), 0),
        rejected=counts["rejected"].where(counts["null"], 0).fillna(0),
    )
    names = ["with_effects", "covered", "null_draws", "rejected"]
    rows = sums.groupby(keys, sort=True)[names].sum().astype("int64").reset_index()
    return CountedTrials(tuple(_line(row) for row in rows.to_dict("records")))


def _line(row: dict[Any, Any]) -> CountedLine:
    """Return one line of the table of counts."""
    return CountedLine(
        page=str(row["page"]),
        answer=str(row["answer"]),
        register=str(row["register"]),
        draws=int(row["with_effects"]),
        covered=int(row["covered"]),
        null_draws=int(row["null_draws"]),
        rejected=int(row["rejected"]),
        single=row["answer"] not in POOLED,
    )
