"""Unions, employers and jobs: who there is, how large, where, and which firms contract."""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.sources.simulation.allocation import allocate
from yuyao_lib.sources.simulation.calendar import Days, days
from yuyao_lib.sources.simulation.employers import Employers, build_employers
from yuyao_lib.sources.simulation.parameters import Parameters
from yuyao_lib.sources.simulation.setting import N_QUARTERS, Setting

__all__ = ["KINDS", "Adoption", "Population", "Unions", "build_population"]

KINDS = ("enterprise", "institution", "joint", "industry", "community")
ENTERPRISE, INSTITUTION, JOINT, INDUSTRY, COMMUNITY = range(5)
SMALLEST, LARGEST = 5, 20_000
N_TOWNS = 21
NONE = 9999
FIRST_ADOPTION = 13  # 2021Q2, the province's first
LEAST_CONTRACTS = 6
TRIES = 1000


@dataclass(frozen=True, slots=True)
class Unions:
    """The unions, one entry each; all arrays have shape (n_unions,)."""

    kind: NDArray[np.int8]
    is_new_form: NDArray[np.bool_]
    town: NDArray[np.int8]
    founded_on: Days
    members: NDArray[np.int64]
    star: NDArray[np.int8]
    star_on: Days
    teams: NDArray[np.int64]
    adopts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Adoption:
    """The firms with grade-wage contracts: which union, first quarter, workers."""

    union: NDArray[np.int64]
    quarter: NDArray[np.int64]
    size: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Population:
    """Unions, employers and the jobs (slots) the members hold.

    Attributes
    ----------
    unions, employers
        The organisations.
    job_employer, job_union
        Employer and union of every job, shape (n_jobs,). Jobs of one employer stand
        together; a job is always filled, since leavers are replaced.
    """

    unions: Unions
    employers: Employers
    job_employer: NDArray[np.int32]
    job_union: NDArray[np.int32]

    @property
    def adoption(self) -> NDArray[np.int64]:
        """First contract quarter of every job's employer, NONE when never."""
        return self.employers.adoption[self.job_employer]


def build_population(setting: Setting, known: Parameters) -> Population:
    """Draw the organisations and share the members out among them, exactly."""
    rng = setting.stream("population")
    unions = _build_unions(rng, setting, known)
    employers = build_employers(setting.stream("employers"), unions, setting, known)
    job_employer = np.repeat(np.arange(len(employers.jobs), dtype=np.int32), employers.jobs)
    job_union = employers.union[job_employer].astype(np.int32)
    return Population(unions, employers, job_employer, job_union)


def _build_unions(rng: np.random.Generator, setting: Setting, known: Parameters) -> Unions:
    """Draw the unions; new-form unions and contract firms have totals of their own."""
    n = setting.scaled(2637)
    n_new = setting.scaled(44)
    is_new = np.zeros(n, dtype=bool)
    is_new[rng.choice(n, n_new, replace=False)] = True
    kind = _kinds(rng, is_new, known)
    weight = np.exp(known["size_log_sd"] * rng.standard_normal(n))
    adoption = _adopt(rng, np.flatnonzero((kind == ENTERPRISE) & ~is_new), weight, setting, known)
    members = _share_members(weight, is_new, adoption, setting)
    adopts = np.full(n, NONE, dtype=np.int64)
    adopts[adoption.union] = adoption.quarter
    founded = _founded(rng, is_new, adopts < NONE, known)
    star, star_on = _stars(rng, members, founded, setting)
    town = rng.choice(N_TOWNS, n, p=_town_shares()).astype(np.int8)
    teams = _teams(rng, members, setting)
    return Unions(kind, is_new, town, founded, members, star, star_on, teams, adopts)


def _town_shares() -> NDArray[np.float64]:
    """Shares of the 21 township-level units, falling by rank."""
    weight = 1 / (np.arange(N_TOWNS) + 4.0)
    return weight / weight.sum()


def _kinds(
    rng: np.random.Generator, is_new: NDArray[np.bool_], known: Parameters
) -> NDArray[np.int8]:
    """Draw how unions are built; new forms organise by industry or community."""
    kind = rng.choice(5, len(is_new), p=known.all("union_kind_shares"))
    kind[is_new] = rng.choice([INDUSTRY, COMMUNITY], int(is_new.sum()))
    return kind.astype(np.int8)


