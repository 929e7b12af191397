"""A rotation plan as a table: one row for each trainee and stage, and what may be chosen in it.

The table is form 4 (轮岗安排表). Its words are Chinese whatever the language of the pages: it is an office's document,
and its headings must be those that the reader knows.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from svclib.tabular.rotation.periods import period_text, stage_text
from svclib.tabular.texts import PLACEHOLDERS, clean_text, half_width
from svclib.tabular.writing import writable

FIXED = ("name", "employee_no", "home_unit", "rotation_stage")
"""Columns that say whose row it is. A unit can't change them."""
EDITABLE = ("period", "team", "station", "mentor", "lodging", "note")
"""Columns that a unit may change."""
KEY = "placement_key"
COLUMNS = ("name", "employee_no", "home_unit", "rotation_stage", *EDITABLE, KEY)
"""The columns as they are written, by their fields in `header_words.csv`; the last one holds the row's key."""

TEXT_MAX = {"lodging": 200, "note": 400}
"""How many characters the plan keeps of a text."""

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_ROW_KEY = re.compile(r"(.+)/v(\d{1,9})/(\d{1,18})/(\d{1,4})/([A-Z]{3})", re.DOTALL)

Place = tuple[int, int]
"""Somebody's stage: the person's id and the stage's number."""


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One trainee in one stage. `ends_on` is exclusive; no `team_id` means that no place has been found yet.

    `station_id` is that of a choice in `Choices.stations`: a station, or a crew where the caller offers crews.
    """

    person_id: int
    name: str
    stage: int
    starts_on: date
    ends_on: date
    employee_no: str | None = None
    unit: str = ""
    team_id: int | None = None
    station_id: int | None = None
    mentor_id: int | None = None
    lodging: str | None = None
    note: str | None = None

    @property
    def place(self) -> Place:
        return self.person_id, self.stage


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: `name` is shown, `also` are other spellings that are understood, such as the official name.

    `detail` (a team's name, an employee number) is shown as well where two choices of a kind have the same name. A
    station or mentor with a `team_id` goes with that team alone.
    """

    id: int
    name: str
    also: tuple[str, ...] = ()
    team_id: int | None = None
    detail: str = ""


@dataclass(frozen=True)
class Choices:
    """What may stand in a plan's columns, ids unique in each kind. `people` are those whom a unit may add."""

    teams: tuple[Choice, ...] = ()
    stations: tuple[Choice, ...] = ()
    mentors: tuple[Choice, ...] = ()
    people: tuple[Choice, ...] = ()

    @cached_property
    def labels(self) -> dict[str, dict[int, str]]:
        """What is shown for each choice, by field and id."""
        kinds = {"team": self.teams, "station": self.stations, "mentor": self.mentors}
        return {field: _labels(choices) for field, choices in kinds.items()}

    def label(self, field: str, choice_id: int | None) -> str:
        """What is shown for a choice, nothing for none. Raises KeyError when there is no such choice."""
        return "" if choice_id is None else self.labels[field][choice_id]


def _labels(choices: Iterable[Choice]) -> dict[int, str]:
    choices = tuple(choices)
    count = Counter(comparable(one.name) for one in choices)
    return {
        one.id: f"{one.name}（{one.detail}）" if count[comparable(one.name)] > 1 and one.detail else one.name
        for one in choices
    }


@dataclass(frozen=True)
class RowKey:
    """What tells a row that comes back: plan, version, person and stage.

    Written with three check letters: dragging a cell down counts its number up, and such a key is not believed.
    """

    plan: str
    version: int
    person_id: int
    stage: int

    def __str__(self) -> str:
        body = f"{half_width(self.plan)}/v{self.version}/{self.person_id}/{self.stage}"
        return f"{body}/{_check(body)}"

    @property
    def place(self) -> Place:
        return self.person_id, self.stage

    @staticmethod
    def read(text: str) -> RowKey | None:
        """Read a key as it was written; None when it was altered."""
        text = half_width(text)
        found = _ROW_KEY.fullmatch(text)
        if found is None or _check(text[: -len(found[5]) - 1]) != found[5]:
            return None
        return RowKey(found[1], int(found[2]), int(found[3]), int(found[4]))


def _check(body: str) -> str:
    number, letters = zlib.crc32(body.encode()), ""
    for _place in range(3):
        number, rest = divmod(number, len(_LETTERS))
        letters += _LETTERS[rest]
    return letters


@dataclass(frozen=True)
class PlanSheet:
    """What goes out to one unit: `plan` is the plan's name, `rows` in the order in which they are written."""

    plan: str
    version: int
    unit: str
    rows: tuple[PlanRow, ...]
    choices: Choices
    exported_on: date


def plan_title(plan: str) -> str:
    """What a plan is called in a document: 2026年度 for 2026."""
    return f"{plan}年度" if re.fullmatch(r"\d{4}", plan) else plan


def shown(row: PlanRow, choices: Choices) -> dict[str, str]:
    """A row's cells as they are written, by field, without its key."""
    return {
        "name": row.name,
        "employee_no": row.employee_no or "",
        "home_unit": row.unit,
        "rotation_stage": stage_text(row.stage),
        "period": period_text(row.starts_on, row.ends_on),
        "team": choices.label("team", row.team_id),
        "station": choices.label("station", row.station_id),
        "mentor": choices.label("mentor", row.mentor_id),
        "lodging": row.lodging or "",
        "note": row.note or "",
    }


def comparable(text: str) -> str:
    """A cell's text without what a spreadsheet or an office may change without meaning it: blanks, width, a stroke."""
    cleaned = clean_text(writable(text))
    return "" if cleaned in PLACEHOLDERS else cleaned
