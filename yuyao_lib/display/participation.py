"""How participation looks: persons and person-times side by side, and concentration."""

from __future__ import annotations

from yuyao_lib.display.backing import backing_of
from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import chart
from yuyao_lib.display.counted import counted_table
from yuyao_lib.display.distributions import lorenz_curves
from yuyao_lib.display.hidden_counts import CELLS_HIDDEN
from yuyao_lib.display.numbers import amount, count
from yuyao_lib.display.results import draw, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Backing, Contributions, Mode, Rules, backing_of_estimate
from yuyao_lib.methods.participation import KINDS, Concentration, Participation
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

__all__: list[str] = []

EVERY, TENTH = 5, 10  # points of a curve drawn
TOO_FEW = Text(
    "Not drawn: what is spread lies on too few units, or one or two of them carry it.",
    "未绘制：所涉单元过少，或总量主要来自一两个单元。",
)


def _of_many(result: Concentration) -> list[str]:
    """Return the things of which every tenth is of many, and that not one or two carry."""
    least = Rules().persons
    return [
        k for k, n in result.units.items() if n >= TENTH * least and result.carrying[k] >= least
    ]


@backing_of.register
def _(result: Concentration, held: Contributions) -> list[Backing]:
    """Back the indices, and each curve that can be drawn by the units that carry it."""
    made = [backing_of_estimate(e, held) for e in result.estimates if e.undefined is None]
    drawn = [
        Backing(what=f"curve {k}", persons=result.carrying[k], names_employers=False)
        for k in _of_many(result)
    ]
    return made + drawn


@tabulate.register
def _(result: Participation, data: Dataset) -> Shown:
    """Show every kind: activities, person-times, and the bounds of distinct persons."""
    columns = [
        Column(Text("Activities", "活动"), "text"),
        Column(Text("How many", "场次")),
        Column(Text("Person-times", "人次")),
        Column(Text("Distinct persons, at least", "人数，至少")),
        Column(Text("Distinct persons, at most", "人数，至多")),
        Column(Text("Person-times per person, within one", "单场内人均次数")),
        Column(Text("Hours, mean", "平均时长（小时）")),
        Column(Text("Money and goods (CNY)", "款物（元）")),
    ]
    gone = {e.key for e in result.estimates if e.undefined is not None}
    hidden = [k for k in result.kinds["kind"] if f"{k}_person_times" in gone]
    rows = [_row(r, told=r["kind"] not in hidden) for r in result.kinds.to_dict("records")]
    notes = [
        Text(
            "Persons are counted within an activity; who comes to several is counted in each. Over"
            " all activities of a kind they lie between the largest one and the sum.",
            "人数在单场活动内计；参加多场者每场各计一次。同类全部活动的人数介于最大一场与各场之和之间。",
        ),
        Text(
            "Hours are the length of an activity as reported, not person-hours.",
            "时长为上报的活动时长，不是人时。",
        ),
    ]
    notes += [CELLS_HIDDEN] if hidden else []
    caption = Text("What was held and how many came", "举办的活动与参与情况")
    return table(columns, rows, data, caption=caption, notes=notes, name="participation")


def _row(r: dict[str, object], *, told: bool) -> list[Cell]:
    """Lay out one kind; of one that may not be told its name."""
    kind = str(r["kind"])
    name = KINDS.get(kind, Text(kind, kind))
    if not told:
        return [name, *[""] * 7]
    return [
        name, _whole(r["activities"]), _whole(r["person_times"]),
        _whole(r["persons_low"]), _whole(r["persons_high"]), _number(r["times_per_person"], 2),
        _number(r["hours"], 1), _number(r["value"], 0),
    ]  # fmt: skip


def _number(value: object, digits: int) -> str:
    """Write a number that may be unknown."""
    return amount(float(str(value)) if value is not None else None, digits=digits)


def _whole(value: object) -> str:
    """Write a count that may be unknown."""
    text = _number(value, 0)
    return text if text == "–" else count(round(float(str(value))))


@draw.register
def _(result: Concentration, data: Dataset) -> Shown:
    """Draw a Lorenz curve a thing, of own data those that many carry, in tenths of many."""
    own = data.mode is Mode.OWN
    every = TENTH if own else EVERY
    shares = {k: c for k, c in result.shares.items() if not own or k in _of_many(result)}
    if not shares:
        return notice(TOO_FEW, data)
    grid = result.share_of_units[::every]  # from nought to all
    curves = [(result.things[k], curve[::every]) for k, curve in shares.items()]
    top = {k: 100 * (1 - curve[90]) for k, curve in shares.items()}
    told = "; ".join(f"{result.things[k].en} {v:.0f}%" for k, v in top.items())
    told_zh = "；".join(f"{result.things[k].zh} {v:.0f}%" for k, v in top.items())
    title = Text("How evenly benefits, aid and visits are spread", "普惠、补助与服务人次的分布")
    alt = Text(f"Lorenz curves under the line of equality. Share of the top tenth: {told}.",
               f"位于均等线之下的洛伦兹曲线。最高十分之一所占份额：{told_zh}。")  # fmt: skip
    note = Text(f"Share of the top tenth: {told}.", f"最高十分之一所占份额：{told_zh}。")
    figure = lorenz_curves(
        grid, curves,
        across=Text("Share of units, least first (%)", "单位累计比例，自低起（%）"),
        up=Text("Share of the whole (%)", "总量累计比例（%）"),
        equal=Text("spread evenly", "均匀分布"),
    )  # fmt: skip
    return chart(figure, data, title=title, alt=alt, note=note, height=4.8)


@tabulate.register
def _(result: Concentration, data: Dataset) -> Shown:
    """Show the Gini indices."""
    caption = Text("How unevenly it is spread: Gini indices", "分布的不均等程度：基尼系数")
    return counted_table(result.estimates, data, caption=caption, name="concentration")
