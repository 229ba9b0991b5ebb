"""One planned report: what is run, with which values, under which bounds."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from yuyao_lib.errors import PlanError, sentence
from yuyao_lib.vocabulary import Text

__all__ = ["NAME", "Report", "choose", "slug"]

NAME = re.compile(r"[a-z][a-z0-9_]*")
TELLING = re.compile(r"[a-z0-9]+(\.[a-z0-9]+)*")  # values a file name shows without loss
SLUG_LENGTH = 40
ID_BYTES = 200  # a file name holds 255, and a page's has more than the report's
MEMORY_MEGABYTES = 8000  # what a report may ask for where nothing else is said
DEFAULT_SECONDS = {"timeout_seconds": 1800.0, "cell_timeout_seconds": 900.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One planned report.

    Attributes
    ----------
    id, notebook
        Its name, and the notebook's file.
    title
        Title in the plan.
    values
        Every parameter with the value used.
    schedule
        When it should run, for those who schedule; not acted on here.
    timeout_seconds, cell_timeout_seconds, memory_megabytes
        Bounds of a run; no bound on memory is None here, and is not said in a plan.
    needs
        Optional packages without which it is left out.
    table
        The table its values came from, where the plan names one.
    broken
        Why its notebook cannot be run, where it cannot: it fails alone.

    Raises
    ------
    PlanError
        If the name is that of the index, or longer than file systems take.
    """

    id: str
    notebook: Path
    title: Text
    values: Mapping[str, Any] = field(default_factory=dict)
    schedule: str = ""
    timeout_seconds: float = DEFAULT_SECONDS["timeout_seconds"]
    cell_timeout_seconds: float = DEFAULT_SECONDS["cell_timeout_seconds"]
    memory_megabytes: int | None = MEMORY_MEGABYTES
    needs: tuple[str, ...] = ()
    table: Path | None = None
    broken: str = ""

    def __post_init__(self) -> None:
        """Refuse a name under which no pages can be published."""
        if self.id.casefold() == "index":
            raise PlanError("a report cannot be called 'index': the index of findings is.")
        if len(self.id.encode("utf-8", "surrogatepass")) > ID_BYTES:
            allowed = f"at most {ID_BYTES} bytes"
            raise PlanError(sentence("name of a report", got=self.id, allowed=allowed))

    @property
    def missing(self) -> list[str]:
        """Optional packages it needs and that are not installed."""
        return [package for package in self.needs if find_spec(package) is None]


def choose(reports: list[Report], names: list[str]) -> list[Report]:
    """Return the reports of these names: an id, an entry's for all its points, or a notebook's.

    Raises
    ------
    PlanError
        If a name is neither.
    """
    chosen: dict[str, Report] = {}
    for name in names:
        found = [r for r in reports if name in {r.id, r.notebook.stem}]
        found = found or [r for r in reports if r.id.startswith(f"{name}__")]
        if not found:
            known = dict.fromkeys([r.id for r in reports] + [r.notebook.stem for r in reports])
            raise PlanError(sentence("no report or notebook of this name", got=name, allowed=known))
        chosen.update({report.id: report for report in found})
    return list(chosen.values())


def slug(text: str) -> str:
    """Make part of a file name of a value, another one for each value.

    Examples
    --------
    >>> slug("0.95"), slug("classical")
    ('0-95', 'classical')
    >>> slug("男") == slug("女")
    False
    """
    last = re.split(r"[/\\]", text.rstrip("/\\"))[-1]  # of a path, not where it lies
    plain = re.sub(r"[^a-z0-9]+", "-", last.casefold()).strip("-")
    if len(plain) <= SLUG_LENGTH and TELLING.fullmatch(text):
        return plain
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{plain[:SLUG_LENGTH]}-{digest}".lstrip("-")
