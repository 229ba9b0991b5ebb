"""Bounds of the parameters of the notebook skill_returns."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["NEEDS", "Parameters"]


# no table is needed: every section switches off without its own
NEEDS: dict[str, list[str]] = {}


class Parameters(BaseModel):
    """What each parameter may be."""

    model_config = ConfigDict(extra="forbid", strict=True)

    dataset: str = Field("simulated", min_length=1)
    scale: float = Field(1.0, ge=0.01, le=1)
    seed: int = Field(20230630, ge=0)
    heaping: float = Field(0.0, ge=0, le=1)
    leads: int = Field(6, ge=2, le=40)
    lags: int = Field(8, ge=1, le=40)
    pass_mark: float = Field(60.0, gt=0, le=100)
    bandwidth: float = Field(0.0, ge=0, le=50)
    lifted_from: float = Field(3.0, gt=0, le=10)
    lifted_to: float = Field(2.0, gt=0, le=10)
    title_cutoff: float = Field(80.0, gt=0, le=100)
    weighting_quarters: int = Field(8, ge=4, le=40)
    level: float = Field(0.95, ge=0.5, lt=1)
