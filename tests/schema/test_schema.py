"""The declarations say what the domain says, and the codebook says what they say."""

import pytest

from yuyao_lib import schema
from yuyao_lib.errors import DataError
from yuyao_lib.paths import DATA
from yuyao_lib.schema import codebook, quarter_index, quarter_name, table, tables

DTYPES = {"string", "category", "bool", "int", "float", "date", "quarter"}


def test_every_table_has_a_key_of_required_columns() -> None:
    for declared in tables().values():
        assert declared.key, declared.name
        assert set(declared.key) <= set(declared.required), declared.name


def test_every_column_is_complete() -> None:
    for declared in tables().values():
        assert len(set(declared.names)) == len(declared.names)
        for column in declared.columns:
            assert column.dtype in DTYPES
            assert column.zh_aliases, (declared.name, column.name)
            assert column.references in {"", *tables()}
            assert column.label.zh == column.zh_aliases[0]


def test_references_hold_a_one_column_key() -> None:
    for declared in tables().values():
        for column in declared.columns:
            if column.references:
                assert len(tables()[column.references].key) == 1


def test_a_header_means_one_column_of_a_table() -> None:
    for declared in tables().values():
        met = [alias for column in declared.columns for alias in column.zh_aliases]
        assert len(met) == len(set(met)), declared.name


def test_codebook_page_is_the_declarations() -> None:
    page = (DATA / "codebook.md").read_text(encoding="utf-8")
    assert page == codebook(), "write it again: yuyao_lib.schema.codebook.write"


def test_spread_lists() -> None:
    assert table("worker_quarters")["grade"].allowed == tuple("01234567")
    assert table("unions")["town_id"].allowed[20] == "T21"


def test_unknown_names_are_guessed() -> None:
    with pytest.raises(DataError, match="Did you mean 'worker_quarters'"):
        table("worker_quarter")
    with pytest.raises(DataError, match="Did you mean 'gross_wage'"):
        _ = table("worker_quarters")["gros_wage"]


def test_quarters_count_and_return() -> None:
    assert quarter_name(quarter_index("2019Q4") + 1) == "2020Q1"
    with pytest.raises(DataError, match=r"not a quarter: got '2022\.10'"):
        quarter_index("2022.10")


def test_public_names() -> None:
    assert all(hasattr(schema, name) for name in schema.__all__)
