"""Bounds of the parameters of the notebook union_organisation."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["NEEDS", "Parameters"]


# tables of the register that the notebook can run on
NEEDS = {"union_quarters": ["union_id", "quarter", "members"]}


class Parameters(BaseModel):
    """What each parameter may be."""

    model_config = ConfigDict(extra="forbid", strict=True)

    dataset: str = Field("simulated", min_length=1)
    scale: float = Field(1.0, ge=0.01, le=1)
    seed: int = Field(20230630, ge=0)
    record: str = "record"
    countries: str = "union_density"
    cleaning: float = Field(0.2, gt=0, le=1)
    refund_limit: float = Field(30000.0, gt=0)
    level: float = Field(0.95, ge=0.5, lt=1)
