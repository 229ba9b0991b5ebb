"""What is up to date: the plan and each report looked at in full, or remembered.

While nothing has changed, `Memory` answers and neither the plan nor a notebook is read.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yuyao_lib.errors import InputError
from yuyao_lib.reports.file_digests import FileDigests
from yuyao_lib.reports.ledger import Ledger, Manifest
from yuyao_lib.reports.memory import Memory
from yuyao_lib.reports.report import Report
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    from yuyao_lib.reports.digests import Inputs

__all__ = [
    "changed_runs",
    "changed_since",
    "known_fresh",
    "note_fresh",
    "published_beside_plan",
    "published_report",
    "remembered_plan",
    "remembered_report",
    "why_stale",
]


def remembered_plan(path: Path, memory: Memory) -> list[Report]:
    """Return the plan, from memory when nothing it was read from has changed.

    A report whose notebook cannot be run says so.

    Raises
    ------
    PlanError, ParameterError
        As `read_plan` does.
    """
    # dates in the plan move with the day, so a memory is good for its day only
    asked = [str(path.resolve()), date.today().isoformat()]
    held = memory.recall("plan", asked)
    if held is not None:
        return [_report(values) for values in held]
    from yuyao_lib.reports.plan import read_plan

    reports = read_plan(path, strict=False)
    read = {path, *path.parent.glob("*.ipynb"), *(report.notebook for report in reports)}
    read |= {report.table for report in reports if report.table is not None}
    memory.keep("plan", asked, [_values(report) for report in reports], read=sorted(read))
    return reports


def remembered_report(
    notebook: Path, given: Mapping[str, Any], memory: Memory, *, report: str, **bounds: Any
) -> Report:
    """Make a report of any notebook, from memory when these values were taken before.

    Raises
    ------
    ParameterError, NotebookError
        As `ad_hoc` does.
    """
    name, asked = f"values {notebook} {report}", dict(given)
    values = memory.recall(name, asked)
    if values is None:
        from yuyao_lib.reports.plan import ad_hoc

        values = dict(ad_hoc(notebook, given).values)
        memory.keep(name, asked, values, read=[notebook])
    title = Text(report, report)
    return Report(id=report, notebook=notebook, title=title, values=values, **bounds)


def published_report(name: str, ledger: Ledger, notebooks: Path) -> Report | None:
    """Return the report that a published page is of, with the values it was made with.

    Of values that are places on the machine the page holds only the names.

    Raises
    ------
    InputError
        If its notebook does not lie in the folder of notebooks.
    """
    held = ledger.manifest(name)
    if held is None:
        return None
    notebook, start = notebooks / f"{held.notebook}.ipynb", "parameter "
    if not notebook.is_file():
        what = f"{name} was made of a notebook {notebook.name} that is not in {notebooks.name}"
        raise InputError(f"{what}; ask with its path, and with -p, -f or --table as it was run.")
    given = {k: v for k, v in held.run_inputs.items() if k.startswith(start)}
    values = {k.removeprefix(start): json.loads(v) for k, v in given.items()}
    return Report(id=name, notebook=notebook, title=Text(**held.title), values=values)


def published_beside_plan(
    names: Iterable[str], plan: Sequence[Report], ledger: Ledger, notebooks: Path
) -> dict[str, Report]:
    """Return, by name, the published reports of given values: those that no plan names."""
    planned = {name for report in plan for name in (report.id, report.notebook.stem)}
    found = {n: published_report(n, ledger, notebooks) for n in names if n not in planned}
    return {name: report for name, report in found.items() if report is not None}


def _values(report: Report) -> dict[str, Any]:
    """Return a report as plain values."""
    held = {name: getattr(report, name) for name in Report.__slots__}
    plain = {"notebook": str(report.notebook), "title": report.title.to_dict()}
    table = None if report.table is None else str(report.table)
    return held | plain | {"values": dict(report.values), "table": table}


def _report(values: dict[str, Any]) -> Report:
    """Return a report from plain values."""
    made: dict[str, Any] = {"notebook": Path(values["notebook"]), "title": Text(**values["title"])}
    made["table"] = None if values["table"] is None else Path(values["table"])
    return Report(**{**values, **made, "needs": tuple(values["needs"])})


def why_stale(report: Report, ledger: Ledger, files: FileDigests) -> tuple[list[str], Inputs]:
    """Return why a report must be made, an empty list if it need not, and its inputs."""
    from yuyao_lib.reports.digests import changes, inputs_of

    inputs = inputs_of(report.notebook, report.values, report.title.to_dict(), files)
    held = ledger.manifest(report.id)
    if held is None:
        return ["it has no published page"], inputs
    found = changed_runs(held, inputs, files) + changes(held.page_inputs, inputs.page)
    if found:
        return found, inputs
    if not ledger.intact(held, files):
        return ["a published file was changed"], inputs
    # put back as it was, it is made again, or the index would go on saying that it failed
    return (["its last try failed"] if report.id in ledger.failed_last() else []), inputs


def changed_runs(held: Manifest, inputs: Inputs, files: FileDigests) -> list[str]:
    """Name what changed of what makes it necessary to execute a report again.

    Topics of the vocabulary in which it looked up no word are passed over.
    """
    from yuyao_lib.reports.digests import changes

    beyond = _beyond(held, files)
    before, now = (
        {name: value for name, value in given.items() if name not in beyond}
        for given in (held.run_inputs, inputs.run)
    )
    return changes(before, now)


def changed_since(report: Report, held: Manifest, ledger: Ledger) -> list[str]:
    """Name what changed since a page was made, its words and its files included.

    Own tables may lie elsewhere by now, so what is only gone is no change; nor is what
    cannot be compared for want of the key.
    """
    from yuyao_lib.reports.digests import NO_KEY, changes, inputs_of

    files = FileDigests(ledger.cache / "digests.json")
    inputs = inputs_of(report.notebook, report.values, report.title.to_dict(), files)
    unknown = {f"{name} changed" for name, digest in inputs.run.items() if digest == NO_KEY}
    found = [said for said in changed_runs(held, inputs, files) if " changed" in said]
    found = [said for said in found if said not in unknown]
    found += [s for s in changes(held.page_inputs, inputs.page) if s.startswith("prose")]
    return found + ([] if ledger.intact(held, files) else ["a published file changed"])


def _beyond(held: Manifest, files: FileDigests) -> set[str]:
    """Return the inputs that are topics of the vocabulary out of the report's reach."""
    if held.words is None:
        return set()
    from yuyao_lib.reports.digests import words_files

    topics, missed = set(held.words["topics"]), set(held.words["missed"])
    there = files.once("words", words_files)
    beyond = {f"data {name}" for name, path in there.items() if path.stem not in topics}
    for name, path in there.items():  # a word looked for in vain may be there now
        if missed and path.stem not in topics and missed & set(_keys(path, files)):
            beyond.discard(f"data {name}")
    return beyond


def _keys(path: Path, files: FileDigests) -> list[str]:
    """Return the keys of a topic of the vocabulary."""

    def read() -> list[str]:
        with path.open(encoding="utf-8", newline="") as lines:
            return [row["key"] for row in csv.DictReader(lines)]

    return list(files.fact(f"keys of {path}", path, read))


def known_fresh(report: Report, memory: Memory) -> bool:
    """Whether a report was found up to date and everything stands as it stood then."""
    return memory.recall(f"fresh {report.id}", _asked(report)) is True


def note_fresh(report: Report, ledger: Ledger, files: FileDigests, memory: Memory) -> None:
    """Remember that a report is up to date."""
    from yuyao_lib.reports.digests import places_of

    manifest = ledger.manifest(report.id)
    if manifest is not None:
        made = [ledger.manifest_path(report.id), *(ledger.published / n for n in manifest.files)]
        read = places_of(report.notebook, report.values, files)
        memory.keep(f"fresh {report.id}", _asked(report), True, read=read, made=made)


def _asked(report: Report) -> list[Any]:
    """Return what of a report's declaration goes into its page."""
    return [str(report.notebook), dict(report.values), report.title.to_dict()]
