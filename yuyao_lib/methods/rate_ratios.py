"""Rates of events under a contract against rates without: leaving, and disputes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.adoption_periods import require
from yuyao_lib.methods.clustered_regression import ClusteredFit, Design, regress, within
from yuyao_lib.methods.coefficients import ratio_of
from yuyao_lib.methods.event_windows import FEWEST, TOO_FEW
from yuyao_lib.methods.samples import draw_sample
from yuyao_lib.methods.smaller_sides import Behind, carriers
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["event_counts", "rate_ratio"]

TOPIC = "grade_contracts"
ABSENT = Text("not run: the table or column it needs is missing", "未运行：缺少所需的表或列")
STEPS = 60
TOLERANCE = 1e-12  # relative change of the likelihood at which the steps end
NO_EVENTS = Text(
    "no event under contract, or none without, in the firms compared",
    "所比较的企业在签约期间或其余期间没有发生该事件",
)
INFERENCE = Text(
    "Poisson regression with an effect for every firm and every quarter, clustered in"
    " {clusters} firms; Student's t with the {treated} treated firms less one",
    "含企业与季度效应的泊松回归，按 {clusters} 家企业聚类；"
    "t 分布自由度为 {treated} 家处理企业数减一",
)


def event_counts(
    events: pd.DataFrame | None, panel: pd.DataFrame, *, date: str, count: str = "events"
) -> pd.DataFrame:
    """Count dated events of employers into the rows of a panel.

    Parameters
    ----------
    events
        One row an event, with ``employer_id`` and a column of dates; None where there is
        no such table, which leaves the counts empty.
    panel
        One row a firm and quarter: ``employer_id``, ``period``.
    date
        Column of dates.
    count
        Name of the new column; 0 where nothing happened. Quarters before the first and
        after the last event of any employer are left out: nobody was counting.

    Examples
    --------
    >>> import pandas as pd
    >>> panel = pd.DataFrame({"employer_id": ["A", "B"], "period": 8088})
    >>> events = pd.DataFrame({"employer_id": ["A", "A"], "filed_on": ["2022-01-05"] * 2})
    >>> event_counts(events, panel, date="filed_on")["events"].tolist()
    [2, 0]
    """
    import pandas as pd

    if events is None:
        return panel.assign(**{count: float("nan")})
    require(events, ["employer_id", date])
    held = events.dropna(subset=["employer_id", date])
    when = pd.to_datetime(held[date])
    period = when.dt.year * 4 + when.dt.quarter - 1
    rows = panel[panel["period"].between(period.min(), period.max())]
    counted = (
        pd.DataFrame({"employer_id": held["employer_id"].astype(str), "period": period})
        .value_counts()
        .rename(count)
        .reset_index()
    )
    out = rows.merge(counted, on=["employer_id", "period"], how="left")
    out[count] = out[count].fillna(0).astype("int64")
    return out.reset_index(drop=True)


def rate_ratio(
    frame: pd.DataFrame,
    *,
    events: str,
    exposure: str = "workers",
    unit: str = "employer_id",
    period: str = "period",
    first_treated: str = "first_contract",
    meaning: Meaning | None = None,
) -> Estimate:
    r"""Estimate the ratio of an event's rate under a contract to its rate without.

    :math:`E[y_{it}] = n_{it} \exp(\alpha_i + \gamma_t + \beta D_{it})`; the ratio is
    :math:`e^\beta`.

    Parameters
    ----------
    frame
        One row a firm and period.
    events, exposure
        Counts, and the persons they come from.
    unit, period, first_treated
        As in `adoption_panel`.
    meaning
        What the number is about.

    Notes
    -----
    Firms without any event say nothing about a ratio and drop out. The ratio is taken to
    be the same from the first quarter on; the interval is symmetric in its logarithm.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame([(f, t, 100.0, 12 if f < 4 and t > 2 else 10, 3 * (f < 4))
    ...                      for f in range(9) for t in (1, 2, 3, 4)],
    ...                     columns=["employer_id", "period", "workers", "left", "first_contract"])
    >>> round(rate_ratio(rows, events="left").estimate, 3)
    1.2
    """
    meant = meaning or Meaning(term="incidence_rate_ratio", unit="ratio")
    if events in frame and frame[events].isna().all():
        return meant.estimate("rate_ratio", "poisson_two_way", undefined=ABSENT)
    sample = draw_sample(frame, numeric=[events, exposure], keys=[unit, period, first_treated])
    rows = sample.frame
    rows = rows[rows.groupby(unit, observed=True)[events].transform("sum") > 0]
    under = ((rows[first_treated] > 0) & (rows[period] >= rows[first_treated])).to_numpy()
    firms = rows.loc[under, unit].nunique()
    why = TOO_FEW.format(fewest=FEWEST) if firms < FEWEST else None
    count = rows[events].to_numpy()
    if why is None and (count[under].sum() == 0 or count[~under].sum() == 0):
        why = NO_EVENTS
    if why is not None:
        return meant.estimate("rate_ratio", "poisson_two_way", undefined=why)
    return _fit(rows, count, under, firms, (unit, period, exposure), meant)


def _fit(
    rows: pd.DataFrame,
    count: np.ndarray,
    under: np.ndarray,
    firms: int,
    names: tuple[str, str, str],
    meaning: Meaning,
) -> Estimate:
    """Fit by iterated weighted least squares, firm effects swept out in each step."""
    import pandas as pd

    unit, period, exposure = names
    units = pd.factorize(rows[unit])[0].astype("int64")
    later = pd.get_dummies(rows[period], dtype="float64", drop_first=True).to_numpy()
    x = np.column_stack([later, under.astype("float64")])
    fit = _iterate(count, x, np.log(rows[exposure].to_numpy()), units)
    found = None if fit is None else fit.value("under")
    if fit is None or found is None:
        return meaning.estimate("rate_ratio", "poisson_two_way", undefined=NO_EVENTS)
    return _read(*found, fit, firms, meaning, _behind(rows, count, under, (unit, exposure)))


def _behind(
    rows: pd.DataFrame, count: np.ndarray, under: np.ndarray, names: tuple[str, str]
) -> Behind:
    """Return who stands behind a ratio; few events on a side tell of as few persons."""
    unit, exposure = names
    exposed = [
        rows[side].groupby(unit, observed=True)[exposure].mean().to_numpy()
        for side in (under, ~under)
    ]
    events = [count[side].sum() for side in (under, ~under)]
    persons = min(*(e.sum() for e in exposed), *events)
    return Behind(min(carriers(e) for e in exposed), int(persons))


def _iterate(
    count: np.ndarray, x: np.ndarray, offset: np.ndarray, units: np.ndarray
) -> ClusteredFit | None:
    """Return the weighted regression at the maximum of the likelihood; None if none is found."""
    names = (*(f"period_{k}" for k in range(1, x.shape[1])), "under")
    mean = (count + count.mean()) / 2
    likelihood = -np.inf
    for _ in range(STEPS):
        shown = np.log(mean) - offset + (count - mean) / mean
        swept = within(np.column_stack([shown, x]), units, mean)
        fit = regress(Design(swept[:, 0], swept[:, 1:], names, mean, units))
        kept = [names.index(name) for name in fit.names]
        rest = swept[:, 0] - swept[:, 1:][:, kept] @ fit.values
        mean = np.exp(np.clip(shown - rest + offset, -50, 50))
        reached = float((count * np.log(mean) - mean).sum())
        if abs(reached - likelihood) <= TOLERANCE * abs(reached):
            return fit
        likelihood = reached
    return None


def _read(
    value: float, error: float, fit: ClusteredFit, firms: int, meaning: Meaning, behind: Behind
) -> Estimate:
    """Return the ratio with an interval symmetric in its logarithm."""
    logs = meaning.estimate(
        "rate_ratio",
        "poisson_two_way",
        **wald(value, error, level=meaning.level, df=firms - 1),
        n=fit.n,
        clusters=fit.clusters,
        residual_df=fit.residual_df,
        behind=behind,
        inference=INFERENCE.format(clusters=fit.clusters, treated=firms),
    )
    return ratio_of(logs, unit=meaning.unit)
