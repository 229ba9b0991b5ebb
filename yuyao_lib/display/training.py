"""How training looks: routes beside the experiment, balance, overlap, firms' grants."""

from __future__ import annotations

from dataclasses import replace

from yuyao_lib.display import training_paths
from yuyao_lib.display.backing import backing_of, cell_backing
from yuyao_lib.display.charts import chart, forest
from yuyao_lib.display.hidden_counts import RARE, tells_of_few
from yuyao_lib.display.numbers import amount, count, digits_of, interval, measured, size
from yuyao_lib.display.results import alt_of, draw, notes_of, range_of, tabulate
from yuyao_lib.display.sentences import called, headline_of, said
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.sides import mirrored, moved_points
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Backing, Contributions, Estimate
from yuyao_lib.methods.balance import LIMIT, Balance
from yuyao_lib.methods.propensity import Overlap, WeightedMeans
from yuyao_lib.methods.training_grants import Grants
from yuyao_lib.methods.training_recovery import Recovery
from yuyao_lib.methods.training_routes import TrainingEffects
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import LANGUAGES, Language, Text, term

__all__ = ["training_paths"]  # registers earnings over time

EXPERIMENT = Text("The experiment", "随机试验")
SIDES = (Text("Trained", "受训者"), Text("Not trained", "未受训者"))


@called.register
def _(result: Recovery) -> dict[str, Text]:
    """Tell the experiment from the comparison by the same method."""
    survey = Text("untrained people of a survey", "与调查中未受训者比较")
    return {"experiment": EXPERIMENT, "difference_in_means": survey}


@headline_of.register
def _(result: Recovery, estimate: Estimate) -> Text:
    """Say what the experiment found, and how many comparisons agree with it."""
    return Text(_headline(result, "en"), _headline(result, "zh"))


def _headline(result: Recovery, language: Language) -> str:
    """Write the sentence."""
    first = result.yardstick
    known = [e for e in result.effects.estimates if e.estimate is not None]
    inside, n = len(result.agreeing), len(known)
    aim = first.estimate or 0.0
    worst = max(known, key=lambda e: abs((e.estimate or 0.0) - aim), default=None)
    zero = first.differs_from_zero
    far = "" if worst is None else measured(worst, language)
    sure = sum(bool(e.differs_from_zero) for e in result.agreeing)
    if language == "zh":
        none = "" if zero else "区间包含零。"
        return (
            f"试验中，培训使收入平均变化 {measured(first, 'zh')}（{interval(first, 'zh')}；"
            f"{size(first, 'zh')}）。{none}"
            f"若没有试验而与调查中的人相比，{n} 种方法中有 {inside} 种落在试验的区间内"
            f"（其中 {sure} 种自身区间不含零）；偏离最远的为 {far}。"
        )
    none = " Zero is inside the interval." if not zero else ""
    return (
        f"In the experiment training changed earnings by {measured(first, 'en')} on average"
        f" ({interval(first, 'en')}; {size(first, 'en')}).{none} Had there been no experiment but"
        f" people of a survey to compare with, {inside} of {n} methods would have landed within"
        f" the experiment's interval ({sure} of them with an interval of its own that leaves out"
        f" zero); the one furthest off says {far}."
    )


@draw.register
def _(result: Recovery, data: Dataset) -> Shown:
    """Draw the experiment above what the comparisons say."""
    shown = [range_of(result.yardstick, label=EXPERIMENT, strong=True)]
    shown += [range_of(e) for e in result.effects.estimates]
    low, high = result.yardstick.low, result.yardstick.high
    band = None if low is None or high is None else (low, high)
    unit = term(result.yardstick.unit).text
    axis = Text(f"Effect on those trained ({unit.en})", f"对受训者的效应（{unit.zh}）")
    figure, height = forest(shown, axis=axis, band=band)
    inside, n = len(result.agreeing), len(result.effects.estimates)
    title = Text(
        f"{inside} of {n} comparisons land within the experiment's interval (shaded)",
        f"{n} 种比较中有 {inside} 种落在试验的区间内（阴影）",
    )
    alt = alt_of([result.yardstick, *result.effects.estimates], [r.label for r in shown])
    return chart(figure, data, title=title, alt=alt, height=height)


@tabulate.register
def _(result: Recovery, data: Dataset) -> Shown:
    """Show each route's effect, and what it finds where the truth is zero."""
    columns = [
        Column(Text("Method", "方法"), "text"),
        Column(Text("Effect", "效应")),
        Column(Text("Interval", "区间"), "text"),
        Column(Text("Where the truth is zero", "真值为零时")),
        Column(Text("Interval there", "其区间"), "text"),
    ]
    biases = {e.key: e for e in (result.bias.estimates if result.bias else ())}
    rows: list[list[Cell]] = [[EXPERIMENT, *_pair(result.yardstick), "–", "–"]]
    rows += [
        [term(e.method).text, *_pair(e), *_pair(biases.get(e.key))]
        for e in result.effects.estimates
    ]
    unit = term(result.yardstick.unit).text
    caption = Text(
        f"What each method says of training, and its bias ({unit.en})",
        f"各方法所得的培训效应及其偏差（{unit.zh}）",
    )
    note = Text(
        "Where the truth is zero: the experiment's untrained people stand in for the trained, so"
        " whatever a method finds is its bias.",
        "真值为零时：以试验中未受训者代替受训者，方法所得即为其偏差。",
    )
    notes = [note, *notes_of(list(result.effects.estimates))]
    return table(columns, rows, data, caption=caption, notes=notes, name="training_methods")


