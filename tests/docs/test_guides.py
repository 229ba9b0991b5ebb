"""Every command of the guides is run, in order, in a copy of the project."""

import ast
import os
import pydoc
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
import reference_pages

from yuyao_lib.paths import NOTEBOOKS, ROOT

GUIDES = sorted((ROOT / "docs").glob("*.md"))
README = ROOT / "README.md"
REFERENCE = [ROOT / "docs" / "reference" / "README.md"]
BLOCK = re.compile(
    r"^(?:<!-- not run: (?P<why>[^\n]+) -->\n)?```(?P<kind>\w*)\n(?P<code>.*?)^```",
    re.MULTILINE | re.DOTALL,
)


def blocks(guide: Path) -> list[tuple[str, str]]:
    """Return the blocks that are run; what is not run says why."""
    found = [m.groupdict() for m in BLOCK.finditer(guide.read_text(encoding="utf-8"))]
    return [(block["kind"], block["code"]) for block in found if not block["why"]]


@pytest.mark.parametrize("guide", [*GUIDES, README], ids=lambda p: p.stem)
def test_every_block_is_run_or_says_why_not(guide) -> None:
    assert {kind for kind, _ in blocks(guide)} <= {"sh", "python"}


@pytest.fixture
def project(tmp_path):
    """Copy what a user has, and put a `uv` first on the path that runs what is installed."""
    folder, home = tmp_path / "project", tmp_path / "home"
    home.mkdir()
    for name in ("notebooks", "data", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("own"))
    tools = tmp_path / "tools"
    tools.mkdir()
    uv = tools / "uv"
    uv.write_text('#!/bin/sh\n[ "$1" = run ] && shift && exec "$@"\nexit 9\n', encoding="utf-8")
    uv.chmod(uv.stat().st_mode | stat.S_IXUSR)
    place = f"{tools}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    places = {"PATH": place, "HOME": str(home), "YUYAO_ROOT": str(folder)}
    kept = {k: v for k, v in os.environ.items() if k not in {"YUYAO_KEY", "YUYAO_KEY_FILE"}}
    return folder, {**kept, **places}


@pytest.mark.reports
@pytest.mark.parametrize("guide", [*GUIDES, README], ids=lambda p: p.stem)
def test_every_command_of_a_guide_works(guide, project) -> None:
    folder, environment = project
    run = blocks(guide)
    assert run, "a guide without a command is not a guide"
    for language, code in run:
        how = ["bash", "-e", "-c", code] if language == "sh" else [sys.executable, "-c", code]
        done = subprocess.run(how, check=False, capture_output=True, text=True, timeout=300,
                              cwd=folder, env=environment)  # fmt: skip
        assert done.returncode == 0, f"{code}\n{done.stdout}\n{done.stderr}"


def run_notebook(name: str, folder: Path, environment: dict) -> list:
    """Run a guide as papermill does, and return what its cells showed."""
    command = ["papermill", "--engine", "yuyao", "--no-progress-bar", f"{name}.ipynb", "out.ipynb"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300,
                          cwd=folder / "docs", env=environment)  # fmt: skip
    assert done.returncode == 0, done.stderr
    cells = nbformat.read(folder / "docs" / "out.ipynb", as_version=4).cells
    return [output for cell in cells for output in cell.get("outputs", [])]


@pytest.mark.reports
def test_the_tutorial_goes_from_payrolls_to_pages(project) -> None:
    folder, environment = project
    shown = run_notebook("tutorial", folder, environment)
    assert not [o for o in shown if o.output_type == "stream"]  # no warning, no bar
    links = shown[-1].data["text/html"]
    assert 'href="../outputs/published/tutorial.en.html"' in links and "tutorial.zh.html" in links
    page = (folder / "outputs" / "published" / "tutorial.en.html").read_text(encoding="utf-8")
    assert "Pay at grade 3 over 0 in 2022: 0.175 log points" in page
    assert "234 persons" in page and "Researcher-supplied data" in page
    assert "invented" in page and str(folder) not in page
    assert (Path(environment["HOME"]) / ".config" / "yuyao" / "key").stat().st_mode & 0o077 == 0


@pytest.mark.reports
def test_the_welcome_notebook_shows_a_finding_and_every_notebook(project) -> None:
    folder, environment = project
    shown = run_notebook("welcome", folder, environment)
    assert any("545 persons" in o.data["text/plain"] for o in shown if "data" in o)
    for path in (folder / "notebooks").glob("*.ipynb"):
        assert f'href="../notebooks/{path.name}"' in shown[-1].data["text/html"]


def test_the_reference_is_what_the_docstrings_say() -> None:
    written = {p.name: p.read_text(encoding="utf-8") for p in reference_pages.FOLDER.glob("*.md")}
    differing = [n for n, text in reference_pages.pages().items() if written.get(n) != text]
    assert not differing, f"run make reference: {', '.join(differing)} differ from the docstrings"
    assert set(written) == set(reference_pages.pages())


def names_called(path: Path) -> set[str]:
    """Return what a notebook takes from this package, and what it calls of its modules."""
    code = [c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    nodes = [node for source in code for node in ast.walk(ast.parse(source))]
    taken = [n for n in nodes if isinstance(n, ast.ImportFrom) and "yuyao_lib" in n.module]
    names = {alias.asname or alias.name: f"{n.module}.{alias.name}"
             for n in taken for alias in n.names}  # fmt: skip
    modules = {n for n, whole in names.items() if isinstance(pydoc.locate(whole), ModuleType)}
    called = [n for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)]
    return (set(names) - modules) | {n.attr for n in called if n.value.id in {*modules, "yuyao"}}


def test_the_reference_tells_every_name_that_a_notebook_uses() -> None:
    told = {
        line.split()[-1]
        for page in reference_pages.FOLDER.glob("*.md")
        for line in page.read_text(encoding="utf-8").splitlines()
        if line.startswith("##")
    }
    for path in [*NOTEBOOKS.glob("*.ipynb"), *(ROOT / "docs").glob("*.ipynb")]:
        if path.stem != "gallery":
            assert names_called(path) - told == set(), path.name


@pytest.mark.parametrize("guide", [*GUIDES, README, *REFERENCE], ids=lambda p: p.stem)
def test_links_lead_somewhere(guide) -> None:
    text = guide.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", text):
        if not link.startswith(("http://", "https://", "mailto:")):
            assert (guide.parent / link).exists(), link
