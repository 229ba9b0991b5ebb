"""Start-up stays light, and the floors hold."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from yuyao_lib.paths import ROOT

HEAVY = (
    "pandas", "numpy", "matplotlib", "seaborn", "scipy", "papermill", "nbconvert", "nbformat",
    "pydantic", "pyarrow", "fontTools",
)  # fmt: skip


def loaded(code: str) -> set[str]:
    """Run `code` in a fresh interpreter and return which heavy packages it loaded."""
    script = f"import sys\n{code}\nprint(*[m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stdout.splitlines()[-1].split())


def test_import_is_light() -> None:
    assert loaded("import yuyao_lib, yuyao_lib.findings, yuyao_lib.vocabulary") == set()


def test_the_probe_sees_a_heavy_import() -> None:
    assert "pandas" in loaded("import pandas")


def test_what_asks_for_reports_is_light() -> None:
    code = "import yuyao_lib.reports.making, yuyao_lib.reports.index, yuyao_lib.reports.page.fonts"
    assert loaded(code) == set()


def test_help_is_light() -> None:
    code = (
        "from yuyao_lib.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit as left: assert not left.code, left.code"
    )
    assert loaded(code) == set()


def test_notebooks_are_read_without_a_grammar_of_web_addresses() -> None:
    code = "assert 'lark' not in sys.modules; print()"
    loaded(f"import yuyao_lib.reports, nbformat, jsonschema\n{code}")
    warmed = "from yuyao_lib.reports.warmup import warm\nwarm(['nbformat'])"
    loaded(f"{warmed}\n{code}\nimport rfc3987_syntax\nassert 'lark' in sys.modules; print()")


def test_public_names_resolve() -> None:
    import yuyao_lib

    for name in yuyao_lib.__all__:
        assert getattr(yuyao_lib, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'opne'"):
        _ = yuyao_lib.opne


def lint(folder: Path) -> subprocess.CompletedProcess:
    """Run the import contract on the copy of the package in `folder`."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    env = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder, env=env)


def test_floors_are_kept() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("utils.py", '"""A module on no floor."""\n'),
        ("errors.py", '"""Upward."""\nfrom yuyao_lib import reports\n'),
        ("findings/finding.py", '"""Heavy."""\nimport pandas\n'),
    ],
)
def test_a_broken_floor_is_noticed(tmp_path, name, code) -> None:
    shutil.copytree(ROOT / "yuyao_lib", tmp_path / "yuyao_lib")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "yuyao_lib" / name).write_text(code, encoding="utf-8")
    assert lint(tmp_path).returncode != 0
