"""How many are organised and covered: every density with its definition spelt out.

A density is a numerator over a denominator; leaving either unsaid makes two numbers from
one register disagree. Here are membership (members over the workforce of the unions'
employers), organised workplaces (workforce of employers that a union names over that of
all listed), and contract coverage (workers of contracts in force over the workforce of
all listed). Persons are counted once: renewals of a contract are not added up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.absence import Absent, absent
from yuyao_lib.methods.proportions import counted
from yuyao_lib.methods.smaller_sides import carriers
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.schema import quarter_index
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Density", "density"]


@dataclass(frozen=True, slots=True)
class Density:
    """Densities at the end of the last quarter.

    Attributes
    ----------
    quarter
        That quarter.
    estimates
        ``membership``; with a table of employers ``membership_of_all`` and ``organised``;
        with contracts ``contracts_any`` and ``contracts_grade_wage``. In percent.
    towns
        One row a town: ``members``, ``workforce``, ``density`` in percent; empty without
        a table of unions.
    """

    quarter: str
    estimates: tuple[Estimate, ...]
    towns: pd.DataFrame = field(repr=False)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a density."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def density(
    union_quarters: pd.DataFrame | None,
    *,
    unions: pd.DataFrame | None = None,
    employers: pd.DataFrame | None = None,
    contracts: pd.DataFrame | None = None,
) -> Density | Absent:
    """Compute every density that the tables allow, at the end of the last quarter.

    Parameters
    ----------
    union_quarters
        ``union_id``, ``quarter``, ``members``, ``workforce``. None: absent; contract
        coverage is then told at the end of the quarter of the last contract.
    unions
        ``union_id``, ``town_id``, ``employer_id`` (empty for unions of several employers).
    employers
        ``employer_id``, ``headcount``.
    contracts
        ``employer_id``, ``kind``, ``effective_on``, ``expires_on``, ``covered``.

    Notes
    -----
    A union of several employers names none of them, so the share of organised workplaces
    is a lower bound. Of the contracts of one employer in force that day the one that
    covers most counts, and no more workers than the employer has.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"union_id": ["a", "b"], "quarter": "2020Q1", "members": [8, 5],
    ...     "workforce": [10, 10]})
    >>> density(rows).estimates[0].estimate
    65.0
    """
    if union_quarters is None and employers is not None and contracts is not None:
        return _without_unions(employers, contracts)
    off = absent(union_quarters=union_quarters)
    if off is not None or union_quarters is None:
        return off or Absent(("union_quarters",))
    names = union_quarters["quarter"].astype(str)
    last = max(names.unique(), key=quarter_index)
    rows = union_quarters[names == last]
    known = rows[rows["workforce"].notna() & (rows["workforce"] > 0)]
    if known.empty:
        raise InputError(sentence("union_quarters has no workforce above zero", got=last))
    made = [_membership(known)]
    if employers is not None:
        made += _of_all(rows, employers, unions)
    if employers is not None and contracts is not None:
        made += [_covered(employers, contracts, last, kind) for kind in ("", "grade_wage")]
    return Density(last, tuple(made), _towns(known, unions))


def _without_unions(employers: pd.DataFrame, contracts: pd.DataFrame) -> Density:
    """Tell contract coverage alone."""
    import pandas as pd

    last = str(pd.to_datetime(contracts["effective_on"]).max().to_period("Q"))
    made = tuple(_covered(employers, contracts, last, kind) for kind in ("", "grade_wage"))
    return Density(last, made, pd.DataFrame(columns=["town_id", "members", "workforce", "density"]))


def _membership(known: pd.DataFrame) -> Estimate:
    """Members over the workforce of the unions' employers."""
    workforce = int(known["workforce"].sum())
    return _share(
        "membership", float(known["members"].sum()), workforce,
        Text("members over the workforce of the unions' employers",
             "会员数除以所属单位职工数"),
        employers=min(carriers(known[c].to_numpy("float64")) for c in ("members", "workforce")),
    )  # fmt: skip


