"""Two releases of one number, and whom their difference would single out.

Two pages may each be harmless and together show one person: last month's mean and this
month's, a region and the region with one village more. Counts of every number of own data
are kept and compared before the next is released.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from yuyao_lib.findings.backing import Backing, backing_of_estimate
from yuyao_lib.findings.contributions import Contributions
from yuyao_lib.findings.finding import Finding
from yuyao_lib.findings.nested import named
from yuyao_lib.findings.origin import Mode
from yuyao_lib.findings.rules import Rules, Verdict, declared
from yuyao_lib.vocabulary import Text

# words that tell one delivery of the same data from the next
DATED = re.compile(
    r"(?<![a-z])(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|first|second|third|fourth"
    r"|quarter|month|half|year|mid|end)(?![a-z])"
    r"|(?:十[一二]?|[一二三四五六七八九]|第[一二三四]|上半|下半|全|半|本|上|下)?(?:年度?|季度?|月份?)|[上下]旬|年[初中末底]"
)
VERSIONED = re.compile(
    r"(?<![a-z])(?:new|old|final|copy|draft|corrected|revised|updated?|latest|version|fixed)(?![a-z])"
    r"|最新|最终|修订|更正|副本|定稿|新版|旧版|初稿|更新"
)

__all__ = ["Release", "differences", "releases_of", "releases_shown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """How many stood behind a number when it was released.

    Attributes
    ----------
    key
        Which number: the finding's id, or the notebook and what it shows.
    report
        The report that showed it.
    persons, employers, rows
        Counts behind it; None where they are not known.
    dataset, digests
        Where the data came from.
    all_persons, all_employers
        Persons and employers on both sides of a comparison.
    rarer
        Of a share of counted things: how many are on its rarer side.
    rounded
        Whether it was rounded; beside the same number as it is, it would tell it closely.
    """

    key: str
    report: str
    persons: int | None
    employers: int | None
    rows: int | None
    dataset: str
    digests: tuple[str, ...] = ()
    rounded: bool = False
    all_persons: int | None = None
    all_employers: int | None = None
    rarer: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Release:
        """Rebuild a release from what `to_dict` returned."""
        return cls(**{**values, "digests": tuple(values["digests"])})


def releases_of(report: str, findings: Iterable[Finding]) -> list[Release]:
    """Return the counts behind findings of own data that have a value."""
    found = []
    for finding in findings:
        e, origin = finding.estimate, finding.origin
        if origin.mode is Mode.OWN and e.undefined is None:
            held = backing_of_estimate(e, Contributions())
            found.append(
                Release(
                    key=finding.id, report=report, persons=held.persons, rows=e.n,
                    employers=held.employers, dataset=origin.dataset, digests=origin.digests,
                    all_persons=held.all_persons, all_employers=held.all_employers,
                    rarer=held.rarer,
                )
            )  # fmt: skip
    return found


def releases_shown(
    report: str, name: str, backing: Iterable[Backing], findings: Iterable[Finding]
) -> list[Release]:
    """Return the counts behind a table, figure or sentence of own data, number by number.

    Parameters
    ----------
    report
        The report that shows it.
    name
        What is shown, the same in every report of a notebook.
    backing
        Who stands behind its numbers; what is not counted exactly is left out.
    findings
        Of the report; they say where the data came from.

    Examples
    --------
    >>> cells = [Backing(what="town T1", persons=40, persons_counted=True)]
    >>> [(r.key, r.persons) for r in releases_shown("june", "pay table density", cells, [])]
    [('pay table density: town T1', 40)]
    """
    own = [f.origin for f in findings if f.origin.mode is Mode.OWN]
    name_of, digests = (own[0].dataset, own[0].digests) if own else ("", ())
    seen: Counter[str] = Counter()
    found = []
    for held in backing:
        seen[held.what] += 1
        again = f" ({seen[held.what]})" if seen[held.what] > 1 else ""
        persons = held.persons if held.persons_counted else None
        employers = held.employers if held.employers_counted else None
        rounded = held.kind == "rounded"
        if rounded or (persons, employers, held.rows) != (None, None, None):
            found.append(
                Release(
                    key=f"{name}: {held.what}{again}", report=report, persons=persons,
                    employers=employers, rows=held.rows, dataset=name_of, digests=digests,
                    rounded=rounded, all_persons=held.all_persons,
                    all_employers=held.all_employers, rarer=held.rarer,
                )
            )  # fmt: skip
    return found


def differences(
    new: Iterable[Release], old: Iterable[Release], *, rules: Rules | None = None
) -> list[Verdict]:
    """Return a verdict for each pair whose difference would single somebody out.

    Pairs are of the same number from data of the same name, years and months aside, or
    with a file in common; a report is compared with what it showed before, too.

    Parameters
    ----------
    new
        What is about to be released.
    old
        What was released, and what this run has released already.

    Examples
    --------
    >>> last = Release(key="pay.mean", report="june", persons=130, employers=9, rows=130,
    ...     dataset="pay_2022_06")
    >>> now = Release(key="pay.mean", report="july", persons=131, employers=9, rows=131,
    ...     dataset="pay_2022_07")
    >>> [v.rule for v in differences([now], [last])]
    ['differencing']
    """
    held = rules or Rules()
    before: dict[str, list[Release]] = {}
    for release in old:
        before.setdefault(_frame(release.key), []).append(release)
    return [
        _verdict(release, other)
        for release in new
        for other in before.get(_frame(release.key), ())
        if _related(release, other) and _close(release, other, held)
    ]


def _frame(key: str) -> str:
    """Return a key without its band or percentile."""
    told = named(key)
    return key if told is None else told.frame


def _close(a: Release, b: Release, rules: Rules) -> bool:
    """Whether two releases together tell of few: of one number, or of a part and its whole."""
    if a.key == b.key:
        return _singles_out(a, b, rules)
    one, other = named(a.key), named(b.key)
    if one is None or other is None:
        return False
    if one.point and other.point:
        persons = min(n for n in (a.persons, b.persons, a.rows, b.rows, 10**9) if n is not None)
        return round(abs(one.low - other.low) * persons, 6) < rules.quantile_cases
    nested = one.within(other) or other.within(one)
    return nested and a.report != b.report and _singles_out(a, b, rules)


def _related(a: Release, b: Release) -> bool:
    """Whether two releases may be about the same people."""
    return bool(set(a.digests) & set(b.digests)) or _stem(a.dataset) == _stem(b.dataset)


def _stem(name: str) -> str:
    """Return a name without years, quarters, months, versions and numbers.

    Examples
    --------
    >>> _stem("payroll_june_v2"), _stem("Payroll-2022Q3 (final)"), _stem("2022年上半年工资")
    ('payroll', 'payroll', '工资')
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    plain = re.sub(r"(?<![a-z])(?:[qvhw]\s*\d+|\d+\s*[qh]\d?)(?![a-z])", "", plain)
    without = DATED.sub("", VERSIONED.sub("", plain))
    return re.sub(r"[\W\d_]+", "", without) or re.sub(r"[\W_]+", "", plain)


