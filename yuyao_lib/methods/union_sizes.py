"""How large unions are: members by union, and workers by employer, as distributions.

A mean of members per union hides that most unions are small and most members are in large
ones. Here are percentiles, the share of the largest tenth, the Gini index, and unions and
members by bands of size; for all unions, new forms of employment, and industries.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from yuyao_lib.findings import Estimate
from yuyao_lib.findings.members import Members, Universe
from yuyao_lib.methods.absence import Absent
from yuyao_lib.methods.industries import SECTIONS, section_of
from yuyao_lib.methods.proportions import counted
from yuyao_lib.methods.smaller_sides import carriers
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.sources.membership import universe_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BANDS", "SizeGroup", "UnionSizes", "union_sizes"]

Array: TypeAlias = np.ndarray
BANDS = (0, 25, 50, 100, 200, 500, 1000)  # members from which a band begins
PERCENTILES = (10, 25, 50, 75, 90)
BEYOND = 10  # units on the thinner side of a percentile
FEWEST = 30  # units of an industry that is told by itself
FEW_BEYOND = Text(
    "fewer than {beyond} lie beyond this percentile, so it is left out",
    "该百分位之外不足 {beyond} 个，故不列出",
)
FEW_UNITS = Text("they are fewer than ten", "其数目不足十个")
ALL, NEW = Text("all unions", "全部工会"), Text("of new forms of employment", "新就业形态工会")
OTHER = Text("all other unions", "其他工会")
JOINT = Text("of several employers or none", "联合多家或无单位的工会")
REST = Text("other industries", "其他行业")
FIRMS = Text("employers listed (workers)", "在册单位（职工）")


@dataclass(frozen=True, slots=True)
class SizeGroup:
    """Sizes of one group of unions, or of employers.

    Attributes
    ----------
    name
        What they are.
    estimates
        ``size_mean``, ``size_p10`` to ``size_p90``, ``top_tenth``, ``size_gini``, each with
        the group's key at its end.
    unit_count, total
        How many there are, and their members or workers together.
    """

    name: Text
    estimates: tuple[Estimate, ...]
    unit_count: int
    total: int

    def of(self, what: str) -> Estimate:
        """Return one measure, such as ``size_p50``."""
        return next(e for e in self.estimates if e.key.startswith(what))


@dataclass(frozen=True, slots=True)
class UnionSizes:
    """The sizes of unions on one day.

    Attributes
    ----------
    groups
        All unions first, then new forms, industries, and employers by their workers.
    bands
        One row a band of size: ``low``, ``unions``, ``members``, ``sizes``, the members of
        each union in it, and ``rows``, which unions they are, where that is kept.
    """

    groups: tuple[SizeGroup, ...]
    bands: pd.DataFrame = field(repr=False)

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """The measures of all unions."""
        return self.groups[0].estimates

    def to_frame(self) -> pd.DataFrame:
        """Return one row a group and measure."""
        rows = rows_of([e for group in self.groups for e in group.estimates])
        return rows.assign(group=[g.name.en for g in self.groups for _ in g.estimates])

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def union_sizes(
    unions: pd.DataFrame | None, *, employers: pd.DataFrame | None = None
) -> UnionSizes | Absent:
    """Describe how members are spread over unions.

    Parameters
    ----------
    unions
        ``members``; with ``is_new_form`` told apart by it, with ``employer_id`` by the
        industry of the employer. None, or without members: absent.
    employers
        ``employer_id``, ``headcount``; with ``industry`` (section or division of GB/T 4754).

    Notes
    -----
    Everything in the table is counted, so there are no intervals. A percentile is left out
    where fewer than ten unions lie beyond it; an industry of fewer than thirty unions goes
    with the others. The largest tenth is the unions at or above rank 0.9 n, the one at the
    border counted in part.

    Examples
    --------
    >>> import pandas as pd
    >>> sizes = union_sizes(pd.DataFrame({"members": range(1, 101)}))
    >>> all_ = sizes.groups[0]
    >>> all_.of("size_p50").estimate, round(all_.of("top_tenth").estimate, 2)
    (50.5, 18.91)
    """
    if unions is None or "members" not in unions:
        return Absent(("unions",))
    rows = unions[unions["members"].notna() & (unions["members"] > 0)]
    size = rows["members"].to_numpy("float64")
    parts: dict[str, tuple[Text, Array]] = {"all": (ALL, np.full(len(size), fill_value=True))}
    if "is_new_form" in rows:
        new = rows["is_new_form"].astype(bool).to_numpy()
        if new.any():
            parts |= {"new_form": (NEW, new), "other": (OTHER, ~new)}
    parts |= _industries(rows, employers)
    known = universe_of(rows)
    groups = [
        _group(key, name, size[which], None if known is None else Members(known, which))
        for key, (name, which) in parts.items()
    ]
    if employers is not None:
        staff = employers["headcount"].dropna().to_numpy("float64")
        groups.append(_group("employers", FIRMS, staff[staff > 0]))
    return UnionSizes(tuple(groups), _bands(size, known))


def _industries(
    rows: pd.DataFrame, employers: pd.DataFrame | None
) -> dict[str, tuple[Text, Array]]:
    """Return which unions are of each industry of the employer, small ones together."""
    if employers is None or "industry" not in employers or "employer_id" not in rows:
        return {}
    industry = employers.set_index("employer_id")["industry"].astype(str)
    section = rows["employer_id"].map(industry.map(section_of)).fillna("").to_numpy(str)
    codes, counts = np.unique(section[section != ""], return_counts=True)
    large = [c for c, n in sorted(zip(codes, counts, strict=True), key=lambda p: -p[1])
             if n >= FEWEST and c in SECTIONS]  # fmt: skip
    made = {f"section_{c}": (SECTIONS[c], section == c) for c in large}
    rest = (section != "") & ~np.isin(section, large)
    if rest.any():
        made["rest"] = REST, rest
    if (section == "").any():
        made["joint"] = JOINT, section == ""
    return made


def _group(key: str, name: Text, size: Array, members: Members | None = None) -> SizeGroup:
    """Measure the sizes of one group."""
    n, total = len(size), int(size.sum())
    firms = key == "employers"
    unit = "persons" if firms else "persons_per_union"
    counts: dict[str, Any] = {
        "n": n,
        "n_unit": "firms" if firms else "union_organisations",
        "employers": carriers(size),
        "members": members,
    }
    every = {"term": "union_size", **counts, "persons": total}
    # a percentile is about units, so they are what must stand on either side of it
    units = {"term": "union_size", **counts, "persons": n, "employers": n}
    made = [counted(f"size_mean_{key}", size.mean() if n else None, unit=unit,
                    estimand=Text("mean", "均值"), **every)]  # fmt: skip
    for p in PERCENTILES:
        e = counted(f"size_p{p}_{key}", float(np.quantile(size, p / 100)) if n else None, unit=unit,
                    estimand=Text(f"percentile {p}", f"第 {p} 百分位"), **units)  # fmt: skip
        made.append(e if n * min(p, 100 - p) >= BEYOND * 100 else _too_few(e))
    shares = [
        counted(f"top_tenth_{key}", _top(size), unit="percent", **every,
                estimand=Text("in the largest tenth", "最大十分之一所占")),
        counted(f"size_gini_{key}", _gini(size), unit="index_points", **every,
                estimand=Text("Gini index", "基尼系数")),
    ]  # fmt: skip
    made += [e if e.estimate is not None else replace(e, undefined=FEW_UNITS) for e in shares]
    return SizeGroup(name, tuple(made), n, total)


def _too_few(e: Estimate) -> Estimate:
    """Return a percentile that says why it is left out."""
    return replace(e, estimate=None, inference=None, undefined=FEW_BEYOND.format(beyond=BEYOND))


def _top(size: Array) -> float | None:
    """Return the share in percent of the largest tenth; None with fewer than ten."""
    if len(size) < BEYOND:
        return None
    ordered = np.sort(size)[::-1]
    whole, part = divmod(len(size) / 10, 1)
    held = ordered[: int(whole)].sum() + part * ordered[int(whole)]
    return float(100 * held / size.sum())


def _gini(size: Array) -> float | None:
    """Return the Gini index by ranks; None with fewer than ten."""
    n = len(size)
    if n < BEYOND:
        return None
    ranks = np.arange(1, n + 1)
    return float(2 * (ranks * np.sort(size)).sum() / (n * size.sum()) - (n + 1) / n)


def _bands(size: Array, known: Universe | None) -> pd.DataFrame:
    """Count unions and their members by band of size."""
    import pandas as pd

    place = np.digitize(size, BANDS) - 1
    rows = [
        {"low": low, "unions": int((place == i).sum()), "members": int(size[place == i].sum()),
         "sizes": tuple(size[place == i].tolist()),
         "rows": None if known is None else Members(known, place == i)}
        for i, low in enumerate(BANDS)
    ]  # fmt: skip
    return pd.DataFrame(rows)
