"""Counts of what was released, kept beside the published pages and never among them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from yuyao_lib.findings import Backing, Finding, Mode
from yuyao_lib.findings.differencing import Release, differences, releases_of, releases_shown
from yuyao_lib.findings.rules import Verdict
from yuyao_lib.reports.ledger import Ledger

__all__ = ["judge_against_released", "note_released", "releases_in"]

FILE = "released.jsonl"


def releases_in(report: str, name: str, notebook: Any, findings: list[Finding]) -> list[Release]:
    """Return the counts behind everything of own data that an executed notebook shows.

    Parameters
    ----------
    report
        The report.
    name
        Name of the notebook; tables are told apart by their names, figures by their cells.
    notebook
        Executed.
    findings
        Those it carries; they are released by themselves.
    """
    from yuyao_lib.reports.disclosure import outputs_of
    from yuyao_lib.reports.page.assembly import display_of

    found = []
    for number, output in outputs_of(notebook):
        held = display_of(output)
        if held is None or held["mode"] != Mode.OWN.value or held["kind"] == "finding":
            continue
        backing = [Backing.from_dict(values) for values in held.get("backing") or ()]
        place = Path(held["csv"]["name"]).stem if held.get("csv") else f"of cell {number}"
        found += releases_shown(report, f"{name} {held['kind']} {place}", backing, findings)
    return found


def judge_against_released(
    ledger: Ledger, report: str, findings: Iterable[Finding], shown: Iterable[Release] = ()
) -> list[Verdict]:
    """Hold a report's findings and tables against everything released from this folder.

    Parameters
    ----------
    ledger
        The folder of outputs; `released.jsonl` in it remembers also pages that later
        ones have replaced, because readers may still have them.
    report, findings, shown
        What is about to be published: findings, and the counts behind what is shown.
    """
    new = [*releases_of(report, findings), *shown]
    return differences(new, _released(ledger)) if new else []


def note_released(
    ledger: Ledger, report: str, findings: Iterable[Finding], shown: Iterable[Release] = ()
) -> None:
    """Remember the counts of what was just published."""
    known = set(_lines(ledger.root / FILE))
    new = [*releases_of(report, findings), *shown]
    lines = [json.dumps(r.to_dict(), sort_keys=True) for r in new]
    fresh = [line for line in lines if line not in known]
    if fresh:
        with (ledger.root / FILE).open("a", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in fresh))


def _released(ledger: Ledger) -> list[Release]:
    """Return the counts remembered, and those of the pages that stand published."""
    kept = [Release.from_dict(json.loads(line)) for line in _lines(ledger.root / FILE)]
    for manifest in ledger.all_manifests():
        kept += releases_of(manifest.report, manifest.found())
    return list(dict.fromkeys(kept))


def _lines(path: Path) -> Iterator[str]:
    """Yield the lines of a file; none if there is no such file."""
    if path.is_file():
        yield from path.read_text(encoding="utf-8").splitlines()
