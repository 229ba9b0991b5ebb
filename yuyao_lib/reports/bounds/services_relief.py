"""Bounds of the parameters of the notebook services_relief."""

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
    relapse_months: int = Field(12, ge=1, le=120)
    placement_days: int = Field(180, ge=1, le=1500)
    until: str = Field("", pattern=r"^(\d{4}-\d{2}-\d{2})?$")
    living_standard: float = Field(1005.0, gt=0)
    level: float = Field(0.95, ge=0.5, lt=1)
