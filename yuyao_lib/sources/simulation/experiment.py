"""Small draws in memory, for checking estimators many times.

One draw holds the contract firms and matched controls, with a sample of their workers:
the same population, working lives and pay as the register, in a fraction of a second.
"""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Mode
from yuyao_lib.sources.card import SourceCard
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.sources.simulation.careers import live
from yuyao_lib.sources.simulation.columns import arrow_table
from yuyao_lib.sources.simulation.contracts import contracts_table
from yuyao_lib.sources.simulation.files import frame_of, known_columns
from yuyao_lib.sources.simulation.organisation import employers_table
from yuyao_lib.sources.simulation.panel import worker_quarters
from yuyao_lib.sources.simulation.parameters import Parameters, parameters
from yuyao_lib.sources.simulation.pay import pay
from yuyao_lib.sources.simulation.population import (
    ENTERPRISE,
    NONE,
    Population,
    build_population,
)
from yuyao_lib.sources.simulation.setting import GENERATOR_VERSION, Setting, effects_of
from yuyao_lib.sources.simulation.truth import contract_truth
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Experiment", "draw_experiment"]

MEMBERS = 400_400
FEWEST_WORKERS = 5


@dataclass(frozen=True, slots=True)
class Experiment:
    """One draw.

    Attributes
    ----------
    data
        Tables ``worker_quarters``, ``employers`` and ``contracts``, mode simulated.
    truth
        The contract's effect in this draw, averaged as in ``truth.json``.
    leaving
        Ratio on the quarterly probability of leaving under a contract.
    """

    data: Dataset
    truth: dict[str, Any]
    leaving: float


def draw_experiment(
    seed: int,
    *,
    n_treated: int = 31,
    controls_per_firm: int = 5,
    worker_share: float = 0.3,
    effect: float = 1.0,
    firm_shock_sd: float | None = None,
    pretrend: float = 0.0,
    leaving: float | None = None,
) -> Experiment:
    """Draw contract firms with matched controls, in memory.

    Parameters
    ----------
    seed
        Replication; the same one gives the same draw.
    n_treated
        Firms with a grade-wage contract, 6 to 120.
    controls_per_firm
        Never-treated firms of nearest size for each, 1 to 10.
    worker_share
        Share of each firm's jobs that is kept, above 0 to 1.
    effect
        Multiple of the calibrated contract effect on pay; 0 for none.
    firm_shock_sd
        Sd of the employer-quarter shock, log points; None for the calibrated one.
    pretrend
        Extra growth of pay in contract firms, log points a quarter.
    leaving
        Ratio on the quarterly probability of leaving under a contract, 0.1 to 10; 1 for no
        effect, None for the calibrated one.

    Raises
    ------
    InputError
        If a value is out of range.
    """
    _refuse(n_treated, controls_per_firm, worker_share, leaving)
    known = _known(n_treated, firm_shock_sd)
    setting = Setting(seed=seed, pretrend=pretrend)
    whole = build_population(setting, known)
    rng = setting.stream("experiment")
    population = _sample(rng, whole, controls_per_firm, worker_share)
    share = len(population.job_employer) / MEMBERS
    small = replace(setting, scale=min(1.0, max(0.01, share)))
    effects = _times(effects_of(setting, known), effect, leaving)
    careers = live(small, known, effects, population)
    paid = pay(small, known, effects, population, careers)
    tables = {
        "employers": arrow_table("employers", employers_table(population)),
        "worker_quarters": worker_quarters(population, careers, paid),
        "contracts": arrow_table("contracts", contracts_table(setting, known, population)),
    }
    said = (
        f"seed {seed}, {n_treated} contract firms, effect x {effect:g},"
        f" shock sd {known['sd_firm_quarter_shock']:g}, pre-trend {pretrend:g}"
    )
    truth = contract_truth(careers, paid.covered)
    return Experiment(_dataset(tables, said), truth, effects.separation)


