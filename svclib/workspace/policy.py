"""Who acts, and who may do what: two tables, by role.

The first says how far each verb reaches for each role, the second what each role is shown of a person. A verb asks
inside its transaction (`tx.scope`, `tx.shown`); what a page leaves out is a courtesy, never the permission.
After `who does what, who must never see what` of the office's rules (README, roles).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from svclib.i18n import noop as N_
from svclib.models import Role


@dataclass(frozen=True)
class Actor:
    """Who acts: `name` goes into the audit trail.

    An account has its id, its role and the scope of that role; `origin` tells where it acts from (a client's address,
    or the command line) and is no part of who it is.
    """

    name: str
    account_id: int | None = None
    role: Role | None = None
    unit_id: int | None = None
    party_body_id: int | None = None
    team_id: int | None = None
    person_id: int | None = None
    origin: str = field(default="", compare=False)


SYSTEM = Actor("system")
"""The machine's own user: the command line and notebooks without a login. Every verb, everything shown."""
SYSTEM_SERVER = Actor("server")
"""The server before it knows who asks: it may begin and end logins, and nothing else."""


class Reach(StrEnum):
    """How far a verb reaches: whose rows it reads and touches."""

    NONE = "none"
    """The role does not have the verb."""
    OWN = "own"
    """What belongs to the account itself: its drafts, its password."""
    SELF = "self"
    """The account's own person."""
    CULTIVATED = "cultivated"
    """Those whose training contact the account's person is."""
    MENTORED = "mentored"
    """Those whose mentor the account's person is: nobody, until there are mentor agreements."""
    TEAM = "team"
    """The account's team."""
    BODIES = "bodies"
    """Those whose party ties belong to the account's party body or to one below it."""
    UNITS = "units"
    """The account's unit and the units below it; an account of no unit is the province's and reaches all."""
    PROVINCE = "province"
    """Everything, and only for an account of the province."""
    ALL = "all"
    """Everything."""


class Group(StrEnum):
    """What is known of a person, by how closely it is kept."""

    NAMES = "names"
    PLAIN = "plain"
    PERSONAL = "personal"
    CONTACT = "contact"
    NOTE = "note"
    PARTY = "party"
    STAGE = "stage"
    CULTIVATION = "cultivation"
    SAFETY = "safety"
    PLANNING = "planning"


GROUP_WORDS: Mapping[Group, str] = {
    Group.NAMES: N_("Name and employee number"),
    Group.PLAIN: N_("Place and work"),
    Group.PERSONAL: N_("Birth, origin and education"),
    Group.CONTACT: N_("ID number, phone and address"),
    Group.NOTE: N_("Note"),
    Group.PARTY: N_("Political status and party body"),
    Group.STAGE: N_("Stage of development"),
    Group.CULTIVATION: N_("Activist's file and training contacts"),
    Group.SAFETY: N_("Safety education and examinations"),
    Group.PLANNING: N_("Wishes, absences and pairs"),
}
"""The word for each field group."""


class Shown(StrEnum):
    """How a role is shown a field group. Masked: 138****5678; for the analyst a pseudonym, a coarser value."""

    SHOWN = "shown"
    MASKED = "masked"
    ABSENT = "absent"


NONE, OWN, SELF, TEAM, UNIT, ALL = Reach.NONE, Reach.OWN, Reach.SELF, Reach.TEAM, Reach.UNITS, Reach.ALL
BODY, CULT, MENT, PROV = Reach.BODIES, Reach.CULTIVATED, Reach.MENTORED, Reach.PROVINCE

