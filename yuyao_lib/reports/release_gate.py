"""What a made report must pass before it is published, beside what was released before.

Where a few of its numbers, or a table, would single somebody out beside an older page, the
report is made once more without these. What still breaks a rule is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from yuyao_lib.errors import DisclosureError
from yuyao_lib.findings import Verdict
from yuyao_lib.findings.held_back import HeldBack
from yuyao_lib.reports.digests import FileDigests, Inputs
from yuyao_lib.reports.disclosure import add_verdicts, audit_file
from yuyao_lib.reports.leak_parts import parts_of_values
from yuyao_lib.reports.leaks import scan
from yuyao_lib.reports.ledger import Ledger
from yuyao_lib.reports.orders import Made, Order
from yuyao_lib.reports.released import judge_against_released, to_hold_back

__all__ = ["ReleaseGate"]


class ReleaseGate:
    """Judges the reports of a run, each against all that was released when its turn comes."""

    def __init__(self, ledger: Ledger, files: FileDigests, folder: Path) -> None:
        self.ledger, self.files, self.folder = ledger, files, folder
        # what reports made once more do not show, and why they were not published as made first
        self._again: dict[str, tuple[HeldBack, list[Verdict]]] = {}
        self._beside: dict[str, list[Verdict]] = {}  # what was released, looked at once a try

    def hold_back(self, name: str, made: Made) -> str:
        """Say what a report is to be made once more without; nothing where it is not to be."""
        shown = made.findings, made.released, made.people
        verdicts = judge_against_released(self.ledger, name, *shown)
        self._beside[name] = verdicts
        held = None if self.was_refused(name) else to_hold_back(verdicts, name, *shown)
        if held is None:
            return ""
        self._again[name] = held, verdicts
        numbers = len(held.keys) + len(held.sets)
        return f"{numbers} numbers and {len(held.tables)} tables: {verdicts[0].rule}"

    def to_make_again(self, orders: Sequence[Order]) -> list[Order]:
        """Return the orders of reports to be made once more."""
        return [order for order in orders if self.was_refused(order.report)]

    def without(self, order: Order) -> Order:
        """Order a report once more, without what singles somebody out."""
        held, _ = self._again[order.report]
        return replace(order, executed=None, executed_at="", held_back=held)

    def was_refused(self, name: str) -> bool:
        """Whether a report is made once more because it was refused."""
        return name in self._again

    def refusal(self, name: str, verdicts: Sequence[Verdict] = ()) -> DisclosureError:
        """Return the error that says which rules a report broke, and add them to its audit."""
        told, audit = verdicts or self._again[name][1], self.folder / name / audit_file(name)
        if audit.is_file():
            add_verdicts(audit, told)
        return DisclosureError.of([verdict.why.en for verdict in told])

    def judge(self, name: str, made: Made, inputs: Inputs) -> None:
        """Refuse what, beside what was released before, would single somebody out, and leaks.

        To be asked after whether anything is to be held back. The names of the files that went
        in are published with the manifest.

        Raises
        ------
        DisclosureError
            If there is anything.
        """
        verdicts = [*self._beside.pop(name)]
        verdicts += scan(f"inputs of {name}", parts_of_values([*inputs.run, *inputs.page]))
        verdicts += [
            Verdict.of(file, "leak")
            for file in (*made.files.values(), *made.beside)
            if made.scanned.get(file) != self.files.of(self.folder / name / file)
        ]
        told = any(finding.estimate.undefined is None for finding in made.findings)
        if verdicts or (self.was_refused(name) and not told):
            raise self.refusal(name, verdicts)
