"""Which team, station or mentor a cell of a returned plan means."""

from __future__ import annotations

from svclib.i18n import gettext as _
from svclib.rules.imports import plain, station_key, team_core, team_key
from svclib.tabular.model import Flaw
from svclib.tabular.names import Names
from svclib.tabular.rotation.plan import Choice, Choices

_NAMED_MAX = 4


class Finder:
    """The choices of a plan by any of their spellings."""

    def __init__(self, choices: Choices) -> None:
        self._labels = choices.labels
        self._names = {"team": Names(team_key, team_core), "station": Names(station_key), "mentor": Names(plain)}
        self._choice: dict[str, dict[int, Choice]] = {}
        for field, kind in {"team": choices.teams, "station": choices.stations, "mentor": choices.mentors}.items():
            self._choice[field] = {one.id: one for one in kind}
            for one in kind:
                known = (self._labels[field][one.id], one.name, *one.also)
                self._names[field].add(one.id, known, None if field == "team" else one.team_id)

    def find(self, field: str, text: str, team_id: int | None = None) -> tuple[int | None, Flaw | None]:
        """The one choice that a text means (stations and mentors: of the row's team), or what is wrong."""
        names = self._names[field]
        found = names.find(text, team_id) if team_id is not None else ()
        everywhere = names.find(text)
        if field == "team":
            found = everywhere
        elif team_id is None and everywhere:
            return None, Flaw(
                _("“{text}” stands without a team.").format(text=text), _("Fill in the team, or clear this.")
            )
        elif not found:
            found = tuple(one for one in everywhere if self._choice[field][one].team_id is None)
        if len(found) == 1:
            return found[0], None
        if len(found) > 1:
            return None, self._several(field, text, found)
        if everywhere:
            return None, self._elsewhere(field, text, everywhere, team_id)
        near = names.nearest(text, team_id) or names.nearest(text)
        return None, Flaw(_("“{text}” is not known here.").format(text=text), near)

    def _several(self, field: str, text: str, found: tuple[int, ...]) -> Flaw:
        labels = dict.fromkeys(self._labels[field][one] for one in found[:_NAMED_MAX])
        reason = _("“{text}” may mean several: {names}.").format(text=text, names="、".join(labels))
        return Flaw(reason, _("Choose one from the list."))

    def _elsewhere(self, field: str, text: str, found: tuple[int, ...], team_id: int | None) -> Flaw:
        teams = (self._choice[field][one].team_id for one in found[:_NAMED_MAX])
        there = "、".join(dict.fromkeys(self._labels["team"].get(team or 0, "?") for team in teams))
        words = {"text": text, "other": there, "team": self._labels["team"].get(team_id or 0, "")}
        return Flaw(_("“{text}” belongs to {other}, not to {team}.").format(**words), _("Choose one from the list."))
