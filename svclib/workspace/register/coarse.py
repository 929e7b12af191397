"""The analyst's rows: nobody's name, and nobody alone with what is told of him.

Team, school and birth date together identify nearly everybody. So a row keeps a pseudonym, a few coarse values, and of
these only what at least four other people share.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from svclib.workspace.frames import frame_of_tuples
from svclib.workspace.register.sight import COLUMNS
from svclib.workspace.vault import Vault

if TYPE_CHECKING:
    import pandas as pd

GROUP_MIN = 5
"""How many people at least share what a row tells."""
BAND_YEARS = 10
"""A birth date becomes the first day of its band of years: 1992-03-07 → 1990-01-01."""
_YEARS = {"birth_date": BAND_YEARS, "hired_on": 5, "joined_team_on": 5}
_GIVEN_UP = (
    ("joined_team_on",),
    ("hired_on",),
    ("degree",),
    ("education",),
    ("team", "team_id"),
    ("intake",),
    ("birth_date",),
    ("sex",),
    ("status",),
    ("unit", "unit_id"),
)
"""What a row loses, in this order, as long as fewer than GROUP_MIN people share the rest."""
_TOLD = tuple(name for names in _GIVEN_UP for name in names)


def coarsened(
    rows: Sequence[Sequence[Any]], vault: Vault, *, unit: int | None = None, team: int | None = None
) -> pd.DataFrame:
    """Rows of `people()` as the analyst gets them, in the order of their pseudonyms; columns and kinds stay.

    `id` and `name` are pseudonyms, the same at each call and of no use elsewhere; the birth date is the first day of a
    band of BAND_YEARS years, hiring and joining the team those of five years. Employee number, school, crew, post
    and all else that points at one person are empty, and so is, column after column, what fewer than GROUP_MIN people
    share. `unit` and `team` narrow the list to rows that still tell them.
    """
    import pandas as pd

    people = frame_of_tuples(rows, COLUMNS)
    marks = [vault.index(f"analyst/{person}") or "" for person in people["id"]]
    for name in people.columns:
        if name not in _TOLD:
            people[name] = pd.Series(pd.NA, index=people.index, dtype=people[name].dtype)
    for name, years in _YEARS.items():
        people[name] = _first_of_band(people[name], years)
    for given_up in _GIVEN_UP:
        shared = people.groupby(list(_TOLD), dropna=False)["unit"].transform("size")
        people.loc[shared < GROUP_MIN, list(given_up)] = pd.NA
    people["id"] = pd.Series([int(mark[:13], 16) for mark in marks], dtype="Int64")
    people["name"] = pd.Series([f"P-{mark[:10]}" for mark in marks], dtype="string")
    if unit is not None:
        people = people[(people["unit_id"] == unit).fillna(False)]
    if team is not None:
        people = people[(people["team_id"] == team).fillna(False)]
    return people.sort_values("id").reset_index(drop=True)


def _first_of_band(days: pd.Series[Any], years: int) -> pd.Series[Any]:
    import pandas as pd

    first = (days.dt.year // years * years).map("{:.0f}-01-01".format, na_action="ignore")
    return pd.Series(pd.to_datetime(first, format="%Y-%m-%d"), dtype=days.dtype)
