"""What the simulation is calibrated by: every value, its source and its status."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from yuyao_lib.errors import DataError, sentence

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Parameter", "Parameters", "parameters"]

Status = Literal["sourced", "derived", "assumed", "printed", "memory"]
Use = Literal["generator", "check", "reference"]
FILE = Path(__file__).resolve().parent / "parameters.csv"
NUMBER = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One calibration value.

    Attributes
    ----------
    id, value, unit
        Name, value as written, unit.
    low, high
        Plausible range, as written; may be empty.
    status
        ``sourced`` (read in a stored page), ``derived`` (arithmetic on such), ``assumed``,
        ``printed`` (in the published record) or ``memory`` (not confirmed).
    use
        ``generator`` (shapes the data), ``check`` (compared with the data) or
        ``reference`` (shown beside estimates).
    source, source_year, url, note
        Where it comes from and what to mind.
    """

    id: str
    value: str
    low: str
    high: str
    unit: str
    status: Status
    use: Use
    source: str
    source_year: str
    url: str
    note: str

    @property
    def numbers(self) -> tuple[float, ...]:
        """All numbers of the value, in order."""
        return tuple(float(found) for found in NUMBER.findall(self.value))


@dataclass(frozen=True, slots=True)
class Parameters:
    """All parameters by id.

    Examples
    --------
    >>> known = parameters()
    >>> known["sd_firm_quarter_shock"], known.all("dispute_type_shares")
    (0.03, (0.45, 0.18, 0.12, 0.2, 0.05))
    >>> known.counts()["memory"]
    2
    """

    rows: dict[str, Parameter]

    def row(self, name: str) -> Parameter:
        """Return one parameter with its source and status."""
        if name not in self.rows:
            raise DataError(sentence("unknown parameter", got=name, allowed=list(self.rows)))
        return self.rows[name]

    def __getitem__(self, name: str) -> float:
        """Return the only number of a parameter."""
        (number,) = self.row(name).numbers
        return number

    def all(self, name: str) -> tuple[float, ...]:
        """Return every number of a parameter."""
        return self.row(name).numbers

    def with_values(self, **values: float) -> Parameters:
        """Return a copy with other values, each then an assumption of the caller.

        Examples
        --------
        >>> parameters().with_values(sd_firm_quarter_shock=0.05)["sd_firm_quarter_shock"]
        0.05
        """
        changed = {
            name: replace(self.row(name), value=repr(float(value)), status="assumed")
            for name, value in values.items()
        }
        return Parameters({**self.rows, **changed})

    def __iter__(self) -> Iterator[Parameter]:
        """Go through the parameters in the order of the file."""
        return iter(self.rows.values())

    def counts(self, use: Use | None = None) -> dict[str, int]:
        """Count parameters by status, for the line every simulated report carries."""
        return dict(Counter(row.status for row in self if use in {None, row.use}))

    def to_frame(self, use: Use | None = None) -> pd.DataFrame:
        """Return the parameters as a table, assumed ones first.

        Parameters
        ----------
        use
            Only those of one use, such as ``"generator"``; None for all.
        """
        import pandas as pd

        rows = [asdict(row) for row in self if use in {None, row.use}]
        rows.sort(key=lambda row: row["status"] != "assumed")
        return pd.DataFrame(rows)

    def to_list(self) -> list[dict[str, str]]:
        """Return the rows for ``truth.json``."""
        return [asdict(row) for row in self]


@cache
def parameters() -> Parameters:
    """Read the parameters once."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        rows = [Parameter(**cast("dict", row)) for row in csv.DictReader(lines)]
    return Parameters({row.id: row for row in rows})
