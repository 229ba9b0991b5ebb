"""Finished reports scanned before anything is published from them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from yuyao_lib.errors import DisclosureError
from yuyao_lib.findings import Finding, Mode, Verdict
from yuyao_lib.reports.disclosure import Audit, audit_file, outputs_of, refuse
from yuyao_lib.reports.leak_markup import parts_of_html, parts_of_notebook
from yuyao_lib.reports.leak_parts import Parts, parts_of_values
from yuyao_lib.reports.leaks import redacted, scan
from yuyao_lib.reports.page.assembly import display_of
from yuyao_lib.reports.values import shown
from yuyao_lib.sources.card import digest_file
from yuyao_lib.sources.own.raw_marks import RawMarks, raw_marks

if TYPE_CHECKING:
    from yuyao_lib.reports.orders import Order

__all__ = ["scan_report", "without_places"]

DIGEST = re.compile(r"SHA-256 ([0-9a-f]{12,64})")


def scan_report(
    order: Order,
    files: dict[str, str],
    notebook: Any,
    findings: list[Finding],
    audit: Audit | None,
) -> dict[str, str]:
    """Scan everything of a report that others may see.

    The pages with the files inside them; what the index, the pages of past runs, the
    tables of all findings and the manifest take from the report; and, of own data, the
    executed notebook, which is kept apart but may be handed on.

    Parameters
    ----------
    order
        What was asked for; names the own tables the notebook opens.
    files
        Language -> name of the page in the order's folder.
    notebook
        Executed.
    findings, audit
        Of the notebook; the audit is None unless it is of own data.

    Returns
    -------
    dict
        File -> SHA-256 of what was scanned: pages, and the audit beside them.

    Raises
    ------
    DisclosureError
        If anything holds what must not leave; the audit says so too.
    """
    own = audit is not None
    marks = raw_marks(order.opens_own) if order.opens_own else RawMarks()
    known = {digest for finding in findings for digest in finding.origin.digests}
    known |= {order.page_key, order.run_key, order.commit or "", *_of_cards(notebook)}
    counts = _counts(notebook, findings)
    verdicts: list[Verdict] = []
    for name, parts in _parts(order, files, notebook, findings, own):
        verdicts += scan(name, parts, own=own, marks=marks, known_hashes=known, known_counts=counts)
    if audit is not None and verdicts:
        _rewrite(order, audit, verdicts)
    if verdicts:
        raise DisclosureError.of([verdict.why.en for verdict in verdicts])
    scanned = [*files.values(), *([audit_file(order.report)] if own else [])]
    return {name: digest_file(order.folder / name) for name in scanned}


def _parts(
    order: Order, files: dict[str, str], notebook: Any, findings: list[Finding], own: bool
) -> Iterator[tuple[str, Parts]]:
    """Yield the name and the parts of everything that is scanned."""
    for name in files.values():
        yield name, parts_of_html((order.folder / name).read_text(encoding="utf-8"))
    told = [finding.to_dict() for finding in findings]
    values = {name: shown(value) for name, value in order.values.items()}
    named = [order.report, *files.values(), order.title.to_dict()]
    yield f"findings of {order.report}", parts_of_values([told, values, named])
    if own:
        yield f"{order.report}.ipynb", parts_of_notebook(without_places(notebook))
        audit = (order.folder / audit_file(order.report)).read_text(encoding="utf-8")
        yield audit_file(order.report), parts_of_values(json.loads(audit))


def _of_cards(notebook: Any) -> set[str]:
    """Return the digests on the source cards of printed and public data, whole or cut."""
    shown = (display_of(output) or {} for _, output in outputs_of(notebook))
    cards = (h for h in shown if h.get("kind") == "card" and h["mode"] != Mode.OWN.value)
    return {digest for h in cards for digest in DIGEST.findall(h["html"]["en"])}


def _counts(notebook: Any, findings: list[Finding]) -> set[int]:
    """Return the counts that the rules have judged: they may stand on the page."""
    told = [b for _, o in outputs_of(notebook) for b in (display_of(o) or {}).get("backing") or ()]
    held = [b.get(name) for b in told for name in ("persons", "employers", "rows")]
    held += [n for f in findings for n in (f.estimate.n, f.estimate.clusters)]
    return {n for n in held if n is not None}


def without_places(notebook: Any) -> Any:
    """Return an executed notebook whose warnings and notes of the run name no place.

    What papermill notes in the metadata names files by where they lie, and warnings name
    the modules they come from; neither is part of what was found.
    """
    from copy import deepcopy

    book = deepcopy(notebook)
    book.metadata.pop("papermill", None)
    for cell in book.cells:
        cell.metadata.pop("papermill", None)
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                output.text = redacted(output.text)
    return book


def _rewrite(order: Order, audit: Audit, verdicts: Iterable[Verdict]) -> None:
    """Add leaks to the audit file, and refuse."""
    told = replace(audit, verdicts=(*audit.verdicts, *verdicts))
    told.write(order.folder / audit_file(order.report))
    refuse(told)
