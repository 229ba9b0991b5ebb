"""What the usual two-way regression compares: its decomposition and negative weights.

Lives here: the static two-way fixed-effects coefficient with clustered errors, its
split into two-by-two comparisons (Goodman-Bacon 2021) and the weights it puts on the
effects of treated cells (de Chaisemartin and D'Haultfoeuille 2020).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.findings import Design as Evidence
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import (
    AdoptionPanel,
    Floats,
    Meaning,
    adoption_panel,
    why_undefined,
)
from yuyao_lib.methods.clustered_regression import panel_design, regress
from yuyao_lib.methods.inference_clusters import CRV1
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FORBIDDEN", "KINDS", "Comparison", "StaticTwoWay", "two_way_fixed_effects"]

TOPIC = "contracts"

KINDS = {
    "treated_never": Text("adopters against never-treated units", "处理单位与从未处理单位"),
    "earlier_later": Text("earlier against later adopters", "较早与较晚处理单位"),
    "later_earlier": Text(
        "later against earlier adopters, already treated (a forbidden comparison)",
        "较晚处理单位与已处理单位（不当比较）",
    ),
    "treated_always": Text(
        "adopters against units treated from the start (a forbidden comparison)",
        "处理单位与一开始就已处理的单位（不当比较）",
    ),
}
FORBIDDEN = ("later_earlier", "treated_always")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One two-by-two comparison.

    Attributes
    ----------
    kind
        Key of `KINDS`.
    treated, control
        Cohorts; infinite for never-treated units.
    weight, estimate
        Share in the coefficient, and the comparison's own difference in differences.
    """

    kind: str
    treated: float
    control: float
    weight: float
    estimate: float


@dataclass(frozen=True, slots=True)
class StaticTwoWay:
    """The coefficient and what stands behind it.

    Attributes
    ----------
    estimates
        The coefficient (key ``coefficient``), the share of forbidden comparisons
        (``forbidden_share``), the share of treated cells with a negative weight
        (``negative_cells``) and the sum of negative weights (``negative_sum``).
    comparisons
        The split; empty where the coefficient is undefined.
    """

    estimates: tuple[Estimate, ...]
    comparisons: tuple[Comparison, ...] = ()

    @property
    def coefficient(self) -> Estimate:
        """The two-way fixed-effects coefficient."""
        return self.estimates[0]

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def comparisons_frame(self) -> pd.DataFrame:
        """Return one row a comparison."""
        import pandas as pd

        names = ["kind", "treated", "control", "weight", "estimate"]
        rows = [[getattr(c, name) for name in names] for c in self.comparisons]
        return pd.DataFrame(rows, columns=names)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def two_way_fixed_effects(
    frame: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    period: str,
    first_treated: str,
    cluster: str | None = None,
    weights: str | None = None,
    meaning: Meaning | None = None,
) -> StaticTwoWay:
    """Estimate the static two-way regression and take it apart.

    Parameters
    ----------
    frame, outcome, unit, period, first_treated, cluster, weights
        As in `adoption_panel`.
    meaning
        What the numbers are about.

    Notes
    -----
    The comparisons' weights sum to one and their weighted sum is the coefficient, also
    with weights that do not change over time.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame([(f, t, float(f + t + (f < 4) * (t > 2)), (f < 4) * 3)
    ...                      for f in range(9) for t in (1, 2, 3)],
    ...                     columns=["firm", "year", "pay", "since"])
    >>> found = two_way_fixed_effects(rows, outcome="pay", unit="firm", period="year",
    ...                               first_treated="since")
    >>> round(found.coefficient.estimate, 6), len(found.comparisons)
    (1.0, 1)
    """
    meant = meaning or Meaning()
    panel = adoption_panel(
        frame,
        outcome=outcome,
        unit=unit,
        period=period,
        first_treated=first_treated,
        cluster=cluster,
        weights=weights,
    )
    why = why_undefined(panel, controls="not_yet")
    if why is not None and not _varies(panel):
        return StaticTwoWay(
            (meant.estimate("coefficient", "two_way_fixed_effects", undefined=why),)
        )
    comparisons = tuple(_compare(panel))
    negative = _negative(panel)
    forbidden = sum(c.weight for c in comparisons if c.kind in FORBIDDEN)
    shares = [("forbidden_share", forbidden), *negative]
    made = [_share(meant, key, value, panel.outcome.size) for key, value in shares]
    return StaticTwoWay((_coefficient(panel, meant), *made), comparisons)


def _varies(panel: AdoptionPanel) -> bool:
    """Whether treatment still varies once unit and period means are taken out."""
    return panel.n_clusters > 1 and bool(np.abs(_residual(panel)).max() > 1e-12)


