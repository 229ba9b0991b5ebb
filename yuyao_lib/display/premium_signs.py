"""How signs of who joins look, and the premium in other data sets."""

from __future__ import annotations

from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import Range, chart, forest
from yuyao_lib.display.numbers import amount, count, p_value
from yuyao_lib.display.results import alt_of, draw, notes_of, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Estimate, Mode
from yuyao_lib.methods.premium_elsewhere import Elsewhere
from yuyao_lib.methods.selection import Selection
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text, listed_columns, term

__all__: list[str] = []

MEANINGS = {
    "before_joining": Text("those who join already earn more", "入会者此前工资已较高"),
    "lead": Text("pay moves before membership does", "工资先于会员身份变化"),
    "joining": Text("what joining goes with", "入会所伴随的变化"),
    "leaving": Text("what leaving goes with", "退会所伴随的变化"),
    "asymmetry": Text("joining and leaving are not mirror images", "入会与退会并不对称"),
}
TESTS = frozenset({"before_joining", "lead", "asymmetry"})


@tabulate.register
def _(result: Selection, data: Dataset) -> Shown:
    """Show each sign, what it would mean, and whether it is there."""
    columns = [
        Column(Text("Sign", "迹象"), "text"),
        Column(Text("If not zero", "若不为零"), "text"),
        Column(Text("Log points", "对数点")),
        Column(Text("Interval", "区间"), "text"),
        Column(Text("p-value", "p 值")),
        Column(Text("n", "样本量")),
        Column(Text("Seen", "是否见到"), "text"),
    ]
    rows = [_sign(e) for e in result.estimates]
    joined, left = count(result.joiners), count(result.leavers)
    changes = Text(
        f"{joined} changes into membership, {left} out of it are seen.",
        f"见到入会 {joined} 次，退会 {left} 次。",
    )
    # beside the counts of who joins and stays, they tell how many join and leave again
    told = [changes] if data.mode is not Mode.OWN else []
    notes = [*told, *notes_of(list(result.estimates))]
    tests = [e for e in result.estimates if e.key in TESTS and e.estimate is not None]
    n, seen = len(tests), len(result.signs)
    caption = Text(
        f"{seen} of {n} signs of who joins are seen"
        if n
        else "Signs of who joins cannot be looked for",
        f"{n} 种入会选择的迹象中见到 {seen} 种" if n else "无法寻找入会选择的迹象",
    )
    return table(columns, rows, data, caption=caption, notes=notes, name="selection_signs")


def _sign(e: Estimate) -> list[Cell]:
    """Lay out one sign."""
    name, meaning = term(e.term).text, MEANINGS[e.key]
    if e.undefined is not None:
        return [name, meaning, "–", e.undefined, "–", "–", "–"]
    value, low, high = (amount(v, digits=3) for v in (e.estimate, e.low, e.high))
    reach = Text(f"{low} to {high}", f"{low} 至 {high}")
    seen: Cell = "–"
    if e.key in TESTS:
        seen = Text("yes", "是") if e.differs_from_zero else Text("no", "否")
    return [name, meaning, value, reach, p_value(e.p_value), count(e.n), seen]


@draw.register
def _(result: Elsewhere, data: Dataset) -> Shown:
    """Draw pooled and within premia of every data set, one under the other."""
    absent = [Text(f"{name}: {why.en}", f"{name}：{why.zh}") for name, why in result.missing]
    if len(result.sets) < 2 and absent:
        return notice(Text(" ".join(t.en for t in absent), "".join(t.zh for t in absent)), data)
    ranges = []
    for held in result.sets:
        title = _title_of(held.name)
        for e, kind in ((held.pooled, POOLED), (held.within, INSIDE)):
            label = Text(f"{title.en}: {kind.en}", f"{title.zh}：{kind.zh}")
            ranges.append(Range(label, e.estimate, e.low, e.high, strong=kind is INSIDE))
    figure, height = forest(
        ranges, axis=Text("Difference in pay (log points)", "工资差异（对数点）")
    )
    both = [s for s in result.sets if s.within.estimate is not None]
    less = len(result.falling)
    title = Text(
        f"In {less} of {len(both)} panels the gap is smaller within persons",
        f"{len(both)} 个面板中有 {less} 个，个人内部的差距较小",
    )
    notes = [
        Text(f"{_title_of(s.name).en.capitalize()}: without {listed_columns(s.left_out).en}.",
             f"{_title_of(s.name).zh}：不含{listed_columns(s.left_out).zh}。")
        for s in result.sets
        if s.left_out
    ]  # fmt: skip
    notes += absent
    note = Text(" ".join(t.en for t in notes), "".join(t.zh for t in notes)) if notes else None
    shown = [e for held in result.sets for e in (held.pooled, held.within)]
    alt = alt_of(shown, [r.label for r in ranges])
    return chart(figure, data, title=title, alt=alt, height=height, note=note)


POOLED = Text("pooled", "混合")
INSIDE = Text("within persons", "个人内部")


def _title_of(name: str) -> Text:
    """Name a data set in a few words; one without words of its own has its name."""
    words = {
        "wagepan": Text("young men 1980-87", "青年男性 1980—87"),
        "nlswork": Text("young women 1970-88", "青年女性 1970—88"),
        "psid7682": Text("household heads 1976-82", "户主 1976—82"),
        "cps78_85": Text("two surveys 1978, 1985", "两次调查 1978、1985"),
        "cps1985": Text("survey 1985", "调查 1985"),
    }
    return words.get(name, Text(name, name))
