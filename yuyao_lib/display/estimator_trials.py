"""How trials of estimators look: bias and error in a table, shares with their own intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yuyao_lib.display.charts import Draw, Range, chart, forest
from yuyao_lib.display.numbers import amount, count
from yuyao_lib.display.results import draw, tabulate
from yuyao_lib.display.sentences import called, headline_of
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.display.trial_names import name_of
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.estimator_trials import Shares, TrialResults
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import LANGUAGES, Language, Text, term

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__: list[str] = []


@headline_of.register
def _(result: Shares, estimate: Estimate) -> Text:
    """Say of the leading line in how many draws the interval held the truth."""
    place = [e.key for e in result.estimates].index(estimate.key)
    trial, name = result.trials[place].words, name_of(result.estimators[place])
    n = estimate.n or 0
    held = round((estimate.estimate or 0.0) * n)
    low, high = amount(estimate.low, digits=2), amount(estimate.high, digits=2)
    return Text(
        f"With {trial.en}, the interval by {name.en} held the truth in {held} of {n} draws"
        f" (95% interval of the share {low} to {high}); 0.95 is promised.",
        f"在“{trial.zh}”的设定下，“{name.zh}”的区间在 {n} 次抽样中有 {held} 次包含真值"
        f"（占比的 95% 区间 {low} 至 {high}）；承诺为 0.95。",
    )


@called.register
def _(result: Shares) -> dict[str, Text]:
    """Name each share by its trial and its estimator."""
    named = zip(result.estimates, result.trials, result.estimators, strict=True)
    return {e.key: _line(trial.words, name_of(estimator)) for e, trial, estimator in named}


def _line(trial: Text, estimator: Text) -> Text:
    """Name a line of the trials."""
    return Text(f"{trial.en}: {estimator.en}", f"{trial.zh}：{estimator.zh}")


@tabulate.register
def _(result: TrialResults, data: Dataset) -> Shown:
    """Show truth, bias, error, coverage and rejections of every estimator."""
    columns = [
        Column(Text("Estimator and interval", "估计量与区间"), "text"),
        Column(Text("Set by us", "由我们设定")),
        Column(Text("Bias", "偏误")),
        Column(Text("Error of the bias", "偏误的误差")),
        Column(Text("RMSE", "均方根误差")),
        Column(Text("Covers the truth", "包含真值")),
        Column(Text("Leaves out zero", "不含零")),
        Column(Text("Draws", "抽样数")),
    ]
    rows: list[list[Cell]] = []
    groups: list[tuple[int, Text]] = []
    for row in result.rows():
        if not groups or groups[-1][1] != row["trial"].words:
            groups.append((len(rows), row["trial"].words))
        n = row["n"]
        rows.append(
            [
                name_of(row["estimator"]),
                *(amount(row[key], digits=4) for key in ("truth", "bias", "bias_error", "rmse")),
                amount(row["covered"] / n if n else None, digits=2),
                amount(
                    row["rejected"] / n if n and row["rejected"] is not None else None, digits=2
                ),
                count(n),
            ]
        )
    caption = Text("Estimators on draws whose answer was set", "在答案已知的抽样上各估计量的表现")
    note = Text(
        "Intervals are built for 0.95. A share over the draws has itself an error; the charts"
        " show it.",
        "区间按 0.95 构造。占比本身也有误差，见图。",
    )
    return table(columns, rows, data, caption=caption, notes=[note], name="trials", groups=groups)


@draw.register
def _(result: Shares, data: Dataset) -> Shown:
    """Draw shares with their binomial intervals, beside the share that was promised."""
    sure = result.kind == "coverage"
    wanted = 0.95 if sure else 0.05
    ranges: list[Range] = []
    groups: dict[int, Text] = {}
    said: dict[Language, list[str]] = {"en": [], "zh": []}
    before = ""
    for e, trial, name in zip(result.estimates, result.trials, result.estimators, strict=True):
        if e.estimate is None:
            continue  # no draw gave an interval, as the table says
        if trial.key != before:
            groups[len(ranges)], before = trial.words, trial.key
        words, value = name_of(name), amount(e.estimate, digits=2)
        ranges.append(Range(words, e.estimate, e.low, e.high, strong=trial.null and not sure))
        for language in LANGUAGES:
            first = len(ranges) - 1 in groups
            start = ("。" if language == "zh" else ". ") + trial.words.of(language) if first else ""
            colon = ("：" if language == "zh" else ": ") if first else ""
            told = f"{words.of(language)} {value}"
            said[language].append(f"{start}{colon}{told}" if first else f"; {told}")
    axis = term(f"trial_{result.kind}").text
    lines, height = forest(ranges, axis=axis, zero=wanted, groups=groups)
    title = (
        Text("How often intervals hold the truth, beside 0.95", "区间包含真值的频率（应为 0.95）")
        if sure
        else Text(
            "How often zero is left out: 0.05 is promised where nothing was set",
            "区间不含零的频率：未设效应时应为 0.05",
        )
    )
    alt = Text(title.en + "".join(said["en"]), title.zh + "".join(said["zh"]))
    tall = min(height * 0.58, 16)
    return chart(figure_of(lines), data, title=title, alt=alt, width=8.6, height=tall)


def figure_of(lines: Draw) -> Draw:
    """Return the chart with small names, since there are many lines."""

    def drawn(axes: Axes, language: Language) -> None:
        lines(axes, language)
        axes.tick_params(axis="y", labelsize=8.5)
        for words in axes.texts:
            words.set_fontsize(8.5)

    return drawn
