"""Bounds of the parameters of the notebook dispute_mediation."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["NEEDS", "Parameters"]


# tables of the register that the notebook can run on; parts without theirs switch off
NEEDS = {"disputes": ["dispute_id", "filed_on", "closed_on", "outcome"]}


class Parameters(BaseModel):
    """What each parameter may be."""

    model_config = ConfigDict(extra="forbid", strict=True)

    dataset: str = Field("simulated", min_length=1)
    scale: float = Field(1.0, ge=0.01, le=1)
    seed: int = Field(20230630, ge=0)
    standard_from: str = Field("2022-07-01", pattern=r"\d{4}-\d{2}-\d{2}")
    window: list[str] = Field(["2018-07-01", "2023-06-30"], min_length=2, max_length=2)
    horizon: float = Field(15.0, gt=0, le=365)
    limit_days: int = Field(15, ge=1, le=45)
    amount_scope: Literal["disputes", "legal_aid", "both"] = "disputes"
    cluster: str = "town_id"
    level: float = Field(0.95, ge=0.5, lt=1)