def _residual(panel: AdoptionPanel) -> Floats:
    """Return treatment less unit and period means, shape (N, T)."""
    d = panel.treated.astype("float64")
    w = panel.weights / panel.weights.sum()
    by_period = w @ d
    return d - d.mean(axis=1, keepdims=True) - by_period + by_period.mean()


def _coefficient(panel: AdoptionPanel, meaning: Meaning) -> Estimate:
    """Estimate the coefficient with clustered errors and Student's t."""
    columns = panel.treated.astype("float64")[:, :, None]
    fit = regress(panel_design(panel, columns, ["treated"]))
    found = fit.value("treated")
    if found is None:
        why = Text("treatment does not vary within periods", "处理状态在时期内没有变化")
        return meaning.estimate("coefficient", "two_way_fixed_effects", undefined=why)
    value, error = found
    return meaning.estimate(
        "coefficient",
        "two_way_fixed_effects",
        **wald(value, error, level=meaning.level, df=fit.clusters - 1),
        n=fit.n,
        clusters=fit.clusters,
        behind=panel.behind(),
        residual_df=panel.residual_df(1),
        inference=CRV1.format(clusters=fit.clusters, factor=fit.factor),
    )


def _share(meaning: Meaning, key: str, value: float, n: int) -> Estimate:
    """Return a share that describes the regression, without uncertainty of its own."""
    return Estimate(
        key=key,
        term="comparison_weight" if key == "forbidden_share" else "negative_weight_share",
        method="twfe_decomposition",
        unit="share",
        design=Evidence.DESCRIPTION,
        estimate=value,
        n=n,
        n_unit=meaning.n_unit,
    )


def _negative(panel: AdoptionPanel) -> list[tuple[str, float]]:
    """Return the share of treated cells with a negative weight, and their sum."""
    weight = panel.weights[:, None] * _residual(panel)
    treated = panel.treated
    scaled = weight[treated] / weight[treated].sum()
    below = scaled[scaled < -1e-12]
    return [
        ("negative_cells", float(len(below) / len(scaled))),
        ("negative_sum", float(below.sum())),
    ]


def _compare(panel: AdoptionPanel) -> Iterator[Comparison]:
    """Split the coefficient into every pair of cohorts and every window."""
    bounded = np.where(panel.first > panel.periods[-1], np.inf, panel.first)
    bounded = np.where(bounded <= panel.periods[0], -np.inf, bounded)
    groups = np.unique(bounded)
    share = {g: panel.weights[bounded == g].sum() / panel.weights.sum() for g in groups}
    mean = {
        g: np.average(panel.outcome[bounded == g], axis=0, weights=panel.weights[bounded == g])
        for g in groups
    }
    on = {g: panel.periods >= g for g in groups}
    total = float((panel.weights[:, None] * _residual(panel) ** 2).sum())
    total /= panel.weights.sum() * len(panel.periods)
    for i, early in enumerate(groups):
        for late in groups[i + 1 :]:
            for kind, treated, control, window in _windows(panel, early, late, on):
                yield _two_by_two(kind, treated, control, window, on, mean, share, total)


def _windows(
    panel: AdoptionPanel, early: float, late: float, on: dict[float, np.ndarray]
) -> Iterator[tuple[str, float, float, np.ndarray]]:
    """Name the comparisons of two cohorts and the periods they use."""
    everything: np.ndarray = np.ones(len(panel.periods), bool)
    if np.isinf(early) and np.isinf(late):
        return
    if np.isinf(late):
        yield "treated_never", early, late, everything
    elif np.isinf(early):
        yield "treated_always", late, early, everything
    else:
        yield "earlier_later", early, late, ~on[late]
        yield "later_earlier", late, early, on[early]


def _two_by_two(
    kind: str,
    treated: float,
    control: float,
    window: np.ndarray,
    on: dict[float, np.ndarray],
    mean: dict[float, Floats],
    share: dict[float, float],
    total: float,
) -> Comparison:
    """Estimate one comparison and its weight (share of the variance of treatment)."""
    after, before = window & on[treated], window & ~on[treated]
    gap = mean[treated] - mean[control]
    value = float(gap[after].mean() - gap[before].mean())
    length = len(window)
    both = share[treated] + share[control]
    mixed = share[treated] * share[control] / both**2
    spread = after.sum() * before.sum() / window.sum() ** 2
    weight = both**2 * (window.sum() / length) ** 2 * mixed * spread / total
    return Comparison(kind, float(treated), float(control), float(weight), value)
