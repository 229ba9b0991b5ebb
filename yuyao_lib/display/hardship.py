"""How hardship looks: files still open as time passes, exits and relapse."""

from __future__ import annotations

from yuyao_lib.display.charts import chart
from yuyao_lib.display.counted import counted_table
from yuyao_lib.display.curves import Line, curves
from yuyao_lib.display.numbers import amount
from yuyao_lib.display.results import draw, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Counted
from yuyao_lib.methods.hardship import Hardship
from yuyao_lib.methods.survival_curves import Curve
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

__all__: list[str] = []

POINTS = 32  # drawn a curve
CATEGORIES = {
    "deep": Text("deep", "深度困难"),
    "relative": Text("relative", "相对困难"),
    "accident": Text("accident", "意外致困"),
}


@draw.register
def _(result: Hardship, data: Dataset) -> Shown:
    """Draw the share of files still open, by category."""
    shown = [c for c in result.curve.curves if len(c.times)]
    lines = [_line(c) for c in shown]
    left = next(e for e in result.estimates if e.key == "exit_12_months")
    told = amount(left.estimate, digits=0)
    title = Text(
        f"Within twelve months {told}% of files of hardship were closed",
        f"十二个月内 {told}% 的困难职工档案已脱困",
    )
    if left.estimate is None:
        title = Text("Files of hardship still open", "仍未脱困的档案")
    after = [e for e in result.curve.estimates if "share_after" in e.key and e.estimate is not None]
    named = [(e.key.split("_share")[0], e.estimate) for e in after]
    alt = Text(
        "Curves of files still open, from all to fewer. Still open after a year: "
        + "; ".join(f"{CATEGORIES.get(k, Text(k, k)).en} {v:.2f}" for k, v in named) + ".",
        "仍未脱困档案的比例曲线。一年后仍未脱困："
        + "；".join(f"{CATEGORIES.get(k, Text(k, k)).zh} {v:.2f}" for k, v in named) + "。",
    )  # fmt: skip
    figure = curves(
        lines, across=Text("Days since the file was opened", "建档后的天数"),
        up=Text("Share of files still open", "仍未脱困的档案比例"),
    )  # fmt: skip
    note = Text("Bands: 95% interval at each time.", "阴影：各时点的 95% 区间。")
    return chart(figure, data, title=title, alt=alt, note=note, height=4.0)


def _line(curve: Curve) -> Line:
    """Turn a curve into a line; one point of several where there are many."""
    every = max(1, len(curve.times) // POINTS)
    parts = (curve.times, curve.share, curve.low, curve.high)
    times, share, low, high = (part[::every] for part in parts)
    return Line(
        x=[0.0, *times], y=[1.0, *share], low=[1.0, *low], high=[1.0, *high],
        label=CATEGORIES.get(curve.label, Text(curve.label, curve.label)), step=True,
    )  # fmt: skip


@tabulate.register
def _(result: Hardship, data: Dataset) -> Shown:
    """Show exits and relapse."""
    back = result.relapse
    note = Counted(
        f"Of the exits, {back.followed} could be followed for {back.months} months; the households"
        f" of {back.back} opened a new file.",
        f"脱困者中 {back.followed} 例可追踪 {back.months} 个月，"
        f"其中 {back.back} 例所在家庭重新建档。",
        counts=(back.back, back.followed - back.back), term="relapse_share", n_unit="cases",
    )  # fmt: skip
    caption = Text("Exits from hardship and relapse", "脱困与返困")
    return counted_table(result.estimates, data, caption=caption, name="hardship", notes=[note])
