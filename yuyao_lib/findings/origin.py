"""Where a number came from and what kind of evidence it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import reduce

from yuyao_lib.errors import ModeError
from yuyao_lib.fields import Fielded
from yuyao_lib.vocabulary import Text

__all__ = ["DESIGN_CAVEATS", "Design", "Mode", "Origin"]


class Mode(StrEnum):
    """What kind of data stands behind a number; stamped by the loader."""

    RECORD = "record"
    PUBLIC = "public"
    OWN = "own"
    SIMULATED = "simulated"

    @property
    def text(self) -> Text:
        """The banner a reader sees."""
        return _MODE_TEXTS[self]


_MODE_TEXTS = {
    Mode.RECORD: Text("Printed figures of a published record", "公开报道数据"),
    Mode.PUBLIC: Text("Public research data", "公开研究数据"),
    Mode.OWN: Text("Researcher-supplied data", "研究者自备数据"),
    Mode.SIMULATED: Text("SIMULATED DATA, NOT A FINDING", "模拟数据，非真实发现"),
}


class Design(StrEnum):
    """How far a number can carry a claim about causes, strongest first."""

    RANDOMISED = "randomised"
    QUASI = "quasi-experiment"
    OBSERVATIONAL = "observational"
    DESCRIPTION = "description"
    SIMULATION = "simulation"

    @property
    def text(self) -> Text:
        """The design in words."""
        return _DESIGN_TEXTS[self]


_DESIGN_TEXTS = {
    Design.RANDOMISED: Text("randomised experiment", "随机试验"),
    Design.QUASI: Text("quasi-experiment", "准实验"),
    Design.OBSERVATIONAL: Text("observational comparison", "观察性比较"),
    Design.DESCRIPTION: Text("description", "描述"),
    Design.SIMULATION: Text("simulation", "模拟"),
}

DESIGN_CAVEATS = {
    Design.RANDOMISED: Text(
        "Random assignment supports a causal reading for the people in this experiment.",
        "随机分配支持对本试验参与者的因果解读。",
    ),
    Design.QUASI: Text(
        "A causal reading holds only under the design's stated assumptions.",
        "只有在所述设计假设成立时，才可作因果解读。",
    ),
    Design.OBSERVATIONAL: Text(
        "People who differ in this respect also differ in others that were not measured;"
        " this is a difference, not an effect.",
        "两组人还可能在未测量的方面不同；这是差异，不是因果效应。",
    ),
    Design.DESCRIPTION: Text(
        "This describes what was recorded; it says nothing about causes.",
        "这只描述记录到的情况，不说明原因。",
    ),
    Design.SIMULATION: Text(
        "The data were generated with effects set by us; nothing here is about real workers.",
        "数据由设定的效应生成，与真实职工无关。",
    ),
}


@dataclass(frozen=True, slots=True)
class Origin(Fielded):
    """The part of a data set that travels with everything made from it.

    Attributes
    ----------
    mode
        Kind of data, set by the loader.
    dataset
        Name the data set was opened by.
    digests
        SHA-256 of every file (or packaged table) the values came from.
    vintage
        Period or release the values describe.
    """

    mode: Mode
    dataset: str
    digests: tuple[str, ...] = ()
    vintage: str = ""

    def join(self, *others: Origin) -> Origin:
        """Combine origins of one mode; two modes raise.

        Raises
        ------
        ModeError
            If the origins are of different modes.
        """
        return reduce(_join, others, self)


def _join(first: Origin, second: Origin) -> Origin:
    """Combine two origins."""
    if first.mode != second.mode:
        raise ModeError(
            f"{first.dataset} is {first.mode.value} data and {second.dataset} is"
            f" {second.mode.value} data; the two are never joined."
        )
    names = dict.fromkeys([*first.dataset.split(" + "), *second.dataset.split(" + ")])
    vintages = dict.fromkeys(v for v in (first.vintage, second.vintage) if v)
    digests = tuple(dict.fromkeys(first.digests + second.digests))
    return Origin(first.mode, " + ".join(names), digests, "; ".join(vintages))
