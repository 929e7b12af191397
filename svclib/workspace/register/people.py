"""Who is who on any day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.frames import frame_of_tuples
from svclib.workspace.policy import Group, Shown
from svclib.workspace.register.coarse import coarsened
from svclib.workspace.register.sight import COLUMNS, sight_of

if TYPE_CHECKING:
    import pandas as pd


class People(Area):
    """Who is who on any day."""

    @verb("register.people", writes=False)
    def people(
        self, tx: Transaction, on: date | str | None = None, *, unit: int | None = None, team: int | None = None
    ) -> pd.DataFrame:
        """List everybody employed, in a team or in training on a day, sorted by pinyin.

        One row a person, columns and kinds as in `sight.COLUMNS`; `unit` and `team` (ids) narrow the list. `phone` only
        tells that there is one (nothing is decrypted for a list); ID number and address are never listed. `intake` is
        the year of the intake that the person is a trainee of on that day. Columns that the role is not shown are
        empty; the analyst's rows are pseudonymous and coarser (`coarse.coarsened`).
        """
        sight = sight_of(tx, on)
        in_scope = tx.scope.people(sight.person.c.id, sight.day)
        chosen = sight.full().where(sight.present_as_set, *in_scope)
        if tx.shown(Group.NAMES) == Shown.MASKED:
            # Narrowed afterwards: else a row could be found out by asking for ever smaller groups.
            return coarsened(tx.connection.execute(chosen).all(), tx.vault, unit=unit, team=team)
        chosen = chosen.order_by(sight.person.c.pinyin, sight.person.c.id)
        if unit is not None:
            chosen = chosen.where(sight.of_unit(unit))
        if team is not None:
            chosen = chosen.where(sight.of_team(team))
        return frame_of_tuples(tx.connection.execute(chosen).all(), COLUMNS)
