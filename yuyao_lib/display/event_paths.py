"""How event studies of parts look: one small chart a skill grade or a cohort."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import Draw, chart
from yuyao_lib.display.numbers import amount
from yuyao_lib.display.panels import panels, small_ranges
from yuyao_lib.display.results import draw, notes_of, range_of
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.style import COLOURS
from yuyao_lib.methods.contract_paths import EventPath, EventPaths
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Language, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__: list[str] = []

SINCE = Text("Quarters since the contract", "自合同起的季度数")
UP = Text("Log points", "对数点")
NONE = Text(
    "Not shown: every part has fewer than three firms with a contract.",
    "未显示：各部分的签约企业均少于三家。",
)
COLUMNS = 3


@draw.register
def _(result: EventPaths, data: Dataset) -> Shown:
    """Draw each part quarter by quarter, with what was set as diamonds."""
    held = [p for p in result.paths if any(e.estimate is not None for e in p.estimates)]
    if not held:
        return notice(NONE, data)
    figure, height = panels([(p.name, _one(p)) for p in held], columns=COLUMNS)
    known = any(t is not None for p in held for t in p.truths)
    words = Text("Each chart has a scale of its own.", "各图纵轴不同。")
    if known:
        words = Text(f"{words.en} Diamonds: set by us.", f"{words.zh}菱形：由我们设定。")
    if result.left_out:
        en, zh = (", ".join(n.of(k) for n in result.left_out) for k in ("en", "zh"))
        words = Text(
            f"{words.en} Fewer than three firms with a contract: {en}.",
            f"{words.zh}签约企业少于三家：{zh}。",
        )
    made = notes_of([e for p in held for e in p.estimates])[:1]
    note = Text(
        " ".join([words.en, *(n.en for n in made)]), "".join([words.zh, *(n.zh for n in made)])
    )
    told = [(p.name, amount(_last(p), digits=3)) for p in held]
    alt = Text(
        f"{result.title.en}: small charts. Last quarter told of each:"
        f" {'; '.join(f'{n.en} {v}' for n, v in told)}.",
        f"{result.title.zh}：小图。各图最后一个季度：{'；'.join(f'{n.zh} {v}' for n, v in told)}。",
    )
    return chart(figure, data, title=result.title, alt=alt, note=note, height=height)


def _one(path: EventPath) -> Draw:
    """Return the chart of one part."""
    times, ranges = [float(t) for t in path.times], [range_of(e) for e in path.estimates]
    base = small_ranges(times, ranges, across=SINCE, up=UP)
    known = [(t, v) for t, v in zip(path.times, path.truths, strict=True) if v is not None]

    def drawn(axes: Axes, language: Language) -> None:
        base(axes, language)
        if known:
            axes.plot([t for t, _ in known], [v for _, v in known], "D", color=COLOURS["orange"],
                      linestyle="none", markeredgecolor="white", markeredgewidth=0.5)  # fmt: skip

    return drawn


def _last(path: EventPath) -> float | None:
    """Return the last estimate there is."""
    held = [e.estimate for e in path.estimates if e.estimate is not None]
    return held[-1] if held else None