def _pair(estimate: Estimate | None) -> list[Cell]:
    """Lay out a value and its interval."""
    if estimate is None:
        return ["–", "–"]
    if estimate.undefined is not None:
        return ["–", estimate.undefined]
    digits = digits_of(estimate.unit)
    return [amount(estimate.estimate, digits=digits), _interval(estimate)]


def _interval(estimate: Estimate) -> Text:
    """Write an interval without its level."""
    digits = digits_of(estimate.unit)
    low, high = (amount(v, digits=digits) for v in (estimate.low, estimate.high))
    return Text(f"{low} to {high}", f"{low} 至 {high}")


@draw.register
def _(result: TrainingEffects, data: Dataset) -> Shown:
    """Draw the routes of one comparison."""
    unit = term(result.estimates[0].unit).text
    figure, height = forest([range_of(e) for e in result.estimates], axis=unit)
    title = Text("The effect of training by method", "各方法所得的培训效应")
    alt = alt_of(list(result.estimates))
    return chart(figure, data, title=title, alt=alt, height=height)


def _mean(value: float | None) -> str:
    """Write a mean: money to the unit, shares and years to hundredths."""
    return amount(value, digits=0 if abs(value or 0.0) >= 100 else 2)


@draw.register
def _(result: Balance, data: Dataset) -> Shown:
    """Draw standardised differences before and after weighting."""
    rare, result = _seen(result, data)
    labels = [_words(r.covariate) for r in result.rows]
    before = [r.difference for r in result.rows]
    after = [r.weighted_difference for r in result.rows]
    names = (Text("As they are", "加权前"), Text("Weighted by the score", "按得分加权后"))
    axis = Text(
        "Difference in means (standard deviations of the trained)",
        "均值差异（受训者的标准差）",
    )
    figure, height = moved_points(labels, before, after, names=names, axis=axis, limit=LIMIT)
    worst = result.worst
    good = worst is not None and worst <= LIMIT
    title = Text(
        "Weighting makes the two sides alike on average"
        if good
        else "Weighting leaves the two sides different",
        "加权后两侧在均值上相近" if good else "加权后两侧仍有差异",
    )
    drawn = chart(figure, data, title=title, alt=_balance_alt(result), height=height)
    return replace(drawn, hidden=rare) if rare else drawn


def _seen(result: Balance, data: Dataset) -> tuple[tuple[tuple[str, str], ...], Balance]:
    """Return what may not be seen of own data, and the rest."""
    kept = tuple(r for r in result.rows if not tells_of_few(r.rarest, data))
    gone = [r.covariate for r in result.rows if r not in kept]
    return tuple((name, "minimum persons") for name in gone), replace(result, rows=kept)


def _words(name: str) -> Text:
    """Name a covariate for a reader."""
    from yuyao_lib.display.training_words import COVARIATES

    return COVARIATES.get(name, Text(name.replace("_", " "), name))


def _balance_alt(result: Balance) -> Text:
    """Describe the chart by its numbers."""
    parts: dict[Language, list[str]] = {"en": [], "zh": []}
    for row in result.rows[:12]:
        for language in LANGUAGES:
            first = amount(row.difference, digits=2)
            then = amount(row.weighted_difference, digits=2)
            sign = "→" if language == "zh" else " to "
            parts[language].append(f"{_words(row.covariate).of(language)}: {first}{sign}{then}")
    return Text(
        "Standardised differences before and after weighting. " + "; ".join(parts["en"]),
        "加权前后的标准化差异。" + "；".join(parts["zh"]),
    )


@tabulate.register
def _(result: Balance, data: Dataset) -> Shown:
    """Show means of both sides and the standardised differences."""
    rare, result = _seen(result, data)
    columns = [
        Column(Text("Measured before training", "培训前所测"), "text"),
        Column(SIDES[0]),
        Column(SIDES[1]),
        Column(Text("Weighted", "加权后")),
        Column(Text("Difference", "差异")),
        Column(Text("After weighting", "加权后差异")),
    ]
    rows: list[list[Cell]] = [
        [
            _words(r.covariate),
            *(_mean(v) for v in (r.trained, r.untrained, r.weighted)),
            amount(r.difference, digits=2),
            amount(r.weighted_difference, digits=2),
        ]
        for r in result.rows
    ]
    one, other = count(result.n_trained), count(result.n_untrained)
    notes = [
        Text(
            f"{one} trained, {other} not trained. Differences in standard deviations of the"
            f" trained; beyond {LIMIT} is taken as imbalance.",
            f"受训 {one} 人，未受训 {other} 人。差异以受训者的标准差计；超过 {LIMIT} 视为不平衡。",
        )
    ]
    if result.undefined is not None:
        notes.append(
            Text(f"No weights: {result.undefined.en}.", f"无法加权：{result.undefined.zh}。")
        )
    notes += [RARE] if rare else []
    caption = Text("Are the two sides alike before training?", "培训前两侧是否相近？")
    shown = table(columns, rows, data, caption=caption, notes=notes, name="balance")
    return replace(shown, hidden=rare) if rare else shown


