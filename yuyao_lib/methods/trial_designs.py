"""The declared trials: contract firms drawn from the simulation, and a jump at a cut-off."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from yuyao_lib.methods.contract_effects import stayers_effect
from yuyao_lib.methods.contract_firms import contract_firms, pay_panel
from yuyao_lib.methods.estimator_trials import Outcome, Trial
from yuyao_lib.methods.firm_cells import firm_cells, merge_grades, stayer_changes
from yuyao_lib.methods.imputed_effects import imputation
from yuyao_lib.methods.inference_choice import choose_interval
from yuyao_lib.vocabulary import Text

__all__ = ["contract_trial", "contract_trials", "cutoff_trial", "cutoff_trials"]

COLUMNS: dict[str, Any] = {
    "outcome": "log_gross_wage",
    "unit": "employer_id",
    "period": "period",
    "first_treated": "first_contract",
    "weights": "workers",
}
SHARE = 0.1  # of each firm's jobs that is drawn


def contract_trials(draws: int = 199) -> tuple[Trial, ...]:
    """Return the trials of the contract page: size, power, fewer firms, louder shocks, a trend.

    Parameters
    ----------
    draws
        Deals and bootstrap samples in each replication.
    """
    return (
        contract_trial(effect=0.0, draws=draws),
        contract_trial(draws=draws),
        contract_trial(n_treated=12, draws=draws),
        contract_trial(firm_shock_sd=0.05, draws=draws),
        contract_trial(effect=0.0, pretrend=0.002, draws=draws),
    )


def contract_trial(
    *,
    n_treated: int = 31,
    effect: float = 1.0,
    firm_shock_sd: float = 0.03,
    pretrend: float = 0.0,
    draws: int = 199,
) -> Trial:
    """Return a trial of the estimators of contract effects.

    Parameters
    ----------
    n_treated, effect, firm_shock_sd, pretrend
        As in `draw_experiment`.
    draws
        Deals and bootstrap samples in each replication.
    """
    key = f"n{n_treated}_x{effect:g}_s{firm_shock_sd:g}_p{pretrend:g}"
    words = _in_words(n_treated, effect, firm_shock_sd, pretrend)
    once = partial(
        _contracts,
        n_treated=n_treated,
        effect=effect,
        firm_shock_sd=firm_shock_sd,
        pretrend=pretrend,
        draws=draws,
    )
    return Trial(key, words, once, null=effect == 0, part="contracts")


def _in_words(n_treated: int, effect: float, firm_shock_sd: float, pretrend: float) -> Text:
    """Say what was set."""
    strength = Text("an effect", "有效应") if effect == 1 else Text(
        f"{effect:g} times the effect", f"{effect:g} 倍效应"
    )  # fmt: skip
    if effect == 0:
        strength = Text("no effect", "无效应")
    trend = Text(f"a trend of {pretrend:g} a quarter before", f"此前每季度趋势 {pretrend:g}")
    if pretrend == 0:
        trend = Text("no trend before", "此前无趋势")
    return Text(
        f"{n_treated} firms, {strength.en}, {trend.en}, shocks of firms {firm_shock_sd:g}",
        f"{n_treated} 家企业，{strength.zh}，{trend.zh}，企业冲击 {firm_shock_sd:g}",
    )


def _contracts(seed: int, *, draws: int, **options: Any) -> list[Outcome]:
    """Draw contract firms with controls once and estimate the effect every way."""
    from yuyao_lib.sources.simulation import draw_experiment

    drawn = draw_experiment(seed, worker_share=SHARE, **options)
    pay = drawn.data.frame(
        "worker_quarters", columns=["worker_id", "employer_id", "quarter", "gross_wage"]
    )
    firms = contract_firms(drawn.data.frame("employers"), drawn.data.frame("contracts"))
    rows = pay_panel(merge_grades(firm_cells(pay)), firms)
    grouped = choose_interval(rows, **COLUMNS, draws=draws, seed=seed)
    static = choose_interval(
        rows, **COLUMNS, estimator="two_way_fixed_effects", draws=draws, seed=seed
    )
    cohorts = dict(zip(firms["employer_id"], firms["first_contract"], strict=True))
    changes = stayer_changes(pay, cohorts=cohorts).merge(
        firms[["employer_id", "first_contract"]], on="employer_id"
    )
    att, stay = drawn.truth["all_cells"]["att"], drawn.truth["stayers"]["att"]
    named = {f"group_time {e.method}": (att, e) for e in grouped.estimates}
    named |= {f"two_way {e.method}": (att, e) for e in static.estimates}
    named["imputation"] = (att, imputation(rows, **COLUMNS).overall)
    named["stayers"] = (stay, stayers_effect(changes))
    return [Outcome.of(name, truth, e) for name, (truth, e) in named.items()]


def cutoff_trial(*, jump: float = 0.1, n: int = 1500) -> Trial:
    """Return a trial of the jump at a cut-off, as at a pass mark.

    Parameters
    ----------
    jump
        What was set.
    n
        Persons a draw.
    """
    words = Text(f"jump of {jump:g} at a mark, {n} persons", f"分数线处跳跃 {jump:g}，{n} 人")
    return Trial(f"cutoff_{jump:g}", words, partial(_cutoff, jump=jump, n=n), null=jump == 0,
                 part="single")  # fmt: skip


def cutoff_trials() -> tuple[Trial, ...]:
    """Return the trials of a jump, with one and without."""
    return cutoff_trial(jump=0.1), cutoff_trial(jump=0.0)


def _cutoff(seed: int, *, jump: float, n: int) -> list[Outcome]:
    """Draw scores and pay with a curved relation and a jump, and estimate the jump."""
    import pandas as pd

    from yuyao_lib.methods.discontinuity import discontinuity

    rng = np.random.default_rng(seed)
    score = rng.normal(62, 12, n)
    x = (score - 60) / 40
    pay = 0.3 * x + 0.2 * x**2 + jump * (score >= 60) + rng.normal(0, 0.2, n)
    rows = pd.DataFrame({"score": score, "log_pay": pay})
    found = discontinuity(rows, outcome="log_pay", running="score", cutoff=60.0)
    return [Outcome.of(f"cutoff {e.key}", jump, e) for e in found.estimates[:2]]
