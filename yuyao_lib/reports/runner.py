"""A run of the plan: what is stale is made, what is whole is published, the rest stays."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any, Literal

from yuyao_lib.findings import Change, Finding, compare
from yuyao_lib.reports.cells import parameters_of, read_notebook
from yuyao_lib.reports.digests import FileDigests, Inputs, changes, inputs_of
from yuyao_lib.reports.execution import Made, Order, execute_report, heavy_imports
from yuyao_lib.reports.ledger import Ledger, Manifest, change_to_dict
from yuyao_lib.reports.nursery import Event, Job, can_fork, raise_jobs
from yuyao_lib.reports.plan import Report

__all__ = ["Outcome", "RunResult", "run_reports", "why_stale"]

State = Literal["fresh", "made", "failed", "refused"]
Tell = Callable[[str, str, Any], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one report.

    Attributes
    ----------
    report, state
        Which, and what became of it.
    why
        Reasons it was stale, or the sentence of what went wrong.
    seconds
        How long it took.
    changes
        What happened to its findings.
    """

    report: str
    state: State
    why: tuple[str, ...] = ()
    seconds: float = 0.0
    changes: tuple[Change, ...] = ()


@dataclass(slots=True)
class RunResult:
    """What became of a run.

    Attributes
    ----------
    outcomes
        One a report.
    folder
        The run's folder; None when nothing was stale.
    index
        The index page.
    """

    index: Path
    outcomes: list[Outcome] = field(default_factory=list)
    folder: Path | None = None

    @property
    def exit_code(self) -> int:
        """0 done, 1 a report failed, 4 one was refused, 3 a conclusion moved."""
        states = {outcome.state for outcome in self.outcomes}
        if "failed" in states:
            return 1
        if "refused" in states:
            return 4
        moved = any(c.status.concludes_differently for o in self.outcomes for c in o.changes)
        return 3 if moved else 0

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for machines."""
        return {
            "exit_code": self.exit_code,
            "index": self.index.as_posix(),
            "reports": [
                {
                    "report": o.report,
                    "state": o.state,
                    "why": list(o.why),
                    "seconds": round(o.seconds, 2),
                    "changes": [change_to_dict(c) for c in o.changes],
                }
                for o in self.outcomes
            ],
        }


def why_stale(report: Report, ledger: Ledger, files: FileDigests) -> tuple[list[str], Inputs]:
    """Return why a report must be made, an empty list if it need not, and its inputs."""
    inputs = inputs_of(report.notebook, report.values, report.title.to_dict(), files)
    held = ledger.manifest(report.id)
    if held is None:
        return ["it has no published page"], inputs
    if held.page_key == inputs.page_key:
        return ([] if ledger.intact(held, files) else ["a published file was changed"]), inputs
    found = changes(held.run_inputs, inputs.run) + changes(held.page_inputs, inputs.page)
    return found, inputs


def run_reports(
    reports: list[Report],
    ledger: Ledger,
    files: FileDigests,
    *,
    jobs: int,
    force: bool = False,
    fork: bool | None = None,
    wait: bool = False,
    tell: Tell = lambda report, kind, payload: None,
) -> RunResult:
    """Make every stale report and publish the whole ones.

    Parameters
    ----------
    reports
        Reports of the plan, or any others.
    ledger, files
        The outputs folder and the digests of files.
    jobs
        How many reports at a time.
    force
        Make fresh ones too.
    fork
        Whether to fork from a warmed process; None: where that is safe.
    wait
        Wait for another run that holds the ledger.
    tell
        Told what happens: report, kind of event, payload.

    Raises
    ------
    RunError
        If the ledger is held by another run or cannot be written to.
    """
    result = RunResult(ledger.published / "index.html")
    with ledger.locked(wait=wait):
        stale = {}
        for report in reports:
            reasons, inputs = why_stale(report, ledger, files)
            if reasons or force:
                stale[report.id] = (report, reasons or ["it was forced"], inputs)
            else:
                result.outcomes.append(Outcome(report.id, "fresh"))
                tell(report.id, "fresh", None)
        if stale:
            ledger.sweep()
            result.folder = ledger.new_run()
            _Run(ledger, files, result, stale, tell).make(
                jobs, can_fork() if fork is None else fork
            )
    order = [report.id for report in reports]
    result.outcomes.sort(key=lambda outcome: order.index(outcome.report))
    return result


class _Run:
    """One run's bookkeeping."""

    def __init__(
        self,
        ledger: Ledger,
        files: FileDigests,
        result: RunResult,
        stale: dict[str, tuple[Report, list[str], Inputs]],
        tell: Tell,
    ) -> None:
        self.ledger, self.files, self.result = ledger, files, result
        self.stale, self.tell = stale, tell
        self.commit = _commit(ledger.root)
        assert result.folder is not None
        self.folder: Path = result.folder
        self.log = (self.folder / "run.log").open("a", encoding="utf-8")

    def make(self, jobs: int, fork: bool) -> None:
        """Raise the processes and act on what they say."""
        modules = {m for _, _, i in self.stale.values() for m in i.run if m.startswith("module")}
        orders = [self._order(*held, fork=fork) for held in self.stale.values()]
        work = [
            Job(
                order.report,
                execute_report,
                {"order": order},
                seconds=self.stale[order.report][0].timeout_seconds,
                megabytes=self.stale[order.report][0].memory_megabytes,
            )
            for order in orders
        ]
        preload = heavy_imports(modules)
        try:
            for event in raise_jobs(work, at_once=jobs, preload=preload, fork=fork):
                self._act(event)
        finally:
            from yuyao_lib.reports.index import write_index

            failed = [o for o in self.result.outcomes if o.state in {"failed", "refused"}]
            write_index(self.ledger, [(o.report, o.why[-1]) for o in failed])
            self.ledger.write_run(self.folder, self.result.to_dict())
            self.log.close()

    def _order(self, report: Report, reasons: list[str], inputs: Inputs, *, fork: bool) -> Order:
        """Write one process's order."""
        held = self.ledger.manifest(report.id)
        executed = None
        if held is not None and held.run_key == inputs.run_key and "it was forced" not in reasons:
            path = self.ledger.runs / held.executed
            executed = path if path.is_file() else None
        declared = parameters_of(read_notebook(report.notebook), name=report.notebook.stem)
        return Order(
            report=report.id,
            notebook=report.notebook,
            values=report.values,
            folder=self.folder / report.id,
            run_key=inputs.run_key,
            page_key=inputs.page_key,
            title=report.title,
            declared=tuple(declared.values()),
            cell_seconds=report.cell_timeout_seconds,
            in_process=fork,
            executed=executed,
            before=tuple(held.found()) if held else (),
            commit=self.commit,
        )

    def _act(self, event: Event) -> None:
        """Publish a report that was made; note one that was not."""
        name, payload = event.name, event.payload
        self.tell(name, event.kind, payload)
        if event.kind in {"started", "said"}:
            return
        _, reasons, inputs = self.stale[name]
        if event.kind == "done":
            outcome = self._publish(name, payload, reasons, inputs)
        else:
            state, sentence, trace = _misfortune(event)
            self._note(name, f"{sentence}\n{trace}")
            self._error_page(name, sentence)
            outcome = Outcome(name, state, (*reasons, sentence))
        self.result.outcomes.append(outcome)
        self.tell(name, outcome.state, outcome)

    def _publish(self, name: str, made: Made, reasons: list[str], inputs: Inputs) -> Outcome:
        """Swap a whole report in and compare its findings with those before."""
        report = self.stale[name][0]
        held = self.ledger.manifest(name)
        before: list[Finding] = held.found() if held else []
        moved = tuple(compare(before, list(made.findings))) if held else ()
        for words in made.warnings:
            self._note(name, words)
        folder = self.folder / name
        manifest = Manifest(
            report=name,
            notebook=report.notebook.stem,
            title=report.title.to_dict(),
            run=self.folder.name,
            run_at=made.run_at,
            seconds=made.seconds,
            run_inputs=inputs.run,
            page_inputs=inputs.page,
            run_key=inputs.run_key,
            page_key=inputs.page_key,
            files={f: self.files.of(folder / f) for f in made.files.values()},
            pages=made.files,
            executed=f"{self.folder.name}/{name}/{made.executed}",
            findings=[f.to_dict() for f in made.findings],
            changes=[change_to_dict(c) for c in moved],
        )
        self.ledger.publish(folder, manifest)
        return Outcome(name, "made", tuple(reasons), made.seconds, moved)

    def _note(self, name: str, words: str) -> None:
        """Write to the run's log."""
        self.log.write(f"[{name}] {words.rstrip()}\n")
        self.log.flush()

    def _error_page(self, name: str, sentence: str) -> None:
        """Leave a page that says plainly that there is none."""
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        html = (
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>No page</title>'
            f"<h1>This report was not made</h1><p>{escape(name)}: {escape(sentence)}</p>"
            "<p>The last published page, if there was one, still stands.</p></html>\n"
        )
        (folder / "error.html").write_text(html, encoding="utf-8")


def _misfortune(event: Event) -> tuple[State, str, str]:
    """Say in one sentence how a report ended badly."""
    if event.kind == "timeout":
        return "failed", f"it took longer than {event.payload:g} seconds and was stopped.", ""
    if event.kind == "died":
        how = f"by signal {-event.payload}" if event.payload < 0 else f"with code {event.payload}"
        return "failed", f"its process ended {how} before the report was done.", ""
    kind, sentence, trace = event.payload
    state: State = "refused" if kind == "DisclosureError" else "failed"
    known = {"RunError", "RenderError", "DisclosureError", "DataError", "NotebookError"}
    return state, sentence if kind in known else f"{kind}: {sentence}", trace


def _commit(folder: Path) -> str | None:
    """Return the project's revision, where there is one."""
    command = ["git", "-C", str(folder.parent), "rev-parse", "HEAD"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None
