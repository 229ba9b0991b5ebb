"""Bounds of the parameters of the notebook published_results."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Parameters"]

Family = Literal[
    "union_premium", "training", "strikes", "did", "decomposition", "distribution", "mincer"
]


class Parameters(BaseModel):
    """What each parameter may be."""

    model_config = ConfigDict(extra="forbid", strict=True)

    dataset: str = Field("published", min_length=1)
    families: list[Family] = []
    level: float = Field(0.95, ge=0.5, lt=1)
