"""What a discontinuity design says for itself: caveats, inference, reasons for no number."""

from __future__ import annotations

from yuyao_lib.vocabulary import Text

__all__ = [
    "CAVEAT",
    "COARSE",
    "CONSTANT",
    "FLAT_TREATMENT",
    "INFERENCE",
    "no_one",
    "too_few",
    "weak_first_stage",
]

TOPIC = "discontinuity"
CAVEAT = Text(
    "A causal reading holds for those at the cut-off only, if nobody can choose the side on which"
    " they fall and nothing else changes there.",
    "只有当无人能选择自己落在哪一侧、且该处没有其他变化时，才可对临界点附近的人作因果解读。",
)
COARSE = Text(
    f"{CAVEAT.en} The running variable takes few values near the cut-off: the lines bridge gaps"
    " without data, which the interval does not count.",
    f"{CAVEAT.zh}分配变量在临界点附近取值很少：拟合线跨越了没有数据的间隔，区间并未计入这一点。",
)
INFERENCE = (
    Text(
        "ordinary standard error, which ignores the bias of the bandwidth",
        "普通标准误，忽略带宽带来的偏误",
    ),
    Text(
        "robust and corrected for bias (Calonico, Cattaneo and Titiunik 2014)",
        "偏误校正的稳健区间（Calonico、Cattaneo 与 Titiunik 2014）",
    ),
    Text(
        "robust and corrected for bias (Calonico, Cattaneo and Titiunik 2014); the bandwidth was"
        " chosen from the same rows and is taken as given, so that intervals are a little narrow",
        "偏误校正的稳健区间（Calonico、Cattaneo 与 Titiunik 2014）；"
        "带宽由同一数据选出而视为给定，故区间略偏窄",
    ),
)
CONSTANT = Text("the outcome is the same in every row", "所有行的结果都相同")
FLAT_TREATMENT = Text("treatment is the same in every row", "所有行的处理状态都相同")


def no_one(*, above: bool) -> Text:
    """Say that a side is empty.

    Examples
    --------
    >>> no_one(above=True).en
    'nobody is at or above the cut-off'
    """
    if above:
        return Text("nobody is at or above the cut-off", "临界点及以上没有人")
    return Text("nobody is below the cut-off", "临界点以下没有人")


def too_few(*, above: bool, rows: int, values: int) -> Text:
    """Say that a side is too thin.

    Examples
    --------
    >>> too_few(above=False, rows=3, values=2).en
    'only 3 rows with 2 values of the running variable lie close enough below the cut-off'
    """
    en = "at or above" if above else "below"
    zh = "临界点及以上" if above else "临界点以下"
    return Text(
        f"only {rows} rows with {values} values of the running variable lie close enough {en}"
        " the cut-off",
        f"{zh}足够近的只有 {rows} 行、分配变量的 {values} 个取值",
    )


def weak_first_stage(jump: float) -> Text:
    """Say that treatment does not change enough.

    Examples
    --------
    >>> weak_first_stage(0.004).en
    'the jump of treatment at the cut-off, 0.004, cannot be told from zero'
    """
    return Text(
        f"the jump of treatment at the cut-off, {jump:.3f}, cannot be told from zero",
        f"处理在临界点的跳跃 {jump:.3f} 无法与零区分",
    )
