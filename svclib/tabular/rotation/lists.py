"""The lists to choose from in a plan that goes out: on a hidden sheet, since cells' own lists hold 255 characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from svclib.tabular.model import LISTS_SHEET
from svclib.tabular.rotation.plan import Choice, Choices
from svclib.tabular.writing import CellWriter, writable

_TEAMS, _NOTHING = "svc_teams", "svc_nothing"
"""Names of lists: all teams; a blank cell, for a team that has nothing to choose from."""
_PAIRS_MAX = 20_000
"""How many lines the lists of all teams may have: what goes with any team stands in each of them."""


class Lists:
    """The hidden sheet. `rules` are the sources of the lists by field, for a cell whose team stands in `team_cell`."""

    def __init__(self, book: Any, choices: Choices, team_cell: str) -> None:
        self._book = book
        self._page = book.add_worksheet(LISTS_SHEET)
        self._page.hide()
        self._writer = CellWriter(book, self._page)
        self._columns = 0
        labels = choices.labels
        book.define_name(_NOTHING, f"='{LISTS_SHEET}'!$Z$1")
        self.rules: dict[str, str] = {}
        if choices.teams:
            self._add(_TEAMS, list(labels["team"].values()))
            self.rules["team"] = f"={_TEAMS}"
        for field, kind in (("station", choices.stations), ("mentor", choices.mentors)):
            if kind:
                self.rules[field] = self._rule(field, kind, labels, team_cell)

    def _add(self, name: str, texts: Sequence[str]) -> None:
        """One named list in the next column."""
        for number, text in enumerate(texts):
            self._writer.write(number, self._columns, text)
        letter = chr(ord("A") + self._columns)
        self._book.define_name(name, f"='{LISTS_SHEET}'!${letter}$1:${letter}${len(texts)}")
        self._columns += 1

    def _rule(self, field: str, kind: Sequence[Choice], labels: Mapping[str, Mapping[int, str]], team_cell: str) -> str:
        """What goes with the row's team; everything where the team is written in a spelling of the unit's own."""
        everything, teams, by_team = f"svc_{field}s", f"svc_{field}_teams", f"svc_{field}s_by_team"
        self._add(everything, list(dict.fromkeys(labels[field][one.id] for one in kind)))
        pairs = _pairs(kind, labels, field)
        if not pairs:
            return f"={everything}"
        self._add(teams, [team for team, _label in pairs])
        self._add(by_team, [label for _team, label in pairs])
        count = f"COUNTIF({teams},{team_cell})"
        otherwise = f"IF(COUNTIF({_TEAMS},{team_cell})=0,{everything},{_NOTHING})"
        return f"=IF({count}=0,{otherwise},OFFSET({by_team},MATCH({team_cell},{teams},0)-1,0,{count},1))"


def _pairs(kind: Sequence[Choice], labels: Mapping[str, Mapping[int, str]], field: str) -> list[tuple[str, str]]:
    """Team and choice, team by team: its own, then what goes with any team. Nothing when that would be too long."""
    free = [one for one in kind if one.team_id is None]
    own: dict[int | None, list[Choice]] = {}
    for one in kind:
        if one.team_id in labels["team"]:
            own.setdefault(one.team_id, []).append(one)
    if len(kind) + len(free) * len(labels["team"]) > _PAIRS_MAX:
        return []
    return [
        (writable(team), labels[field][one.id])
        for team_id, team in labels["team"].items()
        for one in (*own.get(team_id, ()), *free)
    ]
