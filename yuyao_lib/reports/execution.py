"""One report in a process of its own: execute, collect, check, render.

Everything here runs in the process that `nursery` raised for the report. papermill
executes; the engine runs the cells in this very process where that is safe, and in a
kernel elsewhere. Nothing is published from here.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from yuyao_lib.errors import RunError
from yuyao_lib.findings import Finding, Mode
from yuyao_lib.findings.differencing import Release
from yuyao_lib.findings.people import PeopleSet
from yuyao_lib.paths import PACKAGE
from yuyao_lib.reports.cells import Parameter
from yuyao_lib.reports.intended import only_intended_errors, said_instead
from yuyao_lib.reports.values import shown, written
from yuyao_lib.reports.whole_files import write_whole
from yuyao_lib.vocabulary import LANGUAGES, Text, looked_up

__all__ = ["Made", "Order", "execute_report", "file_stem", "heavy_imports"]

# Third-party modules worth having behind the fork; a report that needs others loads them.
WARM = (
    "numpy", "pandas", "pyarrow", "scipy.stats", "matplotlib.figure",
    "matplotlib.backends.backend_svg", "matplotlib.backends.backend_agg", "seaborn",
    "nbformat", "nbclient", "papermill", "nbconvert.exporters.templateexporter", "IPython",
    "mistune", "math_core", "uharfbuzz", "fontTools.ttLib", "fontTools.pens.t2CharStringPen",
)  # fmt: skip
# Slow to load, safe to fork from and imported inside functions: loaded once where the
# source of a reached module holds the word.
NAMED: dict[str, tuple[str, ...]] = {
    "statsmodels": ("statsmodels.api",),
    "lifelines": ("lifelines",),
    "csdid": ("csdid.att_gt",),
    "linearmodels.panel": ("linearmodels.panel",),
    "pyfixest": (
        "pyfixest.estimation.api.quantreg",
        "narwhals._pandas_like.dataframe",
        "pyarrow.pandas_compat",
    ),
}
# This package's own that every report needs, beside what its notebook reaches.
OWN = (
    "engine", "disclosure", "finished", "page.assembly", "page.exporter", "page.fonts", "released",
)  # fmt: skip


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


def heavy_imports(modules: set[str]) -> list[str]:
    """Return the modules worth loading once for reports that reach `modules` of this package.

    Those of this package come last, so that they find what they import already there.
    """
    files = [PACKAGE.joinpath(*name.split(".")[1:]).with_suffix(".py") for name in modules]
    text = "".join(path.read_text(encoding="utf-8") for path in files if path.is_file())
    wanted = [*WARM, *(name for word, names in NAMED.items() if word in text for name in names)]
    return [*wanted, *(f"yuyao_lib.reports.{name}" for name in OWN), *sorted(modules)]


def file_stem(report: str, mode: Mode | None) -> str:
    """Return the file name of a report's pages, simulated ones marked."""
    return f"{report}_SIMULATED" if mode is Mode.SIMULATED else report


def execute_report(send: Callable[[Any], None], *, order: Order) -> Made:
    """Make a report's pages in its folder.

    Raises
    ------
    RunError
        If a cell failed or the notebook ended before its last cell.
    RenderError
        If a page cannot be rendered right.
    DisclosureError
        If something of own data must not be shown.
    """
    started = time.perf_counter()
    run_at = order.executed_at or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    order.folder.mkdir(parents=True, exist_ok=True)
    target = order.folder / f"{order.report}.ipynb"
    if order.executed is None:
        notebook = _execute(send, order, target)
    else:
        notebook = _with_new_prose(order, target)
    _all_cells_ran(notebook)
    send((len(notebook.cells), len(notebook.cells)))  # past the last one: pages are written
    from yuyao_lib.reports.disclosure import audit_file, audit_notebook, refuse
    from yuyao_lib.reports.finished import scan_report
    from yuyao_lib.reports.page import page_warnings
    from yuyao_lib.reports.page.assembly import findings_in
    from yuyao_lib.reports.released import releases_in

    findings = findings_in(notebook)
    _names_differ(order.report, findings)
    audit = audit_notebook(order.report, notebook, findings, opened_own=bool(order.opens_own))
    if audit is not None:
        audit.write(order.folder / audit_file(order.report))
        refuse(audit)
    seconds = time.perf_counter() - started
    modes = {finding.origin.mode for finding in findings}
    mode = next(iter(modes)) if len(modes) == 1 else None
    files = _render(order, notebook, findings, mode, run_at, seconds)
    scanned = scan_report(order, files, notebook, findings, audit)
    said = tuple(page_warnings(notebook))
    beside = () if audit is None else (audit_file(order.report),)
    found = tuple(findings)
    name = order.notebook.stem
    counts = [] if audit is None else releases_in(order.report, name, notebook, findings)
    made = files, target.name, found, mode, run_at, seconds, said, _peak(), beside
    people = () if audit is None else _people(order)
    return Made(*made, tuple(counts), scanned, _words(order), people)


