"""The register as a folder: built whole or not at all, kept, and opened column by column."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from yuyao_lib import schema
from yuyao_lib.errors import DataError, InputError, ModeError, sentence
from yuyao_lib.findings import Mode
from yuyao_lib.paths import project_root
from yuyao_lib.sources.card import FileDigest, SourceCard, digest_file
from yuyao_lib.sources.dataset import Dataset, Loader
from yuyao_lib.sources.panels import PANEL, panel_loader
from yuyao_lib.sources.simulation.careers import live
from yuyao_lib.sources.simulation.columns import arrow_table
from yuyao_lib.sources.simulation.files import (
    MANIFEST,
    file_of,
    loader,
    read_manifest,
    refuse_other_ids,
    write_table,
)
from yuyao_lib.sources.simulation.panel import potential_outcomes, worker_quarters
from yuyao_lib.sources.simulation.parameters import parameters
from yuyao_lib.sources.simulation.pay import pay
from yuyao_lib.sources.simulation.population import build_population
from yuyao_lib.sources.simulation.sealed import (
    POTENTIAL_OUTCOMES,
    TRUTH,
    folder_of,
    write_truth,
)
from yuyao_lib.sources.simulation.setting import (
    GENERATOR_VERSION,
    AmountScope,
    Setting,
    effects_of,
)
from yuyao_lib.sources.simulation.tables import small_tables
from yuyao_lib.sources.simulation.targets import TargetReport, check_targets
from yuyao_lib.sources.simulation.truth import truth_of
from yuyao_lib.vocabulary import Text

__all__ = ["MANIFEST", "build", "generate", "open_simulated", "setting_of", "targets_of"]


def generate(setting: Setting, folder: Path) -> dict[str, int]:
    """Write every table, the truth and the potential outcomes into an existing folder.

    Returns
    -------
    dict of str to int
        Rows of each table. The same setting and version give the same bytes.
    """
    known = parameters()
    effects = effects_of(setting, known)
    population = build_population(setting, known)
    careers = live(setting, known, effects, population)
    small = small_tables(setting, known, effects, population, careers)
    rows = {}
    for name in list(small.tables):
        rows[name] = write_table(file_of(folder, name), arrow_table(name, small.tables.pop(name)))
    paid = pay(setting, known, effects, population, careers)
    rows["worker_quarters"] = write_table(
        file_of(folder, "worker_quarters"), worker_quarters(population, careers, paid)
    )
    write_table(folder / POTENTIAL_OUTCOMES, potential_outcomes(population, careers, paid.covered))
    truth = truth_of(setting, known, effects, careers, paid, small.cases, small.risk)
    write_truth(truth, folder)
    return rows


def build(setting: Setting, out: Path) -> Path:
    """Build a register in the new folder `out`, which appears whole or not at all.

    Raises
    ------
    InputError
        If `out` exists and is not empty.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        allowed = "a folder that does not exist yet, or an empty one"
        raise InputError(
            sentence("the folder for the register is in use", got=str(out), allowed=allowed)
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".part", dir=out.parent))
    part.chmod(0o755)
    try:
        rows = generate(setting, part)
        _write_manifest(setting, part, rows)
        if out.exists():
            out.rmdir()
        part.replace(out)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return out


def open_simulated(
    *,
    scale: float = 1.0,
    seed: int = Setting().seed,
    null: bool = False,
    pretrend: float = 0.0,
    amount_scope: AmountScope = "disputes",
    heaping: float = 0.0,
    path: str | Path | None = None,
) -> Dataset:
    """Open the simulated register, building it below ``outputs`` when it is not there.

    Parameters
    ----------
    scale, seed, null, pretrend, amount_scope, heaping
        See `Setting`.
    path
        A folder that ``yuyao simulate`` wrote; the other arguments are then what that
        register was built with.

    Raises
    ------
    InputError
        If an option is out of range.
    DataError
        If `path` holds no whole register.
    ModeError
        If a file there is not simulated data.
    """
    if path is not None:
        return _open(Path(path))
    setting = Setting(scale, seed, null, pretrend, amount_scope, heaping)
    folder = project_root() / "outputs" / "simulated" / f"{_code_digest()[:8]}-{setting.name}"
    if not (folder / MANIFEST).is_file():
        from filelock import FileLock

        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.parent / f".{folder.name}.lock"):
            if not (folder / MANIFEST).is_file():
                build(setting, folder)
    return _open(folder)


