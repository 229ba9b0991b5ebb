"""Relief tables: hardship files, mutual medical aid, job services."""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.sources.simulation.allocation import allocate, allocate_money
from yuyao_lib.sources.simulation.calendar import LAST_DAY, days, first_day
from yuyao_lib.sources.simulation.careers import Careers
from yuyao_lib.sources.simulation.columns import Coded, Columns, Ids
from yuyao_lib.sources.simulation.parameters import Parameters
from yuyao_lib.sources.simulation.setting import N_QUARTERS, Effects, Setting
from yuyao_lib.sources.simulation.skills import last_quarter

__all__ = ["Risk", "aid_table", "job_services_table", "mutual_aid_table"]

CATEGORIES = ("deep", "relative", "accident")
SECOND_QUARTERS = (5, 9, 13, 17, 21)  # 2019Q2 to 2023Q2: who is enrolled for the year
FIRST_YEAR = 2019
KEEPS_ENROLMENT = 0.7
SMALLEST_CLAIM = 100.0  # CNY
NAT = np.datetime64("NaT")


@dataclass(frozen=True, slots=True)
class Risk:
    """Mean health risk, in sd, of the enrolled and of the others in the register."""

    enrolled: float
    others: float


def aid_table(setting: Setting, known: Parameters, effects: Effects) -> Columns:
    """Return hardship files, drawn one after another until the printed exits are reached.

    The chance to leave within twelve months rises smoothly with income less rigid
    spending, and jumps at one and at two times the living standard.
    """
    rng = setting.stream("hardship")
    exits = setting.scaled(356)
    n = 12 * exits + 200
    standard = known["living_standard_month"]
    spending = np.round(500 * np.exp(0.5 * rng.standard_normal(n)), 0)
    income = np.round(spending + standard * 3 * rng.random(n), 0)
    left = rng.random(n) < exit_chance((income - spending) / standard, known, effects)
    last = int(np.searchsorted(np.cumsum(left), exits)) + 1
    spending, income, left = spending[:last], income[:last], left[:last]
    opened_on = days(rng, "2018-07-01", "2022-06-28", last)
    ratio = (income - spending) / standard
    category = np.select([ratio < 1, ratio < 2], [0, 1], 2)
    amount = np.array([9000.0, 5000.0, 4000.0])[category] * rng.uniform(0.5, 1.5, last)
    return {
        "case_id": Ids("A", np.arange(last), 5),
        "household_id": Ids("HH", rng.permutation(last), 5),
        "category": Coded(category, CATEGORIES),
        "opened_on": opened_on,
        "exited_on": np.where(left, opened_on + rng.integers(30, 365, last), NAT),
        "income_pc": income,
        "spending_pc": spending,
        "amount": np.round(amount, -1),
    }


def exit_chance(ratio: NDArray, known: Parameters, effects: Effects) -> NDArray[np.float64]:
    """Return the chance to leave hardship within twelve months, by income in standards."""
    level, slope = known.all("hardship_exit")
    jumps = effects.hardship_first * (ratio >= 1) + effects.hardship_second * (ratio >= 2)
    return np.clip(level + slope * ratio + jumps, 0.0, 1.0)


def mutual_aid_table(
    setting: Setting, known: Parameters, effects: Effects, careers: Careers
) -> tuple[Columns, Risk]:
    """Return one row an enrolment, and the health risk of those in and out."""
    rng = setting.stream("mutual_aid")
    risk = rng.standard_normal(len(careers.workers.ability))
    worker, year, in_risk, out_risk = _enrol(rng, setting, effects, careers, risk)
    ill = _claimants(rng, known["claim_risk"] * risk[worker], worker, setting.scaled(5462))
    claim = np.zeros(len(worker))
    weight = np.exp(0.9 * rng.standard_normal(len(ill)))
    claim[ill] = allocate_money(
        14_380_000 * setting.scale, weight, lower_cny=np.full(len(ill), SMALLEST_CLAIM)
    )
    cost = np.where(claim > 0, np.round(claim / rng.uniform(0.15, 0.4, len(claim)), 2), 0.0)
    columns: Columns = {
        "worker_id": Ids("W", worker),
        "year": year,
        "contribution": np.full(len(worker), known["mutual_aid_contribution"]),
        "out_of_pocket": cost,
        "claim": claim,
    }
    return columns, Risk(in_risk, out_risk)


def _enrol(
    rng: np.random.Generator,
    setting: Setting,
    effects: Effects,
    careers: Careers,
    risk: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], float, float]:
    """Enrol the same number of the most willing in every year; the ill are more willing."""
    counts = allocate(setting.scaled(620_000), np.ones(len(SECOND_QUARTERS)))
    lasting = rng.logistic(size=len(risk))
    workers, years, sums = [], [], np.zeros(4)
    for place, t in enumerate(SECOND_QUARTERS):
        there = careers.worker[t]
        keeps = rng.random(len(there)) < KEEPS_ENROLMENT
        taste = np.where(keeps, lasting[there], rng.logistic(size=len(there)))
        key = effects.adverse_selection * risk[there] + taste
        chosen = np.zeros(len(there), dtype=bool)
        chosen[np.argpartition(-key, counts[place])[: counts[place]]] = True
        workers.append(np.sort(there[chosen]).astype(np.int64))
        years.append(np.full(counts[place], FIRST_YEAR + place))
        sums += [
            risk[there[chosen]].sum(),
            chosen.sum(),
            risk[there[~chosen]].sum(),
            (~chosen).sum(),
        ]
    return np.concatenate(workers), np.concatenate(years), sums[0] / sums[1], sums[2] / sums[3]


def _claimants(
    rng: np.random.Generator, log_odds: NDArray, worker: NDArray[np.int64], n: int
) -> NDArray[np.int64]:
    """Choose enrolments with a claim until `n` different people have one."""
    order = np.argsort(-(log_odds + rng.gumbel(size=len(worker))), kind="stable")[: 2 * n]
    _, first = np.unique(worker[order], return_index=True)
    return order[: np.sort(first)[n - 1] + 1]


def job_services_table(setting: Setting, known: Parameters, careers: Careers) -> Columns:
    """Return registrations of people who have left; courses change nothing here."""
    rng = setting.stream("job_services")
    trained_n, hired_n = setting.scaled(215_000), setting.scaled(9500)
    share = known["untrained_registrations"]
    n = trained_n + round(trained_n * share / (1 - share))
    last = last_quarter(careers)
    gone = np.flatnonzero((last >= 1) & (last < N_QUARTERS - 2))
    worker = rng.choice(gone, n)
    registered = first_day(last[worker] + 1) + rng.integers(0, 120, n)
    trained = np.zeros(n, dtype=bool)
    trained[rng.permutation(n)[:trained_n]] = True
    wait = np.minimum(1 + np.round(rng.gamma(1.5, 60.0, n)).astype(np.int64), 365)
    settled = np.flatnonzero(registered + wait <= LAST_DAY)
    hired = np.zeros(n, dtype=bool)
    hired[rng.choice(settled, hired_n, replace=False)] = True
    order = np.argsort(registered, kind="stable")
    return {
        "spell_id": Ids("J", np.arange(n)),
        "worker_id": Ids("W", worker[order]),
        "registered_on": registered[order],
        "trained": trained[order],
        "hired_on": np.where(hired, registered + wait, NAT)[order],
    }
