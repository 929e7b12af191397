"""What the browser may send along with the events that pages share: known fields of known types, nothing else."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Short: TypeAlias = Annotated[str, StringConstraints(max_length=200)]
Long: TypeAlias = Annotated[str, StringConstraints(max_length=2000)]
Typed: TypeAlias = Annotated[dict[Short, Long | int | None], Field(max_length=60)]
"""What stands in a form: texts, ids of options, nothing."""


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


class FormInput(Input):
    """An open form, named by its token: what is sent late for a closed one is dropped."""

    token: int
    values: Typed


class FieldCheckInput(FormInput):
    field: Short


class StaleInput(Input):
    """For each field that somebody else has saved meanwhile: what was typed, or what is stored."""

    choices: Annotated[dict[Short, Literal["mine", "theirs"]], Field(max_length=60)]
