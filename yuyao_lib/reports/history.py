"""Findings of past runs: what each run found, and how two runs differ."""

from __future__ import annotations

import json
from pathlib import Path

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Change, Finding, compare
from yuyao_lib.reports.ledger import Ledger

__all__ = ["compare_runs", "findings_of_run", "runs_of"]


def runs_of(ledger: Ledger) -> list[str]:
    """Return the names of the runs, oldest first."""
    return sorted(path.parent.name for path in ledger.runs.glob("*/manifest.json"))


def findings_of_run(ledger: Ledger, run: str) -> dict[str, list[Finding]]:
    """Return what each report of a run found.

    Raises
    ------
    InputError
        If there is no such run.
    """
    path = ledger.runs / run / "findings.json"
    if not path.is_file():
        raise InputError(sentence("no run of this name", got=run, allowed=runs_of(ledger)))
    held = json.loads(path.read_text(encoding="utf-8"))
    return {report: [Finding.from_dict(f) for f in found] for report, found in held.items()}


def compare_runs(ledger: Ledger, before: str, after: str) -> dict[str, list[Change]]:
    """Compare the findings of two runs, report by report.

    Only reports that both runs made are compared.

    Raises
    ------
    InputError
        If there is no such run.
    """
    old, new = findings_of_run(ledger, before), findings_of_run(ledger, after)
    return {report: compare(old[report], new[report]) for report in new if report in old}


def write_findings(folder: Path, found: dict[str, list[Finding]]) -> None:
    """Keep what a run found in its folder."""
    held = {report: [f.to_dict() for f in findings] for report, findings in found.items()}
    path = folder / "findings.json"
    path.write_text(json.dumps(held, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
