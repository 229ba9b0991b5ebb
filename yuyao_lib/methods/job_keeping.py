"""Jobs found after registering: whether they are kept for half a year, and what they pay."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.absence import Absent
from yuyao_lib.methods.linearised import PayRows, pay_rows
from yuyao_lib.methods.proportions import proportion
from yuyao_lib.methods.samples import ALIKE, alike, check_level
from yuyao_lib.methods.smaller_sides import carriers
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["JobKeeping", "job_keeping"]

CAVEAT = Text(
    "The trained and the untrained differ in more than is known here; the difference is not an"
    " effect of the course.",
    "参训者与未参训者在此处未知的方面也有不同；该差异不是培训的效果。",
)
ONE_SIDE = Text("all who found a job were trained, or none was", "找到工作者全部参训或全部未参训")
NOBODY = Text(
    "nobody who found a job is on the payroll in the quarter after",
    "找到工作者在次季度均未出现在工资表中",
)
BY_PERSON = Text(
    "difference of means within quarters of entry, errors by person, Student's t",
    "按入职季度组内的均值之差，按人聚类的标准误，t 分布",
)


@dataclass(frozen=True, slots=True)
class JobKeeping:
    """What became of the jobs that were found.

    Attributes
    ----------
    estimates
        ``kept_trained`` and ``kept_untrained``: percent still with the same employer two
        quarters after the first full one; ``entry_pay``: trained less untrained, log
        points, within quarters of entry.
    unseen
        Hires that are on no payroll in the quarter after.
    """

    estimates: tuple[Estimate, ...]
    unseen: int

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def job_keeping(hired: pd.DataFrame | None, *, level: float = 0.95) -> JobKeeping | Absent:
    """Tell how many jobs last half a year, and compare pay on entry.

    Parameters
    ----------
    hired
        As from `yuyao_lib.sources.hired.hired`; None: absent.
    level
        Coverage of the intervals; those of shares are exact.

    Notes
    -----
    A job counts from the first full quarter after the hire. Pay is compared within quarters
    of entry, since both pay and who is trained change over time.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"worker_id": list("abcdef"), "trained": [0, 0, 0, 1, 1, 1],
    ...     "quarter": 8080, "entry_wage": [4000.0, 4400, 4100, 4500, 4600, 4700],
    ...     "followed": True, "kept": [True, False, True, True, True, True]})
    >>> round(job_keeping(rows).estimates[2].estimate, 2)
    0.1
    """
    check_level(level)
    if hired is None:
        return Absent(("job_services", "worker_quarters"))
    seen = hired[hired["entry_wage"].notna()]
    shares = [_kept(seen[seen["trained"] == t], t, level) for t in (1, 0)]
    return JobKeeping((*shares, _pay(seen, level)), len(hired) - len(seen))


def _kept(rows: pd.DataFrame, trained: int, level: float) -> Estimate:
    """Return the percent that kept the job."""
    followed = rows[rows["followed"].astype(bool)]
    who = Text("trained", "参训") if trained else Text("untrained", "未参训")
    what = Text(
        f"{who.en}, with the same employer half a year after entry",
        f"{who.zh}者入职半年后仍在同一单位",
    )
    found = proportion(
        f"kept_{'trained' if trained else 'untrained'}", int(followed["kept"].sum()),
        len(followed), term="job_kept_share", n_unit="spells", estimand=what, level=level,
    )  # fmt: skip
    return replace(found, undefined=NOBODY) if followed.empty else found


def _carrying(rows: PayRows, x: np.ndarray) -> int:
    """Count the persons that carry the side of fewest: quarters with one side alone tell none."""
    sides = [(rows.column("trained") == t) * np.abs(x) for t in (0.0, 1.0)]
    return min(carriers(np.bincount(rows.clusters, weights=side)) for side in sides)


def _pay(seen: pd.DataFrame, level: float) -> Estimate:
    """Return the difference of log pay on entry within quarters."""
    words: dict[str, Any] = {
        "key": "entry_pay", "term": "entry_pay_difference", "method": "ols", "unit": "log_points",
        "design": Design.OBSERVATIONAL, "level": level, "n": len(seen), "n_unit": "spells",
        "caveat": CAVEAT, "estimand": Text("pay on entry, trained less untrained",
                                           "入职工资，参训者减未参训者"),
    }  # fmt: skip
    paid = seen[seen["entry_wage"] > 0]
    if paid.empty:
        return Estimate(undefined=NOBODY, **words)
    if len(paid) < 3 or paid["trained"].nunique() < 2:
        return Estimate(undefined=ONE_SIDE, **words)
    rows = pay_rows(
        paid.assign(log_pay=np.log(paid["entry_wage"].astype("float64"))),
        numeric=["log_pay", "trained"], keys=["quarter"],
    )  # fmt: skip
    frame = rows.frame
    inner = frame[["log_pay", "trained"]] - frame.groupby("quarter")[
        ["log_pay", "trained"]
    ].transform("mean")
    y, x = (inner[c].to_numpy() for c in ("log_pay", "trained"))
    if alike(x, like=[1.0]):
        return Estimate(undefined=ONE_SIDE, **words)
    if alike(y, like=frame["log_pay"]):
        return Estimate(undefined=ALIKE, **words)
    value = float(x @ y / (x @ x))
    persons = int(rows.clusters.max()) + 1
    sums = np.bincount(rows.clusters, weights=x * (y - value * x))
    error = float(np.sqrt(sums @ sums * persons / max(persons - 1, 1)) / (x @ x))
    return Estimate(
        **{**words, "n": len(frame)}, **wald(value, error, level=level, df=persons - 1),
        clusters=persons, cluster_unit="persons", inference=BY_PERSON, persons=_carrying(rows, x),
        residual_df=len(frame) - frame["quarter"].nunique() - 1,
    )  # fmt: skip
