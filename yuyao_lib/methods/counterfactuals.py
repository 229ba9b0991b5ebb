"""The weights of a counterfactual: logits of who is in a group, then and now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yuyao_lib.methods.distribution_measures import silverman
from yuyao_lib.methods.linearised import PayRows
from yuyao_lib.methods.packages import undisturbed
from yuyao_lib.methods.panel_routes import independent
from yuyao_lib.methods.propensity import separated
from yuyao_lib.vocabulary import Text

__all__ = ["KINDS", "Counted", "Study", "prepare"]

KINDS = ("no_coverage", "past_coverage", "others_characteristics")
ONE_STATUS = Text("all rows have the same status", "所有行身份相同")
NO_OVERLAP = Text(
    "the controls tell the group from the others without error, so nobody is comparable",
    "控制变量能无误地区分两组，因此没有可比的人",
)
NOBODY = Text("a resample holds one status only", "再抽样样本中身份全部相同")
CERTAIN = 1e-12  # probabilities are kept this far from zero and one
GRID = 160


@dataclass(frozen=True, slots=True)
class Counted:
    """How often each row counts, as observed and in the counterfactual.

    Attributes
    ----------
    rows
        Indices of the rows of the period that is reweighted, repeated as drawn.
    observed, counterfactual, target
        Weights, shape of `rows`; `target` weighs those the counterfactual should resemble.
    score
        Probability of being in the group.
    """

    rows: np.ndarray
    observed: np.ndarray
    counterfactual: np.ndarray
    target: np.ndarray
    score: np.ndarray


@dataclass(frozen=True, slots=True)
class Study:
    """What a counterfactual is made from.

    Attributes
    ----------
    pay, weights, member, x
        One a row: pay, survey weight, whether in the group, constant and controls.
    now, base
        Rows that are reweighted and rows whose coverage they are given.
    clusters
        Persons.
    kind
        Which counterfactual.
    starts
        Coefficients of both logits in the whole sample, where resamples start.
    """

    pay: np.ndarray
    weights: np.ndarray
    member: np.ndarray
    x: np.ndarray
    now: np.ndarray
    base: np.ndarray
    clusters: np.ndarray
    kind: str
    starts: tuple[np.ndarray, np.ndarray]

    def count(self, rng: np.random.Generator | None) -> Counted | Text:
        """Return the weights in the sample, or in a resample of persons."""
        rows = _drawn(self.now, self.clusters, rng)
        score = self._score(rows, rows, self.starts[0])
        if isinstance(score, Text):
            return score
        member, w = self.member[rows], self.weights[rows]
        if self.kind == "no_coverage":
            return Counted(rows, w, w * ~member / (1 - score), w, score)
        if self.kind == "others_characteristics":
            odds = score / (1 - score)
            return Counted(rows, w * member, w * ~member * odds, w * member, score)
        past = self._score(_drawn(self.base, self.clusters, rng), rows, self.starts[1])
        if isinstance(past, Text):
            return past
        factor = np.where(member, past / score, (1 - past) / (1 - score))
        return Counted(rows, w, w * factor, w, score)

    def _score(self, fitted: np.ndarray, told: np.ndarray, start: np.ndarray) -> np.ndarray | Text:
        """Fit a logit on some rows and return probabilities for others."""
        d = self.member[fitted].astype("float64")
        if d.min() == d.max():
            return NOBODY
        found = fit_logit(d, self.x[fitted], self.weights[fitted], start)
        if not np.isfinite(found).all():
            return NO_OVERLAP
        here = _logistic(self.x[fitted] @ found)
        if here[d == 1].min() > here[d == 0].max():
            return NO_OVERLAP
        return here if told is fitted else _logistic(self.x[told] @ found)

    def shares(self, counted: Counted) -> tuple[float, float]:
        """Return the group's share, observed and in the counterfactual."""
        member = self.member[counted.rows]
        sides = (self.weights[counted.rows], counted.counterfactual)
        observed, counterfactual = (float(w @ member / w.sum()) for w in sides)
        return observed, counterfactual

    def imbalance(self, counted: Counted) -> float:
        """Return the largest standardised difference from those it should resemble."""
        x = self.x[counted.rows][:, 1:]
        have = counted.counterfactual / counted.counterfactual.sum()
        want = counted.target / counted.target.sum()
        mean = want @ x
        spread = np.sqrt(want @ (x - mean) ** 2)
        apart = np.abs(have @ x - mean)[spread > 0] / spread[spread > 0]
        return float(apart.max()) if len(apart) else 0.0

    def densities(
        self, counted: Counted
    ) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
        """Return points of log pay and both densities; nothing where there is no log."""
        if self.pay[self.now].min() <= 0:
            return (), (), ()
        logs = np.log(self.pay[counted.rows])
        curves = []
        low, high = np.quantile(logs, [0.002, 0.998])
        points = np.linspace(low, high, GRID)
        for w in (counted.observed, counted.counterfactual):
            share = w[w > 0] / w.sum()
            inside = logs[w > 0]
            width = silverman(inside, share)
            z = (points[:, None] - inside) / width
            curves.append(np.exp(-0.5 * z * z) @ share / (width * np.sqrt(2 * np.pi)))
        first, second = (tuple(float(v) for v in curve) for curve in curves)
        return tuple(float(v) for v in points), first, second


