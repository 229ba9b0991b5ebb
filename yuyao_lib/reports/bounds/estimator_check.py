"""Bounds of the parameters of the notebook estimator_check."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Parameters"]


class Parameters(BaseModel):
    """What each parameter may be."""

    model_config = ConfigDict(extra="forbid", strict=True)

    replications: int = Field(6, ge=4, le=100_000)
    draws: int = Field(99, ge=99, le=9999)
    seed: int = Field(1, ge=0)
    processes: int = Field(2, ge=1, le=64)
    scheduler: str = ""
    scale: float = Field(0.05, ge=0.01, le=1)
    page_draws: int = Field(4, ge=4, le=100_000)
    samples: int = Field(40, ge=20, le=100_000)
    effect: float = Field(0.018, gt=0, le=1)
