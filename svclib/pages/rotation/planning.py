"""The planning panel: two presets, the search as it goes on, what it has found, and what becomes of that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from svclib.errors import RuleBroken
from svclib.i18n import gettext as _
from svclib.i18n import ngettext
from svclib.pages.parts.texts import number, records, text
from svclib.pages.rotation.chosen import Chosen, Row
from svclib.pages.rotation.searching import Running
from svclib.planning.rotation import Status
from svclib.rules.rotation import RULE_LABELS, Rule
from svclib.workspace.rotation import Proposal

Preset = Literal["balanced", "least_change"]
SECONDS = (20, 60, 300, 900)
WORST = 5
CHANGES = 20
BINS = 8


class Planning:
    """For each plan its search, one at a time. `tell` is called while it goes on."""

    def __init__(self, chosen: Chosen) -> None:
        self.chosen = chosen
        self.tell: Callable[[], None] = lambda: None
        self.preset: Preset | None = None
        self.seconds = SECONDS[1]
        self._searches: dict[int, Running] = {}
        self._changes: tuple[Proposal, list[Row]] | None = None

    # What a person can do with it ------------------------------------------------------------------------------

    def start(self, preset: Preset, seconds: int) -> None:
        """Begin to search. Raises RuleBroken while one is going on, for whatever plan."""
        plan = self.chosen.plan
        going = next((one for one, search in self._searches.items() if not search.ended), None)
        if going == plan.id:
            raise RuleBroken(_("A search is going on already. Stop it first."))
        if going is not None:
            told = _("A search for the plan {name} is going on. Let it end, or choose that plan and stop it.")
            names = {int(one["id"]): str(one["name"]) for one in self.chosen.listed}
            raise RuleBroken(told.format(name=names.get(going, going)))
        self.preset, self.seconds = preset, seconds
        search = self.chosen.ws.rotation.search(plan.id, preset=preset, time_limit_s=float(seconds))
        self._searches[plan.id] = Running(search, lambda: self.tell())

    def stop(self) -> None:
        """End the search at once with the best so far."""
        if self.running is not None:
            self.running.stop()

    def accept(self) -> int:
        """Keep what was found as the plan's draft; how many placements it has. Raises RuleBroken, StaleRecord."""
        found = self._found
        if found is None or not found.found:
            raise RuleBroken(_("There is no plan to keep."))
        self.chosen.ws.rotation.save_draft(found)
        del self._searches[found.plan_id]
        return len(found.placements)

    def discard(self) -> None:
        """Forget what was found."""
        self.stop()
        self._searches.pop(self.chosen.plan.id, None)

    @property
    def running(self) -> Running | None:
        """The search for the chosen plan: what is found for one is never shown with another, nor kept there."""
        return self._searches.get(self.chosen.plan.id)

    @property
    def _found(self) -> Proposal | None:
        return self.running.proposal if self.running is not None else None

    # What it shows ---------------------------------------------------------------------------------------------

    def view(self) -> dict[str, Any]:
        """Everything that the screen shows of the search."""
        plan = self.chosen.plan
        running = self.running
        usual: Preset = "least_change" if int(plan.row["published_version"]) else "balanced"
        return {
            "step": "choose" if running is None else "found" if running.ended else "searching",
            "preset": self.preset or usual,
            "presets": [
                {
                    "id": "balanced",
                    "label": _("Balanced"),
                    "text": _("Short ways, wishes, even loads: the best plan as a whole. Fixed placements stay."),
                },
                {
                    "id": "least_change",
                    "label": _("Least change"),
                    "text": _("After publication: moves as few published placements as possible, each with a reason."),
                },
            ],
            "seconds": self.seconds,
            "limits": [{"id": one, "label": _seconds(one)} for one in SECONDS],
            "about": ngettext("{n} trainee", "{n} trainees", len(plan.people)).format(n=number(len(plan.people)))
            + " · "
            + ngettext("{n} stage", "{n} stages", len(plan.stages)).format(n=len(plan.stages)),
            "live": self._live(running) if running is not None and not running.ended else None,
            "found": self._result(running) if running is not None and running.ended else None,
        }

    def _live(self, running: Running) -> dict[str, Any]:
        progress = running.progress
        return {
            "seconds": round(running.seconds, 1),
            "limit": self.seconds,
            "figures": _figures(progress.objective, progress.bound, progress.gap),
            "said": _("There is a plan already; a better one is looked for.")
            if progress.objective is not None
            else _("Looking for a first plan …"),
        }

    def _result(self, running: Running) -> dict[str, Any]:
        found = running.proposal
        if found is None:
            return {"tone": "trouble", "icon": "mdi-alert-circle-outline", "title": running.problem, "lines": []} | {
                "accepts": False,
                "figures": [],
                "groups": [],
                "spread": None,
                "changes": None,
            }
        tone, icon, title = _verdict(found)
        return {
            "tone": tone,
            "icon": icon,
            "title": title,
            "lines": list(found.conflict),
            "accepts": found.found,
            "figures": [
                *_figures(found.objective, found.bound, found.gap),
                {"label": _("Placements"), "value": number(len(found.placements))},
                {"label": _("Seconds"), "value": f"{found.seconds:.1f}"},
            ],
            "groups": _groups(found) if found.found else [],
            "spread": _spread(found) if found.found else None,
            "changes": self._diff(found) if found.found else None,
        }

    def _diff(self, found: Proposal) -> dict[str, Any]:
        """What would change of what stands now."""
        if self._changes is None or self._changes[0] is not found:
            rows = records(self.chosen.ws.rotation.diff(found.plan_id, None, found.placements))
            self._changes = found, rows
        rows = self._changes[1]
        moved = [row for row in rows if row["change"] != "added"]
        return {
            "title": ngettext(
                "{n} placement that stands now would change", "{n} placements that stand now would change", len(moved)
            ).format(n=number(len(moved))),
            "rows": [change_line(row) for row in moved[:CHANGES]],
            "more": _("… and {n} more").format(n=number(len(moved) - CHANGES)) if len(moved) > CHANGES else "",
        }


