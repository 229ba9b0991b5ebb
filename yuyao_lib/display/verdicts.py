"""How a verdict on a design is told; simulated data never support anything about people."""

from __future__ import annotations

from yuyao_lib.display.backing import backing_of, whole
from yuyao_lib.display.sentences import prose, say
from yuyao_lib.display.shown import Shown
from yuyao_lib.findings import Backing, Contributions, Mode
from yuyao_lib.methods.verdicts import Closing, Verdict
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

__all__: list[str] = []

# what the answers become where the data were made up: a word about the design alone
SIMULATED = {
    "effect": Text(
        "In this simulated draw, with effects set by us, the design would tell an effect from"
        " none; that says nothing about any real contract.",
        "在这份效应由我们设定的模拟数据中，此设计能将效应与无效应区分开；这不说明任何真实合同的作用。",
    ),
    "no_effect": Text(
        "In this simulated draw, with effects set by us, the design would rule out an effect of"
        " the size asked about; that says nothing about any real contract.",
        "在这份效应由我们设定的模拟数据中，此设计能排除所问大小的效应；这不说明任何真实合同的作用。",
    ),
}


def sentence_of(verdict: Verdict, data: Dataset) -> Text:
    """Return the answer in the words that the kind of data allows."""
    if data.mode is Mode.SIMULATED and verdict.answer in SIMULATED:
        return SIMULATED[verdict.answer]
    return verdict.sentence


@say.register
def _(result: Verdict, data: Dataset) -> Shown:
    """Say what may be said, and why."""
    words = sentence_of(result, data)
    reasons = {
        "en": " ".join(_sentence(r.en) for r in result.reasons),
        "zh": "".join(f"{r.zh.rstrip('。')}。" for r in result.reasons),
    }
    return prose(en=f"{words.en} {reasons['en']}", zh=f"{words.zh}{reasons['zh']}", data=data)


def _sentence(words: str) -> str:
    """Write a reason as a sentence."""
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."


@say.register
def _(result: Closing, data: Dataset) -> Shown:
    """End a page with the answer alone, so that nobody leaves with another one."""
    words = sentence_of(result.verdict, data)
    en = f"{words.en[:1].lower()}{words.en[1:]}"
    return prose(en=f"In the end: {en}", zh=f"归结起来：{words.zh}", data=data)


@backing_of.register(Verdict)
@backing_of.register(Closing)
def _(result: Verdict | Closing, held: Contributions) -> list[Backing]:
    """Back a verdict by who stands behind the effect that it judges."""
    told = result.verdict if isinstance(result, Closing) else result
    least = {"least_persons": told.persons, "least_employers": told.employers}
    return [whole("verdict", held, **least)]
