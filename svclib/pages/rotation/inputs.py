"""What the browser may send along with each event of the rotation: known fields of known types, nothing else."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from svclib.pages.parts.inputs import Input, Short

Id = Annotated[int, Field(ge=1, le=2**62)]
PartId = Annotated[int, Field(ge=0, le=2**62)]
StageNumber = Annotated[int, Field(ge=1, le=60)]
View = Literal["people", "teams", "pictures", "planning", "requests", "versions"]
Card = Literal["trainees", "teams", "open", "hard", "weighted", "draft"]


class ViewInput(Input):
    view: View


class PlanInput(Input):
    plan: Id


class UnitInput(Input):
    unit: Id | None


class CardInput(Input):
    card: Card


class CellInput(Input):
    person: Id
    stage: StageNumber


class TeamCellInput(Input):
    team: Id
    stage: StageNumber


class StageInput(Input):
    stage: StageNumber


class DrawnInput(Input):
    drawn: bool


class ChartInput(Input):
    chart: Literal["matrix", "teams", "mentors", "fairness", "map"]


class PlaceInput(Input):
    """A place for whom the panel is about; without a station or crew (0) the team as such."""

    team: Id
    station: PartId = 0
    crew: PartId = 0


class SearchInput(Input):
    preset: Literal["balanced", "least_change"]
    seconds: Literal[20, 60, 300, 900]


class PublishInput(Input):
    """`name`: who decides, where nobody is logged in."""

    name: Short


VersionName = Annotated[int, Field(ge=1, le=100_000)] | Literal["draft"]


class CompareInput(Input):
    old: VersionName
    new: VersionName


class RowInput(Input):
    person: Id
    stage: StageNumber
    taken: bool


class AllInput(Input):
    taken: bool


class PackInput(Input):
    pdf: bool


class ScanInput(Input):
    scan: Id


class ScanVersionInput(Input):
    version: Annotated[int, Field(ge=1, le=100_000)]
