"""Every word that the page's views show by themselves; what belongs to a record comes with the record."""

from __future__ import annotations

from svclib.i18n import noop as N_
from svclib.pages.parts.words import SHARED

WORDS: dict[str, str] = {
    **SHARED,
    # the bar
    "page_name": N_("Rotation"),
    "plan": N_("Plan"),
    "unit": N_("Unit"),
    "all_units": N_("All units"),
    "search_long": N_("Search by name, initials, number or team"),
    "search_short": N_("Name, initials, team"),
    "no_plan": N_("There is no rotation plan yet"),
    "no_plan_text": N_("A plan says who goes to which team in which stage of the year. The coordinator makes it."),
    # the boards
    "person": N_("Trainee"),
    "team": N_("Service team"),
    "fixed": N_("fixed"),
    "key": N_("Signs"),
    "key_hard": N_("a rule that must hold is broken"),
    "key_weighed": N_("a weighed rule is missed"),
    "key_draft": N_("changed, not published"),
    # the panel
    "what_is_wrong": N_("What is broken"),
    "nothing_wrong": N_("No rule is broken here."),
    "the_year": N_("The whole year"),
    "where_else": N_("Why here, why not there"),
    "where_else_help": N_("All else unchanged. Costs are in kilometres: 1 is one kilometre of one way."),
    "here": N_("here now"),
    "would_break": N_("would break"),
    "would_mend": N_("would mend"),
    "move_here": N_("Move here"),
    "all_places": N_("Show all places"),
    "take_away": N_("Take the placement away"),
    "pin": N_("Fix here"),
    "unpin": N_("Free"),
    "who_is_there": N_("Who is there"),
    "nobody_there": N_("Nobody is placed here in this stage."),
    "mentor": N_("Mentor"),
    # the planning panel
    "plan_it": N_("Let a plan be proposed"),
    "preset": N_("What matters most"),
    "limit": N_("At most"),
    "start": N_("Begin the search"),
    "searching": N_("Searching …"),
    "stop": N_("Stop, with the best so far"),
    "elapsed": N_("seconds so far"),
    "page_alive": N_("The page goes on working meanwhile; nothing is written."),
    "accept": N_("Keep it as the draft"),
    "discard": N_("Forget it"),
    "again": N_("Search again"),
    "stage": N_("Stage"),
    "before": N_("Now"),
    "after": N_("Then"),
    "reason": N_("Reason"),
}
