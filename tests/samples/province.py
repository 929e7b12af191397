"""Looking things up in the demo province."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from svclib.demo import TODAY, generate
from svclib.models import label

Row = dict[str, Any]


@dataclass
class Sight:
    """The small demo province as it stands on its day."""

    rows: dict[str, list[Row]]
    now: dict[str, dict[int, Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("employment", "membership", "status_period", "development_period", "branch_membership"):
            self.now[name] = {row["person_id"]: row for row in self.rows[name] if row["valid_to"] is None}

    def get(self, table: str, row_id: int) -> Row:
        return self.rows[table][row_id - 1]

    def unit(self, short_name: str) -> Row:
        return next(row for row in self.rows["unit"] if row["short_name"] == short_name)

    def team(self, short_name: str) -> Row:
        return next(row for row in self.rows["team"] if row["short_name"] == short_name)

    def person(self, person_id: int) -> Row:
        return self.get("person", person_id)

    def status(self, person_id: int) -> str:
        return label(self.now["status_period"][person_id]["status"])

    def unit_of(self, person_id: int) -> Row:
        return self.get("unit", self.now["employment"][person_id]["unit_id"])

    def crew_of(self, person_id: int) -> str | None:
        crew_id = self.now["employment"][person_id]["crew_id"]
        return None if crew_id is None else self.get("crew", crew_id)["name"]

    def members(self, team_id: int) -> list[Row]:
        """Present memberships of a team, the captain first."""
        found = [row for row in self.now["membership"].values() if row["team_id"] == team_id]
        return sorted(found, key=lambda row: (row["duty"] != "队长", row["id"]))

    def joined_on(self, membership: Row) -> date:
        """Since when somebody has been in the team, whatever the duty and the station."""
        who, team = membership["person_id"], membership["team_id"]
        return min(
            row["valid_from"] for row in self.rows["membership"] if (row["person_id"], row["team_id"]) == (who, team)
        )

    def trainees(self, year: int, kind: str) -> list[Row]:
        intake = next(row["id"] for row in self.rows["intake"] if (row["year"], row["kind"]) == (year, kind))
        return [self.person(row["person_id"]) for row in self.rows["trainee"] if row["intake_id"] == intake]

    def ordinary(self, unit_id: int) -> list[Row]:
        """Employees of a unit who are in no team and no intake and hold no office, by id."""
        busy = {row["person_id"] for name in ("membership", "trainee", "team_office") for row in self.rows[name]}
        here = [row["person_id"] for row in self.now["employment"].values() if row["unit_id"] == unit_id]
        return [self.person(person_id) for person_id in sorted(here) if person_id not in busy]


@lru_cache(maxsize=1)
def sight() -> Sight:
    """The small province of the default seed."""
    return Sight(dict(generate("small", 2026).rows))


__all__ = ["TODAY", "Row", "Sight", "sight"]
