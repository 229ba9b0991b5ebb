"""All tables but the panel, put together in the order in which they depend on each other."""

from __future__ import annotations

from dataclasses import dataclass

from yuyao_lib.sources.simulation import organisation, panel
from yuyao_lib.sources.simulation.activities import activities_table, services_table
from yuyao_lib.sources.simulation.calendar import quarter_of
from yuyao_lib.sources.simulation.careers import Careers
from yuyao_lib.sources.simulation.columns import Columns
from yuyao_lib.sources.simulation.contracts import contracts_table
from yuyao_lib.sources.simulation.disputes import Cases, disputes_tables, risks_table
from yuyao_lib.sources.simulation.honours import suggestions_table, titles_table
from yuyao_lib.sources.simulation.parameters import Parameters
from yuyao_lib.sources.simulation.population import Population
from yuyao_lib.sources.simulation.relief import (
    Risk,
    aid_table,
    job_services_table,
    mutual_aid_table,
)
from yuyao_lib.sources.simulation.setting import Effects, Setting
from yuyao_lib.sources.simulation.skills import (
    assessments_table,
    contest_tables,
    mentor_table,
    training_table,
)

__all__ = ["SmallTables", "small_tables"]


@dataclass(frozen=True, slots=True)
class SmallTables:
    """Tables by name, and what the truth needs besides."""

    tables: dict[str, Columns]
    cases: Cases
    risk: Risk


def small_tables(
    setting: Setting,
    known: Parameters,
    effects: Effects,
    population: Population,
    careers: Careers,
) -> SmallTables:
    """Return every table but ``worker_quarters``."""
    contests, entries = contest_tables(setting, careers)
    rooms, disputes, cases = disputes_tables(setting, known, effects, population)
    mutual_aid, risk = mutual_aid_table(setting, known, effects, careers)
    exams = careers.exams
    filed = quarter_of(population.employers.accredited_on)[population.job_employer[exams["job"]]]
    tables: dict[str, Columns] = {
        "unions": organisation.unions_table(population),
        "employers": organisation.employers_table(population),
        "workers": panel.workers_table(population, careers),
        "contracts": contracts_table(setting, known, population),
        "training": training_table(setting, careers),
        "contests": contests,
        "contest_entries": entries,
        "suggestions": suggestions_table(setting, careers),
        "mentor_pairs": mentor_table(setting, careers),
        "assessments": assessments_table(setting, careers, filed <= exams["quarter"]),
        "disputes": disputes,
        "rooms": rooms,
        "risks": risks_table(setting, population),
        "aid_cases": aid_table(setting, known, effects),
        "mutual_aid": mutual_aid,
        "services": services_table(setting),
        "activities": activities_table(setting),
        "job_services": job_services_table(setting, known, careers),
        "union_quarters": organisation.union_quarters_table(setting, population, careers),
        "titles": titles_table(setting, careers),
        "employer_years": organisation.employer_years_table(setting, population),
        "cadres": organisation.cadres_table(setting, population),
        "refunds": organisation.refunds_table(setting, known, population),
    }
    return SmallTables(tables, cases, risk)
