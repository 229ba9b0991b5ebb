"""The plan read once and remembered, so that an unchanged plan costs almost nothing."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from yuyao_lib.paths import PACKAGE
from yuyao_lib.reports.digests import FileDigests, Inputs, changes, inputs_of
from yuyao_lib.reports.ledger import Ledger
from yuyao_lib.reports.plan import Report, read_plan
from yuyao_lib.vocabulary import Text

__all__ = ["remembered_plan", "why_stale"]


def remembered_plan(path: Path, ledger: Ledger, files: FileDigests) -> list[Report]:
    """Return the plan, from memory when nothing it was read from has changed.

    Raises
    ------
    PlanError, ParameterError, NotebookError
        As `read_plan` does.
    """
    memory = ledger.cache / "plan.json"
    mark = _mark(path, files)
    try:
        held = json.loads(memory.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        held = {}
    if held.get("mark") == mark:
        return [_report(values) for values in held["reports"]]
    reports = read_plan(path)
    kept = {"mark": mark, "reports": [_values(report) for report in reports]}
    memory.parent.mkdir(parents=True, exist_ok=True)
    draft = memory.with_suffix(".tmp")
    draft.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    draft.replace(memory)
    return reports


def _mark(path: Path, files: FileDigests) -> list[list[str]]:
    """Return the digests of everything the plan is read from."""
    read = [path, *sorted(path.parent.glob("*.ipynb"))]
    read += sorted((PACKAGE / "reports").glob("*.py"))
    read += sorted((PACKAGE / "reports" / "bounds").glob("*.py"))
    # dates in the plan move with the day, so a memory is good for its day only
    return [["day", date.today().isoformat()], *([file.name, files.of(file)] for file in read)]


def _values(report: Report) -> dict[str, Any]:
    """Return a report as plain values."""
    held = {name: getattr(report, name) for name in Report.__slots__}
    plain = {"notebook": str(report.notebook), "title": report.title.to_dict()}
    return held | plain | {"values": dict(report.values)}


def _report(values: dict[str, Any]) -> Report:
    """Return a report from plain values."""
    return Report(
        **{**values, "notebook": Path(values["notebook"]), "title": Text(**values["title"])}
    )


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
