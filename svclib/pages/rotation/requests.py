"""Requests on the page: listed by state, one opened with what it would mean, a new one filed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from svclib.errors import NotFound, RuleBroken
from svclib.i18n import gettext as _
from svclib.i18n import ngettext
from svclib.models import RequestKind, RequestState, label
from svclib.pages.parts.forms import Form
from svclib.pages.parts.open_form import OpenForm, Standing
from svclib.pages.parts.texts import moment, number, present, records, text
from svclib.pages.rotation.chosen import Chosen, Plan, Row
from svclib.pages.rotation.request_form import asked_for, request_form
from svclib.workspace.rotation import Effect

PAGE = 20
_DRAFT = "rotation/request"
_LOOKS: Mapping[str, tuple[str, str]] = {
    RequestState.PENDING: ("attention", "mdi-timer-sand"),
    RequestState.APPROVED: ("good", "mdi-check-circle-outline"),
    RequestState.RETURNED: ("trouble", "mdi-undo-variant"),
    RequestState.WITHDRAWN: ("plain", "mdi-close"),
}
_KINDS: Mapping[str, str] = {
    RequestKind.ABSENCE: "mdi-calendar-remove-outline",
    RequestKind.CHANGE: "mdi-swap-horizontal",
}


class Requests:
    """Which requests about the chosen plan are shown, and which one is open."""

    def __init__(self, chosen: Chosen) -> None:
        self.chosen = chosen
        self.state: str | None = None
        self.open_id: int | None = None
        self.reason: str | None = None
        self.offset = 0
        self._effect: tuple[Plan, int, int, Effect] | None = None

    # What a person can do with it ------------------------------------------------------------------------------

    def filter(self, state: str | None) -> None:
        """List those in a state, or all."""
        self.state, self.offset = (None if state == self.state else state), 0

    def turn(self, offset: int) -> None:
        self.offset = max(offset, 0) // PAGE * PAGE

    def open(self, request_id: int) -> None:
        """Show one request. Raises NotFound for one that is not listed."""
        if request_id not in {int(row["id"]) for row in self._rows(self.chosen.plan)}:
            raise NotFound(_("There is no request number {number}.").format(number=request_id))
        self.close()
        self.open_id = request_id

    def close(self) -> None:
        """Show no request."""
        self.open_id = self.reason = None

    def read_reason(self) -> None:
        """Show why it is asked; the trail tells that it was read. Raises Forbidden."""
        self.reason = self.chosen.ws.rotation.request_reason(self._opened()) or ""

    def approve(self, answer: str, name: str) -> int:
        """Approve the open request and return how many published placements have to change."""
        row = self._row(self._opened())
        decided = self.chosen.ws.rotation.approve_request(
            int(row["id"]), version=int(row["version"]), answer=answer, decided_by=name.strip() or None
        )
        self.chosen.forget()
        return len(decided.touched)

    def send_back(self, answer: str, name: str) -> None:
        """Send the open request back with a reason."""
        row = self._row(self._opened())
        self.chosen.ws.rotation.return_request(
            int(row["id"]), answer, version=int(row["version"]), decided_by=name.strip() or None
        )

    def revoke(self, answer: str, name: str) -> None:
        """Revoke the approval of the open request with a reason."""
        row = self._row(self._opened())
        self.chosen.ws.rotation.revoke_request(
            int(row["id"]), answer, version=int(row["version"]), decided_by=name.strip() or None
        )
        self.chosen.forget()

    def withdraw(self) -> None:
        """Take the open request back."""
        row = self._row(self._opened())
        self.chosen.ws.rotation.withdraw_request(int(row["id"]), version=int(row["version"]))

    def export(self) -> tuple[str, bytes]:
        """Name and content of form 9 with all that is listed: of the chosen unit, in the chosen state."""
        plan, unit = self.chosen.plan, self.chosen.unit_id
        content = self.chosen.ws.rotation.requests_workbook(plan.name, state=self.state, unit=unit)
        return "-".join(filter(None, (_("Requests"), plan.name, plan.units.get(unit or 0, "")))) + ".xlsx", content

    def form(self, plan: int, standing: Standing) -> OpenForm:
        """The form of a new request about a plan, with what was typed into it and not filed. Raises NotFound."""
        self.chosen.turn_to(plan)
        ws, key = self.chosen.ws, f"{_DRAFT}/{plan}"
        return OpenForm(ws, key, lambda: request_form(self.chosen), self._file, standing=standing)

    def _file(self, _form: Form, read: Mapping[str, Any]) -> str:
        ws = self.chosen.ws
        person_id, kind, asked = asked_for(read, ws.access.me().display_name)
        filed = ws.rotation.request(self.chosen.plan.id, person_id, kind, **asked)
        self.close()
        self.state, self.open_id = None, filed
        return _("The request is filed and waits for a decision.")

    # What it shows ---------------------------------------------------------------------------------------------

    def view(self) -> dict[str, Any]:
        """Everything that the screen shows of it."""
        plan = self.chosen.plan
        every = self._rows(plan)
        listed = [row for row in every if self.state in (None, row["state"])]
        self.offset = min(self.offset, max(len(listed) - 1, 0) // PAGE * PAGE)
        page = listed[self.offset : self.offset + PAGE]
        opened = next((row for row in every if row["id"] == self.open_id), None)
        total = len(listed)
        return {
            "title": ngettext("{n} request", "{n} requests", total).format(n=number(total)),
            "filters": self._filters(every),
            "rows": [self._line(row) for row in page],
            "total": total,
            "offset": self.offset,
            "size": PAGE,
            "range": _("{first}–{last} of {total}").format(
                first=number(self.offset + 1 if page else 0), last=number(self.offset + len(page)), total=number(total)
            ),
            "files": self.chosen.ws.may("rotation.request"),
            "opened": None if opened is None else self._detail(plan, opened),
        }

    def _rows(self, plan: Plan) -> list[Row]:
        rows = records(self.chosen.ws.rotation.requests(plan.id))
        unit = self.chosen.unit_id
        return [row for row in rows if unit is None or row["unit_id"] == unit]

    def _row(self, request_id: int) -> Row:
        for row in self._rows(self.chosen.plan):
            if row["id"] == request_id:
                return row
        raise NotFound(_("There is no request number {number}.").format(number=request_id))

    def _opened(self) -> int:
        if self.open_id is None:
            raise NotFound(_("No request is open."))
        return self.open_id

    def _filters(self, every: list[Row]) -> list[dict[str, Any]]:
        states: list[tuple[str | None, str]] = [(None, _("All"))]
        states += [(one.value, label(one)) for one in RequestState]
        return [
            {
                "id": state,
                "label": word,
                "count": number(sum(state in (None, row["state"]) for row in every)),
                "pressed": state == self.state,
            }
            for state, word in states
        ]

    def _line(self, row: Row) -> dict[str, Any]:
        tone, icon = _LOOKS[row["state"]]
        return {
            "id": int(row["id"]),
            "name": str(row["name"]),
            "unit": text(row["unit"]),
            "about": {"icon": _KINDS[row["kind"]], "word": label(RequestKind(row["kind"]))},
            "when": _when(row),
            "where": _where(row),
            "word": label(RequestState(row["state"])),
            "tone": tone,
            "icon": icon,
            "open": _("not in the published plan yet") if row["open"] else "",
            "now": row["id"] == self.open_id,
        }

    def _detail(self, plan: Plan, row: Row) -> dict[str, Any]:
        ws, zone = self.chosen.ws, self.chosen.ws.settings.timezone
        facts = [
            (_("When"), _when(row)),
            (_("Present place"), text(row["present"]) or _("nothing was published when it was asked")),
            (_("Place asked for"), _where(row)),
            (_("Asked by"), _asked(row)),
            (_("Recorded at"), moment(row["recorded_at"].to_pydatetime(), zone)),
        ]
        if present(row["claim"]):
            facts.append((_("What the paper says"), label(RequestState(row["claim"]))))
        if present(row["decided_at"]):
            by = f"{text(row['decided_by'])} {moment(row['decided_at'].to_pydatetime(), zone)}"
            taken_back = row["state"] == RequestState.WITHDRAWN
            facts.append((_("Withdrawn by") if taken_back else _("Settled by"), by))
        if present(row["answer"]):
            waits = row["state"] == RequestState.PENDING
            told = _("Why the approval was revoked") if waits else _("Words of the decision")
            facts.append((told, text(row["answer"])))
        return {
            **self._line(row),
            "facts": [{"label": name, "value": value} for name, value in facts],
            "has_reason": bool(row["reason_readable"]),
            "reason": self.reason,
            "effect": self._effect_of(plan, row),
            "decides": ws.may("rotation.approve_request") and row["state"] == RequestState.PENDING,
            "blocker": text(row["decidable"]),
            "asks_name": ws.access.me().role is None,
            "withdraws": not text(row["withdrawable"]),
            "revokes": ws.may("rotation.revoke_request") and not text(row["revocable"]),
            "acts": self._acts(plan, row),
        }

    def _effect_of(self, plan: Plan, row: Row) -> dict[str, Any] | None:
        """What it would mean, while that can still be decided."""
        if row["state"] != RequestState.PENDING or not self.chosen.ws.may("rotation.request_effect"):
            return None
        request_id, version = int(row["id"]), int(row["version"])
        if self._effect is None or self._effect[0] is not plan or self._effect[1:3] != (request_id, version):
            try:
                effect = self.chosen.ws.rotation.request_effect(request_id)
            except RuleBroken as error:
                # The stage is over, say: it can still be sent back.
                return _weighed(str(error), Effect(()))
            self._effect = plan, request_id, version, effect
        found = self._effect[3]
        touched = len(found.touched)
        said = ngettext(
            "{n} published placement would have to change.", "{n} published placements would have to change.", touched
        ).format(n=touched)
        return _weighed(said if touched else _("No published placement has to change."), found)

    def _acts(self, plan: Plan, row: Row) -> list[dict[str, Any]]:
        """What there is to do after an approval: plan anew, or move by hand."""
        if not row["open"] or not self.chosen.ws.may("rotation.propose"):
            return []
        search = {"preset": "least_change", "seconds": 60}
        found: list[dict[str, Any]] = [
            {"act": "start_search", "data": search, "label": _("Plan anew with as few moves as possible"), "main": True}
        ]
        stages = [int(row["stage"])] if present(row["stage"]) else _stages_of(plan, row)
        for stage in stages:
            if (int(row["person_id"]), stage) in plan.placements:
                where = {"person": int(row["person_id"]), "stage": stage}
                told = _("Move by hand: stage {number}").format(number=stage)
                found.append({"act": "open_cell", "data": where, "label": told, "main": False})
        return found


def _weighed(said: str, found: Effect) -> dict[str, Any]:
    cost = _("The plan would cost {n} more.").format(n=f"{found.cost or 0:+,.0f}")
    fixes = "" if found.fixes is None else _("Approving fixes the person at: {place}").format(place=found.fixes)
    cheapest = "" if found.place in (None, found.fixes) else _("Cheapest there: {place}").format(place=found.place)
    return {
        "said": said,
        "touched": list(found.touched),
        "place": " · ".join(filter(None, (fixes, cheapest))),
        "cost": "" if found.cost is None else cost if round(found.cost) else _("Costs nothing."),
        "breaks": list(found.breaks),
        "mends": list(found.mends),
        "hard": not found.allowed,
    }


def _stages_of(plan: Plan, row: Row) -> list[int]:
    return [
        int(one["number"])
        for one in plan.stages
        if one["starts_on"] < row["ends_on"] and row["starts_on"] < one["ends_on"]
    ]


def _when(row: Row) -> str:
    last = row["ends_on"] - timedelta(days=1)
    days = f"{text(row['starts_on'])} – {text(last)}"
    if not present(row["stage"]):
        return days
    return " ".join((_("Stage {number}").format(number=row["stage"]), days))


def _where(row: Row) -> str:
    if row["kind"] == RequestKind.ABSENCE:
        return _("not on duty")
    return text(row["wanted"]) or _("Any other team")


def _asked(row: Row) -> str:
    who = text(row["asked_by"]) if row["by_person"] else _("{name}, for the unit").format(name=text(row["asked_by"]))
    return " ".join(filter(None, (who, text(row["asked_on"]))))
