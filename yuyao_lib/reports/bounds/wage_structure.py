"""Bounds of the parameters of the notebook wage_structure."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["NEEDS", "OWN", "Parameters"]


# tables of the register that the notebook can run on, and what to set for them
NEEDS = {
    "worker_quarters": ["worker_id", "employer_id", "quarter", "gross_wage", "grade"],
    "workers": ["worker_id", "is_member", "female", "birth_year"],
}
OWN = {
    "table": "worker_panel", "outcome": "log_gross_wage", "controls": ["age_years", "female"],
    "skill": "grade", "skill_cuts": [], "skill_reference": "",
}  # fmt: skip


class Parameters(BaseModel):
    """What each parameter may be."""

    model_config = ConfigDict(extra="forbid", strict=True)

    dataset: str = Field("cps78_85", min_length=1)
    table: str = Field("workers", min_length=1)
    outcome: str = Field("log_hourly_wage", min_length=1)
    group: str = Field("union_member", min_length=1)
    controls: list[str] = Field(
        [
            "education_years",
            "experience_years",
            "experience_years_squared",
            "female",
            "nonwhite",
            "married",
            "south",
        ],
        min_length=1,
    )
    period: str = Field("calendar_year", min_length=1)
    reference: Literal["group_1", "group_0", "pooled", "pooled_with_group", "cotton", "reimers"] = (
        "pooled_with_group"
    )
    percentiles: list[Annotated[int, Field(ge=1, le=99)]] = Field(
        [10, 20, 30, 40, 50, 60, 70, 80, 90], min_length=1
    )
    skill: str = Field("education_years", min_length=1)
    skill_cuts: list[int] = [12, 13, 16]
    skill_reference: str = "12"
    imputed: str = ""
    top_code_factor: float = Field(1.4, ge=1, le=10)
    draws: int = Field(499, ge=99, le=9999)
    level: float = Field(0.95, ge=0.5, lt=1)
