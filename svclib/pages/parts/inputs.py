"""What the browser may send along with the events that pages share: known fields of known types, nothing else."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Short: TypeAlias = Annotated[str, StringConstraints(max_length=200)]


class Input(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class TextInput(Input):
    text: Short


class KeyInput(Input):
    key: Short


class ColumnInput(Input):
    key: Short
    shown: bool


class OffsetInput(Input):
    offset: Annotated[int, Field(ge=0, le=1_000_000_000)]


class LimitInput(Input):
    limit: Annotated[int, Field(ge=1, le=100)]
