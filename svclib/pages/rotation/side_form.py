"""A form that stands at the side, in the panel of whom or what it is about."""

from __future__ import annotations

from collections.abc import Callable

from svclib.pages.parts.forms import Form
from svclib.pages.parts.open_form import OpenForm, Save
from svclib.workspace import Workspace


class SideForm(OpenForm):
    """An open form at the side; `about`: what the panel shows. Once that shows something else, the form closes."""

    def __init__(
        self,
        ws: Workspace,
        key: str,
        make: Callable[[], Form],
        save: Save,
        *,
        about: object,
    ) -> None:
        super().__init__(ws, key, make, save)
        self.about = about
