"""Imported once by the process from which reports are forked: heavy imports, nothing run.

What imports change on the way (logging, warnings, environment, figure settings) is put
back. Modules of this package may be among them: `nursery` forks from what is loaded here
only as long as the files of the package are what they were.
"""

from __future__ import annotations

import gc
import importlib
import logging
import os
import sys
import threading
import warnings
from pathlib import Path

from yuyao_lib.reports.threads import take_one_thread

__all__ = ["WANTED", "warm"]

WANTED = "YUYAO_WARM"  # the environment variable that lists the modules, by comma


def warm(names: list[str]) -> list[str]:
    """Import what can be imported and leave the process as it was.

    Returns
    -------
    list of str
        Modules that could not be imported; the notebook that needs one will say so.
    """
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    filters, environment = list(warnings.filters), dict(os.environ)
    missing = [name for name in names if not _imported(name)]
    if sys.modules.get("rfc3987_syntax", missing) is None:  # kept from jsonschema, not from reports
        del sys.modules["rfc3987_syntax"]
    root.handlers[:], root.level = handlers, level
    warnings.filters = filters
    os.environ.clear()
    os.environ.update(environment)
    _restore_figures()
    _one_thread()
    gc.collect()
    gc.freeze()
    return missing


def _imported(name: str) -> bool:
    """Import one module; say whether it worked."""
    try:
        importlib.import_module(name)
    except ImportError:
        return False
    return True


def _restore_figures() -> None:
    """Undo what imports may have changed in matplotlib's settings."""
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is not None:
        matplotlib.rcParams.update(matplotlib.rcParamsOrig)


def _one_thread() -> None:
    """Refuse to be forked from with a second Python thread alive: its locks would stay held."""
    others = [t.name for t in threading.enumerate() if t is not threading.main_thread()]
    if others:
        raise RuntimeError(f"imports started threads, so reports cannot be forked: {others}.")


if os.environ.get(WANTED) and Path("/proc/self").exists():
    take_one_thread()
    warm(os.environ[WANTED].split(","))
