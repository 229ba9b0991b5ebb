"""Where packages give different numbers on the same data: which is right, by a second route.

Each question is put to the packages that disagree and, independently of them, to a route
that makes no approximation; the nearer package is right, and the reason is stated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.methods.packages import undisturbed
from yuyao_lib.sources.public import open_public
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats

__all__ = ["Disagreement", "Disagreements", "disagreements", "exact_quantile", "exact_ties"]

TOPIC = "published"
DRAWS = 1999


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One question on which packages disagree.

    Attributes
    ----------
    question
        What is asked of which data.
    routes
        Name of each route and the value it gives; the first is what this project uses.
    second, value
        The independent route and its value.
    why
        Why they differ.
    """

    question: Text
    routes: tuple[tuple[Text, float], ...]
    second: Text
    value: float
    why: Text

    @property
    def right(self) -> Text:
        """The route whose value is nearest the independent one."""
        return min(self.routes, key=lambda route: abs(route[1] - self.value))[0]


@dataclass(frozen=True, slots=True)
class Disagreements:
    """Every question."""

    rows: tuple[Disagreement, ...]

    @property
    def ours_right(self) -> int:
        """On how many questions the route that this project uses is the right one."""
        return sum(row.right is row.routes[0][0] for row in self.rows)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a route."""
        import pandas as pd

        rows = [
            (row.question.en, name.en, value, value - row.value, name is row.right)
            for row in self.rows
            for name, value in row.routes
        ]
        columns = ["question", "route", "value", "off_second_route", "right"]
        return pd.DataFrame(rows, columns=columns)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def disagreements() -> Disagreements:
    """Ask packages and independent routes the same questions.

    Examples
    --------
    >>> found = disagreements()
    >>> found.ours_right == len(found.rows)
    True
    """
    return Disagreements((_ties(), _median(), _clusters()))


def exact_ties(durations: Floats, covariate: Floats) -> float:
    r"""Maximise the partial likelihood that averages over every order of tied spells.

    Each set D of spells tied at a time contributes
    :math:`\int_0^\infty \prod_{i\in D}(1-e^{-w_i t/W})e^{-t}dt`, with :math:`w_i` the
    relative chance of spell i and W the sum over those that last longer (DeLong, Guirguis
    and So 1994, Biometrika 81, equation 4).

    Parameters
    ----------
    durations, covariate
        One a spell, all seen to their end.
    """
    from scipy.optimize import minimize_scalar

    nodes, weights = np.polynomial.laguerre.laggauss(48)
    sets = [(durations == t, durations > t) for t in np.unique(durations)]

    def negative(slope: float) -> float:
        w = np.exp(slope * covariate)
        total = 0.0
        for tied, later in sets:
            if later.any():
                chance = -np.expm1(-np.outer(nodes, w[tied]) / w[later].sum())
                total += np.log(weights @ chance.prod(axis=1))
        return -total

    return float(minimize_scalar(negative, bracket=(-1.0, 1.0), tol=1e-10).x)


def exact_quantile(outcome: Floats, columns: Floats, share: float) -> Floats:
    """Fit a conditional percentile as the linear programme that it is.

    Parameters
    ----------
    outcome, columns
        Values, and regressors with a constant.
    share
        The percentile as a share (Koenker and Bassett 1978, equation 3.1).
    """
    from scipy import sparse
    from scipy.optimize import linprog

    n, k = columns.shape
    cost = np.concatenate([np.zeros(k), np.full(n, share), np.full(n, 1 - share)])
    both = sparse.hstack([sparse.csr_matrix(columns), sparse.eye(n), -sparse.eye(n)])
    bounds = [(None, None)] * k + [(0, None)] * (2 * n)
    return np.asarray(linprog(cost, A_eq=both, b_eq=outcome, bounds=bounds).x[:k])


def _ties() -> Disagreement:
    """Ask how strikes that end on the same day count in Cox's model."""
    from yuyao_lib.methods.hazards import cox

    rows = open_public("strikes").frame("strikes")
    names: dict[str, Any] = {"duration": "duration_days"}
    x = "unanticipated_output_percent"
    efron, breslow = (
        float(cox(rows, covariates=[x], ties=ties, **names).estimate(x).estimate or 0.0)
        for ties in ("efron", "breslow")
    )
    value = exact_ties(rows["duration_days"].to_numpy(float), rows[x].to_numpy(float))
    return Disagreement(
        Text("Cox's model when strikes end on the same day: coefficient of output",
             "罢工同日结束时的 Cox 模型：产出的系数"),
        (
            (Text("Efron's ties (lifelines' default, ours)",
                  "Efron 处理（lifelines 默认，本项目采用）"), efron),
            (Text("Breslow's ties (statsmodels' default)",
                  "Breslow 处理（statsmodels 默认）"), breslow),
        ),
        Text("average over every order of the tied, by integration",
             "对同日者的全部先后次序取平均（数值积分）"),
        value,
        Text("Breslow lets those tied stay at risk for one another and pulls towards zero",
             "Breslow 让同日结束者彼此仍处于风险之中，使系数偏向零"),
    )  # fmt: skip


