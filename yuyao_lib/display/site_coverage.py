"""How coverage by sites looks."""

from __future__ import annotations

from yuyao_lib.display.bars import Bar, bars
from yuyao_lib.display.charts import chart
from yuyao_lib.display.hidden_counts import CELLS_HIDDEN
from yuyao_lib.display.numbers import amount, count
from yuyao_lib.display.results import draw, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Mode
from yuyao_lib.methods.site_coverage import KINDS, SiteCoverage
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

__all__: list[str] = []

PEOPLE = {
    "workers": Text("all workers", "全部职工"),
    "women_20_45": Text("women aged 20-45", "20—45 岁女职工"),
    "new_form_members": Text("members in new forms of employment", "新就业形态会员"),
}


def _kind(name: str) -> Text:
    """Name a kind of site."""
    en, zh = KINDS.get(name, (name, name))
    return Text(en, zh)


@draw.register
def _(result: SiteCoverage, data: Dataset) -> Shown:
    """Draw the share of those a site is for who live in a town with one."""
    rows = result.kinds[result.kinds["reached"].notna()].to_dict("records")
    items = [Bar(_kind(r["kind"]), float(r["reached"])) for r in rows]
    told = "; ".join(f"{_kind(r['kind']).en} {r['reached']:.0f}%" for r in rows)
    told_zh = "；".join(f"{_kind(r['kind']).zh} {r['reached']:.0f}%" for r in rows)
    title = Text("People in towns with a site, by kind of site", "所在乡镇有阵地者，按阵地类别")
    alt = Text(f"Bars of the share of people in towns with a site: {told}.",
               f"所在乡镇街道有阵地者比例条形图：{told_zh}。")  # fmt: skip
    axis = Text("People it is for, in towns with a site (%)", "所在乡镇有阵地者（%）")
    figure, height = bars(items, axis=axis, digits=0)
    return chart(figure, data, title=title, alt=alt, height=height + 0.4)


@tabulate.register
def _(result: SiteCoverage, data: Dataset) -> Shown:
    """Show every kind with whom it is for."""
    columns = [
        Column(Text("Sites", "阵地"), "text"),
        Column(Text("How many", "数量")),
        Column(Text("Towns with one", "有阵地的乡镇")),
        Column(Text("For whom", "服务对象"), "text"),
        Column(Text("People", "人数")),
        Column(Text("In such towns (%)", "在此类乡镇（%）")),
        Column(Text("Sites per 10,000", "每万人阵地数")),
        Column(Text("Visits per 100 a year (person-times)", "每百人年服务人次")),
    ]
    hidden = {e.key for e in result.estimates if e.undefined is not None}
    own = data.mode is Mode.OWN
    rows: list[list[Cell]] = [
        [_kind(r["kind"]), "", "", PEOPLE[r["target"]], "", "", "", ""]
        if own and f"{r['kind']}_reached" in hidden
        else [
            _kind(r["kind"]), count(int(r["sites"])), f"{int(r['towns'])}/{int(r['all_towns'])}",
            PEOPLE[r["target"]], count(int(r["people"])), amount(r["reached"], digits=0),
            amount(r["per_10000"], digits=1), amount(r["visits_per_100"], digits=0),
        ]
        for r in result.kinds.to_dict("records")
    ]  # fmt: skip
    notes = [
        Text("A town with a site is not a worker near one: an upper bound.",
             "乡镇有阵地不等于职工身边有阵地：为上限。")
    ]  # fmt: skip
    notes += [CELLS_HIDDEN] if own and hidden else []
    caption = Text("Sites by kind, and those they are for", "各类阵地及其服务对象")
    return table(columns, rows, data, caption=caption, notes=notes, name="sites")
