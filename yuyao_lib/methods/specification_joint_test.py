"""One permutation test of a whole curve of specifications.

Histories of the treatment are dealt to other units, or rows, and the median absolute
t-statistic is compared with its permuted copies (Simonsohn, Simmons and Nelson 2020).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.hypotheses import Hypothesis
from yuyao_lib.methods.smaller_sides import fewest_of
from yuyao_lib.methods.specification_permutations import Dealt, at_once, permuted_t
from yuyao_lib.methods.specification_runs import run_all, sample_of
from yuyao_lib.methods.specification_universe import Choice, Universe
from yuyao_lib.progress import watched
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats

__all__ = ["dealer", "joint_test"]


def joint_test(
    frame: pd.DataFrame,
    universe: Universe,
    meaning: Meaning,
    found: list[tuple[Choice, Estimate]],
    permutations: int,
    seed: int,
) -> Hypothesis:
    """Compare the median absolute t-statistic with its permuted copies."""
    name = Text("joint test of all specifications", "全部设定的联合检验")
    null = Text(
        "in no specification is the treatment related to the outcome",
        "在任何设定中处理均与结果无关",
    )
    if not found:
        return Hypothesis(
            name, null, undefined=Text("no specification could be run", "没有一个设定可以估计")
        )
    rng = np.random.default_rng(seed)
    observed = _median_t([e for _, e in found])
    if at_once(frame, universe):
        chosen = [choice for choice, _ in found]
        medians = _medians_at_once(frame, universe, chosen, permutations, rng)
        observed = float(medians[0])
        reached = int((medians[1:] >= observed * (1 - 1e-9)).sum())
    else:
        reached, deal = 0, dealer(frame, universe, rng)
        for _ in watched(range(permutations), what="permutations"):
            dealt = frame.assign(**{universe.treatment: deal()})
            results, _failed = run_all(dealt, universe, meaning)
            reached += _median_t([e for _, e in results]) >= observed * (1 - 1e-9)
    behind = fewest_of({"persons": e.persons, "employers": e.employers} for _, e in found)
    return Hypothesis(name, null, observed, None, (reached + 1) / (permutations + 1), **behind)


def _medians_at_once(
    frame: pd.DataFrame,
    universe: Universe,
    chosen: list[Choice],
    permutations: int,
    rng: np.random.Generator,
) -> Floats:
    """Return the median absolute t-statistic as it is, then under each permutation."""
    actual = frame[universe.treatment].to_numpy()
    deal = dealer(frame, universe, rng)
    columns = np.column_stack([actual, *(deal() for _ in range(permutations))])
    dealt = Dealt(columns.astype("float64"))
    numbered = frame.assign(_row=np.arange(len(frame)))
    samples = {name: sample_of(numbered, rule) for name, rule in universe.samples.items()}
    ratios = []
    for choice in watched(chosen, what="specifications"):
        part = samples[choice.sample]
        found = None if isinstance(part, str) else permuted_t(part, universe, choice, dealt)
        if found is not None:
            ratios.append(np.abs(found))
    known = np.array(ratios)
    return np.nan_to_num(np.nanmedian(known, axis=0)) if len(known) else np.zeros(len(columns.T))


def _median_t(found: list[Estimate]) -> float:
    """Return the median absolute t-statistic."""
    ratios = [
        abs(e.estimate) / e.standard_error
        for e in found
        if e.estimate is not None and e.standard_error
    ]
    return float(np.median(ratios)) if ratios else 0.0


def dealer(
    frame: pd.DataFrame, universe: Universe, rng: np.random.Generator
) -> Callable[[], np.ndarray]:
    """Return what deals histories of the treatment to units with the same periods, or rows."""
    values = frame[universe.treatment].to_numpy().copy()
    if universe.unit is None or universe.period is None:
        return lambda: rng.permutation(values)
    order = frame[[universe.unit, universe.period]].reset_index(drop=True)
    order = order.sort_values([universe.unit, universe.period], kind="stable")
    lengths = order.groupby(universe.unit, sort=True, observed=True).size().to_numpy()
    starts, rows = np.cumsum(lengths) - lengths, order.index.to_numpy()
    # one block a length of history: a row for each unit, its places in the frame
    blocks = [rows[starts[lengths == n][:, None] + np.arange(n)] for n in np.unique(lengths)]

    def deal() -> np.ndarray:
        dealt = values.copy()
        for block in blocks:
            dealt[block] = values[block[rng.permutation(len(block))]]
        return dealt

    return deal
