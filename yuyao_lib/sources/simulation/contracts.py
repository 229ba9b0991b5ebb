"""Collective contracts: the grade-wage contracts that are studied, and ordinary ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.sources.simulation.calendar import Days, first_day
from yuyao_lib.sources.simulation.columns import Coded, Columns, Ids
from yuyao_lib.sources.simulation.parameters import Parameters
from yuyao_lib.sources.simulation.population import NONE, Population
from yuyao_lib.sources.simulation.setting import N_QUARTERS, Setting

__all__ = ["contracts_table"]

KINDS = ("general", "wage", "grade_wage", "new_form", "industry")
GRADES = ("junior", "intermediate", "senior", "technician", "senior_technician")
YEAR = 4  # quarters
Rounds = dict[str, np.ndarray]


def contracts_table(setting: Setting, known: Parameters, population: Population) -> Columns:
    """Return one row a round of every contract; only grade-wage contracts change pay."""
    rng = setting.stream("contracts")
    parts = [_grade_wage(rng, population), *_ordinary(rng, known, population)]
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort((rows["employer"], rows["effective_on"]))
    rows = {name: values[order] for name, values in rows.items()}
    schedule = allowances(known)
    dose = rows["kind"] == KINDS.index("grade_wage")
    return {
        "contract_id": Ids("C", np.arange(len(order)), 5),
        "employer_id": Ids("E", rows["employer"], 5),
        "kind": Coded(rows["kind"], KINDS),
        "round": rows["round"],
        "signed_on": rows["signed_on"],
        "effective_on": rows["effective_on"],
        "expires_on": rows["expires_on"],
        "covered": rows["covered"],
        **{
            f"allowance_{grade}": np.where(dose, amount, np.nan)
            for grade, amount in zip(GRADES, schedule, strict=True)
        },
    }


def allowances(known: Parameters) -> list[float]:
    """Return the allowance of each grade, CNY a month, to the nearest ten.

    Examples
    --------
    >>> from yuyao_lib.sources.simulation.parameters import parameters
    >>> allowances(parameters())
    [100.0, 200.0, 300.0, 410.0, 540.0]
    """
    mean = known["wage_mean_month_2022"]
    return [round(effect * mean, -1) for effect in known.all("true_grade_effect")[1:]]


def _grade_wage(rng: np.random.Generator, population: Population) -> Rounds:
    """Yearly rounds from the first quarter on, each covering every worker of the firm."""
    employers = population.employers
    firm = np.flatnonzero(employers.adoption < NONE)
    start = employers.adoption[firm]
    rounds = 1 + (N_QUARTERS - 1 - start) // YEAR
    return _rounds(
        rng, firm, np.repeat(firm, rounds), start, rounds, employers.jobs, "grade_wage", YEAR
    )


def _rounds(
    rng: np.random.Generator,
    firm: NDArray[np.int64],
    employer: NDArray[np.int64],
    start: NDArray[np.int64],
    rounds: NDArray[np.int64],
    jobs: NDArray[np.int64],
    kind: str,
    length: int,
) -> Rounds:
    """Lay out the rounds of one contract a firm, each `length` quarters long."""
    number = np.arange(len(employer)) - np.repeat(np.cumsum(rounds) - rounds, rounds)
    begins = np.repeat(start, rounds) + length * number
    effective: Days = first_day(begins)
    return {
        "employer": employer,
        "kind": np.full(len(employer), KINDS.index(kind)),
        "round": number + 1,
        "signed_on": effective - rng.integers(10, 41, len(employer)),
        "effective_on": effective,
        "expires_on": first_day(begins + length) - 1,
        "covered": jobs[employer],
    }


def _ordinary(rng: np.random.Generator, known: Parameters, population: Population) -> list[Rounds]:
    """General, wage, new-form and industry contracts."""
    unions, employers = population.unions, population.employers
    kind = unions.kind[employers.union]
    general, wage = known.all("contract_kind_shares")
    new = unions.is_new_form[employers.union]
    chosen = {
        ("general", 3 * YEAR, -8, 8): (kind == 0) & (rng.random(len(kind)) < general),
        ("wage", YEAR, -2, 12): (kind == 0) & (rng.random(len(kind)) < wage),
        ("new_form", YEAR, 14, N_QUARTERS): new & (rng.random(len(kind)) < 0.1),
        ("industry", 2 * YEAR, 0, 12): (kind == 3) & ~new,
    }
    made = []
    for (name, length, low, high), mask in chosen.items():
        firm = np.flatnonzero(mask)
        start = rng.integers(low, high, len(firm))
        rounds = 1 + (N_QUARTERS - 1 - start) // length
        made.append(
            _rounds(rng, firm, np.repeat(firm, rounds), start, rounds, employers.jobs, name, length)
        )
    return made
