"""The one base of all model objects."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """Unchangeable, refuses unknown keys, and keeps input values out of its error texts."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
