"""Small forms: fields declared once, checked when a field is left and again when the form is saved."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Any, Literal

from svclib.i18n import gettext as _
from svclib.pages.parts.texts import clock, text

Kind = Literal["text", "long", "digits", "day", "choice"]
Check = Callable[[Any], str | None]
"""Takes the value of a field, gives the sentence that says what is wrong, or None."""

MOST_CHARACTERS = 400
_DAY = re.compile(r"\s*(\d{4})\s*[-./年]?\s*(\d{1,2})\s*[-./月]?\s*(\d{1,2})\s*日?\s*")
_tokens = count(1)


def read_day(value: str) -> date | None:
    """A day written 2026-07-01, 2026.7.1, 2026年7月1日 or 20260701; None where it is none."""
    found = _DAY.fullmatch(value)
    if not found:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


@dataclass(frozen=True)
class Field:
    """One field of a form. `options` are dictionaries with id and label, for a choice.

    Fields of one `section` follow each other and are folded away under its name.
    """

    key: str
    label: str
    kind: Kind = "text"
    required: bool = False
    options: Sequence[Mapping[str, Any]] = ()
    help: str | None = None
    placeholder: str | None = None
    check: Check | None = None
    section: str = ""

    def read(self, raw: Any) -> Any:
        """What was typed as a value: text, day, the id of an option, or None for nothing."""
        if self.kind == "choice":
            return raw if any(option["id"] == raw for option in self.options) else None
        typed = str(raw or "").strip()
        if not typed:
            return None
        return (read_day(typed) or typed) if self.kind == "day" else typed

    def fault(self, raw: Any) -> str | None:
        """What is wrong with what was typed, as a sentence; None when it can be saved."""
        value = self.read(raw)
        if value is None:
            if not self.required:
                return None
            return (
                _("Choose {field}.").format(field=self.label)
                if self.kind == "choice"
                else _("Fill in {field}.").format(field=self.label)
            )
        if self.kind == "day" and not isinstance(value, date):
            return _("“{value}” is not a day. Write it like 2026-07-01.").format(value=value)
        if isinstance(value, str) and len(value) > MOST_CHARACTERS:
            return _("At most {n} characters.").format(n=MOST_CHARACTERS)
        return self.check(value) if self.check else None

    def view(self) -> dict[str, Any]:
        """What the screen needs to draw the field."""
        return {
            "key": self.key,
            "label": self.label,
            "kind": self.kind,
            "required": self.required,
            "options": [dict(option) for option in self.options],
            "help": self.help,
            "placeholder": self.placeholder,
            "section": self.section,
        }


@dataclass
class Form:
    """One open form: what stands in it, what is wrong with it, and since when a draft of it is kept.

    `shape` gives the fields for what stands in the form: the stations to choose from depend on the team chosen.
    `version` is that of the record that the form is about, `before` what stood in the form, both as they were read.
    """

    name: str
    title: str
    submit: str
    shape: Callable[[Mapping[str, Any]], Sequence[Field]]
    values: dict[str, Any]
    lead: str | None = None
    version: int = 0
    draft: str | None = None
    problem: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    refused: int = 0
    token: int = field(default_factory=lambda: next(_tokens))
    before: dict[str, Any] = field(init=False)
    fields: Sequence[Field] = field(init=False)

    def __post_init__(self) -> None:
        self.values = {
            key: value.isoformat() if isinstance(value, date) else value for key, value in self.values.items()
        }
        self.before = dict(self.values)
        self.fields = self.shape(self.values)

    def take(self, raw: Mapping[str, Any]) -> None:
        """Keep what was typed; keys that are no field of this form are dropped."""
        known = {one.key for one in self.fields}
        self.values = {key: value for key, value in raw.items() if key in known}
        self.fields = self.shape(self.values)

    def left(self, token: int, key: str, raw: Mapping[str, Any]) -> None:
        """Judge a field that was left, unless another form stands here by now."""
        if self.token == token:
            self.take(raw)
            self.check(key)

    def submitted(self, token: int, raw: Mapping[str, Any]) -> dict[str, Any] | None:
        """What is to be saved; None where something cannot be, or another form stands here by now."""
        if self.token != token:
            return None
        self.take(raw)
        return self.read()

    def draft_content(self) -> dict[str, Any]:
        """What is kept of it as a draft: what stands in it, and what it began with."""
        return {"values": self.values, "version": self.version, "before": self.before}

    def resume(self, draft: Mapping[str, Any]) -> None:
        """Go on with a draft. What was not touched in it stands as it is now, not as it was then."""
        known = draft["before"]
        typed = {key: value for key, value in draft["values"].items() if value != known.get(key)}
        self.version = draft["version"]
        self.before |= {key: known.get(key) for key in typed}
        # Twice: which fields there are depends on what stands in the others.
        self.take({**self.values, **typed})
        self.take({**self.values, **typed})

    def changes(self, read: Mapping[str, Any]) -> dict[str, Any]:
        """What of these values differs from what the form began with."""
        return {key: value for key, value in read.items() if text(value) != text(self.before.get(key))}

    def say_kept(self, saved_at: datetime, zone: str) -> None:
        """Say since when a draft of it is kept."""
        self.draft = _("Draft saved {time}").format(time=clock(saved_at, zone))

    def check(self, key: str) -> None:
        """Judge one field that was left."""
        for one in self.fields:
            if one.key == key:
                fault = one.fault(self.values.get(key))
                self.errors.pop(key, None)
                if fault:
                    self.errors[key] = fault

    def read(self) -> dict[str, Any] | None:
        """The values of all fields, or None when one of them cannot be saved; `errors` then says why."""
        self.problem = None
        faults = {one.key: one.fault(self.values.get(one.key)) for one in self.fields}
        self.errors = {key: fault for key, fault in faults.items() if fault}
        if self.errors:
            self.refused += 1
            return None
        return {one.key: one.read(self.values.get(one.key)) for one in self.fields}

    def refuse(self, sentence: str, key: str | None = None) -> None:
        """Say what the register objects to, at the field at fault where there is one."""
        self.refused += 1
        if key and any(one.key == key for one in self.fields):
            self.errors[key] = sentence
        else:
            self.problem = sentence

    def view(self) -> dict[str, Any]:
        """What the screen needs to draw the form."""
        return {
            "name": self.name,
            "title": self.title,
            "submit": self.submit,
            "lead": self.lead,
            "draft": self.draft,
            "problem": self.problem,
            "errors": dict(self.errors),
            "refused": self.refused,
            "token": self.token,
            "values": dict(self.values),
            "fields": [one.view() for one in self.fields],
        }
