"""What a run says on the console while it goes on; that nobody listens costs no report."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING, Any

import click

from yuyao_lib.cli.ending import silence

if TYPE_CHECKING:
    from yuyao_lib.reports.ledger import Ledger
    from yuyao_lib.reports.outcomes import Outcome
    from yuyao_lib.reports.report import Report

__all__ = ["Voice"]


class Voice:
    """Says on the console what happens: plain lines, or one that is rewritten.

    Parameters
    ----------
    reports, ledger
        What is run, and what was run before.
    quiet
        Whether to say nothing.
    told
        Where to note, for machines, what became of each report.
    """

    def __init__(
        self,
        reports: list[Report],
        ledger: Ledger,
        *,
        quiet: bool,
        told: list[dict[str, Any]] | None = None,
    ) -> None:
        self.told: list[dict[str, Any]] = [] if told is None else told
        self.quiet, self.live = quiet, sys.stderr.isatty()
        self.reports, self.ledger = {report.id: report for report in reports}, ledger
        self.plans: dict[str, tuple[int, float, float | None]] = {}

    def tell(self, report: str, kind: str, payload: Any) -> None:
        """Say one event."""
        if kind in {"made", "failed", "refused"} and not isinstance(payload, tuple):
            from yuyao_lib.reports.outcomes import outcome_to_dict

            self.told.append(outcome_to_dict(payload))
        try:
            if not self.quiet:
                self._say(report, kind, payload)
        except OSError:  # nobody reads any more
            self.quiet = True
            silence(sys.stderr)

    def _say(self, report: str, kind: str, payload: Any) -> None:
        """Say one event to who reads."""
        if kind == "said" and self.live:
            click.echo(f"\r  {report}: {self._how_far(report, payload + 1)}   ", nl=False, err=True)
        elif kind == "started":
            click.echo(f"  {report}: started", err=True)
        elif kind == "fresh":
            click.echo(f"  {report}: up to date", err=True)
        elif kind in {"made", "refused"} or (kind == "failed" and not isinstance(payload, tuple)):
            self._ended(report, payload)

    def _how_far(self, report: str, cell: int) -> str:
        """Say which of how many cells runs, and how long the rest took the last time."""
        if report not in self.plans:
            from yuyao_lib.reports.cells import read_notebook

            n = len(read_notebook(self.reports[report].notebook)["cells"])
            held = self.ledger.manifest(report)
            self.plans[report] = (n, monotonic(), held.seconds if held else None)
        n, began, seconds = self.plans[report]
        said = f"cell {min(cell, n)} of {n}"
        left = None if seconds is None else seconds - (monotonic() - began)
        return said if left is None or left < 1 else f"{said}, about {left:.0f} s left"

    def _ended(self, report: str, outcome: Outcome) -> None:
        """Say how a report ended."""
        start = "\r" if self.live else ""
        if outcome.state == "made":
            moved = [c for c in outcome.changes if c.status.concludes_differently]
            shown = "".join(f"; {c.id}: {c.status.value}" for c in moved)
            click.echo(f"{start}  {report}: made in {outcome.seconds:.1f} s{shown}", err=True)
        else:
            click.echo(f"{start}  {report}: {outcome.state.upper()}: {outcome.why[-1]}", err=True)
