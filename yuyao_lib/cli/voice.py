"""What a run says on the console while it goes on; that nobody listens costs no report."""

from __future__ import annotations

import os
import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any

from yuyao_lib.cli.ending import silence
from yuyao_lib.cli.plain import echo, plain

if TYPE_CHECKING:
    from yuyao_lib.cli.screen import Screen
    from yuyao_lib.reports.ledger import Ledger
    from yuyao_lib.reports.outcomes import Outcome

__all__ = ["Voice"]

NOT_REWRITTEN = {"dumb", "unknown"}


class Voice:
    """Says on the console what happens: plain lines, and below them rows that are rewritten.

    Parameters
    ----------
    ledger
        What was run before.
    quiet
        Whether to say nothing.
    told
        Where to note, for machines, what became of each report.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        quiet: bool,
        told: list[dict[str, Any]] | None = None,
    ) -> None:
        self.told: list[dict[str, Any]] = [] if told is None else told
        self.quiet, self.ledger = quiet, ledger
        self.screen: Screen | None = None

    def __enter__(self) -> Voice:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.screen is not None:
            self.screen.close()

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
        if kind == "waiting":
            self._line("  another run is using this outputs folder; waiting for it to end")
        elif kind == "begun":
            self.screen = self._screen(payload)
        elif kind == "started":
            self._started(report)
        elif kind == "said" and self.screen is not None:
            self.screen.reach(report, *payload)
        elif kind == "fresh":
            self._line(f"  {report}: up to date")
        elif kind in {"made", "refused"} or (kind == "failed" and not isinstance(payload, tuple)):
            self._ended(report, payload)

    def _screen(self, stale: list[str]) -> Screen | None:
        """Return rows for the reports that are to be made, where somebody looks at them."""
        rewritten = os.environ.get("TERM", "").casefold() not in NOT_REWRITTEN
        if not (rewritten and sys.stderr.isatty()):
            return None
        from yuyao_lib.cli.screen import Screen

        held = {name: self.ledger.manifest(name) for name in stale}
        return Screen({name: made.seconds if made else None for name, made in held.items()})

    def _started(self, report: str) -> None:
        """Say that a report starts."""
        if self.screen is None:
            self._line(f"  {report}: started")
        else:
            self.screen.start(report, shown_as=" ".join(plain(report).split()))

    def _ended(self, report: str, outcome: Outcome) -> None:
        """Say how a report ended."""
        if self.screen is not None:
            self.screen.end(report)
        if outcome.state == "made":
            moved = [c for c in outcome.changes if c.status.concludes_differently]
            shown = "".join(f"; {c.id}: {c.status.value}" for c in moved)
            self._line(f"  {report}: made in {outcome.seconds:.1f} s{shown}")
        else:
            self._line(f"  {report}: {outcome.state.upper()}: {outcome.why[-1]}")

    def _line(self, words: str) -> None:
        """Say a line; what it quotes gives the terminal no commands."""
        words = plain(words)
        if self.screen is not None:
            self.screen.line(words)
        else:
            echo(words, err=True)
