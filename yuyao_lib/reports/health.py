"""What is wrong with an installation, as sentences with what would help."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distributions, version
from importlib.resources import files
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

from yuyao_lib.paths import PACKAGE, ROOT, project_root
from yuyao_lib.reports.nursery import Job, can_fork, cores, raise_jobs

__all__ = ["Health", "examine"]

CGROUP = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True)
class Health:
    """One thing that was looked at.

    Attributes
    ----------
    what
        What was looked at.
    good
        Whether it is as it should be.
    said
        What was seen, and what would help.
    """

    what: str
    good: bool
    said: str


def examine() -> Iterator[Health]:
    """Look at one thing after the other: byte code, fonts, processes, machine, versions, kernel."""
    yield _byte_code()
    yield _own_byte_code()
    yield _font()
    yield _forked()
    yield _cores()
    yield _memory()
    yield _disk()
    yield _outputs()
    yield _versions()
    yield _kernel()


def _byte_code() -> Health:
    """Count compiled modules: without them every process parses thousands of files."""
    site = Path(sysconfig.get_path("purelib"))
    probe = [site / name for name in ("pandas", "scipy", "matplotlib", "papermill")]
    source = sum(1 for folder in probe for _ in folder.glob("*.py"))
    made = sum(1 for folder in probe for _ in folder.glob("__pycache__/*.pyc"))
    good = made >= source * 0.9
    fix = f"run: python -m compileall -q -j0 {site}"
    return Health("byte code", good, "compiled" if good else f"not compiled, runs are slow; {fix}")


def _own_byte_code() -> Health:
    """Look whether this package is compiled as it stands, where Python may not do so itself."""
    modules = [path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"]
    stale = sum(1 for path in modules if not _compiled(path))
    if stale <= len(modules) * 0.1 or not sys.dont_write_bytecode:
        return Health("byte code of yuyao_lib", True, "compiled as it stands")
    fix = (
        f"{stale} of {len(modules)} modules are compiled anew by every report, because"
        " PYTHONDONTWRITEBYTECODE is set; for speed: python -m compileall -q yuyao_lib"
    )
    return Health("byte code of yuyao_lib", True, fix)


def _compiled(path: Path) -> bool:
    """Whether a module's byte code is of its present source."""
    try:
        with open(cache_from_source(str(path)), "rb") as stream:  # noqa: PTH123
            head = stream.read(16)
    except OSError:
        return False
    seen = path.stat()
    marks = (int(seen.st_mtime) & 0xFFFFFFFF, seen.st_size & 0xFFFFFFFF)
    return head[8:] == b"".join(mark.to_bytes(4, "little") for mark in marks)


def _font() -> Health:
    """Look for the Chinese font, its package and its file."""
    try:
        held = version("pylopdf-fonts-zh-cn")
        there = (files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf").is_file()
    except (PackageNotFoundError, ModuleNotFoundError):
        there = False
    if there:
        return Health("Chinese font", True, f"package {held}")
    fix = "missing, no page can be made; pip install --force-reinstall pylopdf-fonts-zh-cn"
    return Health("Chinese font", False, fix)


def _answer(send: Callable[[Any], None]) -> bool:
    """Be a process that works."""
    return True


def _forked() -> Health:
    """Start a process as a report is started."""
    what = "processes of reports"
    news = list(raise_jobs([Job("probe", _answer, seconds=60)]))[-1]
    if news.kind != "done":
        said = f"a process that does nothing ended with {news.kind} ({news.payload})"
        return Health(what, False, f"{said}; try: yuyao run --engine kernel")
    if can_fork():
        return Health(what, True, "forked from a warmed process")
    return Health(what, True, "each starts from nothing here: the same results, more time")


def _cores() -> Health:
    """Count cores."""
    n = cores()
    whole = os.cpu_count() or n
    of = f" of the machine's {whole} may be used" if n < whole else ""
    return Health("cores", True, f"{n}{of}; that many reports run at a time")


def _memory() -> Health:
    """Say how much memory there is, where the platform tells."""
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return Health("memory", True, "not known on this platform")
    held = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    gigabytes = min(held, _allowed() or held) / 1e9
    good = gigabytes >= 3.5
    return Health("memory", good, f"{gigabytes:.1f} GB" + ("" if good else "; 4 GB are needed"))


def _allowed() -> int | None:
    """Return the memory a container may use, where one bounds it."""
    for name in ("memory.max", "memory/memory.limit_in_bytes"):
        try:
            text = (CGROUP / name).read_text(encoding="ascii").strip()
        except OSError:
            continue
        return int(text) if text.isdecimal() else None
    return None


def _outputs() -> Health:
    """Try to write where pages are put."""
    folder = project_root() / "outputs"
    there = folder if folder.is_dir() else folder.parent
    probe = there / f".writable.{os.getpid()}.tmp"
    try:
        probe.write_text("", encoding="utf-8")
        probe.unlink()
    except OSError as error:
        said = f"cannot be written to ({error.strerror}); run with --out FOLDER"
        return Health("outputs folder", False, said)
    return Health("outputs folder", True, "can be written to")


def _disk() -> Health:
    """Say how much disk is free."""
    free = shutil.disk_usage(ROOT).free / 1e9
    return Health("disk", free > 1, f"{free:.1f} GB free" + ("" if free > 1 else "; 1 GB needed"))


def _versions() -> Health:
    """Hold what is installed to the lock file."""
    path = ROOT / "uv.lock"
    if not path.is_file():
        return Health("versions", True, "no lock file beside this installation")
    lock = tomllib.loads(path.read_text(encoding="utf-8"))
    locked: dict[str, set[str]] = {}
    for package in lock["package"]:
        locked.setdefault(package["name"], set()).add(package["version"])
    installed = {d.metadata["Name"].lower().replace("_", "-"): d.version for d in distributions()}
    needed: dict[str, Any] = next((p for p in lock["package"] if p["name"] == "yuyao-lib"), {})
    wanted = [held["name"] for held in needed.get("dependencies", []) if "marker" not in held]
    odd = [f"{name} is missing" for name in wanted if name not in installed]
    odd += [
        f"{name} {installed[name]} (locked: {', '.join(sorted(known))})"
        for name, known in sorted(locked.items())
        if name in installed and installed[name] not in known
    ]
    if not odd:
        return Health("versions", True, "as locked")
    return Health("versions", False, "; ".join(odd[:5]) + "; run: make setup")


def _kernel() -> Health:
    """Look for the notebooks' kernel."""
    from jupyter_client.kernelspec import KernelSpecManager

    found = KernelSpecManager().find_kernel_specs().get("python3")
    fix = "run: python -m ipykernel install --sys-prefix"
    if found is None:
        return Health("kernel python3", False, f"missing; {fix}")
    command = KernelSpecManager().get_kernel_spec("python3").argv[0]
    if shutil.which(command) is None:
        return Health("kernel python3", False, f"its {command} is not there; {fix}")
    return Health("kernel python3", True, f"Python {sys.version_info[0]}.{sys.version_info[1]}")
