"""From a notebook with parameters to pages that can be sent, called from a notebook."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from yuyao_lib.errors import RunError
from yuyao_lib.paths import outputs_folder, project_root
from yuyao_lib.reports.values import written

__all__ = ["MadePages", "make_page"]

WORDS = {"en": "English page", "zh": "中文页面"}
COMMAND = "from yuyao_lib.cli import main; main()"
# what a kernel in JupyterLab has set for itself and a report must not inherit
OF_KERNELS = ("MPLBACKEND", "JPY_SESSION_NAME", "JPY_PARENT_PID")


@dataclass(frozen=True, slots=True)
class MadePages:
    """Pages of one report.

    Attributes
    ----------
    report
        Its name.
    pages
        Language -> file; one file each, to be sent as it is.
    index
        The page that lists every finding.
    """

    report: str
    pages: Mapping[str, Path]
    index: Path

    def __repr__(self) -> str:
        return "\n".join(_from_here(path) for path in (*self.pages.values(), self.index))

    def _repr_html_(self) -> str:
        links = [(WORDS[language], path) for language, path in self.pages.items()]
        links.append(("Every finding · 全部发现", self.index))
        items = "".join(
            f'<li><a href="{escape(_from_here(path))}" target="_blank">{escape(words)}</a></li>'
            for words, path in links
        )
        return f"<ul>{items}</ul>"


def make_page(
    notebook: str | Path, *, name: str | None = None, out: str | Path | None = None, **given: Any
) -> MadePages:
    """Run a notebook with parameters from top to bottom and publish its pages.

    The notebook runs in a fresh process, as ``yuyao run`` would run it: nothing that was
    typed into another notebook can be in the page.

    Parameters
    ----------
    notebook
        Path of a notebook, from here or from the project's folder.
    name
        Name of the report and of its files; made from the parameters when not given.
    out
        Folder of outputs; when not given ``outputs`` of the project, or of the current folder
        outside of any.
    **given
        Parameters of the notebook, by name.

    Raises
    ------
    RunError
        If the notebook failed or its page was refused, with the sentence that says why.

    Examples
    --------
    >>> make_page("notebooks/no_such_notebook.ipynb")
    Traceback (most recent call last):
    yuyao_lib.errors.RunError: there is no notebook no_such_notebook.ipynb in notebooks.
    """
    root = project_root()
    path = Path(notebook)
    place = outputs_folder(None if out is None else Path(out), notebooks=True)
    path = path if path.exists() else root / path
    line = [sys.executable, "-c", COMMAND, "run", str(path.resolve()), "--json", "--wait"]
    line += ["--out", str(place.resolve())] + (["--name", name] if name else [])
    line += [part for key, value in given.items() for part in ("-p", f"{key}={_text(value)}")]
    env = {key: value for key, value in os.environ.items() if key not in OF_KERNELS}
    done = subprocess.run(
        line, check=False, capture_output=True, cwd=root, env=env, encoding="utf-8"
    )
    if not done.stdout:
        raise RunError(done.stderr.strip().removeprefix("yuyao: ") or "the run ended in silence.")
    told = json.loads(done.stdout)
    if not told["reports"]:
        raise RunError(told.get("error") or "the run ended before it began the report.")
    (outcome,) = told["reports"]
    if outcome["state"] in {"failed", "refused"}:
        raise RunError(f"{outcome['report']} {outcome['state']}: {outcome['why'][-1]}")
    return _published(place / "published", outcome["report"])


def _published(folder: Path, report: str) -> MadePages:
    """Return what stands published for a report."""
    manifest = json.loads((folder / "manifests" / f"{report}.json").read_text(encoding="utf-8"))
    pages = {language: folder / name for language, name in manifest["pages"].items()}
    return MadePages(report, pages, folder / "index.html")


def _text(value: Any) -> str:
    """Write a value as the command line reads it."""
    return written(list(value) if isinstance(value, tuple) else value)


def _from_here(path: Path) -> str:
    """Return a link from the notebook's folder, where there is one."""
    try:
        return Path(os.path.relpath(path)).as_posix()
    except ValueError:  # another drive
        return path.resolve().as_uri()
