"""A list of people as a workbook, and the words of its columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from svclib.i18n import gettext as _
from svclib.i18n import noop as N_
from svclib.models import DevelopmentStage, IntakeKind, PoliticalStatus, Sex, label
from svclib.tabular import ColumnSpec, write_table
from svclib.workspace.register.sight import COLUMNS

HEADINGS = {
    "id": N_("Number"),
    "employee_no": N_("Employee number"),
    "name": N_("Name"),
    "sex": N_("Sex"),
    "birth_date": N_("Birth date"),
    "status": N_("Political status"),
    "stage": N_("Stage of development"),
    "unit": N_("Unit"),
    "team": N_("Service team"),
    "hired_on": N_("Hired on"),
    "phone": N_("Phone"),
    "unit_id": N_("Unit number"),
    "team_id": N_("Team number"),
    "crew": N_("Crew"),
    "post": N_("Post"),
    "branch": N_("Party body"),
    "station": N_("Service station"),
    "duty": N_("Duty in the team"),
    "joined_team_on": N_("In the team since"),
    "intake": N_("Intake"),
    "trainee_kind": N_("Kind of trainee"),
    "ethnicity": N_("Ethnicity"),
    "education": N_("Education"),
    "degree": N_("Degree"),
    "school": N_("School"),
    "major": N_("Major"),
    "graduated_on": N_("Graduated on"),
    "work_started_on": N_("Started work on"),
    "party_joined_on": N_("Joined the party on"),
    "origin": N_("Place of origin"),
    "skill_level": N_("Skill level"),
}
"""The word for each column of `people()`."""

_CODES: dict[str, Callable[[str], str]] = {
    "sex": lambda code: label(Sex(code)),
    "status": lambda code: label(PoliticalStatus(code)),
    "stage": lambda code: label(DevelopmentStage(code)),
    "trainee_kind": lambda code: label(IntakeKind(code)),
}


def people_sheet(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], day: date) -> bytes:
    """Rows of `people()` as an .xlsx with these columns: codes as words, days as days, numbers kept as texts."""
    kinds = {"day": "date", "int": "number", "id": "number"}
    specs = [ColumnSpec(_(HEADINGS[name]), kinds.get(COLUMNS[name], "text")) for name in columns]  # type: ignore[arg-type]
    title = _("Register on {day}").format(day=day.isoformat())
    return write_table(specs, ([_shown(name, row[name]) for name in columns] for row in rows), sheet=title, title=title)


def _shown(name: str, value: Any) -> Any:
    return _CODES[name](value) if name in _CODES and value is not None else value
