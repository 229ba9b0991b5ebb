"""Slides of a notebook: a section begins one, what is shown stands below it."""

import re

from nbconvert.exporters import SlidesExporter
from nbformat import v4

from yuyao_lib.reports.slides import Sections


def book():
    shown = v4.new_output("display_data", {"text/html": "<p>seen</p>", "text/plain": "seen"})
    kept = v4.new_markdown_cell("own words", metadata={"slideshow": {"slide_type": "notes"}})
    return v4.new_notebook(cells=[
        v4.new_markdown_cell("# Question"), v4.new_code_cell("x = 1"),
        v4.new_markdown_cell("## The finding"), v4.new_code_cell("show()", outputs=[shown]),
        v4.new_markdown_cell("and more of it"), kept,
    ])  # fmt: skip


def test_sections_begin_slides_and_what_shows_nothing_stays_off() -> None:
    made, _ = Sections().preprocess(book(), {})
    kinds = [cell.metadata["slideshow"]["slide_type"] for cell in made.cells]
    assert kinds == ["slide", "skip", "slide", "subslide", "-", "notes"]


def test_nbconvert_takes_them_up() -> None:
    name = "yuyao_lib.reports.slides.Sections"
    plain, _ = SlidesExporter().from_notebook_node(book())
    made, _ = SlidesExporter(preprocessors=[name]).from_notebook_node(book())
    counts = [len(re.findall(r"<section>\s*<section>", html)) for html in (plain, made)]
    assert counts == [1, 2]
    assert len(re.findall("<section>", made)) == 2 + 3  # two sections, three slides in them
