"""The letters of a page as fonts inside it, so that it looks and reads the same everywhere.

Two faces of one design, both from an installed package: Noto Serif SC for running text in
English and for Chinese headings, Noto Sans SC for tables, figures and Chinese text. Each
is cut down to what a page shows. Signs that Chinese sets a full square wide, such as
quotation marks, stand narrow between Latin letters.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from html import unescape
from importlib.metadata import version
from pathlib import Path
from string import ascii_letters, digits, punctuation
from typing import TYPE_CHECKING, Any

from yuyao_lib.errors import RenderError
from yuyao_lib.reports.whole_files import write_whole
from yuyao_lib.vocabulary import Language

if TYPE_CHECKING:
    import uharfbuzz as hb
    from fontTools.ttLib import TTFont

__all__ = ["SANS", "SERIF", "page_fonts", "remember_in"]

SERIF, SANS = "Yuyao Serif", "Yuyao Sans"
FILES = {SERIF: "NotoSerifSC-Regular.otf", SANS: "NotoSansSC-Regular.otf"}
UPRIGHT = ("vhea", "vmtx", "VORG", "BASE")  # of no use to text that runs from left to right
CUT = 3  # raise when fonts are cut in another way
CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
# Every page carries these, so that the pages of a plan share two cut fonts a language.
ALWAYS = ascii_letters + digits + punctuation + " \xa0–—‘’“”…−×·±≤≥≈°αβγδελμρσττφ中文"
CHINESE_TOO = "“”‘’…—·"  # full squares are right for these among Chinese characters
PROMINENT = re.compile(r'<(h1|h2)\b.*?</\1>|<p class="(?:lead|number)">.*?</p>', re.S)
HIDDEN = re.compile(r'"data:[^"]*"|<style>.*?</style>|<[^>]*>', re.S)

_memory: list[Path] = []


def remember_in(folder: Path) -> None:
    """Keep cut fonts in a folder: reports of one notebook show nearly the same characters."""
    _memory[:] = [folder]


def page_fonts(html: str, language: Language) -> str:
    """Return ``@font-face`` rules with just the characters a page shows.

    Raises
    ------
    RenderError
        If a Chinese character is not in the installed fonts.
    """
    everywhere = _shown(html)
    prominent = _shown(" ".join(m[0] for m in PROMINENT.finditer(html)))
    serif = prominent if language == "zh" else {c for c in everywhere if not CHINESE.match(c)}
    return _face(SERIF, serif, language) + _face(SANS, everywhere, language)


def _shown(html: str) -> set[str]:
    """Return the characters a reader sees."""
    return {c for c in unescape(HIDDEN.sub(" ", html)) if c.isprintable()}


def _face(family: str, characters: set[str], language: Language) -> str:
    """Write one face as a rule."""
    wanted = "".join(sorted(characters | set(ALWAYS)))
    data = base64.b64encode(_remembered(family, wanted, language)).decode()
    return (
        f'@font-face{{font-family:"{family}";font-display:block;'
        f'src:url("data:font/woff;base64,{data}") format("woff")}}'
    )


def _remembered(family: str, characters: str, language: Language) -> bytes:
    """Cut a font, or take the one that was cut for the same characters before."""
    if not _memory:
        return _cut(family, characters, language)
    release = version("pylopdf-fonts-zh-cn")
    told = f"{release} {CUT} {family} {language} {characters}"
    path = _memory[0] / f"{hashlib.sha256(told.encode()).hexdigest()}.woff"
    if path.is_file():
        return path.read_bytes()
    font = _cut(family, characters, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, font)
    return font


@lru_cache(maxsize=8)
def _cut(family: str, characters: str, language: Language) -> bytes:
    """Cut an installed font down to some characters."""
    import uharfbuzz as hb

    face = _installed(family)
    _refuse_missing(face, characters)
    narrow, wide = _full_squares(face, characters, language)
    wanted = hb.SubsetInput()
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.DESUBROUTINIZE
    wanted.unicode_set.set({ord(c) for c in characters})
    wanted.glyph_set.set(set(narrow.values()))
    wanted.layout_feature_tag_set.set({_tag("kern")})
    wanted.drop_table_tag_set.update({_tag(name) for name in UPRIGHT})
    plan = hb.SubsetPlan(face, wanted)
    places = plan.old_to_new_glyph_mapping
    narrow_now = {char: places[glyph] for char, glyph in narrow.items()}
    return _as_woff(plan.execute().blob.data, narrow_now, wide)


def _tag(name: str) -> int:
    """Return a tag of OpenType as HarfBuzz counts it."""
    return int.from_bytes(name.encode("ascii"), "big")


@cache
def _installed(family: str) -> hb.Face:
    """Open an installed font; it is read where needed, never whole."""
    from importlib.resources import files

    import uharfbuzz as hb

    path = files("pylopdf_fonts_zh_cn") / FILES[family]
    try:
        return hb.Face(hb.Blob.from_file_path(str(path)))
    except hb.HarfBuzzError as error:
        what = f"the font {FILES[family]} cannot be read, without which no page can be made"
        raise RenderError(f"{what}; yuyao doctor says what helps.") from error


def _refuse_missing(face: hb.Face, characters: str) -> None:
    """Stop when a Chinese character would be shown as an empty box."""
    known = face.unicodes
    missing = [c for c in characters if CHINESE.match(c) and ord(c) not in known]
    if missing:
        shown = " ".join(f"{c} (U+{ord(c):04X})" for c in missing)
        raise RenderError(f"the page's font has no glyph for: {shown}.")


def _full_squares(
    face: hb.Face, characters: str, language: Language
) -> tuple[dict[str, int], list[str]]:
    """Return signs as wide as a full square with the font's narrow form; and those without."""
    import uharfbuzz as hb

    font, narrow, without = hb.Font(face), dict[str, int](), list[str]()
    for char in characters:
        glyph = font.get_nominal_glyph(ord(char))
        right_so = CHINESE.match(char) or (language == "zh" and char in CHINESE_TOO)
        if right_so or glyph is None or font.get_glyph_h_advance(glyph) < face.upem:
            continue
        text = hb.Buffer()
        text.add_str(char)
        text.guess_segment_properties()
        hb.shape(font, text, {"pwid": True})
        form = text.glyph_infos[0].codepoint
        if form == glyph:
            without.append(char)
        else:
            narrow[char] = form
    return narrow, without


