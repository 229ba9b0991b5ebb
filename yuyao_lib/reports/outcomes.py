"""What became of a run, for people and for machines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    from yuyao_lib.findings import Change

__all__ = ["NotMade", "Outcome", "RunResult", "State", "Tell", "change_to_dict"]

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
    """

    index: Path
    outcomes: list[Outcome] = field(default_factory=list)
    folder: Path | None = None

    @property
    def exit_code(self) -> int:
        """0 done, 1 a report failed, 4 one was refused, 3 a conclusion moved."""
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
            "reports": [
                {
                    "report": o.report,
                    "state": o.state,
                    "why": list(o.why),
                    "seconds": round(o.seconds, 2),
                    "changes": [change_to_dict(c) for c in o.changes],
                }
                for o in self.outcomes
            ],
        }


def change_to_dict(change: Change) -> dict[str, Any]:
    """Return a change as plain values."""
    return {
        "id": change.id,
        "status": change.status.value,
        "before": change.before,
        "after": change.after,
    }