def _refuse(
    n_treated: int, controls_per_firm: int, worker_share: float, leaving: float | None
) -> None:
    """Refuse what cannot be drawn."""
    limits = {
        "n_treated": (n_treated, 6, 120),
        "controls_per_firm": (controls_per_firm, 1, 10),
        "worker_share": (worker_share, 0.01, 1),
        "leaving": (1.0 if leaving is None else leaving, 0.1, 10),
    }
    for name, (value, low, high) in limits.items():
        if not low <= value <= high:
            what, allowed = f"{name} out of range", f"a number from {low:g} to {high:g}"
            raise InputError(sentence(what, got=value, allowed=allowed))


def _known(n_treated: int, firm_shock_sd: float | None) -> Parameters:
    """Return the parameters of this draw."""
    known = parameters()
    per_firm = known["contract_person_times"] / known["contract_firms"]
    values: dict[str, float] = {
        "contract_firms": n_treated,
        "contract_person_times": round(per_firm * n_treated),
    }
    if firm_shock_sd is not None:
        values["sd_firm_quarter_shock"] = firm_shock_sd
    return known.with_values(**values)


def _times(effects: Any, multiple: float, leaving: float | None) -> Any:
    """Return the effects with the contract's on pay multiplied, and its on leaving as asked."""
    return replace(
        effects,
        contract_base=effects.contract_base * multiple,
        contract_grade=tuple(value * multiple for value in effects.contract_grade),
        separation=effects.separation if leaving is None else leaving,
    )


def _sample(
    rng: np.random.Generator, whole: Population, controls_per_firm: int, worker_share: float
) -> Population:
    """Keep contract firms, controls of nearest size, and a share of their jobs."""
    employers, unions = whole.employers, whole.unions
    treated = np.flatnonzero(employers.adoption < NONE)
    kind = unions.kind[employers.union]
    pool = np.flatnonzero((kind == ENTERPRISE) & (employers.adoption == NONE))
    controls = _nearest(rng, employers.jobs, treated, pool, controls_per_firm)
    firms = np.sort(np.concatenate([treated, controls]))
    kept = {f.name: getattr(employers, f.name)[firms] for f in fields(employers)}
    kept["jobs"] = np.maximum(
        np.minimum(FEWEST_WORKERS, kept["jobs"]), np.round(kept["jobs"] * worker_share)
    ).astype(np.int64)
    sampled = type(employers)(**kept)
    job_employer = np.repeat(np.arange(len(firms), dtype=np.int32), sampled.jobs)
    job_union = sampled.union[job_employer].astype(np.int32)
    return Population(unions, sampled, job_employer, job_union)


def _nearest(
    rng: np.random.Generator,
    jobs: NDArray[np.int64],
    treated: NDArray[np.int64],
    pool: NDArray[np.int64],
    count: int,
) -> NDArray[np.int64]:
    """Give each contract firm its controls of nearest size, each used once."""
    free = np.ones(len(pool), dtype=bool)
    size = np.log(jobs[pool])
    chosen = []
    for firm in rng.permutation(treated):
        gap = np.where(free, np.abs(size - np.log(jobs[firm])), np.inf)
        taken = np.argsort(gap, kind="stable")[:count]
        free[taken] = False
        chosen.append(pool[taken])
    return np.concatenate(chosen)


def _dataset(tables: Mapping[str, pa.Table], said: str) -> Dataset:
    """Wrap the tables as simulated data."""
    card = SourceCard(
        title=Text("Simulated contract firms with controls", "模拟的签约企业与对照企业"),
        publisher="yuyao_lib",
        citation=f"yuyao_lib, simulated experiment, generator {GENERATOR_VERSION} ({said})",
        licence="BSD-3-Clause",
        vintage=f"2018Q1-2023Q2, generator {GENERATOR_VERSION}, {said}",
        unit_of_record=Text("one worker in one quarter", "一名职工的一个季度"),
        notes=Mode.SIMULATED.text,
    )
    loaders = {name: _loader(name, table) for name, table in tables.items()}
    return Dataset("simulated experiment", mode=Mode.SIMULATED, card=card, loaders=loaders)


def _loader(name: str, table: pa.Table) -> Callable[[Sequence[str] | None], pd.DataFrame]:
    """Return a function that gives some columns of a table in memory."""

    def load(columns: Sequence[str] | None) -> pd.DataFrame:
        return frame_of(table.select(known_columns(name, table.column_names, columns)))

    return load
