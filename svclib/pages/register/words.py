"""Every word that the page's views show by themselves; what belongs to a record comes with the record."""

from __future__ import annotations

from svclib.i18n import noop as N_
from svclib.pages.parts.words import SHARED

WORDS: dict[str, str] = {
    **SHARED,
    # the bar
    "page_name": N_("Register"),
    "whole_province": N_("Whole province"),
    "scope_unit": N_("Unit"),
    "scope_day": N_("As of"),
    "scope_day_long": N_("Show the register as of"),
    "search_long": N_("Search by name, initials or number"),
    "search_short": N_("Name, initials, number"),
    # the panel
    "more": N_("More"),
    "show": N_("Show"),
    "history": N_("History"),
    "rules": N_("Composition rules"),
    "leaves": N_("leaves"),
    "change_day": N_("What if those ticked leave on"),
    # the composition
    "show_which": N_("Which teams are shown"),
    "as_bars": N_("As bars"),
    "as_table": N_("As a table"),
    "team": N_("Service team"),
    "unit": N_("Unit"),
    "members_of": N_("Party members"),
    "what_is_wrong": N_("To be dealt with"),
    "share_head": N_("Party members (%)"),
    "counted_head": N_("Party members (people)"),
    "size_head": N_("Members (people)"),
    "key_holds": N_("reaches the limit"),
    "key_under": N_("below the limit"),
    # the import
    "import_title": N_("Import a file"),
    "steps": N_("Steps"),
    "drop_here": N_("Drop a workbook here"),
    "drop_kinds": N_(".xlsx, .xls or .csv; nothing is saved before you confirm"),
    "choose_file": N_("Choose a file"),
    "sending": N_("Sending the file …"),
    "which_forms": N_("Which workbooks are understood"),
    "earlier_imports": N_("Earlier imports"),
    "stop_import": N_("Stop, writing nothing"),
    "undo_import": N_("Undo"),
    "undo_ask": N_("Undo this import?"),
    "undo_text": N_("Everything that it wrote is taken back. What was there before is there again."),
    "keep_import": N_("Keep it"),
    "other_file": N_("Another file"),
    "filter_preview": N_("Which rows are shown"),
    "rows": N_("rows"),
    "preview_table": N_("What the file would do, row by row"),
    "row_number": N_("Row"),
    "outcome": N_("Outcome"),
    "name": N_("Name"),
    "cell": N_("Column in the file"),
    "content": N_("Content"),
    "why": N_("Reason and advice"),
    "becomes": N_("becomes"),
    "blank": N_("(empty)"),
}
