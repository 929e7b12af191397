"""What a published plan is announced with: a notice for each unit, a letter and a calendar for each trainee."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import select

from svclib.errors import NotFound, RuleBroken
from svclib.i18n import gettext as _
from svclib.models import Employment, Unit, table
from svclib.tabular.documents import TEMPLATES_FOLDER
from svclib.tabular.pdf import to_pdf
from svclib.tabular.rotation import (
    Announcement,
    Contents,
    Trainee,
    calendar_file,
    letter_document,
    notice_document,
    trainees_of,
    write_batch,
)
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.rotation.learning import NOWHERE, trainees
from svclib.workspace.rotation.plans import PlanRef, plan_row
from svclib.workspace.rotation.reading import units_today
from svclib.workspace.rotation.sheets import read_roll
from svclib.workspace.rotation.standing import published_rows

_WORK = table(Employment)
_UNIT = table(Unit)
_NO_UNIT = "未登记单位"
"""Stands in a notice, a Chinese document, for the unit of people whom the register has in none."""


class Announcing(Area):
    """What a published plan is announced with. Only what is published stands in it, and only people in scope."""

    def notices(
        self,
        plan: PlanRef,
        out: BinaryIO,
        *,
        unit: int | None = None,
        contents: Contents | None = None,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> int:
        """Write an archive (.zip) with a folder for each unit, or for one (id), and return the number of its files.

        In a folder: the unit's 轮岗通知 with a list to sign, a letter and a calendar file for each trainee; `contents`
        chooses, and adds PDF. `progress` is told how many files of how many are done; what it raises ends the work and
        is passed on. The plan is read in one transaction and written after it. Raises RuleBroken when nothing is
        published there, NotFound for a unit without trainees in scope, SvcError when PDF is wanted and cannot be
        made, BadFile for a template that can't be filled, Forbidden.
        """
        announced = self._announced(plan, unit)
        return write_batch(out, announced, contents=contents, templates=self._templates, progress=progress)

    def notice(self, plan: PlanRef, unit: int, *, pdf: bool = False) -> bytes:
        """Write one unit's 轮岗通知 (.docx, or PDF). Raises RuleBroken when nothing is published, NotFound, BadFile,
        SvcError where PDF cannot be made."""
        (announced,) = self._announced(plan, unit)
        return _paper(notice_document(announced, self._templates), pdf=pdf)

    def letter(self, plan: PlanRef, person_id: int, *, pdf: bool = False) -> bytes:
        """Write one trainee's letter (.docx, or PDF). Raises RuleBroken when nothing is published, NotFound, BadFile,
        SvcError where PDF cannot be made."""
        return _paper(letter_document(*self._told(plan, person_id), self._templates), pdf=pdf)

    def calendar(self, plan: PlanRef, person_id: int) -> bytes:
        """Write one trainee's stages as a calendar file (.ics). Raises RuleBroken when nothing is published,
        NotFound."""
        return calendar_file(*self._told(plan, person_id))

    @property
    def _templates(self) -> Path:
        return self.workspace.settings.data_dir / TEMPLATES_FOLDER

    @verb("rotation.notices", writes=False)
    def _announced(self, tx: Transaction, plan: PlanRef, unit: int | None) -> tuple[Announcement, ...]:
        stored = plan_row(tx, plan)
        homes = _homes(tx, stored["id"])
        people = {person_id for person_id, home in homes.items() if unit is None or home == unit}
        if unit is not None and not people:
            raise NotFound(_("The plan {name} has no trainees of this unit in your scope.").format(name=stored["name"]))
        return _announcements(tx, stored, people, homes)

    @verb("rotation.letter", writes=False)
    def _told(self, tx: Transaction, plan: PlanRef, person_id: int) -> tuple[Announcement, Trainee]:
        stored = plan_row(tx, plan)
        homes = _homes(tx, stored["id"])
        if person_id not in homes:
            told = _("Person number {person} takes no part in the plan {name}.")
            raise NotFound(told.format(person=person_id, name=stored["name"]))
        (announced,) = _announcements(tx, stored, {person_id}, homes)
        return announced, announced.trainees[0]


def _paper(document: bytes, *, pdf: bool) -> bytes:
    return to_pdf([document])[0] if pdf else document


def _announcements(
    tx: Transaction, stored: dict[str, Any], people: Collection[int], homes: dict[int, int]
) -> tuple[Announcement, ...]:
    """What these people are told, by unit. Raises RuleBroken when nothing is published for any of them."""
    published = {key: row for key, row in published_rows(tx, stored["id"]).items() if key[0] in people}
    told = {person_id for person_id, _stage in published}
    if not told:
        sentence = _("Nothing of the plan {name} is published yet for these people: publish it first.")
        raise RuleBroken(sentence.format(name=stored["name"]))
    roll = read_roll(tx, stored["id"], None, [published], only=told)
    by_unit: defaultdict[int, list[Trainee]] = defaultdict(list)
    for one in trainees_of(roll.rows(published), roll.choices):
        by_unit[homes[one.person_id]].append(one)
    names = {row["id"]: row for row in tx.rows(select(*_UNIT.c["id", "name", "parent_id"]))}
    return tuple(
        Announcement(
            plan=stored["name"],
            version=stored["published_version"],
            unit=names[unit]["name"] if unit in names else _NO_UNIT,
            # A notice comes from the unit above; the topmost one writes to itself.
            issuer=names.get(names[unit]["parent_id"], names[unit])["name"] if unit in names else "",
            issued_on=tx.today,
            trainees=tuple(by_unit[unit]),
        )
        for unit in sorted(by_unit)
    )


def _homes(tx: Transaction, plan_id: int) -> dict[int, int]:
    """The unit of each person of a plan in scope: today's, else the last or next one that the register knows."""
    people = trainees(tx, plan_id)
    homes = dict.fromkeys(tx.connection.execute(people).scalars(), NOWHERE)
    known = select(_WORK.c.person_id, _WORK.c.unit_id).where(_WORK.c.person_id.in_(people))
    homes |= {row.person_id: row.unit_id for row in tx.connection.execute(known.order_by(_WORK.c.valid_from))}
    return homes | units_today(tx, set(homes))