# fmt: off
_VERBS: Mapping[str, tuple[Reach, ...]] = {
    #                             hr    secr. organ. cont. capt. ment. train. safety leader anal. audit. admin.
    "register.people":           (UNIT, BODY, BODY,  CULT, TEAM, MENT, SELF,  UNIT,  UNIT,  ALL,  NONE,  NONE),
    "register.page":             (UNIT, BODY, BODY,  CULT, TEAM, MENT, SELF,  UNIT,  UNIT,  NONE, NONE,  NONE),
    "register.person":           (UNIT, BODY, BODY,  CULT, TEAM, MENT, SELF,  UNIT,  NONE,  NONE, NONE,  NONE),
    "register.units":            (UNIT, BODY, BODY,  CULT, TEAM, MENT, SELF,  UNIT,  UNIT,  ALL,  NONE,  NONE),
    "register.summary":          (UNIT, BODY, BODY,  NONE, TEAM, NONE, NONE,  NONE,  UNIT,  ALL,  NONE,  NONE),
    "register.teams":            (UNIT, BODY, BODY,  NONE, TEAM, NONE, NONE,  NONE,  UNIT,  ALL,  NONE,  NONE),
    "register.stations":         (UNIT, BODY, BODY,  NONE, TEAM, NONE, NONE,  NONE,  UNIT,  ALL,  NONE,  NONE),
    "register.composition":      (UNIT, BODY, BODY,  NONE, TEAM, NONE, NONE,  NONE,  UNIT,  ALL,  NONE,  NONE),
    "register.who":              (UNIT, BODY, BODY,  NONE, TEAM, NONE, NONE,  NONE,  UNIT,  NONE, NONE,  NONE),
    "register.intakes":          (UNIT, BODY, BODY,  NONE, NONE, NONE, NONE,  NONE,  UNIT,  ALL,  NONE,  NONE),
    "register.bodies":           (UNIT, BODY, BODY,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  NONE),
    "register.crews":            (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  NONE),
    "register.export":           (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  NONE),
    "register.reveal":           (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  NONE),
    "register.add_person":       (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  NONE),
    "register.edit_person":      (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  NONE),
    "register.record_status":    (UNIT, BODY, BODY,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  NONE),
    "register.record_stage":     (UNIT, BODY, BODY,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  NONE),
    "register.transfer":         (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  NONE),
    "register.join_team":        (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  NONE),
    "register.leave_team":       (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  NONE),
    "register.end_employment":   (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  NONE),
    "register.appoint":          (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  NONE),
    "register.dismiss":          (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  NONE),
    "register.edit_team":        (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  NONE),
    "register.import":           (UNIT, BODY, BODY,  NONE, NONE, NONE, NONE,  UNIT,  NONE,  NONE, NONE,  NONE),
    "register.import_structure": (PROV, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  NONE),
    "register.imports":          (UNIT, BODY, BODY,  NONE, NONE, NONE, NONE,  UNIT,  NONE,  NONE, NONE,  NONE),
    "register.undo_import":      (UNIT, BODY, BODY,  NONE, NONE, NONE, NONE,  UNIT,  NONE,  NONE, NONE,  NONE),
    "rotation.plans":            (UNIT, BODY, BODY,  NONE, TEAM, MENT, SELF, UNIT,  UNIT, NONE, NONE,  NONE),
    "rotation.plan":             (UNIT, BODY, BODY,  NONE, TEAM, MENT, SELF, UNIT,  UNIT, NONE, NONE,  NONE),
    "rotation.placements":       (UNIT, BODY, BODY,  NONE, TEAM, MENT, SELF, UNIT,  UNIT, NONE, NONE,  NONE),
    "rotation.diff":             (UNIT, BODY, BODY,  NONE, TEAM, MENT, SELF, UNIT,  UNIT, NONE, NONE,  NONE),
    "rotation.trainees":         (UNIT, BODY, BODY,  NONE, NONE, NONE, NONE, UNIT,  NONE, NONE, NONE,  NONE),
    "rotation.wishes":           (UNIT, NONE, NONE,  NONE, NONE, NONE, SELF, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.absences":         (UNIT, NONE, NONE,  NONE, NONE, NONE, SELF, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.pins":             (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.exceptions":       (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.bounds":           (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.pairs":            (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.propose":          (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.violations":       (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.why":              (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.create_plan":      (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.edit_plan":        (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.edit_stage":       (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.add_trainees":     (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.remove_trainee":   (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.home":             (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.wish":             (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.pin":              (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.except":           (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.bound":            (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.pair":             (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.unpair":           (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.absence":          (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.edit_absence":     (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.end_absence":      (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.reason":           (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.save_draft":       (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.move":             (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.discard_draft":    (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.publish":          (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.export":           (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.notices":          (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.letter":           (UNIT, NONE, NONE,  NONE, NONE, NONE, SELF, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.attachments":     (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.attachment":      (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.attach":          (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.withdraw":        (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.check":            (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.accept":           (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.requests":         (UNIT, NONE, NONE,  NONE, NONE, NONE, SELF, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.request":          (UNIT, NONE, NONE,  NONE, NONE, NONE, SELF, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.withdraw_request": (UNIT, NONE, NONE,  NONE, NONE, NONE, SELF, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.request_reason":   (UNIT, NONE, NONE,  NONE, NONE, NONE, SELF, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.request_effect":   (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.approve_request":  (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.return_request":   (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "rotation.revoke_request":   (UNIT, NONE, NONE,  NONE, NONE, NONE, NONE, NONE,  NONE, NONE, NONE,  NONE),
    "access.me":                 (OWN,  OWN,  OWN,   OWN,  OWN,  OWN,  OWN,   OWN,   OWN,   OWN,  OWN,   OWN),
    "access.users":              (NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  ALL),
    "access.sessions":           (NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  ALL),
    "access.add_user":           (NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  ALL),
    "access.set_role":           (NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  ALL),
    "access.set_password":       (NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  ALL),
    "access.disable":            (NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  ALL),
    "access.enable":             (NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  ALL),
    "access.end_sessions_of":    (NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  ALL),
    "access.first_administrator": (NONE, NONE, NONE, NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  NONE),
    "audit.verify":              (NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, ALL,   ALL),
    "audit.anchor":              (NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, ALL,   ALL),
    "audit.page":                (NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, ALL,   ALL),
    "audit.entry":               (NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, ALL,   ALL),
    "audit.summary":             (NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, ALL,   ALL),
    "audit.export":              (NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, ALL,   ALL),
    "backup.write":              (NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  ALL),
    "keys.rotate":               (NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  NONE),
    "keys.forget":               (NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  NONE),
    "drafts.save":               (OWN,  OWN,  OWN,   OWN,  OWN,  OWN,  OWN,   OWN,   OWN,   OWN,  OWN,   OWN),
    "drafts.load":               (OWN,  OWN,  OWN,   OWN,  OWN,  OWN,  OWN,   OWN,   OWN,   OWN,  OWN,   OWN),
    "drafts.discard":            (OWN,  OWN,  OWN,   OWN,  OWN,  OWN,  OWN,   OWN,   OWN,   OWN,  OWN,   OWN),
    "demo.fill":                 (NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  NONE),
    "demo.accounts":             (NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE,  NONE,  NONE, NONE,  NONE),
}
# fmt: on
REACHES: Mapping[str, Mapping[Role, Reach]] = {
    verb: dict(zip(Role, reaches, strict=True)) for verb, reaches in _VERBS.items()
}
"""(verb, role) → how far. Every verb stands here; the machine's own user has them all."""

YES, MASK, NO = Shown.SHOWN, Shown.MASKED, Shown.ABSENT

# fmt: off
_GROUPS: Mapping[Role, tuple[Shown, ...]] = {
    #                    names plain personal contact note party stage cultiv. safety planning
    Role.HR:            (YES,  YES,  YES,     YES,    YES, YES,  YES,  NO,       YES,   YES),
    Role.SECRETARY:     (YES,  YES,  YES,     MASK,   NO,  YES,  YES,  YES,      NO,    NO),
    Role.ORGANISER:     (YES,  YES,  YES,     MASK,   NO,  YES,  YES,  YES,      NO,    NO),
    Role.CONTACT:       (YES,  YES,  YES,     NO,     NO,  YES,  YES,  YES,      NO,    NO),
    Role.CAPTAIN:       (YES,  YES,  NO,      NO,     NO,  YES,  NO,   NO,       YES,   NO),
    Role.MENTOR:        (YES,  YES,  NO,      NO,     NO,  NO,   NO,   NO,       NO,    NO),
    Role.TRAINEE:       (YES,  YES,  YES,     MASK,   NO,  YES,  NO,   NO,       YES,   NO),
    Role.SAFETY:        (YES,  YES,  NO,      NO,     NO,  NO,   NO,   NO,       YES,   NO),
    Role.LEADER:        (YES,  YES,  NO,      NO,     NO,  YES,  NO,   NO,       NO,    NO),
    Role.ANALYST:       (MASK, YES,  MASK,    NO,     NO,  MASK, NO,   NO,       NO,    NO),
    # Both read the trail, which names whom it is about; the register's own verbs they do not have.
    Role.AUDITOR:       (YES,  YES,  NO,      NO,     NO,  NO,   NO,   NO,       NO,    NO),
    Role.ADMINISTRATOR: (YES,  YES,  NO,      NO,     NO,  NO,   NO,   NO,       NO,    NO),
}
# fmt: on
GROUPS: Mapping[Role, Mapping[Group, Shown]] = {
    role: dict(zip(Group, shown, strict=True)) for role, shown in _GROUPS.items()
}
"""(role, field group) → shown, masked, absent."""

_PARTY_WORK = frozenset({Group.PARTY, Group.STAGE, Group.CULTIVATION})
KEEPS: Mapping[Role, frozenset[Group]] = {
    Role.HR: frozenset(Group) - {Group.CULTIVATION},
    Role.SECRETARY: _PARTY_WORK,
    Role.ORGANISER: _PARTY_WORK,
    Role.SAFETY: frozenset({Group.SAFETY}),
}
"""Role → the field groups that it may change, where it has a verb that changes people."""

_FIELDS: Mapping[Group, tuple[str, ...]] = {
    Group.NAMES: ("name", "employee_no"),
    Group.PLAIN: (
        *("id", "version", "sex", "unit", "unit_id", "team", "team_id", "crew", "post", "station", "duty"),
        *("hired_on", "work_started_on", "joined_team_on", "intake", "skill_level"),
    ),
    Group.PERSONAL: (
        *("birth_date", "ethnicity", "origin"),
        *("education", "degree", "school", "major", "graduated_on"),
    ),
    Group.CONTACT: ("id_number", "phone", "address"),
    # Free text: anything may stand in it, also what only the own unit's HR may know.
    Group.NOTE: ("note",),
    Group.PARTY: ("status", "branch", "party_joined_on"),
    # A trainee of the kind “activist” is one.
    Group.STAGE: ("stage", "trainee_kind"),
    Group.CULTIVATION: (
        *("applied_on", "talked_on", "recommended_by", "decided_on", "filed_on"),
        *("contact", "contact_joined_on"),
    ),
    Group.PLANNING: (
        *("request_kind", "leave_word", "rotation_stage", "period", "starts_on", "ends_on", "present", "wanted"),
        *("verdict", "reason", "asked_on"),
    ),
    Group.SAFETY: ("safety_kind", "safety_level", "taken_on", "hours", "score", "passed", "valid_until"),
}
FIELDS: Mapping[str, Group] = {name: group for group, names in _FIELDS.items() for name in names}
"""Every field of a person → the group that it belongs to."""

HISTORIES: Mapping[str, Group] = {
    "employment": Group.PLAIN,
    "membership": Group.PLAIN,
    "team_office": Group.PLAIN,
    # Its intake tells who is an activist.
    "trainee": Group.STAGE,
    "status_period": Group.PARTY,
    "branch_membership": Group.PARTY,
    "development_period": Group.STAGE,
    "activist_file": Group.CULTIVATION,
    "training_contact": Group.CULTIVATION,
    "safety_record": Group.SAFETY,
    "rotation_placement": Group.PLAIN,
    "rotation_trainee": Group.PLANNING,
    "rotation_exception": Group.PLANNING,
    "rotation_wish": Group.PLANNING,
    "rotation_pin": Group.PLANNING,
    # That two are kept apart, or that somebody is away, tells nearly as much as the reason beside it.
    "rotation_pair": Group.PLANNING,
    "absence": Group.PLANNING,
    "rotation_request": Group.PLANNING,
}
"""Every table of facts about a person → the group that the whole row belongs to."""


def group_of(table_name: str | None, field: str) -> Group | None:
    """The field group of a stored field; None where it says nothing of a person."""
    if table_name == "person":
        return FIELDS.get(field)
    history = HISTORIES.get(table_name or "")
    return Group.NOTE if history is not None and field == "note" else history


_SERVER_VERBS = frozenset(
    f"access.{name}"
    for name in (
        *("any_account", "attempt", "settle", "recognise", "owner", "change_own_password"),
        *("begin_session", "find_session", "touch", "living", "end_session", "issue_ticket", "withdraw_ticket"),
    )
)
"""What the server itself may do: the verbs of logins."""


class Policy:
    """Answers for one actor: how far does a verb reach, and how is a field group shown."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    def allows(self, verb: str) -> bool:
        """Whether the actor has this verb at all."""
        reach = self.reach(verb)
        return reach != Reach.NONE and (reach != Reach.PROVINCE or self.of_province)

    def reach(self, verb: str) -> Reach:
        """How far the verb reaches for the actor. A verb or an actor that nobody wrote into the table: nowhere."""
        if self.actor == SYSTEM:
            return Reach.ALL
        if self.actor == SYSTEM_SERVER:
            return Reach.ALL if verb in _SERVER_VERBS else Reach.NONE
        role = self.actor.role
        return Reach.NONE if role is None else REACHES.get(verb, {}).get(role, Reach.NONE)

    def reaches_all(self, verb: str) -> bool:
        """Whether the verb reaches the whole province for the actor."""
        reach = self.reach(verb)
        return reach in (Reach.ALL, Reach.PROVINCE) or (reach == Reach.UNITS and self.of_province)

    def shown(self, group: Group) -> Shown:
        """How the actor is shown a field group."""
        if self.actor == SYSTEM:
            return Shown.SHOWN
        return Shown.ABSENT if self.actor.role is None else GROUPS[self.actor.role][group]

    def sees(self, field: str) -> bool:
        """Whether the actor is shown a field of a person as it is."""
        return self.shown(FIELDS[field]) == Shown.SHOWN

    def keeps(self, group: Group) -> bool:
        """Whether the actor may change the fields of a group, by a verb that changes people."""
        if self.actor == SYSTEM:
            return True
        return self.actor.role is not None and group in KEEPS.get(self.actor.role, frozenset())

    @property
    def keeps_safety_alone(self) -> bool:
        """Whether safety education and examinations are all that the actor may change of a person."""
        return self.actor.role is not None and KEEPS.get(self.actor.role) == frozenset({Group.SAFETY})

    @property
    def of_province(self) -> bool:
        """Whether the actor's unit, where a unit counts, is the whole province."""
        return self.actor.unit_id is None
