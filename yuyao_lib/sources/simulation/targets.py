"""Compare a register with every total it has to hit, one query a total."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from yuyao_lib.sources.simulation.setting import AmountScope, Setting

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TargetReport", "TargetRow", "check_targets"]

FILE = Path(__file__).resolve().parent / "targets.csv"
IN_WINDOW = "room_id IS NOT NULL AND filed_on BETWEEN DATE '2018-07-01' AND DATE '2023-06-30'"
SCOPES: dict[AmountScope, str] = {
    "disputes": IN_WINDOW,
    "legal_aid": "legal_aid",
    "both": f"legal_aid OR ({IN_WINDOW})",
}


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One total and what the register holds.

    Attributes
    ----------
    key, row
        Name, and the row of the domain's table it belongs to.
    table, expression
        Where it is counted, and the query.
    low, high
        Least and most allowed at this scale; equal where the match is exact.
    match
        ``exact`` or ``range``.
    unit, indicator_id
        Unit, and the printed figure it equals at scale one.
    got
        The simulated value.
    """

    key: str
    row: int
    table: str
    expression: str
    low: float
    high: float
    match: str
    unit: str
    indicator_id: str
    got: float

    @property
    def hit(self) -> bool:
        """Whether the value is within its bounds, to the last fen."""
        return self.low <= round(self.got, 2) <= self.high


@dataclass(frozen=True, slots=True)
class TargetReport:
    """All totals of one register.

    These totals equal the printed ones by construction; the match validates nothing.
    """

    rows: tuple[TargetRow, ...]

    @property
    def ok(self) -> bool:
        """Whether every total is hit."""
        return all(row.hit for row in self.rows)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a total."""
        import pandas as pd

        names = ("key", "table", "unit", "match", "low", "high", "got", "hit", "expression")
        return pd.DataFrame([{name: getattr(row, name) for name in names} for row in self.rows])

    def lines(self) -> list[str]:
        """Return one line a total, for the command line."""
        return [
            f"{'hit ' if row.hit else 'MISS'} {row.key:<28}{row.got:>16,.10g}"
            f"   {_ends(row):<24} {row.unit}"
            for row in self.rows
        ]

    def _repr_html_(self) -> str:
        """Show the totals as a table."""
        head = "<tr><th>total</th><th>simulated</th><th>target</th><th>unit</th><th>hit</th></tr>"
        body = "".join(
            f"<tr><td>{escape(row.key)}</td><td>{row.got:,.10g}</td><td>{_ends(row)}</td>"
            f"<td>{escape(row.unit)}</td><td>{'✓' if row.hit else '✗'}</td></tr>"
            for row in self.rows
        )
        return f"<table>{head}{body}</table>"


def _ends(row: TargetRow) -> str:
    """Write the bounds."""
    if row.low == row.high:
        return f"= {row.low:,.10g}"
    return f"{row.low:,.10g} to {row.high:,.10g}"


def check_targets(folder: Path, setting: Setting) -> TargetReport:
    """Count every total in the Parquet files of a register.

    Parameters
    ----------
    folder
        Where the register lies.
    setting
        What it was built with; totals follow its scale.
    """
    import duckdb

    with FILE.open(encoding="utf-8", newline="") as lines:
        declared = list(csv.DictReader(lines))
    rows = []
    with duckdb.connect() as link:
        link.execute("SET threads = 1")
        for name in sorted({row["table"] for row in declared}):
            place = str(folder / f"{name}.parquet").replace("'", "''")
            link.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{place}')")
        for row in declared:
            query = row["expression"].format(scope=SCOPES[setting.amount_scope])
            found = link.execute(query).fetchone()
            got = found[0] if found and found[0] is not None else math.nan
            rows.append(_row(row, query, float(got), setting))
    return TargetReport(tuple(rows))


def _row(row: dict[str, str], query: str, got: float, setting: Setting) -> TargetRow:
    """Put bounds at this scale beside the value."""
    low, high = (_scaled(float(row[end]), row, setting) for end in ("low", "high"))
    if row["match"] == "range" and setting.scale < 1:
        low, high = math.floor(low * 0.999), math.ceil(high * 1.001) + 1
    return TargetRow(
        key=row["key"],
        row=int(row["row"]),
        table=row["table"],
        expression=query,
        low=low,
        high=high,
        match=row["match"],
        unit=row["unit"],
        indicator_id=row["indicator_id"],
        got=got,
    )


def _scaled(value: float, row: dict[str, str], setting: Setting) -> float:
    """Return a bound at this scale, in the way its kind is scaled."""
    if row["scaling"] == "money":
        return round(value * setting.scale * 100) / 100
    if row["scaling"] == "tenths":
        return setting.scaled(value * 10) / 10
    return float(setting.scaled(value, least=int(row["least"])))
