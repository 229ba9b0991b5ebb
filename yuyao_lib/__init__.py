"""yuyao_lib: the findings layer for parameterized labour-research notebooks.

``import yuyao_lib as yuyao`` loads nothing heavy; the names below are loaded when
first used. ``yuyao.open(...)`` opens a data set, ``yuyao.methods`` holds one module
a question, ``yuyao.display`` shows results as things a reader understands.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yuyao_lib import display, methods, sources
    from yuyao_lib.findings import Estimate, Finding
    from yuyao_lib.sources import Dataset, open  # noqa: A004 - reads as a sentence

__version__ = "0.1.0"
__all__ = ["Dataset", "Estimate", "Finding", "__version__", "display", "methods", "open", "sources"]

_HOMES = {
    "Dataset": "yuyao_lib.sources",
    "open": "yuyao_lib.sources",
    "Estimate": "yuyao_lib.findings",
    "Finding": "yuyao_lib.findings",
}


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name in {"display", "methods", "sources"}:
        return import_module(f"yuyao_lib.{name}")
    raise AttributeError(f"module 'yuyao_lib' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names for completion."""
    return sorted(__all__)
