"""Observed and counterfactual statistics as a result, and how its numbers are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.counterfactuals import Counted, Study
from yuyao_lib.methods.distribution_measures import RATIO, unit_of
from yuyao_lib.methods.linearised import PayRows
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Reweighted", "Support", "Teller", "nothing", "support_of"]

TOPIC = "structure"
BINS = 20
FEWEST_DRAWS = 0.9
TOO_FEW_DRAWS = Text(
    "too many of the resamples cannot be reweighted", "太多的再抽样样本无法重新加权"
)
UNMEASURED = Text("this statistic is not defined for these rows", "该统计量对这些行没有定义")


@dataclass(frozen=True, slots=True)
class Support:
    """Whether the counterfactual rests on people who are there.

    Attributes
    ----------
    edges, members, others
        Edges of twenty bins of the probability of being in the group, and the rows of
        each side in them.
    outside
        Share of the side that is replaced whose probability lies beyond the side that
        stands in for it.
    effective, n
        Effective number of rows behind the counterfactual, (sum w)^2 / sum w^2, and rows.
    largest
        Share of all weight on the one row that has most.
    imbalance
        Largest difference between mean characteristics of the counterfactual and of those
        it should resemble, in standard deviations.
    undefined
        Why there is no counterfactual.
    """

    edges: tuple[float, ...]
    members: tuple[int, ...]
    others: tuple[int, ...]
    outside: float
    effective: float
    n: int
    largest: float
    imbalance: float
    undefined: Text | None = None


@dataclass(frozen=True, slots=True)
class Reweighted:
    """Observed and counterfactual inequality.

    Attributes
    ----------
    estimates
        For each statistic, keys ``gini_observed``, ``gini_counterfactual`` and
        ``gini_part`` (observed minus counterfactual), and so on; percentiles as logs.
    statistics
        Measures, then ``percentile_10`` and so on.
    kind
        Which counterfactual.
    support
        Whether it rests on people who are there.
    draws, failed
        Resamples made, and those that could not be reweighted.
    curves
        Points of log pay with the observed and the counterfactual density.
    shares
        The group's share, observed and in the counterfactual.
    dropped
        Rows left out because a value was missing.
    group
        Column of the group.
    years
        The period that is reweighted and the one whose coverage it is given; None
        without periods.
    """

    estimates: tuple[Estimate, ...]
    statistics: tuple[str, ...]
    kind: str
    support: Support
    draws: int
    failed: int
    curves: tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]
    shares: tuple[float, float] | None
    dropped: int
    group: str
    years: tuple[Any, Any]

    def of(self, name: str, part: str = "part") -> Estimate:
        """Return one statistic: ``observed``, ``counterfactual`` or their difference.

        Raises
        ------
        InputError
            If there is no such statistic.
        """
        known = {e.key: e for e in self.estimates}
        if f"{name}_{part}" not in known:
            got = f"{name}_{part}"
            raise InputError(sentence("no such statistic", got=got, allowed=list(known)))
        return known[f"{name}_{part}"]

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


@dataclass(frozen=True, slots=True)
class Teller:
    """What turns statistics and resamples into estimates."""

    rows: PayRows
    study: Study
    level: float
    resamples: np.ndarray
    failed: int
    draws: int

    def three(self, name: str, held: np.ndarray, place: int) -> list[Estimate]:
        """Tell the observed and counterfactual statistic and their difference."""
        observed, counterfactual = held[:, place]
        spread = self.resamples[:, :, place]
        ratio = RATIO.fullmatch(name) is not None
        return [
            self._one(name, "observed", observed, spread[:, 0], ratio),
            self._one(name, "counterfactual", counterfactual, spread[:, 1], ratio),
            self._one(name, "part", observed - counterfactual, spread[:, 0] - spread[:, 1], False),
        ]

    def _one(
        self, name: str, part: str, value: float, spread: np.ndarray, exponent: bool
    ) -> Estimate:
        """Tell one number with an interval from the spread of the resamples.

        Pay is heaped at round numbers, so percentiles of resamples jump; their quantiles
        may leave the estimate out, its value give or take their spread does not.
        """
        from scipy import stats

        said = _meaning(name, part)
        usable = spread[np.isfinite(spread)]
        if not np.isfinite(value):
            return _estimate(said, self.rows, self.level, undefined=UNMEASURED)
        if len(usable) < FEWEST_DRAWS * self.draws:
            return _estimate(said, self.rows, self.level, undefined=TOO_FEW_DRAWS)
        error = float(usable.std(ddof=1))
        reach = float(stats.norm.ppf((1 + self.level) / 2)) * error
        tested = part == "part" and error > 0
        p_value = 2 * float(stats.norm.sf(abs(value) / error)) if tested else None
        ends = np.array([value, value - reach, value + reach])
        value, low, high = np.exp(ends) if exponent else ends
        return _estimate(
            said,
            self.rows,
            self.level,
            estimate=float(value),
            low=float(low),
            high=float(high),
            standard_error=error * float(value) if exponent else error,
            p_value=p_value,
            n=int(self.study.now.sum()),
            persons=None if part == "observed" else self._smaller_side,
            clusters=len(np.unique(self.rows.clusters[self.study.now])),
            cluster_unit="persons",
            inference=_how(self.draws, self.failed),
            residual_df=None if part == "observed" else self._residual_df,
        )

    @property
    def _smaller_side(self) -> int:
        """Fewest persons in or out of the group, then or now."""
        held = self.study
        member: np.ndarray = self.study.member.astype(bool)
        cells = [time & side for time in (held.now, held.base) for side in (member, ~member)]
        sizes = [len(np.unique(self.rows.clusters[cell])) for cell in cells]
        return min((size for size in sizes if size), default=0)

    @property
    def _residual_df(self) -> int:
        """Persons of the smaller of the two logits less what each has fitted."""
        sides = (self.study.now, self.study.base)
        least = min(len(np.unique(self.rows.clusters[side])) for side in sides)
        return least - self.study.x.shape[1]


def _meaning(name: str, part: str) -> dict[str, Any]:
    """Return key, term, method and unit of a number."""
    point = name.startswith("percentile_")
    logged = point or RATIO.fullmatch(name) is not None
    terms = {
        "observed": "percentile" if point else "percentile_ratio" if logged else name,
        "counterfactual": "counterfactual_percentile" if point else "counterfactual_inequality",
        "part": "part_of_percentile" if point else "part_of_inequality",
    }
    unit = "log_points" if point or (logged and part == "part") else unit_of(name)
    method = "sample_measure" if part == "observed" else "dfl_reweighting"
    return {"key": f"{name}_{part}", "term": terms[part], "method": method, "unit": unit}


def _estimate(said: dict[str, Any], rows: PayRows, level: float, **values: Any) -> Estimate:
    """Make an estimate."""
    observed = said["method"] == "sample_measure"
    design = Design.DESCRIPTION if observed else Design.OBSERVATIONAL
    repeated = values["n"] > values["clusters"] if "n" in values else rows.repeated
    n_unit = "person_years" if repeated else "persons"
    return Estimate(**said, design=design, level=level, n_unit=n_unit, **values)


def _how(draws: int, failed: int) -> Text:
    """Say how the intervals were made."""
    lost = Text(f", {failed} of them without a counterfactual", f"，其中 {failed} 次无法得到反事实")
    en = f"bootstrap, {draws} resamples of persons within periods, normal distribution"
    zh = f"自助法，各期内按人再抽样 {draws} 次，正态分布"
    return Text(en + lost.en, zh + lost.zh) if failed else Text(en, zh)


def nothing(
    why: Text,
    statistics: Sequence[str],
    kind: str,
    rows: PayRows,
    level: float,
    group: str,
    years: tuple[Any, Any],
) -> Reweighted:
    """Return a result that says why there is none."""
    parts = ("observed", "counterfactual", "part")
    found = tuple(
        _estimate(_meaning(name, part), rows, level, undefined=why)
        for name in statistics
        for part in parts
    )
    none = (0,) * BINS
    edges = tuple(float(x) for x in np.linspace(0, 1, BINS + 1))
    support = Support(edges, none, none, 1.0, 0.0, 0, 0.0, 0.0, why)
    empty: tuple[float, ...] = ()
    curves = (empty, empty, empty)
    return Reweighted(
        found, tuple(statistics), kind, support, 0, 0, curves, None, rows.dropped, group, years
    )


def support_of(study: Study, whole: Counted) -> Support:
    """Say whether the counterfactual rests on people who are there."""
    edges = np.linspace(0, 1, BINS + 1)
    p, member = whole.score, study.member[whole.rows]
    sides = [np.histogram(p[member == side], edges)[0] for side in (True, False)]
    w = whole.counterfactual / whole.counterfactual.sum()
    return Support(
        tuple(float(x) for x in edges),
        tuple(int(c) for c in sides[0]),
        tuple(int(c) for c in sides[1]),
        float((p[member] > p[~member].max()).mean()),
        float(1 / (w @ w)),
        int((w > 0).sum()),
        float(w.max()),
        study.imbalance(whole),
    )
