"""Counts of what was released, kept beside the published pages and never among them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from yuyao_lib import schema
from yuyao_lib.findings import Backing, Finding, Mode
from yuyao_lib.findings.differencing import Release, differences, releases_of, releases_shown
from yuyao_lib.findings.held_back import HeldBack
from yuyao_lib.findings.people import COUNTS, PeopleSet, singled_out
from yuyao_lib.findings.rules import Verdict, declared
from yuyao_lib.reports.ledger import Ledger
from yuyao_lib.vocabulary import Text

__all__ = [
    "judge_against_released",
    "note_released",
    "releases_in",
    "tells_exactly",
    "to_hold_back",
]

FILE = "released.jsonl"
AFTER = "after"
CUT = Text(
    f"differencing: {FILE}, which remembers what was released, was changed or cut, so nothing of"
    " own data can be compared with it; put back a copy of it. Only if nobody holds an older page"
    " of these data, begin with another outputs folder.",
    f"差分：记录已发布内容的 {FILE} 已被改动或截断，无法与之比较；请恢复其备份。"
    "仅在无人持有这些数据的旧页面时，方可另用新的 outputs 文件夹。",
)


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


def tells_exactly(notebook: Any, findings: Iterable[Finding]) -> bool:
    """Whether any number of own data is shown as it is, beside counts that are rounded.

    Of a page with rounded counts alone nobody can tell that a few came or left.
    """
    from yuyao_lib.reports.disclosure import outputs_of
    from yuyao_lib.reports.page.assembly import display_of

    own = [f for f in findings if f.origin.mode is Mode.OWN and f.estimate.undefined is None]
    shown = [held for _, o in outputs_of(notebook) if (held := display_of(o)) is not None]
    behind = [b for h in shown if h["mode"] == Mode.OWN.value for b in h.get("backing") or ()]
    return bool(own) or any(values.get("kind") != "rounded" for values in behind)


def judge_against_released(
    ledger: Ledger,
    report: str,
    findings: Iterable[Finding],
    shown: Iterable[Release] = (),
    people: Iterable[PeopleSet] = (),
) -> list[Verdict]:
    """Hold a report's findings and tables against everything released from this folder.

    Parameters
    ----------
    ledger
        The folder of outputs; `released.jsonl` in it remembers also pages that later
        ones have replaced, because readers may still have them.
    report, findings, shown, people
        What is about to be published: findings, the counts behind what is shown, and who
        stands in the tables it was made from.
    """
    new, sets = [*releases_of(report, findings), *shown], list(people)
    if not new and not sets:
        return []
    kept = _lines(ledger.root / FILE)
    read = [_values(line) for line in kept]
    held = [values for values in read if values is not None]
    old = [Release.from_dict(_plain(values)) for values in held if "people" not in values]
    standing = [r for m in ledger.all_manifests() for r in releases_of(m.report, m.found())]
    if not _is_whole(kept, read) or not {*map(_named, standing)} <= {*map(_named, old)}:
        return [Verdict(FILE, declared()["difference"].name, CUT)]
    before = [PeopleSet.from_dict(_plain(values)) for values in held if "people" in values]
    return [*differences(new, list(dict.fromkeys(old))), *singled_out(sets, before)]


def to_hold_back(
    verdicts: Iterable[Verdict],
    report: str,
    findings: Iterable[Finding],
    shown: Iterable[Release],
    people: Sequence[PeopleSet],
) -> HeldBack | None:
    """Return what a refused page can be shown without, where nothing else is wrong with it.

    None where other rules are broken, too, or where less than half of its numbers or none of
    its tables would be left.

    Parameters
    ----------
    verdicts
        Of `judge_against_released` on what follows.
    report, findings, shown, people
        As there.
    """
    counted = {r.key for r in (*releases_of(report, findings), *shown)}
    tables = {p.where: p.table for p in people if p.table in schema.tables()}
    sets = {p.where: p.mark for p in people if p.table.startswith(COUNTS)}
    used = {*tables.values()}
    broken = dict.fromkeys(verdict.id for verdict in verdicts)
    keys = tuple(name for name in broken if name in counted)
    whole = tuple(tables[name] for name in broken if name in tables)
    marks = tuple(sets[name] for name in broken if name in sets)
    nothing_else = len(keys) + len(whole) + len(marks) == len(broken)
    enough_left = 2 * len(keys) <= len(counted) and not (whole and used <= {*whole})
    return HeldBack(keys, whole, marks) if broken and nothing_else and enough_left else None


def note_released(
    ledger: Ledger,
    report: str,
    findings: Iterable[Finding],
    shown: Iterable[Release] = (),
    people: Iterable[PeopleSet] = (),
) -> None:
    """Remember the counts of what was just published, each line with a mark of the one before."""
    kept = _lines(ledger.root / FILE)
    known = {json.dumps(_plain(json.loads(line)), sort_keys=True) for line in kept}
    new: list[Release | PeopleSet] = [*releases_of(report, findings), *shown, *people]
    lines = dict.fromkeys(json.dumps(r.to_dict(), sort_keys=True) for r in new)
    last, fresh = kept[-1] if kept else "", []
    for line in lines:
        if line not in known:
            values = {**json.loads(line), AFTER: _mark(last)}
            last = json.dumps(values, sort_keys=True)
            fresh.append(last)
    if fresh:
        with (ledger.root / FILE).open("a", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in fresh))


def _named(release: Release) -> tuple[Any, ...]:
    """Return what tells a release, whatever a later version counts behind it."""
    return release.key, release.report, release.rows, release.dataset, release.digests


def _is_whole(lines: list[str], read: list[dict[str, Any] | None]) -> bool:
    """Whether no line was changed, added or taken out since it was written.

    Lines of versions that did not mark them come first, and are taken as they are.
    """
    before, marked = "", False
    for line, values in zip(lines, read, strict=True):
        if values is None:
            return False
        mark = values.get(AFTER)
        if mark != _mark(before) and (marked or mark is not None):
            return False
        before, marked = line, marked or mark is not None
    return True


def _values(line: str) -> dict[str, Any] | None:
    """Return the values of a line; None where it holds none."""
    try:
        values = json.loads(line)
    except ValueError:
        return None
    return values if isinstance(values, dict) else None


def _mark(line: str) -> str:
    """Return what the next line says of this one."""
    return sha256(line.encode()).hexdigest()[:16]


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a line without its mark."""
    return {name: value for name, value in values.items() if name != AFTER}


def _lines(path: Path) -> list[str]:
    """Return the lines of a file; none if there is no such file."""
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
