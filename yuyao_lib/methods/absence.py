"""What cannot be studied because a table is not there: said, never drawn empty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yuyao_lib.findings.held_back import held_back
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
        if self.kept_back:
            return Text(
                f"Not run: {'table' if one else 'tables'} {en} kept back, so that nobody can be"
                " singled out beside an older page, from which too few differ.",
                f"未运行：表 {zh} 与先前发布的页面相差的人数或单位数过少，为避免识别个人而不使用。",
            )
        return Text(
            f"Not run: {'table' if one else 'tables'} {en} missing, or without a column it needs.",
            f"未运行：缺少表 {zh}，或其中缺少所需的列。",
        )

    @property
    def kept_back(self) -> bool:
        """Whether a table is there, and would single somebody out beside an older page."""
        return self.reason is None and bool({*self.tables} & {*held_back().tables})

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
