"""What a table must look like: the 24 tables of the register, declared once.

Lives here: columns with their types, units, ranges, keys, allowed values and Chinese
headers, and the codebook page made from them. Does not live here: checking a frame
(``yuyao_lib.sources.validation``) or reading a file. Only the standard library and
floor 0 are imported.
"""

from yuyao_lib.schema.codebook import codebook
from yuyao_lib.schema.declaration import Column, Table, table, tables
from yuyao_lib.schema.values import (
    SIMULATED_PREFIX,
    is_identity_like,
    quarter_index,
    quarter_name,
)

__all__ = [
    "SIMULATED_PREFIX",
    "Column",
    "Table",
    "codebook",
    "is_identity_like",
    "quarter_index",
    "quarter_name",
    "table",
    "tables",
]
