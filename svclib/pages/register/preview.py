"""The rows of a preview: what a file would do to each row, cell by cell, a page at a time."""

from __future__ import annotations

from typing import Any

from svclib.i18n import gettext as _
from svclib.pages.parts.texts import number, present, records, text
from svclib.tabular.model import suggested
from svclib.workspace.importing import ImportResult
from svclib.workspace.importing.result import Action

PAGE = 20
ICONS: dict[Action, tuple[str, str]] = {
    "created": ("mdi-plus-circle-outline", "good"),
    "updated": ("mdi-pencil-circle-outline", "change"),
    "unchanged": ("mdi-equal", "plain"),
    "rejected": ("mdi-alert-circle-outline", "trouble"),
}
_CELL_TONES: dict[str, str] = {"created": "good", "updated": "change", "rejected": "trouble"}


def action_words() -> dict[Action, str]:
    """What becomes of a row, in one word."""
    return {"created": _("New"), "updated": _("Changed"), "unchanged": _("As before"), "rejected": _("Refused")}


class Preview:
    """A file's rows that are new, changed or refused; filtered by one of these, paged."""

    def __init__(self, result: ImportResult) -> None:
        self.result = result
        self.action: Action | None = "rejected" if result.rejected else None
        self.offset = 0
        lines = records(result.preview)
        self.columns = list(dict.fromkeys(str(line["column"]) for line in lines))
        self.rows: list[dict[str, Any]] = []
        places: dict[tuple[str, int], dict[str, Any]] = {}
        for line in lines:
            place = (str(line["sheet"]), int(line["row"]))
            row = places.get(place)
            if row is None:
                row = places[place] = {
                    "place": place,
                    "name": line["name"],
                    "key": line["key"],
                    "action": line["action"],
                    "cells": {},
                }
                self.rows.append(row)
            row["cells"][line["column"]] = line

    def choose(self, action: Action) -> None:
        """Show the rows of one kind; the same again, all that do something."""
        self.action = None if action == self.action else action
        self.offset = 0

    def turn(self, offset: int) -> None:
        self.offset = max(offset, 0) // PAGE * PAGE

    def counts(self) -> list[dict[str, Any]]:
        """The four figures above the rows, each a filter of them."""
        result = self.result
        figures: dict[Action, int] = {
            "created": result.created,
            "updated": result.updated,
            "unchanged": result.unchanged,
            "rejected": result.rejected_rows,
        }
        return [
            {
                "id": action,
                "label": word,
                "count": number(figures[action]),
                "icon": ICONS[action][0],
                "tone": ICONS[action][1] if figures[action] else "plain",
                "pressed": action == self.action,
            }
            for action, word in action_words().items()
        ]

    def view(self) -> dict[str, Any]:
        """Everything that the screen shows of the rows: only this page's."""
        chosen = [row for row in self.rows if self.action in {None, row["action"]}]
        page = chosen[self.offset : self.offset + PAGE]
        wide = self.action == "created"
        used = {column for row in page for column in row["cells"]}
        nothing = (
            _("These rows stand in the register exactly as in the file; they are not listed.")
            if self.action == "unchanged" and self.result.unchanged
            else _("There are no such rows.")
            if self.action
            else _("The file changes nothing.")
        )
        return {
            "columns": [column for column in self.columns if column in used] if wide else [],
            "rows": [self._row(row) for row in page],
            "reasons": any(present(cell["reason"]) for row in page for cell in row["cells"].values()),
            "total": len(chosen),
            "offset": self.offset,
            "limit": PAGE,
            "range": _("{first}–{last} of {total}").format(
                first=number(self.offset + 1), last=number(self.offset + len(page)), total=number(len(chosen))
            ),
            "nothing": nothing,
        }

    def _row(self, row: dict[str, Any]) -> dict[str, Any]:
        sheet, line = row["place"]
        icon, tone = ICONS[row["action"]]
        several = len(self.result.sheets) > 1
        return {
            "id": f"{sheet}/{line}",
            "place": f"{sheet} {line}" if several else str(line),
            "name": text(row["name"]) or text(row["key"]),
            "word": action_words()[row["action"]],
            "icon": icon,
            "tone": tone,
            "cells": {column: _cell(cell) for column, cell in row["cells"].items()},
            "summary": _(", ").join(f"{column} {text(cell['after'])}" for column, cell in row["cells"].items())
            if row["action"] == "created"
            else "",
        }


def _cell(line: dict[str, Any]) -> dict[str, str]:
    return {
        "tone": _CELL_TONES[line["action"]],
        "before": text(line["before"]),
        "after": text(line["after"]),
        "reason": text(line["reason"]),
        "suggestion": suggested(text(line["suggestion"])),
    }
