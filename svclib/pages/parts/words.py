"""Words of the frame and of the parts that all pages have."""

from __future__ import annotations

from svclib.i18n import noop as N_

SHARED: dict[str, str] = {
    "suite": N_("Service teams"),
    "skip": N_("Skip to the content"),
    "close": N_("Close"),
    "cancel": N_("Cancel"),
    "required": N_("(required)"),
    "choose": N_("Please choose"),
    "filter_options": N_("Type a name or its initials"),
    "no_option": N_("Nothing matches"),
    "day_form": "2026-07-01",
    "open_calendar": N_("Open the calendar"),
    "clear_search": N_("Clear the search"),
    "my_menu": N_("My menu"),
    "language": N_("Language"),
    "theme": N_("Appearance"),
    "light": N_("Light"),
    "dark": N_("Dark"),
    "printed": N_("printed"),
    "cards_label": N_("Figures; each chooses what is listed below"),
    "shown_below": N_("shown"),
    "columns": N_("Columns"),
    "export": N_("Export"),
    "add_person": N_("Add a person"),
    "remove_filter": N_("Remove the filter"),
    "clear_filters": N_("Clear all filters"),
    "pager": N_("Pages"),
    "rows_per_page": N_("Rows per page"),
    "first_page": N_("First page"),
    "previous_page": N_("Previous page"),
    "next_page": N_("Next page"),
    "last_page": N_("Last page"),
    "close_panel": N_("Close the details (Esc)"),
    "discard_draft": N_("Discard the draft"),
}