def _median() -> Disagreement:
    """Ask for the premium at the median."""
    from yuyao_lib.methods.wage_equations import quantile

    rows = open_public("cps78_85").frame("workers")
    x = ["union_member", "education_years", "experience_years", "experience_years_squared"]
    x = [*x, "female", "nonwhite"]
    ours = float(quantile(rows, outcome="log_hourly_wage", regressors=x).coefficients[x[0]])
    y, columns = rows["log_hourly_wage"].to_numpy(), rows[x].to_numpy(float)
    columns = np.column_stack([np.ones(len(y)), columns])
    return Disagreement(
        Text("The premium at the median, two surveys: log points",
             "两次调查中位数处的工会溢价：对数点"),
        (
            (Text("pyfixest (ours)", "pyfixest（本项目采用）"), ours),
            (Text("statsmodels QuantReg", "statsmodels QuantReg"), _reweighted(y, columns)),
        ),
        Text("linear programme, by HiGHS", "线性规划（HiGHS 求解）"),
        float(exact_quantile(y, columns, 0.5)[1]),
        Text("statsmodels stops its reweighted least squares before the corner of the programme",
             "statsmodels 的迭代加权最小二乘在到达线性规划顶点之前停止"),
    )  # fmt: skip


def _reweighted(outcome: Floats, columns: Floats) -> float:
    """Return the coefficient of the second column as statsmodels finds it."""
    from statsmodels.regression.quantile_regression import QuantReg

    with undisturbed(ignore=(UserWarning,), module="statsmodels"):
        return float(QuantReg(outcome, columns).fit(q=0.5).params[1])


def _clusters() -> Disagreement:
    """Ask for the standard error of the premium within persons, clustered by person."""
    from yuyao_lib.methods.premiums import estimate

    rows = open_public("wagepan").frame("workers")
    controls = ["experience_years_squared", "married"]
    found = estimate(
        rows, outcome="log_hourly_wage", member="union_member", controls=controls,
        routes=["fixed_effects"],
    )  # fmt: skip
    fit = found.fits["fixed_effects"]
    ours, k = fit.standard_error("union_member"), len(fit.coefficients)
    counted = ours * np.sqrt((fit.n - k) / (fit.n - k - fit.clusters))
    return Disagreement(
        Text("Standard error of the premium within persons, clustered by person",
             "个人内部工会溢价的标准误（按人聚类）"),
        (
            (Text("effects of persons not counted as regressors (ours)",
                  "个人效应不计入变量个数（本项目采用）"), ours),
            (Text("effects of persons counted (dummies in statsmodels)",
                  "个人效应计入变量个数（statsmodels 虚拟变量）"), float(counted)),
        ),
        Text("bootstrap of whole persons", "对整个人再抽样的自助法"),
        _bootstrap(rows, ["union_member", *controls]),
        Text("effects nested within clusters cost no degrees of freedom; counting them inflates the"
             " error (Cameron and Miller 2015, section VI.B)",
             "嵌套于聚类之内的效应不消耗自由度，计入会夸大标准误"
             "（Cameron 与 Miller 2015，VI.B 节）"),
    )  # fmt: skip


def _bootstrap(rows: pd.DataFrame, names: list[str]) -> float:
    """Draw whole persons again and again, from their sums of products."""
    held = rows[["log_hourly_wage", *names]]
    within = held - held.groupby(rows["worker_id"]).transform("mean")
    within = within - within.groupby(rows["calendar_year"]).transform("mean")
    y, x = within["log_hourly_wage"].to_numpy(), within[names].to_numpy()
    codes = rows["worker_id"].factorize()[0]
    order = np.argsort(codes, kind="stable")
    starts = np.r_[0, np.flatnonzero(np.diff(codes[order])) + 1]
    squares = np.add.reduceat(x[order, :, None] * x[order, None, :], starts, axis=0)
    products = np.add.reduceat(x[order] * y[order, None], starts, axis=0)
    rng = np.random.default_rng(545)
    times = rng.multinomial(len(starts), np.full(len(starts), 1 / len(starts)), size=DRAWS)
    left = np.tensordot(times, squares, axes=1)
    right = times @ products
    return float(np.linalg.solve(left, right[..., None])[:, 0, 0].std(ddof=1))
