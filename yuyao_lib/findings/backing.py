"""Who stands behind a number: counted where a method counts, else the fewest it can be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings.contributions import Contributions
from yuyao_lib.findings.dominance import dominated
from yuyao_lib.findings.finding import Estimate
from yuyao_lib.findings.members import Members
from yuyao_lib.findings.rules import Rules, Verdict
from yuyao_lib.findings.spoken_counts import spoken_rules

__all__ = ["Backing", "backing_of_estimate", "broken_by", "judge"]

PERSONS = {"persons", "people", "workers", "members", "men", "women"}
EMPLOYERS = {"firms", "employers"}
ROWS_OF_FIRMS = EMPLOYERS | {"firm_quarters", "firm_years"}
Kind = Literal["number", "quantile", "extreme", "step", "rounded"]
LEFT_OUT = "leave_one_out"
JUDGED = {"contributions", "members"}  # of a backing: never written anywhere
# methods that fit a model: what does not tell how many residual degrees of freedom has none
MODELS = {
    "ols", "pooled_ols", "random_effects", "fixed_effects", "first_differences", "between",
    "correlated_random_effects", "quantile_regression", "rif_regression", "logit",
    "poisson", "negative_binomial", "poisson_two_way", "interaction_by_year", "cox_efron",
    "cox_breslow", "cloglog_hazard", "exponential", "weibull", "log_normal", "log_logistic",
    "group_time_effects", "imputation_estimator", "sun_abraham", "extended_twfe",
    "two_way_fixed_effects", "stayers_did", "triple_difference", "cross_section_gap",
    "colleague_comparison", "regression_discontinuity", "fuzzy_discontinuity",
    "propensity_weighting", "horvitz_thompson", "doubly_robust",
    "dfl_reweighting", "leave_out", "clustered_errors",
}  # fmt: skip
SHARES = {"percent": 100.0, "share": 1.0}  # units of shares: what the whole is
RATES = {  # of events: beside their n they tell how many there were
    "per_1000_person_years": 1000.0, "per_1000_enrolments": 1000.0, "per_1000_members": 1000.0,
    "per_10000_members": 10000.0, "filings_per_1000": 1000.0,
}  # fmt: skip
FOLLOWED = {"aalen_johansen", "kaplan_meier"}  # shares of cases, some not followed to the end
NOT_COUNTED = {"statistical_power"}  # shares of samples that were never drawn
SPEAKS = {"notice", "card"}  # what shows none, but may say one
SILENT = {"provenance", "checks"}  # of files and versions, not of persons
CHECKED = {"finding", "sentence", "table", "chart"}  # what shows numbers of the data
QUANTILE = re.compile(r"(?:^|_)(?:p|q|quantile_|percentile_)(\d{1,2})(?=_|$)")
EXTREME = re.compile(
    r"(?:^|_)(?:min|minimum(?!_detectable)|max|maximum|smallest|largest|range)(?:_|$)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backing:
    """What stands behind one number that is shown.

    Attributes
    ----------
    what
        Which number, in a word.
    persons, employers
        Distinct persons and employers behind it, or the fewest there can be; None where
        that is not known. Without employers in the data it does not matter.
    persons_counted, employers_counted
        Whether these are the numbers themselves; two releases are compared by them.
    rows
        Rows behind it, where the method tells.
    all_persons, all_employers
        Persons and employers on both sides of it, where the method counts them.
    names_employers
        Whether the data say who works where.
    residual_df
        Residual degrees of freedom of the regression it comes from.
    rarer
        Of a share of counted things: how many persons are on its rarer side, at least; a
        share with its n tells that count.
    kind, quantile
        What it is; for a percentile which, as a share. A count that is rounded, and its
        table added up anew, is held to nothing else, but not shown unrounded later.
    contributions
        What each contributor adds to a total; judged, and never written anywhere.
    members
        The rows behind it, where the method keeps them; judged, and never written anywhere.
    """

    what: str
    persons: int | None
    employers: int | None = None
    persons_counted: bool = False
    employers_counted: bool = False
    rows: int | None = None
    all_persons: int | None = None
    all_employers: int | None = None
    names_employers: bool = True
    residual_df: int | None = None
    rarer: int | None = None
    kind: Kind = "number"
    quantile: float | None = None
    contributions: tuple[float, ...] = field(default=(), repr=False)
    members: Members | None = field(default=None, repr=False, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values; contributions become the verdict on them."""
        values = {n: getattr(self, n) for n in self.__slots__ if n not in JUDGED}
        return {**values, "dominated": dominated(self.contributions, Rules())}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Backing:
        """Rebuild a backing; one whose contributions broke a rule stays broken.

        Raises
        ------
        InputError
            If a field is missing or one is not known.
        """
        rest = dict(values)
        told: tuple[float, ...] = (1.0,) if rest.pop("dominated", None) else ()
        try:
            return cls(**rest, contributions=told)
        except TypeError as error:
            raise InputError(f"not a backing this version can read: {error}.") from error


