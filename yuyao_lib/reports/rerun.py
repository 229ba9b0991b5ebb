"""Run a replication package again and hold what is found against what it expects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from yuyao_lib.errors import InputError, YuyaoError, sentence
from yuyao_lib.findings import Finding
from yuyao_lib.reports.bundle import EXPECTED
from yuyao_lib.reports.digests import FileDigests
from yuyao_lib.reports.ledger import Ledger
from yuyao_lib.reports.outcomes import RunResult
from yuyao_lib.reports.package_state import changed_files, other_versions
from yuyao_lib.reports.plan import read_plan
from yuyao_lib.reports.runner import run_reports

__all__ = ["TOLERANCE", "Difference", "Rerun", "differences", "rerun"]

TOLERANCE = 1e-6  # relative: what another processor's arithmetic may move


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that did not come out as expected.

    Attributes
    ----------
    report, finding, part
        Whose value, and which: ``estimate``, ``low``, ``high``, ``n`` or ``there``.
    expected, found
        The two values as texts.
    """

    report: str
    finding: str
    part: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Rerun:
    """What became of a package's reports.

    Attributes
    ----------
    result
        The run.
    compared
        Findings that were compared.
    differences
        Values that differ.
    changed
        Files and versions that are not as the package was written.
    alone
        Reports that run on simulated data in the place of the researcher's: nothing is there
        to compare them with.
    """

    result: RunResult
    compared: int
    differences: tuple[Difference, ...]
    changed: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 all equal; 1 a report failed; 3 a finding, a file or a version differs."""
        if any(o.state in {"failed", "refused"} for o in self.result.outcomes):
            return 1
        return 3 if self.differences or self.changed else 0


def rerun(folder: Path, *, tolerance: float = TOLERANCE, jobs: int = 2) -> Rerun:
    """Run every report of a package and compare.

    Parameters
    ----------
    folder
        The package.
    tolerance
        Largest relative difference of a value that counts as equal.
    jobs
        Reports at a time.

    Raises
    ------
    InputError
        If the folder is no package, or one that cannot be read any more.
    """
    expected = folder / EXPECTED
    if not expected.is_dir():
        allowed = "a folder that yuyao bundle wrote"
        raise InputError(sentence("no replication package", got=str(folder.name), allowed=allowed))
    changed = (*changed_files(folder), *other_versions(folder))
    ledger = Ledger(folder / "outputs")
    with _said_of(changed):
        plan = read_plan(folder / "notebooks" / "reports.yaml")
        before = dict(map(_expected, sorted(expected.glob("*.json"))))
    files = FileDigests(ledger.cache / "digests.json")
    with _said_of(changed):
        result = run_reports(plan, ledger, files, jobs=jobs, force=True)
    made = {o.report for o in result.outcomes if o.state == "made"}
    compared, found = 0, []
    for report, findings in before.items():
        now = ledger.manifest(report)
        compared += len(findings)
        after = now.found() if now and report in made else []
        found += list(differences(report, findings, after, tolerance=tolerance))
    alone = [r.id for r in plan if not (expected / f"{r.id}.json").is_file()]
    return Rerun(result, compared, tuple(found), changed, tuple(alone))


@contextmanager
def _said_of(changed: tuple[str, ...]) -> Iterator[None]:
    """Where something cannot be read, say what is not as the package was written."""
    try:
        yield
    except (YuyaoError, ValueError, KeyError, TypeError, AttributeError) as error:
        if not changed:
            raise
        told, why = "; ".join(changed[:5]), str(error).rstrip(".")
        said = f": {why}" if isinstance(error, YuyaoError) else ""
        raise InputError(f"the package is not as it was written ({told}){said}.") from error


def _expected(path: Path) -> tuple[str, list[Finding]]:
    """Read which findings a report is to have."""
    held = json.loads(path.read_text(encoding="utf-8"))
    return held["report"], [Finding.from_dict(f) for f in held["findings"]]


def differences(
    report: str, before: list[Finding], after: list[Finding], *, tolerance: float = TOLERANCE
) -> Iterator[Difference]:
    """Compare findings value by value; one that is missing or new is a difference."""
    old, new = ({f.id: f for f in found} for found in (before, after))
    for name in sorted({*old, *new}):
        if name not in old or name not in new:
            yield Difference(report, name, "there", str(name in old), str(name in new))
            continue
        for part in ("estimate", "low", "high", "n"):
            was, now = (getattr(f.estimate, part) for f in (old[name], new[name]))
            if not _equal(was, now, tolerance):
                yield Difference(report, name, part, str(was), str(now))


def _equal(was: float | None, now: float | None, tolerance: float) -> bool:
    """Whether two values are equal but for rounding."""
    if was is None or now is None:
        return was is now
    return abs(was - now) <= tolerance * max(abs(was), abs(now), 1e-3)
