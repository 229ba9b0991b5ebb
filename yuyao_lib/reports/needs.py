"""Which notebooks can run on a set of tables, and what is missing for the rest."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from yuyao_lib.paths import PACKAGE
from yuyao_lib.reports.values import written

__all__ = ["Readiness", "readiness"]


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a notebook can run on some tables.

    Attributes
    ----------
    notebook
        Its name.
    takes_tables
        Whether it runs on tables of the register at all.
    missing
        Tables and columns that it needs and that are not there.
    settings
        Parameters to set for tables of the register, beside the folder.
    """

    notebook: str
    takes_tables: bool
    missing: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        """Whether it can run."""
        return self.takes_tables and not self.missing

    def command(self, folder: str) -> str:
        """Return the command that runs it on the tables of a folder.

        Examples
        --------
        >>> Readiness("wages", True, (), {"cuts": [], "table": "pay"}).command("my pay")
        "yuyao run wages --name own_wages -p 'dataset=my pay' -p 'cuts=[]' -p table=pay"
        """
        given = {"dataset": folder, **self.settings}
        line = ["yuyao", "run", self.notebook, "--name", f"own_{self.notebook}"]
        return shlex.join(
            [*line, *(part for k, v in given.items() for part in ("-p", f"{k}={written(v)}"))]
        )

    @property
    def said(self) -> str:
        """The answer as a sentence."""
        if not self.takes_tables:
            return f"{self.notebook}: runs on published or printed data, not on own tables"
        if self.missing:
            return f"{self.notebook}: cannot run; missing: {', '.join(self.missing)}"
        return f"{self.notebook}: can run"


def readiness(held: Mapping[str, Sequence[str]]) -> list[Readiness]:
    """Compare what each notebook needs with the tables there are.

    Parameters
    ----------
    held
        For each table its columns.

    Examples
    --------
    >>> [r.missing for r in readiness({}) if r.notebook == "union_premium"]
    [('worker_quarters', 'contracts')]
    """
    found = []
    for file in sorted((PACKAGE / "reports" / "bounds").glob("[a-z]*.py")):
        module = import_module(f"yuyao_lib.reports.bounds.{file.stem}")
        needs = getattr(module, "NEEDS", None)
        missing = tuple(_missing(needs or {}, held))
        settings = getattr(module, "OWN", {})
        found.append(Readiness(file.stem, needs is not None, missing, settings))
    return found


def _missing(needs: Mapping[str, Sequence[str]], held: Mapping[str, Sequence[str]]) -> list[str]:
    """Name the tables and columns that are not there."""
    missing = []
    for table, columns in needs.items():
        if table not in held:
            missing.append(table)
            continue
        missing += [f"{table}.{c}" for c in columns if c not in held[table]]
    return missing
