"""The two large tables, workers and their quarters, and the potential outcomes."""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from yuyao_lib.sources.simulation.careers import Careers
from yuyao_lib.sources.simulation.columns import Columns, Ids, id_texts
from yuyao_lib.sources.simulation.organisation import founded_quarter
from yuyao_lib.sources.simulation.pay import Covered, Pay
from yuyao_lib.sources.simulation.population import Population
from yuyao_lib.sources.simulation.setting import N_QUARTERS, quarter_names
from yuyao_lib.sources.simulation.workers import OCCUPATIONS

__all__ = ["potential_outcomes", "worker_quarters", "workers_table"]


def workers_table(population: Population, careers: Careers) -> Columns:
    """Return everyone who ever held a job; members are those whose union existed then."""
    workers = careers.workers
    member = np.zeros(len(workers.ability), dtype=bool)
    founded = founded_quarter(population)[population.job_union]
    for t in range(N_QUARTERS):
        member[careers.worker[t][founded <= t]] = True
    return {
        "worker_id": Ids("W", np.arange(len(member))),
        "birth_year": workers.birth_year,
        "female": workers.female,
        "education_years": workers.education,
        "local_hukou": workers.local,
        "entry_on": workers.entry_on,
        "is_member": member,
    }


def worker_quarters(population: Population, careers: Careers, pay: Pay) -> pa.Table:
    """Return the panel, job by job, each job's quarters in order.

    Ids are codes into one list, so that a reader gets them without comparing texts.
    """
    worker = _by_job(careers.worker)
    n = len(population.job_employer)
    quarter = np.tile(np.arange(N_QUARTERS, dtype=np.int8), n)
    employer = np.repeat(population.job_employer, N_QUARTERS)
    worker_ids = id_texts("W", np.arange(len(careers.workers.ability)), 7)
    employer_ids = id_texts("E", np.arange(len(population.employers.jobs)), 5)
    return pa.table(
        {
            "worker_id": _coded(worker, worker_ids),
            "employer_id": _coded(employer, employer_ids),
            "quarter": _coded(quarter, pa.array(quarter_names()), ordered=True),
            "gross_wage": pa.array(_by_job(pay.gross)),
            "base_wage": pa.array(_by_job(pay.basic)),
            "skill_allowance": pa.array(_allowance(pay, n)),
            "hours": pa.array(_by_job(pay.hours)),
            "grade": pa.array(_by_job(careers.grade)),
            "occupation": _coded(careers.workers.occupation[worker], pa.array(OCCUPATIONS)),
            "separated": pa.array(_by_job(careers.separated)),
        }
    )


def _coded(codes: NDArray, names: pa.Array, *, ordered: bool = False) -> pa.DictionaryArray:
    """Return codes with their names."""
    return pa.DictionaryArray.from_arrays(pa.array(codes), names, ordered=ordered)


def _by_job(matrix: NDArray) -> NDArray:
    """Return a matrix (quarters, jobs) as one column, job by job."""
    return np.ascontiguousarray(matrix.T).ravel()


def _allowance(pay: Pay, n: int) -> NDArray[np.float32]:
    """Return the skill allowance of every job; zero where there is no contract."""
    by_job = np.zeros((n, N_QUARTERS), dtype=np.float32)
    by_job[pay.covered.jobs] = pay.allowance.T
    return by_job.ravel()


def potential_outcomes(population: Population, careers: Careers, covered: Covered) -> pa.Table:
    """Return both log wages of every worker-quarter in the contract firms."""
    n = len(covered.jobs)
    worker = careers.worker[:, covered.jobs]
    start = np.repeat(covered.start, N_QUARTERS)
    quarter = np.tile(np.arange(N_QUARTERS), n)
    names = pa.array(quarter_names())
    employer = population.job_employer[covered.jobs]
    base = _by_job(covered.untreated)
    tau = _by_job(covered.tau)
    return pa.table(
        {
            "worker_id": id_texts("W", _by_job(worker), 7),
            "employer_id": id_texts("E", np.repeat(employer, N_QUARTERS), 5),
            "quarter": names.take(pa.array(quarter)),
            "first_quarter": names.take(pa.array(start)),
            "grade": pa.array(_by_job(careers.grade[:, covered.jobs])),
            "stayer": pa.array(_by_job(stayers(careers, covered))),
            "log_wage_without": pa.array(base),
            "log_wage_with": pa.array(base + tau),
            "tau": pa.array(tau),
        }
    )


def stayers(careers: Careers, covered: Covered) -> NDArray[np.bool_]:
    """Say who held the same job in the quarter before the contract, shape (quarters, jobs)."""
    worker = careers.worker[:, covered.jobs]
    before = worker[covered.start - 1, np.arange(len(covered.jobs))]
    return worker == before[None, :]