def _adopt(
    rng: np.random.Generator,
    candidates: NDArray[np.int64],
    weight: NDArray[np.float64],
    setting: Setting,
    known: Parameters,
) -> Adoption:
    """Choose the contract firms among the larger ones, with quarters and exact sizes.

    The person-times of all yearly rounds add up to the printed total, with every
    worker of a firm covered in each of its rounds.
    """
    n = setting.scaled(known["contract_firms"], least=LEAST_CONTRACTS)
    person_times = setting.scaled(known["contract_person_times"])
    low, high = np.quantile(weight[candidates], known.all("treated_size_quantiles"))
    usual = candidates[(weight[candidates] >= low) & (weight[candidates] <= high)]
    pool = usual if len(usual) >= n else candidates[np.argsort(-weight[candidates])][:n]
    chance = weight[pool] / weight[pool].sum()
    chosen = rng.choice(pool, n, replace=False, p=chance)
    last = N_QUARTERS - 1
    cohorts = np.round(np.linspace(FIRST_ADOPTION, last, n)).astype(np.int64)
    for _ in range(TRIES):
        quarter = rng.permutation(cohorts)
        size = _fit_sizes(weight[chosen], 1 + (last - quarter) // 4, person_times)
        if size is not None:
            return Adoption(chosen, quarter, size)
    raise InputError(sentence("contract firms do not fit this scale", got=setting.scale))


def _fit_sizes(
    weight: NDArray[np.float64], rounds: NDArray[np.int64], person_times: int
) -> NDArray[np.int64] | None:
    """Find sizes whose yearly rounds sum to the person-times, or None.

    Firms with one round take up what rounding leaves. The workers of the first rounds
    must be 9,000 of 23,700 or more, the range of the domain.
    """
    exact = weight * person_times / (rounds @ weight)
    size = np.maximum(SMALLEST, np.floor(exact)).astype(np.int64)
    once = rounds == 1
    rest = person_times - int(rounds[~once] @ size[~once])
    if rest < SMALLEST * once.sum():
        return None
    size[once] = allocate(rest, size[once], lower=SMALLEST)
    return size if size.sum() >= 0.4 * person_times else None


def _share_members(
    weight: NDArray[np.float64], is_new: NDArray[np.bool_], adoption: Adoption, setting: Setting
) -> NDArray[np.int64]:
    """Share the members out: new-form unions, contract firms, all others."""
    members = np.zeros(len(weight), dtype=np.int64)
    members[adoption.union] = adoption.size
    new_total = setting.scaled(15_063)
    members[is_new] = allocate(new_total, weight[is_new], lower=SMALLEST, upper=LARGEST)
    other = members == 0
    rest = setting.scaled(400_400) - int(members.sum())
    members[other] = allocate(rest, weight[other], lower=SMALLEST, upper=LARGEST)
    return members


def _founded(
    rng: np.random.Generator,
    is_new: NDArray[np.bool_],
    adopts: NDArray[np.bool_],
    known: Parameters,
) -> Days:
    """Draw founding days; new-form unions are young, contract firms' unions are old."""
    n = len(is_new)
    old = days(rng, "1985-01-01", "2017-12-31", n)
    young = days(rng, "2018-04-01", "2022-12-31", n)
    late = (rng.random(n) < known["union_founded_in_window"]) | (is_new & (rng.random(n) < 0.8))
    return np.where(late & ~adopts, young, old)


def _stars(
    rng: np.random.Generator, members: NDArray[np.int64], founded: Days, setting: Setting
) -> tuple[NDArray[np.int8], Days]:
    """Rate unions: a J-shaped ladder, larger unions more often."""
    n = len(members)
    counts = [setting.scaled(count) for count in (204, 148, 205)]
    order = np.argsort(-(0.5 * np.log(members) + rng.gumbel(size=n)), kind="stable")
    star = np.zeros(n, dtype=np.int8)
    star[order[: sum(counts)]] = np.repeat(np.array([5, 4, 3], dtype=np.int8), counts)
    rated = np.maximum(days(rng, "2019-01-01", "2023-06-30", n), founded + 90)
    return star, np.where(star > 0, rated, np.datetime64("NaT"))


def _teams(
    rng: np.random.Generator, members: NDArray[np.int64], setting: Setting
) -> NDArray[np.int64]:
    """Place the volunteer teams in larger unions."""
    weight = members * rng.exponential(size=len(members))
    return allocate(setting.scaled(49), weight, upper=3)
