"""Star ratings of unions: the shape of the ladder, and who moves on it.

A ladder that few climb has fewer unions on each rung. More unions on the top rung than on
the one below it (a J) is what self-scored criteria, or never taking a star away, bring.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.absence import Absent, absent
from yuyao_lib.methods.proportions import counted, proportion
from yuyao_lib.schema import quarter_index
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RUNGS", "StarLadder", "StarMoves", "ladder_of", "star_ladder", "star_moves"]

RUNGS = (3, 4, 5)
LEVELS = (0, *RUNGS)


@dataclass(frozen=True, slots=True)
class StarLadder:
    """How many unions stand on each rung.

    Attributes
    ----------
    counts
        Stars to unions, for 3, 4 and 5.
    unions
        All unions, rated or not.
    estimates
        ``rated`` (percent of unions), ``five_of_rated``, ``five_of_top_two`` (percent;
        above 50 the ladder is a J).
    """

    counts: dict[int, int]
    unions: int
    estimates: tuple[Estimate, ...]

    @property
    def is_j(self) -> bool:
        """Whether more unions stand on the top rung than on the one below."""
        return self.counts[5] > self.counts[4]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a rung."""
        import pandas as pd

        rows = [(f"{k}", v) for k, v in self.counts.items()]
        return pd.DataFrame(rows, columns=["stars", "union_organisations"])

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def ladder_of(counts: Mapping[int, int], *, unions: int) -> StarLadder:
    """Describe a ladder from counted unions.

    Parameters
    ----------
    counts
        Stars (3, 4, 5) to unions.
    unions
        All unions.

    Raises
    ------
    InputError
        If more are rated than there are.

    Examples
    --------
    >>> found = ladder_of({3: 205, 4: 148, 5: 204}, unions=2637)
    >>> found.is_j, round(found.estimates[0].estimate, 1)
    (True, 21.1)
    """
    held = {rung: int(counts.get(rung, 0)) for rung in RUNGS}
    rated = sum(held.values())
    if rated > unions:
        raise InputError(sentence("rated unions", got=rated, allowed=f"up to {unions}"))
    shared: dict[str, Any] = {"n_unit": "union_organisations", "term": "star_share"}
    estimates = (
        counted("rated", 100 * rated / unions if unions else None, unit="percent", n=unions,
                estimand=Text("unions with a star rating", "有星级的工会"), **shared),
        counted("five_of_rated", 100 * held[5] / rated if rated else None, unit="percent",
                n=rated, estimand=Text("rated unions with five stars", "有星级工会中的五星"),
                **shared),
        proportion("five_of_top_two", held[5], held[4] + held[5],
                   estimand=Text("five stars among those with four or five",
                                 "四星与五星工会中的五星"), **shared),
    )  # fmt: skip
    return StarLadder(held, unions, estimates)


def star_ladder(unions: pd.DataFrame | None) -> StarLadder | Absent:
    """Describe the ladder of a table of unions.

    Parameters
    ----------
    unions
        ``union_id`` and ``star`` (0 where not rated). None: absent.
    """
    off = absent(unions=unions)
    if off is not None or unions is None:
        return off or Absent(("unions",))
    counts = unions["star"].value_counts()
    return ladder_of({int(k): int(v) for k, v in counts.items() if k in RUNGS}, unions=len(unions))


@dataclass(frozen=True, slots=True)
class StarMoves:
    """Where unions stand a year later.

    Attributes
    ----------
    counts
        Stars now (rows) by stars a year later (columns), union-years.
    years
        The quarters compared, each with the one a year before.
    estimates
        ``first_rated``, ``upgraded``, ``kept``, ``downgraded``: percent of union-years.
    """

    counts: pd.DataFrame = field(repr=False)
    years: tuple[str, ...]
    estimates: tuple[Estimate, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return the matrix."""
        return self.counts.rename_axis("stars_now").reset_index()

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def star_moves(union_quarters: pd.DataFrame | None, *, level: float = 0.95) -> StarMoves | Absent:
    """Compare each union's stars with those it has a year later.

    Years do not overlap: they are counted back from the last quarter. Only unions that
    stand at both ends are compared.

    Parameters
    ----------
    union_quarters
        ``union_id``, ``quarter``, ``star`` at its end. None: absent.
    level
        Coverage of the intervals.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"union_id": ["a", "b"] * 2, "quarter": ["2020Q1"] * 2
    ...     + ["2021Q1"] * 2, "star": [0, 3, 3, 4]})
    >>> [e.estimate for e in star_moves(rows).estimates]
    [100.0, 100.0, 0.0, 0.0]
    """
    off = absent(**{"union_quarters.star": union_quarters})
    if off is not None or union_quarters is None:
        return off or Absent(("union_quarters",))
    import pandas as pd

    names = union_quarters["quarter"].astype(str)
    t = names.map({name: quarter_index(name) for name in names.unique()}).astype("int64")
    marks = list(range(int(t.max()), int(t.min()) - 1, -4))[::-1]
    star = union_quarters["star"].astype("int64")
    rows = pd.DataFrame({"union": union_quarters["union_id"], "t": t, "star": star, "name": names})
    rows = rows[rows["t"].isin(marks)]
    later = rows.assign(t=rows["t"] - 4)[["union", "t", "star"]]
    pairs = rows.merge(later, on=["union", "t"], suffixes=("", "_later"), validate="1:1")
    counts = pd.crosstab(pairs["star"], pairs["star_later"])
    counts = counts.reindex(index=list(LEVELS), columns=list(LEVELS), fill_value=0)
    ends = tuple(sorted(rows["name"].unique(), key=quarter_index)[1:])
    return StarMoves(counts, ends, _moves(counts, level))


def _moves(counts: pd.DataFrame, level: float) -> tuple[Estimate, ...]:
    """Tell how often unions are first rated, rise, stay and fall."""
    n = counts.to_numpy()
    places = range(len(LEVELS))
    up = int(sum(n[i, j] for i in places for j in places if 0 < i < j))
    down = int(sum(n[i, j] for i in places for j in places if j < i))
    below_top, rated = int(n[1:-1].sum()), int(n[1:].sum())
    kept = int(sum(n[i, i] for i in places if i))
    shared: dict[str, Any] = {"term": "star_move", "n_unit": "union_years", "level": level}
    return (
        proportion("first_rated", int(n[0, 1:].sum()), int(n[0].sum()),
                   estimand=Text("unions without a star that have one a year later",
                                 "未评星工会一年后获评"), **shared),
        proportion("upgraded", up, below_top,
                   estimand=Text("unions with three or four stars that have more a year later",
                                 "三、四星工会一年后升星"), **shared),
        proportion("kept", kept, rated,
                   estimand=Text("rated unions with the same stars a year later",
                                 "有星工会一年后星级不变"), **shared),
        proportion("downgraded", down, rated,
                   estimand=Text("rated unions with fewer stars, or none, a year later",
                                 "有星工会一年后降星或失星"), **shared),
    )  # fmt: skip
