"""The frame of the rotation's page: its state in traits, and what all its parts share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from traitlets import Dict

from svclib.errors import Forbidden, StaleRecord
from svclib.i18n import gettext as _
from svclib.i18n import ngettext
from svclib.pages.base import aside, event
from svclib.pages.parts import charts
from svclib.pages.parts.listed import ListedPage
from svclib.pages.parts.open_form import FormPage
from svclib.pages.parts.texts import moment, number, text
from svclib.pages.rotation.board import Board
from svclib.pages.rotation.cell import Cell
from svclib.pages.rotation.chosen import Chosen, Plan, Row
from svclib.pages.rotation.exchange import Exchange
from svclib.pages.rotation.inputs import PlanInput, UnitInput, View, ViewInput
from svclib.pages.rotation.pictures import Pictures
from svclib.pages.rotation.planning import Planning
from svclib.pages.rotation.publishing import Publishing
from svclib.pages.rotation.requests import Requests
from svclib.pages.rotation.scans import Scans
from svclib.pages.rotation.side_form import SideForm
from svclib.pages.rotation.stage_forms import movable
from svclib.pages.rotation.teams import Teams
from svclib.pages.rotation.words import WORDS
from svclib.workspace.rotation import figures_blocker

_HERE = Path(__file__).parent
_VIEWS = (
    "board",
    "slot",
    "loads",
    "drawn",
    "pictures",
    "cell",
    "given",
    "planning",
    "release",
    "files",
    "scans",
    "requests",
)


class Frame(ListedPage, FormPage):
    """A rotation year: who is where when, what is broken, the search for a plan, what is published.

    What the role of whoever acts cannot do is not shown.
    """

    template_file = (__file__, "rotation.vue")
    STANDING = "rotation/open"
    WORDS = WORDS
    VIEWS: ClassVar[Mapping[str, Path]] = {
        "ui-chart": charts.VIEW,
        **{f"ui-{name}": _HERE / f"{name}.vue" for name in _VIEWS},
    }

    loads = Dict().tag(sync=True)
    drawing = Dict().tag(sync=True)
    drawn: Any = Dict(allow_none=True, default_value=None).tag(sync=True)
    """The board as a picture, beside it: it is large, and stays as it is while another part of the page changes."""
    panel: Any = Dict(allow_none=True, default_value=None).tag(sync=True)
    planning = Dict().tag(sync=True)
    publication = Dict().tag(sync=True)
    exchange = Dict().tag(sync=True)
    signed: Any = Dict(allow_none=True, default_value=None).tag(sync=True)
    requests = Dict().tag(sync=True)

    def start(self) -> None:
        """The newest plan, everybody, in the language that this person chose last."""
        self.speak_as_chosen()
        self.view: View = "people"
        self.chosen = Chosen(self.ws)
        self.board = Board(self.chosen)
        self.teams = Teams(self.chosen)
        self.pictures = Pictures(self.chosen, self.board, self.teams)
        self.side = Cell(self.chosen)
        self.search = Planning(self.chosen)
        self.search.tell = self.show_search
        self.files = Exchange(self.chosen)
        self.files.tell = self.show_packing
        self.begin_plan()
        if self._views():
            self.restore_form()
        self.show()

    def begin_plan(self) -> None:
        """Begin to look at a plan: nothing that was chosen, opened or brought back for another one is kept."""
        self.board.clear()
        self.teams.turn(0)
        self.pictures.choose_any_stage()
        self.side.close()
        self.files.drop()
        self.release = Publishing(self.chosen)
        self.scans = Scans(self.chosen)
        self.asked = Requests(self.chosen)

    @property
    def listed(self) -> Board:
        return self.board

    def show(self, said: str = "") -> None:
        """Show what is chosen now: only what the present view needs is read."""
        said = self.told(said)
        if not self._views():
            self.frame = self.closed_frame(
                _("Your role does not work with the rotation"),
                _("What your role is for stands in its own pages. If this is wrong, ask the administrator."),
            )
            return
        plan = self.chosen.read()
        self.show_form()
        if self.open_form is not None and not isinstance(self.open_form, SideForm):
            self.panel = None
            self.frame = self.framed("form", said or self.open_form.form.title, **self._bar(plan))
            return
        if plan is None:
            self.frame = self.framed("none", said or _("There is no rotation plan yet"), **self._bar(None))
            return
        self.cards = self._cards(plan)
        if self.view == "people":
            self.listing = self.board.view()
            self.drawn = self.pictures.timeline() if self.pictures.drawn else None
            said = said or self.listing["sentence"]
        elif self.view == "teams":
            self.loads = self.teams.view(self.board.search)
            self.drawn = self.pictures.matrix() if self.pictures.drawn else None
            said = said or self.loads["title"]
        elif self.view == "pictures":
            self.drawing = self.pictures.view()
        elif self.view == "planning":
            self.planning = self.search.view()
        elif self.view == "requests":
            self.requests = self.asked.view()
            said = said or self.requests["title"]
        else:
            self.publication, self.exchange = self.release.view(), self.files.view()
            self.signed = self.scans.view()
        self.panel = self.side.view()
        self.frame = self.framed(self.view, said, **self._bar(plan))

    def require(self, verb: str) -> None:
        """Raise Forbidden where the role of whoever acts has not this verb."""
        if not self.ws.may(verb):
            raise Forbidden(_("Your role may not do this."))

    def show_form(self) -> None:
        """Show the open form anew; one at the side closes when something else is shown there."""
        if isinstance(self.open_form, SideForm) and self.open_form.about != self.side.about:
            self.leave_form()
        super().show_form()

    @aside
    def show_search(self) -> None:
        """Show how far a search is while the page is otherwise at rest; elsewhere say that it has ended."""
        ended = self.search.running is not None and self.search.running.ended
        if self.view == "planning":
            if ended:
                # First of all: what fails from here on must not leave it there as if it still went on.
                self.planning = self.planning | {"step": "choose", "live": None}
            self.planning = self.search.view()
        elif ended:
            self.tell(_("The search for a plan has ended."), tone="plain", icon="mdi-auto-fix")
            assert self.notice is not None
            self.notice |= {"act": "show_proposal", "act_label": _("Show what it has found")}
            self.frame = self.frame | {"notice": self.notice, "said": self.notice["text"]}

    @aside
    def show_packing(self) -> None:
        """Show how far the notices are; hand them out when they are there."""
        try:
            made = self.files.packed()
            if made is not None:
                self.download(*made)
        finally:
            if self.view == "versions":
                if self.files.archive is None:
                    # First of all: what fails from here on must not leave it there as if it still went on.
                    self.exchange = self.exchange | {"busy": None}
                self.exchange = self.files.view()

    def stale(self, error: StaleRecord) -> None:
        """Show the plan as somebody else has left it."""
        self.chosen.forget()
        self.show()

    def _views(self) -> dict[str, tuple[str, str]]:
        """The views that the role has something in."""
        publishes = self.ws.may("rotation.publish")
        views = {
            "people": (_("Trainees"), "mdi-account-clock-outline", "rotation.placements"),
            "teams": (_("Teams"), "mdi-view-grid-outline", "rotation.diff"),
            "pictures": (_("Charts"), "mdi-chart-box-outline", "rotation.violations"),
            "planning": (_("Plan it"), "mdi-auto-fix", "rotation.propose"),
            "requests": (_("Requests"), "mdi-email-outline", "rotation.requests"),
            "versions": (_("Publish") if publishes else _("Versions"), "mdi-bullhorn-outline", "rotation.diff"),
        }
        at_all = self.ws.may("rotation.plans")
        return {name: (word, icon) for name, (word, icon, verb) in views.items() if at_all and self.ws.may(verb)}

    def _bar(self, plan: Plan | None) -> dict[str, Any]:
        """What stands in the bar and above the board."""
        return {
            "views": [{"id": name, "label": word, "icon": icon} for name, (word, icon) in self._views().items()],
            "navigation": _("Views of the rotation"),
            "search": self.board.search,
            "plan": plan.id if plan else None,
            "plans": [{"id": int(one["id"]), "label": _plan_name(one)} for one in self.chosen.listed],
            "unit": self.chosen.unit_id,
            "units": self._units(plan),
            "status": self._status(plan) if plan else None,
            "makes": self.ws.may("rotation.create_plan"),
            "undo": self._undo(plan) if plan else "",
        }

    def _units(self, plan: Plan | None) -> list[dict[str, Any]]:
        if plan is None or len(plan.units) < 2:
            return []
        listed = [{"id": unit_id, "label": name} for unit_id, name in plan.units.items()]
        return [{"id": None, "label": _("All units")}, *listed]

    def _undo(self, plan: Plan) -> str:
        moves = sum(plan_id == plan.id for plan_id, *_rest in self.side.moves)
        return ngettext("Take back the move", "Take back the last of {n} moves", moves).format(n=moves) if moves else ""

    def _status(self, plan: Plan) -> dict[str, Any]:
        """How the plan stands: what is published, what is drafted, and what to do next."""
        row, drafts = plan.row, int(plan.row["drafts"])
        published = ""
        if int(row["published_version"]):
            published = _("Version {number}, published {at} by {who}.").format(
                number=row["published_version"],
                at=moment(row["published_at"].to_pydatetime(), self.ws.settings.timezone),
                who=row["published_by"],
            )
        if not self.ws.may("rotation.propose"):
            return {"tone": "good", "icon": "mdi-check-circle-outline", "acts": []} | {
                "text": published or _("Nothing of this plan is published yet."),
                "more": "",
            }
        if not published and not drafts:
            return {
                "tone": "attention",
                "icon": "mdi-calendar-alert-outline",
                "text": _("Nobody is placed yet."),
                "more": _("Let a plan be proposed, then change it by hand where you know better."),
                "acts": [
                    {"act": "choose_view", "data": {"view": "planning"}, "label": _("Plan it"), "main": True},
                    *self._plan_acts(plan),
                ],
            }
        drafted = ngettext("{n} placement is drafted.", "{n} placements are drafted.", drafts).format(n=number(drafts))
        return {
            "tone": "change" if drafts else "good",
            "icon": "mdi-pencil-outline" if drafts else "mdi-check-circle-outline",
            "text": published or _("Not published yet."),
            "more": drafted if drafts else _("Nothing has been changed since."),
            "acts": self._plan_acts(plan),
        }

    def _plan_acts(self, plan: Plan) -> list[dict[str, Any]]:
        """What can be done with the plan as such."""
        acts = []
        if self.ws.may("rotation.edit_plan") and not figures_blocker(plan.row):
            acts.append({"act": "edit_figures", "data": {}, "label": _("Figures of the plan"), "main": False})
        if self.ws.may("rotation.edit_stage") and movable(plan):
            acts.append({"act": "edit_stages", "data": {}, "label": _("Days of the stages"), "main": False})
        if self.ws.may("rotation.create_plan"):
            acts.append({"act": "new_plan", "data": {}, "label": _("New plan"), "main": False})
        return acts

    def _cards(self, plan: Plan) -> list[dict[str, Any]]:
        """The figures above the board, each a filter of what is below."""
        teams = len({int(one["team_id"]) for one in plan.loads})
        only, people = self.board.only, self.view == "people"
        figures: list[tuple[str, str, str, int, str, bool]] = [
            ("trainees", "mdi-school-outline", _("Trainees"), len(plan.people), "plain", people and only is None),
            ("teams", "mdi-account-group-outline", _("Teams"), teams, "plain", self.view == "teams"),
        ]
        if plan.judges:
            open_, hard, weighed = len(plan.open), len(plan.hard) - len(plan.open), len(plan.weighted)
            figures += [
                ("open", "mdi-account-question-outline", _("Places to fill"), open_, "trouble", only == "open"),
                ("hard", "mdi-alert-circle-outline", _("Rules broken"), hard, "trouble", only == "hard"),
                ("weighted", "mdi-scale-balance", _("Weighed rules missed"), weighed, "plain", only == "weighted"),
            ]
        filled = _("{n} filled").format(n=number(len(plan.placements)))
        return [
            {
                "id": card,
                "icon": icon,
                "label": label,
                "figure": number(figure),
                "unit": "",
                "hint": filled if card == "open" else "",
                "tone": tone if figure else "plain",
                "pressed": pressed and (people or card == "teams"),
            }
            for card, icon, label, figure, tone, pressed in figures
        ]

    @event(ViewInput)
    def vue_choose_view(self, data: ViewInput) -> None:
        if data.view not in self._views():
            raise Forbidden(_("Your role may not do this."))
        self.view = data.view
        self.leave_form()
        self.side.close()
        self.show()

    @event(PlanInput)
    def vue_choose_plan(self, data: PlanInput) -> None:
        self.chosen.choose(data.plan)
        self.leave_form()
        self.begin_plan()
        self.show()

    @event(UnitInput)
    def vue_choose_unit(self, data: UnitInput) -> None:
        """Look at one unit's trainees and teams, or at all."""
        self.chosen.narrow(data.unit)
        self.board.turn(0)
        self.teams.turn(0)
        self.show()

    @event()
    def vue_close_notice(self) -> None:
        self.notice = None
        self.show()


def _plan_name(plan: Row) -> str:
    """The plan, and whose trainees it is for where not all take part."""
    return " · ".join(filter(None, (_("Plan {name}").format(name=plan["name"]), text(plan["unit"]))))
