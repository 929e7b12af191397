"""The app of the trail: who changed what when, and whether the record of it is whole."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field
from traitlets import Dict

from svclib.i18n import gettext as _
from svclib.pages.audit.listing import Card, TrailList, cards
from svclib.pages.audit.words import WORDS
from svclib.pages.base import event
from svclib.pages.parts.inputs import Input, Short
from svclib.pages.parts.listed import ListedPage
from svclib.pages.parts.texts import moment, number
from svclib.workspace.audit import ChainCheck
from svclib.workspace.audit.words import actor_word, origin_word


class CardInput(Input):
    card: Card


class FilterInput(Input):
    key: Short
    chosen: Short | Annotated[list[Short], Field(max_length=60)] | None


class RowInput(Input):
    id: Annotated[int, Field(ge=1)]


class DaysInput(Input):
    since: Short
    until: Short


class AuditPage(ListedPage):
    """The trail in the browser, for auditor and administrator."""

    template_file = (__file__, "audit.vue")
    WORDS = WORDS
    VIEWS: ClassVar[Mapping[str, Path]] = {"ui-entry": Path(__file__).with_name("entry.vue")}

    chain = Dict().tag(sync=True)
    entry: Any = Dict(allow_none=True, default_value=None).tag(sync=True)

    def start(self) -> None:
        """The whole trail, newest first, in the language that this person chose last."""
        self.speak_as_chosen()
        self.open = self.ws.may("audit.page")
        self.checked: ChainCheck | None = None
        self.number: int | None = None
        self.show()

    @cached_property
    def trail(self) -> TrailList:
        """What of the trail is listed. Raises Forbidden for a role that does not read it."""
        return TrailList(self.ws)

    @property
    def listed(self) -> TrailList:
        return self.trail

    def show(self, said: str = "") -> None:
        said = self.told(said)
        if not self.open:
            self.frame = self.closed_frame(
                _("Your role does not read the trail"),
                _("Auditors and administrators do. If this is wrong, ask the administrator."),
            )
            return
        self.trail.summary = self.ws.audit.summary()
        self.cards = cards(self.trail)
        self.chain = self._chain()
        self.listing = self.trail.view()
        self.entry = self._entry()
        self.frame = self.framed(
            "trail",
            said or self.listing["sentence"],
            search=self.trail.query.record,
            days=self.trail.range_words(),
            since=str(self.trail.query.since or ""),
            until=str(self.trail.query.until or ""),
            quick=self.trail.quick_days(),
        )

    def _chain(self) -> dict[str, Any]:
        """How the chain stands: this page's own check, else what the anchor file keeps of earlier ones."""
        zone = self.ws.settings.timezone
        summary = self.trail.summary
        if self.checked is not None:
            tone, icon = ("good", "mdi-shield-check-outline") if self.checked.whole else ("trouble", "mdi-shield-alert")
            text = self.checked.sentence
        elif summary.anchors_damaged:
            tone, icon = "trouble", "mdi-shield-alert"
            text = _("The anchor file was changed or damaged. Check the trail now.")
        elif summary.verified_at is None:
            tone, icon = "attention", "mdi-shield-outline"
            text = _("The trail has not been checked yet.")
        else:
            tone, icon = "good", "mdi-shield-check-outline"
            text = _("Last found whole: {at}, up to row {number}.").format(
                at=moment(summary.verified_at, zone), number=number(summary.verified_up_to)
            )
        anchored = _("There is no anchor yet.")
        if summary.anchored_at is not None:
            anchored = _("Last anchor: {at}, up to row {number}.").format(
                at=moment(summary.anchored_at, zone), number=number(summary.anchored_up_to)
            )
        return {"tone": tone, "icon": icon, "text": text, "anchored": anchored}

    def _entry(self) -> dict[str, Any] | None:
        if self.number is None:
            return None
        found = self.ws.audit.entry(self.number)
        facts = [
            (_("Time"), moment(found.at, self.ws.settings.timezone)),
            (_("Who"), actor_word(found.actor)),
            (_("From where"), origin_word(found.origin)),
            (_("Record"), found.record),
            (_("Number"), number(found.number)),
        ]
        return {
            "id": found.number,
            "title": found.doing,
            "subtitle": found.record or actor_word(found.actor),
            "facts": [{"label": label, "value": value} for label, value in facts if value],
            "changes": [{"field": one.field, "before": one.before, "after": one.after} for one in found.changes],
        }

    @event(CardInput)
    def vue_press_card(self, data: CardInput) -> None:
        self.trail.press(data.card)
        self.show()

    @event(FilterInput)
    def vue_filter_list(self, data: FilterInput) -> None:
        self.trail.filter(data.key, data.chosen)
        self.show()

    @event(DaysInput)
    def vue_choose_days(self, data: DaysInput) -> None:
        self.trail.days(data.since, data.until)
        self.show()

    @event(RowInput)
    def vue_open_row(self, data: RowInput) -> None:
        """Show one row of the trail at the side."""
        self.ws.audit.entry(data.id)
        self.number = data.id
        self.show()

    @event()
    def vue_close_panel(self) -> None:
        self.number = None
        self.show()

    @event()
    def vue_verify(self) -> None:
        """Check the whole trail now."""
        self.checked = self.ws.audit.verify()
        self.show(self.checked.sentence)

    @event()
    def vue_anchor(self) -> None:
        """Note where the trail ends, outside the database."""
        noted = self.ws.audit.anchor()
        self.tell(_("Anchored up to row {number}.").format(number=number(noted.number)))
        self.show()

    @event()
    def vue_close_notice(self) -> None:
        self.notice = None
        self.show()