@draw.register
def _(result: Overlap, data: Dataset) -> Shown:
    """Draw the scores of both sides, as shares of each side."""
    sides = [
        [100 * n / max(total, 1) for n in counts]
        for counts, total in (
            (result.trained, result.n_trained),
            (result.untrained, result.n_untrained),
        )
    ]
    figure = mirrored(
        result.edges, *sides, names=SIDES,
        across=Text("Score: probability of training, given earlier traits",
                    "得分：给定培训前所测特征的受训概率"),
        up=Text("Share of each side (%)", "占各侧的比例（%）"),
    )  # fmt: skip
    out = amount(100 * result.outside, digits=0)
    few, all_ = amount(result.effective, digits=0), count(result.n_untrained)
    title = Text(
        f"The weights rest on the equivalent of {few} of {all_} untrained people",
        f"权重实际依托相当于 {few} 名未受训者（共 {all_} 名）",
    )
    if result.undefined is not None:
        title = Text("The two sides do not overlap", "两侧没有重叠")
    alt = Text(
        f"Histogram of scores of both sides. {out}% of the trained have a score above every"
        f" untrained person's; effective number of untrained {few}.",
        f"两侧得分的直方图。{out}% 的受训者得分高于所有未受训者；未受训者的有效人数为 {few}。",
    )
    return chart(figure, data, title=title, alt=alt, height=3.8)


@backing_of.register
def _(result: Overlap, held: Contributions) -> list[Backing]:
    """Back each bar by the persons in it, and a bar of nobody by all of its side."""
    made = []
    for name, counts, total in (
        ("trained", result.trained, result.n_trained),
        ("untrained", result.untrained, result.n_untrained),
    ):
        made += [
            cell_backing(f"{name} {k}", n or total, held) for k, n in enumerate(counts, start=1)
        ]
    return made


@backing_of.register
def _(result: Balance, held: Contributions) -> list[Backing]:
    """Back the means by the persons of each side; weights rest on the same people."""
    sides = (("trained", result.n_trained), ("untrained", result.n_untrained))
    return [cell_backing(f"{r.covariate} {s}", n, held) for r in result.rows for s, n in sides]


@tabulate.register
def _(result: WeightedMeans, data: Dataset) -> Shown:
    """Show weighted means, and how many were trimmed."""
    columns = [
        Column(Text("Weights", "权重"), "text"),
        Column(Text("Effect", "效应")),
        Column(Text("Interval", "区间"), "text"),
    ]
    rows: list[list[Cell]] = [[term(e.method).text, *_pair(e)] for e in result.estimates]
    kept, cut = count(result.n), count(result.trimmed)
    notes = [
        Text(
            f"{kept} persons kept, {cut} with a score outside the bounds left out; the effect is"
            " about those kept.",
            f"保留 {kept} 人，剔除得分在界限之外的 {cut} 人；效应只针对保留者。",
        ),
        *notes_of(list(result.estimates)),
    ]
    caption = Text("The effect where scores overlap", "得分重叠范围内的效应")
    return table(columns, rows, data, caption=caption, notes=notes, name="trimmed_weights")


@draw.register
def _(result: Grants, data: Dataset) -> Shown:
    """Draw what a grant does by every route."""
    shown = [e for e in result.estimates if e.term == "training_grant_effect"]
    ranges = [range_of(e, strong=e.key == "fixed_effects") for e in shown]
    axis = Text("Effect on the log of the scrap rate", "对废品率对数的效应")
    figure, height = forest(ranges, axis=axis)
    fixed = next((e for e in shown if e.key == "fixed_effects"), None)
    less = fixed is not None and fixed.high is not None and fixed.high < 0
    title = Text(
        "The same firms scrap less with a grant" if less else "A grant's effect may be none",
        "同一企业获补助后废品减少" if less else "补助可能没有效应",
    )
    others = [e for e in result.estimates if e.term != "training_grant_effect"]
    how = [e.inference for e in others if e.inference]
    note = Text(
        " ".join(
            [*(said(e, "en") for e in others), *(f"{t.en[:1].upper()}{t.en[1:]}." for t in how)]
        ),
        "".join([*(said(e, "zh") for e in others), *(f"{t.zh}。" for t in how)]),
    )
    alt = alt_of(shown)
    return chart(figure, data, title=title, alt=alt, height=height, note=note if others else None)
