"""Every defensible way to run the analysis, and how much the answer depends on it.

Lives here: a declared universe of choices (outcome, sample, controls, estimator), all
run in this process, ordered as a curve (Simonsohn, Simmons and Nelson 2020), with what
was run, what failed and what was undefined; the share with another sign; which choice
moves the estimate; and one permutation test of the whole curve.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.adoption_periods import require
from yuyao_lib.methods.hypotheses import Hypothesis
from yuyao_lib.methods.smaller_sides import Counts, who_changes, who_is_on_smaller_side
from yuyao_lib.methods.specification_joint_test import joint_test
from yuyao_lib.methods.specification_runs import in_floats, run_all, sample_of
from yuyao_lib.methods.specification_universe import (
    DIMENSIONS,
    ESTIMATORS,
    Choice,
    Route,
    Universe,
)
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd


__all__ = ["ESTIMATORS", "Choice", "Curve", "Route", "Universe", "run"]


# estimators that compare units with themselves: only those who change count
WITHIN_UNITS = {"fixed_effects", "two_way_fixed_effects", "first_differences"}


@dataclass(frozen=True, slots=True)
class Curve:
    """What every choice gave.

    Attributes
    ----------
    choices, results
        Each combination that was run and its estimate, lowest estimate first.
    failed, undefined
        Combinations that could not be run, or have no estimate, with the reason.
    estimates
        Median (``median``), lowest and highest estimate, the share with another sign
        than the median (``sign_changes``) and the share whose interval leaves out zero
        on the median's side (``significant``).
    influence
        How much of the spread each choice accounts for, largest first: the range of the
        mean estimate over its options.
    joint
        Permutation test of the whole curve; None where it was not asked for.
    declared
        Every combination, in the order declared.
    """

    choices: tuple[Choice, ...]
    results: tuple[Estimate, ...] = field(repr=False)
    failed: tuple[tuple[Choice, str], ...] = field(repr=False)
    undefined: tuple[tuple[Choice, Text], ...] = field(repr=False)
    estimates: tuple[Estimate, ...]
    influence: tuple[tuple[str, float], ...]
    joint: Hypothesis | None = None
    declared: tuple[Choice, ...] = field(default=(), repr=False)

    def order(self, choice: Choice) -> int:
        """Return the place at which a combination was declared."""
        return self.declared.index(choice)

    @property
    def counts(self) -> dict[str, int]:
        """How many were declared, run, failed and undefined."""
        run, failed, dropped = len(self.results), len(self.failed), len(self.undefined)
        return {
            "declared": run + failed + dropped,
            "run": run,
            "failed": failed,
            "undefined": dropped,
        }

    def to_frame(self) -> pd.DataFrame:
        """Return one row a combination that was run, ordered by its estimate."""
        import pandas as pd

        rows = [
            {
                "rank": rank,
                **{name: getattr(choice, name) for name in DIMENSIONS},
                "estimate": e.estimate,
                "standard_error": e.standard_error,
                "low": e.low,
                "high": e.high,
                "p_value": e.p_value,
                "n": e.n,
            }
            for rank, (choice, e) in enumerate(
                zip(self.choices, self.results, strict=True), start=1
            )
        ]
        return pd.DataFrame(rows)

    def failures_frame(self) -> pd.DataFrame:
        """Return one row a combination that gave nothing, with the reason."""
        import pandas as pd

        pairs = [(c, why) for c, why in self.failed] + [(c, t.en) for c, t in self.undefined]
        rows = [{**{n: getattr(c, n) for n in DIMENSIONS}, "reason": why} for c, why in pairs]
        return pd.DataFrame(rows, columns=[*DIMENSIONS, "reason"])

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def run(
    frame: pd.DataFrame,
    *,
    universe: Universe,
    permutations: int = 0,
    seed: int = 1,
    meaning: Meaning | None = None,
) -> Curve:
    """Run every choice of a universe.

    Parameters
    ----------
    frame
        Data that all choices draw on.
    universe
        The choices.
    permutations
        Draws of the joint test, in which whole histories of the treatment are dealt to
        other units (or rows, without units); 0: no test.
    seed
        Of the permutations.
    meaning
        What the number is about.

    Raises
    ------
    DataError
        If the columns of treatment, clusters or units are missing: then no choice
        could be run. A column that only some choices need makes those fail.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"person": range(40), "d": [0, 1] * 20})
    >>> rows["x"] = rows["person"] % 5
    >>> rows["y"] = rows["d"] + 0.1 * rows["x"] + 0.01 * rows["person"]
    >>> universe = Universe(treatment="d", outcomes={"pay": "y"}, cluster="person",
    ...                     controls={"none": [], "x": ["x"], "no such": ["z"]})
    >>> run(rows, universe=universe).counts
    {'declared': 3, 'run': 2, 'failed': 1, 'undefined': 0}
    """
    meant = meaning or Meaning(term="difference", design=Design.OBSERVATIONAL)
    keys = [universe.treatment, universe.cluster, universe.unit, universe.period]
    require(frame, [key for key in keys if key])
    frame = in_floats(frame, universe)
    results, failed = run_all(frame, universe, meant)
    defined = _with_sides([(c, e) for c, e in results if e.estimate is not None], frame, universe)
    undefined = tuple((c, e.undefined) for c, e in results if e.undefined is not None)
    defined.sort(key=lambda pair: pair[1].estimate or 0.0)
    joint = None
    if permutations:
        joint = joint_test(frame, universe, meant, defined, permutations, seed)
    return Curve(
        tuple(c for c, _ in defined),
        tuple(e for _, e in defined),
        failed,
        undefined,
        _summary([e for _, e in defined], meant),
        _influence(defined),
        joint,
        tuple(universe.choices()),
    )


def _with_sides(
    found: list[tuple[Choice, Estimate]], frame: pd.DataFrame, universe: Universe
) -> list[tuple[Choice, Estimate]]:
    """Say how many are on the smaller side of a treatment of 0 and 1, or change it."""
    if universe.treatment not in frame or not frame[universe.treatment].dropna().isin([0, 1]).all():
        return found

    @cache
    def least(sample: str, alone: bool) -> Counts:
        part, who = sample_of(frame, universe.samples[sample]), universe.cluster
        assert not isinstance(part, str), "a sample that cannot be read has no estimate"
        count = who_changes if alone else who_is_on_smaller_side
        return count(part, universe.treatment, worker=who)

    return [
        (c, replace(e, **least(c.sample, c.estimator in WITHIN_UNITS)))
        if e.cluster_unit == "persons" and universe.cluster
        else (c, e)
        for c, e in found
    ]


def _summary(found: list[Estimate], meaning: Meaning) -> tuple[Estimate, ...]:
    """Return median, extremes, and shares."""
    keys = ("median", "lowest", "highest", "sign_changes", "significant")
    values = np.array([e.estimate for e in found], dtype="float64")
    if not len(values):
        why = Text("no specification could be run", "没有一个设定可以估计")
        return tuple(meaning.estimate(k, "specification_curve", undefined=why) for k in keys)
    median = float(np.median(values))
    side = np.sign(median)
    outside = [e.differs_from_zero is True and (e.estimate or 0) * side > 0 for e in found]
    numbers = (
        median,
        values.min(),
        values.max(),
        float((values * side < 0).mean()),
        float(np.mean(outside)),
    )
    sizes = {
        name: min((n for e in found if (n := getattr(e, name)) is not None), default=None)
        for name in ("n", "persons", "employers")
    }
    made = []
    for key, value in zip(keys, numbers, strict=True):
        own = {} if key in keys[:3] else {"unit": "share", "term": "sign_change_share"}
        if key == "significant":
            own["term"] = "specification_curve"
        made.append(meaning.estimate(key, "specification_curve", estimate=value, **own, **sizes))
    return tuple(made)


def _influence(found: list[tuple[Choice, Estimate]]) -> tuple[tuple[str, float], ...]:
    """Return the range of the mean estimate over each dimension's options."""
    ranges = []
    for name in DIMENSIONS:
        by: dict[str, list[float]] = {}
        for choice, estimate in found:
            by.setdefault(getattr(choice, name), []).append(estimate.estimate or 0.0)
        means = [float(np.mean(values)) for values in by.values()]
        ranges.append((name, max(means) - min(means) if means else 0.0))
    return tuple(sorted(ranges, key=lambda pair: -pair[1]))
