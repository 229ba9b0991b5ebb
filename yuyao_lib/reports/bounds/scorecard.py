"""Bounds of the parameters of the notebook scorecard."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Parameters"]


class Parameters(BaseModel):
    """What each parameter may be."""

    model_config = ConfigDict(extra="forbid", strict=True)

    record: str = Field("record", min_length=1)
    second_record: str = ""
