"""Who is who on any day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.frames import frame_of_tuples
from svclib.workspace.register.days import day_of
from svclib.workspace.register.sight import COLUMNS, Sight

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
        the year of the intake that the person is a trainee of on that day.
        """
        sight = Sight(day_of(tx, on))
        chosen = sight.full().where(sight.present_as_set).order_by(sight.person.c.pinyin, sight.person.c.id)
        if unit is not None:
            chosen = chosen.where(sight.of_unit(unit))
        if team is not None:
            chosen = chosen.where(sight.of_team(team))
        return frame_of_tuples(tx.connection.execute(chosen).all(), COLUMNS)
