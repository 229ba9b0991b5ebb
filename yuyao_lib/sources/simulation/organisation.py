"""Tables of the organisation: unions and employers, their years, cadres and refunds."""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.errors import InputError
from yuyao_lib.sources.simulation.allocation import allocate_money
from yuyao_lib.sources.simulation.calendar import LAST_DAY, days, first_day, quarter_of
from yuyao_lib.sources.simulation.careers import Careers
from yuyao_lib.sources.simulation.columns import Coded, Columns, Ids
from yuyao_lib.sources.simulation.disputes import towns
from yuyao_lib.sources.simulation.employers import INDUSTRIES, OWNERSHIPS
from yuyao_lib.sources.simulation.parameters import Parameters
from yuyao_lib.sources.simulation.population import KINDS, N_TOWNS, Population
from yuyao_lib.sources.simulation.setting import N_QUARTERS, Setting, quarter_names

__all__ = [
    "cadres_table",
    "employer_years_table",
    "employers_table",
    "refunds_table",
    "union_quarters_table",
    "unions_table",
]

YEARS = np.arange(2018, 2024)
REFUND_YEARS = np.arange(2020, 2024)
SUCCEEDED = 0.35  # share of unions whose first cadre was followed by another
NAT = np.datetime64("NaT")


def unions_table(population: Population) -> Columns:
    """Return the unions; those of one employer name it."""
    unions, employers = population.unions, population.employers
    n = len(unions.members)
    employer = np.full(n, -1)
    single = np.flatnonzero(employers.single)
    employer[employers.union[single]] = single
    return {
        "union_id": Ids("U", np.arange(n), 4),
        "employer_id": Ids("E", employer, 5),
        "kind": Coded(unions.kind, KINDS),
        "is_new_form": unions.is_new_form,
        "town_id": towns(unions.town),
        "founded_on": unions.founded_on,
        "members": unions.members,
        "star": unions.star,
        "star_on": unions.star_on,
        "volunteer_teams": unions.teams,
    }


def employers_table(population: Population) -> Columns:
    """Return the employers."""
    employers = population.employers
    return {
        "employer_id": Ids("E", np.arange(len(employers.jobs)), 5),
        "industry": Coded(employers.industry, INDUSTRIES),
        "ownership": Coded(employers.ownership, OWNERSHIPS),
        "town_id": towns(employers.town),
        "headcount": employers.headcount,
        "revenue": employers.revenue,
        "above_scale": employers.above_scale,
        "accredited_on": employers.accredited_on,
        "reform_pilot": employers.reform_pilot,
    }


def founded_quarter(population: Population) -> NDArray[np.int64]:
    """Return the first panel quarter in which each union exists, shape (unions,)."""
    return np.maximum(quarter_of(population.unions.founded_on), 0)


def union_quarters_table(setting: Setting, population: Population, careers: Careers) -> Columns:
    """Return members, joiners, leavers and rating of every union since its founding.

    Who leaves at the end of a quarter is counted as having left in the next, when a
    successor has joined; members then follow exactly from joiners and leavers.
    """
    n = len(population.unions.members)
    founded = founded_quarter(population)
    staff = np.bincount(
        population.employers.union, weights=population.employers.headcount, minlength=n
    ).astype(np.int64)
    rungs = rating_history(setting, population)
    parts = []
    for t in range(N_QUARTERS):
        moved = _moved(population, careers, t, n)
        there = np.flatnonzero(founded <= t)
        first = founded[there] == t
        joined = np.where(first & (t > 0), population.unions.members[there], moved[there])
        parts.append((there, t, joined, np.where(first, 0, moved[there]), staff[there]))
    return {
        "union_id": Ids("U", np.concatenate([part[0] for part in parts]), 4),
        "quarter": Coded(
            np.concatenate([np.full(len(part[0]), part[1]) for part in parts]),
            tuple(quarter_names()),
            ordered=True,
        ),
        "members": np.concatenate([population.unions.members[part[0]] for part in parts]),
        "joined": np.concatenate([part[2] for part in parts]),
        "left": np.concatenate([part[3] for part in parts]),
        "workforce": np.concatenate([part[4] for part in parts]),
        "star": np.concatenate([rungs[part[1]][part[0]] for part in parts]),
    }


