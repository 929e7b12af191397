"""A whole province from a seed: two makings with the same size and seed are equal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from svclib.demo.careers import Careers
from svclib.demo.members import make_heads, make_members
from svclib.demo.organisation import Organisation, make_organisation
from svclib.demo.requests import make_requests
from svclib.demo.rotation import make_rotation
from svclib.demo.rows import TODAY, Province, Rows
from svclib.demo.trainees import make_trainees
from svclib.errors import BadSetting
from svclib.i18n import gettext as _


@dataclass(frozen=True)
class Size:
    """How much of everything; graduates and activists are those of one year."""

    teams: int
    members: int
    stations: int
    graduates: int
    activists: int
    others: int
    every_county: bool


SIZES = {
    "small": Size(teams=28, members=336, stations=320, graduates=120, activists=60, others=580, every_county=False),
    "today": Size(
        teams=337, members=5_400, stations=2_022, graduates=1_340, activists=660, others=4_000, every_county=True
    ),
}
"""`small`: the 28 teams and 320 stations of 2013; `today`: the 337 teams and 5,400 members reported for 2021."""


def generate(size: str = "small", seed: int = 2026) -> Province:
    """Make the province in clear text, anchored at 20 August 2026. Raises BadSetting for an unknown size."""
    if size not in SIZES:
        raise BadSetting(_("There is no size {size!r}. Known are: {known}.").format(size=size, known=", ".join(SIZES)))
    return build(SIZES[size], name=size, seed=seed)


def build(chosen: Size, *, name: str, seed: int) -> Province:
    """Make a province of any size: `generate` for the two that are offered, benchmarks for larger ones."""
    rows, rng = Rows(), Random(seed)  # noqa: S311 - invented people, no secrets
    organisation = make_organisation(
        rows, rng, teams=chosen.teams, stations=chosen.stations, every_county=chosen.every_county
    )
    careers = Careers(rows, rng)
    make_heads(rows, careers, organisation)
    make_members(rows, rng, careers, organisation, members=chosen.members)
    make_trainees(rows, rng, careers, organisation, graduates=chosen.graduates, activists=chosen.activists)
    _make_others(rng, careers, organisation, chosen.others)
    make_rotation(rows, rng, organisation)
    make_requests(rows)
    return Province(name, seed, TODAY, rows.tables)


def _make_others(rng: Random, careers: Careers, organisation: Organisation, count: int) -> None:
    """Add employees who are in no team; a third are in the party, a few came from another unit or have left."""
    for number in range(count):
        unit = organisation.units[number % len(organisation.units)]
        who = careers.veteran(unit)
        came = rng.random() < 0.08
        careers.work(
            who, before=rng.choice([other for other in organisation.units if other is not unit]) if came else None
        )
        if rng.random() < 0.03:
            careers.leave(who, careers.day(date(2026, 4, 1), date(2026, 7, 31)))
        if rng.random() < 0.33:
            joined = careers.day(date(who.hired_on.year + 1, 1, 1), date(2025, 6, 30))
            careers.into_party(who, joined, branch_id=rng.choice(unit.branches))
        else:
            careers.outside_party(who)