def _of_all(
    rows: pd.DataFrame, employers: pd.DataFrame, unions: pd.DataFrame | None
) -> list[Estimate]:
    """Members, and workers of organised employers, over all workers listed."""
    workforce = int(employers["headcount"].sum())
    made = [
        _share(
            "membership_of_all", float(rows["members"].sum()), workforce,
            Text("members over the workforce of all employers listed",
                 "会员数除以全部在册单位职工数"),
            employers=min(carriers(rows["members"].to_numpy("float64")),
                          carriers(employers["headcount"].to_numpy("float64"))),
        )
    ]  # fmt: skip
    if unions is not None and "employer_id" in unions:
        named = employers["employer_id"].isin(unions["employer_id"].dropna())
        made.append(
            _share(
                "organised", float(employers["headcount"][named].sum()), workforce,
                Text("workforce of employers that a union names over that of all listed"
                     " (a lower bound: joint unions name none)",
                     "有工会列名的单位职工数除以全部在册单位职工数（下限：联合工会未列单位）"),
                employers=_least_behind(employers["headcount"], employers["headcount"][named]),
            )
        )  # fmt: skip
    return made


def _covered(employers: pd.DataFrame, contracts: pd.DataFrame, last: str, kind: str) -> Estimate:
    """Workers of contracts in force at the end of the quarter over all workers listed."""
    import pandas as pd

    day = pd.Period(last, freq="Q").end_time.normalize()
    force = pd.to_datetime(contracts["effective_on"]) <= day
    if "expires_on" in contracts:
        until = pd.to_datetime(contracts["expires_on"])
        force &= until.isna() | (until >= day)
    staff = employers.set_index("employer_id")["headcount"]
    workers = every = _under(contracts[force], staff)
    behind = _least_behind(staff, every)
    if kind:
        workers = _under(contracts[force & (contracts["kind"].astype(str) == kind)], staff)
        behind = min(_least_behind(staff, workers), _least_behind(every, workers))
    named = {"": Text("a collective contract of any kind", "任一类集体合同"),
             "grade_wage": Text("a grade-wage contract", "能级工资集体合同")}[kind]  # fmt: skip
    return _share(
        f"contracts_{kind or 'any'}", float(workers.sum()), int(employers["headcount"].sum()),
        Text(f"workers under {named.en} in force over the workforce of all employers listed",
             f"有效{named.zh}覆盖的职工数除以全部在册单位职工数"),
        employers=behind,
    )  # fmt: skip


def _under(contracts: pd.DataFrame, staff: pd.Series) -> pd.Series:
    """Return the workers that contracts cover by employer, no more than there are."""
    most = contracts.groupby("employer_id", observed=True)["covered"].max()
    return most.clip(upper=staff.reindex(most.index).fillna(most))


def _least_behind(staff: pd.Series, part: pd.Series) -> int:
    """Count the employers that carry a part of all workers, or the rest, whichever are fewer.

    A part that is nobody, or everybody, tells of all of them.
    """
    whole = staff.to_numpy("float64")
    rest = staff.sub(part, fill_value=0.0).to_numpy("float64")
    sides = whole, part.to_numpy("float64"), rest
    return min((carriers(side) for side in sides if (side > 0).any()), default=0)


def _share(key: str, part: float, whole: int, what: Text, *, employers: int) -> Estimate:
    """Return a density in percent of a number of persons, of so many employers or more."""
    value = 100 * part / whole if whole else None
    kind = "contract_coverage" if key.startswith("contracts") else "union_density"
    return counted(key, value, term=kind, unit="percent", estimand=what, n=whole,
                   employers=employers)  # fmt: skip


def _towns(known: pd.DataFrame, unions: pd.DataFrame | None) -> pd.DataFrame:
    """Return density by town of the union."""
    import pandas as pd

    if unions is None or "town_id" not in unions:
        return pd.DataFrame(columns=["town_id", "members", "workforce", "density"])
    towns = unions.set_index("union_id")["town_id"].astype(str)
    rows = known.assign(town_id=known["union_id"].map(towns)).dropna(subset=["town_id"])
    table = rows.groupby("town_id")[["members", "workforce"]].sum().reset_index()
    staff = rows.groupby("town_id")["workforce"].apply(lambda held: tuple(held.astype("float64")))
    return table.assign(
        density=100 * table["members"] / table["workforce"],
        staff=table["town_id"].map(staff),
    )
