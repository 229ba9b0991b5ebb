"""A simulated register laid out as a researcher's own tables: every table, in mode own.

The mark of simulated rows is taken from the ids, so that the rules on own data meet
pages with all 24 tables; nothing made from it is published anywhere.
"""

import sys
from pathlib import Path

import pandas as pd
import yaml

from yuyao_lib import schema
from yuyao_lib.schema import SIMULATED_PREFIX

CARD = {
    "title": {"en": "A register laid out as own tables", "zh": "按自备表格存放的登记册"},
    "publisher": "tests of this project", "vintage": "2018 to 2023", "invented": True,
}  # fmt: skip
SAID = {"grade": {"order": "ladder", "blank": "none"}, "target_grade": {"order": "ladder"},
        "revenue": {"unit": "万元"}}  # fmt: skip


def lay_out(register: Path, folder: Path, *, only: set[str] | None = None) -> Path:
    """Copy the tables of a register to a folder, with the mapping that reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {}
    for path in sorted(register.glob("*.parquet")):
        if path.stem not in schema.tables() or (only is not None and path.stem not in only):
            continue
        frame = pd.read_parquet(path)
        for column in frame.select_dtypes(["object", "string", "category"]):
            if column.endswith("_id"):
                plain = frame[column].astype(object)
                frame[column] = plain.str.replace(SIMULATED_PREFIX, "R", regex=False)
        if frame.empty:
            continue
        frame.to_parquet(folder / path.name)
        tables[path.stem] = [{"file": path.name, "columns": {c: how(c) for c in frame}}]
    text = yaml.safe_dump({**CARD, "tables": tables}, allow_unicode=True, sort_keys=False)
    (folder / "mapping.yaml").write_text(text, encoding="utf-8")
    return folder


def how(column: str) -> str | dict:
    """Say how a column is read: grades run upwards, and an empty one is none."""
    return {"from": column, **SAID[column]} if column in SAID else column


if __name__ == "__main__":
    lay_out(Path(sys.argv[1]), Path(sys.argv[2]))
