"""What every answer tells the browser to refuse: anything from elsewhere, and to be shown inside another page."""

from __future__ import annotations

from collections.abc import Mapping

from tornado.httputil import HTTPHeaders
from tornado.web import OutputTransform


def content_policy(*, compiles: bool = False) -> str:
    """The Content-Security-Policy of a page: nothing from any other host, no script that stands in the page itself.

    `compiles`: the page's views were not built with the front end and are compiled in the browser, which counts as
    evaluating text. The suite's own apps do without. Vuetify writes styles into the page, so those are allowed.
    """
    rules = {
        "default-src": "'none'",
        "script-src": "'self' 'unsafe-eval'" if compiles else "'self'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": content_policy(),
    "X-Content-Type-Options": "nosniff",
    # An address names the page that somebody is on: nobody else's business. "no-referrer" would hide from the server
    # as well that a form was sent from its own page.
    "Referrer-Policy": "same-origin",
    # For browsers that do not know frame-ancestors yet.
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # What is to be kept says so itself. A page that is gone after logging out does not come back by the back button.
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""Sent with every answer."""


class SecureHeaders(OutputTransform):
    """Adds them to every answer, whichever handler gives it; what a handler has set itself stays."""

    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        for name, value in SECURITY_HEADERS.items():
            if name not in headers:
                headers[name] = value
        headers.pop("Server", None)
        return status_code, headers, chunk
