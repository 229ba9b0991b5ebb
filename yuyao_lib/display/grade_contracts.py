"""How contract questions look: estimates beside what was set, matching, ladders."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from yuyao_lib.display import event_paths
from yuyao_lib.display.backing import backing_of, estimate_backing, without_number
from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import Draw, chart, forest, ranges_over
from yuyao_lib.display.hidden_counts import HIDDEN
from yuyao_lib.display.numbers import amount, count, digits_of, level_of, p_value, reach
from yuyao_lib.display.results import alt_of, draw, notes_of, range_of, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.style import COLOURS
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Backing, Contributions, Estimate, Mode, Rules
from yuyao_lib.methods.beside_truth import BesideTruth
from yuyao_lib.methods.contract_answers import grade_names
from yuyao_lib.methods.contract_firms import BalanceRow, Matched
from yuyao_lib.methods.grade_ladder import GRADES, Ladder, PassThrough
from yuyao_lib.methods.smaller_sides import Behind
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Language, Text, term

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["event_paths"]  # registers paths by grade and by cohort

SET = Text("set by us", "由我们设定")
SINGLES_OUT = "minimum employers"
FEW_FIRMS = Text(
    "A dash: all, none or too few firms of one kind have it to be shown.",
    "短横：某类企业全部、无一或仅少数具有该特征，不予显示。",
)
DIGITS = 4  # of log points beside what was set, so that small gaps can be seen
NAMES = {
    "log_headcount": Text("log of headcount", "职工数的对数"),
    "reform_pilot": Text("reform pilot (share)", "产改试点（占比）"),
    "accredited": Text("accredited for grades (share)", "已备案自主评价（占比）"),
    "rated_union": Text("own union with a star (share)", "本企业工会有星级（占比）"),
}


@draw.register
def _(result: BesideTruth, data: Dataset) -> Shown:
    """Draw estimates with their intervals, and what was set as a diamond."""
    shown = list(result.estimates)
    unit = term(shown[0].unit).text
    zero = 1.0 if shown[0].unit in {"ratio", "incidence_rate_ratio"} else 0.0
    alt = _alt(result)
    if result.across is not None:
        ranges = [range_of(e) for e in shown]
        base = ranges_over(
            list(result.places), ranges, across=result.across, up=unit, zero=zero, joined=False
        )
        figure, height = _diamonds(base, list(result.places), result.truths, upright=True), 3.9
    else:
        ranges = [range_of(e, label=n) for e, n in zip(shown, result.labels, strict=True)]
        lines, height = forest(ranges, axis=unit, zero=zero)
        places = [float(len(shown) - 1 - i) for i in range(len(shown))]
        figure = _diamonds(lines, places, result.truths, upright=False)
    return chart(figure, data, title=result.title, alt=alt, height=height)


def _diamonds(
    base: Draw, places: list[float], truths: tuple[float | None, ...], *, upright: bool
) -> Draw:
    """Add a diamond where a value was set."""
    known = [(p, t) for p, t in zip(places, truths, strict=True) if t is not None]

    def drawn(axes: Axes, language: Language) -> None:
        base(axes, language)
        if not known:
            return
        at, values = [p for p, _ in known], [t for _, t in known]
        x, y = (at, values) if upright else (values, at)
        axes.plot(
            x, y, "D", color=COLOURS["orange"], markersize=5.5, zorder=5, linestyle="none",
            label=SET.of(language), markeredgecolor="white", markeredgewidth=0.6,
        )  # fmt: skip
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), frameon=False, fontsize=9)

    return drawn


def _alt(result: BesideTruth) -> Text:
    """Describe the chart by its numbers."""
    parts: dict[str, list[str]] = {"en": [], "zh": []}
    for e, label, truth in zip(result.estimates, result.labels, result.truths, strict=True):
        value = amount(e.estimate, digits=digits_of(e.unit))
        told = amount(truth, digits=digits_of(e.unit)) if truth is not None else None
        parts["en"].append(f"{label.en}: {value}" + (f", set by us: {told}" if told else ""))
        parts["zh"].append(f"{label.zh}：{value}" + (f"，由我们设定：{told}" if told else ""))
    return Text(
        f"Estimates with intervals. {'; '.join(parts['en'])}.",
        f"估计值及区间。{'；'.join(parts['zh'])}。",
    )


@tabulate.register
def _(result: BesideTruth, data: Dataset) -> Shown:
    """Show each estimate, its interval, and what was set."""
    known = any(t is not None for t in result.truths)
    columns = [
        Column(Text("Estimate of", "对象"), "text"),
        Column(Text("Method", "方法"), "text"),
        Column(Text("Estimate", "估计值")),
        Column(level_of(result.estimates), "text"),
        Column(Text("p-value", "p 值")),
    ]
    counted = any(e.clusters is not None for e in result.estimates)
    columns += [Column(Text("Firms", "企业数"))] if counted else []
    columns += [Column(Text("Set by us", SET.zh))] if known else []
    rows = []
    for e, label, truth in zip(result.estimates, result.labels, result.truths, strict=True):
        row = [*_row(e, label), *([count(e.clusters)] if counted else [])]
        rows.append([*row, amount(truth, digits=_digits(e))] if known else row)
    notes = notes_of(list(result.estimates))
    unit = term(result.estimates[0].unit).text
    notes.insert(0, Text(f"Unit: {unit.en}.", f"单位：{unit.zh}。"))
    return table(columns, rows, data, caption=result.title, notes=notes, name="beside_truth")


def _digits(estimate: Estimate) -> int | None:
    """Return the decimals of an estimate beside what was set."""
    return DIGITS if estimate.unit == "log_points" else digits_of(estimate.unit)


def _row(e: Estimate, label: Text) -> list[Cell]:
    """Write one estimate."""
    return [
        label,
        term(e.method).text,
        amount(e.estimate, digits=_digits(e)),
        reach(e, digits=_digits(e)),
        p_value(e.p_value),
    ]


@tabulate.register
def _(result: Matched, data: Dataset) -> Shown:
    """Show how alike firms with a contract and their controls are."""
    columns = [
        Column(Text("Characteristic", "特征"), "text"),
        Column(Text("With contract", "签约企业")),
        Column(Text("All others", "全部其他")),
        Column(Text("Matched", "匹配对照")),
        Column(Text("Gap before (SD)", "匹配前差距（标准差）")),
        Column(Text("Gap after (SD)", "匹配后差距（标准差）")),
    ]
    own = data.mode is Mode.OWN
    gone = tuple((r.name, SINGLES_OUT) for r in result.balance if own and _tells_of_few(r))
    unseen = {name for name, _ in gone}
    rows: list[list[Cell]] = [
        [
            NAMES.get(r.name, Text(r.name, r.name)),
            *(amount(None if r.name in unseen else value, digits=2) for value in _numbers(r)),
        ]
        for r in result.balance
    ]
    caption = Text(
        "How alike firms with a contract and the firms they are compared with are",
        "签约企业与对照企业的相似程度",
    )
    note = Text(
        f"{count(result.treated)} firms with a contract; {count(result.controls)} controls taken"
        f" from {count(result.pool)} firms that never had one, by size within industry.",
        f"签约企业 {count(result.treated)} 家；从未签约的 {count(result.pool)} 家中"
        f"按规模在同行业内选取对照 {count(result.controls)} 家。",
    )
    notes = [note, *([FEW_FIRMS] if gone else [])]
    shown = table(columns, rows, data, caption=caption, notes=notes, name="matching")
    return replace(shown, hidden=gone) if gone else shown


def _numbers(row: BalanceRow) -> tuple[float | None, ...]:
    """Return what a row tells."""
    return row.treated, row.others, row.matched, row.gap_before, row.gap_after


def _tells_of_few(row: BalanceRow) -> bool:
    """Whether a share tells which few firms have a characteristic, or that all or none have."""
    return row.rarest is not None and row.rarest < Rules().clusters


@tabulate.register
def _(result: Ladder, data: Dataset) -> Shown:
    """Show the schedule by grade with its steps."""
    if not result.schedule:
        why = result.estimates[0].undefined or Text("no schedule", "没有工资表")
        return notice(Text(f"Not shown: {why.en}.", f"未显示：{why.zh}。"), data)
    columns = [
        Column(Text("Grade", "等级"), "text"),
        Column(Text("Allowance (CNY a month)", "津贴（元/月）")),
        Column(Text("Step over the grade below", "与下一级之差")),
    ]
    steps = {e.key.removeprefix("step_"): e.estimate for e in result.estimates}
    grades = list(result.schedule)
    own = data.mode is Mode.OWN
    seen = {g: result.schedule[g] for g in grades if not own or _enough(result.behind[g])}
    rows: list[list[Cell]] = [
        [name, amount(seen.get(g), digits=0), amount(steps.get(GRADES[g - 1]), digits=0)]
        for g, name in zip(grades, grade_names(grades), strict=True)
    ]
    rounds = count(result.contracts)
    if own and result.contracts < Rules().clusters:
        rounds = HIDDEN
    note = Text(
        f"{rounds} rounds of contracts, means weighted by covered person-times.",
        f"{rounds} 轮合同，按覆盖人次加权平均。",
    )
    never, every = (e.estimate for e in result.estimates[:2])
    if never is not None and every is not None:
        low, high = amount(100 * never, digits=0), amount(100 * every, digits=0)
        note = Text(
            f"{note.en} Never falling: {low}%; rising with every grade: {high}%.",
            f"{note.zh}不递减的占 {low}%，逐级递增的占 {high}%。",
        )
    caption = Text("What the contracts promise each skill grade", "合同向各技能等级承诺的津贴")
    shown = table(columns, rows, data, caption=caption, notes=[note], name="pay_schedule")
    gone = tuple((f"grade {g}", SINGLES_OUT) for g in grades if g not in seen)
    return replace(shown, hidden=gone) if gone else shown


def _enough(behind: Behind) -> bool:
    """Whether enough employers, and persons where they are counted, stand behind a mean."""
    rules = Rules()
    enough = behind.persons is None or behind.persons >= rules.persons
    return enough and behind.clusters >= rules.clusters


@tabulate.register
def _(result: PassThrough, data: Dataset) -> Shown:
    """Show the floor of each grade against what is paid and what pay gained."""
    if not any(result.floor):
        return notice(NO_FLOOR, data)
    result = _seen(result, data)
    columns = [
        Column(Text("Grade", "等级"), "text"),
        Column(Text("Floor (CNY a month)", "下限（元/月）")),
        Column(Text("Allowance paid", "实发津贴")),
        Column(Text("Gain in pay", "工资增加额")),
        Column(Text("Gain over floor", "增加额/下限")),
        Column(Text("Interval of the ratio", "比值的区间"), "text"),
    ]
    rows: list[list[Cell]] = []
    for name, floor, paid, gain, share in zip(
        grade_names(list(result.grades)), result.floor, result.paid, result.gains, result.shares,
        strict=True,
    ):  # fmt: skip
        rows.append(
            [
                name,
                amount(floor, digits=0),
                amount(paid, digits=0),
                amount(gain.estimate, digits=0),
                amount(share.estimate, digits=2),
                share.undefined or Text(_two(share, "en"), _two(share, "zh")),
            ]
        )
    caption = Text("The floor of each grade and what reached pay", "各等级的下限与实际传导")
    note = Text(
        "Averages over all quarters under contract, the first ones included, in which the"
        " contract was still being phased in.",
        "为签约期间全部季度的平均，包括合同逐步落实的最初几个季度。",
    )
    return table(columns, rows, data, caption=caption, notes=[note], name="pass_through")


def _seen(result: PassThrough, data: Dataset) -> PassThrough:
    """Leave out of own data the floors and allowances of few employers or persons."""
    if data.mode is not Mode.OWN:
        return result
    floor, paid = (
        tuple(v if _enough(side) else None for v, side in zip(values, behind, strict=True))
        for values, behind in ((result.floor, result.stated_by), (result.paid, result.paid_by))
    )
    # beside the ratio a floor is told by the gain
    shares = tuple(
        e if f is not None else without_number(e, SINGLES_OUT)
        for e, f in zip(result.shares, floor, strict=True)
    )
    return replace(result, floor=floor, paid=paid, shares=shares)


def _two(estimate: Estimate, language: Language) -> str:
    """Write an interval with two decimals."""
    low, high = amount(estimate.low, digits=2), amount(estimate.high, digits=2)
    return f"{low} 至 {high}" if language == "zh" else f"{low} to {high}"


NO_FLOOR = Text(
    "Not shown: no contract of this kind states an allowance by grade, so there is no floor to"
    " compare with.",
    "未显示：没有此类合同载明分等级津贴，因此没有可比较的下限。",
)


@draw.register
def _(result: PassThrough, data: Dataset) -> Shown:
    """Draw what pay gained by grade beside the floor of the schedule."""
    if not any(result.floor):
        return notice(NO_FLOOR, data)
    result = _seen(result, data)
    names = grade_names(list(result.grades))
    ranges = [range_of(e, label=n) for e, n in zip(result.gains, names, strict=True)]
    lines, height = forest(ranges, axis=term("cny_month").text)
    places = [float(len(ranges) - 1 - i) for i in range(len(ranges))]

    def figure(axes: Axes, language: Language) -> None:
        lines(axes, language)
        held = [(f, p) for f, p in zip(result.floor, places, strict=True) if f is not None]
        word = "合同下限" if language == "zh" else "floor of the schedule"
        axes.plot(
            [f for f, _ in held], [p for _, p in held], "|", color=COLOURS["green"],
            markersize=15, markeredgewidth=2.6, linestyle="none", label=word, zorder=5,
        )  # fmt: skip
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), frameon=False, fontsize=9)

    title = Text(
        "What pay gained in each grade, and the floor that contracts set",
        "各等级工资的增加额与合同所定下限",
    )
    return chart(figure, data, title=title, alt=alt_of(result.gains, names), height=height + 0.2)


@backing_of.register
def _(result: Matched, held: Contributions) -> list[Backing]:
    """Back the means by the firms on the smaller side, each as small as the smallest."""
    least = min(result.treated, result.controls)
    smallest = min(held.persons_per_employer, default=0)
    return [
        Backing(what=row.name, persons=least * smallest, employers=least)
        for row in result.balance
        if not _tells_of_few(row)
    ]


@backing_of.register
def _(result: Ladder, held: Contributions) -> list[Backing]:
    """Back the allowance of each grade, and what is told of all schedules."""
    grades = [_backed(f"grade {g}", side, held) for g, side in result.behind.items()]
    seen = [one for one, side in zip(grades, result.behind.values(), strict=True) if _enough(side)]
    return seen + (estimate_backing(result, held) or [])


@backing_of.register
def _(result: PassThrough, held: Contributions) -> list[Backing]:
    """Back gains and ratios, floors, and what is paid."""
    sides = [
        (f"{what} {grade}", side)
        for what, behind in (("floor", result.stated_by), ("paid", result.paid_by))
        for grade, side in zip(result.grades, behind, strict=True)
    ]
    seen = [_backed(what, side, held) for what, side in sides if _enough(side)]
    return seen + (estimate_backing(result, held) or [])


def _backed(what: str, side: Behind, held: Contributions) -> Backing:
    """Return the backing of a mean; persons the fewest so many employers can have."""
    persons = held.persons_of(side.clusters) if side.persons is None else side.persons
    return Backing(
        what=what, persons=persons, employers=side.clusters, employers_counted=True,
        persons_counted=side.persons is not None,
    )  # fmt: skip
