"""Event studies as one frame for a figure: every route, with its reference period at zero."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from yuyao_lib.errors import InputError
from yuyao_lib.methods.event_regressions import EventStudy
from yuyao_lib.methods.group_time_results import Aggregate

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["event_frame"]

COLUMNS = ["route", "event_time", "estimate", "low", "high", "reference"]


def event_frame(
    studies: Mapping[str, Aggregate | EventStudy], *, reference: float = -1.0
) -> pd.DataFrame:
    """Return effects by time since adoption, one row a route and time.

    Parameters
    ----------
    studies
        Name -> `sun_abraham`, `imputation`, `extended_twfe`, or a dynamic aggregate.
    reference
        Time at which a route without its own number there is drawn at zero, where it
        has numbers on both sides.

    Returns
    -------
    pd.DataFrame
        Columns route, event_time, estimate, low, high, reference; times without an
        estimate are left out.

    Raises
    ------
    InputError
        If an aggregate is not by time since adoption.
    """
    import pandas as pd

    rows = []
    for name, study in studies.items():
        times = _times(name, study)
        for time, part in zip(times, study.parts, strict=True):
            if part.estimate is not None:
                fixed = time == reference and part.standard_error is None
                rows.append([name, time, part.estimate, part.low, part.high, fixed])
        if times and reference not in times and min(times) < reference < max(times):
            rows.append([name, reference, 0.0, None, None, True])
    frame = pd.DataFrame(rows, columns=COLUMNS)
    numbers = ["event_time", "estimate", "low", "high"]
    frame[numbers] = frame[numbers].astype("float64")
    return frame.sort_values(["route", "event_time"], ignore_index=True)


def _times(name: str, study: Aggregate | EventStudy) -> tuple[float, ...]:
    """Return a study's times since adoption."""
    if isinstance(study, EventStudy):
        return study.event_times
    if study.kind != "dynamic":
        raise InputError(
            f"route {name!r} is summed by {study.kind}; an event study needs aggregate('dynamic')."
        )
    return study.labels