def backing_of_estimate(e: Estimate, held: Contributions) -> Backing:
    """Return what stands behind an estimate.

    What the method counted comes first, then its own n and clusters where these are
    persons or employers, then the fewest that the contributions of its table allow.
    """
    held = held.of(e.term, e.n_unit)
    known = {e.n_unit: e.n}
    if e.cluster_unit is not None:
        known[e.cluster_unit] = e.clusters
    persons = _first(e.persons, *(known.get(u) for u in PERSONS))
    employers = _first(e.employers, *(known.get(u) for u in EMPLOYERS))
    counted = persons is not None, employers is not None
    if employers is None and persons is not None:
        employers = held.employers_of(persons)
    if persons is None and e.n is not None:
        persons = held.persons(e.n) if held.per_person else e.n
    if e.n_unit in ROWS_OF_FIRMS and counted == (False, True) and employers is not None:
        of_firms = held.persons_of(employers)  # how many rows a firm has says nothing of persons
        persons = persons if of_firms is None else of_firms
    if employers is None and e.n is not None:
        employers = held.employers(e.n)
    kind, quantile = _kind(e.key)
    if e.method == LEFT_OUT and e.key != "all":
        kind = "extreme"  # beside the number of all it tells what a single unit adds
    left = 0 if e.residual_df is None and e.method in MODELS else e.residual_df
    return Backing(
        what=e.key, persons=persons, employers=employers, residual_df=left,
        persons_counted=counted[0], employers_counted=counted[1], rows=e.n,
        names_employers=bool(held.per_employer), kind=kind, quantile=quantile,
        rarer=_rarer(e, held), members=e.members,
        all_persons=e.clusters if e.cluster_unit in PERSONS else None,
        all_employers=e.clusters if e.cluster_unit in EMPLOYERS else None,
    )  # fmt: skip


def _rarer(e: Estimate, held: Contributions) -> int | None:
    """Return the fewest persons on the rarer side of a share, or behind a rate; else None.

    Whatever the method: a share that is a whole number of its n is one of things counted.
    """
    whole = SHARES.get(e.unit) or RATES.get(e.unit)
    if whole is None or e.method in NOT_COUNTED or not e.n or e.estimate is None:
        return None
    hits = e.estimate / whole * e.n
    whole_number = e.method in FOLLOWED or abs(hits - round(hits)) <= 1e-6
    if not 0 <= hits <= e.n or not whole_number:
        return None  # a share of money or of time
    rows = round(hits) if e.unit in RATES else min(round(hits), e.n - round(hits))
    if e.n_unit in PERSONS or not held.per_person:
        return rows
    return held.persons(rows) if rows else 0


def _first(*values: int | None) -> int | None:
    """Return the first value that is known."""
    return next((v for v in values if v is not None), None)


