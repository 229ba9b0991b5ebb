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
    from yuyao_lib.sources.own import check_own as check
    from yuyao_lib.sources.own import propose_mapping

__version__ = "0.1.0"
__all__ = [
    "Dataset",
    "Estimate",
    "Finding",
    "__version__",
    "check",
    "display",
    "make_page",
    "methods",
    "notebooks",
    "open",
    "propose_mapping",
    "sources",
]

# name -> module and the name it has there
_HOMES = {
    "Dataset": ("yuyao_lib.sources", "Dataset"),
    "open": ("yuyao_lib.sources", "open"),
    "check": ("yuyao_lib.sources.own", "check_own"),
    "propose_mapping": ("yuyao_lib.sources.own", "propose_mapping"),
    "make_page": ("yuyao_lib.reports.sharing", "make_page"),
    "notebooks": ("yuyao_lib.reports.shelf", "notebooks"),
    "Estimate": ("yuyao_lib.findings", "Estimate"),
    "Finding": ("yuyao_lib.findings", "Finding"),
}


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name in _HOMES:
        module, held_as = _HOMES[name]
        return getattr(import_module(module), held_as)
    if name in {"display", "methods", "sources"}:
        return import_module(f"yuyao_lib.{name}")
    raise AttributeError(f"module 'yuyao_lib' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names for completion."""
    return sorted(__all__)
