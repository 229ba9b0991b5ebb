"""A place for settings of other programs where the user's own folder cannot be written to.

IPython, Jupyter and matplotlib keep settings below the home folder and stop, or warn,
where there is none: under a scheduler, in a container, for a service's user.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["settings_folder"]

NAMES = ("IPYTHONDIR", "MPLCONFIGDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")


@contextmanager
def settings_folder() -> Iterator[None]:
    """Lend a temporary folder for settings while reports run, where home cannot hold them.

    What the environment already names is left as it is.
    """
    missing = [name for name in NAMES if name not in os.environ]
    if not missing or _can_be_written(Path("~").expanduser()):
        yield
        return
    with tempfile.TemporaryDirectory(prefix="yuyao-settings-") as folder:
        for name in missing:
            path = Path(folder) / name.lower()
            path.mkdir()
            os.environ[name] = str(path)
        try:
            yield
        finally:
            for name in missing:
                del os.environ[name]


def _can_be_written(folder: Path) -> bool:
    """Whether a file can be made in a folder; root is asked by trying."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
