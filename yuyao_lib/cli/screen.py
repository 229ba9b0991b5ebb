"""What a person at a terminal sees while reports run: a row for each, and one for all.

Loaded only where somebody looks; everybody else reads the plain lines of `voice`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from time import monotonic
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.table import Column
from rich.text import Text

from yuyao_lib.cli.ending import silence

__all__ = ["Screen", "cut", "left_of"]

TIMES_A_SECOND = 2  # seldom enough to cost reports nothing
BAR = 14  # characters; what is left of 80 shows the names of reports
ROOM = 32  # characters of a name


class _Patient:
    """Standard error for as long as somebody reads it; that nobody does stops no run."""

    def __getattr__(self, name: str) -> Any:
        return getattr(sys.stderr, name)

    def write(self, text: str) -> int:
        """Write what can be written."""
        try:
            return sys.stderr.write(text)
        except OSError:
            silence(sys.stderr)
            return len(text)

    def flush(self) -> None:
        """Flush what can be flushed."""
        try:
            sys.stderr.flush()
        except OSError:
            silence(sys.stderr)


class _Left(ProgressColumn):
    """How long the rest took the last time."""

    def render(self, task: Task) -> Text:
        """Write one row's time."""
        left = task.fields["left"]()
        return Text("" if left is None else f"{said_seconds(left)} left")


class Screen:
    """Rows that are rewritten while reports run, with plain lines above them.

    Parameters
    ----------
    seconds
        For each report that is to be made, how long it took the last time; None where it
        was never made.
    """

    def __init__(self, seconds: Mapping[str, float | None]) -> None:
        self.seconds, self.began = dict(seconds), dict[str, float]()
        self.rows: dict[str, TaskID] = {}
        self.progress = Progress(
            TextColumn("{task.description}", markup=False,
                       table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis")),
            BarColumn(bar_width=BAR),
            TextColumn("{task.fields[said]}", markup=False, table_column=Column(no_wrap=True)),
            _Left(table_column=Column(no_wrap=True, justify="right", min_width=len("59 min left"))),
            console=Console(file=_Patient(), stderr=True, highlight=False),  # type: ignore[arg-type]
            refresh_per_second=TIMES_A_SECOND, transient=True, expand=True,
            redirect_stdout=False,
        )  # fmt: skip
        self.progress.start()
        self.whole = self.progress.add_task(
            "all reports", total=len(self.seconds), said="loading packages", left=self._whole_left
        )

    def start(self, report: str, *, shown_as: str) -> None:
        """Show a row for a report that starts."""
        if report in self.rows:  # it is made once more
            self.progress.remove_task(self.rows.pop(report))
        self.began[report] = monotonic()
        self.rows[report] = self.progress.add_task(
            cut(shown_as, ROOM), total=1, said="started",
            left=lambda: left_of(self.seconds[report], self.began[report]),
        )  # fmt: skip
        self._count()

    def reach(self, report: str, cell: int, cells: int) -> None:
        """Show which cell runs, counted from 0; beyond the last one pages are written."""
        said = f"cell {cell + 1} of {cells}" if cell < cells else "writing pages"
        self.progress.update(self.rows[report], completed=cell, total=cells, said=said)

    def end(self, report: str) -> None:
        """Take a report's row away and count it; the index has none."""
        if report in self.rows:
            self.progress.remove_task(self.rows.pop(report))
            self._count()

    def _count(self) -> None:
        """Say how many reports are done."""
        done, n = len(self.began) - len(self.rows), len(self.seconds)
        said = f"{done} of {n} reports" if done < n else "writing the index"
        self.progress.update(self.whole, completed=done, said=said)

    def line(self, words: str) -> None:
        """Write a plain line above the rows."""
        self.progress.console.print(words, markup=False, emoji=False, soft_wrap=True)

    def close(self) -> None:
        """Take the rows away and give the cursor back."""
        self.progress.stop()

    def _whole_left(self) -> float | None:
        """Return how long all that is left took the last time, shared among those that run."""
        known = [held for held in self.seconds.values() if held is not None]
        rows = list(self.rows)  # another thread paints
        if not known or not rows:
            return None
        usual = sum(known) / len(known)  # of those that were never made
        took = {name: usual if held is None else held for name, held in self.seconds.items()}
        running = [left_of(took[name], self.began[name]) or 0.0 for name in rows]
        waiting = [held for name, held in took.items() if name not in self.began]
        return max(*running, (sum(running) + sum(waiting)) / len(rows)) or None


def left_of(seconds: float | None, began: float) -> float | None:
    """Return what is left of the seconds that something took; None once it takes longer."""
    left = None if seconds is None else seconds - (monotonic() - began)
    return left if left is None or left > 0 else None


def said_seconds(seconds: float) -> str:
    """Say how long something takes, as roughly as it is known.

    Examples
    --------
    >>> said_seconds(0.4), said_seconds(89), said_seconds(150)
    ('1 s', '89 s', '3 min')
    """
    return f"{max(seconds, 1):.0f} s" if seconds < 90 else f"{-(-seconds // 60):.0f} min"


def cut(name: str, room: int) -> str:
    """Shorten a name in its middle: reports of one notebook differ in their ends.

    Examples
    --------
    >>> cut("union_premium__errors_classical", 20)
    'union_pre…_classical'
    >>> cut("工会工资溢价_甲乙", 12)
    '工会…价_甲乙'
    """
    if cell_len(name) <= room:
        return name
    start, end = "", ""
    for sign in name:
        if cell_len(start + sign) > (room - 1) // 2:
            break
        start += sign
    for sign in reversed(name):
        if cell_len(start + sign + end) > room - 1:
            break
        end = sign + end
    return f"{start}…{end}"
