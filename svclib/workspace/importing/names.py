"""Finding units, teams, party bodies, crews and stations by what offices call them."""

from __future__ import annotations

from collections.abc import Callable

from svclib.i18n import gettext as _
from svclib.rules.imports import body_core, body_key, plain, station_key, team_core, team_key, unit_key
from svclib.tabular.names import Names
from svclib.workspace.importing.book import Book, Row


class Organisation:
    """The units and what is in them, by name; what is outside the scope (`knows`) is as if it were not there.

    `no_unit` is what is said of a unit's name, `{text}`, that is like none.
    """

    def __init__(
        self, book: Book, knows: Callable[[str, Row], bool] = lambda _table, _row: True, *, no_unit: str = ""
    ) -> None:
        self.book = book
        self.no_unit = no_unit or _("There is no unit {text} in the register.")
        self.units = Names(unit_key)
        self.bodies = Names(body_key, body_core)
        self.crews = Names(plain)
        self.teams = Names(team_key, team_core)
        self.stations = Names(station_key)
        for table in ("unit", "party_body", "crew", "team", "station"):
            for row in book.all(table):
                if knows(table, row):
                    self.learn(table, row)

    def learn(self, table: str, row: Row) -> Callable[[], None]:
        """Know one more record by its names. Return what takes it back."""
        if table == "unit":
            return self.units.add(row["id"], (row["short_name"], row["name"]))
        if table == "party_body":
            return self.bodies.add(row["id"], (row["name"],), row["unit_id"])
        if table == "crew":
            return self.crews.add(row["id"], (row["name"],), row["unit_id"])
        if table == "team":
            return self.teams.add(row["id"], (row["short_name"], row["official_name"]), row["unit_id"])
        return self.stations.add(row["id"], (row["name"],), row["team_id"])

    def create(self, table: str, values: Row) -> int:
        """Plan a new record and know it by its names, until the row at hand is rolled back."""
        row_id = self.book.insert(table, {"version": 1, **values})
        self.book.also(self.learn(table, self.book.get(table, row_id)))
        return row_id

    def name(self, table: str, row_id: int | None) -> str | None:
        """What a person reads for a record: the short name where there is one."""
        if row_id is None:
            return None
        row = self.book.get(table, row_id)
        return str(row.get("short_name") or row["name"])
