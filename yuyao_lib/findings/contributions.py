"""How rows lie on persons and employers, so that the fewest behind a count can be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from yuyao_lib.findings.dominance import carried_by_largest
from yuyao_lib.findings.rules import Rules

__all__ = ["Contributions"]

# The table whose rows a number counts, by its term, or else by the unit of its n. The fewest
# persons and employers are then told from that table alone; of a table that names no
# employer, employers do not matter.
TABLE_OF_TERM = {
    "hardship_exit_share": "aid_cases", "hardship_files": "aid_cases", "aid_amount": "aid_cases",
    "relapse_share": "aid_cases", "hardship_jump": "aid_cases",
    "placement_share": "job_services", "placement_difference": "job_services",
    "payout_ratio": "mutual_aid", "claim_incidence": "mutual_aid", "covered_share": "mutual_aid",
    "adverse_selection_test": "mutual_aid", "participation": "activities",
}  # fmt: skip
TABLE_OF_UNIT = {
    "cases": "disputes",
    "registrations": "job_services",
    "risks": "risks",
    "contract_rounds": "contracts",
    "union_organisations": "unions",
    "union_quarters": "union_quarters",
    "exams": "assessments",
    "contest_entries": "contest_entries",
}


@dataclass(frozen=True, slots=True)
class Contributions:
    """How rows lie on persons and employers, so that fewest can be told from a count.

    Each histogram is for one table: how often a person (an employer) has so many rows.

    Attributes
    ----------
    per_person, per_employer
        Rows a person and rows an employer.
    persons_per_employer
        Persons an employer.
    tables
        Name of each table -> the same of that table alone.

    Examples
    --------
    >>> held = Contributions(per_person=({8: 100},), per_employer=({400: 1, 40: 10},))
    >>> held.persons(80), held.employers(401), held.employers(400)
    (10, 2, 1)
    >>> held.employers(450), held.employers(500)  # 400 and 40 would carry 450, not 500
    (2, 4)
    """

    per_person: tuple[Mapping[int, int], ...] = ()
    per_employer: tuple[Mapping[int, int], ...] = ()
    persons_per_employer: Mapping[int, int] = field(default_factory=dict)
    tables: Mapping[str, Contributions] = field(default_factory=dict, repr=False)

    def of(self, term: str, n_unit: str) -> Contributions:
        """Return those of the table that a number counts rows of; of all where none is known."""
        name = TABLE_OF_TERM.get(term) or TABLE_OF_UNIT.get(n_unit, "")
        return self.tables.get(name, self)

    def persons(self, rows: int) -> int | None:
        """Return the fewest persons that so many rows can be about."""
        return _least(self.per_person, rows)

    def employers(self, rows: int) -> int | None:
        """Return the fewest employers that so many rows can be about."""
        return _least(self.per_employer, rows)

    def employers_of(self, persons: int) -> int | None:
        """Return the fewest employers that so many persons can work for."""
        return _least((self.persons_per_employer,), persons)

    def persons_of(self, employers: int) -> int | None:
        """Return the fewest persons that so many employers can have; None where not known.

        Examples
        --------
        >>> Contributions(persons_per_employer={4: 2, 50: 9}).persons_of(3)
        58
        """
        sizes = sorted(self.persons_per_employer.items())
        if sum(times for _, times in sizes) < employers:
            return None
        found, left = 0, employers
        for size, times in sizes:
            used = min(times, left)
            found, left = found + used * size, left - used
        return found


def _least(tables: Iterable[Mapping[int, int]], rows: int) -> int | None:
    """Take those with most rows first; None where no table has so many rows."""
    found = [n for held in tables if (n := _fewest(held, rows)) is not None]
    return min(found, default=None)


def _fewest(held: Mapping[int, int], rows: int) -> int | None:
    """Return the fewest of one table, no more than could carry the rows; None of too few rows."""
    if sum(size * times for size, times in held.items()) < rows:
        return None
    rules = Rules()
    count, left = 0, rows
    largest: list[int] = []
    for size in sorted(held, reverse=True):
        used = min(held[size], -(-left // size))
        largest += [size] * min(used, max(rules.dominance_n, 2) - len(largest))
        count, left = count + used, left - used * size
        if left <= 0:
            break
    carried = count > rules.dominance_n and carried_by_largest(largest, rows, rules)
    return rules.dominance_n if carried else count
