"""Estimators on trial: data whose answer is known, drawn again and again.

Lives here: what a trial is, how it is repeated through any map function (in this process,
over processes, over a cluster), and what repetition says: bias, root mean squared error,
coverage, and how often zero is rejected. Does not live here: the declared trials.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Outcome", "Shares", "Trial", "TrialResults", "run_trials"]

Map = Callable[..., Iterable[Any]]
NONE = Text("no replication gave an interval", "没有任何一次重复给出区间")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One estimator on one draw.

    Attributes
    ----------
    estimator
        Its name in the trial.
    truth
        What was set, for this estimator's own estimand in this draw.
    estimate, low, high
        What it said; None where it said nothing.
    nothing
        The value that means no effect: one for a ratio; None where there is none such, as
        for a variance, so that leaving it out is not counted.
    """

    estimator: str
    truth: float
    estimate: float | None
    low: float | None
    high: float | None
    nothing: float | None = 0.0

    @classmethod
    def of(
        cls, estimator: str, truth: float, e: Estimate, *, nothing: float | None = 0.0
    ) -> Outcome:
        """Keep what is judged of an estimate."""
        return cls(estimator, truth, e.estimate, e.low, e.high, nothing)


@dataclass(frozen=True, slots=True)
class Trial:
    """A design whose answer is known, and the estimators that are to find it.

    To add a trial, write one function from a seed to outcomes, at the top level of a
    module so that another process can load it, and declare it with its words.

    Attributes
    ----------
    key
        Short name.
    words
        The design in words.
    once
        Seed to the outcomes of every estimator on one draw.
    null
        Whether the truth is zero, so that a rejection is an error.
    part
        Name of the group of trials it is shown with.
    """

    key: str
    words: Text
    once: Callable[[int], Sequence[Outcome]]
    null: bool = False
    part: str = ""


@dataclass(frozen=True, slots=True)
class Shares:
    """One kind of share by trial and estimator, as estimates with binomial intervals.

    Attributes
    ----------
    kind
        ``coverage`` or ``rejections``.
    estimates, trials, estimators
        One a line.
    """

    kind: str
    estimates: tuple[Estimate, ...]
    trials: tuple[Trial, ...]
    estimators: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a line."""
        return rows_of(self.estimates).assign(estimator=list(self.estimators))


@dataclass(frozen=True, slots=True)
class TrialResults:
    """What repeating says of every estimator in every trial.

    Attributes
    ----------
    trials
        In the order they were run.
    outcomes
        Trial key to the outcomes of all its replications.
    replications
        Draws of each trial.
    """

    trials: tuple[Trial, ...]
    outcomes: Mapping[str, tuple[Outcome, ...]]
    replications: int

    def of(self, part: str) -> TrialResults:
        """Return the trials of one part.

        Raises
        ------
        InputError
            If no trial is of that part.
        """
        chosen = tuple(t for t in self.trials if t.part == part)
        if not chosen:
            allowed = list(dict.fromkeys(t.part for t in self.trials))
            raise InputError(sentence("part of the trials", got=part, allowed=allowed))
        kept = {t.key: self.outcomes[t.key] for t in chosen}
        return TrialResults(chosen, kept, self.replications)

    def rows(self) -> list[dict[str, Any]]:
        """Return one row a trial and estimator."""
        made = []
        for trial in self.trials:
            found = self.outcomes[trial.key]
            for name in dict.fromkeys(o.estimator for o in found):
                kept = [o for o in found if o.estimator == name]
                made.append({"trial": trial, "estimator": name, **_summary(kept)})
        return made

    def to_frame(self) -> pd.DataFrame:
        """Return one row a trial and estimator: truth, bias, its error, RMSE and shares."""
        import pandas as pd

        return pd.DataFrame([{**row, "trial": row["trial"].key} for row in self.rows()])

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Coverage of every estimator in every trial."""
        return self.coverage.estimates

    @property
    def coverage(self) -> Shares:
        """How often the interval holds the truth."""
        return self._shares("coverage", "covered")

    @property
    def rejections(self) -> Shares:
        """How often zero is left out: size where the truth is zero, else power."""
        return self._shares("rejections", "rejected")

    def _shares(self, kind: str, column: str) -> Shares:
        """Return one share with its interval."""
        rows = [r for r in self.rows() if r[column] is not None]
        made = [
            _share(_key(kind, r["trial"].key, r["estimator"]), kind, r[column], r["n"])
            for r in rows
        ]
        return Shares(
            kind, tuple(made), tuple(r["trial"] for r in rows), tuple(r["estimator"] for r in rows)
        )


