"""The scan of finished files: what must not leave is looked for in what is about to.

Identity numbers (ISO 7064 check digit; the old form of 15 digits by its date of birth),
credit codes (GB 32100 check character), telephone numbers, bank cards (Luhn), pseudonyms,
keys, passwords, places on the machine and tracebacks in every page; in pages of own data
also raw ids, hashes of unknown origin, addresses, columns and words left out of the
mapping, printed frames, and data in pictures. A verdict names the file and the kind, never
the value.
"""

from __future__ import annotations

import getpass
import os
import platform
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yuyao_lib import schema
from yuyao_lib.findings import Verdict
from yuyao_lib.paths import project_root
from yuyao_lib.reports.leak_parts import Parts
from yuyao_lib.reports.leak_shapes import KINDS, matches
from yuyao_lib.reports.own_leaks import own_kinds
from yuyao_lib.reports.whole_files import write_whole
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    from yuyao_lib.sources.own.raw_marks import RawMarks

__all__ = ["drop_secrets", "kinds_in", "redacted", "redacted_values", "scan", "without_values"]

PLACE = "folder of this machine"
HELP = {
    PLACE: (
        "name folders from the project's folder, such as data/own/payrolls",
        "请用相对于项目文件夹的路径，例如 data/own/payrolls",
    )
}
IN_CHINESE = {
    "identity number": "身份证号", "identity number of 15 digits": "15 位身份证号",
    "credit code": "统一社会信用代码", "telephone number": "电话号码", "bank card": "银行卡号",
    "pseudonym of a person or employer": "人员或单位的替代编号",
    "place on the machine": "本机路径", PLACE: "本机文件夹", "secret": "密钥或口令",
    "secret of this machine": "本机密钥", "traceback": "错误追踪",
    "user name of this machine": "本机用户名",
    "name of this machine": "本机名称",
    "marks that turn the order of reading": "改变阅读顺序的字符",
    "formula in a CSV file": "CSV 文件中的公式", "hash of unknown origin": "来源不明的哈希值",
    "raw identifier": "原始编号", "mail address": "电子邮箱",
    "column that the mapping leaves out": "映射未列入的列",
    "value of a column that the mapping leaves out": "映射未列入的列中的内容",
    "printed rows of a table": "直接打印的表格行",
    "data in a picture that is not drawn": "图片中未绘出的数据",
}  # fmt: skip
REMOVED = "[value removed]"
QUOTED = re.compile(r"'((?:[^'\\\n]|\\.)+)'|\"((?:[^\"\\\n]|\\.)+)\"|[“「『]([^”」』\n]+)[”」』]")
BARE = re.compile(r"(?<![\w.])-?(?:\d{4,}(?:\.\d+)?|\d+\.\d+)(?![\w.])")  # amounts and ids
HAN = re.compile(r"[㐀-鿿]{2,}")  # errors are worded in English: names and cells are not
SECRET_NAME = re.compile(
    r"(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?|(?:API|ACCESS|SECRET|PRIVATE)_?KEY"
    r"|DSN|DATABASE_URL)$", re.I,
)  # fmt: skip
PLAIN = re.compile(r".{0,7}|[a-z]{0,11}|\d{0,11}|(?i:true|false|none|disabled)")  # no secret
SHARED_LOGINS = {"root", "user", "admin", "ubuntu", "runner", "jovyan", "work", "data", "test"}


def kinds_in(text: str) -> Iterator[str]:
    """Yield each kind of thing in a text that must not leave.

    Examples
    --------
    >>> list(kinds_in("no. 11010519491231002X, call 138-0013-8000"))
    ['identity number', 'telephone number']
    >>> list(kinds_in("p = 0.110105194912310021, n = 13,800,138,000"))
    []
    """
    for kind in KINDS:
        if any(True for _ in matches(kind, text)):
            yield kind
    if any(mark in text for mark in _places()):
        yield PLACE
    if any(mark in text for mark in _secrets()):
        yield "secret of this machine"
    if (login := _login()) and login.search(text):
        yield "user name of this machine"
    if (host := _host()) and host.search(text):
        yield "name of this machine"


def _places() -> list[str]:
    """Return the folders of this user and project."""
    return [place for place in (str(Path.home()), str(project_root())) if len(place) >= 6]


