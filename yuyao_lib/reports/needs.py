"""Which notebooks can run on a set of tables, and what is missing for the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

from yuyao_lib.paths import PACKAGE

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
    """

    notebook: str
    takes_tables: bool
    missing: tuple[str, ...]

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
        needs = getattr(import_module(f"yuyao_lib.reports.bounds.{file.stem}"), "NEEDS", None)
        found.append(Readiness(file.stem, needs is not None, tuple(_missing(needs or {}, held))))
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
