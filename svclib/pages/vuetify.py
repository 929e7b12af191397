"""Vuetify dressed for the suite: the colours of the design and the words that Vuetify itself puts on the screen."""

from __future__ import annotations

from typing import Any

from ipyvuetify.Themes import theme as vuetify_theme

from svclib.i18n import current_language
from svclib.i18n import gettext as _

LIGHT = {
    "background": "#F5F7F6",
    "surface": "#FFFFFF",
    "primary": "#00695C",
    "primary_darken_1": "#004D40",
    "secondary": "#37605A",
    "secondary_darken_1": "#244640",
    "error": "#B3261E",
    "info": "#0B5D8F",
    "success": "#2E7D32",
    "warning": "#A05F00",
}
DARK = {
    "background": "#121615",
    "surface": "#1C2220",
    "primary": "#4DB6AC",
    "primary_darken_1": "#00897B",
    "secondary": "#80CBC4",
    "secondary_darken_1": "#4DB6AC",
    "error": "#EF9A9A",
    "info": "#90CAF9",
    "success": "#81C784",
    "warning": "#FFB74D",
}


def dress_vuetify() -> None:
    """Give Vuetify's light and dark themes the suite's colours."""
    for theme, colours in ((vuetify_theme.themes.light, LIGHT), (vuetify_theme.themes.dark, DARK)):
        for name, colour in colours.items():
            setattr(theme, name, colour)


def vuetify_locale() -> str:
    """Vuetify's name of the language of this process."""
    return {"zh_CN": "zhHans"}.get(current_language(), current_language())


def vuetify_words() -> dict[str, Any]:
    """The words that Vuetify's parts say themselves, in its own structure; ipyvuetify ships the English ones alone."""
    return {
        "badge": _("Badge"),
        "open": _("Open"),
        "close": _("Close"),
        "dismiss": _("Dismiss"),
        "loading": _("Loading …"),
        "noDataText": _("Nothing there"),
        "confirmEdit": {"ok": _("Take over"), "cancel": _("Cancel")},
        "dataIterator": {"noResultsText": _("Nothing found"), "loadingText": _("Loading …")},
        "dataTable": {
            "itemsPerPageText": _("Rows per page:"),
            "ariaLabel": {
                "sortDescending": _("Sorted downwards."),
                "sortAscending": _("Sorted upwards."),
                "sortNone": _("Not sorted."),
                "activateNone": _("Activate to end sorting."),
                "activateDescending": _("Activate to sort downwards."),
                "activateAscending": _("Activate to sort upwards."),
            },
            "sortBy": _("Sort by"),
        },
        "dataFooter": {
            "itemsPerPageText": _("Rows per page:"),
            "itemsPerPageAll": _("All"),
            "nextPage": _("Next page"),
            "prevPage": _("Previous page"),
            "firstPage": _("First page"),
            "lastPage": _("Last page"),
            "pageText": _("{0}-{1} of {2}"),
        },
        "dateRangeInput": {"divider": _("to")},
        "datePicker": {
            "itemsSelected": _("{0} chosen"),
            "range": {"title": _("Choose days"), "header": _("Days")},
            "title": _("Choose a day"),
            "header": _("Day"),
            "input": {"placeholder": _("Day")},
            "ariaLabel": {
                "previousMonth": _("Previous month"),
                "nextMonth": _("Next month"),
                "selectYear": _("Choose the year"),
                "previousYear": _("Previous year"),
                "nextYear": _("Next year"),
                "selectMonth": _("Choose the month"),
                "selectDate": "{0}",
                "currentDate": _("Today, {0}"),
            },
        },
        "input": {
            "clear": _("Clear {0}"),
            "prependAction": _("{0}: action before"),
            "appendAction": _("{0}: action behind"),
            "otp": _("Character {0}"),
        },
        "fileInput": {"counter": _("{0} files"), "counterSize": _("{0} files ({1} together)")},
        "fileUpload": {"title": _("Drop files here"), "divider": _("or"), "browse": _("Choose files")},
        "timePicker": {
            "am": _("a.m."),
            "pm": _("p.m."),
            "title": _("Choose a time"),
            "hour": _("Hour"),
            "minute": _("Minute"),
            "second": _("Second"),
            "notAllowed": _("This value cannot be chosen"),
        },
        "pagination": {
            "ariaLabel": {
                "root": _("Pages"),
                "next": _("Next page"),
                "previous": _("Previous page"),
                "page": _("Go to page {0}"),
                "currentPage": _("Page {0}, shown now"),
                "first": _("First page"),
                "last": _("Last page"),
            }
        },
        "stepper": {"next": _("Continue"), "prev": _("Back")},
        "infiniteScroll": {"loadMore": _("Show more"), "empty": _("No more")},
    }
