"""From registration to a job: the trained beside the untrained.

Trained and untrained people choose and are chosen. What is compared here is who had found
a job after a stated time among those who could be watched that long, first as they are,
then with registration quarter, age, sex and schooling held equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.absence import Absent, absent
from yuyao_lib.methods.dated_spells import from_dates
from yuyao_lib.methods.proportions import proportion
from yuyao_lib.methods.smaller_sides import persons_on_smaller_side
from yuyao_lib.methods.survival import Survival, survival
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["JobServices", "job_services"]

TRUTHS = {"placement_log_odds": "truths/placement/log_odds"}
BY_PERSON = Text(
    "sandwich summed by person: some register more than once", "按人聚合的稳健方差：有人多次登记"
)
CAVEAT = Text(
    "Who is trained differs from who is not in more than what is held equal; this is a"
    " difference, not an effect of courses.",
    "参训者与未参训者的差别不止于所控制的因素；这是差异，不是课程的效应。",
)
ONE_SIDE = Text(
    "among those watched long enough, one side has nobody who found a job, or nobody who did not",
    "在观察足够久者中，有一方无人就业或全部就业",
)


@dataclass(frozen=True, slots=True)
class JobServices:
    """Placements after registration.

    Attributes
    ----------
    curve
        Share still without a job by time, trained (``1``) and not (``0``).
    days
        The time after which placements are compared.
    estimates
        ``placed_trained``, ``placed_untrained`` (percent), ``placed_difference``
        (percentage points) and ``placement_log_odds``.
    truths
        Where the truth of a simulated register holds theirs.
    """

    curve: Survival = field(repr=False)
    days: int
    estimates: tuple[Estimate, ...]
    truths: dict[str, str] = field(default_factory=lambda: dict(TRUTHS), repr=False)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def job_services(
    frame: pd.DataFrame | None,
    *,
    workers: pd.DataFrame | None = None,
    days: int = 180,
    until: str | None = None,
    level: float = 0.95,
) -> JobServices | Absent:
    """Compare placements of the trained and the untrained.

    Parameters
    ----------
    frame
        ``worker_id``, ``registered_on``, ``trained``, ``hired_on`` (empty: not yet). None:
        absent.
    workers
        ``worker_id`` and what is held equal where known: ``birth_year``, ``female``,
        ``education_years``.
    days
        Time after registration.
    until
        Last day watched; None: the latest date in the table.
    level
        Coverage of the intervals.

    Raises
    ------
    InputError
        If `days` is less than one, or nobody was watched so long.
    """
    off = absent(job_services=frame)
    if off is not None or frame is None:
        return off or Absent(("job_services",))
    if days < 1:
        raise InputError(sentence("days after registration", got=days, allowed="1 and more"))
    spells = from_dates(frame, began="registered_on", closed="hired_on", until=until)
    spells = spells.assign(trained=spells["trained"].astype("int64"))
    curve = survival(spells, duration="duration_days", ended="ended", by="trained", at=[days],
                     level=level, n_unit="registrations")  # fmt: skip
    watched = _watched(spells, days, until)
    if watched.empty:
        raise InputError(sentence("days after registration", got=days, allowed="a shorter time"))
    apart, shares = _difference(watched, level), [_placed(watched, t, days, level) for t in (1, 0)]
    return JobServices(curve, days, (*shares, apart, _odds(watched, workers, level)))


def _watched(spells: pd.DataFrame, days: int, until: str | None) -> pd.DataFrame:
    """Keep registrations watched for the whole time, with whether a job came within it."""
    import pandas as pd

    began = pd.to_datetime(spells["registered_on"])
    hired = pd.to_datetime(spells["hired_on"])
    last = pd.Timestamp(until) if until else max(began.max(), hired.max())
    kept = began + pd.Timedelta(days=days) <= last
    placed = (spells["ended"] == 1) & (spells["duration_days"] <= days)
    quarter = began.dt.year * 4 + began.dt.quarter
    return pd.DataFrame(
        {"worker_id": spells["worker_id"], "trained": spells["trained"],
         "placed": placed.astype("float64"), "quarter": quarter, "year": began.dt.year}
    )[kept]  # fmt: skip


def _placed(watched: pd.DataFrame, trained: int, days: int, level: float) -> Estimate:
    """Return the percent placed on one side."""
    rows = watched[watched["trained"] == trained]
    who = Text("trained", "参训") if trained else Text("untrained", "未参训")
    what = Text(f"{who.en}, with a job within {days} days", f"{who.zh}者 {days} 天内就业")
    return proportion(
        f"placed_{'trained' if trained else 'untrained'}", int(rows["placed"].sum()), len(rows),
        term="placement_share", n_unit="registrations", estimand=what, level=level,
    )  # fmt: skip


def _shared(watched: pd.DataFrame, level: float) -> dict[str, Any]:
    """Return what both differences share."""
    return {
        "design": Design.OBSERVATIONAL, "level": level, "n": len(watched),
        "n_unit": "registrations",
        "clusters": int(watched["worker_id"].nunique()), "cluster_unit": "persons",
        "persons": persons_on_smaller_side(watched, "trained", worker="worker_id"),
        "caveat": CAVEAT,
    }  # fmt: skip


def _difference(watched: pd.DataFrame, level: float) -> Estimate:
    """Return the raw difference in percentage points, errors by person."""
    x = np.column_stack([np.ones(len(watched)), watched["trained"].to_numpy("float64")])
    words = {"key": "placed_difference", "term": "placement_difference", "method": "ols",
             "unit": "percentage_points", **_shared(watched, level)}  # fmt: skip
    if watched["trained"].nunique() < 2:
        return Estimate(undefined=ONE_SIDE, **words)
    y = 100 * watched["placed"].to_numpy()
    beta = np.linalg.solve(x.T @ x, x.T @ y)
    bread = np.linalg.inv(x.T @ x)
    error = _by_person(x * (y - x @ beta)[:, None], watched["worker_id"], bread)[1]
    return _wald(float(beta[1]), error, {**words, "residual_df": len(y) - 2}, Text(
        "trained less untrained, as they are", "参训者减未参训者，未作调整"))  # fmt: skip


def _odds(watched: pd.DataFrame, workers: pd.DataFrame | None, level: float) -> Estimate:
    """Return the difference in log odds with what is known held equal, errors by person."""
    import statsmodels.api as sm

    words = {"key": "placement_log_odds", "term": "placement_difference", "method": "logit",
             "unit": "log_odds", **_shared(watched, level)}  # fmt: skip
    sides = watched.groupby("trained")["placed"].mean()
    if len(sides) < 2 or not sides.between(0, 1, inclusive="neither").all():
        return Estimate(undefined=ONE_SIDE, **words)
    x, held = _columns(watched, workers)
    y = watched["placed"].to_numpy()
    # quarters in which nobody found a job, or everybody did, say nothing and have no odds
    told = watched.groupby("quarter")["placed"].transform("mean").between(0, 1, "neither")
    kept = told.to_numpy() & np.isfinite(x).all(axis=1)
    x, y = x[kept], y[kept]
    x = x[:, [0, *[j for j in range(1, x.shape[1]) if np.ptp(x[:, j]) > 0]]]
    fit = sm.GLM(y, x, family=sm.families.Binomial()).fit()
    bread = np.asarray(fit.normalized_cov_params)
    scores = x * (y - fit.fittedvalues)[:, None]
    error = _by_person(scores, watched["worker_id"][kept], bread)[0]
    names = Text(", ".join(h.en for h in held), "、".join(h.zh for h in held))
    what = Text(f"trained less untrained, with {names.en} held equal",
                f"参训者减未参训者，控制{names.zh}")  # fmt: skip
    sizes = {"n": len(y), "residual_df": len(y) - x.shape[1]}
    return _wald(float(fit.params[0]), error, {**words, **sizes}, what)


HELD = {
    "age": Text("age", "年龄"),
    "female": Text("sex", "性别"),
    "education_years": Text("schooling", "受教育年限"),
}


def _columns(watched: pd.DataFrame, workers: pd.DataFrame | None) -> tuple[Any, Sequence[Text]]:
    """Return trained, registration quarters and what is known of people, as columns."""
    import pandas as pd

    parts = [watched["trained"].to_numpy("float64")[:, None],
             pd.get_dummies(watched["quarter"]).to_numpy("float64")]  # fmt: skip
    held = [Text("quarter of registration", "登记季度")]
    if workers is not None:
        known = workers.drop_duplicates("worker_id").set_index("worker_id")
        people = known.reindex(watched["worker_id"])
        if "birth_year" in known:
            age = watched["year"].to_numpy("float64") - people["birth_year"].to_numpy("float64")
            parts.append(np.column_stack([age / 10, (age / 10) ** 2]))
            held.append(HELD["age"])
        for name in ("female", "education_years"):
            if name in known:
                parts.append(people[name].to_numpy("float64")[:, None])
                held.append(HELD[name])
    return np.hstack(parts), held


def _by_person(scores: Any, person: pd.Series, bread: Any) -> Any:
    """Return standard errors from scores summed by person."""
    codes = person.factorize()[0]
    n = int(codes.max()) + 1
    summed = np.column_stack([np.bincount(codes, weights=s, minlength=n) for s in scores.T])
    spread = bread @ (summed.T @ summed) @ bread * n / (n - 1)
    return np.sqrt(np.diag(spread))


def _wald(value: float, error: float, words: dict[str, Any], what: Text) -> Estimate:
    """Return an estimate with a normal interval."""
    interval = wald(value, error, level=words["level"])
    return Estimate(**interval, estimand=what, inference=BY_PERSON, **words)
