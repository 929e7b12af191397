"""What can be done with scans of signed notices."""

from __future__ import annotations

from collections.abc import Mapping

from svclib.i18n import gettext as _
from svclib.pages.base import event
from svclib.pages.rotation.inputs import ScanInput, ScanVersionInput
from svclib.pages.rotation.publishing_events import PublishingEvents
from svclib.pages.rotation.scans import ENDINGS
from svclib.pages.transfer import Zone


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

    def upload_zones(self) -> Mapping[str, Zone]:
        too_large = _("{file} is larger than {limit} MB. Scan it in grey, or with fewer dots per inch.")
        scan = Zone(
            self._attach,
            too_large.format(file="{name}", limit="{limit}"),
            self.ws.settings.scan_max_mb * 1_000_000,
            ENDINGS,
            _("{name} is no scan: a signed notice is kept as PDF, JPEG or PNG."),
        )
        return {**super().upload_zones(), "scan": scan}

    def _attach(self, name: str, content: bytes) -> None:
        """Keep a scan that has arrived."""
        self.tell(self.scans.take(name, content), icon="mdi-paperclip")
        self.view = "versions"
        self.show()
