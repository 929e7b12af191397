"""The app of the rotation: one page, its events declared one by one."""

from __future__ import annotations

from svclib.pages.rotation.board_events import BoardEvents
from svclib.pages.rotation.given_events import GivenEvents
from svclib.pages.rotation.picture_events import PictureEvents
from svclib.pages.rotation.plan_events import PlanEvents
from svclib.pages.rotation.planning_events import PlanningEvents
from svclib.pages.rotation.requests_events import RequestsEvents
from svclib.pages.rotation.scan_events import ScanEvents


class RotationPage(BoardEvents, GivenEvents, PictureEvents, PlanEvents, PlanningEvents, RequestsEvents, ScanEvents):
    """The rotation of a year in the browser: who goes where when, planned, changed by hand, published."""
