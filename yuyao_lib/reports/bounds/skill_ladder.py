"""Bounds of the parameters of the notebook skill_ladder."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["NEEDS", "Parameters"]


# tables of the register that the notebook can run on; parts without theirs switch off
NEEDS = {"worker_quarters": ["worker_id", "employer_id", "quarter", "grade"]}


class Parameters(BaseModel):
    """What each parameter may be."""

    model_config = ConfigDict(extra="forbid", strict=True)

    dataset: str = Field("simulated", min_length=1)
    scale: float = Field(1.0, ge=0.01, le=1)
    seed: int = Field(20230630, ge=0)
    heaping: float = Field(0.0, ge=0, le=1)
    grade: int = Field(0, ge=0, le=4)
    horizon_quarters: int = Field(12, ge=1, le=60)
    pass_mark: float = Field(60.0, gt=0, le=100)
    lifted_from: float = Field(3.0, gt=0, le=10)
    lifted_to: float = Field(2.0, gt=0, le=10)
    level: float = Field(0.95, ge=0.5, lt=1)
