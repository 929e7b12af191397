"""What leave takes from a plan: the stages of which somebody misses most, and those that the safety gate then shuts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select

from svclib.models import Absence, table
from svclib.rules.requests import days_missed
from svclib.rules.rotation import Learner, Problem, figures_from
from svclib.workspace.base import Transaction
from svclib.workspace.rotation.learning import read_taken, safety_of
from svclib.workspace.rotation.plans import stages_of

_ABSENCE = table(Absence)
Span = tuple[date, date]


class Missing:
    """When people are away, and what that means for the stages of a plan; why is not read."""

    def __init__(self, tx: Transaction, stored: Mapping[str, Any], people: Collection[int]) -> None:
        self._problem = Problem(stages_of(tx, stored["id"]), (), (), (), terms=figures_from(stored["terms"]).terms)
        self._settings = tx.settings
        self._taken = read_taken(tx, sorted(people))
        self.spans = absences_of(tx, people)

    def learner(self, learner: Learner, spans: Sequence[Span]) -> Learner:
        """The person, away on these days besides; `safe` and `lapsed` are what these days alone leave of them."""
        safe, lapsed = safety_of(self._settings, self._taken.get(learner.id, ()), spans)
        return replace(learner, away=(*learner.away, *spans), safe=safe, lapsed=lapsed)

    def with_leave(self, learner: Learner, span: Span) -> Learner:
        """The person, away on these days, too."""
        more = self.learner(learner, [*self.spans.get(learner.id, ()), span])
        return replace(more, away=(*learner.away, span))

    def stages(self, person_id: int, span: Span, *, asked: bool) -> set[int]:
        """The stages in which somebody has no placement because of these days, with what is written down beside them.

        `asked`: they are not written down yet. A stage counts of which most is missed, and one before which the safety
        examination is to be passed again.
        """
        written = self.spans.get(person_id, [])
        others = list(written)
        if span in others:
            others.remove(span)
        nobody = Learner(person_id, "", 0)
        before = self.learner(nobody, others)
        after = self.learner(nobody, [*written, span] if asked else written)
        return {
            stage.number
            for stage in self._problem.stages
            if (self._problem.is_away(after, stage) and days_missed(stage, *span))
            or (before.is_safe(stage.starts_on) and not after.is_safe(stage.starts_on))
        }


def absences_of(tx: Transaction, people: Collection[int]) -> dict[int, list[Span]]:
    """When these people are away; why is not read."""
    found: defaultdict[int, list[Span]] = defaultdict(list)
    columns = _ABSENCE.c["person_id", "starts_on", "ends_on"]
    for person_id, *span in tx.connection.execute(select(*columns).where(_ABSENCE.c.person_id.in_(sorted(people)))):
        found[person_id].append((span[0], span[1]))
    return dict(found)
