"""The last gate: what goes among the published files is scanned as it is written.

Pages of reports are scanned where they are made, with what their own files hold; only what
has the digest that was scanned then is let in. The index, the pasts, the tables of all
findings, the summary and the manifests are made from scanned parts and scanned once more
here, as whole files.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

from yuyao_lib.errors import DisclosureError
from yuyao_lib.reports.leak_parts import Parts, parts_of_csv, parts_of_table, parts_of_values
from yuyao_lib.reports.leaks import scan
from yuyao_lib.reports.whole_files import write_whole

__all__ = ["PUBLISHED_KINDS", "let_in", "look_at", "parts_of_own_template"]

EMBEDDED = re.compile(r"data:[\w.+/;=-]*,", re.I)
TAG = re.compile(r"<[^>]*>")
ATTRIBUTE = re.compile(r"=\"([^\"]*)\"|='([^']*)'|=([^\s\"'>]+)")
COMMENT = re.compile(r"<!--(.*?)-->|/\*(.*?)\*/", re.S)
STYLE = re.compile(r"<style.*?</style>", re.S)


def parts_of_own_template(html: str) -> Parts:
    """Take apart a page of one of our own templates, which embeds nothing.

    Examples
    --------
    >>> parts_of_own_template('<p title="a">b&amp;c</p>').texts
    ['b&c', 'a']
    """
    parts = Parts()
    plain = STYLE.sub("", html)
    if EMBEDDED.search(plain):
        parts.strange.append("embedded data")
    parts.say(unescape(TAG.sub("\n", plain)).strip())
    parts.say(unescape("\n".join(a or b or c for a, b, c in ATTRIBUTE.findall(plain))))
    parts.say("\n".join(a or b for a, b in COMMENT.findall(html)))
    return parts


def _parts_of_parquet(content: bytes) -> Parts:
    """Take a Parquet file apart."""
    import io

    import pyarrow.parquet as pq

    return parts_of_table(pq.read_table(io.BytesIO(content)))


def _parts_of_json(content: str) -> Parts:
    """Take a JSON file apart."""
    import json

    return parts_of_values(json.loads(content))


PUBLISHED_KINDS: dict[str, Callable[[Any], Parts]] = {
    ".html": parts_of_own_template, ".csv": parts_of_csv, ".json": _parts_of_json,
    ".parquet": _parts_of_parquet,
}  # fmt: skip


def let_in(path: Path, content: str | bytes, *, scanned: str | bytes | None = None) -> None:
    """Write a file among the published ones, if it holds nothing that must not leave.

    Parameters
    ----------
    path
        Below the published folder; its kind must be one that can be scanned.
    content
        What to write.
    scanned
        What is scanned in its place, such as a page before its letters are put in.

    Raises
    ------
    DisclosureError
        If the scan finds something; the file that was there stays.
    """
    look_at(path, content if scanned is None else scanned)
    write_whole(path, content)


def look_at(path: Path, content: str | bytes) -> None:
    """Scan what is to stand among the published files.

    Raises
    ------
    DisclosureError
        If the scan finds something, or cannot read files of this kind.

    Examples
    --------
    >>> look_at(Path("rows.xlsx"), b"")
    Traceback (most recent call last):
    yuyao_lib.errors.DisclosureError: rows.xlsx is not published: its kind cannot be scanned.
    """
    read = PUBLISHED_KINDS.get(path.suffix)
    if read is None:
        raise DisclosureError(f"{path.name} is not published: its kind cannot be scanned.")
    verdicts = scan(path.name, read(content))
    if verdicts:
        raise DisclosureError.of([verdict.why.en for verdict in verdicts])
