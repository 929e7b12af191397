"""Visitors without a browser: log in to a running server and ask it for things."""

from __future__ import annotations

import re

import httpx

from svclib.demo import DEMO_PASSWORD

PATIENCE_SECONDS = 60


def stranger(address: str) -> httpx.Client:
    """Somebody who is not logged in, as a browser would be: cookies are kept, redirects not followed."""
    return httpx.Client(base_url=address, trust_env=False, timeout=PATIENCE_SECONDS)


def form_token(client: httpx.Client, path: str = "login") -> str:
    """The token of a form, without which it is not taken."""
    found = re.search(r'name="_xsrf" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found.group(1)


def log_in(client: httpx.Client, username: str, password: str = DEMO_PASSWORD, **fields: str) -> httpx.Response:
    """Send the login's form."""
    sent = {"_xsrf": form_token(client), "username": username, "password": password} | fields
    return client.post("login", data=sent)


def visitor(address: str, username: str = "hr", password: str = DEMO_PASSWORD) -> httpx.Client:
    """Somebody who is logged in."""
    client = stranger(address)
    answer = log_in(client, username, password)
    assert answer.status_code == 302, told(answer)
    return client


def told(answer: httpx.Response) -> str:
    """The sentence in which a page says what went wrong."""
    found = re.search(r'role="alert">([^<]+)<', answer.text)
    return found.group(1) if found else ""
