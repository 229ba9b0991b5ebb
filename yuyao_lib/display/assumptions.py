"""What a simulated page takes for granted: the assumed parameters, with their number."""

from __future__ import annotations

import re

from yuyao_lib.display.cards import notice
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Mode
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text, term, terms

__all__ = ["assumptions"]


NAMES = re.compile(r"[a-z][a-z ]*(?=\.)")  # names of values: what is assumed says them in order


def _note(parameter: str) -> Cell:
    """Return what to mind of a parameter."""
    held = terms().get(f"assumed_note_{parameter}")
    return held.text if held else "–"


def assumptions(data: Dataset, *, most: int | None = None) -> Shown:
    """List the assumed parameters of the simulation; say that there are none elsewhere.

    Parameters
    ----------
    data
        Whose assumptions; only simulated data have any.
    most
        How many are listed, for a sample of the table; all of them where it is None.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> assumptions(yuyao.open("record")).kind
    'notice'
    """
    if data.mode is not Mode.SIMULATED:
        words = Text(
            "These data are not simulated, so no parameter was set by us.",
            "这些数据并非模拟，没有由我们设定的参数。",
        )
        return notice(words, data)
    from yuyao_lib.sources.simulation import parameters

    known = parameters()
    rows: list[list[Cell]] = [
        [
            term(f"assumed_{p.id}").text,
            "; ".join(NAMES.sub("", part).strip() for part in p.value.split(";")),
            Text(f"{p.low} to {p.high}", f"{p.low} 至 {p.high}") if p.low and p.high else "–",
            _note(p.id),
        ]
        for p in known
        if p.status == "assumed" and p.use == "generator"
    ]
    total = sum(known.counts("generator").values())
    columns = [
        Column(Text("What is assumed", "假定的内容"), "text"),
        Column(Text("Value", "取值"), "text"),
        Column(Text("Plausible range", "合理范围"), "text"),
        Column(Text("Note", "说明"), "text"),
    ]
    caption = Text(
        f"Assumed: {len(rows)} of the {total} parameters of the simulation",
        f"模拟所用 {total} 个参数中的 {len(rows)} 个假定值",
    )
    note = Text(
        "No source was found for these; a result that hangs on one of them says nothing about"
        " workers. Totals equal the record's by construction, which validates nothing.",
        "这些取值没有出处；依赖于其中任何一个的结果都不能说明真实职工的情况。"
        "合计数按设计与公开记录一致，这不构成任何验证。",
    )
    notes = [note]
    if "null True" in data.card.vintage:
        off = Text(
            "Here every effect was switched off, so what stands as an effect that was set was not"
            " used.",
            "此处关闭了一切效应，表中注明为“设定的效应”者均未采用。",
        )
        notes.insert(0, off)
    if most is not None and most < len(rows):
        notes.insert(0, Text(f"The first {most} of them.", f"所列为其中前 {most} 个。"))
    return table(columns, rows[:most], data, caption=caption, notes=notes, name="assumptions")
