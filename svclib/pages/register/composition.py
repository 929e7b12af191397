"""Which teams need attention: shares against the limit, broken rules, sorted by trouble."""

from __future__ import annotations

from typing import Any, Literal

from svclib.i18n import gettext as _
from svclib.i18n import ngettext
from svclib.i18n import noop as N_
from svclib.pages.parts.texts import number, present, records
from svclib.pages.register.columns import Column, mark
from svclib.pages.register.export import workbook
from svclib.pages.register.scope import Scope
from svclib.pages.register.structure import GOOD, TROUBLE, broken_word, since_words
from svclib.rules.composition import Rule, percent, percentage

Pick = Literal["all", "trouble"]
PAGE = 15
EXPORTED = (
    Column("name", N_("Service team")),
    Column("unit", N_("Unit")),
    Column("percent", N_("Party members (%)"), kind="number"),
    Column("party", N_("Party members (people)"), kind="number"),
    Column("size", N_("Members (people)"), kind="number"),
    Column("wrong", N_("To be dealt with")),
)


class CompositionState:
    """The picture of all teams in scope, the most troubled first."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.pick: Pick = "all"
        self.offset = 0

    def choose(self, pick: Pick) -> None:
        self.pick, self.offset = pick, 0

    def turn(self, offset: int) -> None:
        self.offset = max(offset, 0) // PAGE * PAGE

    def scope_changed(self) -> None:
        self.offset = 0

    def rows(self) -> list[dict[str, Any]]:
        """One row per team: share, counts, and a chip per broken rule; trouble first, then the lowest share."""
        judged = self.scope.composition
        rows = [self._row(records(frame)) for _team, frame in judged.groupby("team_id", sort=False)]
        rows.sort(key=lambda row: (-len(row["chips"]) if row["broken"] else 0, row["percent"], row["name"]))
        return rows

    def _row(self, rules: list[dict[str, Any]]) -> dict[str, Any]:
        by_rule = {row["rule"]: row for row in rules}
        share, size = by_rule[Rule.MEMBER_SHARE], by_rule[Rule.SIZE]
        broken = [row for row in rules if not row["holds"]]
        figure = float(share["figure"]) if present(share["figure"]) else 0.0
        members = int(size["figure"])
        party = round(figure * members)
        words = [broken_word(row["rule"]) for row in broken]
        chips = [
            mark(TROUBLE, broken_word(row["rule"]), "trouble") | {"since": since_words(row["since"])} for row in broken
        ] or [mark(GOOD, _("Keeps the rules"), "good") | {"since": ""}]
        name, unit = str(share["team"]), str(share["unit"])
        return {
            "id": int(share["team_id"]),
            "name": name,
            "unit": unit,
            "percent": percentage(figure),
            "percent_text": f"{percentage(figure):.1f}",
            "share": percent(figure) if members else "–",
            "party": party,
            "size": members,
            "counts": _("{party} of {size}").format(party=party, size=members),
            "under": not share["holds"],
            "broken": len(broken),
            "chips": chips,
            "wrong": _(", ").join(words),
            "said": _("{team}, {unit}: {party} of {size} party members, {share}. {rules}").format(
                team=name,
                unit=unit,
                party=party,
                size=members,
                share=percent(figure),
                rules=_(", ").join(words) or chips[0]["word"],
            ),
        }

    def export(self) -> tuple[str, bytes]:
        """Name and content of a workbook of the teams shown: share, counts, what is wrong."""
        rows = [row for row in self.rows() if self.pick == "all" or row["broken"]]
        name = "-".join([self.scope.unit_name, _("Composition of teams"), self.scope.on.isoformat()]) + ".xlsx"
        return name, workbook(_("Composition of teams"), EXPORTED, rows)

    def title(self, teams: int, troubled: int) -> str:
        """The finding, as a sentence."""
        if not troubled:
            return ngettext("{n} service team keeps every rule", "All {n} service teams keep every rule", teams).format(
                n=number(teams)
            )
        return ngettext(
            "{troubled} of {n} service teams has to be dealt with",
            "{troubled} of {n} service teams have to be dealt with",
            troubled,
        ).format(n=number(teams), troubled=number(troubled))

    def view(self) -> dict[str, Any]:
        """Everything that the screen shows of the composition."""
        rows = self.rows()
        troubled = [row for row in rows if row["broken"]]
        limit = self.scope.ws.settings.member_share_min
        shown = troubled if self.pick == "trouble" else rows
        page = shown[self.offset : self.offset + PAGE]
        limit_label = _("limit {share}").format(share=percent(limit))
        return {
            "title": self.title(len(rows), len(troubled)) if rows else _("Composition of teams"),
            "lead": " · ".join(
                [
                    self.scope.unit_name,
                    self.scope.on_label,
                    _("share of party members among members, trainees not counted"),
                ]
            ),
            "chart_label": _("Share of party members by team; {limit}").format(limit=limit_label),
            "picks": [
                {
                    "id": "all",
                    "label": _("All"),
                    "icon": "mdi-format-list-bulleted",
                    "count": number(len(rows)),
                    "pressed": self.pick == "all",
                },
                {
                    "id": "trouble",
                    "label": _("To be dealt with"),
                    "icon": "mdi-alert-outline",
                    "count": number(len(troubled)),
                    "pressed": self.pick == "trouble",
                },
            ],
            "exports": self.scope.ws.may("register.export"),
            "limit": round(limit * 100, 1),
            "limit_label": limit_label,
            "rows": page,
            "total": len(shown),
            "offset": self.offset,
            "size": PAGE,
            "range": _("{first}–{last} of {total}").format(
                first=number(self.offset + 1), last=number(self.offset + len(page)), total=number(len(shown))
            ),
            "empty": None if shown else self._empty(bool(rows)),
        }

    def _empty(self, teams: bool) -> dict[str, Any]:
        if teams:
            return {
                "icon": "mdi-check-decagram-outline",
                "title": _("Every team keeps every composition rule"),
                "text": _("Nothing has to be done on this day."),
                "acts": [
                    {
                        "act": "pick_teams",
                        "data": {"pick": "all"},
                        "label": _("Show all teams"),
                        "icon": "mdi-format-list-bulleted",
                    }
                ],
            }
        if not self.scope.ws.may("register.import_structure"):
            return {
                "icon": "mdi-account-group-outline",
                "title": _("No service team is within your duties on this day"),
                "text": _("Here you see at once which teams break a composition rule, and since when."),
                "acts": [],
            }
        return {
            "icon": "mdi-account-group-outline",
            "title": _("There are no service teams yet"),
            "text": _(
                "Here you see at once which teams break a composition rule, and since when. "
                "Start with the list of teams."
            ),
            "acts": [
                {
                    "act": "choose_view",
                    "data": {"view": "import"},
                    "label": _("Import a file"),
                    "icon": "mdi-file-upload-outline",
                }
            ],
        }
