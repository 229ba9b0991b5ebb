"""Bounds of the parameters of the notebook staggered_policy."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from yuyao_lib.reports.bounds import Word

__all__ = ["Parameters"]


class Parameters(BaseModel):
    """What each parameter may be."""

    model_config = ConfigDict(extra="forbid", strict=True)

    dataset: str = Field("ezunem", min_length=1)
    table: str = Field("cities", min_length=1)
    outcome: str = Field("log_unemployment_claims", min_length=1)
    unit: str = Field("city_id", min_length=1)
    period: str = Field("calendar_year", min_length=1)
    first_treated: str = Field("first_zone_year", min_length=1)
    cluster: str = ""
    effect: Word = "unemployment_claims_change"
    rows_are: Word = "city_years"
    clusters_are: Word = "cities"
    smallest_of_interest: float = Field(0.05, gt=0)
    draws: int = Field(999, ge=99, le=99999)