def _singles_out(a: Release, b: Release, rules: Rules) -> bool:
    """Whether few persons, rows or employers are in one and not in the other."""
    persons, rows = _apart(a.persons, b.persons), _apart(a.rows, b.rows)
    employers = _apart(a.employers, b.employers), _apart(a.all_employers, b.all_employers)
    few_persons = any(
        0 < n < rules.difference for n in (persons, _apart(a.all_persons, b.all_persons))
    )
    few_rows = persons == 0 and 0 < rows < rules.difference
    # of the same persons: those of whom something is so by one day, or mark, and not by another
    same = (a.persons, a.rows) == (b.persons, b.rows) and persons == rows == 0
    few_rows |= same and 0 < _apart(a.rarer, b.rarer) < rules.difference
    both_ways = a.rounded != b.rounded
    few_employers = any(0 < n < rules.clusters for n in employers)
    return both_ways or few_persons or few_rows or few_employers


def _apart(a: int | None, b: int | None) -> int:
    """Return how far two counts are apart; unknown ones are not."""
    return 0 if a is None or b is None else abs(a - b)


def _verdict(a: Release, b: Release) -> Verdict:
    """Name the pair without the counts."""
    rule = declared()["difference"]
    assert rule.helps is not None
    first = a.key if a.key == b.key else f"{a.key} ({b.key})"
    pair = f"{first} of {a.report} and of {b.report}"
    if a.rounded != b.rounded:
        return Verdict(
            a.key,
            rule.name,
            Text(
                f"differencing: {pair}: one is rounded and the other is not, and together they"
                " tell what was rounded; keep to one way of showing counts.",
                f"差分：{a.report} 与 {b.report} 的 {a.key} 一为取整、一为原数，合看可推出原数；"
                "请固定用一种方式显示人数。",
            ),
        )
    return Verdict(
        a.key,
        rule.name,
        Text(
            f"differencing: {pair} differ by too few persons or employers; {rule.helps.en}.",
            f"差分：{a.report} 与 {b.report} 的 {a.key} 相差的人数或单位数过少；{rule.helps.zh}。",
        ),
    )
