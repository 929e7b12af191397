"""The composition rules of a service team: data in, judgements out.

Source: Sichuan Daily, 11 September 2013: over 60 % party members in every team, a captain who is a party member, the
unit's party and administrative heads as first persons responsible, a party branch or group of its own, a published
supervision phone. Size: 28 teams in 2013, 337 with over 5,400 members in 2021. The figures are settings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from svclib.codes import Office, PoliticalStatus, label
from svclib.i18n import gettext as _
from svclib.i18n import ngettext
from svclib.i18n import noop as N_


class Rule(StrEnum):
    """What is judged of a team, in the order in which it is shown."""

    MEMBER_SHARE = "member_share"
    CAPTAIN = "captain"
    CAPTAIN_MEMBER = "captain_member"
    PARTY_BODY = "party_body"
    SUPERVISION_PHONE = "supervision_phone"
    FIRST_RESPONSIBLE = "first_responsible"
    SIZE = "size"


RULE_LABELS: dict[Rule, str] = {
    Rule.MEMBER_SHARE: N_("Share of party members"),
    Rule.CAPTAIN: N_("Captain appointed"),
    Rule.CAPTAIN_MEMBER: N_("Captain is a party member"),
    Rule.PARTY_BODY: N_("Own party branch or group"),
    Rule.SUPERVISION_PHONE: N_("Supervision phone published"),
    Rule.FIRST_RESPONSIBLE: N_("Both first persons responsible named"),
    Rule.SIZE: N_("Number of members"),
}
UNDATED = frozenset({Rule.PARTY_BODY, Rule.SUPERVISION_PHONE})
"""Rules on facts of which only the present state is kept: since when they are broken is not recorded."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The figures of the rules: a share 0..1, sizes in people; whether probationary members count as party members."""

    member_share_min: float
    count_probationary: bool
    size_min: int
    size_max: int

    def is_party_member(self, status: str | None) -> bool:
        if status == PoliticalStatus.PROBATIONARY:
            return self.count_probationary
        return status == PoliticalStatus.MEMBER


@dataclass(frozen=True, slots=True)
class Span:
    """A stay, status or office of one person, from a day on, to a day (exclusive) or until further notice."""

    person_id: int
    starts_on: date
    ends_on: date | None = None
    code: str = ""

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or self.ends_on > day)


@dataclass(frozen=True, slots=True)
class TeamHistory:
    """One team and what its judgement needs. `trainings`: when persons were trainees, who are never counted."""

    team_id: int
    founded_on: date
    has_party_body: bool
    has_phone: bool
    stays: tuple[Span, ...] = ()
    statuses: tuple[Span, ...] = ()
    trainings: tuple[Span, ...] = ()
    offices: tuple[Span, ...] = ()

    def status_of(self, person_id: int, day: date) -> str | None:
        """The person's political status on the day, None where none is recorded."""
        return next((span.code for span in self.statuses if span.person_id == person_id and span.covers(day)), None)


@dataclass(frozen=True, slots=True)
class Figures:
    """A team on one day: members by political status (None: not recorded), captain and heads."""

    members: Mapping[str | None, int]
    captain: int | None
    captain_status: str | None
    heads: frozenset[str]
    has_party_body: bool
    has_phone: bool

    @property
    def size(self) -> int:
        return sum(self.members.values())


@dataclass(frozen=True, slots=True)
class Judgement:
    """One rule on one team: the figure (None where there is nothing to judge by), its limit, and whether it holds.

    Yes-or-no rules have figure 1 or 0 against 1. `sentence` says what is wrong, in the user's language, else nothing.
    """

    rule: Rule
    figure: float | None
    limit: float
    holds: bool
    figure_text: str
    limit_text: str
    sentence: str


def members_on(history: TeamHistory, day: date) -> set[int]:
    """Who counts in the team on the day: in it and not a trainee."""
    away = {span.person_id for span in history.trainings if span.covers(day)}
    return {span.person_id for span in history.stays if span.covers(day)} - away


def figures_on(history: TeamHistory, day: date) -> Figures:
    """The team's figures on the day."""
    statuses = {span.person_id: span.code for span in history.statuses if span.covers(day)}
    holders = {span.code: span.person_id for span in history.offices if span.covers(day)}
    captain = holders.get(Office.CAPTAIN)
    return Figures(
        members=Counter(statuses.get(person_id) for person_id in members_on(history, day)),
        captain=captain,
        captain_status=None if captain is None else statuses.get(captain),
        heads=frozenset(holders) & {Office.PARTY_HEAD, Office.ADMIN_HEAD},
        has_party_body=history.has_party_body,
        has_phone=history.has_phone,
    )


def judge(figures: Figures, limits: Limits) -> tuple[Judgement, ...]:
    """Judge every rule, in the order of `Rule`."""
    return (
        _member_share(figures, limits),
        _yes_or_no(Rule.CAPTAIN, figures.captain is not None, _("The team has no captain.")),
        _captain_member(figures, limits),
        _yes_or_no(Rule.PARTY_BODY, figures.has_party_body, _("The team has no party branch or group of its own.")),
        _yes_or_no(Rule.SUPERVISION_PHONE, figures.has_phone, _("No supervision phone is published.")),
        _first_responsible(figures),
        _size(figures, limits),
    )


