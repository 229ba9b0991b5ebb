"""A run of the plan: what is stale is made, what is whole is published, the rest stays."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from yuyao_lib.errors import RunError
from yuyao_lib.paths import PACKAGE
from yuyao_lib.reports.file_digests import FileDigests
from yuyao_lib.reports.fresh import known_fresh, note_fresh, why_stale
from yuyao_lib.reports.ledger import FORCED, Ledger
from yuyao_lib.reports.memory import Memory, digest_of
from yuyao_lib.reports.outcomes import Outcome, RunResult, Tell
from yuyao_lib.reports.report import Report
from yuyao_lib.reports.whole_files import write_whole

if TYPE_CHECKING:
    from yuyao_lib.reports.digests import Inputs

__all__ = ["Outcome", "RunResult", "reasons_to_run", "run_reports", "why_stale"]

INDEX_MARK = "index.mark"


def run_reports(
    reports: list[Report],
    ledger: Ledger,
    files: FileDigests,
    *,
    jobs: int | None = None,
    force: bool = False,
    fork: bool | None = None,
    wait: bool = False,
    scheduler: str | None = None,
    memory: Memory | None = None,
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
        How many reports at a time; None: one for each core.
    force
        Make fresh ones too.
    fork
        Whether to fork from a warmed process; None: where that is safe.
    wait
        Wait for another run that holds the ledger.
    scheduler
        Address of a Dask scheduler that spreads the reports over machines.
    memory
        What earlier looks found; without it every report is looked at in full.
    tell
        Told what happens: report, kind of event, payload.

    Raises
    ------
    RunError
        If the ledger is held by another run or cannot be written to.
    """
    result = RunResult(ledger.published / "index.html")
    known = set() if force or memory is None else _known(reports, memory)
    looked = [report for report in reports if report.id not in known]
    stale = _stale(looked, ledger, files, force=force)
    if stale:
        with ledger.locked(wait=wait, waiting=lambda: tell("", "waiting", None)):
            stale = _stale(looked, ledger, files, force=force)  # another run may have made some
            _make(stale, ledger, files, result, jobs, fork, scheduler, tell)
            _note_index(ledger, files)
    elif (looked or not result.index.is_file()) and ledger.published.is_dir():
        _renew_index(ledger, files)
    if memory is not None and looked:
        _note(looked, stale, ledger, files, result, memory)
    for report in reports:
        if report.id not in stale:
            result.outcomes.append(Outcome(report.id, "fresh"))
            tell(report.id, "fresh", None)
    order = {report.id: place for place, report in enumerate(reports)}
    result.outcomes.sort(key=lambda o: order.get(o.report, len(order)))  # the index comes last
    return result


def _index_mark(ledger: Ledger, files: FileDigests) -> str:
    """Digest what the index is made of: what is published, all topics of words, its modules."""
    from yuyao_lib.reports.digests import words_files

    own = [p for name in ("index*.py", "past*.py") for p in (PACKAGE / "reports").glob(name)]
    made = [*ledger.manifests.glob("*.json"), *words_files().values(), *own]
    return digest_of([[path.name, files.of(path)] for path in sorted(made)])


def _renew_index(ledger: Ledger, files: FileDigests) -> None:
    """Write the index anew where no report had to be made and yet it is not what it should be.

    Its words changed, or the run that published the last page was killed before the index.
    """
    path, mark = ledger.cache / INDEX_MARK, _index_mark(ledger, files)
    there = (ledger.published / "index.html").is_file() and path.is_file()
    drafts = any(ledger.published.glob(".*.tmp"))
    if there and not drafts and path.read_text(encoding="utf-8") == mark:
        return
    # a run that holds the ledger writes the index itself; a folder that cannot be written stays
    with suppress(RunError), ledger.locked():
        from yuyao_lib.reports.index import write_index

        ledger.sweep()
        write_index(ledger, ledger.not_made())
        _note_index(ledger, files)


def _note_index(ledger: Ledger, files: FileDigests) -> None:
    """Remember of what the index was written."""
    ledger.cache.mkdir(parents=True, exist_ok=True)
    write_whole(ledger.cache / INDEX_MARK, _index_mark(ledger, files))


def reasons_to_run(
    reports: list[Report],
    ledger: Ledger,
    files: FileDigests,
    memory: Memory,
    *,
    force: bool = False,
) -> dict[str, list[str]]:
    """Return why each report would be made, an empty list where it would not.

    Parameters
    ----------
    reports, ledger, files, memory, force
        As for `run_reports`.
    """
    reasons = {}
    for report in reports:
        known = known_fresh(report, memory)
        why = [] if known else _looked_at(report, ledger, files)[0]
        reasons[report.id] = why or ([FORCED] if force else [])
    return reasons


Stale = dict[str, tuple[Report, list[str], "Inputs"]]


def _known(reports: list[Report], memory: Memory) -> set[str]:
    """Return the names of reports that need no look."""
    return {report.id for report in reports if known_fresh(report, memory)}


def _note(
    looked: list[Report],
    stale: Stale,
    ledger: Ledger,
    files: FileDigests,
    result: RunResult,
    memory: Memory,
) -> None:
    """Remember what was found up to date, and what was made."""
    memory.look_again()
    made = {outcome.report for outcome in result.outcomes if outcome.state == "made"}
    with files.one_glance():
        for report in looked:
            if report.id in made or report.id not in stale:
                note_fresh(report, ledger, files, memory)


def _stale(reports: list[Report], ledger: Ledger, files: FileDigests, *, force: bool) -> Stale:
    """Return the reports to make, each with its reasons and inputs."""
    stale: Stale = {}
    with files.one_glance():
        for report in reports:
            reasons, inputs = _looked_at(report, ledger, files)
            if reasons or force:
                stale[report.id] = (report, reasons or [FORCED], inputs)
    return stale


def _looked_at(report: Report, ledger: Ledger, files: FileDigests) -> tuple[list[str], Inputs]:
    """Return why a report is stale and what goes in; of one that cannot be run, nothing does."""
    if not report.broken:
        return why_stale(report, ledger, files)
    from yuyao_lib.reports.digests import Inputs

    return ["its notebook cannot be run"], Inputs({}, {})


def _make(
    stale: Stale,
    ledger: Ledger,
    files: FileDigests,
    result: RunResult,
    jobs: int | None,
    fork: bool | None,
    scheduler: str | None,
    tell: Tell,
) -> None:
    """Make the stale reports in a run of their own."""
    if not stale:
        return
    from yuyao_lib.reports.making import Maker
    from yuyao_lib.reports.nursery import can_fork, cores

    ledger.sweep()
    result.folder = ledger.new_run()
    maker = Maker(ledger, files, result, stale, tell)
    maker.make(jobs or cores(), fork=can_fork() if fork is None else fork, scheduler=scheduler)
