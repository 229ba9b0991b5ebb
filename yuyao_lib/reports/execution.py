"""One report in a process of its own: execute, collect, check, render.

Everything here runs in the process that `nursery` raised for the report. papermill
executes; the engine runs the cells in this very process where that is safe, and in a
kernel elsewhere. Nothing is published from here.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from yuyao_lib.errors import RunError
from yuyao_lib.findings import Finding, Mode
from yuyao_lib.findings.held_back import holding_back
from yuyao_lib.findings.people import PeopleSet
from yuyao_lib.reports.intended import only_intended_errors, said_instead
from yuyao_lib.reports.nursery import Job
from yuyao_lib.reports.orders import Made, Order
from yuyao_lib.reports.values import shown, written
from yuyao_lib.reports.whole_files import write_whole
from yuyao_lib.vocabulary import LANGUAGES, looked_up

__all__ = ["HEED_SECONDS", "execute_report", "file_stem", "report_job"]

HEED_SECONDS = 30.0  # what a cell has to heed its bound before its process is ended


def report_job(order: Order, *, seconds: float | None, megabytes: int | None) -> Job:
    """Return the work of an order, for a process of its own with bounds of time and memory."""
    patience = partial(_patience, seconds=order.cell_seconds)
    return Job(order.report, execute_report, {"order": order}, seconds, megabytes, patience)


def _patience(reached: tuple[int, int], *, seconds: float) -> float | None:
    """Return within which time a cell that was reached must have ended, heeding its bound or not.

    The bound itself is held within the process, where a cell can be deaf to it.
    """
    place, cells = reached
    return seconds + HEED_SECONDS if place < cells else None


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
        with holding_back(order.held_back, folder=order.folder):
            notebook = _execute(send, order, target)
    else:
        notebook = _with_new_prose(order, target)
    _all_cells_ran(notebook)
    send((len(notebook.cells), len(notebook.cells)))  # past the last one: pages are written
    from yuyao_lib.reports.disclosure import audit_file, audit_notebook, refuse
    from yuyao_lib.reports.finished import scan_report
    from yuyao_lib.reports.page import page_warnings
    from yuyao_lib.reports.page.assembly import findings_in
    from yuyao_lib.reports.released import releases_in, tells_exactly

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
    exact = audit is not None and tells_exactly(notebook, found)
    people = _people(order) if exact else ()
    return Made(*made, tuple(counts), scanned, _words(order), people)


def _people(order: Order) -> tuple[PeopleSet, ...]:
    """Return who stands in the own tables shown; of outputs shown again, that is known."""
    from dataclasses import replace

    from yuyao_lib.sources.people import people_noted

    if order.executed is not None:
        return ()
    with holding_back(order.held_back, folder=order.folder):  # where a kernel ran the cells
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
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    from yuyao_lib.reports.leaks import drop_secrets

    try:
        return papermill.execute_notebook(
            str(order.notebook),
            str(target),
            parameters=dict(order.values),
            progress_bar=False,
            execution_timeout=math.ceil(order.cell_seconds),
            on_cell=send,
            **_engine(in_process=order.in_process),
        )
    except CellTimeoutError as error:  # of a kernel; the words hold the whole cell
        raise RunError(f"a cell ran longer than {order.cell_seconds:g} seconds.") from error
    except DeadKernelError as error:
        raise RunError("its kernel died before the report was done.") from error
    except PapermillExecutionError as error:
        return _with_intended_errors(target, error)
    finally:
        drop_secrets(target)


def _engine(*, in_process: bool) -> dict[str, Any]:
    """Register one of our engines with papermill, and return how it is asked for."""
    from papermill.engines import papermill_engines

    if in_process:
        from yuyao_lib.reports.engine import InProcessEngine

        papermill_engines.register("yuyao", InProcessEngine)
        return {"engine_name": "yuyao"}
    from yuyao_lib.reports.kernel_engine import KernelEngine

    papermill_engines.register("yuyao", KernelEngine)
    return {"engine_name": "yuyao", "extra_arguments": ["--IPKernelApp.log_level=ERROR"]}


def _with_intended_errors(target: Path, error: Any) -> Any:
    """Return the executed notebook where all its errors were meant to be shown.

    Raises
    ------
    RunError
        If one was not.
    """
    import nbformat

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
