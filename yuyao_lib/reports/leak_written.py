"""Shapes of what machines write: places of files, secrets and tracebacks."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["WRITTEN", "secrets"]

SPOKEN = r"[\w一-鿿]"
FILE = r"\.(?:xlsx?|xls[mb]|ods|csv|tsv|parquet|dta|z?sav|txt|docx?|ipynb|py|zip|duckdb|rds)\b"
FOLDERS = (
    "home|Users|root|tmp|private|mnt|media|srv|var|opt|Volumes|nfs|etc|export/home|run/user"
    "|usr/(?:local|share|lib)|content/drive|scratch|lustre|gpfs|cygdrive"
)
PLACES = (
    rf"/(?<![\w./-]/)(?:{FOLDERS})/[\w.~-]+",
    rf"/(?<![\w.:/-]/){SPOKEN}[\w.~ -]*(?:/{SPOKEN}[\w.~ -]*)*(?=/[\w.~-]+{FILE})",
    rf"~(?<![\w./~-]~)[\w-]*/(?:[\w.~-]+/)*[\w.~-]+{FILE}",
    r"[A-Za-z]:(?<!\w..)(?:\\+|/)(?i:Users|Documents|Windows|ProgramData)[\\/]",
    rf"[A-Za-z]:(?<!\w..)(?:\\+|/)[^\\/\s]+(?:[\\/]+[^\\/\n]+)*?{FILE}",
    rf"\\\\[\w.$?-]+\\+{SPOKEN}[^\n]*?{FILE}",
    rf"//(?<![\w:/]..)[\w.$-]+/{SPOKEN}[^\n]*?{FILE}",
    r"%(?i:userprofile|appdata|localappdata|homepath)%",
    r"://(?:(?<=(?i:file)://)|(?<=(?i:sftp)://)|(?<=(?i:smb|nfs|afp)://))",
)
SAID = r"[\"']?\s*[=:]\s*[\"']?"
CALLED = re.compile(  # what a secret is called, in programs, addresses of services, and prose
    r"(?:(?P<part>(?<=[a-z0-9][_-]))|(?<![a-z]))(?:pass(?:word|wd|phrase|code)?|pwd"
    r"|secret(?:_?(?:access_?)?key)?|token|credentials?"
    rf"|(?:api|access|private|account|yuyao|auth|signing|encryption)[_-]?key){SAID}"
    r"(?(part)|(?=\S*[\d!#$%&*+?@^-]))[^\s\"'<>,;()\[\]{}]{8,}", re.I,
)  # fmt: skip
STARTS = (  # how a secret begins, in small letters, and what it looks like
    (("-----begin",), re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY")),
    (("akia", "asia"), re.compile(r"A[KS]IA[0-9A-Z]{16}\b")),
    (("ltai",), re.compile(r"\bLTAI\w{12,30}\b")),
    (("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), re.compile(r"\bgh[pousr]_\w{30,}")),
    (("github_pat_", "glpat-", "pypi-"), re.compile(r"\b(?:github_pat_|glpat-|pypi-)[\w-]{16,}")),
    (("sk-", "hf_", "aiza"), re.compile(r"\b(?:sk-[\w-]{20,}|hf_\w{24,}|AIza[\w-]{30,})")),
    (("xoxa-", "xoxb-", "xoxp-", "xoxr-"), re.compile(r"\bxox[abpr]-[\w-]{10,}")),
    (("eyj",), re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}")),
    (("bearer",), re.compile(r"\b[Bb]earer\s+[\w.~+/-]{16,}")),
    (("://",), re.compile(r"://[^\s/:@]*:[^\s/@]+@")),
    (("pass", "pwd", "secret", "token", "credential", "api", "access", "private", "account",
      "yuyao", "auth", "signing", "encryption"), CALLED),
    (("password", "passwd", "secret", "token"),
     re.compile(r"(?<=[A-Z])(?:PASSWORD|PASSWD|SECRET|TOKEN)\s*=\s*\S{6,}")),
    (("密码", "口令", "密钥", "令牌"),
     re.compile(r"(?:密码|口令|密钥|令牌)\s*[=:]\s*[\"']?(?=\S*\d)[!-~]{6,}")),
)  # fmt: skip
TRACES = (
    r"Traceback \(most recent call last\)",
    r"(?m:^\s*File \"[^\"\n]+\", line \d+)",
    r"(?m:^\s*File [^\n]+:\d+(?:, in |$))",
    r"(?m:^\s*Cell In\[\d+\], line \d+)",
)
WRITTEN = {
    "place on the machine": tuple(map(re.compile, PLACES)),
    "traceback": tuple(map(re.compile, TRACES)),
}
SMALL = str.maketrans({chr(code): chr(code + 32) for code in range(65, 91)})


def secrets(text: str) -> Iterator[str]:
    """Yield what looks like a secret; looked for where one can begin, which is quick.

    Examples
    --------
    >>> list(secrets('{"db_password": "x1y2z3w4"}')), list(secrets("a secret: two votes"))
    (['password": "x1y2z3w4'], [])
    """
    low = text.translate(SMALL)
    for words, shape in STARTS:
        for word in words:
            place = low.find(word)
            while place >= 0:
                if found := shape.match(text, place):
                    yield found[0]
                place = low.find(word, place + 1)