def prepare(
    rows: PayRows,
    pay: np.ndarray,
    group: str,
    controls: Sequence[str],
    *,
    kind: str,
    times: tuple[np.ndarray, np.ndarray],
) -> Study | Text:
    """Check that both logits exist, and return what a counterfactual is made from."""
    now, base = times
    member = rows.where(group, 1.0)
    wanted = [now, base] if kind == "past_coverage" else [now]
    columns = list(dict.fromkeys(c for c in controls if c != group))
    frame = rows.frame[columns].assign(Intercept=1.0)
    names = ["Intercept", *columns]
    for mask in wanted:
        names = independent(frame[mask], names)
    x = frame[names].to_numpy(dtype="float64")
    starts = []
    for mask in wanted:
        d = member[mask].astype("float64")
        if d.min() == d.max():
            return ONE_STATUS
        if separated(d, x[mask]):
            return NO_OVERLAP
        starts.append(fit_logit(d, x[mask], rows.weights[mask], None))
    both = (starts[0], starts[-1])
    return Study(pay, rows.weights, member, x, now, base, rows.clusters, kind, both)


def fit_logit(
    d: np.ndarray, x: np.ndarray, weights: np.ndarray, start: np.ndarray | None
) -> np.ndarray:
    """Return coefficients of a weighted logit by maximum likelihood.

    Examples
    --------
    >>> x = np.column_stack([np.ones(4), [0.0, 0.0, 1.0, 1.0]])
    >>> abs(fit_logit(np.array([0.0, 1.0, 0.0, 1.0]), x, np.ones(4), None)).max().round(6)
    np.float64(0.0)
    """
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.tools.sm_exceptions import ConvergenceWarning, PerfectSeparationWarning

    ignored = (PerfectSeparationWarning, ConvergenceWarning, RuntimeWarning)
    with undisturbed(ignore=ignored), np.errstate(all="ignore"):
        model = GLM(d, x, family=Binomial(), freq_weights=weights / weights.mean())
        return np.asarray(model.fit(start_params=start, maxiter=50).params)


def _logistic(index: np.ndarray) -> np.ndarray:
    """Return probabilities, none of them zero or one."""
    edge = np.log(1 / CERTAIN)
    return np.asarray(1 / (1 + np.exp(-np.clip(index, -edge, edge))))


def _drawn(mask: np.ndarray, clusters: np.ndarray, rng: np.random.Generator | None) -> np.ndarray:
    """Return the rows of a mask, or of a resample of its persons."""
    rows = np.flatnonzero(mask)
    if rng is None:
        return rows
    own = np.unique(clusters[rows], return_inverse=True)[1]
    persons = int(own.max()) + 1
    if persons == len(rows):
        return rows[rng.integers(0, len(rows), len(rows))]
    order = np.argsort(own, kind="stable")
    ends = np.cumsum(np.bincount(own))
    starts = np.r_[0, ends[:-1]]
    chosen = rng.integers(0, persons, persons)
    return rows[np.concatenate([order[starts[c] : ends[c]] for c in chosen])]
