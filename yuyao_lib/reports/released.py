"""Counts of what was released, kept beside the published pages and never among them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from yuyao_lib.findings import Finding
from yuyao_lib.findings.differencing import Release, differences, releases_of
from yuyao_lib.findings.rules import Verdict
from yuyao_lib.reports.ledger import Ledger

__all__ = ["judge_against_released", "note_released"]

FILE = "released.jsonl"


def judge_against_released(
    ledger: Ledger, report: str, findings: Iterable[Finding]
) -> list[Verdict]:
    """Hold a report's findings against everything released from this folder.

    Parameters
    ----------
    ledger
        The folder of outputs; `released.jsonl` in it remembers also pages that later
        ones have replaced, because readers may still have them.
    report, findings
        What is about to be published.
    """
    new = releases_of(report, findings)
    return differences(new, _released(ledger)) if new else []


def note_released(ledger: Ledger, report: str, findings: Iterable[Finding]) -> None:
    """Remember the counts of what was just published."""
    known = set(_lines(ledger.root / FILE))
    lines = [json.dumps(r.to_dict(), sort_keys=True) for r in releases_of(report, findings)]
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
