"""Judging the cells of one row by themselves: nothing here knows the register."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from sqlmodel import SQLModel

from svclib.i18n import gettext as _
from svclib.models import (
    Crew,
    Employment,
    Membership,
    Person,
    PoliticalStatus,
    Sex,
    label,
    table,
)
from svclib.rules.identity import PLAIN_NAME, age_years, birth_date_of, id_number_flaw, name_flaw, phone_flaw, sex_of
from svclib.rules.imports import contact_names
from svclib.workspace.importing.entry import Entry

_STEPS = ("applied_on", "talked_on", "decided_on", "filed_on")
EARLIEST_YEAR = 1900
_ADDRESS_MAX = 130
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def _limits() -> dict[str, int]:
    found: dict[str, int] = {"address": _ADDRESS_MAX, "crew": _length(Crew, "name")}
    for model, names in (
        (Employment, ("post",)),
        (Membership, ("duty",)),
        (
            Person,
            ("employee_no", "ethnicity", "education", "degree", "school", "major", "origin", "skill_level", "note"),
        ),
    ):
        found |= {name: _length(model, name) for name in names}
    return found


def _length(model: type[SQLModel], name: str) -> int:
    return int(getattr(table(model).c[name].type, "length", 0))


LIMITS = _limits()
"""Longest text of each field, in characters, as the database keeps it."""


def judge_cells(entry: Entry, *, today: date, hiring_age_min_years: int) -> None:
    """Note everything that is wrong with the row's cells. Graduates may be listed before they graduate."""
    judge_texts(entry)
    _judge_dates(entry, today)
    _judge_age(entry, today, hiring_age_min_years)


def judge_texts(entry: Entry) -> None:
    """Note what cannot be read, and what is wrong with name, numbers and texts."""
    for name, cell in entry.row.cells.items():
        if cell.flaw is not None:
            entry.fault(name, cell.flaw.reason, cell.flaw.suggestion)
    _judge_name(entry)
    _judge_texts(entry)
    _judge_identity(entry)


def birth_of(entry: Entry) -> date | None:
    """The birth date that the row tells: the ID number's, else the cell's."""
    return entry.id_birth or entry.day("birth_date")


def judge_against_id(entry: Entry, number: str) -> None:
    """Note where sex or birth date contradict a flawless ID number."""
    sex = entry.text("sex")
    if sex is not None and sex != sex_of(number):
        entry.fault(
            "sex",
            _("The ID number says {sex}: one of the two is wrong.").format(sex=label(sex_of(number))),
            label(sex_of(number)),
        )
    told, born = entry.day("birth_date"), birth_date_of(number)
    agrees = told is None or told == born
    if told is not None and entry.month_only("birth_date"):
        agrees = (told.year, told.month) == (born.year, born.month)
    if not agrees:
        entry.fault("birth_date", _("The ID number says another birth date: one of the two is wrong."))


def _judge_name(entry: Entry) -> None:
    cell = entry.cell("name")
    if cell is not None and cell.flaw is not None:
        return
    name = entry.text("name") or ""
    flaw = None if PLAIN_NAME.fullmatch(name) else name_flaw(name)
    if flaw is not None:
        entry.fault("name", flaw)


def _judge_texts(entry: Entry) -> None:
    texts = [(name, value) for name, value in entry.values() if isinstance(value, str) and name != "name"]
    # One look at the whole row: hardly any holds such a character.
    controls = _CONTROL.search("".join([value for _name, value in texts])) is not None
    for name, value in texts:
        if controls and _CONTROL.search(value):
            entry.fault(name, _("The cell holds invisible control characters. Type it again."))
        elif len(value) > LIMITS.get(name, len(value)):
            entry.fault(name, _("The text is longer than {limit} characters.").format(limit=LIMITS[name]))
    phone = entry.text("phone")
    flaw = None if phone is None else phone_flaw(phone)
    if flaw is not None:
        entry.fault("phone", flaw)
    for contact in contact_names(entry.text("contact") or ""):
        flaw = name_flaw(contact)
        if flaw is not None:
            entry.fault("contact", flaw)


def _judge_identity(entry: Entry) -> None:
    number = entry.text("id_number")
    if number is None:
        return
    flaw = id_number_flaw(number)
    if flaw is not None:
        entry.fault("id_number", flaw)
        return
    entry.id_birth, entry.id_sex = birth_date_of(number), sex_of(number)
    judge_against_id(entry, number)


def _judge_dates(entry: Entry, today: date) -> None:
    born = birth_of(entry)
    for name, day in entry.values():
        if not isinstance(day, date):
            continue
        if day.year < EARLIEST_YEAR:
            entry.fault(name, _("The year {year} cannot be right.").format(year=day.year))
        elif day > (date(today.year + 1, 12, 31) if name == "graduated_on" else today):
            entry.fault(name, _("The date {day} lies in the future (today is {today}).").format(day=day, today=today))
        elif name not in ("birth_date", "contact_joined_on") and born is not None and day <= born:
            entry.fault(name, _("The date {day} is not after the birth date.").format(day=day))
    for earlier, later in pairwise([step for step in _STEPS if entry.day(step) is not None]):
        first, then = entry.day(earlier), entry.day(later)
        assert first is not None
        assert then is not None
        if entry.month_only(earlier) or entry.month_only(later):
            first, then = first.replace(day=1), then.replace(day=1)
        if then < first:
            entry.fault(
                later,
                _("This date is before “{earlier}”, which comes first.").format(earlier=entry.heading(earlier)),
            )


def _judge_age(entry: Entry, today: date, least_years: int) -> None:
    born = birth_of(entry)
    hired = entry.day("hired_on") or today
    if born is None or born > hired:
        return
    age = age_years(born, hired)
    if age < least_years:
        name = "birth_date" if entry.text("id_number") is None else "id_number"
        reason = _("Only {age} years old on {day}; at hiring one is at least {least}.")
        entry.fault(name, reason.format(age=age, day=hired, least=least_years))


def judge_party_date(entry: Entry, status: str | None) -> bool:
    """Whether 入党时间 is the day of joining the party. Notes a fault where the status excludes any such day.

    Youth League members and members of other parties are listed with the day they joined those.
    """
    if entry.day("party_joined_on") is None:
        return False
    if status in (PoliticalStatus.MASSES, PoliticalStatus.INDEPENDENT):
        entry.fault(
            "party_joined_on",
            _("There is a day of joining the party, but the political status is “{status}”.").format(
                status=label(PoliticalStatus(status))
            ),
        )
        return False
    return status in (None, PoliticalStatus.MEMBER, PoliticalStatus.PROBATIONARY)


def sex_told(entry: Entry) -> Sex | None:
    """The sex that the row tells: the ID number's, else the cell's."""
    told = entry.text("sex")
    return entry.id_sex or (None if told is None else Sex(told))
