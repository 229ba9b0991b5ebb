"""What cannot be estimated says why: every method against every way in which data can fail.

Each method meets data without treated, with one cluster, without overlap, perfectly
separated, collinear, constant, missing, of one row or none. It gives estimates that are
either numbers with a spread or sentences, or refuses the data in a sentence; never a trace,
a number that is none, certainty, or a warning.
"""

import math
import warnings
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import numpy as np
import pandas as pd
import pytest

from yuyao_lib.errors import DataError, InputError
from yuyao_lib.findings import Estimate
from yuyao_lib.methods import (
    contracts,
    disputes,
    inference,
    policy,
    premiums,
    specifications,
    structure,
    training,
    wage_equations,
)
from yuyao_lib.methods.specification_universe import Universe

RNG = np.random.default_rng(7)


def people(n: int = 60) -> pd.DataFrame:
    """Return persons seen twice: pay, treatment, covariates, spells."""
    x = RNG.standard_normal(n)
    t = (RNG.random(n) < 1 / (1 + np.exp(-x))).astype(float)
    pay = 2 + 0.5 * x + 0.3 * t + 0.4 * RNG.standard_normal(n)
    length = np.ceil(RNG.exponential(20 * np.exp(-0.3 * x)))
    return pd.DataFrame(
        {
            "worker_id": np.arange(n) // 2,
            "calendar_year": np.arange(n) % 2,
            "t": t,
            "x": x,
            "x2": RNG.standard_normal(n),
            "z": x + RNG.standard_normal(n),
            "y": pay,
            "before": pay - 0.3 * t + 0.2 * RNG.standard_normal(n),
            "group": np.arange(n) % 5,
            "days": length,
            "ended": (RNG.random(n) < 0.8).astype(float),
            "way": np.where(RNG.random(n) < 0.5, "settled", "arbitration"),
            "count": RNG.poisson(np.exp(0.5 + 0.2 * x)).astype(float),
        }
    )


def firms(n: int = 24, periods: int = 6) -> pd.DataFrame:
    """Return firms of which some adopt at two dates."""
    since = np.zeros(n)
    since[:10] = np.where(np.arange(10) % 2, 3, 5)
    times = np.arange(periods) + 1
    x = RNG.standard_normal((n, 1)) + np.zeros((n, periods))
    on = (since[:, None] > 0) & (times >= since[:, None])
    pay = RNG.normal(0, 0.2, (n, 1)) + 0.1 * RNG.standard_normal((n, periods)) + 0.1 * on
    return pd.DataFrame(
        {
            "firm": np.repeat(np.arange(n), periods),
            "quarter": np.tile(times, n),
            "y": pay.ravel(),
            "since": np.repeat(since, periods),
            "t": on.ravel().astype(float),
            "x": x.ravel(),
            "group": np.repeat(np.arange(n) % 12, periods),
        }
    )


PEOPLE, FIRMS = people(), firms()


def sides(d: pd.DataFrame) -> pd.Series:
    """Return who is ever treated."""
    return ((d["since"] if "since" in d else d["t"]) > 0).astype(float)


def all_alike(d: pd.DataFrame, treated: bool) -> pd.DataFrame:
    since = {"since": 3.0 * treated} if "since" in d else {}
    return d.assign(t=float(treated), **since)


def one_treated(d: pd.DataFrame) -> pd.DataFrame:
    first = d.index[d["t"] > 0][0]
    if "since" not in d:
        return d.assign(t=(d.index == first).astype(float))
    mine = d["firm"] == d.loc[first, "firm"]
    return d.assign(since=d["since"].where(mine, 0.0), t=d["t"].where(mine, 0.0))


def separated(d: pd.DataFrame) -> pd.DataFrame:
    told = {"x": sides(d)}
    if "ended" in d:
        told |= {"ended": d["t"], "count": d["count"] * d["t"]}
        told["way"] = np.where(d["t"] > 0, "settled", "open")
    return d.assign(**told)


def collinear(d: pd.DataFrame) -> pd.DataFrame:
    return d.assign(x2=2 * d["x"], z=2 * d["x"]) if "x2" in d else d.assign(x=1.0)


def measured(d: pd.DataFrame, value: float) -> pd.DataFrame:
    return d.assign(**dict.fromkeys({"y", "before", "days", "count"} & set(d), value))


