"""Calling estimator packages without letting them change the process they are called in."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["undisturbed"]


@contextmanager
def undisturbed(*, ignore: tuple[type[Warning], ...] = (), module: str = "") -> Iterator[None]:
    """Put logging back as it was, and pass over named warnings of one package.

    Some packages configure the root logger when imported, after which every library's
    messages would appear on the page.

    Parameters
    ----------
    ignore
        Categories of warnings that say nothing to a reader.
    module
        Package whose warnings these are.
    """
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        with warnings.catch_warnings():
            for category in ignore:
                warnings.filterwarnings("ignore", category=category, module=module)
            yield
    finally:
        root.handlers[:], root.level = handlers, level