def _kind(key: str) -> tuple[Kind, float | None]:
    """Read from a key whether it is a percentile or an extreme; the outermost counts."""
    if EXTREME.search(key):
        return "extreme", None
    shares = [int(digits) / 100 for digits in QUANTILE.findall(key)]
    if "median" in key:
        shares.append(0.5)
    return ("quantile", min(shares, key=lambda q: min(q, 1 - q))) if shares else ("number", None)


def judge(backing: Backing, rules: Rules | None = None) -> list[Verdict]:
    """Return a verdict for each rule that a number of own data breaks.

    Examples
    --------
    >>> [v.rule for v in judge(Backing(what="mean", persons=9, employers=3))]
    ['minimum persons']
    """
    if not isinstance(backing, Backing):
        allowed = "a `Backing`; `backing_of_estimate` makes one of an estimate"
        raise InputError(sentence("what to judge", got=type(backing).__name__, allowed=allowed))
    held, where = rules or Rules(), backing.what
    if backing.kind == "rounded":
        return []
    broken = []
    if backing.kind == "extreme":
        broken.append("extremes")
    least = held.survival_cases if backing.kind == "step" else held.persons
    if backing.persons is None or backing.persons < least:
        broken.append("survival_cases" if backing.kind == "step" else "persons")
    elif backing.quantile is not None and _beyond(backing) < held.quantile_cases:
        broken.append("quantile_cases")
    few = backing.employers is None or backing.employers < held.clusters
    if few and (backing.names_employers or backing.employers is not None):
        broken.append("clusters")
    if backing.rarer is not None and backing.rarer < held.persons:
        broken.append("persons" if backing.rarer else "zeros" if held.zeros else "")
    if backing.residual_df is not None and backing.residual_df < held.residual_df:
        broken.append("residual_df")
    if (rule := dominated(backing.contributions, held)) is not None:
        broken.append(rule)
    return [Verdict.of(where, rule) for rule in dict.fromkeys(broken) if rule]


def broken_by(
    kind: str,
    backing: Sequence[Backing] | None,
    points: int = 0,
    *,
    texts: Iterable[str] = (),
    rules: Rules | None = None,
) -> list[Verdict]:
    """Return a verdict for each rule that something shown from own data breaks.

    Parameters
    ----------
    kind
        What is shown, such as ``table``; cards and notices show no number of the data.
    backing
        What stands behind each of its numbers; None where it does not say.
    points
        Values that a reader could read off a figure; rows of a table that tell a number.
    texts
        What it says, in every language.
    rules
        Thresholds; the declared ones when not given.

    Examples
    --------
    >>> [v.rule for v in broken_by("table", None)], broken_by("notice", None)
    (['declared backing'], [])
    >>> [v.rule for v in broken_by("chart", [Backing(what="mean", persons=90, employers=5)], 30)]
    ['data behind a figure']
    """
    if kind not in CHECKED | SPEAKS | SILENT:
        allowed = sorted(CHECKED | SPEAKS | SILENT)
        raise InputError(sentence("kind of what is shown", got=kind, allowed=allowed))
    says = kind in CHECKED | SPEAKS
    spoken = spoken_rules(texts, rules, records=kind in CHECKED) if says else ()
    said = [Verdict.of("words", field) for field in dict.fromkeys(spoken)]
    if backing is None:
        return [Verdict.of(kind, "undeclared")] if kind in CHECKED else said
    broken = [verdict for held in backing for verdict in judge(held, rules)]
    rule = "crowded" if kind == "chart" else "undeclared"
    crowded = [Verdict.of("points", rule)] if points > len(backing) else []
    return broken + crowded + said


def _beyond(backing: Backing) -> int:
    """Return how many persons lie beyond a percentile, on its thinner side."""
    assert backing.persons is not None
    assert backing.quantile is not None
    share = min(backing.quantile, 1 - backing.quantile)
    return int(backing.persons * share + 1e-9)
