"""All published findings as one table: its types, also where a column or the table is empty."""

import subprocess
import sys

import pyarrow.parquet

from yuyao_lib.reports import findings_tables

ROW = {"report": "a", "id": "gap", "estimate": 1.5, "high": float("inf"), "n": 3, "headline": True}


def test_parquet_keeps_numbers_counts_and_text_apart(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(findings_tables, "let_in", lambda path, data: path.write_bytes(data))
    rows = [ROW, {"report": "b", "id": 'with "signs"\nand lines', "term": "集体合同", "low": 2}]
    for held in (rows, []):
        findings_tables._parquet(held, tmp_path / "findings.parquet")
        table = pyarrow.parquet.read_table(tmp_path / "findings.parquet")
        assert table.column_names == list(findings_tables.COLUMNS)
        kinds = {str(table.schema.field(name).type) for name in findings_tables.NUMBERS}
        assert kinds == {"double"}
        assert str(table.schema.field("n").type) == "int64"
        assert [
            {k: v for k, v in row.items() if v is not None} for row in table.to_pylist()
        ] == held


def test_writing_them_loads_no_pandas(tmp_path) -> None:
    code = (
        "import sys; from pathlib import Path; from yuyao_lib.reports import findings_tables as f;"
        "f.let_in = lambda path, data: path.write_bytes(data);"
        f"f._parquet([{{'report': 'a', 'n': 3}}], Path({str(tmp_path)!r}) / 'f.parquet');"
        "print('pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
