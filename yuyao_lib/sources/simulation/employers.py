"""The employers behind the unions: one for a union of one firm, several for a joint union."""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.sources.simulation.allocation import allocate
from yuyao_lib.sources.simulation.calendar import Days, days
from yuyao_lib.sources.simulation.parameters import Parameters
from yuyao_lib.sources.simulation.setting import Setting

if TYPE_CHECKING:
    from yuyao_lib.sources.simulation.population import Unions

__all__ = ["INDUSTRIES", "OWNERSHIPS", "Employers", "build_employers"]

# GB/T 4754: C18 clothing .. C40 instruments, then other sections; electrical machinery leads.
MANUFACTURING = ("C38", "C29", "C33", "C34", "C39", "C36", "C35", "C18", "C40", "C24")
MANUFACTURING_SHARES = (0.27, 0.16, 0.14, 0.11, 0.09, 0.07, 0.06, 0.05, 0.03, 0.02)
SERVICES = ("F51", "E47", "I65", "L72", "H61")
PUBLIC = ("P83", "Q84", "S92")
NEW_FORMS = ("G54", "G60", "O80")
INDUSTRIES = (*MANUFACTURING, *SERVICES, *PUBLIC, *NEW_FORMS)
OWNERSHIPS = ("state", "collective", "private", "hmt", "foreign", "other")
OWNERSHIP_SHARES = (0.03, 0.04, 0.80, 0.05, 0.06, 0.02)
PERSONS_PER_SMALL_FIRM = 15


@dataclass(frozen=True, slots=True)
class Employers:
    """The employers, one entry each; all arrays have shape (n_employers,)."""

    union: NDArray[np.int64]
    single: NDArray[np.bool_]
    jobs: NDArray[np.int64]
    industry: NDArray[np.int64]
    ownership: NDArray[np.int64]
    town: NDArray[np.int8]
    headcount: NDArray[np.int64]
    revenue: NDArray[np.float64]
    above_scale: NDArray[np.bool_]
    accredited_on: Days
    reform_pilot: NDArray[np.bool_]
    adoption: NDArray[np.int64]
    effect: NDArray[np.float64]
    z_effect: NDArray[np.float64]


def build_employers(
    rng: np.random.Generator, unions: Unions, setting: Setting, known: Parameters
) -> Employers:
    """Draw the employers of every union; contract firms pay more before any contract."""
    union, single, jobs = _split(rng, unions)
    n = len(union)
    adoption = np.where(single, unions.adopts[union], 9999)
    treated = adoption < 9999
    industry = _industries(rng, unions, union, treated)
    odds = known["union_density"] / (1 - known["union_density"])
    density = rng.beta(odds, 1.0, n)
    headcount = np.minimum(np.ceil(jobs / np.clip(density, 0.3, 1.0)), 50_000).astype(np.int64)
    revenue = np.round(headcount * 70.0 * np.exp(0.6 * rng.standard_normal(n)), 1)
    z = rng.standard_normal(n)
    effect = known["sd_firm_effect"] * z + known["selection_firm_effect"] * treated
    pilot_chance = np.where(treated, *known.all("pilot_share"))
    return Employers(
        union=union,
        single=single,
        jobs=jobs,
        industry=industry,
        ownership=rng.choice(len(OWNERSHIPS), n, p=OWNERSHIP_SHARES),
        town=unions.town[union],
        headcount=headcount,
        revenue=revenue,
        above_scale=_above_scale(revenue, industry, setting, known),
        accredited_on=_accredited(rng, jobs, single & (unions.kind[union] == 0), setting),
        reform_pilot=rng.random(n) < pilot_chance,
        adoption=adoption,
        effect=effect,
        z_effect=z,
    )


def _split(
    rng: np.random.Generator, unions: Unions
) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
    """Give every union its employers and share its members out among them."""
    n_unions = len(unions.members)
    alone = unions.kind <= 1
    firms = np.clip(np.round(unions.members / PERSONS_PER_SMALL_FIRM), 2, 12).astype(np.int64)
    firms = np.where(alone, 1, np.minimum(firms, unions.members))
    union = np.repeat(np.arange(n_unions), firms)
    jobs = unions.members[union]
    weight = np.exp(0.8 * rng.standard_normal(len(union)))
    starts = np.concatenate([[0], np.cumsum(firms)])
    for u in np.flatnonzero(~alone):
        part = slice(starts[u], starts[u + 1])
        jobs[part] = allocate(int(unions.members[u]), weight[part], lower=1)
    return union, alone[union], jobs


def _industries(
    rng: np.random.Generator,
    unions: Unions,
    union: NDArray[np.int64],
    treated: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Draw industries: mostly manufacturing, public bodies and new forms apart."""
    n = len(union)
    made = rng.choice(len(MANUFACTURING), n, p=MANUFACTURING_SHARES)
    served = len(MANUFACTURING) + rng.integers(0, len(SERVICES), n)
    industry = np.where((rng.random(n) < 0.8) | treated, made, served)
    first_public = len(MANUFACTURING) + len(SERVICES)
    public = first_public + rng.integers(0, len(PUBLIC), n)
    new = first_public + len(PUBLIC) + rng.integers(0, len(NEW_FORMS), n)
    industry = np.where(unions.kind[union] == 1, public, industry)
    return np.where(unions.is_new_form[union], new, industry)


def _above_scale(
    revenue: NDArray[np.float64], industry: NDArray[np.int64], setting: Setting, known: Parameters
) -> NDArray[np.bool_]:
    """Mark the largest industrial firms by revenue, as many as the county has."""
    industrial = np.where(industry < len(MANUFACTURING), revenue, -1.0)
    order = np.argsort(-industrial, kind="stable")
    n = min(setting.scaled(known["yuyao_industrial_above_scale"]), int((industrial >= 0).sum()))
    above = np.zeros(len(revenue), dtype=bool)
    above[order[:n]] = True
    return above


def _accredited(
    rng: np.random.Generator,
    jobs: NDArray[np.int64],
    eligible: NDArray[np.bool_],
    setting: Setting,
) -> Days:
    """Let the larger firms file for self-assessment, at different dates."""
    n = setting.scaled(71, least=4)
    key = np.where(eligible, np.log(jobs) + rng.gumbel(size=len(jobs)), -np.inf)
    chosen = np.argsort(-key, kind="stable")[:n]
    filed = np.full(len(jobs), np.datetime64("NaT"), dtype="datetime64[D]")
    filed[chosen] = days(rng, "2019-07-01", "2022-12-31", n)
    return filed
