"""Counts of people as tables show them: of own data, small ones hidden in plain sight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from yuyao_lib.display.backing import cell_backing
from yuyao_lib.display.numbers import count
from yuyao_lib.findings import Backing, Mode, Rules
from yuyao_lib.findings.rules import SECONDARY, declared
from yuyao_lib.findings.suppression import (
    CellCount,
    Grid,
    protect,
    protect_list,
    rounded,
    told_by_totals,
)
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "ALL_HIDDEN",
    "CELLS_HIDDEN",
    "HIDDEN",
    "RARE",
    "ROUNDED",
    "SeenCells",
    "count_list",
    "count_said",
    "count_seen",
    "hidden_note",
    "seen_cells",
    "tells_of_few",
]

HIDDEN = "■"
CELLS_HIDDEN = Text(
    "Cells with a dash hold nobody, or too few to be shown, or would give those away.",
    "标为短横的格无人，或人数过少不予显示，或可推出此类格。",
)
ROUNDED = Text(
    f"Counts are rounded to {Rules().rounding_base} and totals added up anew.",
    f"人数按 {Rules().rounding_base} 取整，合计由取整后的数重新相加。",
)
ALL_HIDDEN = Text(
    "This figure is not shown: each of its cells holds nobody, everybody of its line, or too few.",
    "此图不予显示：各格或无人，或为该行全部的人，或人数过少。",
)


@dataclass(frozen=True, slots=True)
class SeenCells:
    """Which cells of a table of persons may be seen.

    Attributes
    ----------
    counts
        Shape (rows, columns): persons, rounded where that was chosen.
    seen
        Shape (rows, columns): whether.
    hidden
        Name and rule of each cell that is not.
    backing
        Who stands behind each of the others; None for data that are not a researcher's own.
    """

    counts: NDArray[np.float64]
    seen: NDArray[np.bool_]
    hidden: tuple[tuple[str, str], ...] = ()
    backing: tuple[Backing, ...] | None = None


def seen_cells(
    counts: NDArray[np.float64],
    data: Dataset,
    *,
    names: Sequence[str],
    employers: NDArray[np.float64] | None = None,
) -> SeenCells:
    """Hide the cells of a table that break a rule, and those that would restore them.

    Parameters
    ----------
    counts
        Shape (rows, columns): persons, without margins; sums of lines can be known.
    data
        Where they come from.
    names
        Of the cells, row by row.
    employers
        Shape (rows, columns): employers; None: the fewest there can be.
    """
    import numpy as np

    rows, columns = counts.shape
    if data.mode is not Mode.OWN:
        return SeenCells(counts, np.ones((rows, columns), dtype=bool))
    if data.rounds:
        grid = _with_margins(counts, None)
        whole = np.array(rounded(grid), dtype="float64")[:-1, :-1]
        if told_by_totals(grid):
            return SeenCells(whole, whole < 0, tuple((name, SECONDARY) for name in names), ())
        return SeenCells(whole, whole > 0, (), _rounded(names))
    from yuyao_lib.sources.contributions import contributions_of

    held = contributions_of(data)
    firms = (
        np.vectorize(lambda n: held.employers_of(int(n)) or 0, otypes=[float])(counts)
        if employers is None
        else employers
    )
    told = firms if held.per_employer else None
    hidden = protect(_with_margins(counts, told)).why
    places = [(i, j) for i in range(rows) for j in range(columns)]
    seen = np.array([place not in hidden for place in places]).reshape(rows, columns)
    rule_names = {field: rule.name for field, rule in declared().items()} | {SECONDARY: SECONDARY}
    named = dict(zip(places, names, strict=True))
    backing = [
        Backing(what=named[p], persons=int(counts[p]), names_employers=told is not None,
                employers=None if told is None else int(told[p]), persons_counted=True)
        for p in places if p not in hidden
    ]  # fmt: skip
    gone = tuple((named[p], rule_names[hidden[p]]) for p in places if p in hidden)
    return SeenCells(counts, seen, gone, tuple(backing))


def _rounded(names: Sequence[str]) -> tuple[Backing, ...]:
    """Back counts that are rounded."""
    return tuple(Backing(what=name, persons=None, kind="rounded") for name in names)


def _with_margins(counts: NDArray[np.float64], firms: NDArray[np.float64] | None) -> Grid:
    """Return a table of cells with sums of persons, and at least as many employers as a part."""
    import numpy as np

    def framed(inner: NDArray[np.float64], whole: np.ufunc) -> NDArray[np.float64]:
        wide = np.column_stack([inner, whole.reduce(inner, axis=1)])
        return np.vstack([wide, whole.reduce(wide, axis=0)])

    persons = framed(counts, np.add)
    least = None if firms is None else framed(firms, np.maximum)
    return Grid(tuple(
        tuple(CellCount(int(n), None if least is None else int(least[i, j]))
              for j, n in enumerate(row))
        for i, row in enumerate(persons)
    ))  # fmt: skip


def count_list(
    persons: Mapping[str, int],
    data: Dataset,
    *,
    n_unit: str = "persons",
    employers: Mapping[str, int] | None = None,
) -> tuple[dict[str, str], tuple[str, ...], tuple[Backing, ...] | None]:
    """Write counts that add up to a known total.

    Parameters
    ----------
    persons
        Name of each cell -> distinct persons in it.
    data
        Where they come from.
    n_unit
        Vocabulary key of what is counted, where it is not persons.
    employers
        Name of each cell -> employers in it; where not known, the fewest there can be.

    Returns
    -------
    tuple
        Each count as written; names of the hidden ones; what stands behind the others,
        None for data that are not a researcher's own.
    """
    import numpy as np

    names = list(persons)
    if data.mode is not Mode.OWN:
        return {name: count(persons[name]) for name in names}, (), None
    from yuyao_lib.sources.contributions import contributions_of

    if data.rounds:
        line = _with_margins(np.array([[persons[n] for n in names]], dtype="float64"), None)
        if told_by_totals(line):
            return dict.fromkeys(names, HIDDEN), tuple(names), ()
        made = rounded(line)[0]
        return {n: count(v) for n, v in zip(names, made, strict=False)}, (), _rounded(names)
    held = contributions_of(data).of("", n_unit)
    rules, few = Rules(), employers or {}
    least = {n: rules.persons - 1 for n in names if few.get(n, rules.clusters) < rules.clusters}
    places = protect_list([min(persons[n], least.get(n, persons[n])) for n in names])
    hidden = tuple(name for place, name in enumerate(names) if place in places)
    written = {name: HIDDEN if name in hidden else count(persons[name]) for name in names}
    backing = [cell_backing(n, persons[n], held) for n in names if n not in hidden]
    known = [replace(b, employers=few.get(b.what, b.employers)) for b in backing]
    return written, hidden, tuple(known)


def count_said(number: int, data: Dataset) -> str:
    """Write a count that stands beside a table, rounded where counts are."""
    base = Rules().rounding_base
    near = base * ((2 * number + base) // (2 * base))
    return count(near if data.mode is Mode.OWN and data.rounds else number)


def count_seen(number: int | None, data: Dataset) -> str:
    """Write a count that stands by itself; of own data not one of few persons."""
    few = number is not None and 0 < number < Rules().persons
    if number is None or not few or data.mode is not Mode.OWN:
        return count(number)
    return count_said(number, data) if data.rounds else HIDDEN


def tells_of_few(rarest: int | None, data: Dataset) -> bool:
    """Whether the share of own data that have a trait tells of few who have it, or have not."""
    return data.mode is Mode.OWN and rarest is not None and rarest < Rules().persons


RARE = Text(
    "Traits that fewer than {least} persons of a column have, or do not have, are left out.",
    "某列中具有或不具有该特征的不足 {least} 人的特征从略。",
).format(least=Rules().persons)


def hidden_note(number: int) -> list[Text]:
    """Say under a table how many of its counts are hidden; nothing when none is."""
    if not number:
        return []
    return [
        Text(
            f"{HIDDEN}: {number} counts are hidden, so that nobody can be singled out: the"
            " small ones, and others that would give them away.",
            f"{HIDDEN}：隐去 {number} 个人数，以免识别个人：包括过小的数，以及可推出它们的数。",
        )
    ]
