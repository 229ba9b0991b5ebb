"""An executed notebook of own data held to the rules, and the audit of what was found.

The page may hold only what was shown through the display with its backing declared.
``<report>.disclosure.json`` says for every table, figure and sentence how many numbers it
rests on, what was hidden and which rule was broken where; it holds no small count.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yuyao_lib.errors import DisclosureError
from yuyao_lib.findings import Backing, Finding, Mode, Verdict, broken_by, check
from yuyao_lib.findings.rules import Rules, declared
from yuyao_lib.reports.exhibits import words_of
from yuyao_lib.reports.page.assembly import display_of

__all__ = ["Audit", "add_verdicts", "audit_file", "audit_notebook", "outputs_of", "refuse"]


STEPS = (5, 10, 20, 50, 100, 200, 500, 1_000, 10_000, 100_000)


@dataclass(frozen=True, slots=True)
class Audit:
    """What a page of own data shows and what was kept from it.

    Attributes
    ----------
    report
        Which report.
    shown
        For each thing shown: cell, kind, its caption or how it begins, numbers backed, by
        how many persons and employers at least, numbers hidden by rule.
    verdicts
        Rules broken; a page with any is not published.
    """

    report: str
    shown: tuple[dict[str, Any], ...]
    verdicts: tuple[Verdict, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return what the audit file holds."""
        rules = {
            rule.name: {"value": rule.value, "follows": rule.follows, "broken": rule.broken.en}
            for rule in declared().values()
        }
        hidden = sum(sum(part["hidden"].values()) for part in self.shown)
        return {
            "report": self.report,
            "refused": [_written(v) for v in self.verdicts],
            "numbers_hidden": hidden,
            "shown": list(self.shown),
            "rules": rules,
            "says": "Rules flag and refuse; passing them is no proof of safety.",
        }

    def write(self, path: Path) -> None:
        """Write the audit file."""
        text = json.dumps(self.to_dict(), ensure_ascii=False, indent=1, sort_keys=True)
        path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _written(verdict: Verdict) -> dict[str, str]:
    """Return a verdict as the audit file holds it."""
    return {"where": verdict.id, "rule": verdict.rule, **verdict.why.to_dict()}


def audit_file(report: str) -> str:
    """Return the file name of a report's disclosure audit."""
    return f"{report}.disclosure.json"


def add_verdicts(path: Path, verdicts: Sequence[Verdict]) -> None:
    """Add to an audit file what was found after it was written."""
    held = json.loads(path.read_text(encoding="utf-8"))
    held["refused"] += [_written(verdict) for verdict in verdicts]
    text = json.dumps(held, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def audit_notebook(
    report: str, notebook: Any, findings: Sequence[Finding], *, opened_own: bool = False
) -> Audit | None:
    """Judge everything a notebook of own data shows; None for any other notebook.

    Parameters
    ----------
    report
        Name of the report.
    notebook
        Executed.
    findings
        Those it carries.
    opened_own
        Whether it opened own tables, even if nothing it shows says so.
    """
    outputs = list(outputs_of(notebook))
    modes = {held["mode"] for _, output in outputs if (held := display_of(output))}
    modes |= {finding.origin.mode.value for finding in findings}
    if not opened_own and Mode.OWN.value not in modes:
        return None
    shown, verdicts = [], list(check(findings))
    for number, output in outputs:
        part, broken = _judge(number, output)
        verdicts += broken
        shown += [part] if part else []
    return Audit(report, tuple(shown), tuple(dict.fromkeys(verdicts)))


def outputs_of(notebook: Any) -> Iterator[tuple[int, Any]]:
    """Yield every output with the number of its code cell, from 1."""
    number = 0
    for cell in notebook.cells:
        if cell.cell_type == "code":
            number += 1
            for output in cell.get("outputs", []):
                yield number, output


def _judge(number: int, output: Any) -> tuple[dict[str, Any] | None, list[Verdict]]:
    """Return what an output adds to the audit, and the rules it breaks."""
    held, where = display_of(output), f"cell {number}"
    if held is None:
        return None, [Verdict.of(where, "foreign")] if _says_something(output) else []
    if held["mode"] not in {None, Mode.OWN.value}:
        return None, []  # real data beside one's own, under a stamp of their own
    kind = held["kind"]
    where = f"{kind} of cell {number}"
    told = held.get("backing")
    backings = None if told is None else [Backing.from_dict(values) for values in told]
    part = {
        "cell": number, "kind": kind, "what": words_of(held["html"]["en"]),
        "numbers": len(backings or ()), "hidden": _counted(held),
        "persons": _fewest([b.persons for b in backings or ()], Rules().persons),
        "employers": _fewest([b.employers for b in backings or ()], Rules().clusters),
    }  # fmt: skip
    texts = [*held["html"].values(), *held.get("drawn", ())]
    broken = broken_by(kind, backings, held.get("points", 0), texts=texts)
    if backings is None:
        return part, [Verdict(where, v.rule, v.why) for v in broken]
    return part, [Verdict(f"{where}: {v.id}", v.rule, v.why) for v in broken]


def _says_something(output: Any) -> bool:
    """Whether an output of none of ours would put something on the page."""
    if output.get("output_type") == "stream":
        return output.get("name") != "stderr" and bool(output.get("text", "").strip())
    return bool(output.get("data")) and output["data"].get("text/plain") != "None"


def _fewest(numbers: Iterable[int | None], least: int) -> str:
    """Say roughly how many stand behind the number of fewest; nothing where none was counted.

    Examples
    --------
    >>> _fewest([37, None, 412], 10), _fewest([9, 40], 10), _fewest([], 10)
    ('20 or more', 'fewer than 10', '')
    """
    known = [number for number in numbers if number is not None]
    if not known:
        return ""
    steps = [step for step in (least, *STEPS) if least <= step <= min(known)]
    return f"{max(steps):,} or more" if steps else f"fewer than {least}"


def _counted(held: dict[str, Any]) -> dict[str, int]:
    """Count what was hidden by rule."""
    rules = [rule for _, rule in held.get("hidden", [])]
    return {rule: rules.count(rule) for rule in sorted(set(rules))}


def refuse(audit: Audit, *, most: int = 6) -> None:
    """Stop a page that breaks a rule, naming which, where, and what would help.

    Raises
    ------
    DisclosureError
        If there is any verdict.
    """
    if not audit.verdicts:
        return
    said = [f"{v.id}: {v.why.en}" if v.id not in v.why.en else v.why.en for v in audit.verdicts]
    raise DisclosureError.of(said, most=most)
