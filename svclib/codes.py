"""Codes that stand in the database, and the word for each."""

from __future__ import annotations

from enum import StrEnum

from svclib.i18n import gettext
from svclib.i18n import noop as N_


class UnitKind(StrEnum):
    PROVINCE = "province"
    COMPANY = "company"
    COUNTY = "county"


class BodyKind(StrEnum):
    """基层党委 → 党总支 → 党支部 → 党小组."""

    COMMITTEE = "committee"
    GENERAL_BRANCH = "general_branch"
    BRANCH = "branch"
    GROUP = "group"


class CrewKind(StrEnum):
    CREW = "crew"
    SUPPLY_STATION = "supply_station"


class TeamSetting(StrEnum):
    """Where a team mostly works; the rotation wants each kind met."""

    URBAN = "urban"
    RURAL = "rural"
    EMERGENCY = "emergency"


class TeamLevel(StrEnum):
    GENERAL = "general"
    TEAM = "team"
    SUBTEAM = "subteam"


class Office(StrEnum):
    """Who answers for a team: its captain, and the unit's two heads as first persons responsible (第一责任人)."""

    CAPTAIN = "captain"
    PARTY_HEAD = "party_head"
    ADMIN_HEAD = "admin_head"


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class PoliticalStatus(StrEnum):
    """政治面貌, the thirteen values of GB/T 4762-1984, in the standard's order (01 to 13)."""

    MEMBER = "member"
    PROBATIONARY = "probationary"
    LEAGUE = "league"
    REVOLUTIONARY_COMMITTEE = "revolutionary_committee"
    DEMOCRATIC_LEAGUE = "democratic_league"
    NATIONAL_CONSTRUCTION = "national_construction"
    PROMOTING_DEMOCRACY = "promoting_democracy"
    PEASANTS_WORKERS = "peasants_workers"
    ZHI_GONG = "zhi_gong"
    JIUSAN = "jiusan"
    TAIWAN_LEAGUE = "taiwan_league"
    INDEPENDENT = "independent"
    MASSES = "masses"


class DevelopmentStage(StrEnum):
    """发展阶段: how far somebody is on the way into the party; another fact than the political status."""

    NONE = "none"
    APPLICANT = "applicant"
    ACTIVIST = "activist"
    TARGET = "target"
    PROBATIONARY = "probationary"
    FULL = "full"


class IntakeKind(StrEnum):
    GRADUATE = "graduate"
    ACTIVIST = "activist"


class Recommendation(StrEnum):
    """推荐方式: by members (党员推荐) or by the League (群团推优)."""

    MEMBERS = "members"
    LEAGUE = "league"


class SafetyKind(StrEnum):
    """What a placement needs: 三级安全教育, 安规考试."""

    EDUCATION = "education"
    EXAM = "exam"


class Role(StrEnum):
    """What somebody's account is for. One account has one role."""

    HR = "hr"
    SECRETARY = "secretary"
    ORGANISER = "organiser"
    CONTACT = "contact"
    CAPTAIN = "captain"
    MENTOR = "mentor"
    TRAINEE = "trainee"
    SAFETY = "safety"
    LEADER = "leader"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class RequestKind(StrEnum):
    """What a trainee's request (form 9) is for: 请假, 调整."""

    ABSENCE = "absence"
    CHANGE = "change"


class RequestState(StrEnum):
    """How far a request has come: 待审批, 已同意, 已退回, 已撤回."""

    PENDING = "pending"
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


