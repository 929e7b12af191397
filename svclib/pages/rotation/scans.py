"""Scans of signed notices: kept with a published version, listed with who and when, handed out, withdrawn."""

from __future__ import annotations

from typing import Any

from svclib.errors import NotFound, RuleBroken
from svclib.i18n import gettext as _
from svclib.pages.parts.texts import moment, number, present, records, text
from svclib.pages.rotation.chosen import Chosen, Plan
from svclib.workspace.audit.words import actor_word

ENDINGS = (".pdf", ".jpg", ".jpeg", ".png")
"""How the files are called that are taken for scans; what they are is told by their content."""


class Scans:
    """The scans of the chosen plan, and the version that the next one belongs to."""

    def __init__(self, chosen: Chosen) -> None:
        self.chosen = chosen
        self._version: int | None = None

    def choose(self, version: int) -> None:
        """Say to which published version the next scan belongs. Raises NotFound."""
        if version not in self._versions(self.chosen.plan):
            raise NotFound(_("There is no such version."))
        self._version = version

    def take(self, name: str, content: bytes) -> str:
        """Keep a scan of the chosen unit's notice, or of the whole plan's; tell it in a sentence. Raises BadFile."""
        plan = self.chosen.plan
        if not self._versions(plan):
            raise RuleBroken(_("Only what is published is announced."))
        version = self.version(plan)
        self.chosen.ws.rotation.attach(plan.id, version, (name, content), unit=self.chosen.unit_id)
        return _("{file} is kept with version {number}.").format(file=name, number=version)

    def read(self, scan: int) -> tuple[str, bytes]:
        """Name and content of a scan. Raises NotFound."""
        found = self.chosen.ws.rotation.attachment(scan)
        return found.file_name, found.content

    def withdraw(self, scan: int) -> None:
        """Forget a scan's content. Raises NotFound."""
        self.chosen.ws.rotation.withdraw(scan)

    def version(self, plan: Plan) -> int:
        """The version that the next scan belongs to: the chosen one, else the newest."""
        versions = self._versions(plan)
        return self._version if self._version in versions else max(versions, default=0)  # type: ignore[return-value]

    @staticmethod
    def _versions(plan: Plan) -> range:
        return range(1, int(plan.row["published_version"]) + 1)

    def view(self) -> dict[str, Any] | None:
        """Everything that the screen shows of them; None for a role that has nothing to do with them."""
        ws, plan = self.chosen.ws, self.chosen.plan
        versions = self._versions(plan)
        if not ws.may("rotation.attachments") or not versions:
            return None
        unit = plan.units.get(self.chosen.unit_id or 0, "")
        return {
            "about": _("For {unit}").format(unit=unit or _("all units")),
            "attaches": ws.may("rotation.attach"),
            "withdraws": ws.may("rotation.withdraw"),
            "version": self.version(plan),
            "versions": [{"id": one, "label": _("Version {number}").format(number=one)} for one in reversed(versions)],
            "limit": _("PDF, JPEG or PNG, at most {limit} MB").format(limit=ws.settings.scan_max_mb),
            "rows": [_row(one, ws.settings.timezone) for one in records(ws.rotation.attachments(plan.id))],
        }


def _row(one: dict[str, Any], zone: str) -> dict[str, Any]:
    said = _("{at} by {who}").format(
        at=moment(one["attached_at"].to_pydatetime(), zone), who=actor_word(one["attached_by"])
    )
    gone = ""
    if present(one["withdrawn_at"]):
        told = _("withdrawn {at} by {who}")
        gone = told.format(at=moment(one["withdrawn_at"].to_pydatetime(), zone), who=actor_word(one["withdrawn_by"]))
    return {
        "id": int(one["id"]),
        "name": str(one["file_name"]),
        "version": _("Version {number}").format(number=one["version"]),
        "unit": text(one["unit"]) or _("whole plan"),
        "size": _("{size} KB").format(size=number(-(-int(one["size_bytes"]) // 1000))),
        "said": said,
        "gone": gone,
    }
