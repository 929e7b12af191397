"""What the browser may send along with the register's own events: known fields of known types, nothing else."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from svclib.models import DevelopmentStage, IntakeKind, PoliticalStatus
from svclib.pages.parts.inputs import Input, Short

View: TypeAlias = Literal["people", "composition", "import"]
_CODE, _FEW = Field(strict=False), Field(max_length=20)
"""A code comes as its text; no list of codes is longer."""


class ScopeInput(Input):
    on: Short | None = None
    unit_id: int | None = None


class ViewInput(Input):
    view: View


class CardInput(Input):
    card: Literal["teams", "stations", "members", "trainees", "broken"]


class StatusFilter(Input):
    key: Literal["status"]
    chosen: Annotated[list[Annotated[PoliticalStatus, _CODE]], _FEW]


class StageFilter(Input):
    key: Literal["stage"]
    chosen: Annotated[list[Annotated[DevelopmentStage, _CODE]], _FEW]


class TeamFilter(Input):
    key: Literal["team"]
    chosen: int | None


FilterInput: TypeAlias = Annotated[StatusFilter | StageFilter | TeamFilter, Field(discriminator="key")]


class RowInput(Input):
    """A row of a list: a person or a team by id, a station or a broken rule by a text."""

    id: int | Short


class IdInput(Input):
    id: int


class RuleInput(Input):
    rule: Short


class FieldInput(Input):
    field: Literal["id_number", "phone", "address"]


class OpenFormInput(Input):
    form: Short


class LeavingInput(Input):
    person: int
    leaving: bool


class DayInput(Input):
    on: Short


class PickInput(Input):
    pick: Literal["all", "trouble"]


class ActionInput(Input):
    action: Literal["created", "updated", "unchanged", "rejected"]


class IntakeChoice(Input):
    key: Literal["intake"]
    value: int | None


class KindChoice(Input):
    key: Literal["kind"]
    value: Annotated[IntakeKind, _CODE] | None


class UnitsChoice(Input):
    key: Literal["create_units"]
    value: bool


ImportChoiceInput: TypeAlias = Annotated[IntakeChoice | KindChoice | UnitsChoice, Field(discriminator="key")]


class RunInput(Input):
    run: int
