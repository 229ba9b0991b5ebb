"""How placements look: shares still without a job, trained beside untrained."""

from __future__ import annotations

from yuyao_lib.display.charts import chart
from yuyao_lib.display.counted import counted_table
from yuyao_lib.display.curves import Line, curves
from yuyao_lib.display.numbers import amount
from yuyao_lib.display.results import draw, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.methods.job_services import JobServices
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

__all__: list[str] = []

WHO = {"1": Text("trained", "参训"), "0": Text("untrained", "未参训")}
POINTS = 45  # drawn a curve: thousands of steps of a day would make a picture, not a line


@draw.register
def _(result: JobServices, data: Dataset) -> Shown:
    """Draw the share with a job as time passes."""
    lines = []
    for curve in result.curve.curves:
        every = max(1, len(curve.times) // POINTS)
        parts = [part[::every] for part in (curve.times, curve.share, curve.low, curve.high)]
        times, share, low, high = parts
        lines.append(
            Line(
                x=[0.0, *times], y=[0.0, *(100 * (1 - share))], low=[0.0, *(100 * (1 - high))],
                high=[0.0, *(100 * (1 - low))], label=WHO[curve.label], step=True,
            )
        )  # fmt: skip
    known = {e.key: e for e in result.estimates}
    told = {k: amount(known[f"placed_{k}"].estimate, digits=1) for k in ("trained", "untrained")}
    title = Text(
        f"With a job after {result.days} days: {told['trained']}% of the trained,"
        f" {told['untrained']}% of the untrained",
        f"{result.days} 天后就业：参训者 {told['trained']}%，未参训者 {told['untrained']}%",
    )
    alt = Text(
        f"Curves of the share with a job since registration. {title.en}.",
        f"登记后就业比例曲线，横轴为登记后天数，纵轴为已就业百分比。{title.zh}。",
    )
    top = max(float(max(line.high or line.y)) for line in lines)
    figure = curves(
        lines, across=Text("Days since registration", "登记后的天数"),
        up=Text("With a job (%)", "已就业（%）"), limits=(0.0, max(top * 1.1, 1.0)),
    )  # fmt: skip
    note = Text("Bands: 95% interval at each time; those not watched longer are no longer counted.",
                "阴影：各时点的 95% 区间；不再观察者不再计入。")  # fmt: skip
    return chart(figure, data, title=title, alt=alt, note=note, height=4.0)


@tabulate.register
def _(result: JobServices, data: Dataset) -> Shown:
    """Show placements and their differences."""
    caption = Text(
        f"Placements within {result.days} days of registration, trained and untrained",
        f"登记后 {result.days} 天内就业，参训与未参训",
    )
    return counted_table(result.estimates, data, caption=caption, name="placements")
