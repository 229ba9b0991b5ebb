"""The style sheet of every page: one file, small print left out."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

__all__ = ["style_sheet"]


HERE = Path(__file__).parent


@cache
def style_sheet(*, simulated: bool = False) -> str:
    """Return the style sheet without its comments and blank lines.

    Parameters
    ----------
    simulated
        Whether every sheet of paper says that the data are simulated; pages of other data
        do not hold the words at all.
    """
    names = ("page.css", "simulated_paper.css") if simulated else ("page.css",)
    text = "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"/\*(?!font).*?\*/", "", text, flags=re.S)).strip()
