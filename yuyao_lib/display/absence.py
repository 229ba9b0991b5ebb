"""How a part that was not run looks: one sentence, never an empty figure."""

from __future__ import annotations

from dataclasses import replace

from yuyao_lib.display.cards import notice
from yuyao_lib.display.results import draw, tabulate
from yuyao_lib.display.sentences import say
from yuyao_lib.display.shown import Shown
from yuyao_lib.findings.rules import declared
from yuyao_lib.methods.absence import Absent
from yuyao_lib.sources.dataset import Dataset

__all__: list[str] = []


@tabulate.register
@draw.register
@say.register
def _(result: Absent, data: Dataset) -> Shown:
    """Say why a part was not run; a table that was kept back counts as hidden."""
    gone = result.tables if result.kept_back else ()
    rule = declared()["difference"].name
    return replace(notice(result.why, data), hidden=tuple((table, rule) for table in gone))
