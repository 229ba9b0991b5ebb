"""Bounds of the parameters of the notebook wage_components."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["NEEDS", "Parameters"]


# tables of the register that the notebook can run on; parts without theirs switch off
NEEDS = {"worker_quarters": ["worker_id", "employer_id", "quarter", "gross_wage"]}


class Parameters(BaseModel):
    """What each parameter may be."""

    model_config = ConfigDict(extra="forbid", strict=True)

    dataset: str = Field("simulated", min_length=1)
    scale: float = Field(1.0, ge=0.01, le=1)
    seed: int = Field(20230630, ge=0)
    outcome: str = Field("log_gross_wage", min_length=1)
    fewest: int = Field(50, ge=2, le=10_000)
    level: float = Field(0.95, ge=0.5, lt=1)
