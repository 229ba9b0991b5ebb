"""An event study against colleagues: who had it, beside those of the same employer who had not.

Lives here: the comparison, its pooled effect, its check before the event, and the difference
of two such studies. Does not live here: where pay and events come from, plots.
"""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.colleague_sums import BANDS, Colleagues, add_up
from yuyao_lib.methods.effective_number import effective_number
from yuyao_lib.methods.hypotheses import Hypothesis
from yuyao_lib.methods.smaller_sides import carriers
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats
    from yuyao_lib.sources.pay_spells import PaySpells

__all__ = ["ColleagueStudy", "colleague_study", "difference_of", "ratio_estimate"]

TOPIC = "skill_returns"
FEWEST = 3  # employers
LEAST_REST = 0.05  # share of the mean that other employers than the largest must bear
INFERENCE = Text(
    "sums by employer of the differences, each less the mean effect, squared and added (clustered"
    " by employer); in the interval what the mean takes from a large employer is given back (HC2),"
    " Student's t with the employers of equal weight that they are worth, less one",
    "按单位汇总差异并减去平均效应后平方求和（按单位聚类）；区间中补回均值从大单位带走的部分"
    "（HC2），t 分布自由度为折合等权单位数减一",
)
TOO_FEW = Text(
    "fewer than {fewest} employers have both a worker to whom it happened and a colleague to"
    " compare with",
    "同时有发生者与可比同事的单位少于 {fewest} 家",
)
NAME = Text("joint test of the quarters before", "事前各季度的联合检验")
NULL = Text(
    "in all {count} quarters before, pay moved as that of colleagues",
    "事前全部 {count} 个季度中，工资与同事同步变动",
)


