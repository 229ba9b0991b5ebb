"""An executed notebook as one self-contained page a language.

Lives here: the nbconvert exporter, its template and style, Markdown, formulas, fonts.
"""

from yuyao_lib.reports.page.exporter import PageExporter, page_warnings, render_page
from yuyao_lib.reports.page.meta import PageMeta, ParameterShown

__all__ = ["PageExporter", "PageMeta", "ParameterShown", "page_warnings", "render_page"]
