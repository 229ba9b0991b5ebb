"""How far may trends differ before the conclusion falls? (Rambachan and Roth 2023)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import Floats, Meaning, check_choice
from yuyao_lib.methods.departures import Path, relative_magnitudes, smoothness
from yuyao_lib.methods.event_regressions import EventStudy
from yuyao_lib.methods.group_time_results import Aggregate
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["HonestBounds", "honest_bounds", "path_of"]

TOPIC = "contracts"

Kind = Literal["relative_magnitudes", "smoothness"]
METHODS = {"relative_magnitudes": relative_magnitudes, "smoothness": smoothness}
KEYS = {"relative_magnitudes": "relative_magnitudes", "smoothness": "smoothness_bound"}
WORDS = {
    "relative_magnitudes": Text(
        "holds if no step of the difference in trends after adoption exceeds {bound:g} times"
        " the largest one before",
        "若处理后趋势差的每期变动不超过处理前最大变动的 {bound:g} 倍，则成立",
    ),
    "smoothness": Text(
        "holds if the slope of the difference in trends changes by at most {bound:g} a period",
        "若趋势差的斜率每期变化不超过 {bound:g}，则成立",
    ),
}
INFERENCE = {
    "relative_magnitudes": Text(
        "conditional test with a least-favourable first stage, inverted; normal approximation",
        "以最不利第一阶段的条件检验反演得到；正态近似",
    ),
    "smoothness": Text(
        "shortest fixed-length interval for the worst departure; normal approximation",
        "针对最坏偏离的最短定长区间；正态近似",
    ),
}
TARGETS = {
    "first": Text("effect in the first period after adoption", "采用后第一期的效应"),
    "average": Text(
        "mean over the periods after adoption, each counted once",
        "采用后各期的平均，每期计一次",
    ),
}
SEARCH_LIMIT = 64.0


@dataclass(frozen=True, slots=True)
class HonestBounds:
    """Intervals that hold although trends may differ.

    Attributes
    ----------
    kind
        Which departures are allowed.
    original
        The target under parallel trends.
    bounds
        Allowed departures, ascending.
    intervals
        One estimate a bound; its interval allows for the departure.
    breakdown
        The largest departure at which the interval still leaves out zero.
    """

    kind: str
    original: Estimate
    bounds: tuple[float, ...]
    intervals: tuple[Estimate, ...]
    breakdown: Estimate

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """The original, one a bound, and the breakdown value."""
        return (self.original, *self.intervals, self.breakdown)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a bound; the first row is parallel trends, the last the breakdown."""
        return rows_of(self.estimates).assign(bound=[0.0, *self.bounds, None])

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def honest_bounds(
    study: Aggregate | EventStudy,
    *,
    kind: Kind = "relative_magnitudes",
    bounds: Sequence[float] = (0.5, 1.0, 1.5, 2.0),
    target: Literal["first", "average"] = "average",
    reference: float = -1.0,
    meaning: Meaning | None = None,
) -> HonestBounds:
    """Widen the interval of an event study for trends that may differ.

    Parameters
    ----------
    study
        Effects by time since adoption with one reference period: `sun_abraham`, or
        ``group_time(..., base_period="universal").aggregate("dynamic")``.
    kind
        ``relative_magnitudes``: a step after adoption is at most `bound` times the
        largest step before; ``smoothness``: the slope changes by at most `bound` a
        period, 0 being a straight line.
    bounds
        Allowed departures, 0 or more.
    target
        The effect in the first period after adoption, or the mean over all.
    reference
        The period whose coefficient is zero.
    meaning
        What the numbers are about.

    Raises
    ------
    InputError
        If a choice or a bound cannot be used.
    """
    meant = meaning or Meaning()
    check_choice("kind of departure", kind, tuple(METHODS))
    check_choice("target", target, ("first", "average"))
    wanted = _bounds(bounds)
    path = path_of(study, target=target, reference=reference)
    if isinstance(path, Text):
        return _nothing(kind, wanted, meant, path)
    at = tuple(_at(path, kind, bound, meant) for bound in wanted)
    original = replace(_original(path, meant), estimand=TARGETS[target])
    made = (original, *at, _breakdown(path, kind, meant))
    sizes = _sizes(study)
    first, *within, end = (replace(e, **sizes) if e.undefined is None else e for e in made)
    return HonestBounds(kind, first, wanted, tuple(within), end)


def _sizes(study: Aggregate | EventStudy) -> dict[str, Any]:
    """Return who stands behind the effects a bound is about: the fewest behind any of them."""
    names = ("n", "clusters", "persons", "employers", "residual_df")
    known = {name: [getattr(part, name) for part in study.parts] for name in names}
    least = {k: min((v for v in held if v is not None), default=None) for k, held in known.items()}
    one = study.parts[0]
    return {**least, "n_unit": one.n_unit, "cluster_unit": one.cluster_unit}


