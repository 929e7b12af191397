"""Which teams keep the composition rules."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from svclib.errors import NotFound, RuleBroken
from svclib.i18n import gettext as _
from svclib.models import Office, Person, PoliticalStatus, Team, label, table
from svclib.rules.composition import Rule, TeamHistory, broken_since, changed, figures_on, judge, members_on
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.frames import frame
from svclib.workspace.register.days import as_day, day_of
from svclib.workspace.register.standing import TeamOfDay, limits_of, read_teams

if TYPE_CHECKING:
    import pandas as pd

COMPOSITION_COLUMNS = {
    "unit": "text",
    "unit_id": "id",
    "team": "text",
    "team_id": "id",
    "rule": "text",
    "figure": "float",
    "limit": "float",
    "holds": "flag",
    "since": "day",
    "sentence": "text",
    "figure_text": "text",
    "limit_text": "text",
}
WHO_COLUMNS = {
    "id": "id",
    "employee_no": "text",
    "name": "text",
    "status": "text",
    "office": "text",
    "counts": "flag",
    "reason": "text",
}
_PERSON = table(Person)
_TEAM = table(Team)


class Composition(Area):
    """Which teams keep the composition rules."""

    @verb("register.composition", writes=False)
    def composition(
        self,
        tx: Transaction,
        on: date | str | None = None,
        *,
        unit: int | None = None,
        leaving: Collection[int] = (),
        joining: Collection[tuple[int, int]] = (),
        change_on: date | str | None = None,
    ) -> pd.DataFrame:
        """Judge every team on a day, as it is or as a coming change would leave it.

        One row per team and rule (`svclib.rules.composition.Rule`): figure, limit, holds, since, sentence. `leaving`
        (person ids) and `joining` ((person id, team id) pairs) take effect on `change_on` (default: the day itself);
        judged is the later one of the two days. Everybody in a team counts; teams outside the scope have no rows.
        `since` is the first day of the current unbroken run of being broken:
        at the earliest the first day that the register knows the team; empty where the rule holds, and for the
        party body and the supervision phone, of which no history is kept. Raises NotFound for an unknown person or
        team.
        """
        day, tells_status = day_of(tx, on), tx.policy.sees("status")
        turn = day if change_on is None else as_day(change_on, field="change_on")
        if on is None and change_on is not None:
            day = turn
        day = max(day, turn)
        _require(tx, leaving, joining, day)
        also = {person_id for person_id, _team in joining}
        limits = limits_of(tx.settings)

        def foreseen(history: TeamHistory) -> TeamHistory:
            return changed(history, turn, leaving=leaving, joining=joining) if leaving or joining else history

        whole = bool(leaving or joining) and turn != day
        teams = read_teams(tx, day, unit_id=unit, past=whole, also=also)
        judged = [(team, judge(figures_on(foreseen(team.history), day), limits)) for team in teams]
        troubled = [team.team_id for team, found in judged if not all(judgement.holds for judgement in found)]
        past = {team.team_id: team for team in read_teams(tx, day, team_ids=troubled, past=True, also=also)}
        rows = []
        for team, found in judged:
            broken = [judgement.rule for judgement in found if not judgement.holds]
            runs = broken_since(foreseen(past[team.team_id].history), broken, day, limits) if broken else {}
            for judgement in found:
                rows.append(
                    {
                        "unit": team.unit,
                        "unit_id": team.unit_id,
                        "team": team.team,
                        "team_id": team.team_id,
                        "rule": judgement.rule.value,
                        "figure": judgement.figure,
                        "limit": judgement.limit,
                        "holds": judgement.holds,
                        "since": runs.get(judgement.rule),
                        # This one names the captain's own status.
                        "sentence": judgement.sentence if tells_status or judgement.rule != Rule.CAPTAIN_MEMBER else "",
                        "figure_text": judgement.figure_text,
                        "limit_text": judgement.limit_text,
                    }
                )
        return frame(rows, COMPOSITION_COLUMNS)

    @verb("register.who", writes=False)
    def who(self, tx: Transaction, team_id: int, rule: str, on: date | str | None = None) -> pd.DataFrame:
        """List the people behind one figure of a team: `counts` says whether the person is counted, `reason` why.

        For the share and the size: everybody in the team, trainees included but never counted. For the captain and the
        first persons responsible: the holders of those offices, one row an office. For the party body and the phone:
        nobody. People outside the scope are left out, though the figure counts them. Raises NotFound for a team that is
        not there on the day, RuleBroken for an unknown rule, Forbidden where the list would tell what is not shown.
        """
        day = day_of(tx, on)
        try:
            asked = Rule(rule)
        except ValueError as error:
            raise RuleBroken(_("There is no rule {rule}.").format(rule=rule), field="rule") from error
        tx.require_sight(["name", "status"] if asked in _BY_STATUS else ["name"])
        teams = read_teams(tx, day, team_ids=[team_id], past=False)
        if not teams:
            raise NotFound(_("There is no such team on {day}.").format(day=day.isoformat()))
        rows = _holders(tx, teams[0], asked, day) if asked not in _BY_MEMBERS else _members(tx, teams[0], asked, day)
        return frame(rows, WHO_COLUMNS)


_BY_STATUS = (Rule.MEMBER_SHARE, Rule.CAPTAIN_MEMBER)
_BY_MEMBERS = (Rule.MEMBER_SHARE, Rule.SIZE)
_OFFICES_OF = {
    Rule.CAPTAIN: (Office.CAPTAIN,),
    Rule.CAPTAIN_MEMBER: (Office.CAPTAIN,),
    Rule.FIRST_RESPONSIBLE: (Office.PARTY_HEAD, Office.ADMIN_HEAD),
}


def _require(tx: Transaction, leaving: Collection[int], joining: Collection[tuple[int, int]], day: date) -> None:
    people = {*leaving, *(person_id for person_id, _team in joining)}
    if people:
        # What a share would be without somebody tells what he is.
        tx.require_sight(("name", "status"))
    in_scope = (_PERSON.c.id.in_(people), *tx.scope.people(_PERSON.c.id, day))
    known = set(tx.connection.execute(select(_PERSON.c.id).where(*in_scope)).scalars())
    if people - known:
        raise NotFound(_("There is no person number {ids}.").format(ids=", ".join(map(str, sorted(people - known)))))
    teams = {team_id for _person, team_id in joining}
    in_scope = (_TEAM.c.id.in_(teams), *tx.scope.teams())
    known = set(tx.connection.execute(select(_TEAM.c.id).where(*in_scope)).scalars())
    if teams - known:
        raise NotFound(_("There is no team number {ids}.").format(ids=", ".join(map(str, sorted(teams - known)))))


def _members(tx: Transaction, team: TeamOfDay, rule: Rule, day: date) -> list[dict[str, object]]:
    limits, history, tells = limits_of(tx.settings), team.history, tx.policy.sees("status")
    counted = members_on(history, day)
    offices = {span.person_id: span.code for span in history.offices if span.code == Office.CAPTAIN}
    rows: list[dict[str, object]] = []
    for person in _people(tx, {span.person_id for span in history.stays}, day):
        status = history.status_of(person["id"], day)
        counts = person["id"] in counted
        reason = _("In the team") if counts else _("Trainee: on a shadow place, never counted")
        if counts and rule == Rule.MEMBER_SHARE:
            counts = limits.is_party_member(status)
            reason = _status_word(status)
        rows.append(
            person
            | {
                "status": status if tells else None,
                "office": offices.get(person["id"]),
                "counts": counts,
                "reason": reason,
            }
        )
    return rows


def _holders(tx: Transaction, team: TeamOfDay, rule: Rule, day: date) -> list[dict[str, object]]:
    limits, history, tells = limits_of(tx.settings), team.history, tx.policy.sees("status")
    # One person may hold both offices: a row for each.
    spans = [span for span in history.offices if span.code in _OFFICES_OF.get(rule, ())]
    people = {person["id"]: person for person in _people(tx, {span.person_id for span in spans}, day)}
    rows: list[dict[str, object]] = []
    for span in sorted(spans, key=lambda span: list(Office).index(Office(span.code))):
        if span.person_id not in people:
            continue
        status = history.status_of(span.person_id, day)
        counts, reason = True, label(Office(span.code))
        if rule == Rule.CAPTAIN_MEMBER:
            counts, reason = limits.is_party_member(status), _status_word(status)
        found = {"status": status if tells else None, "office": span.code, "counts": counts, "reason": reason}
        rows.append(people[span.person_id] | found)
    return rows


def _status_word(status: str | None) -> str:
    return label(PoliticalStatus(status)) if status else _("Political status not recorded")


def _people(tx: Transaction, ids: Collection[int], day: date) -> list[dict[str, Any]]:
    columns = select(_PERSON.c.id, _PERSON.c.employee_no, _PERSON.c.name)
    in_scope = tx.scope.people(_PERSON.c.id, day)
    return tx.rows(columns.where(_PERSON.c.id.in_(ids), *in_scope).order_by(_PERSON.c.pinyin, _PERSON.c.id))
