"""Columns of the lists: what each is called, how its cells read, whether it can be sorted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from svclib.i18n import gettext as _
from svclib.i18n import noop as N_
from svclib.models import DevelopmentStage, IntakeKind, PoliticalStatus, Sex
from svclib.pages.parts.texts import number, present, text, word
from svclib.workspace.register.sight import SORTABLE

Kind = Literal["text", "number", "marks"]
NO_DUTY = "队员"
"""What offices write under 队内职务 for a member without a duty of his own."""
Mark = dict[str, str]


def mark(icon: str, said: str, tone: str) -> Mark:
    """A state with icon and word: never colour alone."""
    return {"icon": icon, "word": said, "tone": tone}


@dataclass(frozen=True)
class Column:
    """One column of a list. `label` is a message id, translated when shown."""

    key: str
    label: str
    kind: Kind = "text"
    sortable: bool = True
    shown: bool = True
    fixed: bool = False
    spare: bool = False
    """Left out while the panel takes room beside the list, unless somebody chose the column."""
    read: Callable[[Any], str] = text
    named: bool = False
    """On a phone the cell says little without its heading. Figures always say too little."""
    scale: int = 1
    """What a workbook's figures are multiplied by: a share 0..1 stands under a heading in percent."""


def card_line(column: Column, cell: str) -> str:
    """A cell as it stands on a phone's card, where no heading is above it."""
    return f"{_(column.label)} {cell}" if column.named or column.kind == "number" else cell


def _count(value: Any) -> str:
    return number(int(value)) if present(value) else ""


def _share(value: Any) -> str:
    # Cut like every share, with its decimal so that figures stand under each other.
    return f"{int(float(value) * 1000 + 1e-9) / 10:.1f}" if present(value) else "–"


def _people(key: str, label: str, **more: Any) -> Column:
    return Column(key, label, sortable=key in SORTABLE, **more)


PEOPLE: Sequence[Column] = (
    _people("name", N_("Name"), fixed=True),
    _people("employee_no", N_("Employee number")),
    _people("role", N_("Part in the service"), kind="marks"),
    _people("sex", N_("Sex"), spare=True, read=partial(word, Sex)),
    _people("birth_date", N_("Birth date"), shown=False),
    _people("status", N_("Political status"), read=partial(word, PoliticalStatus)),
    _people("stage", N_("Stage of development"), spare=True, read=partial(word, DevelopmentStage)),
    _people("unit", N_("Unit")),
    _people("team", N_("Service team")),
    _people("station", N_("Service station"), shown=False),
    _people("duty", N_("Duty in the team"), shown=False),
    _people("crew", N_("Crew"), shown=False),
    _people("post", N_("Post"), shown=False),
    _people("branch", N_("Party branch"), shown=False),
    _people("hired_on", N_("Hired on"), spare=True),
    _people("joined_team_on", N_("In the team since"), shown=False),
    _people("intake", N_("Intake"), shown=False),
    _people("trainee_kind", N_("Kind of trainee"), shown=False, read=partial(word, IntakeKind)),
    _people("education", N_("Education"), shown=False),
    _people("school", N_("School"), shown=False),
    _people("major", N_("Major"), shown=False),
    _people("party_joined_on", N_("Joined the party on"), shown=False),
    _people("phone", N_("Phone"), shown=False),
)

TEAMS: Sequence[Column] = (
    Column("team", N_("Service team"), fixed=True),
    Column("unit", N_("Unit")),
    Column("standing", N_("Standing"), kind="marks", sortable=False),
    Column("captain", N_("Captain"), named=True),
    Column("members", N_("Members (people)"), kind="number", read=_count),
    Column("share", N_("Party members (%)"), kind="number", read=_share, scale=100),
    Column("stations", N_("Service stations"), kind="number", spare=True, read=_count),
    Column("founded_on", N_("Founded on"), shown=False, named=True),
)

STATIONS: Sequence[Column] = (
    Column("station", N_("Service station"), fixed=True),
    Column("team", N_("Service team")),
    Column("unit", N_("Unit")),
    Column("members", N_("Members (people)"), kind="number", read=_count),
    Column("address", N_("Address"), spare=True),
    Column("opened_on", N_("Opened on"), spare=True, named=True),
)

BROKEN: Sequence[Column] = (
    Column("team", N_("Service team"), fixed=True),
    Column("unit", N_("Unit")),
    Column("rule", N_("Rule"), kind="marks", sortable=True),
    Column("sentence", N_("What is wrong"), sortable=False),
    Column("since", N_("Since"), named=True),
)


def role_marks(row: dict[str, Any]) -> list[Mark]:
    """What somebody is in the service: trainee (never counted), captain or other duty, member; nothing for others."""
    if present(row["intake"]):
        return [mark("mdi-school-outline", _("Trainee {year}").format(year=row["intake"]), "change")]
    if present(row["team"]):
        duty = text(row["duty"])
        icon = "mdi-account-outline" if duty in {"", NO_DUTY} else "mdi-account-star-outline"
        return [mark(icon, duty or _("Member"), "primary")]
    return []
