"""What pay would look like with another coverage or other people: reweighting with a logit.

DiNardo, Fortin and Lemieux (1996, Econometrica 64, 1001-1044): the distribution of pay
is kept as it is for each kind of person, and kinds are counted as often as they would be
in the counterfactual.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.methods.counterfactuals import KINDS, Counted, Study, prepare
from yuyao_lib.methods.distribution_measures import check_measures, measure
from yuyao_lib.methods.inequality import pay_in
from yuyao_lib.methods.linearised import PayRows, pay_rows
from yuyao_lib.methods.reweighting_results import Reweighted, Support, Teller, nothing, support_of
from yuyao_lib.methods.samples import check_level
from yuyao_lib.methods.unconditional_quantiles import check_percentiles
from yuyao_lib.progress import watched
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Reweighted", "Support", "reweight"]

TOPIC = "structure"
Kind = Literal["no_coverage", "past_coverage", "others_characteristics"]
POINT = "percentile_"
ONE_PERIOD = Text(
    "there is one period only, so there is no other coverage", "只有一个时期，没有其他覆盖率可比"
)
STATISTICS = (
    "gini", "variance_of_logs", "p90_p10", "p90_p50", "p50_p10",
    "percentile_10", "percentile_25", "percentile_50", "percentile_75", "percentile_90",
)  # fmt: skip


def reweight(  # noqa: PLR0913 - each is a choice a reader must see
    frame: pd.DataFrame,
    *,
    outcome: str,
    group: str,
    controls: Sequence[str],
    kind: Kind = "no_coverage",
    period: str | None = None,
    now: Any = None,
    base: Any = None,
    statistics: Sequence[str] = STATISTICS,
    logs: bool = True,
    weights: str | None = None,
    worker: str = "worker_id",
    draws: int = 299,
    seed: int = 0,
    level: float = 0.95,
) -> Reweighted:
    r"""Compare observed inequality with a counterfactual one.

    With :math:`p_t(x)` the logit probability of being in the group in period t, given the
    controls, rows of period `now` count with

    ======================  ==========================================================
    no_coverage             :math:`1/(1-p(x))` outside the group and 0 inside: everyone
                            is paid as people outside the group who look alike
    past_coverage           :math:`p_0(x)/p(x)` inside and
                            :math:`(1-p_0(x))/(1-p(x))` outside, 0 being the period
                            `base`: the group is as likely as then for people who look
                            alike, and everybody is paid as now (DiNardo, Fortin and
                            Lemieux 1996, eq. 13)
    others_characteristics  :math:`p(x)/(1-p(x))` outside and 0 inside, against the
                            group itself: the group is paid as people outside who look
                            alike
    ======================  ==========================================================

    The difference is what the group goes with if, given the controls, who is in it has
    nothing to do with pay, and if nobody else's pay depends on how many are in it.

    Parameters
    ----------
    frame, outcome, logs, weights, worker
        As in `inequality`.
    group
        Column of 0 and 1.
    controls
        Columns of numbers.
    kind
        Which counterfactual.
    period, now, base
        Column of years, the year that is reweighted (the last when None) and the year
        whose coverage it is given (the first when None); without a period all rows.
    statistics
        Measures as in `inequality`, and ``percentile_10`` and so on.
    draws, seed
        Resamples of persons within periods, each with its own logit.
    level
        Coverage of the intervals, from the bootstrap standard error.

    Raises
    ------
    DataError
        If a column cannot be used.
    InputError
        If the kind, a statistic, a period or the number of draws is not allowed.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> people = yuyao.open("cps78_85").frame("workers")
    >>> found = reweight(people, outcome="log_hourly_wage", group="union_member",
    ...     controls=["education_years", "female"], period="calendar_year", draws=99)
    >>> found.of("gini").estimate < 0
    True
    """
    check_level(level)
    _check(kind, draws, period)
    names = _check_statistics(statistics)
    rows = pay_rows(
        frame,
        numeric=[outcome, group, *controls],
        keys=[period] if period else [],
        binary=[group],
        weights=weights,
        worker=worker,
    )
    pay = pay_in(rows, outcome, logs=logs)
    years = _years(rows, period, now, base)
    if kind == "past_coverage" and years[0] == years[1]:
        return nothing(ONE_PERIOD, names, kind, rows, level, group, years)
    times = tuple(rows.everyone if y is None else rows.where(period or "", y) for y in years)
    study = prepare(rows, pay, group, controls, kind=kind, times=(times[0], times[1]))
    if isinstance(study, Text):
        return nothing(study, names, kind, rows, level, group, years)
    whole = study.count(None)
    if isinstance(whole, Text):
        return nothing(whole, names, kind, rows, level, group, years)
    resamples, failed = _resample(study, names, draws, seed)
    held = _statistics(study, whole, names)
    tell = Teller(rows, study, level, resamples, failed, draws)
    found = [e for i, name in enumerate(names) for e in tell.three(name, held, i)]
    return Reweighted(
        tuple(found), names, kind, support_of(study, whole), draws, failed,
        study.densities(whole), study.shares(whole), rows.dropped, group, years,
    )  # fmt: skip


def _check(kind: str, draws: int, period: str | None) -> None:
    """Refuse a counterfactual that does not exist."""
    if kind not in KINDS:
        raise InputError(sentence("unknown counterfactual", got=kind, allowed=KINDS))
    if not (isinstance(draws, int) and draws >= 99):
        raise InputError(sentence("draws", got=draws, allowed="99 or more"))
    if kind == "past_coverage" and period is None:
        raise InputError("the counterfactual past_coverage needs a column of periods.")


def _check_statistics(names: Sequence[str]) -> tuple[str, ...]:
    """Return the statistics, or say what they may be."""
    points = [n for n in names if n.startswith(POINT)]
    for name in points:
        check_percentiles([int(n) if (n := name.removeprefix(POINT)).isdigit() else 0])
    rest = [n for n in names if n not in points]
    if rest or not points:
        check_measures(rest)
    return tuple(dict.fromkeys(names))


def _years(rows: PayRows, period: str | None, now: Any, base: Any) -> tuple[Any, Any]:
    """Return the period that is reweighted, and the one whose coverage it is given."""
    if period is None:
        return None, None
    known = rows.levels(period)
    for value in (now, base):
        if value is not None and value not in known:
            raise InputError(sentence(f"no such {period}", got=value, allowed=known))
    return (known[-1] if now is None else now), (known[0] if base is None else base)


def _statistics(study: Study, counted: Counted, names: Sequence[str]) -> np.ndarray:
    """Return observed and counterfactual statistics, shape (2, k); NaN where undefined."""
    values = np.full((2, len(names)), np.nan)
    for side, w in enumerate((counted.observed, counted.counterfactual)):
        inside = w > 0
        share = w[inside] / w[inside].sum()
        for place, name in enumerate(names):
            found = measure(name, study.pay[counted.rows][inside], share, bandwidth=1.0)
            if not isinstance(found, Text):
                values[side, place] = found[0]
    return values


def _resample(study: Study, names: Sequence[str], draws: int, seed: int) -> tuple[np.ndarray, int]:
    """Return statistics of resamples, shape (draws kept, 2, k), and how many failed."""
    rng = np.random.default_rng(seed)
    kept = []
    for _ in watched(range(draws), what="draws"):
        counted = study.count(rng)
        if isinstance(counted, Text):
            continue
        values = _statistics(study, counted, names)
        kept.append(values)
    shape = (0, 2, len(names))
    return (np.stack(kept) if kept else np.empty(shape)), draws - len(kept)
