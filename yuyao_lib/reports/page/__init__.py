"""An executed notebook as one self-contained page a language.

Lives here: the nbconvert exporter, its template and style, Markdown, formulas, fonts.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yuyao_lib.reports.page.exporter import PageExporter, page_warnings, render_page
    from yuyao_lib.reports.page.meta import PageMeta, ParameterShown

__all__ = ["PageExporter", "PageMeta", "ParameterShown", "page_warnings", "render_page"]


def __getattr__(name: str) -> Any:
    """Load a public name on first use: what writes an index needs no nbconvert."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "meta" if name in {"PageMeta", "ParameterShown"} else "exporter"
    return getattr(import_module(f"{__name__}.{home}"), name)