@dataclass(frozen=True, slots=True)
class ColleagueStudy:
    """Pay after an event less that of colleagues, by quarters since the event.

    Attributes
    ----------
    pooled
        Mean over the quarters from the one after the event on.
    parts
        One a quarter since the event; the quarter before it is the reference.
    times
        Quarter of each part.
    after_sums, after_weights
        Shape (G,): by employer, differences added up over the quarters that are pooled, and
        how many there are.
    test
        Whether the quarters before differ from the reference.
    persons, alone
        Persons to whom it happened with a colleague to compare with, and those without.
    """

    pooled: Estimate
    parts: tuple[Estimate, ...]
    times: tuple[int, ...]
    after_sums: Floats = field(repr=False)
    after_weights: Floats = field(repr=False)
    test: Hypothesis
    persons: int
    alone: int
    meaning: Meaning = field(default_factory=Meaning, repr=False)

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """The pooled effect, then quarter by quarter."""
        return (self.pooled, *self.parts)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate; the column ``quarter`` is empty for the pooled one."""
        return rows_of(self.estimates).assign(quarter=[None, *self.times])

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def colleague_study(
    spells: PaySpells,
    first: Floats,
    *,
    leads: int = 6,
    lags: int = 8,
    bands: Sequence[float] = BANDS,
    reference: int = -1,
    key: str = "pooled",
    meaning: Meaning | None = None,
) -> ColleagueStudy:
    r"""Compare the change of pay of those to whom something happened with their colleagues'.

    For a worker whose first event falls in quarter g, log pay in quarter g + k less that in
    g - 1, with the same employer, is held against the mean of the same change among those
    of the same employer, of like years with it, who had no event up to g + k:

    .. math:: \hat\theta_k = \frac{\sum_{i} \{(y_{i,g+k} - y_{i,g-1}) -
        \overline{(y_{g+k} - y_{g-1})}_{C(i)}\}}{N_k}

    This is the group-time comparison with not-yet-treated controls of Callaway and
    Sant'Anna (2021), by employer and years with it, added up over those treated. Employers
    share nothing after it, so sums by employer give the error.

    Parameters
    ----------
    spells
        Pay by worker, employer and quarter.
    first
        Shape (workers,): column of each worker's first event, ``inf`` for none.
    leads, lags
        Quarters before and after the event.
    bands
        Quarters with the employer that part those of like years; none: all colleagues.
    reference
        Quarter since the event that the others are held against.
    key
        Key of the pooled estimate.
    meaning
        What the numbers are about.

    Raises
    ------
    InputError
        If `leads` or `lags` is below one, or the reference is not before the event.

    Notes
    -----
    Persons without a colleague of like years to compare with are left out and counted.
    The pooled effect is the mean over quarters 1 to `lags`, each person and quarter alike;
    quarter 0, in which the event falls, is in part before it.
    """
    if leads < 1 or lags < 1:
        raise InputError(
            sentence("quarters before and after", got=(leads, lags), allowed="1 or more")
        )
    if not -leads <= reference < 0:
        raise InputError(sentence("reference quarter", got=reference, allowed=f"{-leads} to -1"))
    meant = meaning or Meaning(term="pay_after_event", n_unit="persons", cluster_unit="firms")
    times = [k for k in range(-leads, lags + 1) if k != reference]
    groups = Colleagues(spells, first[spells.worker], np.array(bands))
    sums, weights, used, alone = add_up(groups, times, reference)
    after = [i for i, k in enumerate(times) if k >= 1]
    after_sums, after_weights = sums[:, after].sum(axis=1), weights[:, after].sum(axis=1)
    pooled = ratio_estimate(after_sums, after_weights, key=key, meaning=meant, persons=used)
    parts = tuple(
        ratio_estimate(sums[:, i], weights[:, i], key=f"{key}_at_{k}", meaning=meant)
        for i, k in enumerate(times)
    )
    before = [i for i, k in enumerate(times) if k < 0]
    test = _test(sums[:, before], weights[:, before])
    return ColleagueStudy(
        pooled, parts, tuple(times), after_sums, after_weights, test, used, alone, meant
    )


def ratio_estimate(
    sums: Floats, weights: Floats, *, key: str, meaning: Meaning, persons: int | None = None
) -> Estimate:
    """Estimate a mean of differences from sums by employer.

    Parameters
    ----------
    sums, weights
        Shape (G,): differences of each employer added up, and how many there are.
    key, meaning
        Key and meaning of the estimate.
    persons
        Persons behind it; None: as many as `weights` holds.

    Examples
    --------
    >>> import numpy as np
    >>> found = ratio_estimate(np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 1.0]), key="a",
    ...     meaning=Meaning())
    >>> found.estimate, round(found.standard_error, 4)
    (2.0, 0.4714)
    """
    groups = int((weights > 0).sum())
    if groups < FEWEST:
        why, few = TOO_FEW.format(fewest=FEWEST), int(weights.sum()) if persons is None else persons
        return meaning.estimate(
            key, "colleague_comparison", undefined=why, persons=few, treated=groups
        )
    value = float(sums.sum() / weights.sum())
    parts = _parts(sums, weights, value)
    people = int(weights.sum()) if persons is None else persons
    equal, carried = effective_number(weights), carriers(weights)
    return _told(meaning, key, value, parts, (groups, equal), people, carried)


def _parts(sums: Floats, weights: Floats, value: float) -> Floats:
    """Return each employer's part of the error of a mean, shape (2, G): as it is, and whole.

    In the second what the mean takes from an employer that bears much of it is given back
    (HC2 of MacKinnon and White 1985, by employer).
    """
    share = weights / weights.sum()
    left = sums / weights.sum() - value * share
    return np.stack([left, left / np.sqrt(np.maximum(1 - share, LEAST_REST))])


def _told(
    meaning: Meaning, key: str, value: float, parts: Floats, counts: tuple[int, float],
    persons: int, carried: int | None = None, **more: Any,
) -> Estimate:  # fmt: skip
    """Build an estimate: the error as published, the interval from the one made whole."""
    groups, equal = counts
    error, wide = np.sqrt((parts**2).sum(axis=1)).tolist()
    return meaning.estimate(
        key, "colleague_comparison",
        **wald(value, wide, level=meaning.level, df=equal - 1, published=error),
        n=persons, persons=persons, clusters=groups,
        treated=groups if carried is None else carried, inference=INFERENCE,
        residual_df=persons - 1, **more,
    )  # fmt: skip


def _test(sums: Floats, weights: Floats) -> Hypothesis:
    """Test that the quarters before are all zero, with the errors' dependence between them."""
    from scipy import stats

    told = weights.sum(axis=0) > 0
    sums, weights = sums[:, told], weights[:, told]
    groups, count = int((weights.sum(axis=1) > 0).sum()), int(told.sum())
    null = NULL.format(count=count)
    if count == 0 or groups <= count + 1:
        why = Text("too few employers or quarters before", "事前的单位或季度过少")
        return Hypothesis(NAME, null, undefined=why)
    value = sums.sum(axis=0) / weights.sum(axis=0)
    parts = (sums - value * weights) / weights.sum(axis=0)
    spread = parts.T @ parts
    wald = float(value @ np.linalg.pinv(spread) @ value)
    scaled = wald / count * (groups - count) / (groups - 1)
    return Hypothesis(NAME, null, scaled, count, float(stats.f.sf(scaled, count, groups - count)))


def difference_of(
    one: ColleagueStudy, other: ColleagueStudy, *, key: str, meaning: Meaning | None = None
) -> Estimate:
    """Estimate by how much one pooled effect exceeds another's, clustered by employer.

    Parameters
    ----------
    one, other
        Studies of the same spells.
    key, meaning
        Key and meaning of the estimate.

    Notes
    -----
    Both are compared with colleagues, so what the two kinds of worker share goes out: those
    whose proposal was adopted against those whose was not. An employer may be in both.
    """
    meant = meaning or one.meaning
    a, b = one.pooled, other.pooled
    why = a.undefined or b.undefined
    if why is not None or a.estimate is None or b.estimate is None:
        return meant.estimate(key, "colleague_comparison", undefined=why or TOO_FEW)
    parts = [
        _parts(study.after_sums, study.after_weights, value)
        for study, value in ((one, a.estimate), (other, b.estimate))
    ]
    groups = min(a.clusters or 0, b.clusters or 0)
    equal = min(effective_number(study.after_weights) for study in (one, other))
    persons = min(one.persons, other.persons)
    carried = min(carriers(study.after_weights) for study in (one, other))
    gap = a.estimate - b.estimate
    return _told(meant, key, gap, parts[0] - parts[1], (groups, equal), persons, carried)
