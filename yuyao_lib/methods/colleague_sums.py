"""Changes less those of colleagues, added up by employer: what a study needs of pay and jobs.

Lives here: who is whose colleague, and sums by employer and quarter since the event. Does not
live here: estimates and errors.
"""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from yuyao_lib.methods.adoption import Floats
    from yuyao_lib.sources.pay_spells import PaySpells

__all__ = ["BANDS", "Colleagues", "add_up", "less_colleagues"]

BANDS = (4, 12, 40)  # quarters with the employer: one, three and ten years
GRADES = 16  # more than there are, the unknown one among them


@dataclass(frozen=True, slots=True)
class Colleagues:
    """Pay, the column of each row's first event, and what parts colleagues of like years.

    Attributes
    ----------
    spells
        Pay of n workers with their employers over T quarters.
    first
        Shape (n,): column of the worker's first event, ``inf`` for none.
    bands
        Quarters with the employer at which another group begins.
    by_grade
        Whether colleagues are of one skill grade too.
    """

    spells: PaySpells
    first: Floats
    bands: Floats
    by_grade: bool = False

    def cells(self, there: Floats, base: int) -> Floats:
        """Number the employer, years with it, and grade if asked, of each row at a quarter."""
        years = base - self.spells.start[there]
        width = len(self.bands) + 2
        band = np.where(np.isnan(years), width - 1, np.digitize(np.nan_to_num(years), self.bands))
        if not len(self.bands):
            band = np.zeros_like(band)
        cell = self.spells.employer[there].astype(np.int64) * width + band
        if self.by_grade:
            cell = cell * GRADES + self.spells.grade[there, base] + 1
        return np.asarray(cell)

    def at_risk(self, base: int, event: int) -> tuple[Floats, Floats, Floats]:
        """Return rows paid at a base quarter in groups with an event, who has it, and groups."""
        employer = self.spells.employer
        treated = np.flatnonzero(self.first == event)
        treated = treated[np.isfinite(self.spells.log_pay[treated, base])]
        some = np.zeros(int(employer.max()) + 1 if len(employer) else 0, dtype=bool)
        some[employer[treated]] = True
        there = np.flatnonzero(some[employer] & (self.first >= event))
        there = there[np.isfinite(self.spells.log_pay[there, base])]
        hit, cell = self.first[there] == event, self.cells(there, base)
        kept = (np.bincount(cell, weights=hit) > 0)[cell] if hit.any() else hit
        return there[kept], hit[kept], cell[kept]


def add_up(
    groups: Colleagues, times: Sequence[int], reference: int
) -> tuple[Floats, Floats, int, int]:
    """Add up differences from colleagues by employer and quarter since the event.

    Parameters
    ----------
    groups
        Pay and events.
    times
        Quarters since the event.
    reference
        Quarter since the event that they are held against, below zero.

    Returns
    -------
    tuple
        Sums and counts, shape (employers, k); persons with a comparison after the event,
        and persons without one.
    """
    spells = groups.spells
    n_employers = int(spells.employer.max()) + 1 if len(spells.employer) else 0
    sums, weights = (np.zeros((n_employers, len(times))) for _ in range(2))
    used = alone = 0
    for base in range(spells.n_quarters + reference):
        there, hit, cell = groups.at_risk(base, base - reference)
        if not len(there):
            continue
        compared = np.zeros(len(there), dtype=bool)
        for place, k in enumerate(times):
            gap, own = _gaps(groups, (there, hit, cell), base, base - reference, k)
            who = spells.employer[there[own]]
            sums[:, place] += np.bincount(who, weights=gap, minlength=n_employers)
            weights[:, place] += np.bincount(who, minlength=n_employers)
            compared[own] |= k >= 1
        used += int(compared.sum())
        alone += int(hit.sum()) - int(compared.sum())
    return sums, weights, used, alone


def _gaps(
    groups: Colleagues, rows: tuple[Floats, Floats, Floats], base: int, event: int, k: int
) -> tuple[Floats, Floats]:
    """Return each treated row's change less that of its group's controls, and which rows.

    Controls have no event up to the quarter that is compared, nor in the event's own.
    """
    there, hit, cell = rows
    pay, column = groups.spells.log_pay, event + k
    if not 0 <= column < groups.spells.n_quarters:
        return np.zeros(0), np.zeros(0, dtype=np.int64)
    change = pay[there, column] - pay[there, base]
    free = groups.first[there] > max(column, event)
    gap, own, _ = less_colleagues(change, hit, free, cell)
    return gap, own


def less_colleagues(
    values: Floats, hit: Floats, free: Floats, cell: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return each treated row's value less the mean of its group's controls.

    Parameters
    ----------
    values
        Shape (n,); NaN where it is not known.
    hit, free
        Shape (n,): who is treated, and who may be a control.
    cell
        Shape (n,): number of each row's group.

    Returns
    -------
    tuple
        Differences, the rows they are of, and the controls' means.

    Examples
    --------
    >>> import numpy as np
    >>> values, hit = np.array([3.0, 1.0, 2.0]), np.array([True, False, False])
    >>> less_colleagues(values, hit, ~hit, np.zeros(3, int))[0].tolist()
    [1.5]
    """
    seen = np.isfinite(values)
    kept = seen & free
    size = int(cell.max()) + 1 if len(cell) else 0
    count = np.bincount(cell[kept], minlength=size)
    total = np.bincount(cell[kept], weights=values[kept], minlength=size)
    own = np.flatnonzero(seen & hit & (count[cell] > 0)) if len(cell) else np.zeros(0, int)
    means = total[cell[own]] / count[cell[own]]
    return values[own] - means, own, means
