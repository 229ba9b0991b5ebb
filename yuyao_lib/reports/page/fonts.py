"""The characters of a page as a font inside it, so that Chinese reads everywhere."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from yuyao_lib.errors import RenderError

__all__ = ["chinese_font", "remember_in"]

WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")


_memory: list[Path] = []


def remember_in(folder: Path) -> None:
    """Keep cut fonts in a folder: reports of one notebook show nearly the same characters."""
    _memory[:] = [folder]


def chinese_font(html: str) -> str:
    """Return an ``@font-face`` rule with just the Chinese characters a page shows.

    Raises
    ------
    RenderError
        If a character is not in the installed font.
    """
    wanted = "".join(sorted(set(WIDE.findall(re.sub(r'"data:[^"]*"', "", html)))))
    if not wanted:
        return ""
    data = base64.b64encode(_remembered(wanted)).decode()
    return (
        '@font-face{font-family:"Yuyao Sans SC";font-display:block;'
        "unicode-range:U+2E80-9FFF,U+F900-FAFF,U+FF00-FFEF,U+3000-303F;"
        f'src:url("data:font/woff;base64,{data}") format("woff")}}'
    )


def _remembered(characters: str) -> bytes:
    """Cut a font, or take the one that was cut for the same characters before."""
    if not _memory:
        return _subset(characters)
    release = version("pylopdf-fonts-zh-cn")
    name = hashlib.sha256(f"{release} {characters}".encode()).hexdigest()
    path = _memory[0] / f"{name}.woff"
    if path.is_file():
        return path.read_bytes()
    font = _subset(characters)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    draft.write_bytes(font)
    draft.replace(path)
    return font


@lru_cache(maxsize=8)
def _subset(characters: str) -> bytes:
    """Cut the installed Noto Sans SC down to some characters."""
    from importlib.resources import files

    from fontTools import subset

    options = subset.Options()
    options.flavor, options.hinting, options.layout_features = "woff", False, []
    options.desubroutinize = True
    path = files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf"
    font = subset.load_font(str(path), options, lazy=True)
    missing = set(map(ord, characters)) - set(font.getBestCmap())
    if missing:
        shown = " ".join(f"{chr(code)} (U+{code:04X})" for code in sorted(missing))
        raise RenderError(f"the page's font has no glyph for: {shown}.")
    cutter = subset.Subsetter(options)
    cutter.populate(text=characters)
    cutter.subset(font)
    font.recalcTimestamp = False
    buffer = io.BytesIO()
    subset.save_font(font, buffer, options)
    return buffer.getvalue()
