"""How mutual medical aid looks: paid in and out by year, and who comes back."""

from __future__ import annotations

from yuyao_lib.display.backing import backing_of, cell_backing
from yuyao_lib.display.bars import Bar, bars
from yuyao_lib.display.charts import chart
from yuyao_lib.display.counted import counted_table
from yuyao_lib.display.numbers import amount, count
from yuyao_lib.display.results import draw, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, Counted, table
from yuyao_lib.findings import Backing, Contributions, backing_of_estimate
from yuyao_lib.methods.mutual_aid import CAVEAT, AdverseSelection, MutualAid
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

__all__: list[str] = []


@backing_of.register
def _(result: MutualAid, held: Contributions) -> list[Backing]:
    """Back the sums, and the claims of every year by those who claimed: one claim a person."""
    made = [backing_of_estimate(e, held) for e in result.estimates if e.undefined is None]
    alone = held.of("payout_ratio", "enrolments")  # the table names no employer
    rows = zip(result.years["year"], result.years["claims"], strict=True)
    return made + [
        cell_backing(f"claims {y}", int(n), alone, contributions=result.shares[int(y)])
        for y, n in rows if n
    ]  # fmt: skip


@draw.register
def _(result: MutualAid, data: Dataset) -> Shown:
    """Draw what was paid out of what was paid in, by year."""
    paid_in = result.years[result.years["payout"].notna()]
    rows = [(int(y), float(p)) for y, p in zip(paid_in["year"], paid_in["payout"], strict=True)]
    whole = next(e for e in result.estimates if e.key == "payout_ratio")
    told = amount(whole.estimate, digits=0)
    title = Text(f"Of what was paid in, {told}% was paid out", f"缴费中有 {told}% 用于补助")
    said = "; ".join(f"{y} {p:.1f}" for y, p in rows)
    alt = Text(f"Bars of the pay-out ratio in percent by year: {said}.",
               f"各年补助占缴费（%）条形图：{said}。")  # fmt: skip
    axis = Text("Paid out in percent of what was paid in", "补助占缴费（%）")
    figure, height = bars([Bar(Text(str(y), str(y)), p) for y, p in rows], axis=axis, digits=1)
    return chart(figure, data, title=title, alt=alt, height=height + 0.2)


@tabulate.register
def _(result: MutualAid, data: Dataset) -> Shown:
    """Show enrolments, claims and money by year, then the whole."""
    columns = [
        Column(Text("Year", "年度"), "text"),
        Column(Text("Enrolments (person-times)", "参保（人次）")),
        Column(Text("Paid in (CNY)", "缴费（元）")),
        Column(Text("Claims (person-times)", "补助（人次）")),
        Column(Text("Paid out (CNY)", "补助额（元）")),
        Column(Text("Paid out (%)", "补助占缴费（%）")),
        Column(Text("Claims per 1,000 enrolments", "每千参保人次补助数")),
    ]
    rows: list[list[Cell]] = [
        [
            str(int(r["year"])), count(int(r["enrolments"])), amount(r["contributions"], digits=0),
            count(int(r["claims"])), amount(r["paid"], digits=0), amount(r["payout"], digits=1),
            amount(r["claims_per_1000"], digits=1),
        ]
        for r in result.years.to_dict("records")
    ]  # fmt: skip
    notes = [_claimants(result), _break_even(result)]
    caption = Text("Mutual medical aid by year", "各年度职工医疗互助")
    return table(columns, rows, data, caption=caption, notes=notes, name="mutual_aid")


def _claimants(result: MutualAid) -> Counted:
    """Say the persons behind the claims, and so how many claims were not somebody's first."""
    claimants = next(e for e in result.estimates if e.key == "claimants")
    people, claims = claimants.n, int(result.years["claims"].sum())
    return Counted(
        f"{count(claims)} claims of {count(people)} persons.",
        f"{count(people)} 人共获补助 {count(claims)} 人次。",
        counts=(claimants.persons or 0,), term="claim_incidence",
    )  # fmt: skip


def _break_even(result: MutualAid) -> Text:
    """Say which contribution would have paid for all claims."""
    paid = next(e for e in result.estimates if e.key == "paid_per_enrolment")
    each = amount(paid.estimate, digits=2)
    return Text(
        f"A contribution of {each} CNY would have paid for all claims.",
        f"每人次缴费 {each} 元即可支付全部补助。",
    )


@tabulate.register
def _(result: AdverseSelection, data: Dataset) -> Shown:
    """Show how many come back, with and without a claim."""
    stay = (
        Text("Only people who are still in the register a year later are counted.",
             "只计一年后仍在登记库中的人。")
        if result.stayers
        else Text("People who left the register in between are counted as not coming back.",
                  "其间离开登记库的人计为未续保。")
    )  # fmt: skip
    shares = "; ".join(
        f"{int(r['year'])} {'claim' if r['claimed'] else 'none'} {r['share']:.1f}%"
        for r in result.years.to_dict("records")
    )
    shares_zh = "；".join(
        f"{int(r['year'])} 年{'有' if r['claimed'] else '无'}补助 {r['share']:.1f}%"
        for r in result.years.to_dict("records")
    )
    again, every = result.years["again"], result.years["enrolments"]
    back = Counted(
        f"Coming back: {shares}.", f"续保：{shares_zh}。",
        counts=(*again.astype(int), *(every - again).astype(int)), term="adverse_selection_test",
    )  # fmt: skip
    notes = [stay, back, CAVEAT]
    caption = Text("Enrolling again after a claim and without one", "有补助与无补助者的续保")
    return counted_table(result.estimates, data, caption=caption, name="reenrolment", notes=notes)