def _member_share(figures: Figures, limits: Limits) -> Judgement:
    party = sum(count for status, count in figures.members.items() if limits.is_party_member(status))
    size, least = figures.size, limits.member_share_min
    limit_text = _("at least {share}").format(share=percent(least))
    if size == 0:
        sentence = _("Nobody is in the team, so there is no share of party members.")
        return Judgement(Rule.MEMBER_SHARE, None, least, False, "–", limit_text, sentence)
    share = party / size
    text = _("{party} of {size} ({share})").format(party=party, size=size, share=percent(share))
    sentence = ""
    if share < least:
        sentence = _("{party} of {size} members are party members ({share}); at least {least} are required.").format(
            party=party, size=size, share=percent(share), least=percent(least)
        )
    return Judgement(Rule.MEMBER_SHARE, share, least, share >= least, text, limit_text, sentence)


def _captain_member(figures: Figures, limits: Limits) -> Judgement:
    if figures.captain is None:
        # That there is none is said once, by the rule of its own.
        return Judgement(Rule.CAPTAIN_MEMBER, None, 1.0, True, _("not applicable"), _("yes"), "")
    if figures.captain_status is None:
        sentence = _("The captain's political status is not recorded.")
    else:
        sentence = _("The captain is not a party member but: {status}.").format(
            status=label(PoliticalStatus(figures.captain_status))
        )
    return _yes_or_no(Rule.CAPTAIN_MEMBER, limits.is_party_member(figures.captain_status), sentence)


def _first_responsible(figures: Figures) -> Judgement:
    missing = [office for office in (Office.PARTY_HEAD, Office.ADMIN_HEAD) if office not in figures.heads]
    names = _(", ").join(label(office) for office in missing)
    sentence = _("Not named: {offices}.").format(offices=names)
    return _yes_or_no(Rule.FIRST_RESPONSIBLE, not missing, sentence)


def _size(figures: Figures, limits: Limits) -> Judgement:
    size = figures.size
    limit = limits.size_max if size > limits.size_max else limits.size_min
    span = f"{limits.size_min}–{limits.size_max}"
    sentence = ""
    if size < limits.size_min:
        sentence = ngettext(
            "The team has {size} member; at least {limit} are required.",
            "The team has {size} members; at least {limit} are required.",
            size,
        ).format(size=size, limit=limit)
    elif size > limits.size_max:
        sentence = _("The team has {size} members; at most {limit} are allowed.").format(size=size, limit=limit)
    return Judgement(Rule.SIZE, float(size), float(limit), not sentence, str(size), span, sentence)


def _yes_or_no(rule: Rule, holds: bool, sentence: str) -> Judgement:
    text = _("yes") if holds else _("no")
    return Judgement(rule, float(holds), 1.0, holds, text, _("yes"), "" if holds else sentence)


def percentage(share: float) -> float:
    """A share in per cent with one decimal, cut and not rounded: 59.97 % must not read as 60 %."""
    return int(share * 1000 + 1e-9) / 10


def percent(share: float) -> str:
    """The same as a text, the decimal only where there is one: 60 %, 53.3 %."""
    return f"{percentage(share):g} %"


def broken_since(history: TeamHistory, rules: Collection[Rule], day: date, limits: Limits) -> dict[Rule, date | None]:
    """For each rule the first day of the unbroken run of days, up to this one, on which it is broken; None if it holds.

    None, too, for rules of which no history is kept (`UNDATED`). The register knows a team from its first recorded
    stay or office on, but not before its founding: a rule broken from then on is broken since then.
    """
    since: dict[Rule, date | None] = dict.fromkeys(rules)
    running = set(rules) - UNDATED
    for turn in sorted((turn for turn in turning_days(history) if turn <= day), reverse=True):
        if not running:
            break
        running -= {found.rule for found in judge(figures_on(history, turn), limits) if found.holds}
        since.update(dict.fromkeys(running, turn))
    return since


def known_from(history: TeamHistory) -> date:
    """The first day that the register can judge the team on."""
    recorded = [span.starts_on for span in (*history.stays, *history.offices)]
    return max(history.founded_on, min(recorded, default=history.founded_on))


def turning_days(history: TeamHistory) -> set[date]:
    """Every day from `known_from` on, that day included, on which a judgement may differ from the day before."""
    first = known_from(history)
    spans: Iterable[Span] = (*history.stays, *history.statuses, *history.trainings, *history.offices)
    turns = {day for span in spans for day in (span.starts_on, span.ends_on) if day is not None and day > first}
    return turns | {first}


def changed(
    history: TeamHistory, day: date, *, leaving: Collection[int] = (), joining: Collection[tuple[int, int]] = ()
) -> TeamHistory:
    """The same team after a coming change: persons leave teams, (person, team) pairs join, all on this day.

    Who joins a team leaves the one before; who leaves a team is its captain no longer. First persons responsible are
    the unit's heads, not members, and stay.
    """
    arriving = {person_id for person_id, team_id in joining if team_id == history.team_id}
    going = (set(leaving) | {person_id for person_id, _team in joining}) - arriving
    here = {span.person_id for span in history.stays if span.covers(day)}
    captains = tuple(span for span in history.offices if span.code == Office.CAPTAIN)
    others = tuple(span for span in history.offices if span.code != Office.CAPTAIN)
    new = tuple(Span(person_id, day) for person_id in sorted(arriving - here))
    return replace(
        history,
        stays=_ended(history.stays, going, day) + new,
        offices=_ended(captains, going, day) + others,
    )


def _ended(spans: tuple[Span, ...], persons: set[int], day: date) -> tuple[Span, ...]:
    kept = (span for span in spans if span.person_id not in persons or span.starts_on < day)
    return tuple(
        replace(span, ends_on=day)
        if span.person_id in persons and (span.ends_on is None or span.ends_on > day)
        else span
        for span in kept
    )
