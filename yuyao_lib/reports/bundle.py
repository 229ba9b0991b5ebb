"""A replication package: what a referee needs to run reports again, and what was found.

A package is a project of its own: the library, the lock, the notebooks, a plan of just
these reports, the data that may be passed on, the published pages and findings, and a
README after the template of the social-science data editors. A researcher's own tables
never enter; the notebook's twin on simulated data does.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yuyao_lib.errors import InputError, RunError, sentence
from yuyao_lib.findings import Mode
from yuyao_lib.paths import ROOT
from yuyao_lib.reports.cells import read_notebook
from yuyao_lib.reports.digests import own_tables
from yuyao_lib.reports.exhibits import Exhibit, exhibits_of
from yuyao_lib.reports.fresh import changed_since
from yuyao_lib.reports.ledger import Ledger, Manifest
from yuyao_lib.reports.package_state import MANIFEST
from yuyao_lib.reports.plan import Report
from yuyao_lib.reports.reach import COMMITTED, OPENERS
from yuyao_lib.reports.values import written
from yuyao_lib.sources.card import digest_file
from yuyao_lib.sources.catalogue import TOPICS

__all__ = ["EXPECTED", "Bundle", "Part", "write_bundle"]

EXPECTED = "expected"
BESIDE = ("pyproject.toml", "uv.lock", "environment.yml", "LICENSE", "CITATION.cff")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", ".ipynb_checkpoints")


@dataclass(frozen=True, slots=True)
class Part:
    """One report of a package.

    Attributes
    ----------
    report
        As planned.
    held
        What stands published.
    exhibits
        Its tables and figures.
    twin
        Parameters that put simulated data in the place of the researcher's own; None
        where the data may be passed on.
    """

    report: Report
    held: Manifest
    exhibits: tuple[Exhibit, ...]
    twin: dict[str, Any] | None

    @property
    def name(self) -> str:
        """Id in the package's plan: letters, digits and _ only, a twin marked."""
        plain = re.sub(r"[^a-z0-9_]+", "_", self.report.id.casefold())
        return plain if self.twin is None else f"{plain}_twin"

    @property
    def read(self) -> tuple[str, ...]:
        """Digests of the researcher's files that went in, also where no finding tells them."""
        twin, values = self.twin or {}, self.report.values
        places = {Path(v).name for n, v in values.items() if n in twin and twin[n] != v}
        inputs = {n.removeprefix("data "): d for n, d in self.held.run_inputs.items()}
        return tuple(d for name, d in inputs.items() if places & set(name.split("/")))

    def numbers(self, exhibit: Exhibit) -> str:
        """Return the file of the package that holds the numbers of a table or figure."""
        kind = f"{exhibit.kind.casefold()}_{exhibit.number}"
        return f"{EXPECTED}/numbers/{self.name}_{kind}.csv"

    @property
    def modes(self) -> set[Mode]:
        """Kinds of data behind its findings."""
        return {finding.origin.mode for finding in self.held.found()}


@dataclass(frozen=True, slots=True)
class Bundle:
    """A package that was written.

    Attributes
    ----------
    folder
        Where.
    parts
        The reports in it.
    files
        Every file with its SHA-256.
    """

    folder: Path
    parts: tuple[Part, ...]
    files: dict[str, str]


