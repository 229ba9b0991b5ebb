"""From proposals submitted to adopted to golden ones, and the benefit stated of them.

A count of golden proposals says little without how many were submitted. Benefits are what
the proposers or their employers state; nobody has checked them here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.absence import Absent
from yuyao_lib.methods.proportions import counted, proportion
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Proposals", "proposals"]

TOPIC = "skill_returns"
SHARES = {
    "adopted_share": Text("submitted proposals that were adopted", "所提建议中获采纳的"),
    "golden_share": Text("submitted proposals that became golden ones", "所提建议中成为金点子的"),
    "golden_of_adopted": Text(
        "adopted proposals that became golden ones", "获采纳的建议中成为金点子的"
    ),
}
FEWEST = 20  # proposals with a benefit, so that ten lie on each side of the median
FEW = Text("fewer than {fewest} state a benefit", "写明效益的建议不足 {fewest} 条")


@dataclass(frozen=True, slots=True)
class Proposals:
    """What became of proposals.

    Attributes
    ----------
    estimates
        ``submitted``; ``adopted_share`` where that is recorded; ``golden_share`` and
        ``golden_of_adopted``; ``benefit_median`` and ``benefit_median_golden`` in CNY.
    """

    estimates: tuple[Estimate, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a number."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def proposals(suggestions: pd.DataFrame | None, *, level: float = 0.95) -> Proposals | Absent:
    """Follow proposals from submission to adoption and to golden ones.

    Parameters
    ----------
    suggestions
        ``golden``; with ``adopted``, ``benefit`` (CNY) and ``worker_id`` where the table has
        them. None: absent.
    level
        Coverage of the intervals.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"golden": [True, False, False, False], "adopted": [1, 1, 0, 0]})
    >>> [e.estimate for e in proposals(rows).estimates[:4]]
    [4.0, 50.0, 25.0, 50.0]
    """
    if suggestions is None or "golden" not in suggestions:
        return Absent(("suggestions",))
    golden = suggestions["golden"].fillna(False).astype(bool)
    every = golden.notna()
    made = [_counted(suggestions)]
    if "adopted" in suggestions:
        known = suggestions["adopted"].notna()
        adopted = suggestions["adopted"].fillna(False).astype(bool)
        made.append(_share("adopted_share", adopted, known, suggestions, level))
    made.append(_share("golden_share", golden, every, suggestions, level))
    if "adopted" in suggestions:
        made.append(_share("golden_of_adopted", golden, adopted, suggestions, level))
    if "benefit" in suggestions:
        stated = suggestions["benefit"].notna()
        made.append(_benefit("benefit_median", suggestions, stated,
                             Text("benefit stated, median", "所报效益（中位数）")))  # fmt: skip
        made.append(_benefit("benefit_median_golden", suggestions, stated & golden,
                             Text("benefit stated of golden ones, median",
                                  "金点子所报效益（中位数）")))  # fmt: skip
    return Proposals(tuple(made))


def _people(rows: pd.DataFrame) -> dict[str, Any]:
    """Return how many persons stand behind rows, where that is known."""
    known = int(rows["worker_id"].nunique()) if "worker_id" in rows else None
    return {"persons": known, "term": "proposal_outcome", "n_unit": "suggestions"}


def _counted(rows: pd.DataFrame) -> Estimate:
    """Count the proposals."""
    n = len(rows)
    return counted("submitted", n, unit="suggestions", n=n, **_people(rows),
                   estimand=Text("proposals submitted", "所提建议"))  # fmt: skip


def _share(
    key: str, hit: pd.Series, among: pd.Series, rows: pd.DataFrame, level: float
) -> Estimate:
    """Return a share of proposals."""
    n = int(among.sum())
    return proportion(
        key, int((hit & among).sum()), n, estimand=SHARES[key], level=level, **_people(rows[among])
    )


def _benefit(key: str, rows: pd.DataFrame, kept: pd.Series, what: Text) -> Estimate:
    """Return the median of what was stated."""
    held = rows[kept]
    value = float(held["benefit"].median()) if len(held) >= FEWEST else None
    e = counted(key, value, unit="cny", n=len(held), estimand=what, **_people(held))
    return e if value is not None else replace(e, undefined=FEW.format(fewest=FEWEST))
