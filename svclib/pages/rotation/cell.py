"""The panel at the side: one person in one stage, why here, why not elsewhere; or one team in one stage."""

from __future__ import annotations

from typing import Any

from svclib.errors import RuleBroken
from svclib.i18n import gettext as _
from svclib.pages.parts.texts import number, present, text
from svclib.pages.rotation.board import place_words, stage_days, stage_name
from svclib.pages.rotation.chosen import Chosen, Key, Plan, Row
from svclib.pages.rotation.given import Given
from svclib.pages.rotation.given_words import placement_words
from svclib.pages.rotation.teams import bounds_words
from svclib.tabular.pdf import pdf_blocker
from svclib.workspace.rotation import Place

NOWHERE = Place(0)
"""In place of a place: without one."""


class Cell:
    """What the panel is about, and the moves made on this page, to be taken back one by one."""

    def __init__(self, chosen: Chosen) -> None:
        self.chosen = chosen
        self.given = Given(chosen)
        self.person: Key | None = None
        self.team: Key | None = None
        self.moves: list[tuple[int, Key, Place, Row]] = []
        """Plan, person and stage; the place before, and what of it is left behind with the team."""

    def open_person(self, person_id: int, stage: int) -> None:
        """Show somebody in a stage. Raises NotFound."""
        self.chosen.plan.person(person_id)
        self.chosen.plan.stage(stage)
        self.person, self.team = (person_id, stage), None
        self.given.hide()

    def open_team(self, team_id: int, stage: int) -> None:
        """Show a team in a stage. Raises NotFound."""
        self.chosen.plan.stage(stage)
        self.person, self.team = None, (team_id, stage)
        self.given.hide()

    def close(self) -> None:
        self.person = self.team = None
        self.given.hide()

    @property
    def about(self) -> tuple[Key | None, Key | None]:
        """Whom and what the panel is about."""
        return self.person, self.team

    # What a person can do with it ------------------------------------------------------------------------------

    @property
    def key(self) -> Key:
        """Who is shown, in which stage. Raises RuleBroken where nobody is."""
        if self.person is None:
            raise RuleBroken(_("Choose somebody in a stage first."))
        return self.person

    def move(self, place: Place) -> tuple[str, ...]:
        """Put who is shown elsewhere; which rules that has broken anew, in sentences."""
        plan, key = self.chosen.plan, self.key
        placed = plan.placements.get(key)
        before = Place.of(_columns(placed)) if placed is not None else None
        told = self._write(key, place, {})
        self.moves.append((plan.id, key, before or NOWHERE, _of_team(placed)))
        return told

    def undo(self) -> tuple[str, ...]:
        """Take the last move back and show whom it was about."""
        while self.moves and self.moves[-1][0] != self.chosen.plan.id:
            self.moves.pop()
        if not self.moves:
            raise RuleBroken(_("There is no move to take back."))
        _plan, key, place, details = self.moves[-1]
        told = self._write(key, place, details)
        self.moves.pop()
        self.open_person(*key)
        return told

    def pin(self, *, fixed: bool) -> None:
        """Fix who is shown where the person stands, or free the placement."""
        plan, key = self.chosen.plan, self.key
        placed = plan.placements.get(key)
        if fixed and placed is None:
            raise RuleBroken(_("Only who has a place can be fixed there."))
        columns = _columns(placed) if fixed and placed is not None else {"team_id": None}
        self.chosen.ws.rotation.pin(plan.id, *key, columns.pop("team_id"), **columns)

    def leave_out(self) -> str:
        """Let who is shown take no part in the plan any more; their name."""
        plan, (person_id, _stage) = self.chosen.plan, self.key
        name = str(plan.person(person_id)["name"])
        self.chosen.ws.rotation.remove_trainee(plan.id, person_id)
        self.moves = [one for one in self.moves if (one[0], one[1][0]) != (plan.id, person_id)]
        self.close()
        return name

    def _write(self, key: Key, place: Place, details: Row) -> tuple[str, ...]:
        plan = self.chosen.plan
        columns = place.columns() if place != NOWHERE else {"team_id": None}
        team_id = columns.pop("team_id")
        moved = self.chosen.ws.rotation.move(plan.id, *key, team_id, version=plan.version, details=details, **columns)
        self.chosen.moved(moved)
        return moved.new

    # What it shows ---------------------------------------------------------------------------------------------

    def view(self) -> dict[str, Any] | None:
        """Everything that the screen shows at the side; None while nothing is chosen."""
        plan = self.chosen.plan
        if self.person is not None and self.person[0] in plan.people:
            return self._person(plan, *self.person)
        return self._team(plan, *self.team) if self.team is not None else None

    def _person(self, plan: Plan, person_id: int, stage: int) -> dict[str, Any]:
        ws, who, term = self.chosen.ws, plan.people[person_id], plan.stage(stage)
        placed = plan.placements.get((person_id, stage))
        broken = [
            one for one in plan.by_person.get(person_id, ()) if not present(one["stage"]) or one["stage"] == stage
        ]
        moves = ws.may("rotation.move") and not _is_over(plan, term)
        return {
            "kind": "person",
            "id": f"{person_id}-{stage}",
            "title": str(who["name"]),
            "subtitle": " · ".join(filter(None, (text(who["unit"]), stage_name(term), stage_days(term)))),
            "place": place_words(placed) or _("without a placement"),
            "placed": placed is not None,
            "badges": _badges(plan, placed, pinned=(person_id, stage) in plan.pins),
            "facts": [] if moves else _facts(placed),
            "given": (self.given.of_placement(placed) if moves else []) + self.given.of_person(plan, person_id),
            "broken": [_broken(one) for one in broken],
            "year": [
                {
                    "stage": int(one["number"]),
                    "label": stage_name(one),
                    "place": place_words(plan.placements.get((person_id, int(one["number"])))) or "–",
                    "now": int(one["number"]) == stage,
                }
                for one in plan.stages
            ],
            "letters": placed is not None and placed["state"] == "published" and ws.may("rotation.letter"),
            "prints": pdf_blocker() is None,
            "moves": moves,
            "pins": moves and ws.may("rotation.pin") and placed is not None,
            "pinned": (person_id, stage) in plan.pins,
            "leaves": ws.may("rotation.remove_trainee") and all(key[0] != person_id for key in plan.placements),
            "choices": self._choices(plan, (person_id, stage), placed) if moves and ws.may("rotation.why") else [],
        }

    def _choices(self, plan: Plan, key: Key, placed: Row | None) -> list[dict[str, Any]]:
        """Every place where somebody may stand: where the person stands first, then the best."""
        here = None if placed is None else Place.of(_columns(placed))
        loads = {int(row["team_id"]): row for row in plan.loads if row["stage"] == key[1]}
        found = []
        for row in plan.choices(key):
            place = Place.of(_columns(row))
            assert place is not None
            about = [_("{km} km from home").format(km=f"{row['km']:.1f}")] if present(row["km"]) else []
            if place.team_id in plan.wishes.get(key[0], ()):
                about.append(_("wish {rank}").format(rank=plan.wishes[key[0]].index(place.team_id) + 1))
            load = loads.get(place.team_id)
            if load is not None:
                others = int(load["trainees"]) - (here is not None and here.team_id == place.team_id)
                told = _("{load} of {upper} places taken by others")
                about.append(told.format(load=others, upper=int(load["upper"])))
            found.append(_choice(row, place, here=place == here, about=" · ".join(about)))
        return sorted(found, key=lambda one: not one["here"])

    def _team(self, plan: Plan, team_id: int, stage: int) -> dict[str, Any] | None:
        row = next((one for one in plan.loads if (int(one["team_id"]), int(one["stage"])) == (team_id, stage)), None)
        if row is None:
            return None
        there = [
            (person_id, one)
            for (person_id, number_), one in plan.placements.items()
            if number_ == stage and int(one["team_id"]) == team_id
        ]
        term = plan.stage(stage)
        facts = [{"label": _("Trainees"), "value": " ".join((number(int(row["trainees"])), bounds_words(row)))}]
        if present(row.get("mentees_max")):
            facts.append({"label": _("Mentors can take"), "value": number(int(row["mentees_max"]))})
        return {
            "kind": "team",
            "id": f"t{team_id}-{stage}",
            "title": str(row["team"]),
            "subtitle": f"{stage_name(term)} · {stage_days(term)}",
            "facts": facts,
            "given": self.given.of_team(plan, team_id),
            "broken": [_broken(one) for one in plan.by_team.get((team_id, stage), ())],
            "people": [
                {
                    "person": person_id,
                    "stage": stage,
                    "name": str(one["name"]),
                    "line": " · ".join(filter(None, (text(one["unit"]), text(one["station"]) or text(one["crew"])))),
                    "mentor": text(one["mentor"]),
                    "opens": person_id in plan.people,
                }
                for person_id, one in there
            ],
        }


