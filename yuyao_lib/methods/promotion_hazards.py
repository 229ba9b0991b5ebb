"""Chances of promotion quarter by quarter: discrete-time hazards from counts by cell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.errors import DataError, InputError, sentence
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.coefficients import Told, by_key, ratio_of
from yuyao_lib.methods.packages import undisturbed
from yuyao_lib.methods.samples import check_level
from yuyao_lib.methods.smaller_sides import EMPLOYER, Counts, carriers
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats

__all__ = [
    "CAVEAT",
    "TERMS",
    "PromotionHazards",
    "promotion_hazards",
    "undefined_hazards",
    "usable_covariates",
]

TOPIC = "skill_ladder"
STRATA = ("grade", "begun", "years_in_grade")
CLUSTERED = Text(
    "the larger of the sandwich over employers (Liang and Zeger 1986) and the likelihood's own"
    " error, Student's t",
    "取按单位聚类的稳健标准误（Liang 与 Zeger 1986）与似然标准误中较大者，t 分布",
)
CAVEAT = Text(
    "Those who had it before also differ in what was not measured, such as ability; this is a"
    " difference, not an effect.",
    "先前有此经历者在能力等未测量的方面也可能不同；这是差异，不是因果效应。",
)
FEWEST, FEWEST_EMPLOYERS = 10, 10
QUARTERS = 4  # of a year: as often at risk is nobody in it
TERMS = {
    "promoted": "promotion_difference", "sat": "sitting_difference", "left": "leaving_difference",
}  # fmt: skip
WORDS = {
    "accredited": Text("accreditation of the employer", "单位备案"), "sat": Text("exams", "考试"),
    "mentored": Text("a mentor", "师傅带教"), "contest": Text("a contest", "竞赛经历"),
    "trained": Text("a skill course", "技能培训"), "promoted": Text("promotions", "晋级"),
    "left": Text("leaving", "离职"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PromotionHazards:
    """Ratios of the chance of an event among workers still at risk.

    Attributes
    ----------
    estimates
        Differences in the log hazard, one a covariate and keyed by it.
    event
        Column of what happens: ``promoted``, ``left`` or ``sat``.
    n, events, employers
        Worker-quarters at risk, events, and groups of the errors.
    """

    estimates: tuple[Estimate, ...]
    event: str
    n: int
    events: int
    employers: int

    @property
    def ratios(self) -> tuple[Estimate, ...]:
        """Hazard ratios."""
        return tuple(ratio_of(e, unit="hazard_ratio") for e in self.estimates)

    def estimate(self, key: str) -> Estimate:
        """Return one estimate by its key."""
        return by_key(self.estimates, key)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates).assign(event=self.event)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def promotion_hazards(
    cells: pd.DataFrame | None,
    *,
    covariates: Sequence[str],
    event: str = "promoted",
    strata: Sequence[str] = STRATA,
    level: float = 0.95,
    absent: Text | None = None,
) -> PromotionHazards:
    r"""Fit a discrete-time hazard to counts: :math:`h = 1 - \exp(-e^{a_s + b_y + x'\beta})`.

    Grouped-time proportional hazards (Prentice and Gloeckler 1978): :math:`e^\beta` is
    the ratio of hazards in continuous time and, where chances are small, of the chances
    of a quarter. Each stratum has a level of its own, each year another. The
    likelihood needs sums by cell alone; the sandwich needs scores by employer, which are
    sums by cell too. Where few employers are on one side, the sandwich is too narrow: an
    error is never told smaller than the likelihood's own (Angrist and Pischke 2009, 8.1).

    Parameters
    ----------
    cells
        One row a cell with ``employer_id``, ``year``, ``at_risk``, the column of `event`,
        those of `strata`, and the covariates that are known.
    covariates
        Columns of 0 and 1; one that is not in `cells` is told as missing.
    event
        Column that counts what happens.
    strata
        Columns whose combinations have levels of their own; those in which nothing ever
        happened, such as too short a time in the grade, tell nothing and are left out.
    level
        Coverage of the intervals.
    absent
        Why there are no cells.

    Raises
    ------
    DataError, InputError
        If a column is missing or the level is outside its range.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> rows = pd.DataFrame({"employer_id": np.repeat(np.arange(40), 2), "year": 2020, "grade": 0,
    ...     "mentored": [0, 1] * 40, "at_risk": 1000, "promoted": [10, 20] * 40})
    >>> found = promotion_hazards(rows, covariates=["mentored"], strata=["grade"])
    >>> round(found.ratios[0].estimate, 2)
    2.01
    """
    check_level(level)
    if event not in TERMS:
        raise InputError(sentence("event", got=event, allowed=list(TERMS)))
    told = Told(method="cloglog_hazard", n=0, n_unit="person_quarters", level=level)
    if cells is None:
        why = absent or Text("not run: there are no worker-quarters", "未运行：没有职工季度数据")
        return undefined_hazards(told, covariates, event, why, 0)
    if event not in cells:
        what = _word(event)
        why = Text(f"not run: nothing is known about {what.en}", f"未运行：缺少{what.zh}的数据")
        return undefined_hazards(told, covariates, event, why, int(cells["at_risk"].sum()))
    _check(cells, strata)
    rows = cells.assign(stratum=cells.groupby(list(strata), dropna=False).ngroup())
    happened = rows.groupby("stratum")[event].transform("sum") > 0
    rows = rows[happened & (rows.groupby("year")[event].transform("sum") > 0)]
    total, n = int(rows[event].sum()), int(rows["at_risk"].sum())
    used, reasons = usable_covariates(rows, covariates, event)
    employers = int(rows["employer_id"].nunique())
    if not used or employers < FEWEST_EMPLOYERS:
        few = Text(f"{employers} employers are too few", f"只有 {employers} 家单位，数目太少")
        whys = {c: reasons.get(c, few) for c in covariates}
        made = tuple(_missing(told, c, whys[c], event) for c in covariates)
        return PromotionHazards(made, event, n, total, employers)
    told = Told(method=told.method, n=n, n_unit=told.n_unit, level=level, clusters=employers,
                inference=CLUSTERED, residual_df=total - len(used))  # fmt: skip
    values, errors = _fit(rows, used, event)
    place = {c: i for i, c in enumerate(used)}
    words: dict[str, Any] = {"term": TERMS[event], "unit": "log_points", "caveat": CAVEAT}
    made = tuple(
        told.wald(c, float(values[place[c]]), float(errors[place[c]]), cluster_unit="firms",
                  **words, **behind_of(rows, c))
        if c in place else _missing(told, c, reasons[c], event)
        for c in covariates
    )  # fmt: skip
    return PromotionHazards(made, event, n, total, employers)


def _check(cells: pd.DataFrame, strata: Sequence[str]) -> None:
    """Refuse cells that lack a column."""
    for name in ("employer_id", "year", "at_risk", *strata):
        if name not in cells:
            raise DataError(sentence("unknown column", got=name, allowed=list(cells.columns)))
    if not strata:
        raise InputError("strata: at least one column is needed.")


def behind_of(cells: pd.DataFrame, covariate: str) -> Counts:
    """Count who is on the smaller side of a covariate, for an estimate.

    Cells count worker-quarters, so persons are the fewest that those of a year can be of;
    employers are those that carry the side, None where cells name none.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"employer_id": [1, 2, 3, 3], "year": 2020, "mentored": [0, 0, 0, 1],
    ...                      "at_risk": [90, 90, 90, 41]})
    >>> behind_of(rows, "mentored")
    {'persons': 11, 'employers': 1}
    """
    sides = [part for _, part in cells.groupby(covariate)]
    years = [part.groupby("year")["at_risk"].sum().max() for part in sides]
    persons = min((math.ceil(n / QUARTERS) for n in years), default=0)
    if EMPLOYER not in cells:
        return {"persons": persons, "employers": None}
    firms = [part.groupby(EMPLOYER)["at_risk"].sum().to_numpy("float64") for part in sides]
    return {"persons": persons, "employers": min(map(carriers, firms), default=0)}


def _word(name: str) -> Text:
    """Call what came before, or what happened, by a name that a reader knows."""
    return WORDS.get(name, Text(name, f" {name} "))


def usable_covariates(
    rows: pd.DataFrame, covariates: Sequence[str], event: str
) -> tuple[list[str], dict[str, Text]]:
    """Return covariates with enough events on both sides, and why others are not used."""
    used, reasons = [], {}
    for c in covariates:
        what = _word(c)
        if c not in rows:
            reasons[c] = Text(
                f"not run: no table tells of {what.en}", f"未运行：没有表格载明{what.zh}"
            )
            continue
        sides = [int(rows.loc[rows[c] == v, event].sum()) for v in (0, 1)]
        if min(sides) < FEWEST:  # the number itself stays untold: it may be of few persons
            side = Text("with", "有") if sides[1] < FEWEST else Text("without", "无")
            reasons[c] = Text(
                f"fewer than {FEWEST} events among those {side.en} {what.en}",
                f"{side.zh}{what.zh}者中发生的事件少于 {FEWEST} 次",
            )
        else:
            used.append(c)
    return used, reasons


def _fit(rows: pd.DataFrame, used: list[str], event: str) -> tuple[Floats, Floats]:
    """Return coefficients of the covariates and their clustered errors."""
    import pandas as pd
    import statsmodels.api as sm

    keys = ["stratum", "year", *used]
    groups = rows.groupby(keys, sort=True)
    small = groups[["at_risk", event]].sum().reset_index()
    levels = pd.get_dummies(small["stratum"], dtype="float64")
    years = pd.get_dummies(small["year"], dtype="float64").iloc[:, 1:]
    x = np.column_stack([small[used].to_numpy("float64"), levels, years])
    y, n = small[event].to_numpy("float64"), small["at_risk"].to_numpy("float64")
    family = sm.families.Binomial(link=sm.families.links.CLogLog())
    with undisturbed(ignore=(Warning,)):
        fit = sm.GLM(np.column_stack([y, n - y]), x, family=family).fit(maxiter=100, tol=1e-12)
    rate = np.exp(x @ fit.params)
    p = -np.expm1(-rate)
    information = x.T @ (x * (n * rate**2 * (1 - p) / p)[:, None])
    bread = np.linalg.pinv(information)
    meat = _meat(rows, groups.ngroup().to_numpy(), x, rate, p, event)
    robust = np.diag(bread @ meat @ bread)
    # with few employers on one side the sandwich is too narrow (Angrist and Pischke 2009, 8.1)
    errors = np.sqrt(np.maximum(robust, np.diag(bread)))
    return fit.params[: len(used)], errors[: len(used)]


def _meat(
    rows: pd.DataFrame, cell: np.ndarray, x: Floats, rate: Floats, p: Floats, event: str
) -> Floats:
    """Return the sum over employers of outer products of scores, for as many as there are."""
    import pandas as pd
    from scipy import sparse

    left = rows[event].to_numpy("float64") - rows["at_risk"].to_numpy("float64") * p[cell]
    who = pd.factorize(rows["employer_id"])[0]
    size = int(who.max()) + 1
    residuals = sparse.csr_matrix((left * (rate / p)[cell], (who, cell)), shape=(size, len(x)))
    scores = residuals @ x
    return np.asarray(scores.T @ scores) * size / (size - 1)


def _missing(told: Told, name: str, why: Text, event: str) -> Estimate:
    """Say why a covariate has no ratio."""
    return told.missing(name, why, term=TERMS[event], unit="log_points", caveat=CAVEAT)


def undefined_hazards(
    told: Told, covariates: Sequence[str], event: str, why: Text, n: int
) -> PromotionHazards:
    """Say of every covariate why there is nothing to tell."""
    made = tuple(_missing(told, c, why, event) for c in covariates)
    return PromotionHazards(made, event, n, 0, 0)
