"""Finished pages scanned before anything is published from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from yuyao_lib.errors import DisclosureError
from yuyao_lib.findings import Finding, Verdict
from yuyao_lib.reports.disclosure import Audit, refuse
from yuyao_lib.reports.leak_parts import parts_of_html
from yuyao_lib.reports.leaks import scan
from yuyao_lib.sources.own.raw_marks import RawMarks, raw_marks

if TYPE_CHECKING:
    from yuyao_lib.reports.execution import Order

__all__ = ["scan_pages"]


def scan_pages(
    order: Order, files: dict[str, str], findings: list[Finding], audit: Audit | None
) -> None:
    """Scan every page of a report, with the files inside it.

    Parameters
    ----------
    order
        What was asked for; names the own tables the notebook opens.
    files
        Language -> name of the page in the order's folder.
    findings, audit
        Of the notebook; the audit is None unless it is of own data.

    Raises
    ------
    DisclosureError
        If a page holds what must not leave; the audit says so too.
    """
    marks = raw_marks(order.opens_own) if order.opens_own else RawMarks()
    known = {digest for finding in findings for digest in finding.origin.digests}
    known |= {order.page_key, order.run_key, order.commit or ""}
    verdicts: list[Verdict] = []
    for name in files.values():
        parts = parts_of_html((order.folder / name).read_text(encoding="utf-8"))
        own = audit is not None
        verdicts += scan(name, parts, own=own, marks=marks, known_hashes=known)
    if audit is not None and verdicts:
        _rewrite(order, audit, verdicts)
    if verdicts:
        said = " ".join(dict.fromkeys(verdict.why.en for verdict in verdicts))
        raise DisclosureError(f"not published. {said}")


def _rewrite(order: Order, audit: Audit, verdicts: Iterable[Verdict]) -> None:
    """Add leaks to the audit file, and refuse."""
    from yuyao_lib.reports.execution import audit_file

    told = replace(audit, verdicts=(*audit.verdicts, *verdicts))
    told.write(order.folder / audit_file(order.report))
    refuse(told)
