"""Publishing a plan: what stands in the way, what goes to whom, the versions that were, and how two of them differ."""

from __future__ import annotations

from collections import Counter
from typing import Any, Literal

from svclib.errors import RuleBroken
from svclib.i18n import gettext as _
from svclib.i18n import ngettext
from svclib.pages.parts.texts import moment, number, records, text
from svclib.pages.rotation.chosen import Chosen, Plan, Row
from svclib.pages.rotation.planning import change_line

PAGE = 20
BLOCKERS = 5
Version = int | Literal["draft", "published"]


class Publishing:
    """The publication of the chosen plan, and which two of its versions are compared."""

    def __init__(self, chosen: Chosen) -> None:
        self.chosen = chosen
        self.old: Version | None = None
        self.new: Version | None = None
        self.offset = 0
        self._diff: tuple[Plan, tuple[Version, Version], list[Row]] | None = None

    # What a person can do with it ------------------------------------------------------------------------------

    def publish(self, name: str) -> int:
        """Publish the draft and return the version's number. `name` says who decides where no account does."""
        plan, ws = self.chosen.plan, self.chosen.ws
        decided_by = name.strip() if self._nameless else ws.access.me().display_name
        if not decided_by:
            raise RuleBroken(_("Say who decides."), field="name")
        number_ = ws.rotation.publish(plan.id, version=plan.version, decided_by=decided_by)
        self.old = self.new = None
        return number_

    def compare(self, old: Version, new: Version) -> None:
        """Compare two versions. Raises RuleBroken for one that there is not."""
        known = {one["id"] for one in self._options(self.chosen.plan)}
        if not {old, new} <= known:
            raise RuleBroken(_("There is no such version."))
        self.old, self.new, self.offset = old, new, 0

    def turn(self, offset: int) -> None:
        self.offset = max(offset, 0) // PAGE * PAGE

    def discard(self) -> None:
        """Take the draft back: what is published stands."""
        plan = self.chosen.plan
        self.chosen.ws.rotation.discard_draft(plan.id, version=plan.version)

    # What it shows ---------------------------------------------------------------------------------------------

    @property
    def _nameless(self) -> bool:
        """Whether no account decides: at this machine, without a login."""
        return self.chosen.ws.access.me().role is None

    def view(self) -> dict[str, Any]:
        """Everything that the screen shows of it."""
        plan = self.chosen.plan
        publishes = self.chosen.ws.may("rotation.publish")
        return {
            "publish": self._publish(plan) if publishes else None,
            "versions": self._versions(plan),
            "heads": [_("Version"), _("Published at"), _("By"), _("Placements"), _("Moved"), _("Cost")],
            "compare": self._compared(plan),
        }

    def blockers(self, plan: Plan) -> list[str]:
        """Why the draft cannot be published now; empty when it can."""
        if not int(plan.row["drafts"]):
            return [_("Nothing has been changed since the last version.")]
        sentences = list(dict.fromkeys(str(one["sentence"]) for one in plan.hard))
        if not sentences:
            return []
        told = sentences[:BLOCKERS]
        if len(sentences) > BLOCKERS:
            told.append(_("… and {n} more").format(n=number(len(sentences) - BLOCKERS)))
        return [_("Rules that must hold are broken:"), *told]

    def _publish(self, plan: Plan) -> dict[str, Any]:
        blockers = self.blockers(plan)
        rows = [] if blockers else self._rows(plan, ("published", "draft"))
        people: dict[str, set[int]] = {}
        for row in rows:
            people.setdefault(text(row["unit"]), set()).add(int(row["person_id"]))
        moved = sum(row["change"] != "added" for row in rows)
        version = int(plan.row["published_version"]) + 1
        return {
            "blockers": blockers,
            "drafts": int(plan.row["drafts"]),
            "button": _("Publish version {number}").format(number=version),
            "title": _("Publish version {number} of plan {plan}?").format(number=version, plan=plan.name),
            "text": _(
                "Your name stands under it. From then on everybody sees the own placements; it cannot be taken back, "
                "only changed by a further version."
            ),
            "asks_name": self._nameless,
            "moved": ngettext("{n} published placement changes", "{n} published placements change", moved).format(
                n=number(moved)
            )
            if int(plan.row["published_version"])
            else "",
            "units": [
                {
                    "name": unit or "–",
                    "people": ngettext("{n} person", "{n} people", len(ids)).format(n=number(len(ids))),
                    "rows": number(Counter(text(row["unit"]) for row in rows)[unit]),
                }
                for unit, ids in people.items()
            ],
        }

    def _versions(self, plan: Plan) -> list[dict[str, Any]]:
        zone = self.chosen.ws.settings.timezone
        return [
            {
                "number": int(row["number"]),
                "cells": [
                    str(row["number"]),
                    moment(row["published_at"].to_pydatetime(), zone),
                    str(row["published_by"]),
                    number(int(row["placements"])),
                    number(int(row["moved"])),
                    f"{row['cost']:,.0f}",
                ],
            }
            for row in records(self.chosen.ws.rotation.versions(plan.id))
        ]

    def _options(self, plan: Plan) -> list[dict[str, Any]]:
        """The versions to choose from, oldest first, the draft last."""
        listed: list[dict[str, Any]] = [
            {"id": one, "label": _("Version {number}").format(number=one)}
            for one in range(1, int(plan.row["published_version"]) + 1)
        ]
        if self.chosen.ws.may("rotation.save_draft"):
            listed.append({"id": "draft", "label": _("Draft")})
        return listed

    def _compared(self, plan: Plan) -> dict[str, Any] | None:
        options = self._options(plan)
        if len(options) < 2:
            return None
        ids = [one["id"] for one in options]
        old: Version = self.old if self.old is not None and self.old in ids else ids[-2]
        new: Version = self.new if self.new is not None and self.new in ids else ids[-1]
        rows = self._rows(plan, (old, new))
        differing = ngettext("{n} placement differs", "{n} placements differ", len(rows))
        self.offset = min(self.offset, max(len(rows) - 1, 0) // PAGE * PAGE)
        page = rows[self.offset : self.offset + PAGE]
        return {
            "options": options,
            "old_id": old,
            "new_id": new,
            "sentence": differing.format(n=number(len(rows))),
            "rows": [{**change_line(row), "unit": text(row["unit"])} for row in page],
            "total": len(rows),
            "offset": self.offset,
            "size": PAGE,
            "range": _("{first}–{last} of {total}").format(
                first=number(self.offset + 1 if page else 0),
                last=number(self.offset + len(page)),
                total=number(len(rows)),
            ),
        }

    def _rows(self, plan: Plan, versions: tuple[Version, Version]) -> list[Row]:
        if self._diff is None or self._diff[0] is not plan or self._diff[1] != versions:
            self._diff = plan, versions, records(self.chosen.ws.rotation.diff(plan.id, *versions))
        return self._diff[2]
