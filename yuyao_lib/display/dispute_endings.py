"""How ways of ending and numbers of disputes look; sections that are switched off say why."""

from __future__ import annotations

from dataclasses import replace

from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import chart
from yuyao_lib.display.curves import Line, curves
from yuyao_lib.display.dispute_models import ratio_columns
from yuyao_lib.display.dispute_words import covariate, pair, ratio_cells
from yuyao_lib.display.numbers import amount, count, p_value
from yuyao_lib.display.results import draw, notes_of, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Backing, Estimate, Mode, Rules
from yuyao_lib.methods.cause_hazards import CauseHazards
from yuyao_lib.methods.competing_risks import CumulativeIncidence
from yuyao_lib.methods.counts import CountModel
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text, term

__all__: list[str] = []

WAYS = {
    "settled": Text("settled", "和解"),
    "arbitration": Text("arbitration", "仲裁"),
    "litigation": Text("litigation", "诉讼"),
    "withdrawn": Text("withdrawn", "撤回"),
    "promoted": Text("promoted", "晋级"),
    "left": Text("left the employer", "离开单位"),
    "still_open": Text("still going on", "仍在持续"),
}


def way(name: str) -> Text:
    """Name a way of ending for a reader."""
    return WAYS.get(name, Text(name.replace("_", " "), name))


def _off(estimates: tuple[Estimate, ...], data: Dataset) -> Shown:
    """Say why a section is switched off."""
    why = next((e.undefined for e in estimates if e.undefined is not None), None)
    words = why or Text("there is nothing to show", "没有可显示的内容")
    return notice(Text(f"{words.en[:1].upper()}{words.en[1:]}.", f"{words.zh}。"), data)


@draw.register
def _(result: CumulativeIncidence, data: Dataset) -> Shown:
    """Draw how the share ended in each way grows; of own data in steps of many."""
    if not result.curves:
        return _off(result.estimates, data)
    if data.mode is Mode.OWN:
        cases = Rules().survival_cases
        told = {e.key for e in result.estimates if e.estimate is not None}
        ways = tuple(c.coarser(cases=cases) for c in result.curves if c.cause in told)
        result = replace(result, curves=tuple(c for c in ways if len(c.times)))
        if not result.curves:
            return _off(result.estimates, data)
        shown = _grown(result, data)
        steps = [
            Backing(what=f"step of {c.cause}", persons=cases, kind="step", names_employers=False)
            for c in result.curves for _ in (0.0, *c.times)
        ]  # fmt: skip
        return replace(shown, backing=tuple(steps))
    return _grown(result, data)


def _grown(result: CumulativeIncidence, data: Dataset) -> Shown:
    """Draw the curves there are."""
    lines = [
        Line(x=[0.0, *c.times], y=[0.0, *c.share], low=[0.0, *c.low], high=[0.0, *c.high],
             label=way(c.cause), step=True) for c in result.curves
    ]  # fmt: skip
    unit = term(result.unit).text
    across = Text(f"Time since the beginning ({unit.en})", f"自开始起的时间（{unit.zh}）")
    up = Text("Share ended in this way", "以此方式结束的比例")
    told = [(way(e.key), amount(e.estimate, digits=3)) for e in result.estimates]
    lead = next((e for e in result.estimates if e.estimate is not None), result.estimates[0])
    first = way(lead.key)
    percent = amount(100 * (lead.estimate or 0.0), digits=1)
    horizon = Text(f"{result.horizon:g} {unit.en}", f"{result.horizon:g} {unit.zh}")
    title = Text(
        f"Within {horizon.en}: {percent}% {first.en}",
        f"{horizon.zh}之内：{percent}% {first.zh}",
    )
    alt = Text(
        f"Cumulative incidence of each way of ending. By {horizon.en}: "
        + "; ".join(f"{n.en} {v}" for n, v in told) + ".",
        f"各结束方式的累积发生率。至 {horizon.zh}："
        + "；".join(f"{n.zh} {v}" for n, v in told) + "。",
    )  # fmt: skip
    return chart(curves(lines, across=across, up=up), data, title=title, alt=alt, height=4.0)


@tabulate.register
def _(result: CumulativeIncidence, data: Dataset) -> Shown:
    """Show the share ended in each way by the horizon."""
    if not result.curves:
        return _off(result.estimates, data)
    columns = [
        Column(Text("Way of ending", "结束方式"), "text"),
        Column(Text("Share", "比例")),
        Column(Text("Interval", "区间"), "text"),
        Column(Text("n", "样本量")),
    ]
    rows: list[list[Cell]] = [[way(e.key), *pair(e), count(e.n)] for e in result.estimates]
    stop, unit = f"{result.horizon:g}", term(result.unit).text
    caption = Text(f"How they had ended within {stop} {unit.en}", f"{stop} {unit.zh}之内如何结束")
    notes = notes_of(list(result.estimates))
    return table(columns, rows, data, caption=caption, notes=notes, name="ways_of_ending")


@tabulate.register
def _(result: CauseHazards, data: Dataset) -> Shown:
    """Show each way's ratios."""
    if result.undefined is not None:
        return _off(result.estimates, data)
    rows: list[list[Cell]] = []
    groups: list[tuple[int, Text]] = []
    for cause, model in result.models.items():
        groups.append((len(rows), way(cause)))
        pairs = zip(model.estimates, model.ratios, strict=False)
        rows += [[covariate(e.key), *ratio_cells(r, e)] for e, r in pairs]
    caption = Text("What goes with each way of ending", "与各结束方式相应的因素")
    note = Text(
        "A ratio is about the chance of ending so among those that still go on; it does not say"
        " how the share that ends so changes.",
        "比值是在仍持续者中以此方式结束的风险之比，并不说明以此方式结束的比例如何变化。",
    )
    notes = [note, *notes_of(list(result.estimates))]
    return table(
        ratio_columns(), rows, data, caption=caption, notes=notes, groups=groups,
        name="hazard_ratios_by_way",
    )  # fmt: skip


@tabulate.register
def _(result: CountModel, data: Dataset) -> Shown:
    """Show each covariate's ratio of counts, and how much counts scatter."""
    if result.log_likelihood is None:
        return _off(result.estimates, data)
    differences = [e for e in result.estimates if e.term == "count_difference"]
    rows = [
        [covariate(e.key), *ratio_cells(r, e)]
        for e, r in zip(differences, result.ratios, strict=True)
    ]
    name = term(result.law).text
    caption = Text(f"How many there are ({name.en})", f"数量（{name.zh}）")
    mean, sd = amount(result.mean, digits=2), amount(result.standard_deviation, digits=2)
    notes = [
        Text(
            f"{count(result.n)} rows; mean {mean}, standard deviation {sd}.",
            f"{count(result.n)} 行；均值 {mean}，标准差 {sd}。",
        )
    ]
    for test in result.overdispersion.tests:
        value = p_value(test.p_value)
        notes.append(Text(f"{test.name.en}: p {value}.", f"{test.name.zh}：p {value}。"))
    notes += notes_of(differences)
    head = Text("Ratio of counts", "次数之比")
    columns = ratio_columns(ratio=head)
    return table(columns, rows, data, caption=caption, notes=notes, name="counts")
