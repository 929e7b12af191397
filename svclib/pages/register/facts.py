"""What the side panel says of one person: facts in groups, badges, the history as a line of time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from svclib.i18n import gettext as _
from svclib.models import DevelopmentStage, PoliticalStatus, Sex
from svclib.pages.parts.texts import present, records, text, word
from svclib.pages.register.columns import Mark, mark, role_marks
from svclib.workspace.register.card import HISTORY_KINDS

ICONS = {
    "employment": "mdi-office-building-outline",
    "membership": "mdi-account-group-outline",
    "status": "mdi-flag-outline",
    "stage": "mdi-stairs-up",
    "branch": "mdi-home-group",
    "office": "mdi-account-star-outline",
    "intake": "mdi-school-outline",
    "activist": "mdi-clipboard-text-clock-outline",
    "contact": "mdi-human-male-male",
    "safety": "mdi-hard-hat",
    "import": "mdi-file-upload-outline",
}
LATE_DAYS = 31
"""From how many days between happening and recording the lag is shown."""


def field_words() -> dict[str, str]:
    """What each fact of a person is called."""
    return {
        "name": _("Name"),
        "employee_no": _("Employee number"),
        "sex": _("Sex"),
        "birth_date": _("Birth date"),
        "ethnicity": _("Ethnicity"),
        "id_number": _("ID number"),
        "phone": _("Phone"),
        "address": _("Address"),
        "unit": _("Unit"),
        "unit_id": _("Unit"),
        "crew": _("Crew"),
        "crew_id": _("Crew"),
        "post": _("Post"),
        "hired_on": _("Hired on"),
        "work_started_on": _("Started work on"),
        "skill_level": _("Skill level"),
        "status": _("Political status"),
        "stage": _("Stage of development"),
        "branch": _("Party branch"),
        "party_joined_on": _("Joined the party on"),
        "team": _("Service team"),
        "station": _("Service station"),
        "duty": _("Duty in the team"),
        "joined_team_on": _("In the team since"),
        "education": _("Education"),
        "degree": _("Degree"),
        "school": _("School"),
        "major": _("Major"),
        "graduated_on": _("Graduated on"),
        "origin": _("Place of origin"),
        "note": _("Note"),
    }


def fact_word(key: str, value: Any) -> str:
    """A fact as it is read on screen."""
    codes = {"sex": Sex, "status": PoliticalStatus, "stage": DevelopmentStage}
    return word(codes[key], value) if key in codes else text(value)


def badges(facts: Mapping[str, Any], on: date) -> list[Mark]:
    """The few things to see at once: role, political status, stage; that somebody is not there on the day."""
    if not present(facts.get("unit")) and not present(facts.get("team")):
        return [
            mark("mdi-account-off-outline", _("Not in the register on {day}").format(day=on.isoformat()), "attention")
        ]
    found = role_marks(dict(facts))
    if facts.get("status") in {PoliticalStatus.MEMBER, PoliticalStatus.PROBATIONARY}:
        found.append(mark("mdi-flag", fact_word("status", facts["status"]), "trouble"))
    elif present(facts.get("status")):
        found.append(mark("mdi-flag-outline", fact_word("status", facts["status"]), ""))
    if facts.get("stage") in {DevelopmentStage.ACTIVIST, DevelopmentStage.TARGET}:
        found.append(mark("mdi-stairs-up", fact_word("stage", facts["stage"]), "primary"))
    return found


def fact_groups(facts: Mapping[str, Any], shown: Mapping[str, str], *, reveals: bool) -> list[dict[str, Any]]:
    """Facts in groups; what is not known or not shown to the role is left out.

    `shown` holds protected values that were asked for; `reveals` says whether more can be.
    """
    words = field_words()
    groups = [
        (_("Work"), ("unit", "crew", "post", "employee_no", "hired_on", "work_started_on", "skill_level")),
        (_("Service team"), ("team", "station", "duty", "joined_team_on")),
        (_("Party"), ("status", "party_joined_on", "stage", "branch")),
        (_("Person"), ("sex", "birth_date", "ethnicity", "id_number", "phone", "address", "origin")),
        (_("Education"), ("education", "degree", "school", "major", "graduated_on")),
        (_("Note"), ("note",)),
    ]
    found = []
    for title, keys in groups:
        items = [
            {
                "key": key,
                "label": words[key],
                "value": shown.get(key) or fact_word(key, facts[key]),
                "masked": reveals and key in {"id_number", "phone", "address"} and key not in shown,
            }
            for key in keys
            if present(facts.get(key)) and facts[key] != ""
        ]
        if items:
            found.append({"title": title, "items": items})
    return found


def timeline(history: pd.DataFrame, on: date) -> list[dict[str, Any]]:
    """The history, newest first: when, what, whether it holds on the day, and what was recorded long after."""
    day = pd.Timestamp(on)
    lines = []
    for row in records(history):
        starts, ends, kind = row["valid_from"], row["valid_to"], HISTORY_KINDS[row["kind"]]
        once = row["kind"] in {"import", "activist"}
        when = text(starts)
        # Until when a safety record counts stands in its words: the last day, as offices write it, not the first after.
        if not once and row["kind"] != "safety":
            when = f"{when} – {text(ends)}" if present(ends) else _("since {day}").format(day=when)
        lines.append(
            {
                "icon": ICONS.get(row["kind"], "mdi-circle-small"),
                "kind": _(kind),
                "what": text(row["what"]),
                "when": when,
                "now": not once and starts <= day and not (present(ends) and ends <= day),
                "recorded": _recorded(row),
            }
        )
    return lines


def _recorded(row: Mapping[str, Any]) -> str:
    """When it was learnt where that was long after, and from which file."""
    said = []
    if present(row["recorded_at"]) and row["kind"] != "import":
        lag = row["recorded_at"].tz_localize(None).normalize() - row["valid_from"]
        if lag.days > LATE_DAYS:
            said.append(_("recorded on {day}").format(day=text(row["recorded_at"])))
    if present(row["source"]) and row["kind"] != "import":
        said.append(_("from {file}").format(file=row["source"]))
    return " · ".join(said)
