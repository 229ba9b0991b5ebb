"""An executed notebook as one self-contained page a language.

Lives here: the nbconvert exporter, its template and style, Markdown, formulas, fonts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from yuyao_lib.on_first_use import loader

if TYPE_CHECKING:
    from yuyao_lib.reports.page.exporter import PageExporter, page_warnings, render_page
    from yuyao_lib.reports.page.meta import PageMeta, ParameterShown

__all__ = ["PageExporter", "PageMeta", "ParameterShown", "page_warnings", "render_page"]

_HERE = {"PageMeta": "meta", "ParameterShown": "meta"}
# what writes an index needs no nbconvert
__getattr__ = loader(
    __name__, {name: f"{__name__}.{_HERE.get(name, 'exporter')}" for name in __all__}
)
