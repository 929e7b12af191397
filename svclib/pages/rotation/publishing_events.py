"""What can be done with versions and files: publish, compare, hand out, bring back."""

from __future__ import annotations

from collections.abc import Mapping

from svclib.i18n import gettext as _
from svclib.i18n import ngettext
from svclib.pages.base import event
from svclib.pages.parts.inputs import OffsetInput
from svclib.pages.rotation.exchange import Named
from svclib.pages.rotation.frame import Frame
from svclib.pages.rotation.inputs import AllInput, CompareInput, PackInput, PublishInput, RowInput
from svclib.pages.transfer import Zone


class PublishingEvents(Frame):
    """Events of the view of versions and files."""

    @event(PublishInput)
    def vue_publish(self, data: PublishInput) -> None:
        """Publish the draft: a named person has confirmed it."""
        number = self.release.publish(data.name)
        self.tell(_("Version {number} is published.").format(number=number), icon="mdi-bullhorn-outline")
        self.side.moves.clear()
        self.show()

    @event()
    def vue_discard_plan_draft(self) -> None:
        """Take the draft back: what is published stands."""
        self.release.discard()
        self.side.moves.clear()
        self.tell(_("The draft is discarded."))
        self.show()

    @event(CompareInput)
    def vue_compare(self, data: CompareInput) -> None:
        self.release.compare(data.old, data.new)
        self.show()

    @event(OffsetInput)
    def vue_turn_changes(self, data: OffsetInput) -> None:
        self.release.turn(data.offset)
        self.show()

    @event()
    def vue_download_workbook(self) -> None:
        """Form 4 of the chosen unit."""
        self._hand_out(self.files.workbook())

    @event()
    def vue_download_notice(self) -> None:
        """The notice of the chosen unit."""
        self._hand_out(self.files.notice())

    @event()
    def vue_print_notice(self) -> None:
        """The same as PDF; the page goes on answering."""
        self.files.print_notice()
        self.show()

    @event()
    def vue_download_letter(self) -> None:
        """The letter of who is shown at the side."""
        self._hand_out(self.files.letter(self.side.key[0]))

    @event()
    def vue_print_letter(self) -> None:
        """The same as PDF; the page goes on answering."""
        self.files.print_letter(self.side.key[0])
        self.tell(_("The letter is being made as PDF …"), icon="mdi-file-pdf-box")
        self.show()

    @event()
    def vue_download_calendar(self) -> None:
        """The calendar of who is shown at the side."""
        self._hand_out(self.files.calendar(self.side.key[0]))

    @event(PackInput)
    def vue_pack_notices(self, data: PackInput) -> None:
        """Make all notices, letters and calendars; the page goes on answering."""
        self.files.pack(pdf=data.pdf)
        self.show()

    @event()
    def vue_stop_packing(self) -> None:
        if self.files.archive is not None:
            self.files.archive.stop()
        self.show()

    @event()
    def vue_drop_workbook(self) -> None:
        """Forget the workbook that was brought back."""
        self.files.drop()
        self.show()

    @event(RowInput)
    def vue_tick_row(self, data: RowInput) -> None:
        self.files.tick((data.person, data.stage), taken=data.taken)
        self.show()

    @event(AllInput)
    def vue_tick_rows(self, data: AllInput) -> None:
        self.files.tick_all(taken=data.taken)
        self.show()

    @event(OffsetInput)
    def vue_turn_returned(self, data: OffsetInput) -> None:
        self.files.turn(data.offset)
        self.show()

    @event()
    def vue_accept_workbook(self) -> None:
        """Take the ticked rows into the draft."""
        count = self.files.accept()
        self.tell(ngettext("{n} row is in the draft.", "{n} rows are in the draft.", count).format(n=count))
        self.show()

    def upload_zones(self) -> Mapping[str, Zone]:
        too_large = _("{name} is larger than {limit} MB. Please bring it back with: svc rotation check --accept")
        unfit = _("{name} is no workbook (.xlsx). A signed notice is attached further down, at the scans.")
        return {"workbook": Zone(self._check, too_large, endings=(".xlsx",), unfit=unfit)}

    def _check(self, name: str, content: bytes) -> None:
        """Look at a workbook that has arrived."""
        self.files.take(name, content)
        self.view = "versions"
        self.show()

    def _hand_out(self, file: Named) -> None:
        self.download(*file)
        self.tell(_("Exported: {name}").format(name=file[0]))
        self.show()
