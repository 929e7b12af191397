"""The few addresses the server answers to."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import tornado.web
from voila.handler import BaseVoilaHandler

from svclib.i18n import speaking
from svclib.models import label
from svclib.server.catalogue import App
from svclib.server.errors import TellsErrors
from svclib.server.words import access_words, frame_words, language_of

# A service team's house: the sheet's green, drawn here so that no page asks for a file.
ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
    "%3Crect width='32' height='32' rx='7' fill='%2300695C'/%3E"
    "%3Cpath d='M16 7 6 15h3v9h5v-6h4v6h5v-9h3z' fill='%23FFF'/%3E%3C/svg%3E"
)


class LandingHandler(TellsErrors, BaseVoilaHandler):  # type: ignore[misc]
    """The start page: the apps that the visitor's role has something in, or at once the only one there is."""

    def initialize(self, apps: list[App], **kwargs: Any) -> None:
        super().initialize(**kwargs)
        self.apps = apps

    @tornado.web.authenticated
    def get(self) -> None:
        with speaking(language_of(self)):
            self.show()

    def show(self) -> None:
        visitor = self.current_user.visitor
        apps = [app for app in self.apps if app.serves(visitor.role)]
        if len(apps) == 1:
            # A page with one card asks a question that has one answer.
            self.redirect(self.address(apps[0]))
            return
        addresses = [{"title": app.title, "about": app.about, "address": self.address(app)} for app in apps]
        words = frame_words() | access_words()
        role = label(visitor.role)
        shown = "" if role == visitor.display_name else role
        person = {"visitor": visitor, "role": shown, "form": self.xsrf_form_html()}
        self.finish(self.render_template("landing.html", apps=addresses, words=words, icon=ICON, **person))

    def address(self, app: App) -> str:
        return f"{self.base_url}voila/render/{quote(app.name, safe='')}.ipynb"


class MissingHandler(TellsErrors, BaseVoilaHandler):  # type: ignore[misc]
    """Any other address: a page that says so."""

    def get(self) -> None:
        raise tornado.web.HTTPError(404)
