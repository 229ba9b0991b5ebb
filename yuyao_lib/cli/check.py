"""``yuyao check``: read one's own tables and say everything that must be known of them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yuyao_lib.cli.plain import echo

if TYPE_CHECKING:
    from yuyao_lib.sources.own import Loaded, Proposal

__all__ = ["command"]


@click.command("check", short_help="Check one's own tables, or propose a mapping for them.")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--mapping", type=click.Path(path_type=Path), help="Mapping file; default: beside them."
)
@click.option("--propose", is_flag=True, help="Propose a mapping from the headers.")
@click.option("--write", is_flag=True, help="With --propose: write mapping.yaml beside the tables.")
@click.option("--json", "as_json", is_flag=True, help="Print the same for machines.")
def command(path: Path, mapping: Path | None, propose: bool, write: bool, as_json: bool) -> None:
    """Say what is wrong, what was set aside, and which notebooks can run on the tables.

    Exit codes: 0 ready; 2 something must be mended first.
    """
    from yuyao_lib.errors import DataError
    from yuyao_lib.sources.own import check_own, propose_mapping

    if not path.exists():
        raise DataError(f"there is no file or folder {path}.")
    folder = path if path.is_dir() else path.parent
    if propose or (mapping is None and not (folder / "mapping.yaml").is_file()):
        proposal = propose_mapping(path)
        _show_proposal(proposal, as_json=as_json)
        if write:
            echo(f"written: {proposal.write(folder / 'mapping.yaml').name}", err=True)
        return
    loaded = check_own(path, mapping=mapping)
    echo(_json(loaded, path) if as_json else "\n".join(_lines(loaded, path)))
    sys.exit(0 if loaded.ok else 2)


def _show_proposal(proposal: Proposal, *, as_json: bool) -> None:
    """Print the mapping file to standard output, and what would stay out beside it."""
    if as_json:
        told = {
            "mapping": proposal.text,
            "questions": proposal.questions,
            "unmapped": proposal.unmapped,
        }
        echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    echo(proposal.text, nl=False)
    for file, headers in proposal.unmapped.items():
        if headers:
            echo(f"{file}: would not enter: {', '.join(headers)}", err=True)


def _lines(loaded: Loaded, path: Path) -> list[str]:
    """Say it all in order of weight."""
    from yuyao_lib.reports.needs import readiness

    lines = [f"PROBLEM  {words}" for words in loaded.sentences]
    lines += [f"aside    {n:,} rows: {why}" for why, n in loaded.set_aside.items()]
    lines += [f"note     {words}" for words in dict.fromkeys(n.en for n in loaded.notes)]
    if not loaded.ok:
        n = len(loaded.problems)
        mended = "it is mended" if n == 1 else "they are mended"
        return [*lines, f"{n} problem{'s' if n > 1 else ''}; nothing can run until {mended}."]
    lines += [f"table    {name}: {len(frame):,} rows" for name, frame in loaded.frames.items()]
    held = {name: list(frame.columns) for name, frame in loaded.frames.items()}
    for notebook in readiness(held):
        lines.append(f"notebook {notebook.said}")
        lines += [f"         {notebook.command(path.as_posix())}"] if notebook.ready else []
    return lines


def _json(loaded: Loaded, path: Path) -> str:
    """Return the same for machines."""
    from yuyao_lib.reports.needs import readiness

    held = {name: list(frame.columns) for name, frame in loaded.frames.items()}
    notebooks = [
        {
            "notebook": r.notebook,
            "can_run": r.ready,
            "missing": r.missing,
            "command": r.command(path.as_posix()) if r.ready else "",
        }
        for r in readiness(held)
    ]
    told = {
        "ok": loaded.ok,
        "problems": loaded.sentences,
        "set_aside": dict(loaded.set_aside),
        "notes": list(dict.fromkeys(n.en for n in loaded.notes)),
        "rows": {name: len(frame) for name, frame in loaded.frames.items()},
        "notebooks": notebooks if loaded.ok else [],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)