_WORDS: tuple[tuple[StrEnum, str], ...] = (
    (UnitKind.PROVINCE, N_("Provincial company")),
    (UnitKind.COMPANY, N_("Power supply company")),
    (UnitKind.COUNTY, N_("County company")),
    (BodyKind.COMMITTEE, N_("Party committee")),
    (BodyKind.GENERAL_BRANCH, N_("General party branch")),
    (BodyKind.BRANCH, N_("Party branch")),
    (BodyKind.GROUP, N_("Party group")),
    (CrewKind.CREW, N_("Crew")),
    (CrewKind.SUPPLY_STATION, N_("Power supply station")),
    (TeamSetting.URBAN, N_("Urban")),
    (TeamSetting.RURAL, N_("Rural")),
    (TeamSetting.EMERGENCY, N_("Emergency-heavy")),
    (TeamLevel.GENERAL, N_("General team")),
    (TeamLevel.TEAM, N_("Service team")),
    (TeamLevel.SUBTEAM, N_("Sub-team")),
    (Office.CAPTAIN, N_("Captain")),
    (Office.PARTY_HEAD, N_("First person responsible (party)")),
    (Office.ADMIN_HEAD, N_("First person responsible (administration)")),
    (Sex.MALE, N_("Male")),
    (Sex.FEMALE, N_("Female")),
    (PoliticalStatus.MEMBER, N_("Party member")),
    (PoliticalStatus.PROBATIONARY, N_("Probationary party member")),
    (PoliticalStatus.LEAGUE, N_("Youth League member")),
    (PoliticalStatus.REVOLUTIONARY_COMMITTEE, N_("Member of the Revolutionary Committee")),
    (PoliticalStatus.DEMOCRATIC_LEAGUE, N_("Member of the Democratic League")),
    (PoliticalStatus.NATIONAL_CONSTRUCTION, N_("Member of the National Construction Association")),
    (PoliticalStatus.PROMOTING_DEMOCRACY, N_("Member of the Association for Promoting Democracy")),
    (PoliticalStatus.PEASANTS_WORKERS, N_("Member of the Peasants' and Workers' Party")),
    (PoliticalStatus.ZHI_GONG, N_("Member of the Zhi Gong Party")),
    (PoliticalStatus.JIUSAN, N_("Member of the Jiusan Society")),
    (PoliticalStatus.TAIWAN_LEAGUE, N_("Member of the Taiwan League")),
    (PoliticalStatus.INDEPENDENT, N_("Independent without party")),
    (PoliticalStatus.MASSES, N_("Without affiliation")),
    (DevelopmentStage.NONE, N_("No application")),
    (DevelopmentStage.APPLICANT, N_("Applicant")),
    (DevelopmentStage.ACTIVIST, N_("Activist")),
    (DevelopmentStage.TARGET, N_("Development target")),
    (DevelopmentStage.PROBATIONARY, N_("On probation in the party")),
    (DevelopmentStage.FULL, N_("Full member")),
    (IntakeKind.GRADUATE, N_("Graduate")),
    (IntakeKind.ACTIVIST, N_("Activist on attachment")),
    (Recommendation.MEMBERS, N_("Recommended by members")),
    (Recommendation.LEAGUE, N_("Recommended by the League")),
    (SafetyKind.EDUCATION, N_("Three-level safety education")),
    (SafetyKind.EXAM, N_("Safety examination")),
    (RequestKind.ABSENCE, N_("Leave")),
    (RequestKind.CHANGE, N_("Change of placement")),
    (RequestState.PENDING, N_("To be decided")),
    (RequestState.APPROVED, N_("Approved")),
    (RequestState.RETURNED, N_("Sent back")),
    (RequestState.WITHDRAWN, N_("Taken back")),
    (Role.HR, N_("HR coordinator")),
    (Role.SECRETARY, N_("Branch secretary")),
    (Role.ORGANISER, N_("Party organiser")),
    (Role.CONTACT, N_("Training contact")),
    (Role.CAPTAIN, N_("Team captain")),
    (Role.MENTOR, N_("Mentor")),
    (Role.TRAINEE, N_("Trainee")),
    (Role.SAFETY, N_("Safety officer")),
    (Role.LEADER, N_("Leader")),
    (Role.ANALYST, N_("Analyst")),
    (Role.AUDITOR, N_("Auditor")),
    (Role.ADMINISTRATOR, N_("Administrator")),
)
# By kind as well: to a dictionary, equal texts of two enumerations (two meanings of "league") are one key.
LABELS: dict[tuple[type[StrEnum], str], str] = {(type(code), code.value): word for code, word in _WORDS}


def label(code: StrEnum) -> str:
    """The word for a code in the language of this process."""
    return gettext(LABELS[type(code), code.value])
