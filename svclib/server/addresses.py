"""Where a visitor may be sent after logging in: to a page of this suite, and nowhere else."""

from __future__ import annotations

from urllib.parse import urlsplit

_OWN = ("login", "logout", "password", "oidc/")


def local_path(wanted: str, base_url: str) -> str:
    """The path if it is one of ours below the base, else the start page.

    Refused are other hosts in all the ways browsers read them: a scheme, two slashes, a backslash for a slash, control
    characters that they skip; steps upwards out of the base; and the login's own pages.
    """
    if any(ord(sign) <= 32 or ord(sign) == 127 for sign in wanted) or "\\" in wanted or not wanted.startswith(base_url):
        return base_url
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return base_url
    # To a browser an encoded point is a point.
    segments = parts.path.lower().replace("%2e", ".").split("/")
    rest = wanted.removeprefix(base_url)
    if parts.scheme or parts.netloc or wanted.startswith("//") or ".." in segments or rest.startswith(_OWN):
        return base_url
    return wanted