def setting_of(folder: Path) -> Setting:
    """Return what a register was built with."""
    return Setting(**read_manifest(folder)["setting"])


def targets_of(data: Dataset) -> TargetReport:
    """Count every total of an opened register.

    Raises
    ------
    ModeError
        If the data set is not simulated.
    """
    folder = folder_of(data)
    return check_targets(folder, setting_of(folder))


@cache
def _code_digest() -> str:
    """Digest the generator, so that a changed one never opens an older register."""
    digest = hashlib.sha256(f"numpy {np.__version__} pyarrow {pa.__version__}".encode())
    for folder in (Path(__file__).resolve().parent, Path(schema.__file__).parent):
        for file in sorted([*folder.glob("*.py"), *folder.glob("*.csv")]):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def _write_manifest(setting: Setting, folder: Path, rows: dict[str, int]) -> None:
    """Say what the folder holds: setting, version, rows, bytes and digests."""
    files = {
        name: {
            "rows": rows[name],
            "bytes": file_of(folder, name).stat().st_size,
            "sha256": digest_file(file_of(folder, name)),
        }
        for name in schema.tables()
    }
    manifest = {
        "mode": Mode.SIMULATED.value,
        "generator_version": GENERATOR_VERSION,
        "setting": asdict(setting),
        "tables": files,
        "sealed": {name: digest_file(folder / name) for name in (TRUTH, POTENTIAL_OUTCOMES)},
    }
    text = json.dumps(manifest, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _open(folder: Path) -> Dataset:
    """Open a register that lies in `folder`, after checking that it is whole and simulated."""
    manifest = read_manifest(folder)
    if manifest["mode"] != Mode.SIMULATED.value:
        raise ModeError(sentence("not a simulated register", got=manifest["mode"]))
    for name, about in manifest["tables"].items():
        file = file_of(folder, name)
        if not file.is_file() or file.stat().st_size != about["bytes"]:
            raise DataError(f"the register in {folder.name} is not whole: {file.name} has changed.")
        refuse_other_ids(folder, name)
    tables = [name for name in schema.tables() if name in manifest["tables"]]
    return Dataset(
        "simulated",
        mode=Mode.SIMULATED,
        card=_card(manifest),
        loaders=_loaders(folder, tables),
        paths={name: file_of(folder, name) for name in tables},
    )


def _loaders(folder: Path, tables: list[str]) -> dict[str, Loader]:
    """Return a loader a table, and one of the panel of pay."""
    loaders: dict[str, Loader] = {name: loader(folder, name) for name in tables}
    held = [*schema.table("worker_quarters").names, *tables]
    loaders[PANEL] = panel_loader(lambda table, columns: loaders[table](columns), held)
    return loaders


def _card(manifest: dict[str, Any]) -> SourceCard:
    """Say what the register is, and what it is not."""
    counts = parameters().counts("generator")
    assumed, total = counts["assumed"], sum(counts.values())
    setting, version = manifest["setting"], manifest["generator_version"]
    said = ", ".join(f"{name} {value}" for name, value in setting.items())
    return SourceCard(
        title=Text("Simulated register of unions and members", "模拟的工会与会员登记库"),
        publisher="yuyao_lib",
        citation=f"yuyao_lib, simulated register, generator {version} ({said})",
        licence="BSD-3-Clause",
        vintage=f"2018Q1-2023Q2, generator {version}, {said}",
        unit_of_record=Text("one worker in one quarter", "一名职工的一个季度"),
        notes=Text(
            f"SIMULATED DATA, NOT A FINDING. Effects are set by us; {assumed} of the {total}"
            " parameters are assumed. Totals equal the published record's by construction,"
            " which validates nothing.",
            f"模拟数据，非真实发现。效应由我们设定；{total} 个参数中有 {assumed} 个为假定值。"
            "合计数按设计与公开报道一致，这不构成任何验证。",
        ),
        files=tuple(
            FileDigest(f"{name}.parquet", about["sha256"], about["rows"])
            for name, about in manifest["tables"].items()
        ),
    )
