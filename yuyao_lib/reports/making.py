"""Making stale reports: orders to processes, their news, and the publishing of whole pages."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from yuyao_lib.errors import DisclosureError, RenderError
from yuyao_lib.findings import Finding, compare
from yuyao_lib.reports import execution
from yuyao_lib.reports.cells import parameters_of, read_notebook
from yuyao_lib.reports.digests import FileDigests, Inputs, own_tables
from yuyao_lib.reports.failures import Failure, Kind, write_error_pages
from yuyao_lib.reports.fresh import changed_runs
from yuyao_lib.reports.history import write_findings
from yuyao_lib.reports.home import settings_folder
from yuyao_lib.reports.leaks import redacted, redacted_values, without_values
from yuyao_lib.reports.ledger import FORCED, Ledger, Manifest
from yuyao_lib.reports.misfortunes import kind_of, misfortune
from yuyao_lib.reports.nursery import Event, Job, raise_jobs
from yuyao_lib.reports.orders import Made, Order
from yuyao_lib.reports.outcomes import NotMade, Outcome, RunResult, State, Tell, change_to_dict
from yuyao_lib.reports.preload import heavy_imports
from yuyao_lib.reports.release_gate import ReleaseGate
from yuyao_lib.reports.released import note_released
from yuyao_lib.reports.report import Report
from yuyao_lib.vocabulary import Text

__all__ = ["Maker"]


class Maker:
    """One run's bookkeeping: orders out, events in, whole pages published."""

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
        self.own: set[str] = set()  # reports that open a researcher's own tables
        self.found: dict[str, list[Finding]] = {}
        self.rendered: set[str] = set()  # whose outputs of before are shown again
        assert result.folder is not None
        self.folder: Path = result.folder
        self.gate = ReleaseGate(ledger, files, result.folder)
        self.log = (self.folder / "run.log").open("a", encoding="utf-8")

    def make(self, jobs: int, *, fork: bool, scheduler: str | None) -> None:
        """Raise the processes, here or on a cluster, and act on what they say."""
        inputs = {name for _, _, held in self.stale.values() for name in held.run}
        modules = {n.removeprefix("module ") for n in inputs if n.startswith("module ")}
        whole = [held for held in self.stale.values() if not held[0].broken]
        orders = [self._order(*held, fork=fork) for held in whole]
        self.own = {order.report for order in orders if order.opens_own}
        how = jobs, fork, scheduler, heavy_imports(modules)
        self.tell("", "begun", list(self.stale))
        try:
            for report, _, _ in self.stale.values():
                if report.broken:
                    self._act(Event(report.id, "failed", ("NotebookError", report.broken, "")))
            with settings_folder():
                for event in self._events(self._work(orders), *how):
                    self._act(event)
                again = [self.gate.without(order) for order in self.gate.to_make_again(orders)]
                self.rendered -= {order.report for order in again}
                for event in self._events(self._work(again), *how) if again else ():
                    self._act(event)
        except BaseException as error:
            self._broken_off(error)
            raise
        finally:
            self._sum_up()

    def _work(self, orders: list[Order]) -> list[Job]:
        """Return the work of orders, each within its report's bounds."""
        reports = [self.stale[order.report][0] for order in orders]
        return [
            execution.report_job(
                order, seconds=report.timeout_seconds, megabytes=report.memory_megabytes
            )
            for order, report in zip(orders, reports, strict=True)
        ]

    def _broken_off(self, error: BaseException) -> None:
        """Note that the run ended before its end, as when somebody stops it."""
        code = error.code if isinstance(error, SystemExit) else getattr(error, "exit_code", 1)
        ended = {outcome.report for outcome in self.result.outcomes}
        self.result.broken_off = code if isinstance(code, int) else 1
        self.result.unfinished = tuple(name for name in self.stale if name not in ended)

    def _sum_up(self) -> None:
        """Write what the run found, the index and the summary, each through the last gate."""
        from yuyao_lib.reports.index import write_index

        lost = self._lost()
        write_findings(self.folder, self.found)
        self.ledger.write_run(self.folder, self._summary())
        try:
            write_index(self.ledger, lost)
        except (DisclosureError, RenderError) as error:
            self._note("index", str(error))
            state: State = "refused" if isinstance(error, DisclosureError) else "failed"
            self.result.outcomes.append(Outcome("index", state, (str(error),)))
            self.tell("index", state, self.result.outcomes[-1])
            self.ledger.write_run(self.folder, self._summary())
        not_made = [report.to_dict() for report in lost]
        summary = {**self._summary(), "index": "index.html", "not_made": not_made}
        self.ledger.write_summary(summary)
        self.log.close()

    def _lost(self) -> list[NotMade]:
        """Return the reports whose last try failed, in this run or in one before."""
        tried = {outcome.report for outcome in self.result.outcomes}
        before = [report for report in self.ledger.not_made() if report.report not in tried]
        now = [o for o in self.result.outcomes if o.state in {"failed", "refused"}]
        return before + [self._not_made(outcome) for outcome in now]

    def _summary(self) -> dict[str, Any]:
        """Return what became of the run, without what must not leave."""
        summary: dict[str, Any] = redacted_values(self.result.to_dict())
        for told in summary["reports"]:
            told["why"] = [self._public(told["report"], words) for words in told["why"]]
        return summary

    def _events(
        self, work: list[Job], jobs: int, fork: bool, scheduler: str | None, preload: list[str]
    ) -> Iterator[Event]:
        """Return the news of the processes."""
        if scheduler is None:
            return raise_jobs(work, at_once=jobs, preload=preload, fork=fork)
        from yuyao_lib.reports.cluster import send_jobs

        return send_jobs(work, address=scheduler)

    def _order(self, report: Report, reasons: list[str], inputs: Inputs, *, fork: bool) -> Order:
        """Write one process's order."""
        held = self.ledger.manifest(report.id)
        executed = None
        same = held is not None and not changed_runs(held, inputs, self.files)
        if held is not None and same and FORCED not in reasons:
            path = self.ledger.runs / held.executed
            executed = path if path.is_file() else None
        if executed is not None:
            self.rendered.add(report.id)
        book = read_notebook(report.notebook)
        declared = parameters_of(book, name=report.notebook.stem)
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
            opens_own=tuple(own_tables(book, report.values)),
            spreads="module yuyao_lib.reports.replications" in inputs.run,
            executed=executed,
            executed_at=held.run_at if held and executed else "",
            before=tuple(held.found()) if held else (),
            cache=self.ledger.cache,
            commit=self.commit,
        )

    def _act(self, event: Event) -> None:
        """Publish a report that was made; note one that was not."""
        name, payload = event.name, event.payload
        self.tell(name, event.kind, payload)
        if event.kind in {"started", "said"}:
            return
        if event.wrote and name not in self.own:  # of own data it may be anything
            self._note(name, f"written past the notebook: {event.wrote}")
        outcome = self._outcome(event)
        if outcome is None:
            return
        self.result.outcomes.append(outcome)
        self.tell(name, outcome.state, outcome)

    def _outcome(self, event: Event) -> Outcome | None:
        """Publish what was made, or leave a page that says why not; None: it is made once more."""
        if event.kind != "done":
            return self._fail(event, *self._misfortune(event))
        try:
            if held := self.gate.hold_back(event.name, event.payload):
                self._note(event.name, f"made once more without {held}")
                return None
            return self._publish(event.name, event.payload, *self.stale[event.name][1:])
        except DisclosureError as error:
            return self._fail(event, "refused", str(error))
        except OSError as error:  # as where the disk is full; another may be smaller
            sentence = f"its pages could not be published: {error.strerror or error}."
            return self._fail(event, "failed", sentence)

    def _misfortune(self, event: Event) -> tuple[State, str, str]:
        """Say how a report ended badly; of one made once more, why it was refused at first."""
        found = misfortune(event)
        if not self.gate.was_refused(event.name):
            return found
        self._note(event.name, "\n".join(found[1:]))
        return "refused", str(self.gate.refusal(event.name)), ""

    def _fail(self, event: Event, state: State, sentence: str, trace: str = "") -> Outcome:
        """Note a report that was not made, or is withheld, and leave a page that says so."""
        name, reasons = event.name, self.stale[event.name][1]
        self._note(name, f"{sentence}\n{trace}")
        self._error_page(name, kind_of(event, state), sentence, trace)
        return Outcome(name, state, (*reasons, self._public(name, sentence)))

    def _publish(self, name: str, made: Made, reasons: list[str], inputs: Inputs) -> Outcome:
        """Swap a whole report in and compare its findings with those before.

        Raises
        ------
        DisclosureError
            If it, or its manifest, must not be published.
        OSError
            If it cannot be written.
        """
        self.gate.judge(name, made, inputs)
        report = self.stale[name][0]
        held = self.ledger.manifest(name)
        before: list[Finding] = held.found() if held else []
        moved = tuple(compare(before, list(made.findings))) if held else ()
        for words in made.warnings:
            self._note(name, words)
        folder = self.folder / name
        executed = held if name in self.rendered else None  # where only the page is new
        manifest = Manifest(
            report=name,
            notebook=report.notebook.stem,
            title=report.title.to_dict(),
            run=self.folder.name,
            run_at=made.run_at,
            seconds=executed.seconds if executed else made.seconds,
            run_inputs=inputs.run,
            page_inputs=inputs.page,
            run_key=inputs.run_key,
            page_key=inputs.page_key,
            files={f: self.files.of(folder / f) for f in (*made.files.values(), *made.beside)},
            pages=made.files,
            executed=f"{self.folder.name}/{name}/{made.executed}",
            findings=[f.to_dict() for f in made.findings],
            changes=[change_to_dict(c) for c in moved],
            peak_megabytes=executed.peak_megabytes if executed else made.peak_megabytes,
            words=_words(made, held, executed=name not in self.rendered),
        )
        # remembered first: what a killed run has published is never unknown
        note_released(self.ledger, name, made.findings, made.released, made.people)
        self.ledger.publish(folder, manifest)
        self.found[name] = list(made.findings)
        return Outcome(name, "made", tuple(reasons), made.seconds, moved)

    def _not_made(self, outcome: Outcome) -> NotMade:
        """Say of a report that failed which it is, why, and where its page of the failure lies."""
        report, title = redacted(outcome.report), self.stale[outcome.report][0].title
        return NotMade(
            report,
            Text(redacted(title.en), redacted(title.zh)),
            self._public(outcome.report, outcome.why[-1]),
            f"../runs/{self.folder.name}/{report}",
        )

    def _note(self, name: str, words: str) -> None:
        """Write to the run's log."""
        self.log.write(f"[{name}] {self._public(name, words.rstrip())}\n")
        self.log.flush()

    def _public(self, name: str, words: str) -> str:
        """Return words for the log and for pages, of own data without the values they quote."""
        return without_values(words) if name in self.own else redacted(words)

    def _error_page(self, name: str, kind: Kind, sentence: str, trace: str) -> None:
        """Leave a page that says plainly that there is none, with what was shown until then."""
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        failure = Failure(
            report=name, title=self.stale[name][0].title, kind=kind,
            sentence=self._public(name, sentence), trace="" if name in self.own else trace,
            executed=folder / f"{name}.ipynb", own=name in self.own,
        )  # fmt: skip
        write_error_pages(folder, failure)


def _words(made: Made, held: Manifest | None, *, executed: bool) -> dict[str, list[str]] | None:
    """Return which words a page depends on: those of its outputs and those around them."""
    if executed or made.words is None:
        return dict(made.words) if made.words is not None else None
    if held is None or held.words is None:
        return None
    return {kind: sorted({*found, *held.words[kind]}) for kind, found in made.words.items()}


def _commit(folder: Path) -> str | None:
    """Return the project's revision, where there is one."""
    command = ["git", "-C", str(folder.parent), "rev-parse", "HEAD"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None
