"""Bounds of the parameters of the notebook union_premium."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["NEEDS", "OWN", "Parameters"]


# tables of the register that the notebook can run on
NEEDS = {
    "worker_quarters": ["worker_id", "employer_id", "quarter", "gross_wage"],
    "contracts": ["employer_id", "kind", "effective_on"],
}
# what to set for them: coverage by a contract changes within workers, membership does not
OWN = {
    "table": "worker_panel", "outcome": "log_gross_wage", "member": "grade_wage_covered",
    "controls": ["age_years", "grade"], "period": "period", "others": [],
}  # fmt: skip


class Parameters(BaseModel):
    """What each parameter may be."""

    model_config = ConfigDict(extra="forbid", strict=True)

    dataset: str = Field("wagepan", min_length=1)
    table: str = Field("workers", min_length=1)
    outcome: str = Field("log_hourly_wage", min_length=1)
    member: str = Field("union_member", min_length=1)
    controls: list[str] = [
        "education_years",
        "black",
        "hispanic",
        "experience_years",
        "experience_years_squared",
        "married",
    ]
    period: str = Field("calendar_year", min_length=1)
    errors: Literal["clustered", "classical"] = "clustered"
    level: float = Field(0.95, ge=0.5, lt=1)
    quantiles: list[Annotated[int, Field(ge=1, le=99)]] = Field([10, 25, 50, 75, 90], min_length=1)
    others: list[str] = ["nlswork", "psid7682"]
    permutations: int = Field(99, ge=0, le=9999)