def _as_woff(cut: bytes, narrow: dict[str, int], wide: Iterable[str]) -> bytes:
    """Point signs at their narrow forms, trim those that have none, and compress the font."""
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(cut), recalcBBoxes=False, recalcTimestamp=False)
    for table in font["cmap"].tables:
        held = getattr(table, "cmap", {})
        held |= {ord(c): font.getGlyphName(n) for c, n in narrow.items() if ord(c) in held}
    _trim(font, wide)
    font.flavor = "woff"
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def _trim(font: TTFont, characters: Iterable[str], bearing: int = 60) -> None:
    """Set signs that have only a full-square form as wide as they are drawn."""
    from fontTools.pens.boundsPen import BoundsPen
    from fontTools.pens.t2CharStringPen import T2CharStringPen
    from fontTools.pens.transformPen import TransformPen

    drawn, known = font.getGlyphSet(), font.getBestCmap()
    outlines: Any = font["CFF "].cff.topDictIndex[0].CharStrings
    for char in characters:
        name = known[ord(char)]
        bounds = BoundsPen(drawn)
        drawn[name].draw(bounds)
        left, _, right, _ = bounds.bounds or (0, 0, 500, 0)
        pen = T2CharStringPen(None, None)
        drawn[name].draw(TransformPen(pen, (1, 0, 0, 1, bearing - left, 0)))
        old = outlines[name]
        outlines[name] = pen.getCharString(old.private, old.globalSubrs)
        font["hmtx"][name] = (round(right - left) + 2 * bearing, bearing)
