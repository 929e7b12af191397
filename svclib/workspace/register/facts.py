"""What may be typed about a person: each value cleaned and judged, with the field at fault named."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, select

from svclib.errors import Duplicate, RuleBroken
from svclib.i18n import gettext as _
from svclib.models import Person, Sex, table
from svclib.rules.identity import age_years, birth_date_of, id_number_flaw, name_flaw, phone_flaw, sex_of
from svclib.workspace.base import Transaction
from svclib.workspace.register.days import as_day
from svclib.workspace.register.names import name_keys
from svclib.workspace.vault import PROTECTED

_PERSON = table(Person)
_DERIVED = {"id", "version", "pinyin", "initials", "id_number_index"}
FACTS = tuple(column.name for column in _PERSON.c if column.name not in _DERIVED)
"""Fields of a person that can be typed."""


def clean_facts(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values trimmed, days as days, codes as codes, nothing as None. Raises RuleBroken, naming the field."""
    return {field: _clean(field, value) for field, value in values.items()}


def code_of(kind: type[StrEnum], value: Any, *, field: str) -> str:
    """The code of an enumeration. Raises RuleBroken, naming the field, for any other text."""
    try:
        return kind(value).value
    except ValueError as error:
        sentence = _("{value} is not one of the values to choose from.").format(value=value)
        raise RuleBroken(sentence, field=field) from error


def _clean(field: str, value: Any) -> Any:
    if field not in FACTS:
        raise RuleBroken(_("A person has no field {field}.").format(field=field), field=field)
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "":
        return None
    if isinstance(_PERSON.c[field].type, Date):
        return as_day(value, field=field)
    if not isinstance(value, str):
        raise RuleBroken(_("{value} is not a text.").format(value=value), field=field)
    if field == "sex":
        return code_of(Sex, value, field=field)
    if field in ("employee_no", "id_number", "phone"):
        value = unicodedata.normalize("NFKC", "".join(value.split())).upper()
    flaw = _flaw(field, value)
    if flaw is not None:
        raise RuleBroken(flaw, field=field)
    return value


def _flaw(field: str, value: str) -> str | None:
    if field == "name":
        return name_flaw(value)
    if field == "id_number":
        return id_number_flaw(value)
    if field == "phone":
        return phone_flaw(value)
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign != "\n" for sign in value):
        return _("The text holds invisible control characters. Type it again.")
    # Ciphertext needs room: an address of 120 characters fits its column.
    longest = 120 if field in PROTECTED else _PERSON.c[field].type.length  # type: ignore[attr-defined]
    if len(value) > longest:
        return _("At most {limit} characters fit here.").format(limit=longest)
    return None


def judge_person(tx: Transaction, facts: dict[str, Any], *, person_id: int | None = None) -> dict[str, Any]:
    """Judge a whole person, protected fields in clear, and fill in sex and birth date from the ID number.

    Raises RuleBroken naming the field, Duplicate naming the person who has the number already.
    """
    if not facts.get("name"):
        raise RuleBroken(_("The name is missing."), field="name")
    number = facts.get("id_number")
    if not number and not facts.get("employee_no"):
        raise RuleBroken(_("An employee number or an ID number is needed."), field="employee_no")
    if number:
        for field, said, told in (
            ("sex", sex_of(number).value, _("The sex contradicts the ID number.")),
            ("birth_date", birth_date_of(number), _("The birth date contradicts the ID number.")),
        ):
            if facts.get(field) is None:
                facts[field] = said
            elif facts[field] != said:
                raise RuleBroken(told, field=field)
    born, hired = facts.get("birth_date"), facts.get("hired_on")
    if born is not None and born > tx.today:
        raise RuleBroken(_("The birth date lies in the future."), field="birth_date")
    least = tx.settings.hiring_age_min_years
    if isinstance(born, date) and isinstance(hired, date) and age_years(born, hired) < least:
        raise RuleBroken(_("Nobody is hired under {age} years of age.").format(age=least), field="hired_on")
    _require_unique(tx, facts, person_id)
    return facts


def _require_unique(tx: Transaction, facts: Mapping[str, Any], person_id: int | None) -> None:
    keys = {"employee_no": ("employee_no", facts.get("employee_no"))}
    keys["id_number"] = ("id_number_index", tx.vault.index(facts.get("id_number")))
    for field, (column, value) in keys.items():
        if value is None:
            continue
        taken = tx.rows(select(_PERSON.c.id, _PERSON.c.name, _PERSON.c.employee_no).where(_PERSON.c[column] == value))
        if taken and taken[0]["id"] != person_id:
            mine = tx.scope.standing(_PERSON.c.id, tx.today)
            if tx.scalar(select(_PERSON.c.id).where(_PERSON.c.id == taken[0]["id"], *mine)) is None:
                other = _("Somebody of another unit")
            else:
                other = _("{name} ({number})").format(name=taken[0]["name"], number=taken[0]["employee_no"] or "–")
            sentences = {
                "employee_no": _("{person} has this employee number already."),
                "id_number": _("{person} has this ID number already."),
            }
            raise Duplicate(sentences[field].format(person=other))


def sealed(tx: Transaction, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as they are stored: protected fields encrypted, keys for searching beside name and ID number."""
    row = {field: tx.vault.encrypt(field, value) if field in PROTECTED else value for field, value in facts.items()}
    if "name" in facts:
        row["pinyin"], row["initials"] = name_keys(facts["name"])
    if "id_number" in facts:
        row["id_number_index"] = tx.vault.index(facts["id_number"])
    return row