WAYS = {
    "untreated": lambda d: all_alike(d, False),
    "all treated": lambda d: all_alike(d, True),
    "one treated": one_treated,
    "one cluster": lambda d: d.assign(group=1),
    "no overlap": lambda d: d.assign(x=10 * sides(d) + 0.1 * d["x"]),
    "separated": separated,
    "collinear": collinear,
    "constant": lambda d: measured(d, 1.0),
    "missing": lambda d: measured(d, np.nan),
    "one row": lambda d: d.head(1),
    "two rows": lambda d: d.head(2),
    "none": lambda d: d.head(0),
}
ADOPTED = {"outcome": "y", "unit": "firm", "period": "quarter", "first_treated": "since"}
CLUSTERED = {"outcome": "y", "regressor": "t", "cluster": "group", "controls": ["x"]}
SPELL = {"duration": "days", "ended": "ended"}
EARNED = {"before": "earnings_1974", "y": "earnings_1978"}
CAUSE = {"duration": "days", "cause": "way"}


def universe(unit: bool) -> Universe:
    """Return a few declared choices."""
    return Universe(
        treatment="t", outcomes={"y": "y"}, cluster="group", controls={"none": [], "x": ["x"]},
        estimators=["pooled", "two_way_fixed_effects"] if unit else ["pooled"],
        unit="firm" if unit else None, period="quarter" if unit else None,
    )  # fmt: skip


def event_parts(d: pd.DataFrame) -> list[object]:
    """Return everything that is told of effects by cohort and period."""
    found = contracts.group_time(d, **ADOPTED, cluster="group")
    path = found.aggregate("dynamic")
    return [
        found,
        path,
        *(found.aggregate(by) for by in ("simple", "group", "calendar")),
        contracts.pre_trend_test(found),
        contracts.pre_trend_slope(path),
        contracts.honest_bounds(path, bounds=[1.0]),
        contracts.can_tell(path.overall, smallest_of_interest=0.05),
    ]


ROUTES = {
    "training effects": lambda d: training.effects(
        d, outcome="y", trained="t", covariates=["x", "x2"], before="before"
    ),
    "training experiment": lambda d: training.experiment(
        d, outcome="y", trained="t", covariates=["x", "x2"]
    ),
    "training balance": lambda d: training.balance(d, trained="t", covariates=["x", "x2"]),
    "training overlap": lambda d: training.overlap(d, trained="t", covariates=["x", "x2"]),
    "training weights": lambda d: training.weighted_means(
        d, outcome="y", trained="t", covariates=["x", "x2"]
    ),
    "training recovery": lambda d: training.recovery(
        d, d[d["t"] == 0], outcome="y", trained="t", covariates=["x"], before="before"
    ),
    "training paths": lambda d: training.earnings_paths(
        d.rename(columns=EARNED),
        d.rename(columns=EARNED),
        earnings=list(EARNED.values()),
        trained="t",
    ),
    "inequality": lambda d: structure.inequality(d, outcome="y", by=["t"]),
    "within and between": lambda d: structure.within_between(d, outcome="y", group="t"),
    "lorenz": lambda d: structure.lorenz(d, outcome="y", group="t"),
    "decomposition": lambda d: structure.decompose(d, outcome="y", group="t", controls=["x", "x2"]),
    "reweighting": lambda d: structure.reweight(
        d, outcome="y", group="t", controls=["x", "x2"], draws=99
    ),
    "unconditional quantiles": lambda d: structure.rif_effects(
        d, outcome="y", group="t", controls=["x", "x2"]
    ),
    "skill premia": lambda d: structure.skill_premia(
        d, outcome="y", skill="t", controls=["x", "x2"]
    ),
    "match bias": lambda d: structure.match_bias(
        d, outcome="y", group="t", controls=["x"], imputed="ended"
    ),
    "top code": lambda d: structure.raise_top_code(d, outcome="y", factor=1.4),
    "group means": lambda d: structure.group_means(d, group="t", columns=["y", "x"]),
    "survival": lambda d: disputes.survival(d, **SPELL, by="t", at=[10.0]),
    "cox": lambda d: disputes.cox(d, **SPELL, covariates=["t", "x", "x2"]),
    "cox by groups": lambda d: disputes.cox(d, **SPELL, covariates=["x"], cluster="group"),
    "exponential": lambda d: disputes.duration_model(
        d, **SPELL, covariates=["t", "x"], family="exponential", cluster="group"
    ),
    "duration models": lambda d: disputes.compare_models(
        d, **SPELL, covariates=["x", "x2"], families=["weibull", "log_normal"]
    ),
    "endings": lambda d: disputes.endings(d, **CAUSE),
    "cause hazards": lambda d: disputes.cause_hazards(d, **CAUSE, covariates=["t", "x", "x2"]),
    "poisson": lambda d: disputes.count_model(d, count="count", covariates=["t", "x", "x2"]),
    "negative binomial": lambda d: disputes.count_model(
        d, count="count", covariates=["x", "x2"], law="negative_binomial"
    ),
    "least squares": lambda d: wage_equations.least_squares(
        d, outcome="y", regressors=["t", "x", "x2"]
    ),
    "within": lambda d: wage_equations.within(d, outcome="y", regressors=["t", "x", "x2"]),
    "instruments": lambda d: wage_equations.instrumental(
        d, outcome="y", endogenous="x", instruments=["z"], exogenous=["x2"]
    ),
    "quantile": lambda d: wage_equations.quantile(d, outcome="y", regressors=["t", "x", "x2"]),
    "heckman": lambda d: wage_equations.heckman(
        d, outcome="y", regressors=["x"], selected="t", selection=["x", "x2"]
    ),
    "premia": lambda d: premiums.estimate(d, outcome="y", member="t", controls=["x", "x2"]),
    "clustered": lambda d: inference.clustered(d, **CLUSTERED),
    "jackknife": lambda d: inference.jackknife(d, **CLUSTERED),
    "leave one out": lambda d: inference.leave_one_out(d, **CLUSTERED),
    "wild bootstrap": lambda d: inference.wild_bootstrap(d, **CLUSTERED, draws=99),
    "two differences": lambda d: policy.difference_in_differences(
        d, outcome="y", treated="t", after="calendar_year", controls=["x", "x2"]
    ),
    "specifications": lambda d: specifications.run(d, universe=universe(unit=False)),
}
PANEL_ROUTES = {
    "group time": event_parts,
    "group time with covariate": lambda d: contracts.group_time(d, **ADOPTED, covariates=["x"]),
    "sun abraham": lambda d: contracts.sun_abraham(d, **ADOPTED, cluster="group"),
    "extended": lambda d: contracts.extended_twfe(d, **ADOPTED, covariates=["x"]),
    "imputation": lambda d: contracts.imputation(d, **ADOPTED, cluster="group"),
    "static": lambda d: contracts.two_way_fixed_effects(d, **ADOPTED, cluster="group"),
    "estimators": lambda d: contracts.compare_estimators(d, **ADOPTED),
    "chosen interval": lambda d: inference.choose_interval(d, **ADOPTED, draws=99),
    "randomisation": lambda d: inference.randomisation(d, **ADOPTED, draws=99),
    "leave firms out": lambda d: inference.leave_one_out_effect(d, **ADOPTED),
    "policy panel": lambda d: policy.policy_panel(
        d, outcome="y", policy="t", unit="firm", period="quarter", controls=["x"]
    ),
    "specifications within": lambda d: specifications.run(
        d, universe=universe(unit=True), permutations=9
    ),
}
EVERY = {**ROUTES, **PANEL_ROUTES}


