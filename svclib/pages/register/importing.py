"""The import wizard: choose a file, look at what it would do, confirm, and undo if it was wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Literal

from svclib.errors import BadFile, RuleBroken, StaleRecord
from svclib.i18n import gettext as _
from svclib.i18n import ngettext
from svclib.models import IntakeKind
from svclib.pages.parts.texts import moment, number, options, present, records
from svclib.pages.register.import_forms import form_words, offered_forms
from svclib.pages.register.preview import Preview
from svclib.pages.register.scope import Scope
from svclib.tabular import Form
from svclib.workspace.audit.words import actor_word
from svclib.workspace.importing import ImportResult
from svclib.workspace.importing.result import Action

Step = Literal["choose", "preview", "done"]
SHOW_EVERY_SECONDS = 0.2
PAST = 20
"""How many earlier imports are listed."""
Tell = Callable[[], None]


class ImportState:
    """One import on its way, and the earlier ones. `tell` is called when there is progress to show."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.tell: Tell = lambda: None
        self._stopped = False
        self.restart()

    def restart(self) -> None:
        """Back to the choice of a file; nothing of the former one is kept."""
        self.step: Step = "choose"
        self.source: tuple[str, bytes] | None = None
        self.structure = False
        self.result: ImportResult | None = None
        self.preview: Preview | None = None
        self.busy: dict[str, Any] | None = None
        self.problem = ""
        self.intake: int | None = None
        self.kind: str | None = None
        self.create_units = False

    # What a person can do with it ------------------------------------------------------------------------------

    def begin(self, label: str) -> None:
        """Say at once that there is work to wait for, which goes on elsewhere."""
        self._stopped = False
        self.busy = {"label": label, "percent": 0, "said": ""}

    def stop(self) -> None:
        """Give up the work that goes on elsewhere: it is undone as a whole, nothing of it is written."""
        self._stopped = True

    def take(self, name: str, content: bytes) -> None:
        """Look at a file that has arrived; what is wrong with it as a whole is said on the page."""
        self.restart()
        self.source = (name, content)
        try:
            self._look()
        except BadFile as error:
            self.restart()
            self.problem = str(error)

    def choose(self, key: str, value: Any) -> None:
        """Answer what the file cannot: the intake, its kind, whether unknown units are made. Looks at the file anew."""
        if self.result is None:
            return
        if key == "create_units":
            self.create_units = value
        elif key == "kind":
            self.kind = None if value is None else IntakeKind(value).value
        else:
            self.intake = value
            self.kind = self.kind if self.intake is not None else None
        # An intake without its kind would be refused as a whole: ask for the kind first.
        if not self._lacks_kind:
            self._look()

    def filter(self, action: Action) -> None:
        if self.preview is not None:
            self.preview.choose(action)

    def turn(self, offset: int) -> None:
        if self.preview is not None:
            self.preview.turn(offset)

    @property
    def blockers(self) -> list[str]:
        """Why this cannot be imported now; empty when it can."""
        if self.result is None:
            return [_("Choose a file first.")]
        found = []
        if self._lacks_kind:
            found.append(_("Choose which kind of trainees they are."))
        if not self.result.created and not self.result.updated:
            found.append(
                _("Every row is refused: mend the file and choose it again.")
                if self.result.rejected_rows
                else _("The file changes nothing: all of it is in the register already.")
            )
        return found

    def confirm(self) -> None:
        """Import exactly what the preview shows. What is no longer so is previewed anew, and said."""
        if self.blockers:
            raise RuleBroken(self.blockers[0])
        assert self.result is not None
        try:
            self.result = self._run(_("Importing …"), expected=self.result.digest)
        except StaleRecord as error:
            self._look()
            self.problem = str(error)
            return
        finally:
            self.busy = None
        self.step, self.problem = "done", ""

    def undo(self, run_id: int) -> None:
        """Take an import back as a whole."""
        self.scope.ws.register.undo_import(run_id)
        self.scope.forget()
        self.restart()

    def rejects(self) -> tuple[str, bytes]:
        """Name and content of the workbook of refused rows."""
        if self.source is None or self.result is None or not self.result.rejected:
            raise RuleBroken(_("No row was refused."))
        stem = self.source[0].rpartition(".")[0] or self.source[0]
        return _("{name}-refused.xlsx").format(name=stem), self.scope.ws.register.rejects(self.source, self.result)

    # The work --------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        try:
            self.result = self._run(_("Reading the file …"), dry_run=True)
        finally:
            self.busy = None
        self.preview = Preview(self.result)
        self.step, self.problem = "preview", ""

    def _run(self, label: str, **how: Any) -> ImportResult:
        """People first; a file that holds none is tried as units and teams."""
        register = self.scope.ws.register
        assert self.source is not None
        progress = self._progress(label)
        if self.structure:
            return register.import_structure(self.source, progress=progress, **how)
        try:
            return register.import_file(
                self.source,
                create_units=self.create_units,
                intake=self.intake,
                kind=self.kind,
                progress=progress,
                **how,
            )
        except BadFile as error:
            if self.result is not None or not self.scope.ws.may("register.import_structure"):
                raise
            try:
                result = register.import_structure(self.source, progress=progress, **how)
            except BadFile:
                raise error from None
            self.structure = True
            return result

    def _progress(self, label: str) -> Callable[[int, int], None]:
        """Show count and remaining time, not more often than is readable."""
        began = shown = time.monotonic()

        def step(done: int, total: int) -> None:
            nonlocal shown
            if self._stopped:
                raise RuleBroken(_("Stopped: nothing was written."))
            now = time.monotonic()
            if self.busy is not None and now - shown < SHOW_EVERY_SECONDS and done < total:
                return
            shown = now
            left = (now - began) / done * (total - done) if done else 0.0
            said = _("{done} of {total} rows").format(done=number(done), total=number(total))
            if left >= 1:
                said += " · " + ngettext("about {n} second left", "about {n} seconds left", round(left)).format(
                    n=round(left)
                )
            self.busy = {"label": label, "percent": round(100 * done / total) if total else 0, "said": said}
            self.tell()

        self.busy = {"label": label, "percent": 0, "said": ""}
        self.tell()
        return step

    # What it shows ---------------------------------------------------------------------------------------------

    @property
    def _asks_kind(self) -> bool:
        return self.result is not None and self.result.form in {Form.PEOPLE, Form.MEMBERS, "mixed"}

    @property
    def _lacks_kind(self) -> bool:
        return self._asks_kind and self.intake is not None and self.kind is None

    def _choices(self) -> list[dict[str, Any]]:
        if self.result is None or self.structure or self.result.form in (Form.SAFETY, Form.REQUESTS):
            return []
        this_year = self.scope.ws.today.year
        years = [{"id": year, "label": str(year)} for year in range(this_year + 1, this_year - 4, -1)]
        none = (
            _("This year's ({year})").format(year=this_year)
            if self.result.form == Form.GRADUATES
            else _("Into no intake")
        )
        found: list[dict[str, Any]] = [
            {
                "key": "intake",
                "kind": "choice",
                "label": _("Intake of trainees"),
                "value": self.intake,
                "options": [{"id": None, "label": none}, *years],
                "required": False,
            }
        ]
        if self._asks_kind and self.intake is not None:
            kinds = {
                "key": "kind",
                "kind": "choice",
                "label": _("Kind of trainee"),
                "value": self.kind,
                "required": True,
            }
            found.append(kinds | {"options": options(IntakeKind)})
        makes_units = self.scope.ws.policy.reaches_all("register.import")
        if makes_units and (self.create_units or any(one.field == "unit" for one in self.result.rejected)):
            found.append(
                {
                    "key": "create_units",
                    "kind": "tick",
                    "label": _("Make units that the register does not know"),
                    "value": self.create_units,
                    "help": _("Only if the names are right: a misspelt name would become a unit of its own."),
                }
            )
        return found

    def view(self) -> dict[str, Any]:
        """Everything that the screen shows of the wizard."""
        steps: dict[Step, str] = {"choose": _("Choose a file"), "preview": _("Check"), "done": _("Done")}
        at = list(steps).index(self.step)
        result = self.result
        rows = (result.created + result.updated) if result else 0
        return {
            "step": self.step,
            "steps": [
                {"id": step, "label": label, "now": n == at, "done": n < at}
                for n, (step, label) in enumerate(steps.items())
            ],
            "busy": self.busy,
            "problem": self.problem,
            "forms": offered_forms(self.scope.ws.policy) if self.step == "choose" else [],
            "history": self._history() if self.step == "choose" else [],
            "history_heads": self._history_heads(),
            "file": self._file(),
            "choices": self._choices() if self.step == "preview" else [],
            "counts": self.preview.counts() if self.preview else [],
            "preview": self.preview.view() if self.preview and self.step == "preview" else None,
            "rejected": result.rejected_rows if result else 0,
            "rejects_label": _("Refused rows as a workbook"),
            "confirm": ngettext("Import {n} row", "Import {n} rows", rows).format(n=number(rows)),
            "blockers": self.blockers if self.step == "preview" else [],
            "promise": self._promise(rows),
            "done": self._done() if self.step == "done" else None,
        }

    def _promise(self, rows: int) -> str:
        refused = self.result.rejected_rows if self.result else 0
        if not rows or not refused:
            return _("Can be undone as a whole afterwards.")
        return ngettext(
            "{n} refused row is left out; the others can be undone as a whole.",
            "{n} refused rows are left out; the others can be undone as a whole.",
            refused,
        ).format(n=number(refused))

    def _file(self) -> dict[str, Any] | None:
        if self.result is None:
            return None
        said = [
            form_words().get(self.result.form, self.result.form),
            _("Sheet: {names}").format(names="、".join(self.result.sheets)),
        ]
        said.append(ngettext("{n} row", "{n} rows", self.result.rows).format(n=number(self.result.rows)))
        return {"name": self.result.file_name, "said": " · ".join(said), "notes": list(self.result.notes)}

    def _history_heads(self) -> list[dict[str, Any]]:
        return [
            {"label": _("Imported at"), "number": False},
            {"label": _("File"), "number": False},
            {"label": _("Kind"), "number": False},
            {"label": _("New (rows)"), "number": True},
            {"label": _("Changed (rows)"), "number": True},
            {"label": _("Refused (rows)"), "number": True},
            {"label": _("By"), "number": False},
        ]

    def _history(self) -> list[dict[str, Any]]:
        zone = self.scope.ws.settings.timezone
        words = form_words()
        return [
            {
                "id": int(run["id"]),
                "cells": [
                    moment(run["recorded_at"].to_pydatetime(), zone),
                    str(run["file_name"]),
                    words.get(run["form"], str(run["form"])),
                    number(int(run["created"])),
                    number(int(run["updated"])),
                    number(int(run["rejected"])),
                    actor_word(str(run["actor"])),
                ],
                "undone": _("undone {day}").format(day=moment(run["undone_at"].to_pydatetime(), zone))
                if present(run["undone_at"])
                else "",
            }
            for run in records(self.scope.ws.register.imports().head(PAST))
        ]

    def outcome(self) -> tuple[str, str] | None:
        """Say what has come of the work, and its tone, to who looks at another view now; None where nothing has."""
        if self.problem:
            return self.problem, "trouble"
        if self.result is None:
            return None
        name = self.result.file_name
        if self.step == "done":
            return _("{file} is imported: {counts}").format(file=name, counts=self._counts(self.result)), "good"
        return _("{file} is read, nothing is written yet: look at it under “Import”.").format(file=name), "primary"

    @staticmethod
    def _counts(result: ImportResult) -> str:
        return _("{created} new, {updated} changed, {unchanged} as before, {rejected} refused.").format(
            created=number(result.created),
            updated=number(result.updated),
            unchanged=number(result.unchanged),
            rejected=number(result.rejected_rows),
        )

    def _done(self) -> dict[str, Any]:
        assert self.result is not None
        result = self.result
        acts: list[dict[str, Any]] = []
        if result.form not in (Form.SAFETY, Form.REQUESTS):
            acts.append(
                {
                    "act": "choose_view",
                    "data": {"view": "composition"},
                    "label": _("See the composition of teams"),
                    "icon": "mdi-chart-bar",
                }
            )
        acts.append(
            {
                "act": "choose_view",
                "data": {"view": "people"},
                "label": _("See the register"),
                "icon": "mdi-account-group-outline",
            }
        )
        if result.rejected_rows:
            acts.append(
                {
                    "act": "download_rejects",
                    "label": _("Refused rows as a workbook"),
                    "icon": "mdi-file-download-outline",
                }
            )
        acts.append({"act": "restart_import", "label": _("Another file"), "icon": "mdi-file-replace-outline"})
        if result.run_id is not None:
            acts.append(
                {"act": "undo_import", "ask": result.run_id, "label": _("Undo"), "icon": "mdi-undo", "danger": True}
            )
        return {
            "title": _("{file} is imported").format(file=result.file_name),
            "text": self._counts(result),
            "acts": acts,
        }
