"""Estimates (what a method knows) and findings (an estimate with its origin)."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.fields import facts_html, told
from yuyao_lib.findings.members import Members
from yuyao_lib.findings.origin import DESIGN_CAVEATS, Design, Mode, Origin
from yuyao_lib.vocabulary import Text, term

__all__ = ["FINDING_MIME", "Estimate", "Finding"]

FINDING_MIME = "application/vnd.yuyao.finding+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One number a method produced, before anyone says which data it is from.

    Attributes
    ----------
    key
        Short name, unique within its result, e.g. ``"fixed_effects"``.
    term
        Vocabulary key of what is estimated, e.g. ``"union_wage_premium"``.
    method
        Vocabulary key of how, e.g. ``"fixed_effects"``.
    estimate, low, high, standard_error
        Value, interval and standard error in `unit`; None where undefined.
    level
        Coverage the interval is built for, e.g. 0.95.
    n, n_unit
        Number of observations and the vocabulary key of what one is
        (``"persons"``, ``"person_years"``; never mix persons and person-times).
    clusters, cluster_unit
        Number of independent groups behind the standard error, where it uses them.
    unit
        Vocabulary key of the unit, e.g. ``"log_points"``.
    persons, employers
        Distinct persons and employers in the smallest group the number rests on, where
        the method counts them; the disclosure rules prefer them to `n` and `clusters`.
    residual_df
        Residual degrees of freedom of the regression it comes from, where there is one.
    estimand
        What population and comparison the number is about, in words.
    design
        Kind of evidence; sets the caveat unless `caveat` is given.
    caveat
        Sentence a reader must see with the number.
    undefined
        Why there is no number; exactly one of this and `estimate` is None.
    p_value
        Two-sided p-value of the null of zero, where the method gives one.
    inference
        How standard error and interval were computed, in words.
    members
        Of own data, the rows `n` counts, where the method keeps them; never written anywhere.
    """

    key: str
    term: str
    method: str
    unit: str
    design: Design
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    standard_error: float | None = None
    p_value: float | None = None
    level: float = 0.95
    n: int | None = None
    n_unit: str = "persons"
    clusters: int | None = None
    cluster_unit: str | None = None
    persons: int | None = None
    employers: int | None = None
    residual_df: int | None = None
    estimand: Text | None = None
    inference: Text | None = None
    caveat: Text | None = None
    undefined: Text | None = None
    members: Members | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse unknown words, NaN in place of a reason, and a reason beside a number."""
        for name in ("term", "method", "unit", "n_unit"):
            term(getattr(self, name))
        if self.cluster_unit is not None:
            term(self.cluster_unit)
        for name in ("estimate", "low", "high", "standard_error", "p_value"):
            object.__setattr__(self, name, _plain(getattr(self, name), name, self.key))
        for name in ("n", "clusters", "persons", "employers", "residual_df"):
            value = getattr(self, name)
            object.__setattr__(self, name, None if value is None else int(value))
        if (self.estimate is None) == (self.undefined is None):
            raise InputError(
                f"estimate {self.key!r} needs either a value or the reason why it has none."
            )

    @property
    def says_why(self) -> Text:
        """The caveat to print: its own, or the one its design requires."""
        return self.caveat or DESIGN_CAVEATS[self.design]

    @property
    def differs_from_zero(self) -> bool | None:
        """Whether the interval leaves out zero; None without an interval."""
        if self.low is None or self.high is None:
            return None
        return self.low > 0 or self.high < 0

    def _repr_html_(self) -> str:
        return facts_html(term(self.term).text.en, _facts(self))


def _facts(estimate: Estimate) -> list[tuple[str, Any]]:
    """Return what a reader must know of an estimate, in order of weight."""
    e = estimate
    interval = None if e.low is None or e.high is None else f"{e.low:.4g} … {e.high:.4g}"
    people = None if e.n is None else f"{e.n:,} {told(term(e.n_unit).text)}"
    groups = None if e.clusters is None or e.cluster_unit is None else term(e.cluster_unit).text
    return [
        ("Term · 名称", term(e.term).text),
        ("Estimate · 估计值", e.estimate),
        ("Unit · 单位", term(e.unit).text),
        (f"Interval · 区间 ({e.level:.0%})", interval),
        ("Undefined because · 无法估计", e.undefined),
        ("From · 样本", people),
        ("Groups · 聚类", None if groups is None else f"{e.clusters:,} {told(groups)}"),
        ("Method · 方法", term(e.method).text),
        ("Evidence · 证据类型", e.design),
        ("Mind · 注意", e.says_why),
    ]


def _plain(value: Any, name: str, key: str) -> float | None:
    """Turn a NumPy scalar into a float; a NaN needs a reason instead."""
    if value is None:
        return None
    number = float(value)
    if math.isnan(number):
        raise InputError(
            sentence(
                f"{name} of estimate {key!r} is not a number",
                allowed="a number, or None with `undefined` saying why",
            )
        )
    return number


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An estimate that knows which data it came from: what is shown, kept and compared.

    Attributes
    ----------
    id
        Stable name within a report, ``"<topic>.<key>"``.
    estimate
        The number, its interval and what it means.
    origin
        Mode, data set and digests, as stamped by the loader.
    headline
        Whether this is the finding a reader is told first.
    tolerance
        How far the estimate may move between runs before the conclusion counts as
        moved, in the estimate's unit; None: half a standard error.
    said
        The sentence the page tells first, of the headline only; never of own data, whose
        numbers are hidden or shown where they stand.
    """

    id: str
    estimate: Estimate
    origin: Origin
    headline: bool = False
    tolerance: float | None = None
    said: Text | None = None

    def __post_init__(self) -> None:
        """Hold a simulated number to a simulation's design."""
        simulated = self.origin.mode is Mode.SIMULATED
        if simulated and self.estimate.design is not Design.SIMULATION:
            values = {f.name: getattr(self.estimate, f.name) for f in fields(Estimate)}
            values.update(design=Design.SIMULATION, caveat=None)
            object.__setattr__(self, "estimate", Estimate(**values))

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values, one level deep except for texts."""
        values = asdict(replace(self.estimate, members=None))
        del values["members"]
        origin = asdict(self.origin)
        origin["digests"] = list(self.origin.digests)
        values["caveat"] = self.estimate.says_why.to_dict()
        flat = {"id": self.id, **values, **origin}
        told = {"said": self.said.to_dict()} if self.said else {}
        return {**flat, "headline": self.headline, "tolerance": self.tolerance, **told}

    def _repr_html_(self) -> str:
        origin = [("Mode · 数据性质", self.origin.mode), ("Data · 数据", self.origin.dataset)]
        return facts_html(self.id, [*_facts(self.estimate), *origin])

    def to_json(self) -> str:
        """Return the finding as one line of JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Finding:
        """Rebuild a finding from what `to_dict` returned.

        Raises
        ------
        InputError
            If a field is missing or one is not known.
        """
        rest = dict(values)
        try:
            origin = Origin(
                Mode(rest.pop("mode")),
                rest.pop("dataset"),
                tuple(rest.pop("digests")),
                rest.pop("vintage"),
            )
            own = {name: rest.pop(name) for name in ("id", "headline", "tolerance")}
            own["said"] = Text(**rest.pop("said")) if "said" in rest else None
            for name in ("estimand", "inference", "caveat", "undefined"):
                rest[name] = Text(**rest[name]) if rest.get(name) else None
            estimate = Estimate(**{**rest, "design": Design(rest["design"])})
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"not a finding this version can read: {error}.") from error
        return cls(estimate=estimate, origin=origin, **own)
