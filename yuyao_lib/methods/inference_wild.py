"""The wild cluster bootstrap with the null imposed, in score form."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import Floats, Meaning, check_choice
from yuyao_lib.methods.cluster_sums import cluster_sums
from yuyao_lib.methods.clustered_regression import Design
from yuyao_lib.methods.inference_clusters import prepare
from yuyao_lib.methods.inversion import Moments, RedrawnTest
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["wild_bootstrap", "wild_test"]

Signs = Literal["auto", "rademacher", "webb"]
WEBB = np.sqrt(np.array([0.5, 1.0, 1.5, 0.5, 1.0, 1.5])) * np.array([-1, -1, -1, 1, 1, 1])
FEW = 12  # with fewer clusters 2^G signs are too few to tell p-values apart
WORDS = Text(
    "wild cluster bootstrap with the null imposed (WCR), {signs} weights, {draws} draws,"
    " {clusters} clusters; p = (k+1)/(R+1); interval by inverting the test",
    "施加原假设的野聚类自助法（WCR），{signs} 权重，{draws} 次抽样，{clusters} 个聚类；"
    "p = (k+1)/(R+1)；区间由检验反演得到",
)
UNBOUNDED = Text(
    "no interval: at this level the test rejects no value on one side, for want of clusters",
    "无区间：聚类过少，在此水平上检验无法排除一侧的任何数值",
)


def wild_bootstrap(
    frame: pd.DataFrame,
    *,
    draws: int = 999,
    signs: Signs = "auto",
    seed: int = 1,
    meaning: Meaning | None = None,
    **columns: Any,
) -> Estimate:
    """Test a coefficient, and find its interval, by the wild cluster bootstrap.

    Parameters
    ----------
    frame, columns
        As in `inference.prepare`; weights are allowed.
    draws
        Number of bootstrap samples, at least 99.
    signs
        ``rademacher`` (plus or minus one), ``webb`` (six points), or ``auto``: Webb's
        with fewer than 12 clusters.
    seed
        Of the random signs.
    meaning
        What the number is about.

    Notes
    -----
    Cameron, Gelbach and Miller (2008); the score form of Roodman, MacKinnon, Nielsen and
    Webb (2019) makes each draw a sum over clusters.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"firm": [f for f in range(20) for _ in (0, 1)],
    ...                      "d": [0, 1] * 20})
    >>> rows["y"] = rows["d"] * (1 + 0.1 * (rows["firm"] % 5))
    >>> wild_bootstrap(rows, outcome="y", regressor="d", cluster="firm").differs_from_zero
    True
    """
    meant = meaning or Meaning()
    check_choice("signs", signs, ("auto", "rademacher", "webb"))
    if draws < 99:
        raise InputError(sentence("number of draws", got=draws, allowed="at least 99"))
    regression = prepare(frame, **columns)
    if regression.undefined is not None:
        why = regression.undefined
        return meant.estimate("wild_bootstrap", "wild_cluster_bootstrap", undefined=why)
    clusters = len(regression.labels)
    kind = ("webb" if clusters < FEW else "rademacher") if signs == "auto" else signs
    test = wild_test(regression.design, draws=draws, signs=kind, seed=seed)
    return read(
        test,
        meant,
        WORDS.format(signs=kind, draws=draws, clusters=clusters),
        n=len(regression.design.y),
        clusters=clusters,
    )


def read(test: RedrawnTest, meaning: Meaning, words: Text, *, n: int, clusters: int) -> Estimate:
    """Turn a redrawn test into an estimate."""
    found = test.interval(meaning.level)
    return meaning.estimate(
        "wild_bootstrap",
        "wild_cluster_bootstrap",
        estimate=test.estimate,
        low=found[0] if found else None,
        high=found[1] if found else None,
        p_value=test.p_value(),
        n=n,
        clusters=clusters,
        inference=words if found else UNBOUNDED,
    )


def wild_test(design: Design, *, draws: int, signs: str, seed: int) -> RedrawnTest:
    """Return the test of the first coefficient of a design.

    Parameters
    ----------
    design
        Columns must be independent, the first one of interest.
    """
    groups = int(design.clusters.max()) + 1
    rng = np.random.default_rng(seed)
    if signs == "webb":
        turned = WEBB[rng.integers(0, 6, (groups, draws))]
    else:
        turned = rng.choice(np.array([-1.0, 1.0]), (groups, draws))
    return _score_form(design, turned)


def _score_form(design: Design, turned: Floats) -> RedrawnTest:
    """Sum scores by cluster and redraw their signs."""
    d, others, w = design.x[:, 0], design.x[:, 1:], design.weights
    weighted = others * w[:, None]
    bread = np.linalg.inv(weighted.T @ others)
    d_rest = d - others @ (bread @ (weighted.T @ d))
    y_rest = design.y - others @ (bread @ (weighted.T @ design.y))

    summed = partial(cluster_sums, clusters=design.clusters)
    score_y, score_d = summed(w * d_rest * y_rest), summed(w * d_rest**2)
    total = score_d.sum()
    pull = summed((w * d_rest)[:, None] * others) @ bread
    other_y = summed(weighted * y_rest[:, None])
    other_d = summed(weighted * d_rest[:, None])

    def redraw(score: Floats, other: Floats) -> tuple[Floats, Floats]:
        sums = score @ turned
        scores = turned * score[:, None] - pull @ (other.T @ turned)
        return sums, scores - np.outer(score_d, sums / total)

    value, residual_y = redraw(score_y, other_y)
    slope, residual_d = redraw(score_d, other_d)
    drawn = Moments(
        value,
        slope,
        (residual_y**2).sum(axis=0),
        (residual_y * residual_d).sum(axis=0),
        (residual_d**2).sum(axis=0),
    )
    estimate = float(score_y.sum() / total)
    spread = ((score_y - estimate * score_d) ** 2).sum()
    zero = np.float64(0.0)
    observed = Moments(score_y.sum(), total, spread, zero, zero)
    return RedrawnTest(observed, drawn, estimate, float(np.sqrt(spread) / total))
