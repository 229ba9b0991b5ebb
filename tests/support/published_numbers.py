"""Everything that a folder of published pages tells in numbers, and what two of them tell together.

An attack in the hands of a curious reader: he has both folders, and nothing of the data.
"""

import base64
import csv
import html
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?")
DOWNLOAD = re.compile(r'href="data:text/csv[^"]*base64,([^"]*)"')
HIDDEN = re.compile(r"<(style|script|svg).*?</\1>|data:[^\"')]*", re.S)
Place = tuple[object, ...]


def numbers_in(folder: Path) -> dict[Place, float | str]:
    """Return every number of findings, tables, figures, descriptions and sentences by its place.

    A place is what stands around it, so that the same number is found in another folder.
    """
    found: dict[Place, float | str] = {}
    table = pd.read_csv(folder / "findings.csv")
    for row in table.to_dict("records"):
        for name in ("estimate", "low", "high", "standard_error", "p_value", "n", "clusters"):
            if pd.notna(row[name]):
                found["finding", row["id"], name] = float(row[name])
    for page in sorted([*folder.glob("*.html"), *folder.glob("history/*.html")]):
        found |= {(page.name, *place): value for place, value in _of_page(page.read_text("utf-8"))}
    return found


def _of_page(text: str) -> Iterator[tuple[Place, float | str]]:
    """Yield the place and value of every number of a page."""
    for number, packed in enumerate(DOWNLOAD.findall(text)):
        rows = csv.reader(io.StringIO(base64.b64decode(packed).decode("utf-8-sig")))
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                for at, value in enumerate(NUMBER.findall(cell)):
                    yield ("csv", number, row, column, at), _value(value)
    for number, path in enumerate(re.findall(r'<path[^>]*\bd="([^"]*)"', text)):
        yield ("path", number), path
    described = re.findall(r'(?:alt|title|aria-label)="([^"]*)"', text)
    lines = html.unescape(re.sub(r"<[^>]*>", "\n", HIDDEN.sub("", text))).split("\n")
    seen: Counter[str] = Counter()
    for line in [*map(html.unescape, described), *lines]:
        around = NUMBER.sub("#", line).strip()[:70]
        seen[around] += 1
        for at, value in enumerate(NUMBER.findall(line)):
            yield ("text", around, seen[around], at), _value(value)


def _value(text: str) -> float:
    """Read a number as it is written."""
    return float(text.replace(",", "").replace("−", "-"))


def isolating(before: Path, after: Path, *, persons: int = 10) -> set[str]:
    """Return the findings that both folders tell, differently, of samples that differ by few.

    With counts n and m and means a and b, n a less m b is then about fewer than `persons`.
    """
    one, other = numbers_in(before), numbers_in(after)
    found = set()
    for place, value in one.items():
        if place[0] != "finding" or place[2] != "estimate" or other.get(place, value) == value:
            continue
        for count in ("n", "clusters"):
            sizes = [held.get(("finding", place[1], count)) for held in (one, other)]
            if None not in sizes and abs(float(sizes[0]) - float(sizes[1])) < persons:
                found.add(str(place[1]))
    return found
