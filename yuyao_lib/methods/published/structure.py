"""Published decompositions of gaps, and measures of the distribution of pay."""

from __future__ import annotations

import math

from yuyao_lib.methods import structure
from yuyao_lib.methods.published.case import Found, cases_of
from yuyao_lib.methods.published.wages import cps1985, q01, q03
from yuyao_lib.sources.public import open_public, read_packaged

__all__ = ["CASES", "q01", "q03"]  # percentiles of pay given characteristics stand in `wages`

THREEFOLD = ("gap", "endowments", "coefficients", "interaction")
C85 = ["f", "nonwhite", "hispanic", "education", "experience", "e2"]
C78 = ["female", "nonwhite", "educ", "exper", "expersq"]


def o01() -> Found:
    found = structure.decompose(
        read_packaged("statsmodels", "ccard"),
        outcome="AVGEXP",
        group="OWNRENT",
        controls=["AGE", "INCOME", "INCOMESQ"],
        references=["pooled_with_group"],
        unit="usd",
    )
    values = {name: (found.of(name).estimate, None) for name in THREEFOLD}
    for part in ("explained", "unexplained"):
        values[f"{part}_pooled"] = (found.of(f"{part}_pooled_with_group").estimate, None)
    return values


def o02() -> Found:
    found = structure.decompose(cps1985(), outcome="lw", group="u", controls=C85)
    return {name: (found.of(name).estimate, None) for name in THREEFOLD}


def o04() -> Found:
    found = structure.decompose(
        open_public("cps78_85").frame("workers"),
        outcome="lwage",
        group="union",
        controls=C78,
        period="calendar_year",
    )
    return {
        f"{name}{year - 1900}": (found.of(name, year).estimate, None)
        for year in found.periods
        for name in THREEFOLD
    }


def q04() -> Found:
    measures = ["gini", "theil_t", "variance_of_logs", "p90_p10"]
    same = {"outcome": "wage", "logs": False, "measures": measures}
    everyone = structure.inequality(cps1985(), **same)  # type: ignore[arg-type]
    by = structure.inequality(cps1985(), by=["u"], **same)  # type: ignore[arg-type]
    ratio = everyone.of("p90_p10").estimate or math.nan
    return {
        "gini": (everyone.of("gini").estimate, None),
        "gini_union": (by.of("gini", 1).estimate, None),
        "gini_nonunion": (by.of("gini", 0).estimate, None),
        "theil": (everyone.of("theil_t").estimate, None),
        "var_log": (everyone.of("variance_of_logs").estimate, None),
        "log_p90_p10": (math.log(ratio), None),
    }


CASES = cases_of(globals(), "oq")
