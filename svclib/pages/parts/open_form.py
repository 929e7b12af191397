"""A form that stands open on a page: kept as a draft while it is typed, checked when a field is left, saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from traitlets import Dict

from svclib.errors import Duplicate, NotFound, RuleBroken, StaleRecord
from svclib.pages.base import event
from svclib.pages.parts.forms import Form
from svclib.pages.parts.inputs import FieldCheckInput, FormInput
from svclib.pages.parts.suite import SuitePage
from svclib.workspace import Workspace


class OpenForm:
    """One open form. `key`: where the draft of it is kept; `save` does what the form says and tells it in a sentence.

    What `save` raises is said in the form: at the field at fault, where there is one.
    """

    def __init__(
        self, ws: Workspace, key: str, make: Callable[[], Form], save: Callable[[Mapping[str, Any]], str]
    ) -> None:
        self._ws, self._key, self._make, self._save = ws, key, make, save
        self.form = make()
        kept = ws.drafts.load(key)
        if kept is not None:
            # Twice: which fields there are depends on what stands in the others.
            self.form.take({**self.form.values, **kept[0]["values"]})
            self.form.take({**self.form.values, **kept[0]["values"]})
            self._say_kept(kept[1])

    def keep(self, token: int, values: Mapping[str, Any]) -> None:
        """Keep what has been typed so far."""
        if self.form.token == token:
            self.form.take(values)
            self._say_kept(self._ws.drafts.save(self._key, {"values": self.form.values}))

    def discard(self) -> None:
        """Forget what was typed and start anew."""
        self._ws.drafts.discard(self._key)
        self.form = self._make()

    def check(self, token: int, field: str, values: Mapping[str, Any]) -> None:
        """Judge a field that was left."""
        self.form.left(token, field, values)

    def save(self, token: int, values: Mapping[str, Any]) -> str | None:
        """Do what the form says; the sentence that tells it, or None: the form then says what is wrong."""
        read = self.form.submitted(token, values)
        if read is None:
            return None
        try:
            said = self._save(read)
        except RuleBroken as error:
            self.form.refuse(str(error), error.field)
            return None
        except (Duplicate, NotFound, StaleRecord) as error:
            self.form.refuse(str(error))
            return None
        self._ws.drafts.discard(self._key)
        return said

    def _say_kept(self, saved_at: datetime) -> None:
        self.form.say_kept(saved_at, self._ws.settings.timezone)


class FormPage(SuitePage):
    """A page on which a form may stand open, in the view's `form`."""

    form: Any = Dict(allow_none=True, default_value=None).tag(sync=True)
    open_form: OpenForm | None = None

    def show_form(self) -> None:
        """Show the open form anew, and nothing else."""
        self.form = None if self.open_form is None else self.open_form.form.view()

    @event()
    def vue_close_form(self) -> None:
        """Leave the form; what was typed stays as a draft."""
        self.open_form = None
        self.show()

    @event(FormInput)
    def vue_keep_draft(self, data: FormInput) -> None:
        if self.open_form is not None:
            self.open_form.keep(data.token, data.values)
        self.show_form()

    @event()
    def vue_discard_draft(self) -> None:
        """Forget what was typed."""
        if self.open_form is not None:
            self.open_form.discard()
        self.show_form()

    @event(FieldCheckInput)
    def vue_check_field(self, data: FieldCheckInput) -> None:
        if self.open_form is not None:
            self.open_form.check(data.token, data.field, data.values)
        self.show_form()

    @event(FormInput)
    def vue_save_form(self, data: FormInput) -> None:
        """Do what the form says, and close it when that is done."""
        said = None if self.open_form is None else self.open_form.save(data.token, data.values)
        if said is None:
            self.show_form()
            return
        self.open_form = None
        self.tell(said)
        self.show()