def _columns(placed: Row) -> dict[str, Any]:
    """A placement's place as the verbs take it."""
    names = ("team_id", "station_id", "crew_id")
    return {name: int(placed[name]) if present(placed[name]) else None for name in names}


def _of_team(placed: Row | None) -> Row:
    """Mentor and lodging of a placement, as the verbs take them."""
    if placed is None:
        return {}
    return {
        "mentor_id": int(placed["mentor_id"]) if present(placed["mentor_id"]) else None,
        "lodging": text(placed["lodging"]) or None,
    }


def _is_over(plan: Plan, term: Row) -> bool:
    return bool(plan.row["published_version"]) and term["ends_on"].date() <= plan.ws.today


def _badges(plan: Plan, placed: Row | None, *, pinned: bool) -> list[dict[str, str]]:
    found = []
    if placed is not None and placed["state"] == "draft":
        found.append({"tone": "change", "icon": "mdi-pencil-outline", "word": _("draft, not published")})
    elif placed is not None:
        found.append({"tone": "good", "icon": "mdi-check-circle-outline", "word": _("published")})
    if pinned:
        found.append({"tone": "primary", "icon": "mdi-pin-outline", "word": _("fixed")})
    return found


def _facts(placed: Row | None) -> list[dict[str, str]]:
    if placed is None:
        return []
    return [{"label": label, "value": value} for label, value in placement_words(placed)]


def _broken(one: Row) -> dict[str, str]:
    hard = bool(one["hard"])
    waits = not hard and not present(one["cost"])
    icon = "mdi-shield-alert-outline" if waits else "mdi-alert-circle-outline" if hard else "mdi-scale-balance"
    kind = _("must hold") if hard else _("safety gate") if waits else _("weighed")
    return {"tone": "trouble" if hard else "attention", "icon": icon, "kind": kind, "text": str(one["sentence"])}


def _choice(row: Row, place: Place, *, here: bool, about: str) -> dict[str, Any]:
    return {
        "team": place.team_id,
        "station": place.station_id,
        "crew": place.crew_id,
        "name": place_words(row),
        "here": here,
        "about": about,
        "cost": "" if here else _cost(float(row["cost"])),
        "hard": not row["allowed"],
        "breaks": text(row["breaks"]).splitlines(),
        "mends": text(row["mends"]).splitlines(),
    }


def _cost(cost: float) -> str:
    if abs(cost) < 0.05:
        return _("costs the same")
    return (_("costs {n} more") if cost > 0 else _("costs {n} less")).format(n=f"{abs(cost):,.1f}")
