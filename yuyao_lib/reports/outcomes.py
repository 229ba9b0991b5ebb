"""What became of a run, for people and for machines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    from yuyao_lib.findings import Change

__all__ = ["NotMade", "Outcome", "RunResult", "State", "Tell", "change_to_dict", "outcome_to_dict"]

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


@dataclass(frozen=True, slots=True)
class NotMade:
    """A report that was not made, as the index tells it.

    Attributes
    ----------
    report, title
        Its id and what it is called.
    why
        One sentence.
    folder
        Where the pages of the failure lie, seen from the index.
    """

    report: str
    title: Text
    why: str
    folder: str

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "report": self.report, "title": self.title.to_dict(), "why": self.why,
            "folder": self.folder,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, held: dict[str, Any]) -> NotMade:
        """Return it from plain values."""
        return cls(held["report"], Text(**held["title"]), held["why"], held["folder"])


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
    broken_off
        Exit code of what ended the run before its end, as a signal does.
    unfinished
        Reports that were to be made when it ended.
    """

    index: Path
    outcomes: list[Outcome] = field(default_factory=list)
    folder: Path | None = None
    broken_off: int | None = None
    unfinished: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 done, 1 a report failed, 4 one was refused, 3 a conclusion moved; else how it ended."""
        if self.broken_off is not None:
            return self.broken_off
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
            "reports": [outcome_to_dict(outcome) for outcome in self.outcomes],
            **({"unfinished": list(self.unfinished)} if self.unfinished else {}),
        }


def outcome_to_dict(outcome: Outcome) -> dict[str, Any]:
    """Return what became of a report as plain values."""
    return {
        "report": outcome.report,
        "state": outcome.state,
        "why": list(outcome.why),
        "seconds": round(outcome.seconds, 2),
        "changes": [change_to_dict(change) for change in outcome.changes],
    }


def change_to_dict(change: Change) -> dict[str, Any]:
    """Return a change as plain values."""
    return {
        "id": change.id,
        "status": change.status.value,
        "before": change.before,
        "after": change.after,
    }
