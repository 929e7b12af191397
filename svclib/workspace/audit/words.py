"""The trail in words: what was done, to what, which field, which value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from svclib import codes
from svclib.codes import label
from svclib.i18n import gettext as _
from svclib.i18n import noop as N_
from svclib.tabular.model import FORM_WORDS
from svclib.workspace.importing.undoing import TABLE_WORDS
from svclib.workspace.policy import SYSTEM, SYSTEM_SERVER
from svclib.workspace.register.sheet import HEADINGS
from svclib.workspace.vault import SEALED

RECORD_WORDS: Mapping[str, str] = {
    **TABLE_WORDS,
    "person": N_("Somebody"),
    "import_run": N_("Import"),
    "import_change": N_("What an import wrote"),
    "account": N_("Account"),
    "login_session": N_("Login"),
    "fact": N_("Fact"),
    "signed_notice": N_("Signed notice"),
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
    "plan_id": N_("Rotation plan"),
    "stage_number": N_("Stage of the plan"),
    "terms": N_("The plan's figures"),
    "published_version": N_("Version published"),
    "number": N_("No."),
    "published_by": N_("Published by"),
    "published_at": N_("Published at"),
    "cost": N_("Cost"),
    "placements": N_("Placements"),
    "moved": N_("Moved"),
    "lower": N_("At least"),
    "upper": N_("At most"),
    "home_latitude": N_("Latitude of the home town"),
    "home_longitude": N_("Longitude of the home town"),
    "rank": N_("Rank"),
    "other_id": N_("The other one"),
    "apart": N_("Kept apart"),
    "reason": N_("Reason"),
    "written_by": N_("Written by"),
    "created_by": N_("Made by"),
    "created_at": N_("Made at"),
    "asked_on": N_("Asked on"),
    "asked_by": N_("Asked by"),
    "by_person": N_("The person asks"),
    "recorded_by": N_("Recorded by"),
    "claim": N_("What the paper says"),
    "state": N_("State"),
    "decided_by": N_("Settled by"),
    "decided_at": N_("Settled at"),
    "answer": N_("Words of the decision"),
    "present": N_("Present place"),
    "present_team_id": N_("Present team"),
    "wanted_team_id": N_("Team asked for"),
    "wanted_station_id": N_("Station asked for"),
    "wanted_crew_id": N_("Crew asked for"),
    "mentor_id": N_("Mentor"),
    "lodging": N_("Lodging"),
    "from_version": N_("Since version"),
    "to_version": N_("Until version"),
    "taken_on": N_("Taken on"),
    "hours": N_("Class hours"),
    "score": N_("Score"),
    "passed": N_("Passed"),
    "version_id": N_("Version published"),
    "media_type": N_("Kind of file"),
    "size_bytes": N_("Bytes"),
    "attached_at": N_("Attached at"),
    "attached_by": N_("Attached by"),
    "withdrawn_at": N_("Withdrawn at"),
    "withdrawn_by": N_("Withdrawn by"),
    "valid_until": N_("Valid until (this day included)"),
}
_OWN_FIELD_WORDS: Mapping[tuple[str, str], str] = {
    ("person", "origin"): N_("Place of origin"),
    ("safety_record", "level"): N_("Level of the education"),
}
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
    "state": codes.RequestState,
    "claim": codes.RequestState,
}
_KINDS: Mapping[str, type[StrEnum]] = {
    "unit": codes.UnitKind,
    "party_body": codes.BodyKind,
    "crew": codes.CrewKind,
    "intake": codes.IntakeKind,
    "safety_record": codes.SafetyKind,
    "rotation_request": codes.RequestKind,
}
_COMMAND_LINE = re.compile(r"command line \(system user (?P<name>.*)\)")
_OWN_WORDS: Mapping[str, str] = {
    "password": N_("Password"),
    "begun": N_("begun"),
    "ended": N_("ended"),
    "refused": N_("turned away"),
    "set": N_("set anew"),
    "changed": N_("changed"),
    "hashed anew": N_("hashed anew"),
}


_ACTOR_WORDS = {SYSTEM.name: N_("This machine's user"), SYSTEM_SERVER.name: N_("The server")}


def origin_word(origin: str) -> str:
    """From where something was done; a client's address as it is."""
    found = _COMMAND_LINE.fullmatch(origin)
    return origin if found is None else _("command line (system user {name})").format(name=found["name"])


def actor_word(name: str) -> str:
    """Who acted: an account by its name, the others in words."""
    own = _ACTOR_WORDS.get(name)
    return name if own is None else _(own)


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
    if field in SEALED.get(table_name or "", ()):
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
    if field == "form" and value in FORM_WORDS:
        return _(FORM_WORDS[value])
    if field.endswith("_at"):
        return datetime.fromisoformat(value).astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return value
