"""Old runs: how many are kept, and what must never be removed."""

from __future__ import annotations

import shutil
from pathlib import Path

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.reports.ledger import Ledger

__all__ = ["prune"]


def prune(ledger: Ledger, *, keep: int) -> list[str]:
    """Remove all but the newest runs; one that a published page came from always stays.

    Parameters
    ----------
    ledger
        The outputs folder.
    keep
        How many of the newest runs to keep.

    Returns
    -------
    list of str
        Names of the runs removed.

    Raises
    ------
    InputError
        If `keep` is negative.
    """
    if keep < 0:
        raise InputError(sentence("runs to keep", got=keep, allowed="0 or more"))
    with ledger.locked():
        held = {Path(m.executed).parts[0] for m in ledger.all_manifests()}
        runs = sorted((p for p in ledger.runs.glob("*") if p.is_dir()), reverse=True)
        gone = [run for run in runs[keep:] if run.name not in held]
        lost = ledger.not_made()
        for run in gone:
            if run.is_symlink():  # what it leads to is not ours
                run.unlink()
            else:
                shutil.rmtree(run)
        if len(ledger.not_made()) < len(lost):  # the index must not lead to what is gone
            from yuyao_lib.reports.index import write_index

            write_index(ledger, ledger.not_made())
    return [run.name for run in gone]