def rating_history(setting: Setting, population: Population) -> NDArray[np.int8]:
    """Return every union's rating at the end of each quarter, shape (quarters, unions).

    Some unions with four or five stars held fewer one to three years before; nobody loses
    a star, so the last quarter holds the ratings of the table of unions.
    """
    rng = setting.stream("rating_history")
    unions = population.unions
    n = len(unions.members)
    draw, years = rng.random(n), rng.integers(365, 1095, n)
    before = np.select(
        [(unions.star == 5) & (draw < 0.35), (unions.star == 5) & (draw < 0.60),
         (unions.star == 4) & (draw < 0.40)],
        [4, 3, 3],
    ).astype(np.int8)  # fmt: skip
    since = np.maximum(unions.star_on - years, unions.founded_on + 90)
    rungs = np.zeros((N_QUARTERS, n), dtype=np.int8)
    for t in range(N_QUARTERS):
        end = first_day(t + 1) - 1
        rungs[t] = np.where(since <= end, before, 0)
        rungs[t] = np.where(unions.star_on <= end, unions.star, rungs[t])
    return rungs


def _moved(population: Population, careers: Careers, t: int, n: int) -> NDArray[np.int64]:
    """Count the jobs of each union that changed hands before quarter `t`."""
    if t == 0:
        return np.zeros(n, dtype=np.int64)
    return np.bincount(population.job_union[careers.separated[t - 1]], minlength=n)


def employer_years_table(setting: Setting, population: Population) -> Columns:
    """Return headcount, injuries, absence and rating points by year."""
    rng = setting.stream("employer_years")
    employers = population.employers
    employer = np.repeat(np.arange(len(employers.jobs)), len(YEARS))
    n = len(employer)
    growth = np.exp(0.05 * rng.standard_normal(n))
    headcount = np.maximum(np.round(employers.headcount[employer] * growth), 1).astype(np.int64)
    rated = employers.jobs[employer] >= 50
    return {
        "employer_id": Ids("E", employer, 5),
        "year": np.tile(YEARS, len(employers.jobs)),
        "headcount": np.minimum(headcount, 50_000),
        "injuries": rng.poisson(0.004 * headcount),
        "absence_days": np.round(headcount * rng.gamma(4.0, 0.9, n)),
        "rating_points": np.where(rated, np.round(78 + 8 * rng.standard_normal(n), 1), np.nan),
    }


def cadres_table(setting: Setting, population: Population) -> Columns:
    """Return the terms of union cadres; towns begin to pay allowances at different dates."""
    rng = setting.stream("cadres")
    unions = population.unions
    n = len(unions.members)
    first = np.maximum(days(rng, "2012-01-01", "2018-06-30", n), unions.founded_on)
    change = days(rng, "2018-07-01", "2023-05-31", n)
    succeeded = (rng.random(n) < SUCCEEDED) & (change > first + 90)
    union = np.concatenate([np.arange(n), np.flatnonzero(succeeded)])
    start = np.concatenate([first, change[succeeded] + 1])
    end = np.concatenate([np.where(succeeded, change, NAT), np.full(int(succeeded.sum()), NAT)])
    town_start = first_day(rng.integers(4, N_QUARTERS + 8, N_TOWNS))[unions.town[union]]
    allowance = np.maximum(start, town_start)
    paid = (allowance <= LAST_DAY) & (np.isnat(end) | (allowance < end))
    return {
        "cadre_id": Ids("B", np.arange(len(union)), 5),
        "union_id": Ids("U", union, 4),
        "start_on": start,
        "end_on": end,
        "allowance_on": np.where(paid, allowance, NAT),
    }


def refunds_table(setting: Setting, known: Parameters, population: Population) -> Columns:
    """Return fees paid on and refunded; refunds sum to the printed total to the fen."""
    rng = setting.stream("refunds")
    employers = population.employers
    employer = np.repeat(np.arange(len(employers.jobs)), len(REFUND_YEARS))
    year = np.tile(REFUND_YEARS, len(employers.jobs))
    growth = 4 * known["wage_growth_quarter"] * (year - 2022)
    pay = known["wage_mean_month_2022"] * np.exp(growth + employers.effect[employer])
    noise = np.exp(0.1 * rng.standard_normal(len(employer)))
    fee = np.round(12 * known["fee_share"] * pay * noise * employers.jobs[employer], 2)
    total = 38_831_500 * setting.scale
    eligible = fee <= _limit(fee, known["refund_limit"], total)
    refund = np.zeros(len(fee))
    weight = fee[eligible] * rng.uniform(0.6, 1.0, int(eligible.sum()))
    refund[eligible] = allocate_money(total, weight, upper_cny=fee[eligible])
    return {
        "employer_id": Ids("E", employer, 5),
        "year": year,
        "fee_paid": fee,
        "refund": refund,
    }


def _limit(fee: NDArray[np.float64], usual: float, total: float) -> float:
    """Return the size limit; a register with few small payers needs a higher one."""
    ordered = np.sort(fee)
    enough = np.cumsum(ordered) >= total + 1
    if not enough.any():
        raise InputError("the fees of this register are smaller than the refunds it must hold.")
    return max(usual, float(ordered[np.argmax(enough)]))
