"""The style sheet of every page: one file, small print left out."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

__all__ = ["style_sheet"]


@cache
def style_sheet() -> str:
    """Return the style sheet without its comments and blank lines."""
    text = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"/\*(?!font).*?\*/", "", text, flags=re.S)).strip()
