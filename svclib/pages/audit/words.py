"""Every word that the page's views show by themselves; what belongs to a row comes with the row."""

from __future__ import annotations

from svclib.i18n import noop as N_
from svclib.pages.parts.words import SHARED

WORDS: dict[str, str] = {
    **SHARED,
    "page_name": N_("Trail"),
    "search_long": N_("Search by person, team or account"),
    "search_short": N_("Person, team, account"),
    "days": N_("Days shown"),
    "since": N_("First day"),
    "until": N_("Last day"),
    "verify": N_("Check the trail now"),
    "anchor": N_("Anchor now"),
    "changes": N_("What was changed"),
    "field": N_("Field"),
    "before": N_("Before"),
    "after": N_("After"),
    "changed_unseen": N_("Changed (not shown)"),
    "nothing": N_("nothing"),
}
