"""The mapping file: which columns of which files are which columns of the register."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from yuyao_lib import schema
from yuyao_lib.errors import DataError, nearest, sentence

__all__ = ["ColumnMap", "Mapping", "Names", "Source", "read_mapping"]

MAPPING = "mapping.yaml"
Scalar = str | int | float | bool


class Strict(BaseModel):
    """A part of the mapping: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Names(Strict):
    """A text in both languages."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)


class ColumnMap(Strict):
    """How one column of the register is read.

    Attributes
    ----------
    from_
        Header in the file (``from`` in YAML); ``@sheet`` and ``@file`` are the names of
        the sheet and of the file.
    value
        The same value for every row, instead of a header.
    kind
        What an id is: ``identity`` (a citizen's number), ``credit_code`` (an
        organisation's), ``code`` (any other).
    unit
        Unit of the numbers when it is not the register's: 元, 千元, 万元, 亿元, 分.
    values
        The register's value for each value met, such as ``高级: 3``.
    missing
        Codes that stand for a blank, such as -999.
    blank
        What an empty grade means: ``none`` or ``unknown``.
    order
        What grade numbers mean: ``national`` (1 is senior technician, as on
        certificates) or ``ladder`` (1 is junior, as in the register).
    month_is
        Whether a month is the one worked or the one paid (one month later).
    take
        Read the year of birth or the sex out of an identity number.
    """

    from_: str | None = Field(None, alias="from", min_length=1)
    value: Scalar | None = None
    kind: Literal["identity", "credit_code", "code"] = "code"
    unit: Literal["元", "千元", "万元", "亿元", "分"] | None = None
    values: dict[str, Scalar] = {}
    missing: list[Scalar] = []
    blank: Literal["none", "unknown"] | None = None
    order: Literal["national", "ladder"] | None = None
    month_is: Literal["work", "pay"] | None = None
    take: Literal["birth_year", "female"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _header_alone(cls, given: Any) -> Any:
        """Let a bare header stand for ``{from: header}``."""
        return {"from": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _one_origin(self) -> ColumnMap:
        """Refuse a column with two origins or none."""
        if (self.from_ is None) == (self.value is None):
            raise ValueError("give either 'from' (a header) or 'value' (for every row)")
        return self


class Source(Strict):
    """One file, sheet or query that holds rows of one table.

    Attributes
    ----------
    file
        File name, or a pattern such as ``payroll_*.csv``, inside the folder.
    query
        A DuckDB ``SELECT`` instead; it sees files of the folder and ``database``.
    database
        A DuckDB file that the query reads.
    sheets
        Names of sheets; all visible ones when not given.
    header_row, header_rows
        Line of the first header row, counted from 1, and how many there are.
    encoding, separator
        For text files; found out when not given.
    fill_down
        Headers of columns whose merged or empty cells repeat the one above.
    days
        Header of days paid, by which part months are brought to a full month.
    full_days
        Days of a full month.
    distinct
        Keep one row a key (a payroll read as a list of people).
    bad_rows
        ``refuse`` the file, or ``set_aside`` rows that cannot be read and count them.
    columns
        The register's columns.
    """

    file: str | None = Field(None, min_length=1)
    query: str | None = Field(None, min_length=1)
    database: str | None = Field(None, min_length=1)
    sheets: list[str] | None = None
    header_row: Annotated[int, Field(ge=1, le=50)] = 1
    header_rows: Annotated[int, Field(ge=1, le=3)] = 1
    encoding: str | None = None
    separator: Literal[",", ";", "\t", "|"] | None = None
    fill_down: list[str] = []
    days: str | None = None
    full_days: Annotated[float, Field(gt=0, le=31)] = 21.75
    distinct: bool = False
    bad_rows: Literal["refuse", "set_aside"] = "refuse"
    columns: dict[str, ColumnMap] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_origin(self) -> Source:
        """Refuse a source with two origins or none."""
        if (self.file is None) == (self.query is None):
            raise ValueError("give either 'file' or 'query'")
        for name in ("file", "database"):
            place = Path(getattr(self, name) or "")
            if place.is_absolute() or ".." in place.parts:
                raise ValueError(f"'{name}' must lie inside the folder")
        return self


class Mapping(Strict):
    """A whole mapping file.

    Attributes
    ----------
    title, publisher, citation, licence, vintage
        What the source card says.
    invented
        Whether these are made-up tables, for teaching.
    small_counts
        What pages do with counts of few: ``hide`` them and those that would give them
        away, or ``round`` every count, totals added up anew.
    tables
        For each table of the register the sources of its rows.
    """

    title: Names
    publisher: str = Field(min_length=1)
    citation: str = "not to be cited"
    licence: str = "private; not to be shared"
    vintage: str = Field(min_length=1)
    invented: bool = False
    small_counts: Literal["hide", "round"] = "hide"
    tables: dict[str, list[Source]] = Field(min_length=1)


def read_mapping(path: Path) -> Mapping:
    """Read and check a mapping file.

    Parameters
    ----------
    path
        A YAML file, or a folder that holds ``mapping.yaml``.

    Raises
    ------
    DataError
        If there is none, it is not YAML, or anything in it is unknown: every problem is
        listed, with the nearest known name.

    Examples
    --------
    >>> from yuyao_lib.paths import DATA
    >>> sorted(read_mapping(DATA / "example_payrolls").tables)
    ['contracts', 'employers', 'worker_quarters', 'workers']
    """
    import yaml

    file = path / MAPPING if path.is_dir() else path
    if not file.is_file():
        raise DataError(
            f"there is no {MAPPING} in {file.parent.name}; let one be proposed with:"
            f" yuyao check {file.parent.name} --propose"
        )
    try:
        given = yaml.safe_load(file.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DataError(
            f"{file.name} cannot be read as YAML in UTF-8: {_first_line(error)}."
        ) from error
    if not isinstance(given, dict):
        raise DataError(sentence(f"{file.name} is not a mapping", got=type(given).__name__))
    problems = list(_unknown_names(given))
    try:
        mapping = Mapping.model_validate(given)
    except ValidationError as error:
        problems += [_said(item) for item in error.errors()]
        mapping = None
    if problems or mapping is None:
        raise DataError(f"{file.name}: " + " ".join(problems))
    return mapping


def _unknown_names(given: dict[str, Any]) -> list[str]:
    """Name tables and columns that the register does not have."""
    problems = []
    tables = given.get("tables")
    for name, sources in (tables if isinstance(tables, dict) else {}).items():
        if name not in schema.tables():
            problems.append(sentence("unknown table", got=name, allowed=list(schema.tables())))
            continue
        known = schema.table(name).names
        for source in sources if isinstance(sources, list) else []:
            columns = source.get("columns") if isinstance(source, dict) else None
            for column in columns if isinstance(columns, dict) else {}:
                if column not in known:
                    what = f"unknown column of table {name!r}"
                    problems.append(sentence(what, got=column, allowed=known))
    return problems


def _said(item: Any) -> str:
    """Put one complaint of pydantic into a sentence with its place."""
    place = ".".join(str(part) for part in item["loc"]) or "the file"
    if item["type"] == "extra_forbidden":
        known = sorted(
            {f.alias or n for m in (Mapping, Source, ColumnMap) for n, f in m.model_fields.items()}
        )
        guess = nearest(str(item["loc"][-1]), known)
        return f"{place}: unknown key." + (f" Did you mean {guess!r}?" if guess else "")
    words = str(item["msg"]).removeprefix("Value error, ")
    return f"{place}: {words[:1].lower()}{words[1:]}."


def _first_line(error: Exception) -> str:
    """Return the first line of an error, without its full stop."""
    return str(error).splitlines()[0].rstrip(".")
