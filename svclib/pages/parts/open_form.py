"""A form that stands open on a page: kept as a draft while it is typed, checked when a field is left, saved.

A page that is loaded anew opens again what stood open with a draft. A save on top of somebody else's shows both values.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from traitlets import Dict, List

from svclib.errors import Duplicate, Forbidden, NotFound, RuleBroken, StaleRecord
from svclib.i18n import gettext as _
from svclib.pages.base import event
from svclib.pages.parts.forms import Form
from svclib.pages.parts.inputs import FieldCheckInput, FormInput, StaleInput
from svclib.pages.parts.suite import SuitePage
from svclib.pages.parts.texts import text
from svclib.workspace import Workspace

Save = Callable[[Form, Mapping[str, Any]], str]
"""Takes the form and what is to be saved, does it, and tells it in a sentence."""


@dataclass(frozen=True)
class Standing:
    """Where a page keeps which of its forms stands open, and what it keeps of this one to open it again."""

    key: str
    about: Mapping[str, Any]


class OpenForm:
    """One open form. `key`: where the draft of it is kept; fields of `secret` are never shown as they are stored. Where
    `standing` is left out, a page that is loaded anew does not open it again.

    What `save` raises is said in the form: at the field at fault, where there is one. What somebody else has saved
    meanwhile is `stale`, until it is settled field by field.
    """

    def __init__(
        self,
        ws: Workspace,
        key: str,
        make: Callable[[], Form],
        save: Save,
        *,
        standing: Standing | None = None,
        secret: Collection[str] = (),
    ) -> None:
        self._ws, self._key, self._make, self._save = ws, key, make, save
        self._standing, self._secret = standing, secret
        self.stale: StaleRecord | None = None
        self.form = make()
        kept = ws.drafts.load(key)
        # A draft of an earlier release does not tell what was typed in it.
        if kept is not None and "before" in kept[0]:
            self.form.resume(kept[0])
            self.form.say_kept(kept[1], ws.settings.timezone)

    def keep(self, token: int, values: Mapping[str, Any], *, stands: bool = True) -> None:
        """Keep what has been typed so far. `stands`: and open the form again when the page is loaded anew."""
        if self.form.token != token:
            return
        self.form.take(values)
        saved_at = self._ws.drafts.save(self._key, self.form.draft_content())
        if stands and self._standing is not None:
            self._ws.drafts.save(self._standing.key, dict(self._standing.about))
        self.form.say_kept(saved_at, self._ws.settings.timezone)

    def leave(self) -> None:
        """Stand open no more; what was typed stays as a draft."""
        if self._standing is not None:
            self._ws.drafts.discard(self._standing.key)

    def forget(self) -> None:
        """Forget what was typed."""
        self._ws.drafts.discard(self._key)
        self.leave()

    def discard(self) -> None:
        """Forget what was typed and start anew."""
        self.forget()
        self.form, self.stale = self._make(), None

    def check(self, token: int, field: str, values: Mapping[str, Any]) -> None:
        """Judge a field that was left."""
        self.form.left(token, field, values)

    def save(self, token: int, values: Mapping[str, Any]) -> str | None:
        """Do what the form says; the sentence that tells it, or None: the form then says what is wrong."""
        read = self.form.submitted(token, values)
        if read is None:
            return None
        self.stale = None
        try:
            said = self._save(self.form, read)
        except StaleRecord as error:
            return self._late(error, token, values)
        except RuleBroken as error:
            self.form.refuse(str(error), error.field)
            return None
        except (Duplicate, NotFound) as error:
            self.form.refuse(str(error))
            return None
        self.forget()
        return said

    def _late(self, error: StaleRecord, token: int, values: Mapping[str, Any]) -> str | None:
        """Somebody else has saved since: show both values, or save again where that was about other fields."""
        if contested(error):
            # Kept as it began: a page that is loaded anew asks again.
            self.keep(token, values)
            self.stale = error
        elif self.form.version in (0, error.version):
            # A form that knows no version cannot tell what was changed: it says so, and may be saved again.
            self.form.refuse(str(error))
        else:
            self.form.version = error.version
            return self.save(token, values)
        self.form.version = error.version
        return None

    def settle(self, choices: Mapping[str, str]) -> str | None:
        """Save again after somebody else did: for each field in conflict what was typed, or what is stored."""
        if self.stale is None:
            return None
        values = dict(self.form.values)
        for key, (_read, theirs, _mine) in contested(self.stale).items():
            if choices.get(key) == "theirs":
                self.form.before[key] = values[key] = None if key in self._secret else text(theirs) or None
        self.stale = None
        return self.save(self.form.token, values)

    def leave_stale(self) -> None:
        """Back to the form with everything that was typed."""
        self.stale = None

    def stale_view(self) -> dict[str, Any] | None:
        """What the screen shows where somebody else has saved meanwhile (`stale.vue`)."""
        if self.stale is None:
            return None
        return {
            "title": _("Somebody has saved this record in the meantime"),
            "text": _("Nothing is lost. Choose for each field what shall stand; your other changes are kept."),
            "fields": [
                {
                    "key": key,
                    "label": next((one.label for one in self.form.fields if one.key == key), key),
                    "read": self._said(key, before),
                    "theirs": self._said(key, now),
                    "mine": self._said(key, mine),
                }
                for key, (before, now, mine) in contested(self.stale).items()
            ],
        }

    def _said(self, key: str, value: Any) -> str:
        """A value of a field as it is read on screen."""
        options = next((one.options for one in self.form.fields if one.key == key), ())
        words = (str(option["label"]) for option in options if option["id"] == value)
        return next(words, text(value)) or _("(empty)")


def contested(error: StaleRecord) -> dict[str, tuple[Any, Any, Any]]:
    """The fields that somebody else changed, too: what was read, what is stored now, what was typed."""
    return {key: values for key, values in error.conflicts.items() if text(values[0]) != text(values[1])}


class FormPage(SuitePage):
    """A page on which a form may stand open: in the view `{ ...form_now, fields: form_fields }`.

    The fields come by themselves: with all that may be chosen in them they are large, and seldom change while somebody
    types.
    """

    STANDING: ClassVar[str] = ""
    """Where it is kept which form has a draft, so that a refresh of the page opens it again."""
    form_now: Any = Dict(allow_none=True, default_value=None).tag(sync=True)
    form_fields: Any = List().tag(sync=True)
    open_form: OpenForm | None = None
    _left: OpenForm | None = None
    """The form that was left last: what was typed in it at the end arrives when it is closed already."""

    def made_form(self, name: str, about: int | None) -> OpenForm:
        """Make one of the page's forms, about the record of this id. Raises NotFound, Forbidden, RuleBroken."""
        raise NotFound(_("There is no such form."))

    def start_form(self, name: str, about: int | None = None) -> None:
        """Open one of the page's forms."""
        self.open_form = self.made_form(name, about)

    def restore_form(self) -> None:
        """After a refresh of the page: the form with a draft is open again."""
        kept = self.ws.drafts.load(self.STANDING)
        if kept is None:
            return
        try:
            self.start_form(kept[0]["form"], kept[0]["about"])
        except (Forbidden, NotFound, RuleBroken):
            # What it was about has gone, or the form has no place any more, or not for this role: nothing to open.
            self.ws.drafts.discard(self.STANDING)

    def standing(self, name: str, about: int | None) -> Standing:
        return Standing(self.STANDING, {"form": name, "about": about})

    def show_form(self) -> None:
        """Show the open form anew, and nothing else."""
        opened = self.open_form
        shown = {"fields": []} if opened is None else opened.form.view()
        self.form_fields = shown.pop("fields")
        self.form_now = None if opened is None else shown | {"stale": opened.stale_view()}

    @property
    def form(self) -> dict[str, Any] | None:
        """All that the screen shows of the open form."""
        return None if self.form_now is None else {**self.form_now, "fields": self.form_fields}

    def leave_form(self) -> None:
        """Show the open form no more; what was typed stays as a draft."""
        if self.open_form is not None:
            self.open_form.leave()
            self._left = self.open_form
        self.open_form = None

    @event()
    def vue_close_form(self) -> None:
        """Leave the form; what was typed stays as a draft."""
        self.leave_form()
        self.show()

    @event(FormInput)
    def vue_keep_draft(self, data: FormInput) -> None:
        """Keep what has been typed so far, also in the form that was left last."""
        for one in (self.open_form, self._left):
            if one is not None:
                one.keep(data.token, data.values, stands=one is self.open_form)
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
        self._done(None if self.open_form is None else self.open_form.save(data.token, data.values))

    @event(StaleInput)
    def vue_settle_stale(self, data: StaleInput) -> None:
        """Save what was chosen where somebody else has saved meanwhile."""
        self._done(None if self.open_form is None else self.open_form.settle(data.choices))

    @event()
    def vue_leave_stale(self) -> None:
        """Back to the form with everything that was typed."""
        if self.open_form is not None:
            self.open_form.leave_stale()
        self.show_form()

    def _done(self, said: str | None) -> None:
        if said is None:
            self.show_form()
            return
        self.open_form = None
        self.tell(said)
        self.show()
