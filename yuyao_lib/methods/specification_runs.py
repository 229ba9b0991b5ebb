"""Running the choices of a universe one by one, each on its sample.

A choice that cannot be run keeps its reason; one with no answer says so in its estimate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.errors import YuyaoError
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.specification_universe import Choice, Universe

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["in_floats", "run_all", "sample_of"]


def in_floats(frame: pd.DataFrame, universe: Universe) -> pd.DataFrame:
    """Return the frame with its measured columns as float64, once for all choices."""
    controls = (name for names in universe.controls.values() for name in names)
    measured = {universe.treatment, *universe.outcomes.values(), *controls} & {*frame.columns}
    measured -= {universe.cluster, universe.unit, universe.period}
    if not frame.columns.is_unique:
        return frame  # each choice will say so
    whole = [name for name in measured if frame.dtypes[name].kind in "iub"]
    return frame.astype(dict.fromkeys(whole, "float64"))


def run_all(
    frame: pd.DataFrame, universe: Universe, meaning: Meaning
) -> tuple[list[tuple[Choice, Estimate]], tuple[tuple[Choice, str], ...]]:
    """Run every choice; keep the reason where one cannot be run."""
    routes = universe.routes()
    samples: dict[str, pd.DataFrame | str] = {}
    results, failed = [], []
    for choice in universe.choices():
        if choice.sample not in samples:
            samples[choice.sample] = sample_of(frame, universe.samples[choice.sample])
        part = samples[choice.sample]
        if isinstance(part, str):
            failed.append((choice, part))
            continue
        try:
            found = routes[choice.estimator](
                part,
                outcome=universe.outcomes[choice.outcome],
                treatment=universe.treatment,
                controls=list(universe.controls[choice.controls]),
                cluster=universe.cluster,
                unit=universe.unit,
                period=universe.period,
                weights=universe.weights,
                meaning=meaning,
            )
        except (YuyaoError, np.linalg.LinAlgError) as error:
            failed.append((choice, str(error)))
        else:
            results.append((choice, found))
    return results, tuple(failed)


def sample_of(frame: pd.DataFrame, condition: str) -> pd.DataFrame | str:
    """Return the rows of a condition, or why there are none."""
    if not condition:
        return frame
    try:
        part = frame.query(condition)
    except (NameError, SyntaxError, TypeError, ValueError, KeyError) as error:
        return f"the condition {condition!r} cannot be read: {error}."
    return part if len(part) else f"no row meets the condition {condition!r}."
