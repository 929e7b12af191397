"""Where a visitor may be sent after logging in."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from svclib.server.addresses import local_path

HERE = "https://office.example"
SIGNS = st.text(st.sampled_from("/\\:.?#@&=%aàe \t\n\r\x00;-x"), max_size=20)


@pytest.mark.parametrize("base", ["/", "/svc/"])
@pytest.mark.parametrize(
    "rest", ["", "voila/render/register.ipynb", "voila/render/a.ipynb?x=1#part", "%E4%B8%AD.ipynb"]
)
def test_pages_of_the_suite_may_be_wished_for(base: str, rest: str) -> None:
    assert local_path(base + rest, base) == base + rest


@given(SIGNS, st.sampled_from(["/", "/svc/"]), st.sampled_from(["", "/", "//", "/\\", "/svc/", "https:", "/svc//"]))
@example("evil.example", "/", "/\\")
@example("evil.example", "/", "//")
@example("\t/evil.example", "/", "/")
@example("\x00/evil.example", "/", "/")
@example("evil.example/", "/", "///")
@example("../other", "/svc/", "/svc/")
def test_nothing_leads_to_another_host_however_a_browser_reads_it(rest: str, base: str, start: str) -> None:
    found = local_path(start + rest, base)
    # Browsers drop blanks and control characters and take a backslash for a slash.
    for read in (found, found.replace("\\", "/"), "".join(sign for sign in found if sign > " ").replace("\\", "/")):
        parts = urlsplit(urljoin(HERE + base, read))
        assert (parts.scheme, parts.netloc) == ("https", "office.example")
        assert parts.path.startswith(base)


@pytest.mark.parametrize("wish", ["/login", "/logout?x", "/password", "/oidc/start", "/a/../login", "/%2E%2e/x"])
def test_the_logins_own_pages_are_no_wish(wish: str) -> None:
    assert local_path(wish, "/") == "/"
