"""The public data sets, declared by topic: where each lies, what it is, its names.

Lives here: declarations. Does not live here: reading (`yuyao_lib.sources.public`). A
topic is imported when one of its sets is asked for, so that a report depends on the
declarations of its own data only.
"""

from __future__ import annotations

from importlib import import_module

from yuyao_lib.sources.catalogue.declaration import PublicSet

__all__ = ["TOPICS", "PublicSet", "declared"]

# name of a data set -> the module of its topic
TOPICS = {
    "wagepan": "wages",
    "cps78_85": "wages",
    "cps1985": "surveys",
    "cps1988": "surveys",
    "nlswork": "panels",
    "psid7682": "panels",
    "ezunem": "policies",
    "county_minimum_wages": "policies",
    "nsw": "training",
    "nsw_psid": "training",
    "michigan_grants": "training",
    "strikes": "disputes",
    "strike_durations": "disputes",
    "strike_counts": "disputes",
    "union_density": "unions",
}


def declared(name: str) -> PublicSet:
    """Return the declaration of a data set in `TOPICS`."""
    sets: dict[str, PublicSet] = import_module(f"{__name__}.{TOPICS[name]}").SETS
    return sets[name]
