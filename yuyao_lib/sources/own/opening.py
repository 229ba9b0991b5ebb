"""Open a folder of one's own tables as a Dataset."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from yuyao_lib.errors import DataError
from yuyao_lib.findings import Mode
from yuyao_lib.findings.held_back import held_back
from yuyao_lib.sources.card import FileDigest, SourceCard, digest_bytes
from yuyao_lib.sources.dataset import Dataset, Loader
from yuyao_lib.sources.own.keys import keyed
from yuyao_lib.sources.own.loading import Loaded, load
from yuyao_lib.sources.own.mapping import Mapping, read_mapping
from yuyao_lib.sources.panels import PANEL, panel_loader
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["check_own", "open_own"]

ROWS = Text(
    "a row of the table named, ids replaced under a secret key",
    "所列表中的一行，编号已用密钥替换",
)
INVENTED = Text(
    "Invented tables for teaching: no person or firm is real.",
    "教学用虚构表格：人员与单位均非真实。",
)


def open_own(path: Path, *, mapping: str | Path | Mapping | None = None) -> Dataset:
    """Open one's own tables, checked and with ids replaced.

    Parameters
    ----------
    path
        A folder, or one file.
    mapping
        Mapping file, or a mapping; ``mapping.yaml`` beside the tables when not given.

    Raises
    ------
    DataError
        If the mapping, a file or any cell cannot be used: every problem is listed. Also
        if there is no secret key.
    """
    path = Path(path)
    chosen = _mapping(path, mapping)
    loaded = load(chosen, _folder(path))
    loaded.raise_if_bad()
    kept_back = held_back().tables
    frames = {name: frame for name, frame in loaded.frames.items() if name not in kept_back}
    return Dataset(
        path.stem if path.is_file() else path.resolve().name,
        mode=Mode.OWN,
        card=_card(chosen, loaded),
        loaders=_loaders(frames),
        rounds=chosen.small_counts == "round",
    )


def check_own(path: Path, *, mapping: str | Path | Mapping | None = None) -> Loaded:
    """Read everything and say what was found, without stopping at what is wrong.

    Raises
    ------
    DataError
        If there is no mapping that can be read, or no secret key.
    """
    return load(_mapping(Path(path), mapping), _folder(Path(path)))


def _folder(path: Path) -> Path:
    """Return the folder that file names in the mapping are relative to."""
    if not path.exists():
        raise DataError(f"there is no file or folder {path.name}.")
    return path if path.is_dir() else path.parent


def _mapping(path: Path, mapping: str | Path | Mapping | None) -> Mapping:
    """Return the mapping that was given or lies beside the tables."""
    if isinstance(mapping, Mapping):
        return mapping
    return read_mapping(Path(mapping) if mapping is not None else _folder(path))


def _loaders(frames: dict[str, pd.DataFrame]) -> dict[str, Loader]:
    """Return a loader a table, and one of the panel of pay when there is pay."""
    loaders = {name: _loader(frame) for name, frame in frames.items()}
    if "worker_quarters" in frames:
        held = [*frames["worker_quarters"].columns, *frames]
        person = list(frames["workers"].columns) if "workers" in frames else []
        loaders[PANEL] = panel_loader(lambda t, columns: loaders[t](columns), held, person=person)
    return loaders


def _loader(frame: pd.DataFrame) -> Loader:
    """Return copies, so that nobody changes the table of another."""

    def read(columns: Sequence[str] | None) -> pd.DataFrame:
        known = [c for c in columns if c in frame] if columns is not None else None
        return frame.copy() if known is None else frame[known].copy()

    return read


def _card(mapping: Mapping, loaded: Loaded) -> SourceCard:
    """Write the source card from the mapping and from what was done."""
    rules = FileDigest(
        "mapping", keyed(digest_bytes(mapping.model_dump_json().encode())), keyed=True
    )
    first = [INVENTED] if mapping.invented else []
    notes = [*first, *dict.fromkeys(loaded.notes)]
    return SourceCard(
        title=Text(mapping.title.en, mapping.title.zh),
        publisher=mapping.publisher,
        citation=mapping.citation,
        licence=mapping.licence,
        vintage=mapping.vintage,
        unit_of_record=ROWS,
        notes=Text("; ".join(n.en for n in notes), "；".join(n.zh for n in notes)),
        files=(*loaded.files, rules),
        set_aside=tuple(loaded.set_aside.items()),
    )
