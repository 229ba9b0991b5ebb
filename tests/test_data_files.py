"""Every committed data file has its row, with the digest it has."""

import hashlib
import re

from yuyao_lib.paths import DATA


def test_one_row_a_file_with_its_digest() -> None:
    text = (DATA / "README.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"(?m)^\| `([^`]+)` .*`([0-9a-f]{64})` \|$", text))
    own = DATA / "own"
    held = {
        path.relative_to(DATA).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in DATA.rglob("*")
        if path.is_file() and path.name != "README.md" and own not in path.parents
    }
    assert listed == held
