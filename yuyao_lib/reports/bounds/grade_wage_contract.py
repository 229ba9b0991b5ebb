"""Bounds of the parameters of the notebook grade_wage_contract."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["NEEDS", "Parameters"]


# tables of the register that the notebook can run on
NEEDS = {
    "worker_quarters": ["worker_id", "employer_id", "quarter", "gross_wage"],
    "contracts": ["employer_id", "kind", "effective_on"],
    "employers": ["employer_id", "headcount"],
}


class Parameters(BaseModel):
    """What each parameter may be."""

    model_config = ConfigDict(extra="forbid", strict=True)

    dataset: str = Field("simulated", min_length=1)
    scale: float = Field(1.0, ge=0.01, le=1)
    seed: int = Field(20230630, ge=0)
    null: bool = False
    pretrend: float = Field(0.0, ge=-0.05, le=0.05)
    contract_kind: Literal["grade_wage", "new_form", "general", "wage", "industry"] = "grade_wage"
    controls: Literal["never", "not_yet"] = "never"
    match_k: int = Field(5, ge=0, le=50)
    anticipation: int = Field(0, ge=0, le=4)
    leads: int = Field(12, ge=2, le=30)
    lags: int = Field(7, ge=1, le=30)
    draws: int = Field(499, ge=99, le=99999)
    smallest_of_interest: float = Field(0.018, gt=0)