def write_bundle(reports: Sequence[Report], ledger: Ledger, out: Path) -> Bundle:
    """Write a package of published reports into a new folder.

    Parameters
    ----------
    reports
        Reports of the plan; each must stand published.
    ledger
        Where they were published.
    out
        A folder that is not there yet; it appears whole or not at all.

    Raises
    ------
    InputError
        If the folder is there already.
    RunError
        If a report is not published, or was made of another notebook, code or software than
        lies here now, or no simulated twin can stand for its tables.
    """
    if out.exists():
        raise InputError(
            sentence("this folder is there already", got=out.name, allowed="a new one")
        )
    parts = tuple(_part(report, ledger) for report in reports)
    draft = out.with_name(f".{out.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        _fill(draft, parts, ledger)
        files = {n: digest_file(draft / n) for n in _names(draft)}
        _write(draft / MANIFEST, json.dumps(files, indent=1, sort_keys=True))
        draft.replace(out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Bundle(out, parts, files)


def _part(report: Report, ledger: Ledger) -> Part:
    """Collect what the ledger knows of one report."""
    held = ledger.manifest(report.id)
    if held is None:
        raise RunError(f"report {report.id} is not published; run it first: yuyao run {report.id}")
    executed = ledger.runs / held.executed
    if not executed.is_file():
        raise RunError(f"the run that made {report.id} was removed; run it again with --force.")
    if changed := changed_since(report, held, ledger):
        told = "; ".join(changed[:3])
        raise RunError(
            f"the page of {report.id} was made of something else than lies here now ({told});"
            " run it again, so that the package holds what made its findings."
        )
    exhibits = tuple(exhibits_of(report.id, executed))
    own = any(finding.origin.mode is Mode.OWN for finding in held.found())
    own = own or bool(own_tables(read_notebook(report.notebook), report.values))
    return Part(report, held, exhibits, _twin(report, held) if own else None)


def _twin(report: Report, held: Manifest) -> dict[str, Any]:
    """Return the parameters with simulated data in the place of the researcher's tables."""
    read = {place for n in held.run_inputs if n.startswith("data ") for place in n[5:].split("/")}
    paths = [
        n
        for n, v in report.values.items()
        if isinstance(v, str)
        and v
        and v not in {*OPENERS, *TOPICS}
        and (Path(v).exists() or Path(v).name in read)
    ]
    if not paths:
        raise RunError(f"report {report.id} rests on own tables, but no parameter names them.")
    return {**report.values, **dict.fromkeys(paths, "simulated")}


def _fill(folder: Path, parts: Sequence[Part], ledger: Ledger) -> None:
    """Put everything in its place."""
    from yuyao_lib.reports.bundle_readme import readme

    (folder / "notebooks").mkdir(parents=True)
    shutil.copytree(ROOT / "yuyao_lib", folder / "yuyao_lib", ignore=LEFT_OUT)
    for name in BESIDE:
        shutil.copyfile(ROOT / name, folder / name)
    for name in COMMITTED:
        shutil.copytree(ROOT / "data" / name, folder / "data" / name)
    for part in parts:
        shutil.copyfile(part.report.notebook, folder / "notebooks" / part.report.notebook.name)
    _write(folder / "notebooks" / "reports.yaml", _plan(parts))
    for part in parts:
        _expect(folder, part, ledger)
    size = sum((folder / name).stat().st_size for name in _names(folder)) / 1e6
    _write(folder / "README.md", readme(parts, megabytes=size))


def _expect(folder: Path, part: Part, ledger: Ledger) -> None:
    """Keep a report's pages, findings and exhibits to compare with."""
    pages = folder / EXPECTED / "pages"
    pages.mkdir(parents=True, exist_ok=True)
    for name in part.held.files:
        shutil.copyfile(ledger.published / name, pages / name)
    (folder / EXPECTED / "numbers").mkdir(exist_ok=True)
    for exhibit in part.exhibits:
        if exhibit.csv:
            _write(folder / part.numbers(exhibit), exhibit.numbers)
    if part.twin is None:
        held = {"report": part.name, "findings": list(part.held.findings)}
        text = json.dumps(held, ensure_ascii=False, indent=1)
        _write(folder / EXPECTED / f"{part.name}.json", text)


def _plan(parts: Iterable[Part]) -> str:
    """Write a plan of these reports with every parameter said."""
    import yaml

    entries = []
    for part in parts:
        values = part.report.values if part.twin is None else part.twin
        entry = {
            "id": part.name,
            "notebook": part.report.notebook.stem,
            "title": part.report.title.to_dict(),
            "parameters": {name: _plain(value) for name, value in values.items()},
            "timeout_seconds": f"{part.report.timeout_seconds:g}",
            "cell_timeout_seconds": f"{part.report.cell_timeout_seconds:g}",
        }
        entries.append(entry)
    return yaml.safe_dump({"reports": entries}, allow_unicode=True, sort_keys=False)


def _plain(value: Any) -> Any:
    """Write a value as the plan reads it: text, or a list of texts."""
    return [written(item) for item in value] if isinstance(value, list) else written(value)


def _names(folder: Path) -> list[str]:
    """List every file below a folder."""
    found = (p for p in folder.rglob("*") if p.is_file())
    return sorted(p.relative_to(folder).as_posix() for p in found)


def _write(path: Path, text: str) -> None:
    """Write text, one line end at its end."""
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8", newline="\n")