@cache
def _login() -> re.Pattern[str] | None:
    """Return how the name of who is logged in would be said; None where many share it."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError, ImportError):  # a user without a name, as in containers
        return None
    if len(name) < 3 or name.casefold() in SHARED_LOGINS:
        return None
    said = re.escape(name)
    return re.compile(rf"(?i:user(?:name)?|login|用户名?)\s*[:=：]?\s*['\"]?{said}\b|\b{said}@")


@cache
def _host() -> re.Pattern[str] | None:
    """Return how this machine is called; None where the name could be any word."""
    name = platform.node().partition(".")[0]
    if len(name) < 5 or name.isalpha():
        return None
    return re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])", re.I)


def _secrets() -> list[str]:
    """Return the secret key, wherever it is kept, and what else the surroundings keep secret."""
    from yuyao_lib.sources.own.keys import KEY_VARIABLE, key_file

    marks = [os.environ.get(KEY_VARIABLE, "").strip()]
    with suppress(OSError, RuntimeError):  # no such file, or no home to look for it in
        marks.append(key_file().read_text(encoding="utf-8", errors="replace").strip())
    marks += [v for n, v in os.environ.items() if SECRET_NAME.search(n) and not PLAIN.fullmatch(v)]
    return [mark for mark in marks if len(mark) >= 6]


def drop_secrets(path: Path) -> None:
    """Take the secret key out of a file that is kept, such as what a failed notebook printed."""
    marks = [mark.encode() for mark in _secrets()]
    if not path.is_file() or not marks:
        return
    held = path.read_bytes()
    if any(mark in held for mark in marks):
        for mark in marks:
            held = held.replace(mark, b"[secret removed]")
        write_whole(path, held)


def redacted(text: str) -> str:
    """Return a text for a log or an error page, without what must not leave.

    Examples
    --------
    >>> redacted("row 3: got '11010519491231002X'")
    "row 3: got '[identity number removed]'"
    """
    for kind in KINDS:
        if kind == "traceback":
            continue
        for found in sorted({*matches(kind, text)}, key=len, reverse=True):
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


def without_values(text: str) -> str:
    """Return a sentence of an error without what it quotes, names of the register aside.

    Errors on own data quote cells; what leaves the machine says only what kind they were.

    Examples
    --------
    >>> without_values("cell 3 failed: ValueError: could not convert string to float: '虚构甲'")
    "cell 3 failed: ValueError: could not convert string to float: '[value removed]'"
    >>> without_values("table 'workers' has no column 'gross_wage', got 3170.25")
    "table 'workers' has no column 'gross_wage', got [value removed]"
    >>> without_values("ValueError: 虚构甲 stands twice")
    'ValueError: [value removed] stands twice'
    """
    columns = [column for table in schema.tables().values() for column in table.columns]
    known = {*schema.tables(), *(name for c in columns for name in (c.name, *c.zh_aliases))}

    def kept(found: re.Match[str]) -> str:
        inside = next(part for part in found.groups() if part is not None)
        return found[0] if inside in known else found[0].replace(inside, REMOVED)

    def known_word(found: re.Match[str]) -> str:
        return found[0] if found[0] in known else REMOVED

    return HAN.sub(known_word, BARE.sub(REMOVED, QUOTED.sub(kept, redacted(text))))


def scan(
    name: str,
    parts: Parts,
    *,
    own: bool = False,
    marks: RawMarks | None = None,
    known_hashes: Iterable[str] = (),
    known_counts: Iterable[int] = (),
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
    known_counts
        Counts that may stand there, such as n; a short raw id may be one by chance.
    """
    whole = "\n".join(parts.texts)
    kinds = list(kinds_in(whole))
    kinds += ["formula in a CSV file"] if parts.formulas else []
    kinds += ["marks that turn the order of reading"] if parts.turned else []
    kinds += [f"embedded data of the kind {kind}" for kind in parts.strange]
    if own:
        from yuyao_lib.sources.own.raw_marks import RawMarks

        held = marks or RawMarks()
        kinds += own_kinds(parts, whole, held, hashes=known_hashes, counts=known_counts)
    return [_verdict(name, kind) for kind in dict.fromkeys(kinds)]


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
