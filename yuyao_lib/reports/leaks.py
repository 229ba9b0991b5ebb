"""The scan of finished files: what must not leave is looked for in what is about to.

Identity numbers (ISO 7064 check digit; the old form of 15 digits by its date of birth),
credit codes (GB 32100 check character), mobile numbers, pseudonyms, keys, passwords,
places on the machine and tracebacks in every page; in pages of own data also raw ids,
hashes of unknown origin, columns and words left out of the mapping, printed frames, and
data in pictures. A verdict names the file and the kind, never the value.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from yuyao_lib.findings import Verdict
from yuyao_lib.paths import project_root
from yuyao_lib.reports.leak_parts import Parts
from yuyao_lib.sources.own.identity import is_credit_code, is_identity
from yuyao_lib.sources.own.raw_marks import RawMarks
from yuyao_lib.vocabulary import Text

__all__ = ["kinds_in", "redacted", "redacted_values", "scan"]

EDGE, END = r"(?<![0-9A-Za-z.])", r"(?![0-9A-Za-z])"
REGIONS = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]|9[019])"
PLACE = "folder of this machine"
HELP = {
    PLACE: (
        "name folders from the project's folder, such as data/own/payrolls",
        "请用相对于项目文件夹的路径，例如 data/own/payrolls",
    )
}
IN_CHINESE = {
    "identity number": "身份证号", "identity number of 15 digits": "15 位身份证号",
    "credit code": "统一社会信用代码", "telephone number": "电话号码",
    "pseudonym of a person or employer": "人员或单位的替代编号",
    "place on the machine": "本机路径", PLACE: "本机文件夹", "secret": "密钥或口令",
    "secret of this machine": "本机密钥", "traceback": "错误追踪",
    "formula in a CSV file": "CSV 文件中的公式", "hash of unknown origin": "来源不明的哈希值",
    "raw identifier": "原始编号", "column that the mapping leaves out": "映射未列入的列",
    "value of a column that the mapping leaves out": "映射未列入的列中的内容",
    "printed rows of a table": "直接打印的表格行",
    "data in a picture that is not drawn": "图片中未绘出的数据",
}  # fmt: skip
HASH = re.compile(rf"{EDGE}(?:[0-9a-f]{{32}}|[0-9a-f]{{40}}|[0-9a-f]{{64}}){END}", re.I)
TOKEN = re.compile(r"[0-9A-Za-z一-鿿-]+")
PRINTED = re.compile(r"(?m)^(?:\d+ {2,}\S.*\n?){3,}")


def _check_identity(text: str) -> bool:
    """Whether 18 characters, spaced or not, are an identity number."""
    return is_identity(re.sub(r"[ -]", "", text).upper())


def _always(text: str) -> bool:
    """Accept every match."""
    return True


SHAPES: dict[str, tuple[re.Pattern[str], Callable[[str], bool]]] = {
    "identity number": (
        re.compile(rf"{EDGE}[1-9]\d{{5}}[ -]?\d{{8}}[ -]?\d{{3}}[\dXx]{END}"), _check_identity,
    ),
    "identity number of 15 digits": (
        re.compile(rf"{EDGE}{REGIONS}\d{{4}}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}{END}"),
        _always,
    ),
    "credit code": (re.compile(rf"{EDGE}[1-9A-Y][1239]\d{{6}}[0-9A-Y]{{10}}{END}"), is_credit_code),
    "telephone number": (
        re.compile(rf"{EDGE}(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{{4}}[ -]?\d{{4}}{END}(?!\.\d)"), _always,
    ),
    "pseudonym of a person or employer": (re.compile(r"\b[A-Z]-[0-9a-f]{20}\b"), _always),
    "place on the machine": (
        re.compile(
            r"(?<![\w.:/-])/(?:home|Users|root|tmp|private|mnt|media|srv)/[\w.~-]+"
            r"|\b[A-Za-z]:\\+(?:Users|Documents|Windows)\\|file://"
        ),
        _always,
    ),
    "secret": (
        re.compile(
            r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b"
            r"|\bgh[pousr]_\w{30,}|\bsk-[\w-]{20,}"
            r"|://[^\s/:@]+:[^\s/@]+@"
            r"|(?i:\b\w*(?:password|passwd|secret|token|api_?key)\s*[=:]\s*[\"']?[\w+/=-]{8,})"
        ),
        _always,
    ),
    "traceback": (re.compile(r"Traceback \(most recent call last\)"), _always),
}  # fmt: skip


def kinds_in(text: str) -> Iterator[str]:
    """Yield each kind of thing in a text that must not leave.

    Examples
    --------
    >>> list(kinds_in("no. 11010519491231002X, call 13800138000"))
    ['identity number', 'telephone number']
    >>> list(kinds_in("p = 0.110105194912310021, n = 13,800,138,000"))
    []
    """
    for kind, (shape, holds) in SHAPES.items():
        if any(holds(found[0]) for found in shape.finditer(text)):
            yield kind
    if any(mark in text for mark in _places()):
        yield PLACE
    if any(mark in text for mark in _secrets()):
        yield "secret of this machine"


def _places() -> list[str]:
    """Return the folders of this user and project."""
    return [place for place in (str(Path.home()), str(project_root())) if len(place) >= 6]


def _secrets() -> list[str]:
    """Return the secret key, wherever it is kept."""
    marks = [os.environ.get("YUYAO_KEY", "").strip()]
    named = os.environ.get("YUYAO_KEY_FILE")
    if named and Path(named).is_file():
        marks.append(Path(named).read_text(encoding="utf-8", errors="replace").strip())
    return [mark for mark in marks if len(mark) >= 6]


def redacted(text: str) -> str:
    """Return a text for a log or an error page, without what must not leave.

    Examples
    --------
    >>> redacted("row 3: got '11010519491231002X'")
    "row 3: got '[identity number removed]'"
    """
    for kind, (shape, holds) in SHAPES.items():
        if kind == "traceback":
            continue
        for found in {m[0] for m in shape.finditer(text) if holds(m[0])}:
            text = text.replace(found, f"[{kind} removed]")
    for mark in [*_places(), *_secrets()]:
        text = text.replace(mark, "[place removed]")
    return text


def redacted_values(values: Any) -> Any:
    """Return plain JSON values with every text redacted.

    Examples
    --------
    >>> redacted_values({"why": ["got 13800138000"], "n": 13800138000})
    {'why': ['got [telephone number removed]'], 'n': 13800138000}
    """
    if isinstance(values, dict):
        return {key: redacted_values(value) for key, value in values.items()}
    if isinstance(values, list | tuple):
        return [redacted_values(value) for value in values]
    return redacted(values) if isinstance(values, str) else values


def scan(
    name: str,
    parts: Parts,
    *,
    own: bool = False,
    marks: RawMarks | None = None,
    known_hashes: Iterable[str] = (),
) -> list[Verdict]:
    """Return a verdict for each kind of leak in a finished file.

    Parameters
    ----------
    name
        Name of the file.
    parts
        The file taken apart.
    own
        Whether it was made from own data.
    marks
        What the own files hold that must not leave them.
    known_hashes
        Digests that may stand there: of files, of the page, of the revision.
    """
    whole = "\n".join(parts.texts)
    kinds = list(kinds_in(whole))
    kinds += ["formula in a CSV file"] if parts.formulas else []
    kinds += [f"embedded data of the kind {kind}" for kind in parts.strange]
    if own:
        kinds += _own_kinds(parts, whole, marks or RawMarks(), known_hashes)
    return [_verdict(name, kind) for kind in dict.fromkeys(kinds)]


def _own_kinds(
    parts: Parts, whole: str, marks: RawMarks, known_hashes: Iterable[str]
) -> Iterator[str]:
    """Yield kinds of leaks that only own data can have."""
    known = {digest.lower() for digest in known_hashes if digest}
    if any(found[0].lower() not in known for found in HASH.finditer(whole)):
        yield "hash of unknown origin"
    tokens = set(TOKEN.findall(whole))
    if tokens & marks.ids:
        yield "raw identifier"
    cells = {cell for cell in parts.cells if cell}
    if cells & marks.headers:
        yield "column that the mapping leaves out"
    if cells & marks.words:
        yield "value of a column that the mapping leaves out"
    if parts.frames or any(PRINTED.search(text) for text in parts.texts):
        yield "printed rows of a table"
    if any(parts.hovers):
        yield "data in a picture that is not drawn"


def _verdict(name: str, kind: str) -> Verdict:
    """Word a leak without its value."""
    en, zh = HELP.get(
        kind, ("remove it from the notebook or its table", "请从笔记本或其来源表中删除")
    )
    why = Text(
        f"leak: {name} holds what must not leave ({kind}); {en}.",
        f"泄露：{name} 含有不得外传的内容（{IN_CHINESE.get(kind, kind)}）；{zh}。",
    )
    return Verdict(name, f"leak: {kind}", why)