def path_of(
    study: Aggregate | EventStudy, *, target: str = "average", reference: float = -1.0
) -> Path | Text:
    """Cut an event study at its reference period, or say why it cannot be cut.

    Periods before must follow each other up to the reference, and periods after from it.
    """
    times = np.array(study.labels if isinstance(study, Aggregate) else study.event_times)
    values = [part.estimate for part in study.parts]
    if not len(times) or any(value is None for value in values):
        return Text(
            "there is no event study without gaps to build on",
            "没有完整的事件研究可作依据",
        )
    used = times != reference
    order = np.argsort(times[used])
    times = times[used][order]
    beta = np.array(values, dtype="float64")[used][order]
    spread = study.covariance[np.ix_(used, used)][np.ix_(order, order)]
    before = times < reference
    if not before.any() or before.all():
        return Text(
            "there is no period before the reference period, so departures cannot be scaled",
            "参照期之前没有时期，无法衡量偏离",
        )
    whole = np.concatenate([times[before], [reference], times[~before]])
    if (np.diff(whole) != np.diff(whole)[-1]).any():
        return Text(
            "the times since adoption have gaps, so steps cannot be compared",
            "处理后时长有缺口，各期变动不可比",
        )
    if np.linalg.eigvalsh(spread).min() <= 1e-12 * np.linalg.eigvalsh(spread).max():
        return Text(
            "the covariance of the event study is singular: too few clusters for its periods",
            "事件研究的协方差矩阵奇异：聚类数少于时期数",
        )
    q = int((~before).sum())
    weights = np.eye(q)[0] if target == "first" else np.full(q, 1 / q)
    return Path(beta[before], beta[~before], spread, weights)


def _bounds(bounds: Sequence[float]) -> tuple[float, ...]:
    """Return the bounds ascending, or say what one may be."""
    for bound in bounds:
        if not (np.isfinite(bound) and bound >= 0):
            raise InputError(sentence("bound on departures", got=bound, allowed="0 or more"))
    if not len(bounds):
        raise InputError("give at least one bound on departures.")
    return tuple(sorted(float(bound) for bound in bounds))


def _spread(path: Path) -> float:
    """Return the standard error of the target under parallel trends."""
    p = len(path.before)
    after: Floats = path.covariance[p:, p:]
    return float(np.sqrt(path.weights @ after @ path.weights))


def _original(path: Path, meaning: Meaning) -> Estimate:
    """Return the target under parallel trends."""
    interval = wald(path.target, _spread(path), level=meaning.level)
    return meaning.estimate("parallel_trends", "event_study", **interval)


def _at(path: Path, kind: str, bound: float, meaning: Meaning) -> Estimate:
    """Return the interval at one bound; its centre is the estimate."""
    low, high = METHODS[kind](path, bound=bound, level=meaning.level)
    return meaning.estimate(
        f"{kind}_{bound:g}",
        KEYS[kind],
        estimate=(low + high) / 2,
        low=low,
        high=high,
        estimand=WORDS[kind].format(bound=bound),
        inference=INFERENCE[kind],
    )


def _breakdown(path: Path, kind: str, meaning: Meaning) -> Estimate:
    """Find the largest bound at which zero is left out, by doubling and halving."""

    def out(bound: float) -> bool:
        low, high = METHODS[kind](path, bound=bound, level=meaning.level)
        return low > 0 or high < 0

    scale = 1.0 if kind == "relative_magnitudes" else max(_spread(path), 1e-12)
    own = {"term": "breakdown_value"}
    if kind == "relative_magnitudes":
        own["unit"] = "ratio"
    if not out(0.0):
        why = Text(
            "already without any departure of this kind the interval contains zero",
            "即使没有这类偏离，区间也包含零",
        )
        return meaning.estimate("breakdown", KEYS[kind], undefined=why, **own)
    high = scale
    while out(high) and high < SEARCH_LIMIT * scale:
        high *= 2
    low = 0.0
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (middle, high) if out(middle) else (low, middle)
    return meaning.estimate("breakdown", KEYS[kind], estimate=low, **own)


def _nothing(kind: str, bounds: tuple[float, ...], meaning: Meaning, why: Text) -> HonestBounds:
    """Return bounds that say why there are none."""
    at = tuple(meaning.estimate(f"{kind}_{b:g}", KEYS[kind], undefined=why) for b in bounds)
    original = meaning.estimate("parallel_trends", "event_study", undefined=why)
    end = meaning.estimate("breakdown", KEYS[kind], undefined=why, term="breakdown_value")
    return HonestBounds(kind, original, bounds, at, end)
