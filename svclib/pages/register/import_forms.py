"""The kinds of workbook that come in, and what each is called."""

from __future__ import annotations

from svclib.i18n import gettext as _
from svclib.tabular.model import FORM_WORDS, Form
from svclib.workspace.policy import Group, Policy


def form_words() -> dict[str, str]:
    """What each kind of workbook is called."""
    return {form: _(word) for form, word in FORM_WORDS.items()}


def offered_forms(policy: Policy) -> list[dict[str, str]]:
    """The kinds that whoever acts can bring in, each with what it is about."""
    words, people = form_words(), policy.keeps(Group.NAMES)
    listed = (
        (
            "mdi-school-outline",
            Form.GRADUATES,
            _("Known by the ID number as long as there is no employee number"),
            people,
        ),
        ("mdi-account-group-outline", Form.MEMBERS, _("Unit, team, station, duty, since when"), people),
        (
            "mdi-clipboard-text-clock-outline",
            Form.ACTIVISTS,
            _("Steps of development with their days, training contacts"),
            policy.keeps(Group.CULTIVATION),
        ),
        ("mdi-table-account", Form.PEOPLE, _("Any list with names and employee or ID numbers"), people),
        (
            "mdi-hard-hat",
            Form.SAFETY,
            _("Kind, day, score, passed, valid until"),
            policy.keeps(Group.SAFETY),
        ),
        (
            "mdi-calendar-question-outline",
            Form.REQUESTS,
            _("Kind, days or stage, present and wanted place; approved in the rotation"),
            policy.keeps(Group.PLANNING),
        ),
        (
            "mdi-sitemap-outline",
            "structure",
            _("Party bodies, crews and captains too"),
            policy.allows("register.import_structure"),
        ),
    )
    return [{"icon": icon, "label": words[form], "text": said} for icon, form, said, offered in listed if offered]
