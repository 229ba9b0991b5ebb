"""Data sets: the printed record, public research data, a researcher's own, a simulation.

Lives here: what reads files and packages and says where they come from; every opener
returns a `Dataset`, whose mode it stamps. Does not live here: estimates, plots, pages.
Openers are imported when used, and load pandas only when a table is asked for.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from yuyao_lib.errors import DataError, sentence
from yuyao_lib.paths import project_root
from yuyao_lib.sources.card import FileDigest, SourceCard
from yuyao_lib.sources.dataset import Dataset

__all__ = ["Dataset", "FileDigest", "SourceCard", "open", "open_if_there"]


def open(name: str | Path, **options: Any) -> Dataset:  # noqa: A001 - reads as a sentence
    """Open a data set by name, or a researcher's tables by path.

    Parameters
    ----------
    name
        ``"record"``, ``"simulated"``, ``"published"``, ``"trials"``, the name of a public data
        set, or a path: of own tables, of a record, or of a register that ``yuyao simulate``
        wrote, which stays simulated.
    **options
        For ``record``: ``path``. For ``simulated``: ``scale``, ``seed``, ``null``,
        ``pretrend``. For a path: ``mapping``.

    Raises
    ------
    DataError
        If there is neither a data set of that name nor a file or folder there.
    ParameterError
        If a parameter of the notebook that is running is not of its declared type.

    Examples
    --------
    >>> open("wagepan").mode.value
    'public'
    """
    from yuyao_lib.sources.catalogue import TOPICS
    from yuyao_lib.sources.declared import refuse_other_types

    refuse_other_types()

    if name == "record":
        from yuyao_lib.sources.record import open_record

        return open_record(**options)
    if name == "simulated":
        from yuyao_lib.sources.simulation import open_simulated

        return open_simulated(**options)
    if name == "published":
        from yuyao_lib.sources.printed import open_published

        return open_published()
    if name == "trials":
        from yuyao_lib.sources.counted_trials import open_trials

        return open_trials()
    if str(name) in TOPICS:
        from yuyao_lib.sources.public import open_public

        return open_public(str(name))
    return _by_path(name, options)


def _by_path(name: str | Path, options: dict[str, Any]) -> Dataset:
    """Open what lies at a path: a record, published results, a register, or own tables."""
    from yuyao_lib.sources.catalogue import TOPICS

    path = Path(name)
    if not path.exists() and (project_root() / path).exists():
        path = project_root() / path
    if (path / "measures.csv").is_file():
        from yuyao_lib.sources.record import open_record

        return open_record(path=path)
    if (path / "cases.json").is_file():
        from yuyao_lib.sources.printed import open_published

        return open_published(path)
    if (path / "register.json").is_file() and not (path / "mapping.yaml").is_file():
        from yuyao_lib.sources.simulation import open_simulated

        return open_simulated(path=path, **options)
    if path.exists():
        from yuyao_lib.sources.own import open_own

        return open_own(path, **options)
    known = ["record", "simulated", "published", "trials", *TOPICS]
    raise DataError(sentence("no data set or file of this name", got=str(name), allowed=known))


def open_if_there(name: str) -> Dataset | None:
    """Open a data set that may be left out: an empty name, or its package not installed.

    Raises
    ------
    DataError
        If there is no data set of that name.

    Examples
    --------
    >>> open_if_there("") is None
    True
    """
    if not name:
        return None
    try:
        return open(name)
    except DataError as error:
        if isinstance(error.__cause__, ImportError):
            return None
        raise
