"""How power looks: the share of samples in which an effect of each size is found."""

from __future__ import annotations

from yuyao_lib.display.charts import chart
from yuyao_lib.display.curves import Line, Mark, curves
from yuyao_lib.display.numbers import amount
from yuyao_lib.display.results import draw
from yuyao_lib.display.shown import Shown
from yuyao_lib.methods.power_designs import Power
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text, term

__all__: list[str] = []


@draw.register
def _(result: Power, data: Dataset) -> Shown:
    """Draw power over effects, with the smallest effect that is found in most samples."""
    held = [(x, p) for x, p in zip(result.effects, result.powers, strict=True) if p is not None]
    least = result.estimates[0]
    unit = term(least.unit).text
    marks = []
    if least.estimate is not None and held:
        value = amount(least.estimate, digits=3)
        words = Text(f"minimum detectable: {value}", f"最小可检测效应：{value}")
        marks.append(Mark(least.estimate, 0.8, words))
    line = Line(x=[x for x, _ in held], y=[p for _, p in held])
    figure = curves(
        [line],
        across=Text(f"True effect, {unit.en}", f"真实效应，{unit.zh}"),
        up=Text("Share of samples in which it is found", "能检出该效应的样本份额"),
        marks=marks,
    )
    said = "; ".join(f"{x:g}: {p:.0%}" for x, p in held[::3])
    alt = Text(f"Curve of power by effect. {said}.", f"各效应的检验功效曲线。{said}。")
    title = Text(
        "How large an effect must be before this design finds it",
        "效应须有多大，此设计才能检出",
    )
    return chart(figure, data, title=title, alt=alt, height=3.6)
