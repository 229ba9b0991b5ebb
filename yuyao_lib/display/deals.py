"""How redrawn dates look: the statistic among those of the deals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yuyao_lib.display.backing import backing_of, whole
from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import chart
from yuyao_lib.display.numbers import amount, count, p_value
from yuyao_lib.display.results import draw
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.style import COLOURS
from yuyao_lib.findings import Backing, Contributions
from yuyao_lib.methods.inference_dealt import Dealt
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Language, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__: list[str] = []

BINS = 30


@draw.register
def _(result: Dealt, data: Dataset) -> Shown:
    """Draw the statistics of the deals, and where the observed one falls among them."""
    if result.undefined is not None:
        why = result.undefined
        return notice(Text(f"Not drawn: {why.en}.", f"未绘制：{why.zh}。"), data)

    def figure(axes: Axes, language: Language) -> None:
        top = max([*result.dealt, result.observed]) * 1.02
        edges = [top * i / BINS for i in range(BINS + 1)]
        axes.hist(result.dealt, bins=edges, color=COLOURS["sky"], edgecolor="white", linewidth=0.6)
        axes.axvline(result.observed, color=COLOURS["orange"], linewidth=2.2)
        word = "实际日期" if language == "zh" else "dates as they were"
        axes.annotate(
            word, (result.observed, 0.96), xycoords=("data", "axes fraction"), xytext=(5, 0),
            textcoords="offset points", color=COLOURS["orange"], fontsize=9, va="top",
        )  # fmt: skip
        zh = language == "zh"
        axes.set_xlabel("效应除以其标准误（绝对值）" if zh else "Effect over its standard error")
        axes.set_ylabel("重新分配的次数" if zh else "Deals")
        axes.grid(visible=True, axis="y")
        axes.set_axisbelow(True)

    p, n = p_value(result.p_value), count(len(result.dealt))
    alt = Text(
        f"Histogram of the statistic with contract dates dealt anew {n} times: the observed one is"
        f" {amount(result.observed, digits=2)}, p = {p}.",
        f"直方图：将签约日期重新分配 {n} 次所得的统计量；实际日期所得的统计量为"
        f" {amount(result.observed, digits=2)}，p = {p}。",
    )
    title = Text(
        "Where the effect falls among effects of dates dealt by chance",
        "实际效应在随机分配日期所得效应中的位置",
    )
    return chart(figure, data, title=title, alt=alt, note=alt, height=3.5)


@backing_of.register
def _(result: Dealt, held: Contributions) -> list[Backing]:
    """Back the statistic and every bar by the smaller side that the dates were dealt to."""
    side = result.behind
    least = {"least_persons": side.persons, "least_employers": side.clusters}
    return [whole("deals", held, **least) for _ in range(BINS + 1)]
