"""The app of the register: one page, its events declared one by one."""

from __future__ import annotations

from svclib.pages.register.composition_events import CompositionEvents
from svclib.pages.register.import_events import ImportEvents
from svclib.pages.register.list_events import ListEvents
from svclib.pages.register.panel_events import PanelEvents


class RegisterPage(ListEvents, PanelEvents, CompositionEvents, ImportEvents):
    """The register of a province in the browser."""
