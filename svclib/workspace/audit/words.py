"""The trail in words: what was done, to what, which field, which value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from svclib.i18n import gettext as _
from svclib.i18n import noop as N_
from svclib.models import codes, label
from svclib.workspace.importing.undoing import TABLE_WORDS
from svclib.workspace.register.sheet import HEADINGS
from svclib.workspace.vault import PROTECTED

RECORD_WORDS: Mapping[str, str] = {
    **TABLE_WORDS,
    "person": N_("Somebody"),
    "import_run": N_("Import"),
    "import_change": N_("What an import wrote"),
    "account": N_("Account"),
    "login_session": N_("Login"),
    "fact": N_("Fact"),
}
"""Every table that the trail names."""

_FIELD_WORDS: Mapping[str, str] = {
    **HEADINGS,
    "valid_from": N_("From (this day included)"),
    "valid_to": N_("Until (this day not included)"),
    "recorded_at": N_("Recorded at"),
    "id_number": N_("ID number"),
    "address": N_("Address"),
    "note": N_("Note"),
    "revealed": N_("Field looked at"),
    "office": N_("Office"),
    "person_id": N_("Somebody"),
    "crew_id": N_("Crew"),
    "station_id": N_("Service station"),
    "party_body_id": N_("Party body"),
    "unit_id": N_("Unit"),
    "team_id": N_("Service team"),
    "parent_id": N_("Above it"),
    "intake_id": N_("Intake"),
    "official_name": N_("Official name"),
    "short_name": N_("Short name"),
    "level": N_("Level"),
    "setting": N_("Setting"),
    "founded_on": N_("Founded on"),
    "closed_on": N_("Closed on"),
    "opened_on": N_("Opened on"),
    "supervision_phone": N_("Supervision phone"),
    "latitude": N_("Latitude"),
    "longitude": N_("Longitude"),
    "kind": N_("Kind"),
    "year": N_("Year"),
    "starts_on": N_("Starts on"),
    "ends_on": N_("Ends on (this day not included)"),
    "applied_on": N_("Applied for membership"),
    "talked_on": N_("Talk held"),
    "recommended_by": N_("Recommended by"),
    "decided_on": N_("Decided to be an activist"),
    "filed_on": N_("Filed with the superior body"),
    "contact_id": N_("Training contact"),
    "contact_name": N_("Training contact"),
    "contact_joined_on": N_("Contact's joining of the party"),
    "file_name": N_("File"),
    "file": N_("File"),
    "form": N_("Form"),
    "rows": N_("Rows"),
    "records": N_("Records"),
    "figure": N_("Check figure (SHA-256)"),
    "run_id": N_("Import"),
    "created": N_("created"),
    "updated": N_("updated"),
    "unchanged": N_("unchanged"),
    "rejected": N_("refused"),
    "undone_at": N_("Undone at"),
    "undone_by": N_("Undone by"),
    "username": N_("User name"),
    "display_name": N_("Shown name"),
    "role": N_("Role"),
    "must_change": N_("Has to change the password"),
    "disabled_at": N_("Disabled at"),
    "login": N_("Login"),
    "logins": N_("Logins"),
    "method": N_("Way of logging in"),
    "origin": N_("From where"),
    "password": N_("Password"),
    "count": N_("Count"),
    "key": N_("Key"),
}
_OWN_FIELD_WORDS: Mapping[tuple[str, str], str] = {("person", "origin"): N_("Place of origin")}
HIDDEN_FIELDS = frozenset({"id", "version", "actor", "sha256", "id_number_index", "pinyin", "initials"})
"""Fields that tell a reader nothing: numbers and fingerprints that the program keeps for itself."""

_CODES: Mapping[str, type[StrEnum]] = {
    "sex": codes.Sex,
    "status": codes.PoliticalStatus,
    "stage": codes.DevelopmentStage,
    "office": codes.Office,
    "level": codes.TeamLevel,
    "setting": codes.TeamSetting,
    "recommended_by": codes.Recommendation,
    "role": codes.Role,
}
_KINDS: Mapping[str, type[StrEnum]] = {
    "unit": codes.UnitKind,
    "party_body": codes.BodyKind,
    "crew": codes.CrewKind,
    "intake": codes.IntakeKind,
}
_COMMAND_LINE = re.compile(r"command line \(system user (?P<name>.*)\)")
_OWN_WORDS: Mapping[str, str] = {
    "password": N_("Password"),
    "begun": N_("begun"),
    "ended": N_("ended"),
    "refused": N_("refused"),
    "set": N_("set anew"),
    "changed": N_("changed"),
    "hashed anew": N_("hashed anew"),
}


def origin_word(origin: str) -> str:
    """From where something was done; a client's address as it is."""
    found = _COMMAND_LINE.fullmatch(origin)
    return origin if found is None else _("command line (system user {name})").format(name=found["name"])


def record_word(table_name: str | None) -> str:
    """The kind of record."""
    name = table_name or ""
    return _(RECORD_WORDS[name]) if name in RECORD_WORDS else name


def field_word(table_name: str | None, field: str) -> str:
    """The label of a field."""
    own = _OWN_FIELD_WORDS.get((table_name or "", field)) or _FIELD_WORDS.get(field)
    return _(own) if own else field


def value_word(table_name: str | None, field: str, value: Any, names: Mapping[Any, str], zone: ZoneInfo) -> str:
    """A value as a person reads it: codes as words, ids as names, moments on the office's clock, nothing protected."""
    if value is None or value == "":
        return ""
    # A station's address is nobody's.
    if table_name == "person" and field in PROTECTED:
        return _("(encrypted, not shown)")
    if field == "revealed":
        return field_word(table_name, str(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int) and value in names:
        return names[value]
    if isinstance(value, str):
        return _text(table_name, field, value, zone)
    if isinstance(value, Mapping):
        return "、".join(f"{record_word(str(name))} {count}" for name, count in value.items() if count)
    return str(value)


def _text(table_name: str | None, field: str, value: str, zone: ZoneInfo) -> str:
    code = _KINDS.get(table_name or "") if field == "kind" else _CODES.get(field)
    if code is not None and value in {one.value for one in code}:
        return label(code(value))
    if field in {"login", "logins", "password", "method"} and value in _OWN_WORDS:
        return _(_OWN_WORDS[value])
    if field.endswith("_at"):
        return datetime.fromisoformat(value).astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return value
