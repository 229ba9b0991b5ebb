"""What is true of a register: effects as set, and their averages in the data as drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.findings import Mode
from yuyao_lib.sources.simulation.careers import Careers
from yuyao_lib.sources.simulation.disputes import Cases
from yuyao_lib.sources.simulation.panel import stayers
from yuyao_lib.sources.simulation.parameters import Parameters
from yuyao_lib.sources.simulation.pay import Covered, Pay
from yuyao_lib.sources.simulation.relief import Risk
from yuyao_lib.sources.simulation.setting import (
    GENERATOR_VERSION,
    N_QUARTERS,
    Effects,
    Setting,
    quarter_names,
)

__all__ = ["contract_truth", "truth_of"]

WITHOUT_EFFECT = ("degree", "title", "prize", "proposal")  # on pay: pay never reads them
NEAR_MARK = 2.0  # points around the pass mark over which the pooled jump is averaged


def truth_of(
    setting: Setting,
    known: Parameters,
    effects: Effects,
    careers: Careers,
    pay: Pay,
    cases: Cases,
    risk: Risk,
) -> dict[str, Any]:
    """Return everything that is true, ready for JSON."""
    banner = Mode.SIMULATED.text
    return {
        "mode": Mode.SIMULATED.value,
        "banner": banner.to_dict(),
        "generator_version": GENERATOR_VERSION,
        "seed": setting.seed,
        "scale": setting.scale,
        "null": setting.null,
        "pretrend": setting.pretrend,
        "amount_scope": setting.amount_scope,
        "heaping": setting.heaping,
        "quarters": [quarter_names()[0], quarter_names()[-1]],
        "parameter_counts": known.counts(),
        "parameters": known.to_list(),
        "truths": {
            "contract": contract_truth(careers, pay.covered),
            "grade_premium": _cumulative(effects),
            "exam": _exam(known, effects, careers),
            "ratios": _ratios(effects, cases),
            "training": {"log_points": effects.training},
            **{name: {"log_points": 0.0} for name in WITHOUT_EFFECT},
            "hardship": _hardship(known, effects),
            "mutual_aid": _mutual_aid(effects, risk),
            "variance": pay.moments.to_dict(),
            "lasting_variance": pay.lasting.to_dict(),
            "firm_quarter_shock": {
                "sd": float(pay.shock.std(dtype=np.float64)),
                "ar1": known["ar1_firm_quarter"],
            },
            "schooling": {"log_points_per_year": known["return_schooling_sim"]},
            "membership": {"log_points": known["true_membership_effect"]},
            "placement": {"log_odds": known["true_placement_effect"]},
            "employer_years": {"injury_rate_ratio": 1.0},
            "cadres": {"allowance_rate_ratio": 1.0},
            "refunds": {"limit_cny": known["refund_limit"], "headcount_log_points": 0.0},
        },
    }


def contract_truth(careers: Careers, covered: Covered) -> dict[str, Any]:
    """Average the contract's effect over the worker-quarters each estimator aims at."""
    stays = stayers(careers, covered)
    return {
        "unit": "log_points",
        "all_cells": _averages(careers, covered, np.ones(stays.shape, dtype=bool)),
        "stayers": _averages(careers, covered, stays),
    }


def _averages(careers: Careers, covered: Covered, mask: NDArray[np.bool_]) -> dict[str, Any]:
    """Average tau over the masked cells since the start, in every grouping."""
    event = np.arange(N_QUARTERS)[:, None] - covered.start[None, :]
    cell = mask & (event >= 0)
    tau = covered.tau[cell].astype(np.float64)
    grade = careers.grade[:, covered.jobs][cell]
    start = np.broadcast_to(covered.start[None, :], event.shape)[cell]
    names = quarter_names()
    groups: dict[str, tuple[np.ndarray, Callable[[int], str]]] = {
        "by_event_time": (event[cell], str),
        "by_cohort": (start, lambda g: names[g]),
        "by_grade": (grade, str),
    }
    found: dict[str, Any] = {
        "att": float(tau.mean()),
        "without_allowance": float(covered.base_part[cell].mean(dtype=np.float64)),
        "n_cells": int(cell.sum()),
    }
    for name, (keys, word) in groups.items():
        found[name] = {word(int(k)): float(tau[keys == k].mean()) for k in np.unique(keys)}
    found["by_cohort_and_event_time"] = {
        names[g]: {
            str(e): float(tau[(start == g) & (event[cell] == e)].mean())
            for e in np.unique(event[cell][start == g])
        }
        for g in np.unique(start)
    }
    return found


def _cumulative(effects: Effects) -> dict[str, float]:
    """Return the causal premium of each grade over none."""
    return {str(grade): value for grade, value in enumerate(effects.grade_steps)}


def _exam(known: Parameters, effects: Effects, careers: Careers) -> dict[str, Any]:
    """Return the jump of log pay at the pass mark: by target grade, and pooled near it."""
    steps = np.diff(effects.grade_steps)
    exams = careers.exams
    lower = np.minimum(exams["theory"], exams["skill"])
    near = np.abs(lower - known["exam_pass_mark"]) <= NEAR_MARK
    targets = exams["target"][near]
    pooled = float(steps[targets - 1].mean()) if len(targets) else float(steps[0])
    return {
        "mark": known["exam_pass_mark"],
        "running": "min(theory, skill)",
        "jump_by_target_grade": {str(g + 1): float(step) for g, step in enumerate(steps)},
        "jump_pooled_near_mark": pooled,
        "note": "from the quarter after the exam; who fails may try again",
    }


def _ratios(effects: Effects, cases: Cases) -> dict[str, Any]:
    """Return the ratios on hazards and incidences."""
    return {
        "promotion_accreditation": effects.accreditation,
        "promotion_mentor": effects.mentor,
        "promotion_contest": effects.contest,
        "separation_contract": effects.separation,
        "disputes_contract": effects.disputes,
        "settlement_standard": effects.settlement,
        "n_cases_after_standard": int(cases.after_standard.sum()),
        "n_cases_under_contract": int(cases.covered.sum()),
        "note": "promotion and separation: ratios of quarterly probabilities;"
        " settlement: cause-specific hazard; disputes: incidence rate",
    }


def _hardship(known: Parameters, effects: Effects) -> dict[str, float]:
    """Return the jumps in leaving hardship within twelve months."""
    return {
        "living_standard_month": known["living_standard_month"],
        "jump_at_1": effects.hardship_first,
        "jump_at_2": effects.hardship_second,
    }


def _mutual_aid(effects: Effects, risk: Risk) -> dict[str, float]:
    """Return how enrolment depends on health risk."""
    return {
        "log_odds_per_sd": effects.adverse_selection,
        "mean_risk_enrolled": risk.enrolled,
        "mean_risk_others": risk.others,
    }
