"""What the process of one report is asked to do, and what it answers: values that travel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yuyao_lib.findings import Finding, Mode
from yuyao_lib.findings.differencing import Release
from yuyao_lib.findings.held_back import HeldBack
from yuyao_lib.findings.people import PeopleSet
from yuyao_lib.reports.cells import Parameter
from yuyao_lib.vocabulary import Text

__all__ = ["Made", "Order"]


@dataclass(frozen=True, slots=True)
class Order:
    """What a process is asked to do.

    Attributes
    ----------
    report, notebook, values
        Which report, its notebook and every parameter's value.
    folder
        Where everything it makes is put.
    run_key, page_key
        Digests that name this run.
    title
        Title in the plan.
    declared
        The parameters as declared, for the page.
    cell_seconds
        Longest a cell may take.
    in_process
        Whether cells run here or in a kernel.
    opens_own
        Files and folders of a researcher's own tables that the notebook may open.
    spreads
        Whether the notebook can hand out replications.
    executed
        An executed notebook whose outputs are still valid; only the page is made anew.
    executed_at
        When it was (UTC).
    before
        The findings published last.
    cache
        Folder that remembers between runs, such as fonts cut for a set of characters.
    commit, index_href
        For the page.
    held_back
        What the page keeps to itself, for it differs by few from an older one's.
    """

    report: str
    notebook: Path
    values: Mapping[str, Any]
    folder: Path
    run_key: str
    page_key: str
    title: Text
    declared: tuple[Parameter, ...]
    cell_seconds: float
    in_process: bool
    opens_own: tuple[Path, ...] = ()
    spreads: bool = False
    executed: Path | None = None
    executed_at: str = ""
    before: tuple[Finding, ...] = ()
    cache: Path | None = None
    commit: str | None = None
    index_href: str | None = "index.html"
    held_back: HeldBack | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What a process made.

    Attributes
    ----------
    files
        Names of the pages by language, in the order's folder.
    executed
        Name of the executed notebook there.
    findings
        Findings of the notebook.
    mode
        Kind of data; None when the notebook shows none.
    run_at, seconds
        When it was executed (UTC) and how long it took.
    warnings
        What cells wrote to standard error; for the log.
    beside
        Names of other files that are published with the pages.
    words
        Topics of the vocabulary it looked words up in, and keys it looked for in vain; None
        where that is not known, or could tell of own data.
    released
        Counts behind what a page of own data shows, beside its findings.
    scanned
        File -> digest of each file that was scanned; only these may be published.
    peak_megabytes
        Most memory the process held; 0 where the platform does not tell.
    people
        Who stands in the own tables that were shown, without their ids.
    """

    files: dict[str, str]
    executed: str
    findings: tuple[Finding, ...]
    mode: Mode | None
    run_at: str
    seconds: float
    warnings: tuple[str, ...]
    peak_megabytes: float
    beside: tuple[str, ...] = ()
    released: tuple[Release, ...] = ()
    scanned: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, list[str]] | None = None
    people: tuple[PeopleSet, ...] = ()