def run_trials(
    trials: Sequence[Trial], *, replications: int = 24, seed: int = 1, over: Map = map
) -> TrialResults:
    """Repeat trials.

    Parameters
    ----------
    trials
        What to repeat.
    replications
        Draws of each, at least 4. A share over R draws has a standard error of about
        ``sqrt(p (1 - p) / R)``.
    seed
        First seed; draw k uses ``seed + k``, the same in every trial, so that trials
        that differ in the effect alone share their luck.
    over
        Function and arguments to results in order, as the builtin; ``executor.map`` of any
        ``concurrent.futures`` executor, Dask's included.

    Raises
    ------
    InputError
        If there are too few replications.
    """
    if replications < 4:
        raise InputError(sentence("replications", got=replications, allowed="at least 4"))
    jobs = [(trial, seed + k) for trial in trials for k in range(replications)]
    done = list(over(_once, [t.once for t, _ in jobs], [s for _, s in jobs]))
    outcomes: dict[str, list[Outcome]] = {trial.key: [] for trial in trials}
    for (trial, _), found in zip(jobs, done, strict=True):
        outcomes[trial.key] += found
    kept = {key: tuple(found) for key, found in outcomes.items()}
    return TrialResults(tuple(trials), kept, replications)


def _key(*parts: str) -> str:
    """Return the name of a finding: letters, digits and underscores.

    Examples
    --------
    >>> _key("coverage", "n31_s0.03", "two_way wild")
    'coverage_n31_s0_03_two_way_wild'
    """
    return "_".join(parts).replace(" ", "_").replace(".", "_")


def _once(once: Callable[[int], Sequence[Outcome]], seed: int) -> list[Outcome]:
    """Run one replication, wherever this is."""
    return list(once(seed))


def _summary(kept: Sequence[Outcome]) -> dict[str, Any]:
    """Sum up one estimator in one trial."""
    held = [o for o in kept if o.estimate is not None]
    error = np.array([(o.estimate or 0.0) - o.truth for o in held])
    inside = [o for o in held if o.low is not None and o.high is not None]
    covered = [
        o.low <= o.truth <= o.high for o in inside if o.low is not None and o.high is not None
    ]
    left = [
        not o.low <= o.nothing <= o.high
        for o in inside
        if o.low is not None and o.high is not None and o.nothing is not None
    ]
    n = len(error)
    return {
        "truth": float(np.mean([o.truth for o in kept])),
        "bias": float(error.mean()) if n else None,
        "bias_error": float(error.std(ddof=1) / np.sqrt(n)) if n > 1 else None,
        "rmse": float(np.sqrt((error**2).mean())) if n else None,
        "covered": sum(covered),
        "rejected": sum(left) if any(o.nothing is not None for o in kept) else None,
        "n": len(inside),
    }


def _share(key: str, kind: str, count: int, n: int) -> Estimate:
    """Return a share with its exact binomial interval (Clopper and Pearson 1934)."""
    from scipy import stats

    meant = Meaning(
        term=f"trial_{kind}", unit="share", n_unit="replications", design=Design.SIMULATION
    )
    if n == 0:
        return meant.estimate(key, "replication", undefined=NONE)
    found = stats.binomtest(count, n).proportion_ci(0.95, method="exact")
    return meant.estimate(
        key, "replication", estimate=count / n, low=float(found.low), high=float(found.high), n=n
    )
