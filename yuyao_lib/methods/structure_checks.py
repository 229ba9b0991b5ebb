"""Whether parts add up, the reference matters, and there are people to compare with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yuyao_lib.fields import Fielded
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.decompositions import Decomposition
from yuyao_lib.methods.distribution_measures import RATIO
from yuyao_lib.methods.inequality import Inequality
from yuyao_lib.methods.inequality_groups import WithinBetween
from yuyao_lib.methods.reweighting_results import Reweighted
from yuyao_lib.vocabulary import Text, term

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Check", "Checks", "check_decomposition", "check_errors", "check_split", "check_support"]

TOPIC = "structure"
EXACT = 1e-9
MOST_OUTSIDE = 0.05
LEAST_EFFECTIVE = 0.5
MOST_ON_ONE = 0.05
MOST_IMBALANCE = 0.1
CLOSE = 0.25


@dataclass(frozen=True, slots=True)
class Check(Fielded):
    """One thing that must hold.

    Attributes
    ----------
    what
        What must hold.
    holds
        Whether it does; None where it cannot be told.
    found
        What was found.
    """

    what: Text
    holds: bool | None
    found: Text


@dataclass(frozen=True, slots=True)
class Checks:
    """Several checks."""

    rows: tuple[Check, ...]

    @property
    def failed(self) -> tuple[Check, ...]:
        """Those that do not hold."""
        return tuple(row for row in self.rows if row.holds is False)

    def __add__(self, other: Checks) -> Checks:
        return Checks(self.rows + other.rows)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a check."""
        import pandas as pd

        rows = [(row.what.en, row.holds, row.found.en) for row in self.rows]
        return pd.DataFrame(rows, columns=["what", "holds", "found"])

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def check_decomposition(found: Decomposition, *, reference: str) -> Checks:
    """Check sums of a decomposition and what the reference does to it.

    Parameters
    ----------
    found
        A gap with at least two references.
    reference
        The one that is told.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> from yuyao_lib.methods.decompositions import decompose
    >>> people = yuyao.open("cps78_85").frame("workers")
    >>> gap = decompose(people, outcome="log_hourly_wage", group="union_member",
    ...                 controls=["education_years"])
    >>> check_decomposition(gap, reference="pooled_with_group").failed
    ()
    """
    rows = [_adds_up(found)]
    for period in found.periods:
        rows += [_reference_matters(found, period, reference), _same_verdict(found, period)]
    return Checks(tuple(rows))


def _adds_up(found: Decomposition) -> Check:
    """Explained and unexplained give the gap, at every reference."""
    off = []
    for period in found.periods:
        gap = found.of("gap", period).estimate
        for reference in found.references:
            parts = [found.of(f"{p}_{reference}", period).estimate for p in SIDES]
            if gap is not None and None not in parts:
                off.append(abs(sum(p or 0.0 for p in parts) - gap))
    what = Text(
        "Explained and unexplained add up to the gap, at every reference",
        "在每一种参照下，已解释与未解释之和等于差距",
    )
    return _exact(what, off)


SIDES = ("explained", "unexplained")


def _named(period: Any) -> tuple[str, str]:
    """Return a period as the end of a sentence."""
    return ("", "") if period is None else (f", {period}", f"，{period} 年")


def _reference_matters(found: Decomposition, period: Any, reference: str) -> Check:
    """The choice of reference matters less than the sampling error."""
    explained = [found.of(f"explained_{r}", period).estimate for r in found.references]
    known = [v for v in explained if v is not None]
    chosen = found.of(f"explained_{reference}", period)
    en, zh = _named(period)
    what = Text(
        f"The reference moves the explained part by less than its own uncertainty{en}",
        f"参照的选择对已解释部分的影响小于其自身的不确定性{zh}",
    )
    if len(known) < 2 or chosen.low is None or chosen.high is None:
        return _check(what, None, 0.0, "{:.3f}")
    return _check(what, max(known) - min(known), (chosen.high - chosen.low) / 2, "{:.3f}")


def _same_verdict(found: Decomposition, period: Any) -> Check:
    """All references agree whether an unexplained gap is there."""
    rest = [found.of(f"unexplained_{r}", period) for r in found.references]
    sides = [_side(e) for e in rest if e.estimate is not None]
    en, zh = _named(period)
    what = Text(
        f"All references agree whether the unexplained part differs from zero{en}",
        f"各种参照对“未解释部分是否异于零”的结论一致{zh}",
    )
    if not sides:
        return _check(what, None, 0.0, "")
    n, alike = len(sides), max(sides.count(s) for s in sides)
    return Check(what, alike == n, Text(f"{alike} of {n} agree", f"{n} 种中 {alike} 种一致"))


