"""What is wrong with an installation, as sentences with what would help."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distributions, version
from pathlib import Path

from yuyao_lib.paths import ROOT
from yuyao_lib.reports.nursery import can_fork

__all__ = ["Health", "examine"]


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
    """Look at byte code, fonts, forking, cores, memory, disk and versions, one at a time."""
    yield _byte_code()
    yield _font()
    fork = can_fork()
    yield Health(
        "forked reports", True,
        "reports are forked from a warmed process"
        if fork
        else "this platform starts a new process for each report: the same results, more time",
    )  # fmt: skip
    yield _cores()
    yield _memory()
    yield _disk()
    yield _versions()
    yield _kernel()


def _byte_code() -> Health:
    """Count compiled modules: without them every process parses thousands of files."""
    site = Path(sysconfig.get_path("purelib"))
    probe = [site / name for name in ("pandas", "scipy", "matplotlib", "papermill")]
    source = sum(1 for folder in probe for _ in folder.glob("*.py"))
    made = sum(1 for folder in probe for _ in folder.glob("__pycache__/*.pyc"))
    good = made >= source * 0.9
    fix = f"run: python -m compileall -q -j0 {site.name}"
    return Health("byte code", good, "compiled" if good else f"not compiled, runs are slow; {fix}")


def _font() -> Health:
    """Look for the Chinese font."""
    try:
        return Health("Chinese font", True, f"package {version('pylopdf-fonts-zh-cn')}")
    except PackageNotFoundError:
        return Health("Chinese font", False, "missing; pip install pylopdf-fonts-zh-cn")


def _cores() -> Health:
    """Count cores."""
    n = os.cpu_count() or 1
    return Health("cores", True, f"{n}; that many reports run at a time")


def _memory() -> Health:
    """Say how much memory there is, where the platform tells."""
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return Health("memory", True, "not known on this platform")
    gigabytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    good = gigabytes >= 3.5
    return Health("memory", good, f"{gigabytes:.1f} GB" + ("" if good else "; 4 GB are needed"))


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
    odd = [
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

    found = "python3" in KernelSpecManager().find_kernel_specs()
    if found:
        return Health("kernel python3", True, f"Python {sys.version_info[0]}.{sys.version_info[1]}")
    return Health("kernel python3", False, "missing; run: python -m ipykernel install --user")
