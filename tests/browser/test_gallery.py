"""The gallery looks as it did when somebody last looked at it: charts and tables as pictures.

``make pictures`` writes the pictures anew; look at them before committing them.
"""

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from yuyao_lib.display import charts, style
from yuyao_lib.display.gallery import answers, shapes, wording
from yuyao_lib.paths import ROOT

pytestmark = pytest.mark.browser
PICTURES = Path(__file__).parent / "pictures"
LOOKS = {"en": "light", "zh": "dark"}
WIDTH = 360  # pixels of a picture
BLOCK = 12  # side of the squares that are compared, in pixels
TOLERANCE = 9.0  # of 255, mean over a square: edges smoothed otherwise stay below it
NOT_PICTURED = {"assumptions", "provenance"}  # change with parameters and versions
SHOWN = [
    cell["id"]
    for cell in json.loads((ROOT / "docs" / "gallery.ipynb").read_text(encoding="utf-8"))["cells"]
    if cell["cell_type"] == "code" and cell["id"] not in {"parameters", "imports"}
]


@pytest.fixture
def blocks(visit, gallery):
    """Return a function that opens the gallery in a language and finds its exhibits by name."""

    def open_in(language: str):
        page = visit(gallery / f"gallery.{language}.html", scheme=LOOKS[language])
        found = page.locator(".shown")
        assert found.count() == len(SHOWN)
        return {name: found.nth(i) for i, name in enumerate(SHOWN) if name not in NOT_PICTURED}

    return open_in


def picture_of(block) -> Image.Image:
    """Return a small picture of an exhibit."""
    image = Image.open(io.BytesIO(block.screenshot())).convert("RGB")
    return image.resize((WIDTH, round(image.height * WIDTH / image.width)), Image.Resampling.BOX)


def difference(seen: Image.Image, kept: Image.Image) -> float:
    """Return how far two pictures differ in the square where they differ most, 255 if in size."""
    if abs(seen.height - kept.height) > 2:
        return 255.0
    height = min(seen.height, kept.height)
    few = seen.quantize(palette=kept, dither=Image.Dither.NONE)  # the colours that were kept
    pixels = [np.asarray(i.convert("RGB"), "float64")[:height] for i in (few, kept)]
    off = np.abs(pixels[0] - pixels[1]).mean(axis=2)
    off = np.pad(off, ((0, -height % BLOCK), (0, -WIDTH % BLOCK)))
    squares = off.reshape(off.shape[0] // BLOCK, BLOCK, -1, BLOCK).mean(axis=(1, 3))
    return float(squares.max())


def kept_as(name: str, language: str) -> Path:
    return PICTURES / f"{name}.{language}.png"


@pytest.mark.parametrize("language", LOOKS)
def test_every_chart_and_table_looks_as_it_did(blocks, language, pytestconfig) -> None:
    seen = {name: picture_of(block) for name, block in blocks(language).items()}
    if pytestconfig.getoption("--renew-pictures"):
        PICTURES.mkdir(exist_ok=True)
        for old in PICTURES.glob(f"*.{language}.png"):
            old.unlink()
        for name, image in seen.items():
            small = image.quantize(32, dither=Image.Dither.NONE)
            small.save(kept_as(name, language), optimize=True)
    off = {n: difference(image, Image.open(kept_as(n, language))) for n, image in seen.items()}
    far = {name: round(value, 1) for name, value in off.items() if value > TOLERANCE}
    assert not far, "they look otherwise; if that is meant, make pictures and look at them"


def another_value():
    return [replace(r, value=0.13) if r.label.en == "women" else r for r in shapes.RANGES]


def no_interval():
    return [replace(r, low=None, high=None) if r.strong else r for r in shapes.RANGES]


def another_name():
    wrong = wording.names("sides")[0]
    return [replace(r, label=wrong) if r.label.en == "men" else r for r in shapes.RANGES]


@pytest.mark.parametrize("ranges", [another_value, no_interval, another_name, None])
def test_a_chart_that_changed_is_seen(blocks, ranges, monkeypatch) -> None:
    if ranges is None:
        monkeypatch.setitem(style.COLOURS, "blue", style.COLOURS["green"])
    figure, height = charts.forest(
        ranges() if ranges else shapes.RANGES, axis=wording.axis("gap"), band=(0.05, 0.1)
    )
    data = answers.gallery_data()
    html = charts.chart(figure, data, height=height, **wording.words("forest")).html.en
    block = blocks("en")["forest"]
    source = re.search(r'src="([^"]+)"', html)
    block.locator("img").evaluate("(e, s) => { e.src = s; return e.decode() }", source[1])
    assert difference(picture_of(block), Image.open(kept_as("forest", "en"))) > TOLERANCE


@pytest.mark.parametrize("language", LOOKS)
def test_the_gallery_is_as_small_as_any_page(gallery, language) -> None:
    assert (gallery / f"gallery.{language}.html").stat().st_size < 600_000


def test_the_pictures_are_small_and_none_is_left_over() -> None:
    names = {kept_as(n, lang).name for n in SHOWN if n not in NOT_PICTURED for lang in LOOKS}
    assert {p.name for p in PICTURES.glob("*")} == names
    assert max(p.stat().st_size for p in PICTURES.glob("*.png")) < 16_000


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("en", 1280, "light"), ("en", 768, "dark"), ("zh", 390, "dark")],
)
def test_the_gallery_can_be_read_by_all(visit, gallery, language, width, scheme) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = visit(gallery / f"gallery.{language}.html", width=width, scheme=scheme)
    assert page.noted == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    assert [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found] == []
