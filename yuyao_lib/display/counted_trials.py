"""How the counts of long trials look: one row an answer, with and without effects."""

from __future__ import annotations

from yuyao_lib.display.numbers import amount, count
from yuyao_lib.display.results import tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.display.trial_names import name_of
from yuyao_lib.methods.counted_trials import POOLED, CountedTrials
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

__all__: list[str] = []

PAGES = {
    "dispute_mediation": Text("Mediation", "调解"),
    "grade_wage_contract": Text("Grade-wage contracts", "能级工资合同"),
    "grade_wage_contract_trend": Text(
        "Grade-wage contracts where pay parts before", "能级工资合同：事前已有趋势"
    ),
    "services_relief": Text("Services and relief", "服务与帮扶"),
    "skill_ladder": Text("Skill ladder", "技能等级阶梯"),
    "skill_returns": Text("Returns to skill", "技能回报"),
    "union_organisation": Text("Organisation", "组织"),
    "wage_components": Text("Wage components", "工资构成"),
}
COLUMNS = (
    Column(Text("Answer", "答案"), "text"),
    Column(Text("Register", "登记库"), "text"),
    Column(Text("Draws with effects", "有效应的抽样")),
    Column(Text("Covers the truth", "包含真值")),
    Column(Text("95% interval", "95% 区间")),
    Column(Text("Draws without", "无效应的抽样")),
    Column(Text("Leaves out no effect", "不含“无效应”")),
    Column(Text("95% interval", "95% 区间")),
)


@tabulate.register
def _(result: CountedTrials, data: Dataset) -> Shown:
    """Show draws and shares of every answer that a page tells first, by page."""
    rows: list[list[Cell]] = []
    groups: list[tuple[int, Text]] = []
    told = result.told
    for line in told.lines:
        page = PAGES.get(line.page, Text(line.page, line.page))
        if not groups or groups[-1][1] != page:
            groups.append((len(rows), page))
        rows.append(
            [
                _named(line.answer),
                _register(line.register),
                *_share(line.covered, line.draws, line.coverage()),
                *_share(line.rejected, line.null_draws, line.size()),
            ]
        )
    caption = Text("Every page over many registers, drawn and counted beforehand",
                   "各页面在大量登记库上的表现（事先抽取并计数）")  # fmt: skip
    return table(COLUMNS, rows, data, caption=caption, notes=_notes(told), name="counted_trials",
                 groups=groups)  # fmt: skip


def _named(answer: str) -> Text:
    """Name an answer, or several of a draw at once."""
    if answer not in POOLED:
        return name_of(answer)
    first, all_of_them = name_of(answer), POOLED[answer]
    return Text(f"{first.en}, {all_of_them.en}", f"{first.zh}，{all_of_them.zh}")


def _register(register: str) -> Text:
    """Say how large the registers were."""
    if register.endswith(" firms"):
        return Text(register, f"{register.removesuffix(' firms')} 家")
    return Text(f"{float(register):.0%}", f"{float(register):.0%}")


def _share(hits: int, draws: int, interval: tuple[float, float] | None) -> list[Cell]:
    """Return draws, share and its interval; dashes where nothing was drawn."""
    dash = "\N{EN DASH}"
    if not draws:
        return [dash, dash, dash]
    ends = [amount(v, digits=2) for v in interval or ()]
    told = Text(" to ".join(ends), " 至 ".join(ends)) if ends else dash
    return [count(draws), amount(hits / draws, digits=2), told]


def _notes(told: CountedTrials) -> list[Text]:
    """Say what the shares are, how many leave out the promise, and where each was drawn."""
    shares, beside = told.shares, told.beside
    return [
        Text(
            "Intervals are built for 0.95, so that 0.95 should hold the truth and 0.05 leave out"
            " no effect where there is none. The 95% interval is that of the share itself. Naive"
            " gaps and weighted pay are there to be seen to fail; docs/trials/coverage.md names the"
            " causes, commits and commands.",
            "区间按 0.95 构造：应有 0.95 的区间包含真值；无效应时应有 0.05 不含“无效应”。所列 95%"
            " 区间为占比本身的区间。直接差距与加权工资意在显示其失败；"
            "原因、版本与命令见 docs/trials/coverage.md。",
        ),
        Text(
            f"Of {shares} shares with an interval, {beside} leave out what"
            " was promised; one in twenty would by chance. The estimators that the contract page"
            " shows beside its answer stand in the tables above.",
            f"有区间的 {shares} 个占比中，{beside} 个不含所承诺的数值；"
            "纯属偶然时约为二十分之一。合同页面并列的其他估计量见上文各表。",
        ),
    ]
