"""What the store tests share."""

from __future__ import annotations

import pytest

from svclib.workspace import Workspace
from tests.stores import EMPTY, Stores, Template
from tests.workspace.import_files import small_province
from tests.workspace.offices import Offices
from tests.workspace.plan_year import PlanYear

PROVINCE = Template("province", small_province)
OFFICES = Template("offices", Offices)
YEAR = Template("year", PlanYear)


@pytest.fixture
def template(request: pytest.FixtureRequest) -> Template:
    """What the test's database holds at first: what one of the fixtures below promises."""
    return next((one for one in (PROVINCE, OFFICES, YEAR) if one.name in request.fixturenames), EMPTY)


@pytest.fixture
def province(ws: Workspace) -> Workspace:
    """A small province with nobody in it yet."""
    return ws


@pytest.fixture
def offices(ws: Workspace, stores: Stores) -> Offices:
    """A small province with people in it and its plain facts."""
    made: Offices = stores.filled(OFFICES)
    return made.on(ws)


@pytest.fixture
def year(ws: Workspace, stores: Stores) -> PlanYear:
    """A plan year ready to be planned."""
    made: PlanYear = stores.filled(YEAR)
    return made.on(ws)