def inside(value: object, depth: int = 0) -> Iterator[Estimate]:
    """Give every estimate anywhere in a result."""
    if isinstance(value, Estimate):
        yield value
    elif isinstance(value, (tuple, list)) and depth < 4:
        for part in value:
            yield from inside(part, depth + 1)
    elif isinstance(value, wage_equations.Regression):
        for name in [*value.coefficients, *value.reasons]:
            yield value.estimate(name)
    elif is_dataclass(value) and depth < 4:
        names = {f.name for f in fields(value)} | {"estimates"}
        for name in names:
            yield from inside(getattr(value, name, None), depth + 1)


def honest(e: Estimate) -> bool:
    """Say whether an estimate is a sentence, or a number that is not certain."""
    if e.undefined is not None:
        return len(e.undefined.en) > 8 and len(e.undefined.zh) > 3
    numbers = [v for v in (e.estimate, e.low, e.high, e.standard_error) if v is not None]
    sure = e.standard_error is not None and e.standard_error < 1e-12
    return all(math.isfinite(v) for v in numbers) and not sure


@pytest.mark.parametrize("name", EVERY)
def test_spoilt_data_are_answered_in_sentences(name: str) -> None:
    rows = PEOPLE if name in ROUTES else FIRMS
    wrong = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for how, spoil in WAYS.items():
            try:
                found = EVERY[name](spoil(rows.copy()))
            except (DataError, InputError) as said:
                text = str(said).rstrip()
                if not text.endswith(".") or "is not a number; allowed" in text:
                    wrong.append(f"{how}: no sentence: {said}")
            except Exception as trace:  # noqa: BLE001 - any other is what is looked for
                wrong.append(f"{how}: {type(trace).__name__}: {trace}")
            else:
                wrong += [f"{how}: {e.key}: {e.estimate} ({e.standard_error})"
                          for e in inside(found) if not honest(e)]  # fmt: skip
    assert not wrong, "\n".join(wrong)
