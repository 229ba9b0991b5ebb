"""The contract page on trial where pay parts before any contract: its answers, its verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yuyao_lib.methods.contract_trials import (
    COLUMNS,
    DRAWS,
    LAGS,
    LEADS,
    TRUE,
    judged_at,
    trial_tables,
)
from yuyao_lib.methods.known_answers import KnownAnswers

if TYPE_CHECKING:
    from yuyao_lib.methods.verdicts import Verdict
    from yuyao_lib.sources.dataset import Dataset

__all__ = ["ask_trend", "trend_page"]

SHORT_LEADS = 8  # quarters on which bounds rest, as the page takes them
SMALLEST = 0.018  # log points, as the page asks about


def trend_page(data: Dataset, *, draws: int = DRAWS) -> dict[str, KnownAnswers]:
    """Ask the contract page about a register in which pay parts before any contract.

    Parameters
    ----------
    data, draws
        As in `contract_page`.

    Returns
    -------
    dict
        ``trend``: the slope before the contract beside the one that was set, the effect
        as it would be told without the trend, which has no effect as its answer, and what
        is left of it when trends may go on (`honest_bounds`).
    """
    return {"trend": ask_trend(data, draws=draws)[0]}


def ask_trend(
    data: Dataset, *, draws: int = DRAWS, smallest_of_interest: float = SMALLEST
) -> tuple[KnownAnswers, Verdict]:
    """Return the answers of `trend_page`, and the verdict with which that page ends.

    Parameters
    ----------
    data, draws
        As in `contract_page`.
    smallest_of_interest
        The smallest effect worth knowing, log points.
    """
    from yuyao_lib.methods import contracts
    from yuyao_lib.methods.event_windows import parts_by_firms
    from yuyao_lib.methods.inference_choice import choose_interval

    _, _, rows = trial_tables(data)
    chosen = choose_interval(rows, **COLUMNS, draws=draws).chosen
    effects = contracts.group_time(rows, **COLUMNS, base_period="universal")
    path = parts_by_firms(effects, "dynamic", first=-LEADS, last=LAGS)
    near = parts_by_firms(effects, "dynamic", first=-SHORT_LEADS, last=LAGS)
    slope = contracts.pre_trend_slope(path, treated=effects.panel.treated_clusters())
    bounds = contracts.honest_bounds(near, kind="relative_magnitudes", bounds=[0.5, 1.0, 2.0])
    made = [(slope.estimates[0], "pretrend"), (chosen, f"{TRUE}/att")]
    made += [(e, f"{TRUE}/att") for e in bounds.estimates if e.key != "breakdown"]
    verdict = contracts.can_tell(
        chosen, bounds=bounds, slope=slope, smallest_of_interest=smallest_of_interest
    )
    return judged_at(made), verdict
