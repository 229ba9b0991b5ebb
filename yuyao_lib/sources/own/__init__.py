"""A researcher's own tables: read as they are, mapped by hand, checked, made pseudonymous.

Lives here: readers of every kind of file, parsers of numbers, dates, grades and ids, the
mapping, and the proposal of one. Does not live here: the declarations of the tables
(`yuyao_lib.schema`) and estimates. Nothing enters that the mapping does not name, and no
row is lost without being counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from yuyao_lib.on_first_use import loader

if TYPE_CHECKING:
    from yuyao_lib.sources.own.keys import ensure_key, find_key, key_file, new_key
    from yuyao_lib.sources.own.loading import Loaded, load
    from yuyao_lib.sources.own.mapping import Mapping, read_mapping
    from yuyao_lib.sources.own.opening import check_own, open_own
    from yuyao_lib.sources.own.proposal import Proposal, propose_mapping

__all__ = [
    "Loaded",
    "Mapping",
    "Proposal",
    "check_own",
    "ensure_key",
    "find_key",
    "key_file",
    "load",
    "new_key",
    "open_own",
    "propose_mapping",
    "read_mapping",
]

# numbers are checked by their digits in commands that open no table
_HOMES = {
    "keys": ("ensure_key", "find_key", "key_file", "new_key"),
    "loading": ("Loaded", "load"),
    "mapping": ("Mapping", "read_mapping"),
    "opening": ("check_own", "open_own"),
    "proposal": ("Proposal", "propose_mapping"),
}
__getattr__ = loader(
    __name__,
    {name: f"{__name__}.{home}" for home, names in _HOMES.items() for name in names},
)