def _people(order: Order) -> tuple[PeopleSet, ...]:
    """Return who stands in the own tables shown; of outputs shown again, that is known."""
    from dataclasses import replace

    from yuyao_lib.sources.people import people_noted

    if order.executed is not None:
        return ()
    held = people_noted(order.opens_own)
    return tuple(replace(p, report=order.report, notebook=order.notebook.stem) for p in held)


def _words(order: Order) -> dict[str, list[str]] | None:
    """Return which words were looked up here, where all that the report needs are."""
    elsewhere = order.executed is None and not order.in_process
    if elsewhere or order.opens_own:
        return None
    topics, missed = looked_up()
    return {"topics": topics, "missed": missed}


def _peak() -> float:
    """Return the most megabytes this process held."""
    if sys.platform == "win32":
        return 0.0
    import resource

    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _execute(send: Callable[[Any], None], order: Order, target: Path) -> Any:
    """Execute the notebook with papermill."""
    import nbformat
    import papermill
    from papermill.engines import papermill_engines
    from papermill.exceptions import PapermillExecutionError

    options: dict[str, Any] = {"engine_name": "yuyao", "on_cell": send}
    if order.in_process:
        from yuyao_lib.reports.engine import InProcessEngine

        papermill_engines.register("yuyao", InProcessEngine)
    else:
        from yuyao_lib.reports.kernel_engine import KernelEngine

        papermill_engines.register("yuyao", KernelEngine)
        options["extra_arguments"] = ["--IPKernelApp.log_level=ERROR"]
    try:
        return papermill.execute_notebook(
            str(order.notebook),
            str(target),
            parameters=dict(order.values),
            progress_bar=False,
            execution_timeout=math.ceil(order.cell_seconds),
            **options,
        )
    except PapermillExecutionError as error:
        made = nbformat.read(target, as_version=4)
        if only_intended_errors(made):
            nbformat.write(said_instead(made), target)
            return made
        where = f"cell {error.exec_count}" if error.exec_count else "a cell"
        said = str(error.evalue).strip() or "no message"
        raise RunError(f"{where} failed: {error.ename}: {said}") from error


def _with_new_prose(order: Order, target: Path) -> Any:
    """Put the outputs of an executed notebook under the notebook's present prose."""
    import nbformat

    assert order.executed is not None
    old = nbformat.read(order.executed, as_version=4)
    book = nbformat.read(order.notebook, as_version=4)
    outputs = [c for c in old.cells if c.cell_type == "code" and not _injected(c)]
    for cell, done in zip((c for c in book.cells if c.cell_type == "code"), outputs, strict=True):
        cell.outputs, cell.execution_count = done.outputs, done.execution_count
    nbformat.write(book, target)
    return book


def _injected(cell: Any) -> bool:
    """Whether papermill added a cell."""
    return "injected-parameters" in cell.metadata.get("tags", [])


def _all_cells_ran(notebook: Any) -> None:
    """Refuse a notebook that ended early and green."""
    code = [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]
    late = [c for c in code if not c.execution_count]
    if late:
        done = len(code) - len(late)
        raise RunError(
            f"the notebook ended after {done} of {len(code)} code cells; nothing may end it early."
        )


def _names_differ(report: str, findings: list[Finding]) -> None:
    """Refuse duplicate ids."""
    names = [finding.id for finding in findings]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise RunError(f"report {report} has two findings of the same id: {', '.join(twice)}.")


def _render(
    order: Order,
    notebook: Any,
    findings: list[Finding],
    mode: Mode | None,
    run_at: str,
    seconds: float,
) -> dict[str, str]:
    """Write the pages."""
    from yuyao_lib.findings import compare
    from yuyao_lib.reports.page import PageMeta, ParameterShown, render_page
    from yuyao_lib.reports.page.fonts import remember_in

    stem = file_stem(order.report, mode)
    files: dict[str, str] = {lang: f"{stem}.{lang}.html" for lang in LANGUAGES}
    lead = next((f.id for f in findings if f.headline), None)
    moved = [c for c in compare(list(order.before), findings) if c.id == lead and order.before]
    parameters = tuple(
        ParameterShown(
            p.name,
            p.type,
            written(shown(order.values[p.name])),
            written(shown(p.default)),
            p.meaning,
            order.values[p.name] != p.default,
        )
        for p in order.declared
    )
    if order.cache is not None:
        remember_in(order.cache / "fonts")
    meta = PageMeta(
        report=order.report,
        notebook=order.notebook.stem,
        title=order.title,
        parameters=parameters,
        run_at=run_at,
        duration_seconds=seconds,
        key=order.page_key,
        commit=order.commit,
        links=files,
        index_href=order.index_href,
        statuses=tuple((c.id, c.status.text) for c in moved),
    )
    for language in LANGUAGES:
        html = render_page(notebook, language=language, meta=meta)
        write_whole(order.folder / files[language], html)
    return files
