"""What every page of the suite has in common: its parts, its notices, who is at it, and the language it speaks."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict
from traitlets import Dict

from svclib.i18n import current_language, use_language
from svclib.i18n import gettext as _
from svclib.models import label
from svclib.pages.base import event
from svclib.pages.transfer import Transfer, transfer_view
from svclib.pages.vuetify import vuetify_locale, vuetify_words
from svclib.settings import SERVED
from svclib.workspace.access import Me

PREFERENCES = "preferences"
LANGUAGES = {"zh_CN": "中文", "en": "English"}
_HERE = Path(__file__).parent
_PARTS = (
    "look",
    "frame",
    "shell",
    "barmenu",
    "me",
    "cards",
    "table",
    "arrows",
    "ask",
    "drop",
    "list",
    "picker",
    "day",
    "form",
    "stale",
    "pager",
    "steps",
)


class LanguageInput(BaseModel):
    """Which language to speak."""

    model_config = ConfigDict(extra="forbid", strict=True)

    language: Literal["zh_CN", "en"]


class SuitePage(Transfer):
    """A page with the suite's frame. The view holds no state and no words: after each event `show` says all anew."""

    VIEWS: ClassVar[Mapping[str, Path]] = {}
    """The page's own views by the name of their tag, beside the parts that all pages have."""

    frame = Dict({"views": [], "search": ""}).tag(sync=True)
    """What the shell (`parts/shell.vue`) shows around the page: made by `framed`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        files = {f"ui-{name}": _HERE / f"{name}.vue" for name in _PARTS} | dict(self.VIEWS)
        views = {name: path.read_text(encoding="utf-8") for name, path in files.items()}
        self.notice: dict[str, Any] | None = None
        self._told = False
        super().__init__(*args, components=views | {"ui-transfer": transfer_view()}, **kwargs)

    def show(self, said: str = "") -> None:
        """Show what is chosen now. `said` is read out by a screen reader."""
        raise NotImplementedError

    def tell(self, text: str, *, tone: str = "good", icon: str = "mdi-check-circle-outline") -> None:
        """Say on the page what has been done, when it is shown next."""
        self._told = True
        self.notice = {"text": text, "tone": tone, "icon": icon}

    def told(self, said: str) -> str:
        """What is read out: `said`, else what was told. What was told stands until the next thing is shown."""
        if self._told and self.notice:
            said = said or self.notice["text"]
        else:
            self.notice = None
        self._told = False
        return said

    def framed(self, view: str, said: str, **own: Any) -> dict[str, Any]:
        """What stands around `view`: who is at the page, what is told, what is read out.

        `own` is what the page has in its bar besides, and of what the shell knows: `search` is the text that the list
        is searched for, `views` are those to choose from (id, label, icon), `navigation` says what they are.
        """
        return {**self.me(), "views": [], "search": "", **own, "view": view, "notice": self.notice, "said": said}

    def closed_frame(self, title: str, text: str) -> dict[str, Any]:
        """What stands where the role of whoever acts has nothing to do with the page."""
        return self.framed("closed", title, closed={"title": title, "text": text})

    def speak_as_chosen(self) -> None:
        """Speak the language that this person chose last."""
        kept = self.ws.drafts.load(PREFERENCES)
        if kept and kept[0].get("language") in LANGUAGES:
            self._speak(kept[0]["language"])

    def me(self) -> dict[str, Any]:
        """Who is at the page, and the languages to choose from: for the frame."""
        me = self.ws.access.me()
        return {
            "language": current_language(),
            "languages": [
                {"id": code, "label": word, "lang": code.replace("_", "-")} for code, word in LANGUAGES.items()
            ],
            "actor": me.display_name if me.role else _("This machine's user"),
            "role": self._standing(me),
            "account": self._account(),
        }

    @staticmethod
    def _standing(me: Me) -> str:
        """Role and scope; the role is not said twice where the account is named after it."""
        if me.role is None:
            return _("May do everything")
        said = " · ".join(part for part in (label(me.role), me.scope) if part)
        return "" if said == me.display_name else said

    def _account(self) -> dict[str, str] | None:
        """Where the password is changed and the login ended; None where nobody is logged in, as in a notebook."""
        if not os.environ.get(SERVED):
            return None
        base = self.ws.settings.base_url
        return {
            "label": _("My account"),
            "home": base,
            "to_start": _("To the start page"),
            "password": f"{base}password",
            "change_password": _("Change password"),
            "logout": f"{base}logout",
            "log_out": _("Log out"),
        }

    def _speak(self, language: str) -> None:
        use_language(language)
        self.language = language.replace("_", "-")
        self.words = self._translated()
        self.vuetify_locale = vuetify_locale()
        self.vuetify_messages = {self.vuetify_locale: vuetify_words()}

    @event(LanguageInput)
    def vue_choose_language(self, data: LanguageInput) -> None:
        """Speak another language, now and at the next visit."""
        self._speak(data.language)
        self.ws.drafts.save(PREFERENCES, {"language": data.language})
        self.show()
