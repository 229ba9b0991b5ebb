"""Bounds of the parameters of the notebook bargaining_disputes."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

__all__ = ["NEEDS", "OWN", "Parameters"]


# tables of the register that the notebook can run on
NEEDS = {"disputes": ["dispute_id", "filed_on", "closed_on", "outcome"]}
# what to set for them
OWN = {
    "table": "disputes", "dates": ["filed_on", "closed_on"], "ended": "ended",
    "covariates": ["workers"], "cluster": "", "cause": "outcome", "spell": "cases",
}  # fmt: skip


class Parameters(BaseModel):
    """What each parameter may be."""

    model_config = ConfigDict(extra="forbid", strict=True)

    dataset: str = Field("strikes", min_length=1)
    table: str = Field("strikes", min_length=1)
    duration: str = Field("duration_days", min_length=1)
    ended: str = ""
    dates: list[str] = []
    covariates: list[str] = ["unanticipated_output_percent"]
    cluster: str = "calendar_year"
    family: Literal["exponential", "weibull", "log_normal", "log_logistic"] = "weibull"
    ties: Literal["efron", "breslow"] = "efron"
    cause: str = ""
    horizon: float = Field(30.0, gt=0)
    spell: Literal["strikes", "spells", "cases"] = "strikes"
    counts: list[str] = []
    count_covariates: list[str] = ["output_deviation_percent"]
    level: float = Field(0.95, ge=0.5, lt=1)

    @field_validator("dates")
    @classmethod
    def _two_dates(cls, names: list[str]) -> list[str]:
        """Take two columns of dates, or none."""
        if len(names) not in (0, 2):
            raise ValueError("two columns, of first and of closing dates, or none")
        return names

    @field_validator("counts")
    @classmethod
    def _place_of_counts(cls, names: list[str]) -> list[str]:
        """Take a data set with its table and column, or none."""
        if len(names) not in (0, 3):
            raise ValueError("a data set, its table and its column, or none")
        return names
