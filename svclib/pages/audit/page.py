"""The app of the trail: who changed what when, and whether the record of it is whole."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from traitlets import Dict, List

from svclib.i18n import gettext as _
from svclib.pages.audit.listing import Card, TrailList, cards
from svclib.pages.audit.words import WORDS
from svclib.pages.base import event
from svclib.pages.parts.suite import SuitePage
from svclib.pages.parts.texts import moment, number
from svclib.workspace.audit import ChainCheck
from svclib.workspace.audit.words import origin_word

Short = Annotated[str, Field(max_length=200)]


class Input(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class CardInput(Input):
    card: Card


class TextInput(Input):
    text: Short


class FilterInput(Input):
    key: Short
    chosen: Short | Annotated[list[Short], Field(max_length=60)] | None


class KeyInput(Input):
    key: Short


class ColumnInput(Input):
    key: Short
    shown: bool


class OffsetInput(Input):
    offset: Annotated[int, Field(ge=0, le=1_000_000_000)]


class LimitInput(Input):
    limit: Annotated[int, Field(ge=1, le=100)]


class RowInput(Input):
    id: Annotated[int, Field(ge=1)]


class DaysInput(Input):
    since: Short
    until: Short


class AuditPage(SuitePage):
    """The trail in the browser, for auditor and administrator."""

    template_file = (__file__, "audit.vue")
    WORDS = WORDS
    VIEWS: ClassVar[Mapping[str, Path]] = {"ui-entry": Path(__file__).with_name("entry.vue")}

    frame = Dict().tag(sync=True)
    cards = List(Dict()).tag(sync=True)
    chain = Dict().tag(sync=True)
    listing = Dict().tag(sync=True)
    entry: Any = Dict(allow_none=True, default_value=None).tag(sync=True)

    def start(self) -> None:
        """The whole trail, newest first, in the language that this person chose last."""
        self.speak_as_chosen()
        self.open = self.ws.may("audit.page")
        self.checked: ChainCheck | None = None
        self.number: int | None = None
        if self.open:
            self.trail = TrailList(self.ws)
        self.show()

    def show(self, said: str = "") -> None:
        said = self.told(said)
        if self.open:
            self.trail.summary = self.ws.audit.summary()
            self.cards = cards(self.trail)
            self.chain = self._chain()
            self.listing = self.trail.view()
            self.entry = self._entry()
            said = said or self.listing["sentence"]
        self.frame = {
            **self.me(),
            "view": "trail" if self.open else "closed",
            "closed": {
                "icon": "mdi-shield-lock-outline",
                "title": _("Your role does not read the trail"),
                "text": _("Auditors and administrators do. If this is wrong, ask the administrator."),
            },
            "search": self.trail.query.record if self.open else "",
            "days": self.trail.range_words() if self.open else "",
            "since": str(self.trail.query.since or "") if self.open else "",
            "until": str(self.trail.query.until or "") if self.open else "",
            "quick": self.trail.quick_days() if self.open else [],
            "notice": self.notice,
            "said": said,
        }

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
            (_("Who"), found.actor),
            (_("From where"), origin_word(found.origin)),
            (_("Record"), found.record),
            (_("Number"), number(found.number)),
        ]
        return {
            "id": found.number,
            "title": found.doing,
            "subtitle": found.record or found.actor,
            "facts": [{"label": label, "value": value} for label, value in facts if value],
            "changes": [{"field": one.field, "before": one.before, "after": one.after} for one in found.changes],
        }

    @event(CardInput)
    def vue_press_card(self, data: CardInput) -> None:
        self.trail.press(data.card)
        self.show()

    @event(TextInput)
    def vue_search_rows(self, data: TextInput) -> None:
        self.trail.find(data.text)
        self.show()

    @event(FilterInput)
    def vue_filter_list(self, data: FilterInput) -> None:
        self.trail.filter(data.key, data.chosen)
        self.show()

    @event(DaysInput)
    def vue_choose_days(self, data: DaysInput) -> None:
        self.trail.days(data.since, data.until)
        self.show()

    @event(KeyInput)
    def vue_drop_filter(self, data: KeyInput) -> None:
        self.trail.drop(data.key)
        self.show()

    @event()
    def vue_clear_filters(self) -> None:
        self.trail.clear()
        self.show()

    @event(ColumnInput)
    def vue_show_column(self, data: ColumnInput) -> None:
        self.trail.show(data.key, data.shown)
        self.show()

    @event(OffsetInput)
    def vue_turn_page(self, data: OffsetInput) -> None:
        self.trail.turn(data.offset)
        self.show()

    @event(LimitInput)
    def vue_set_page_size(self, data: LimitInput) -> None:
        self.trail.resize(data.limit)
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
    def vue_export_list(self) -> None:
        name, content = self.trail.export()
        self.download(name, content)
        self.tell(_("Exported: {name}").format(name=name))
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
