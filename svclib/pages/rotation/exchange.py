"""Files of a plan: the workbook that a unit edits and brings back, notices, letters and calendars."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from svclib.errors import RuleBroken, StaleRecord
from svclib.i18n import gettext as _
from svclib.i18n import ngettext, run_on
from svclib.pages.parts.background import Background
from svclib.pages.parts.texts import number
from svclib.pages.rotation.chosen import Chosen, Key
from svclib.tabular.pdf import pdf_blocker
from svclib.tabular.rotation import Contents
from svclib.workspace.rotation import Checked

PAGE = 20
Named = tuple[str, bytes]
"""Name and content of a file."""
Progress = Callable[[int, int], None]


class Making(Background):
    """A file that takes its time, made while the page answers: `make` is given what tells how far it is."""

    name = "rotation notices"

    def __init__(self, file: str, make: Callable[[Progress], bytes], tell: Callable[[], None]) -> None:
        super().__init__(tell)
        self.file = file
        self._make = make
        self.done = self.total = 0
        self.content = b""
        self._stopped = False
        self.begin()

    def work(self) -> None:
        content = self._make(self._progress)
        self._progress(self.done, self.total)
        self.content = content

    def stop(self) -> None:
        """Give it up; nothing comes of it."""
        self._stopped = True

    def _progress(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        if self._stopped:
            raise RuleBroken(_("Stopped: no file was made."))
        self.heard()


class Exchange:
    """Which unit files are about, and the workbook that was brought back."""

    def __init__(self, chosen: Chosen) -> None:
        self.chosen = chosen
        self.tell: Callable[[], None] = lambda: None
        self.archive: Making | None = None
        self.source: Named | None = None
        self.checked: Checked | None = None
        self.ticked: set[Key] = set()
        self.offset = 0

    # What goes out ---------------------------------------------------------------------------------------------

    def workbook(self) -> Named:
        """Form 4 of the chosen unit, or of all, to be edited and brought back."""
        plan, unit = self.chosen.plan, self.chosen.unit_id
        content = self.chosen.ws.rotation.workbook(plan.id, unit=unit, version="draft")
        return self._name(_("Placement sheet"), "xlsx"), content

    def notice(self) -> Named:
        """The notice of the chosen unit, with a list to sign."""
        return self._name(_("Notice"), "docx"), self.chosen.ws.rotation.notice(self.chosen.plan.id, self._one_unit())

    def letter(self, person_id: int) -> Named:
        """One person's letter."""
        name = f"{_('Letter')}-{self.chosen.plan.name}-{self.chosen.plan.person(person_id)['name']}.docx"
        return name, self.chosen.ws.rotation.letter(self.chosen.plan.id, person_id)

    def calendar(self, person_id: int) -> Named:
        """One person's stages as a calendar file."""
        name = f"{_('Calendar')}-{self.chosen.plan.name}-{self.chosen.plan.person(person_id)['name']}.ics"
        return name, self.chosen.ws.rotation.calendar(self.chosen.plan.id, person_id)

    def pack(self, *, pdf: bool) -> None:
        """Begin to make all notices, letters and calendars; with `pdf` those on paper as PDF, too."""
        ws, plan, unit = self.chosen.ws, self.chosen.plan.id, self.chosen.unit_id

        def make(progress: Progress) -> bytes:
            out = io.BytesIO()
            ws.rotation.notices(plan, out, unit=unit, contents=Contents(pdf=pdf), progress=progress)
            return out.getvalue()

        self._begin(self._name(_("Notices"), "zip"), make)

    def print_notice(self) -> None:
        """Begin to make the notice of the chosen unit as PDF."""
        ws, plan, unit = self.chosen.ws, self.chosen.plan.id, self._one_unit()
        self._begin(self._name(_("Notice"), "pdf"), lambda _progress: ws.rotation.notice(plan, unit, pdf=True))

    def print_letter(self, person_id: int) -> None:
        """Begin to make one person's letter as PDF."""
        ws, plan = self.chosen.ws, self.chosen.plan
        name = f"{_('Letter')}-{plan.name}-{plan.person(person_id)['name']}.pdf"
        self._begin(name, lambda _progress: ws.rotation.letter(plan.id, person_id, pdf=True))

    def _begin(self, file: str, make: Callable[[Progress], bytes]) -> None:
        if self.archive is not None and not self.archive.ended:
            raise RuleBroken(_("The files are being made already."))
        self.archive = Making(file, make, lambda: self.tell())

    def packed(self) -> Named | None:
        """The archive when it is there; it is handed out once. Raises RuleBroken when it could not be made."""
        archive = self.archive
        if archive is None or not archive.ended:
            return None
        self.archive = None
        if archive.problem:
            raise RuleBroken(archive.problem)
        return archive.file, archive.content

    @property
    def _unit(self) -> int | None:
        """The chosen unit, or the only one that there is."""
        units = list(self.chosen.plan.units)
        return units[0] if len(units) == 1 else self.chosen.unit_id

    def _one_unit(self) -> int:
        if self._unit is None:
            raise RuleBroken(_("Choose a unit first: every unit has a notice of its own."))
        return self._unit

    def _name(self, what: str, ending: str) -> str:
        plan = self.chosen.plan
        unit = plan.units.get(self.chosen.unit_id or 0, "")
        return "-".join(filter(None, (what, plan.name, unit))) + f".{ending}"

    # What comes back -------------------------------------------------------------------------------------------

    def take(self, name: str, content: bytes) -> None:
        """Look at a workbook that was brought back. Raises BadFile."""
        self.drop()
        self.checked = self.chosen.ws.rotation.check_file((name, content), plan=self.chosen.plan.id)
        self.source = (name, content)
        # What both have changed is not taken by accident.
        self.ticked = {place for place, (_fields, stale) in _wants(self.checked).items() if not stale}

    def tick(self, place: Key, *, taken: bool) -> None:
        """Take this row, or leave it."""
        if self.checked is None or place not in self._places():
            raise RuleBroken(_("The workbook changes nothing there."))
        self.ticked = self.ticked | {place} if taken else self.ticked - {place}

    def tick_all(self, *, taken: bool) -> None:
        self.ticked = self._places() if taken else set()

    def accept(self) -> int:
        """Take the ticked rows into the draft; how many.

        Raises RuleBroken, and StaleRecord when the plan has changed since the workbook was looked at: it is then looked
        at again, and of the ticks those stay whose row still wants the same.
        """
        if self.source is None or self.checked is None or not self.ticked:
            raise RuleBroken(_("Tick the rows to be taken first."))
        plan, count = self.chosen.plan, len(self.ticked)
        try:
            # What was seen counts, not what the plan has become since.
            self.chosen.ws.rotation.accept_file(
                self.source, plan=plan.id, version=self.checked.version, places=self.ticked
            )
        except StaleRecord as error:
            raise StaleRecord(self._look_again(), version=self.checked.version, conflicts=error.conflicts) from error
        self.drop()
        return count

    def _look_again(self) -> str:
        """Look at the workbook beside the plan as it is now; what became of the ticks, in a sentence."""
        assert self.source is not None
        assert self.checked is not None
        before, wanted = _wants(self.checked), self.ticked
        self.checked = self.chosen.ws.rotation.check_file(self.source, plan=self.chosen.plan.id)
        now = _wants(self.checked)
        self.ticked = {place for place in wanted if place in now and now[place] == before[place]}
        said = [
            _("The plan has changed since this workbook was looked at: it was checked again, nothing is taken yet.")
        ]
        if lost := len(wanted) - len(self.ticked):
            said.append(
                ngettext(
                    "{n} ticked row is no longer as it was and is unticked; please look at it.",
                    "{n} ticked rows are no longer as they were and are unticked; please look at them.",
                    lost,
                ).format(n=number(lost))
            )
        else:
            said.append(_("All ticks stand."))
        return run_on(*said)

    def drop(self) -> None:
        """Forget the workbook."""
        self.source, self.checked, self.ticked, self.offset = None, None, set(), 0

    def turn(self, offset: int) -> None:
        self.offset = max(offset, 0) // PAGE * PAGE

    def _places(self) -> set[Key]:
        diff = self.checked.diff if self.checked is not None else None
        return set() if diff is None else {row.place for row in diff.accepted()}

    # What it shows ---------------------------------------------------------------------------------------------

    def view(self) -> dict[str, Any]:
        """Everything that the screen shows of it."""
        ws, plan = self.chosen.ws, self.chosen.plan
        published = bool(int(plan.row["published_version"]))
        announces = ws.may("rotation.notices")
        unit = plan.units.get(self.chosen.unit_id or 0, "")
        unpublished = "" if published else _("Only what is published is announced.")
        one_unit = (
            "" if self.chosen.unit_id is not None or len(plan.units) == 1 else _("Choose a unit in the bar first.")
        )
        archive = self.archive
        return {
            "about": _("For {unit}").format(unit=unit or _("all units")),
            "sheets": ws.may("rotation.export"),
            "announces": announces,
            "notice_blocker": unpublished or one_unit,
            "pack_blocker": unpublished,
            "pdf_blocker": pdf_blocker() or "",
            "busy": None
            if archive is None or archive.ended
            else {
                "percent": round(100 * archive.done / archive.total) if archive.total else 0,
                "said": _("{done} of {total} files").format(done=number(archive.done), total=number(archive.total))
                if archive.total
                else _("{file} is being made …").format(file=archive.file),
            },
            "returns": ws.may("rotation.check"),
            "returned": self._returned(),
        }

    def _returned(self) -> dict[str, Any] | None:
        if self.checked is None or self.source is None:
            return None
        diff, names = self.checked.diff, {one: str(row["name"]) for one, row in self.chosen.plan.people.items()}
        rows = [
            {
                "person": one.place[0],
                "stage": one.place[1],
                "who": names.get(one.place[0], ""),
                "when": _("Stage {number}").format(number=one.place[1]),
                "changes": [
                    {"column": field.column, "before": field.before, "after": field.after} for field in one.fields
                ],
                "stale": one.stale,
                "taken": one.place in self.ticked,
            }
            for one in diff.changed
        ]
        rows += [
            {
                "person": one.place[0],
                "stage": one.place[1],
                "who": names.get(one.place[0], ""),
                "when": _("Stage {number}").format(number=one.place[1]),
                "changes": [{"column": _("new row"), "before": "", "after": ""}],
                "stale": False,
                "taken": one.place in self.ticked,
            }
            for one in diff.added
        ]
        self.offset = min(self.offset, max(len(rows) - 1, 0) // PAGE * PAGE)
        page = rows[self.offset : self.offset + PAGE]
        said = [
            ngettext("{n} row changed", "{n} rows changed", len(rows)).format(n=number(len(rows))),
            _("{n} as before").format(n=number(diff.unchanged)),
            _("{n} refused").format(n=number(len(diff.refused))),
        ]
        if diff.missing:
            said.append(_("{n} did not come back and stay as they are").format(n=number(len(diff.missing))))
        return {
            "file": self.source[0],
            "said": " · ".join(said),
            "notes": list(diff.notes),
            "broken": list(self.checked.broken),
            "weighed": list(self.checked.weighed),
            "rows": page,
            "refused": [
                {
                    "where": _("{sheet}, row {row}").format(sheet=one.sheet, row=one.row),
                    "who": " ".join(filter(None, (one.name, one.stage))),
                    "why": run_on(*(flaw.reason for flaw in one.flaws)),
                }
                for one in diff.refused[:PAGE]
            ],
            "all": bool(rows) and self.ticked == self._places(),
            "accept": ngettext("Take {n} row into the draft", "Take {n} rows into the draft", len(self.ticked)).format(
                n=number(len(self.ticked))
            ),
            "ticked": len(self.ticked),
            "total": len(rows),
            "offset": self.offset,
            "size": PAGE,
            "range": _("{first}–{last} of {total}").format(
                first=number(self.offset + 1 if page else 0),
                last=number(self.offset + len(page)),
                total=number(len(rows)),
            ),
        }


def _wants(checked: Checked) -> dict[Key, tuple[tuple[Any, ...], bool]]:
    """What the workbook wants by place: its cells before and after, and whether the plan has changed there, too."""
    added: dict[Key, tuple[tuple[Any, ...], bool]] = {one.place: ((), False) for one in checked.diff.added}
    return added | {one.place: (one.fields, one.stale) for one in checked.diff.changed}
