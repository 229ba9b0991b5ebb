"""Pay: the wage equation, with and without the contract.

log wage = base + trend + worker effect + employer effect + grade + schooling + tenure
+ training + employer-quarter shock + worker-employer shock + contract effect. The base
is set so that the mean wage of 2022Q2 without contracts is the calibrated one.
"""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.sources.simulation.careers import Careers
from yuyao_lib.sources.simulation.parameters import Parameters
from yuyao_lib.sources.simulation.population import NONE, Population
from yuyao_lib.sources.simulation.setting import N_QUARTERS, Effects, Setting
from yuyao_lib.sources.simulation.variance import Moments

__all__ = ["Covered", "Pay", "pay"]

Matrix: TypeAlias = NDArray[np.float32]
BASE_QUARTER = 17  # 2022Q2
BASE_SHARE = 0.65  # of pay without the skill allowance


@dataclass(frozen=True, slots=True)
class Covered:
    """The contract firms' jobs in every quarter; arrays have shape (quarters, jobs there).

    Attributes
    ----------
    jobs
        Their places among all jobs, shape (jobs there,).
    start
        First contract quarter of each, shape (jobs there,).
    untreated
        Log wage without the contract.
    base_part, grade_part
        The two parts of the contract effect, log points; zero before the start.
    """

    jobs: NDArray[np.int64]
    start: NDArray[np.int64]
    untreated: Matrix
    base_part: Matrix
    grade_part: Matrix

    @property
    def tau(self) -> Matrix:
        """The whole effect, log points."""
        return self.base_part + self.grade_part


@dataclass(frozen=True, slots=True)
class Pay:
    """Pay of every job in every quarter.

    Attributes
    ----------
    gross, basic, hours
        CNY a month, CNY a month, hours a month; shape (quarters, jobs).
    allowance
        Skill allowance under the contract, CNY a month, shape (quarters, covered jobs).
    covered
        Potential outcomes of the contract firms' jobs.
    shock
        Employer-quarter shocks, log points, shape (quarters, employers).
    moments
        Variances and covariances of the wage's parts over all worker-quarters.
    lasting
        The same of what lasts: workers' parts, and employers' with the mean of their shocks,
        which no record of these quarters can tell from their own.
    """

    gross: Matrix
    basic: Matrix
    hours: Matrix
    allowance: Matrix
    covered: Covered
    shock: Matrix
    moments: Moments
    lasting: Moments


def pay(
    setting: Setting,
    known: Parameters,
    effects: Effects,
    population: Population,
    careers: Careers,
) -> Pay:
    """Pay everybody in every quarter."""
    rng = setting.stream("pay")
    shock = _firm_shocks(setting.stream("firm_shocks"), len(population.employers.jobs), known)
    log_wage, moments, lasting = _log_wages(
        rng, setting, known, effects, population, careers, shock
    )
    level = known["wage_mean_month_2022"] / np.exp(log_wage[BASE_QUARTER]).mean(dtype=np.float64)
    log_wage += np.float32(np.log(level))
    covered = _cover(effects, population, careers, log_wage)
    basic = np.round(np.exp(log_wage) * np.float32(BASE_SHARE), -1)
    log_wage[:, covered.jobs] += covered.tau
    gross = np.round(np.exp(log_wage, out=log_wage), out=log_wage)
    paid = gross[:, covered.jobs]
    allowance = np.round(paid * (1 - np.exp(-covered.grade_part)))
    hours = rng.standard_normal(gross.shape, dtype=np.float32)
    hours *= np.float32(12)
    hours += np.float32(208)
    np.clip(hours, 120, 300, out=hours)
    return Pay(
        gross, basic, np.round(hours, out=hours), allowance, covered, shock, moments, lasting
    )


def _firm_shocks(rng: np.random.Generator, n: int, known: Parameters) -> Matrix:
    """Draw a stationary first-order autoregression for every employer."""
    rho, sd = known["ar1_firm_quarter"], known["sd_firm_quarter_shock"]
    shock = np.empty((N_QUARTERS, n), dtype=np.float32)
    shock[0] = sd * rng.standard_normal(n)
    for t in range(1, N_QUARTERS):
        shock[t] = rho * shock[t - 1] + sd * np.sqrt(1 - rho**2) * rng.standard_normal(n)
    return shock


def _log_wages(
    rng: np.random.Generator,
    setting: Setting,
    known: Parameters,
    effects: Effects,
    population: Population,
    careers: Careers,
    shock: Matrix,
) -> tuple[Matrix, Moments, Moments]:
    """Return log wages without base and contract, and the moments of all and lasting parts."""
    employer, workers = population.job_employer, careers.workers
    person = known["sd_worker_effect"] * workers.ability
    person_fixed = (person + known["return_schooling_sim"] * (workers.education - 12.0)).astype(
        np.float32
    )
    firm = population.employers.effect.astype(np.float32)[employer]
    steps = np.array(effects.grade_steps, dtype=np.float32)
    per_quarter, cap = known.all("tenure_effect_quarter")
    drift = np.where(population.adoption < NONE, setting.pretrend, 0.0).astype(np.float32)
    noise = _WorkerShocks(rng, len(employer), known)
    log_wage = np.empty(careers.worker.shape, dtype=np.float32)
    moments, lasting = Moments(), Moments()
    kept = firm + shock.mean(axis=0)[employer]
    for t in range(N_QUARTERS):
        who = careers.worker[t]
        parts = {
            "worker": person_fixed[who],
            "firm": firm,
            "grade": steps[careers.grade[t]],
            "tenure": np.minimum(careers.tenure[t], cap).astype(np.float32)
            * np.float32(per_quarter),
            "firm_quarter": shock[t][employer],
            "match_quarter": noise.step(careers.tenure[t]),
        }
        total = sum(parts.values()) + np.float32(effects.training) * careers.trained[t]
        moments.add(parts, total)
        lasting.add({"worker": parts["worker"], "firm": kept}, total)
        log_wage[t] = total + np.float32(known["wage_growth_quarter"] * t) + drift * np.float32(t)
    return log_wage, moments, lasting


class _WorkerShocks:
    """First-order autoregression of each worker with the same employer."""

    def __init__(self, rng: np.random.Generator, n: int, known: Parameters) -> None:
        self.rng = rng
        self.rho = np.float32(known["ar1_worker_quarter"])
        self.sd = np.float32(known["sd_worker_quarter_shock"])
        self.fresh = np.float32(np.sqrt(1 - self.rho**2))
        self.value = self.sd * rng.standard_normal(n, dtype=np.float32)

    def step(self, tenure: NDArray[np.int16]) -> NDArray[np.float32]:
        """Return the shocks of the next quarter; a new spell starts afresh."""
        draw = self.sd * self.rng.standard_normal(len(self.value), dtype=np.float32)
        carried = self.rho * self.value + self.fresh * draw
        self.value = np.where(tenure == 0, draw, carried)
        return self.value


def _cover(effects: Effects, population: Population, careers: Careers, log_wage: Matrix) -> Covered:
    """Work out both potential outcomes of the contract firms' jobs."""
    jobs = np.flatnonzero(population.adoption < NONE)
    start = population.adoption[jobs]
    reached = effects.phase(np.arange(N_QUARTERS)[:, None] - start[None, :]).astype(np.float32)
    by_grade = np.array(effects.contract_grade, dtype=np.float32)
    grade_part = reached * by_grade[careers.grade[:, jobs]]
    base_part = reached * np.float32(effects.contract_base)
    return Covered(jobs, start, log_wage[:, jobs].copy(), base_part, grade_part)
