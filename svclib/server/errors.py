"""What a visitor is told when an address cannot be answered: a page of ours, and never what went wrong inside."""

from __future__ import annotations

from typing import Any

from svclib.i18n import speaking
from svclib.server.words import frame_words, language_of


class TellsErrors:
    """For handlers of pages: errors as a page in the visitor's language. Their cause stands in the log alone."""

    def write_error(self, status_code: int, **_facts: Any) -> None:
        """Finish with the page of an error, also of one from before anybody asked who the visitor is."""
        handler: Any = self
        if not hasattr(handler, "_jupyter_current_user"):
            handler.current_user = handler._jupyter_current_user = None
        with speaking(language_of(handler)):
            title, said = self.explain(status_code)
            handler.finish(handler.render_template("error.html", words=frame_words(), title=title, said=said))

    def explain(self, status_code: int) -> tuple[str, str]:
        """Heading and sentence for a status."""
        words = frame_words()
        name = "missing" if status_code == 404 else "failed"
        return words[f"{name}_title"], words[name]
