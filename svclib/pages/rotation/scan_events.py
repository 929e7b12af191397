"""What can be done with scans of signed notices."""

from __future__ import annotations

from pathlib import PurePath

from svclib.i18n import gettext as _
from svclib.pages.base import event
from svclib.pages.rotation.inputs import ScanInput, ScanVersionInput
from svclib.pages.rotation.publishing_events import PublishingEvents
from svclib.pages.rotation.scans import ENDINGS


class ScanEvents(PublishingEvents):
    """Events of the scans, beside those of the other files."""

    @event(ScanVersionInput)
    def vue_choose_scan_version(self, data: ScanVersionInput) -> None:
        """Say to which version the next scan belongs."""
        self.scans.choose(data.version)
        self.show()

    @event(ScanInput)
    def vue_download_scan(self, data: ScanInput) -> None:
        self._hand_out(self.scans.read(data.scan))

    @event(ScanInput)
    def vue_withdraw_scan(self, data: ScanInput) -> None:
        """Forget a scan's content."""
        self.scans.withdraw(data.scan)
        self.tell(_("The scan is withdrawn: its content is gone, who attached and withdrew it stays."))
        self.show()

    def uploaded(self, name: str, content: bytes) -> None:
        """Keep a scan; look at any other file as a workbook that comes back."""
        if PurePath(name).suffix.lower() not in ENDINGS:
            super().uploaded(name, content)
            return
        self.tell(self.scans.take(name, content), icon="mdi-paperclip")
        self.view = "versions"
        self.show()
