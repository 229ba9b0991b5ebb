"""What cannot be studied because a table is not there: said, never drawn empty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.findings import Estimate

__all__ = ["Absent", "absent"]


@dataclass(frozen=True, slots=True)
class Absent:
    """A part that was not run.

    Attributes
    ----------
    tables
        Names of the tables that are missing or lack a column it needs.
    reason
        Another reason than that.
    """

    tables: tuple[str, ...]
    reason: Text | None = None

    @property
    def why(self) -> Text:
        """The reason as a sentence."""
        if self.reason is not None:
            return self.reason
        en, zh = ", ".join(self.tables), "、".join(self.tables)
        one = len(self.tables) == 1
        return Text(
            f"Not run: {'table' if one else 'tables'} {en} missing, or without a column it needs.",
            f"未运行：缺少表 {zh}，或其中缺少所需的列。",
        )

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """No estimate."""
        return ()

    def to_frame(self) -> pd.DataFrame:
        """Return one row a missing table."""
        import pandas as pd

        return pd.DataFrame({"missing_table": self.tables})

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def absent(**frames: Any) -> Absent | None:
    """Return what is missing among named frames; None when all are there.

    Examples
    --------
    >>> absent(disputes=None, rooms=[1]).why.en
    'Not run: table disputes missing, or without a column it needs.'
    >>> absent(rooms=[1]) is None
    True
    """
    missing = tuple(name for name, frame in frames.items() if frame is None)
    return Absent(missing) if missing else None
