"""One house style for figures: colours, type, fonts, and pictures as text or pixels.

Pictures that are text know a light and a dark set of colours and follow the page they
stand on; paper is light. All letters come from one installed font, the one the pages use
for tables, so that a figure looks as if it belonged to its page; a character it lacks is
taken from matplotlib's own font, and one that neither has stops the run.
"""

from __future__ import annotations

import base64
import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from yuyao_lib.errors import RenderError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["COLOURS", "DARK", "figure_style", "new_figure", "picture"]

# Okabe and Ito (2008): told apart in the common forms of colour blindness.
COLOURS = {
    "ink": "#1f2a37",
    "quiet": "#5b6776",
    "grid": "#dde3ea",
    "blue": "#0072b2",
    "orange": "#d55e00",
    "green": "#007a5e",
    "purple": "#8a4f7d",
    "sky": "#56b4e9",
    "card": "#ffffff",
}
# The same roles on a dark page, light enough for thin lines.
DARK = {
    "ink": "#e9e6df",
    "quiet": "#aeb7c2",
    "grid": "#38424e",
    "blue": "#4fa8e0",
    "orange": "#f28c3f",
    "green": "#3fba95",
    "purple": "#cf93c3",
    "sky": "#a9dbf8",
    "card": "#1b2129",
}
# behind words that lie on lines or bars, so that they can be read
ON_CARD = {"facecolor": COLOURS["card"], "edgecolor": "none", "alpha": 0.85, "pad": 1.2}
CYCLE = ("blue", "orange", "green", "purple", "sky")
SVG_LIMIT = 28_000  # characters; beyond this a picture may be smaller as pixels
PNG_COLOURS = 128
PNG_DPI, TALL_DPI, TALL = 150, 100, 8.0  # a picture taller than these inches is one of many words
AS_IT_IS = " !$'()*+,/:;<=>?@[]{}|~"  # what an address in an attribute need not encode
FAMILIES = ("Noto Sans SC", "DejaVu Sans")
COARSER = 16  # times: the grid on which letters are drawn
NARROW = str.maketrans("‘’“”", "''\"\"")  # the font sets these a full square wide


@cache
def _add_font() -> None:
    """Make the installed font known to matplotlib."""
    from importlib.resources import files

    from matplotlib import font_manager

    path = files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf"
    font_manager.fontManager.addfont(str(path))


def _settings() -> dict[str, Any]:
    """Return the rcParams of the house style."""
    from cycler import cycler

    return {
        "font.family": list(FAMILIES),
        "font.size": 10.5,
        "axes.unicode_minus": True,
        "axes.edgecolor": COLOURS["quiet"],
        "axes.labelcolor": COLOURS["ink"],
        "axes.labelpad": 6.0,
        "axes.prop_cycle": cycler(color=[COLOURS[name] for name in CYCLE]),
        "axes.spines.right": False,
        "axes.spines.top": False,
        "figure.facecolor": COLOURS["card"],
        "axes.facecolor": COLOURS["card"],
        "figure.dpi": 110,
        "grid.color": COLOURS["grid"],
        "grid.linewidth": 0.8,
        "legend.frameon": False,
        "lines.linewidth": 1.8,
        "savefig.facecolor": COLOURS["card"],
        "svg.fonttype": "path",
        "svg.hashsalt": "yuyao",
        "text.color": COLOURS["ink"],
        "xtick.color": COLOURS["quiet"],
        "ytick.color": COLOURS["quiet"],
    }


@contextmanager
def figure_style() -> Iterator[None]:
    """Draw in the house style, and turn a missing character into an error."""
    import matplotlib as mpl
    import seaborn as sns

    _add_font()
    with (
        warnings.catch_warnings(),
        mpl.rc_context(),
        sns.axes_style("ticks", rc=_settings()),
        mpl.rc_context(_settings()),
    ):
        warnings.filterwarnings("error", message=r"Glyph .* missing from")
        try:
            yield
        except UserWarning as missing:
            raise RenderError(f"a character of a figure has no glyph: {missing}") from missing


