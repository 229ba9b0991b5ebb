"""All published findings as one tidy table: CSV and Parquet."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from yuyao_lib.display.tables import csv_text
from yuyao_lib.findings import Status
from yuyao_lib.reports.gate import let_in
from yuyao_lib.reports.ledger import Manifest

__all__ = ["write_tables"]

COLUMNS = (
    "report", "id", "term", "method", "estimate", "low", "high", "level", "standard_error",
    "p_value", "unit", "n", "n_unit", "clusters", "cluster_unit", "design", "mode", "dataset",
    "vintage", "headline", "status", "undefined", "run_at", "key",
)  # fmt: skip
NUMBERS = ("estimate", "low", "high", "level", "standard_error", "p_value")
KINDS = {
    **dict.fromkeys(NUMBERS, "double"), "n": "int64", "clusters": "int64", "headline": "bool",
}  # fmt: skip


def write_tables(held: list[Manifest], folder: Path) -> None:
    """Write all findings as CSV and Parquet."""
    rows = []
    for manifest in held:
        status = {c["id"]: c["status"] for c in manifest.changes}
        for values in manifest.findings:
            own = {"report": manifest.report, "run_at": manifest.run_at, "key": manifest.run_key}
            own["status"] = status.get(values["id"], Status.NEW.value)
            own["undefined"] = (values.get("undefined") or {}).get("en", "")
            rows.append({**values, **own})
    cells = [["" if row.get(c) is None else str(row[c]) for c in COLUMNS] for row in rows]
    let_in(folder / "findings.csv", csv_text(COLUMNS, cells))
    _parquet(rows, folder / "findings.parquet")


def _parquet(rows: list[dict[str, Any]], path: Path) -> None:
    """Write the findings with their types."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    from pyarrow import json as lines

    schema = pa.schema([(column, KINDS.get(column, "string")) for column in COLUMNS])
    # from lines, not from lists: those load pandas, which is half a second of a run
    held = "\n".join(json.dumps({c: row.get(c) for c in COLUMNS}) for row in rows)
    known = lines.ParseOptions(explicit_schema=schema)
    read = io.BytesIO(held.encode())
    alone = lines.ReadOptions(use_threads=False)  # a few rows are worth no threads
    options = {"parse_options": known, "read_options": alone}
    table = lines.read_json(read, **options) if rows else schema.empty_table()
    whole = pa.BufferOutputStream()
    pq.write_table(table, whole)
    let_in(path, whole.getvalue().to_pybytes())
