"""A page leaves the screen whole: as a PDF on A4, with its finding and without its code."""

import re
import zlib

import pytest

pytestmark = pytest.mark.browser


def test_a_page_becomes_a_pdf(outputs, chromium) -> None:
    page = chromium.new_page()
    page.goto((outputs / "published" / "scorecard.en.html").resolve().as_uri())
    made = page.pdf(format="A4", tagged=True, print_background=True)
    page.close()
    assert made.startswith(b"%PDF-")
    sheets = len(re.findall(rb"/Type\s*/Page\b", made))
    assert 2 <= sheets <= 40
    assert b"/StructTreeRoot" in made  # tagged, for screen readers
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL)
    inked = [s for s in map(inflated, streams) if b"BT" in s and b"ET" in s]
    assert len(inked) >= sheets  # text on every sheet


def inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""
