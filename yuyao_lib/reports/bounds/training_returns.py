"""Bounds of the parameters of the notebook training_returns."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from yuyao_lib.reports.bounds import Word

__all__ = ["Parameters"]


class Parameters(BaseModel):
    """What each parameter may be."""

    model_config = ConfigDict(extra="forbid", strict=True)

    experiment: str = Field("nsw", min_length=1)
    comparison: str = Field("nsw_psid", min_length=1)
    grants: str = Field("michigan_grants", min_length=1)
    outcome: str = Field("earnings_1978", min_length=1)
    before: str = Field("earnings_1975", min_length=1)
    earlier: str = Field("earnings_1974", min_length=1)
    covariates: list[str] = Field(
        [
            "age_years",
            "age_years_squared",
            "education_years",
            "nodegree",
            "black",
            "hispanic",
            "married",
            "earnings_1974",
            "earnings_1975",
        ],
        min_length=1,
    )
    unit: Word = "usd"
    trim: float = Field(0.1, ge=0, lt=0.5)
    estimand: Literal["att", "ate"] = "att"
    level: float = Field(0.95, ge=0.5, lt=1)
