"""How a part that was not run looks: one sentence, never an empty figure."""

from __future__ import annotations

from yuyao_lib.display.cards import notice
from yuyao_lib.display.results import draw, tabulate
from yuyao_lib.display.sentences import say
from yuyao_lib.display.shown import Shown
from yuyao_lib.methods.absence import Absent
from yuyao_lib.sources.dataset import Dataset

__all__: list[str] = []


@tabulate.register
def _(result: Absent, data: Dataset) -> Shown:
    """Say which table is missing."""
    return notice(result.why, data)


@draw.register
def _(result: Absent, data: Dataset) -> Shown:
    """Say which table is missing."""
    return notice(result.why, data)


@say.register
def _(result: Absent, data: Dataset) -> Shown:
    """Say which table is missing."""
    return notice(result.why, data)
