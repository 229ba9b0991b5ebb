"""Does a finding still hold? Compare it with the last one that was published."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from yuyao_lib.fields import Fielded
from yuyao_lib.findings.finding import Finding
from yuyao_lib.vocabulary import Text

__all__ = ["Change", "Status", "compare"]


class Status(StrEnum):
    """What happened to a finding between two runs."""

    NEW = "new"
    SAME = "same"
    MOVED = "moved"
    SIGN_CHANGED = "sign changed"
    LOST_SIGNIFICANCE = "lost significance"
    GAINED_SIGNIFICANCE = "gained significance"
    N_FELL = "n fell"
    UNDEFINED = "became undefined"
    DEFINED = "became defined"
    GONE = "gone"

    @property
    def concludes_differently(self) -> bool:
        """Whether a reader of the earlier page would now be misled."""
        return self not in {Status.NEW, Status.SAME, Status.N_FELL}

    @property
    def text(self) -> Text:
        """The status in words."""
        return Text(self.value, _CHINESE[self])


_CHINESE = {
    Status.NEW: "新增",
    Status.SAME: "不变",
    Status.MOVED: "已变动",
    Status.SIGN_CHANGED: "符号改变",
    Status.LOST_SIGNIFICANCE: "不再显著",
    Status.GAINED_SIGNIFICANCE: "变为显著",
    Status.N_FELL: "样本减少",
    Status.UNDEFINED: "变为无法估计",
    Status.DEFINED: "变为可估计",
    Status.GONE: "已消失",
}

N_FALL = 0.10  # a tenth fewer observations is more than late corrections explain


@dataclass(frozen=True, slots=True)
class Change(Fielded):
    """One finding's status, with the two values it rests on.

    Attributes
    ----------
    id
        The finding's id.
    status
        What happened.
    before, after
        The two estimates; None where there was none.
    """

    id: str
    status: Status
    before: float | None
    after: float | None


def compare(before: list[Finding], after: list[Finding]) -> list[Change]:
    """Compare two runs' findings by id, in the order of the later run.

    Examples
    --------
    >>> compare([], [])
    []
    """
    old = {finding.id: finding for finding in before}
    new = {finding.id: finding for finding in after}
    changes = [_change(old.get(key), finding) for key, finding in new.items()]
    gone = [f for key, f in old.items() if key not in new]
    return changes + [Change(f.id, Status.GONE, f.estimate.estimate, None) for f in gone]


def _change(before: Finding | None, after: Finding) -> Change:
    """Judge one finding against its predecessor."""
    was = None if before is None else before.estimate.estimate
    now = after.estimate.estimate
    status = Status.NEW if before is None else _status(before, after)
    return Change(after.id, status, was, now)


def _status(before: Finding, after: Finding) -> Status:
    """Name the gravest thing that happened."""
    was, now = before.estimate.estimate, after.estimate.estimate
    if was is None or now is None:
        if was is now:
            return Status.SAME
        return Status.UNDEFINED if now is None else Status.DEFINED
    if abs(now - was) > _tolerance(before):
        if was * now < 0:
            return Status.SIGN_CHANGED
        return _significance(before, after) or Status.MOVED
    return _significance(before, after) or _size(before, after)


def _tolerance(finding: Finding) -> float:
    """Return how far the estimate may move: declared, else half a standard error."""
    if finding.tolerance is not None:
        return finding.tolerance
    spread = finding.estimate.standard_error
    return spread / 2 if spread else abs(finding.estimate.estimate or 0.0) * 1e-9


def _significance(before: Finding, after: Finding) -> Status | None:
    """Say whether zero entered or left the interval."""
    was, now = before.estimate.differs_from_zero, after.estimate.differs_from_zero
    if was is None or now is None or was == now:
        return None
    return Status.GAINED_SIGNIFICANCE if now else Status.LOST_SIGNIFICANCE


def _size(before: Finding, after: Finding) -> Status:
    """Say whether the sample shrank."""
    was, now = before.estimate.n, after.estimate.n
    return Status.N_FELL if was and now is not None and now < was * (1 - N_FALL) else Status.SAME
