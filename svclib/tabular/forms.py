"""Which columns make which form."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from svclib.tabular.model import Form

PERSON_KEYS = frozenset({"employee_no", "id_number"})
_TRAINING = frozenset({"applied_on", "talked_on", "recommended_by", "decided_on", "filed_on", "contact"})
GRADUATES_NAMED = "!graduates"
"""Stands among the fields when the title or a heading (录用单位) says that these are graduates."""
SAFETY_NAMED = "!safety"
"""The same for safety education and examinations (安全教育, 安规)."""
_REGISTER = frozenset(
    {
        "employee_no",
        "name",
        "id_number",
        "sex",
        "birth_date",
        "ethnicity",
        "unit",
        "crew",
        "post",
        "status",
        "stage",
        "party_joined_on",
        "branch",
        "team",
        "station",
        "duty",
        "joined_team_on",
        "mentor",
        "hired_on",
        "work_started_on",
        "education",
        "degree",
        "school",
        "major",
        "graduated_on",
        "origin",
        "phone",
        "address",
        "skill_level",
        "note",
    }
)

_SAFETY = frozenset(
    {
        "name",
        "employee_no",
        "id_number",
        "unit",
        "safety_kind",
        "safety_level",
        "taken_on",
        "hours",
        "score",
        "passed",
        "valid_until",
    }
)
_ROTATION = frozenset(
    {
        "name",
        "employee_no",
        "home_unit",
        "rotation_stage",
        "period",
        "starts_on",
        "ends_on",
        "team",
        "station",
        "mentor",
        "lodging",
        "note",
        "placement_key",
    }
)


_REQUESTS = frozenset(
    {
        "name",
        "employee_no",
        "id_number",
        "unit",
        "request_kind",
        "leave_word",
        "rotation_stage",
        "period",
        "starts_on",
        "ends_on",
        "present",
        "wanted",
        "verdict",
        "reason",
        "asked_on",
    }
)


@dataclass(frozen=True)
class Pattern:
    """The columns of a form: it has all of `needs`, one of each set in `one_of`, two of `two_of`, none of `never`.

    `key` names the columns that a vertically merged cell never fills.
    """

    form: Form
    fields: frozenset[str]
    needs: frozenset[str]
    one_of: tuple[frozenset[str], ...] = ()
    never: frozenset[str] = frozenset()
    key: frozenset[str] = frozenset()
    two_of: frozenset[str] = frozenset()

    def fits(self, columns: Collection[str], present: Collection[str]) -> bool:
        """Whether a header is one of this form: `columns` are its fields, `present` everything the headings name."""
        known = set(columns)
        return (
            self.needs <= known
            and all(choice & (known | set(present)) for choice in self.one_of)
            and not self.never & set(present)
            and (not self.two_of or len(self.two_of & known) >= 2)
        )


def _pattern(
    form: Form, fields: str, needs: str, *one_of: str, never: str = "name employee_no id_number", key: str = ""
) -> Pattern:
    return Pattern(
        form,
        frozenset(fields.split()),
        frozenset(needs.split()),
        tuple(frozenset(choice.split()) for choice in one_of),
        frozenset(never.split()),
        frozenset((key or needs.split(maxsplit=1)[0]).split()),
    )


_PERSON_KEY = frozenset({"name", "phone", "birth_date"}) | PERSON_KEYS
_IN_A_TEAM = frozenset({"team", "station", "duty", "joined_team_on"})
_GRADUATES = Pattern(
    Form.GRADUATES,
    # A trainee is on a shadow place: a team written beside a graduate is no membership.
    _REGISTER - _IN_A_TEAM,
    frozenset({"name"}),
    (PERSON_KEYS, frozenset({GRADUATES_NAMED})),
    frozenset({"duty", "joined_team_on", "!other_form"}),
    _PERSON_KEY,
)

# In this order: the first form that fits is taken, so the more exact one stands before the more general one.
PATTERNS: tuple[Pattern, ...] = (
    # Every row that we wrote carries its key: whatever else an office has added, it is a plan that comes back. Names
    # may be filled down: somebody's stages are often merged under one name.
    Pattern(Form.PLACEMENTS, _ROTATION, frozenset({"placement_key", "team"}), key=frozenset({"placement_key"})),
    Pattern(
        Form.PLACEMENTS,
        _ROTATION,
        frozenset({"name", "rotation_stage", "team"}),
        (frozenset({"period", "starts_on", "lodging"}),),
        frozenset({"!other_form"}),
        frozenset({"placement_key"}),
    ),
    Pattern(
        Form.REQUESTS,
        _REQUESTS,
        frozenset({"name", "request_kind"}),
        (frozenset({"wanted", "present", "verdict"}), frozenset({"period", "starts_on", "rotation_stage"})),
        # Somebody's name is often merged over several requests; days and stages never are.
        key=frozenset({"period", "starts_on", "rotation_stage"}),
    ),
    # A training list (班次, 结业) has days and hours, too, but neither result nor last day.
    Pattern(
        Form.SAFETY,
        _SAFETY,
        frozenset({"name", "taken_on"}),
        (frozenset({"safety_kind", SAFETY_NAMED}), frozenset({"score", "passed", "valid_until"})),
        # One person's name, number and day are often merged over several rows; points never are.
        key=frozenset({"score"}),
    ),
    _pattern(
        Form.OFFICES,
        "team unit office name employee_no valid_from",
        "team office name valid_from",
        never="",
        key="office name employee_no",
    ),
    Pattern(
        Form.ACTIVISTS,
        _REGISTER | _TRAINING | {"contact_joined_on"},
        frozenset({"name"}),
        (frozenset({"decided_on", "filed_on", "recommended_by", "contact"}),),
        frozenset({"!other_form"}),
        _PERSON_KEY,
        two_of=_TRAINING,
    ),
    _GRADUATES,
    Pattern(
        Form.MEMBERS, _REGISTER, frozenset({"name", "team"}), (PERSON_KEYS,), frozenset({"!other_form"}), _PERSON_KEY
    ),
    replace(
        _GRADUATES,
        one_of=(PERSON_KEYS, frozenset({"graduated_on", "origin"}), frozenset({"school", "major", "degree"})),
        never=_GRADUATES.never | {"crew", "skill_level", "work_started_on"},
    ),
    Pattern(
        Form.PEOPLE,
        _REGISTER,
        frozenset({"name"}),
        (PERSON_KEYS, _REGISTER - PERSON_KEYS - {"name", "note"}),
        frozenset({"!other_form"}),
        _PERSON_KEY,
    ),
    _pattern(Form.STATIONS, "station team address latitude longitude opened_on unit", "station team"),
    _pattern(
        Form.TEAMS,
        "team team_short unit crew body setting level supervision_phone founded_on latitude longitude address",
        "team",
        "team_short setting level supervision_phone founded_on",
    ),
    _pattern(Form.CREWS, "crew crew_kind unit", "crew unit", never="name employee_no id_number team station"),
    _pattern(
        Form.BODIES,
        "body body_kind parent unit",
        "body",
        "body_kind parent",
        never="name employee_no id_number team station crew",
    ),
    _pattern(
        Form.UNITS,
        "unit short_name kind parent",
        "unit",
        "short_name kind parent",
        never="name employee_no id_number team station crew body",
    ),
)


def pattern_of(form: Form) -> Pattern:
    """The pattern of a form."""
    return next(pattern for pattern in PATTERNS if pattern.form == form)
