"""Rows of the lists that are about teams: the teams themselves, their stations, the rules they break."""

from __future__ import annotations

from typing import Any

import pandas as pd

from svclib.i18n import gettext as _
from svclib.i18n import ngettext
from svclib.pages.parts.texts import present, records, text
from svclib.pages.register.columns import Mark, mark
from svclib.pages.register.scope import Scope
from svclib.rules.composition import RULE_LABELS, Rule

GOOD, TROUBLE = "mdi-check-circle-outline", "mdi-alert-circle-outline"


def rule_word(rule: str) -> str:
    """What a composition rule is called."""
    label = RULE_LABELS[Rule(rule)]
    return _(label)


def broken_word(rule: str) -> str:
    """What is wrong when a rule is broken: the rule's own name would read as if it held."""
    return {
        Rule.MEMBER_SHARE: _("Too few party members"),
        Rule.CAPTAIN: _("No captain"),
        Rule.CAPTAIN_MEMBER: _("Captain no party member"),
        Rule.PARTY_BODY: _("No party branch or group"),
        Rule.SUPERVISION_PHONE: _("No supervision phone"),
        Rule.FIRST_RESPONSIBLE: _("First responsible missing"),
        Rule.SIZE: _("Size out of bounds"),
    }[Rule(rule)]


def since_words(since: Any) -> str:
    """Since when a rule is broken, as people say it; nothing where that is not recorded."""
    return _("since {day}").format(day=text(since)) if present(since) else ""


def standing_mark(broken: int) -> Mark:
    """A team's standing: keeps the rules, or how many it breaks."""
    if not broken:
        return mark(GOOD, _("Keeps the rules"), "good")
    return mark(TROUBLE, ngettext("{n} rule broken", "{n} rules broken", broken).format(n=broken), "trouble")


def team_rows(scope: Scope) -> list[dict[str, Any]]:
    """One row per team, with its captain, figures and standing."""
    judged = scope.composition
    broken = judged[~judged["holds"]].groupby("team_id").size().to_dict()
    share = judged[judged["rule"] == Rule.MEMBER_SHARE].set_index("team_id")["figure"].to_dict()
    return [
        {
            **row,
            "team_id": row["id"],
            "team": row["short_name"],
            "share": share.get(row["id"]),
            "marks": [standing_mark(broken.get(row["id"], 0))],
            "find": f"{row['short_name']} {row['official_name']} {row['unit']}",
        }
        for row in records(scope.teams)
    ]


def station_rows(scope: Scope) -> list[dict[str, Any]]:
    """One row per service station of the teams in scope."""
    teams = scope.teams.set_index("id")
    stations = scope.stations
    return [
        {
            **row,
            "id": f"s{row['id']}",
            "station": row["name"],
            "team": teams.loc[row["team_id"], "short_name"],
            "unit": teams.loc[row["team_id"], "unit"],
            "marks": [],
            "find": f"{row['name']} {teams.loc[row['team_id'], 'short_name']} {text(row['address'])}",
        }
        for row in records(stations[stations["team_id"].isin(teams.index)])
    ]


def broken_rows(scope: Scope) -> list[dict[str, Any]]:
    """One row per team and rule that it breaks."""
    judged: pd.DataFrame = scope.composition
    return [
        {
            **row,
            "id": f"r{row['team_id']}-{row['rule']}",
            "marks": [mark(TROUBLE, broken_word(row["rule"]), "trouble")],
            "rule": broken_word(row["rule"]),
            "code": row["rule"],
            "find": f"{row['team']} {row['unit']} {broken_word(row['rule'])}",
        }
        for row in records(judged[~judged["holds"]])
    ]