def _side(estimate: Estimate) -> int:
    """Return on which side of zero an interval lies."""
    if estimate.low is not None and estimate.low > 0:
        return 1
    return -1 if estimate.high is not None and estimate.high < 0 else 0


def check_split(found: WithinBetween) -> Checks:
    """Check that inequality within and between groups add up to the total."""
    known = {e.key: e.estimate for e in found.estimates}
    off = []
    for name in found.measures:
        total, within, between = (known[f"{name}_{p}"] for p in ("total", "within", "between"))
        if total is not None and within is not None and between is not None:
            off.append(abs(total - within - between))
    what = Text(
        "Inequality within and between groups add up to the total", "组内与组间不均等之和等于总体"
    )
    return Checks((_exact(what, off),))


def check_support(found: Reweighted) -> Checks:
    """Check that a counterfactual rests on people who are there and resemble its target."""
    held, kind = found.support, KINDS[found.kind]
    none = held.undefined is not None
    lost = found.failed / found.draws if found.draws else None
    shared = held.effective / held.n if held.n else None
    asked = (
        (Text("Few of the group lie beyond everybody else", "组内极少有人超出其他人的范围"),
         None if none else held.outside, MOST_OUTSIDE),
        (Text("No row carries much of the weight", "没有一行占过多权重"),
         None if none else held.largest, MOST_ON_ONE),
        (Text("The counterfactual resembles those it should, in standard deviations",
              "反事实与其应代表的人相近（标准差）"),
         None if none else held.imbalance, MOST_IMBALANCE),
        (Text("Few resamples are lost", "极少再抽样失败"), lost, 0.1),
    )  # fmt: skip
    rows = [_check(_of(kind, what), value, limit, "{:.3f}") for what, value, limit in asked]
    what = _of(kind, Text("The weights rest on at least half of the rows", "权重至少依托一半的行"))
    said = Text("–", "–") if shared is None else _plain(f"{shared:.2f} ≥ {LEAST_EFFECTIVE}")
    rows.append(Check(what, None if shared is None else shared >= LEAST_EFFECTIVE, said))
    return Checks(tuple(rows))


KINDS = {
    "no_coverage": Text("Without the group", "没有该组"),
    "past_coverage": Text("With past coverage", "按过去的覆盖"),
    "others_characteristics": Text("Group paid as others", "该组按他人付酬"),
}


def check_errors(unequal: Inequality, resampled: Reweighted, *, period: Any = None) -> Checks:
    """Check that standard errors from influence and from resamples agree within a quarter."""
    rows = []
    for name in resampled.statistics:
        if name not in unequal.measures:
            continue
        cell = () if period is None else (period,)
        one = unequal.of(name, *cell).standard_error
        two = resampled.of(name, "observed").standard_error
        words = _measure(name)
        what = Text(
            f"Influence and resamples give like errors, {words.en}",
            f"影响函数与再抽样所得误差相近：{words.zh}",
        )
        if one is None or two is None or one == 0:
            rows.append(Check(what, None, Text("–", "–")))
            continue
        rows.append(Check(what, abs(two / one - 1) <= CLOSE, _plain(f"{one:.4f}, {two:.4f}")))
    return Checks(tuple(rows))


def _measure(name: str) -> Text:
    """Name a measure."""
    if RATIO.fullmatch(name):
        said = name.replace("_", "/").upper()
        return Text(said, said)
    return term(name).text


def _of(kind: Text, what: Text) -> Text:
    """Say which counterfactual a check is about."""
    return Text(f"{kind.en}: {what.en[:1].lower()}{what.en[1:]}", f"{kind.zh}：{what.zh}")


def _plain(words: str) -> Text:
    """Return numbers as a text of both languages."""
    return Text(words, words)


def _exact(what: Text, off: list[float]) -> Check:
    """Hold differences that should be none to what adding up in floating point may leave."""
    if not off:
        return Check(what, None, Text("cannot be told", "无法判断"))
    if max(off) <= EXACT:
        return Check(what, True, Text("to nine decimals", "九位小数以内一致"))
    return Check(what, False, _plain(f"{max(off):.1e}"))


def _check(what: Text, value: float | None, limit: float, shape: str) -> Check:
    """Hold a value against the most it may be."""
    if value is None:
        return Check(what, None, Text("cannot be told", "无法判断"))
    return Check(what, value <= limit, _plain(f"{shape.format(value)} ≤ {shape.format(limit)}"))
