"""Progress of long work: a bar for a person who waits, nothing for a report.

A bar appears only where somebody looks, in a notebook opened in JupyterLab or at a
terminal, only after work has taken a second, and it goes away when the work is done. A
report run by papermill, by ``yuyao run`` or by jupyter-scheduler shows none, so executed
notebooks and pages stay the same whether the work was quick or slow.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

__all__ = ["SECONDS_BEFORE_BAR", "somebody_looks", "watched"]

SECONDS_BEFORE_BAR = 1.0
Item = TypeVar("Item")


def somebody_looks() -> bool:
    """Whether a person sees what is printed now.

    Jupyter Server names the session of a kernel it starts for a person; papermill,
    nbclient and jupyter-scheduler start theirs without one.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is not None and hasattr(shell, "kernel"):
        return "JPY_SESSION_NAME" in os.environ
    return shell is None and sys.stderr.isatty()


def _kind_of_bar() -> Any:
    """Return the bar that fits the place; without widgets a notebook has a plain one, unasked."""
    from tqdm import TqdmWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TqdmWarning)  # that widgets would look better
        from tqdm.auto import tqdm
    return tqdm


def watched(items: Iterable[Item], *, what: str, total: int | None = None) -> Iterator[Item]:
    """Yield the items, with a progress bar where a person waits for them.

    Parameters
    ----------
    items
        What is worked through.
    what
        What an item is, in the plural, e.g. ``"draws"``.
    total
        How many there are; found out where it can be.

    Examples
    --------
    >>> sum(watched(range(4), what="draws"))
    6
    """
    if not somebody_looks():
        yield from items
        return
    bar = _kind_of_bar()
    yield from bar(items, desc=what, total=total, leave=False, delay=SECONDS_BEFORE_BAR)