def change_line(row: Row) -> dict[str, str]:
    """One row of a comparison, as it is shown."""
    old = " ".join(filter(None, (text(row["old_team"]), text(row["old_place"]))))
    new = " ".join(filter(None, (text(row["new_team"]), text(row["new_place"]))))
    stage = _("Stage {number}").format(number=row["stage"])
    return {"who": str(row["name"]), "stage": stage, "old": old, "new": new, "reason": text(row["reason"])}


def _seconds(seconds: int) -> str:
    if seconds < 60:
        return ngettext("{n} second", "{n} seconds", seconds).format(n=seconds)
    return ngettext("{n} minute", "{n} minutes", seconds // 60).format(n=seconds // 60)


def _figures(objective: float | None, bound: float | None, gap: float | None) -> list[dict[str, str]]:
    unknown = _("not known yet")
    return [
        {"label": _("Cost of the plan"), "value": unknown if objective is None else f"{objective:,.0f}"},
        {"label": _("No plan costs less than"), "value": unknown if bound is None else f"{bound:,.0f}"},
        {"label": _("Gap (%)"), "value": unknown if gap is None else f"{100 * gap:.2f}"},
    ]


def _verdict(found: Proposal) -> tuple[str, str, str]:
    gap = "" if found.gap is None else f"{100 * found.gap:.2f}"
    at_most = _("No plan is better by more than {gap} %.").format(gap=gap) if gap else ""
    return {
        Status.OPTIMAL: ("good", "mdi-check-decagram-outline", _("Proved: no plan is better.")),
        Status.WITHIN_GAP: ("good", "mdi-check-decagram-outline", at_most),
        Status.STOPPED: (
            "attention",
            "mdi-timer-sand",
            " ".join(filter(None, (_("The best plan when the search ended."), at_most))),
        ),
        Status.INFEASIBLE: (
            "trouble",
            "mdi-alert-circle-outline",
            _("No plan keeps all rules that must hold. These cannot go together:"),
        ),
        Status.UNKNOWN: (
            "trouble",
            "mdi-timer-sand",
            _("No plan was found before the search ended. Give it more time."),
        ),
    }[found.status]


def _groups(found: Proposal) -> list[dict[str, Any]]:
    causes = {
        "distance": _("Kilometres from home"),
        "wishes": _("Wishes passed over"),
        "strained": _("Teams with a composition problem"),
        "uneven": _("Uneven loads"),
        "unfair": _("Burden on the worst-off"),
        "changes": _("Published placements moved"),
    }
    labels = causes | {rule.value: _(RULE_LABELS[rule]) for rule in Rule}
    parts = sorted(found.parts.items(), key=lambda item: -item[1])
    worst = records(found.burden().head(WORST))
    groups = [
        {
            "title": _("What it costs, by cause"),
            "rows": [{"label": labels.get(name, name), "value": f"{cost:,.0f}"} for name, cost in parts],
        },
        {
            "title": _("Who bears most"),
            "rows": [{"label": str(row["name"]), "value": f"{row['burden']:,.0f}"} for row in worst],
        },
    ]
    told = [
        (_("Weighed rules that are missed"), found.violations),
        (_("Not placed: the safety gate is shut"), found.waiting),
    ]
    groups += [
        {"title": title, "rows": [{"label": one, "value": ""} for one in sentences]}
        for title, sentences in told
        if sentences
    ]
    return groups


def _spread(found: Proposal) -> dict[str, Any] | None:
    """How the burden is spread over the people: how many bear how much."""
    burdens = list(found.burden()["burden"])
    if not burdens:
        return None
    width = max(max(burdens) / BINS, 1e-9)
    counts = [0] * BINS
    for burden in burdens:
        counts[min(int(burden / width), BINS - 1)] += 1
    most = max(counts)
    return {
        "title": _("How the burden is spread (people by cost)"),
        "bars": [
            {
                "label": f"{n * width:,.0f}–{(n + 1) * width:,.0f}",
                "count": number(count),
                "percent": round(100 * count / most),
            }
            for n, count in enumerate(counts)
        ],
    }
