"""The notice that trainees have signed, scanned and kept with the published version that it announces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from svclib.errors import Duplicate, NotFound
from svclib.i18n import gettext as _
from svclib.models import RotationVersion, SignedNotice, Unit, table
from svclib.tabular.files import Source
from svclib.tabular.scans import Scan, read_scan
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.frames import frame
from svclib.workspace.rotation.plans import PlanRef, plan_row

if TYPE_CHECKING:
    import pandas as pd

ATTACHMENT_COLUMNS = {
    "id": "id",
    "version": "int",
    "unit_id": "id",
    "unit": "text",
    "file_name": "text",
    "media_type": "text",
    "size_bytes": "int",
    "sha256": "text",
    "attached_at": "instant",
    "attached_by": "text",
    "withdrawn_at": "instant",
    "withdrawn_by": "text",
}
"""Columns of `attachments()`. `version` is the plan's published one; without a unit the scan is for the whole plan."""

_SCAN = table(SignedNotice)
_VERSION = table(RotationVersion)
_UNIT = table(Unit)
_TOLD = ("version_id", "unit_id", "file_name", "media_type", "size_bytes", "sha256")


class Attaching(Area):
    """Scans of signed notices. A new one stands beside an older one; none is ever written over."""

    def attach(self, plan: PlanRef, version: int, source: Source, *, unit: int | None = None) -> int:
        """Keep a scanned notice (a path, or file name and content) with a published version, and return its id.

        PDF, JPEG or PNG, of at most `scan_max_mb` of the settings. `unit` (id) is the one whose people have signed;
        left out: the actor's own, for an account of the province the whole plan. Raises BadFile for another file,
        NotFound for a version that was not published or a unit, Duplicate for a file that is there, Forbidden.
        """
        scan = read_scan(source, max_mb=self.workspace.settings.scan_max_mb)
        return self._attach(plan, version, scan, unit)

    @verb("rotation.attach", writes=True)
    def _attach(self, tx: Transaction, plan: PlanRef, version: int, scan: Scan, unit: int | None) -> int:
        stored = plan_row(tx, plan)
        of_plan = (_VERSION.c.plan_id == stored["id"]) & (_VERSION.c.number == version)
        version_id = tx.scalar(select(_VERSION.c.id).where(of_plan))
        if version_id is None:
            told = _("The plan {name} has no published version {number}.")
            raise NotFound(told.format(name=stored["name"], number=version))
        unit_id = tx.actor.unit_id if unit is None else unit
        if unit_id is not None and tx.scalar(select(_UNIT.c.id).where(_UNIT.c.id == unit_id)) is None:
            raise NotFound(_("There is no unit number {unit}.").format(unit=unit_id))
        same = (_SCAN.c.version_id == version_id) & (_SCAN.c.sha256 == scan.sha256) & _SCAN.c.withdrawn_at.is_(None)
        same &= _SCAN.c.unit_id.is_(None) if unit_id is None else _SCAN.c.unit_id == unit_id
        if tx.scalar(select(_SCAN.c.id).where(same)) is not None:
            raise Duplicate(_("This very file is attached there already: {file}.").format(file=scan.file_name))
        values: dict[str, Any] = {"version_id": version_id, "unit_id": unit_id, "file_name": scan.file_name}
        values |= {"media_type": scan.media_type, "size_bytes": len(scan.content), "sha256": scan.sha256}
        stamp = {"attached_at": tx.now, "attached_by": tx.actor.name}
        scan_id = tx.insert(_SCAN, {**values, **stamp, "content": scan.content})
        tx.record(_SCAN, scan_id, after=values)
        return scan_id

    @verb("rotation.attachments", writes=False)
    def attachments(self, tx: Transaction, plan: PlanRef, *, version: int | None = None) -> pd.DataFrame:
        """List a plan's scans, or a version's, newest first, withdrawn ones too; columns `ATTACHMENT_COLUMNS`."""
        columns = [_SCAN.c[name] for name in ATTACHMENT_COLUMNS if name in _SCAN.c]
        listed = select(*columns, _VERSION.c.number.label("version"), _UNIT.c.short_name.label("unit"))
        listed = listed.join(_VERSION, _VERSION.c.id == _SCAN.c.version_id).outerjoin(
            _UNIT, _UNIT.c.id == _SCAN.c.unit_id
        )
        listed = listed.where(
            _VERSION.c.plan_id == plan_row(tx, plan)["id"], *tx.scope.units(_SCAN.c.unit_id, tx.today)
        )
        if version is not None:
            listed = listed.where(_VERSION.c.number == version)
        return frame(tx.rows(listed.order_by(_SCAN.c.id.desc())), ATTACHMENT_COLUMNS)

    @verb("rotation.attachment", writes=False)
    def attachment(self, tx: Transaction, attachment_id: int) -> Scan:
        """Read a scan. Raises NotFound, also for one that was withdrawn or is not in scope."""
        row = _standing(tx, attachment_id, "file_name", "media_type", "content")
        return Scan(row["file_name"], row["media_type"], row["content"])

    @verb("rotation.withdraw", writes=True)
    def withdraw(self, tx: Transaction, attachment_id: int) -> None:
        """Forget a scan's content; who attached and withdrew it, and its SHA-256, stay. Raises NotFound."""
        row = _standing(tx, attachment_id, *_TOLD)
        after = {"withdrawn_at": tx.now, "withdrawn_by": tx.actor.name}
        forgotten = update(_SCAN).where(_SCAN.c.id == attachment_id).values(content=None, **after)
        tx.connection.execute(forgotten)
        tx.record(_SCAN, attachment_id, before=row, after=row | after)


def _standing(tx: Transaction, attachment_id: int, *columns: str) -> dict[str, Any]:
    """A scan that was not withdrawn. Raises NotFound."""
    mine = tx.scope.units(_SCAN.c.unit_id, tx.today)
    here = (_SCAN.c.id == attachment_id) & _SCAN.c.withdrawn_at.is_(None)
    rows = tx.rows(select(*_SCAN.c[columns]).where(here, *mine))
    if not rows:
        raise NotFound(
            _("There is no signed notice number {number}, or it was withdrawn.").format(number=attachment_id)
        )
    return rows[0]
