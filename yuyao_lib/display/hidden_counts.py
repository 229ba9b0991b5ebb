"""Counts of people as tables show them: of own data, small ones hidden in plain sight."""

from __future__ import annotations

from collections.abc import Mapping

from yuyao_lib.display.backing import cell_backing
from yuyao_lib.display.numbers import count
from yuyao_lib.findings import Backing, Mode
from yuyao_lib.findings.suppression import protect_list
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

__all__ = ["HIDDEN", "count_list", "hidden_note"]

HIDDEN = "■"


def count_list(
    persons: Mapping[str, int], data: Dataset
) -> tuple[dict[str, str], tuple[str, ...], tuple[Backing, ...] | None]:
    """Write counts that add up to a known total.

    Parameters
    ----------
    persons
        Name of each cell -> distinct persons in it.
    data
        Where they come from.

    Returns
    -------
    tuple
        Each count as written; names of the hidden ones; what stands behind the others,
        None for data that are not a researcher's own.
    """
    names = list(persons)
    if data.mode is not Mode.OWN:
        return {name: count(persons[name]) for name in names}, (), None
    from yuyao_lib.sources.contributions import contributions_of

    held = contributions_of(data)
    places = protect_list([persons[name] for name in names])
    hidden = tuple(name for place, name in enumerate(names) if place in places)
    written = {name: HIDDEN if name in hidden else count(persons[name]) for name in names}
    backing = [cell_backing(n, persons[n], held) for n in names if n not in hidden]
    return written, hidden, tuple(backing)


def hidden_note(number: int) -> list[Text]:
    """Say under a table how many of its counts are hidden; nothing when none is."""
    if not number:
        return []
    return [
        Text(
            f"{HIDDEN}: {number} counts are hidden, so that nobody can be singled out: the"
            " small ones, and others that would give them away.",
            f"{HIDDEN}：隐去 {number} 个人数，以免识别个人：包括过小的数，以及可推出它们的数。",
        )
    ]
