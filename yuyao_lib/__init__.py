"""yuyao_lib: the findings layer for parameterized labour-research notebooks.

``import yuyao_lib as yuyao`` loads nothing heavy; the names below are loaded when
first used. ``yuyao.open(...)`` opens a data set, ``yuyao.methods`` holds one module
a question, ``yuyao.display`` shows results as things a reader understands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from yuyao_lib.on_first_use import loader

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

__getattr__ = loader(
    __name__,
    {
        "Dataset": "yuyao_lib.sources",
        "open": "yuyao_lib.sources",
        "check": "yuyao_lib.sources.own:check_own",
        "propose_mapping": "yuyao_lib.sources.own",
        "make_page": "yuyao_lib.reports.sharing",
        "notebooks": "yuyao_lib.reports.shelf",
        "Estimate": "yuyao_lib.findings",
        "Finding": "yuyao_lib.findings",
        "display": "yuyao_lib.display:",
        "methods": "yuyao_lib.methods:",
        "sources": "yuyao_lib.sources:",
    },
)


def __dir__() -> list[str]:
    """List the public names for completion."""
    return sorted(__all__)