def new_figure(*, width: float = 7.2, height: float = 4.0) -> Figure:
    """Return an empty figure that no window or global state knows of."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def picture(figure: Figure, *, alt: str) -> str:
    """Return a figure as an HTML image: SVG, or PNG where that is smaller; always described.

    Raises
    ------
    RenderError
        If the description is empty.
    """
    from html import escape

    if not alt.strip():
        raise RenderError("a figure needs a description of what it shows.")
    _narrow_quotes(figure)
    _lay_out(figure)
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    svg = _lean(buffer.getvalue())
    data, kind = f",{_as_address(_in_both_lights(svg))}", "svg+xml"
    if len(svg) > SVG_LIMIT:
        pixels = f";base64,{base64.b64encode(_pixels(figure)).decode()}"
        if len(pixels) < len(data):
            data, kind = pixels, "png"
    width, height = (round(v * 96) for v in figure.get_size_inches())
    return (
        f'<img alt="{escape(alt, quote=True)}" width="{width}" height="{height}"'
        f' class="{kind[:3]}" src="data:image/{kind}{data}">'
    )


def _lay_out(figure: Figure) -> None:
    """Give everything its place once, by what the letters measure as SVG.

    Left to `savefig`, a figure is drawn once more for nothing and laid out at every draw,
    which is a quarter of what a picture takes.
    """
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    engine = figure.get_layout_engine()
    if engine is not None:
        FigureCanvasSVG(figure)
        engine.execute(figure)
        figure.set_layout_engine("none")


def _as_address(svg: str) -> str:
    """Write a picture as an address in double quotes, a third shorter than in base 64."""
    single = svg if "'" in svg else svg.replace('"', "'")
    return quote(single, safe=AS_IT_IS)


def _pixels(figure: Figure) -> bytes:
    """Return a figure as a PNG of few colours: flat areas and lines need no more."""
    from PIL import Image

    drawn, small = io.BytesIO(), io.BytesIO()
    dpi = TALL_DPI if figure.get_size_inches()[1] > TALL else PNG_DPI
    figure.savefig(drawn, format="png", dpi=dpi, transparent=True, metadata={"Software": None})
    with Image.open(drawn) as image:
        few = image.convert("RGBA").quantize(PNG_COLOURS, method=Image.Quantize.FASTOCTREE)
        few.save(small, format="png", optimize=True)
    return small.getvalue()


def _narrow_quotes(figure: Figure) -> None:
    """Write quotation marks plainly where no Chinese character stands beside them."""
    from matplotlib.text import Text as Label

    for label in figure.findobj(Label):
        words = label.get_text()
        if words.isascii() or re.search(r"[\u2e80-\u9fff]", words):
            continue
        label.set_text(words.translate(NARROW))


def _in_both_lights(svg: str) -> str:
    """Let a picture follow the light or dark of the page that shows it."""
    for name, light in COLOURS.items():
        svg = svg.replace(f": {light}", f":var(--{name})")
    svg = re.sub(r'(?<=style=")[^"]*', lambda m: re.sub(r"([:;]) ", r"\1", m[0]), svg)
    light, dark = (
        ";".join(f"--{name}:{colour}" for name, colour in held.items()) for held in (COLOURS, DARK)
    )
    letters = f"path[id^=n]{{transform:scale({0.015625 * COARSER:g})}}"
    rule = f"svg{{{light}}}@media (prefers-color-scheme:dark){{svg{{{dark}}}}}{letters}"
    return svg.replace(">", f"><style>{rule}</style>", 1)


def _lean(svg: str) -> str:
    """Drop what a reader does not need: declarations, comments, metadata, needless digits."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S)
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.S)
    svg = re.sub(r"\b([1-9]\d*\.\d{2})\d+", r"\1", svg)  # not scales, which are below one
    svg = re.sub(r'(?<=<g) id="[^"]*"', "", svg)  # nothing refers to a group
    svg = (
        svg.replace("xlink:href", "href")
        .replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")
        .replace("NotoSansSC-Regular-", "n")
    )
    svg = re.sub(  # one rule for the scale of all letters: see `_in_both_lights`
        r'(?<=id="n)([^"]*" d=")([^"]*)" transform="scale\(0\.015625\)"',
        lambda m: f'{m[1]}{_from_point_to_point(m[2])}"',
        svg,
    )
    svg = re.sub(r'(?<=\bd=")[^"]*', lambda path: re.sub(r"\s*([A-Za-z])\s*", r"\1", path[0]), svg)
    return re.sub(r">\s+<", "><", re.sub(r"\s*\n\s*", " ", svg.strip()))


def _from_point_to_point(path: str) -> str:
    """Write the outline of a letter by steps, which are shorter than places, on a coarser grid.

    A letter is 6,400 units high there and 400 here, finer than what a screen or a printer shows.

    Examples
    --------
    >>> _from_point_to_point("M 243 2144 L 3315 2144 L 3315 2579 z ")
    'm15 134l192 0l0 27z'
    """
    at, start, made = (0, 0), (0, 0), []
    for command, numbers in re.findall(r"([MLCQz])([-\d\s]*)", path):
        values = [round(int(v) / COARSER) for v in numbers.split()]
        points = list(zip(values[::2], values[1::2], strict=True))
        steps = (v for x, y in points for v in (x - at[0], y - at[1]))
        made.append(command.lower() + " ".join(map(str, steps)).replace(" -", "-"))
        at = start if command == "z" else points[-1]
        start = at if command == "M" else start
    return "".join(made)
