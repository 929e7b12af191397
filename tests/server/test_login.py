"""Logging in and out over HTTP: what is let in, where it leads, and what a browser is given to keep."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from http.cookies import SimpleCookie
from urllib.parse import quote, urlencode

import httpx
import pytest
from sqlalchemy import select

from svclib.demo import DEMO_PASSWORD
from svclib.models import Account, table
from tests.server.conftest import Serve
from tests.serving import Server, wait_for
from tests.visits import form_token, log_in, stranger, told, visitor

pytestmark = pytest.mark.xdist_group("server")
NEW = "zebra-lantern-42-ok"


def given_cookies(answer: httpx.Response) -> dict[str, SimpleCookie]:
    found = SimpleCookie()
    for line in answer.headers.get_list("set-cookie"):
        found.load(line)
    return dict(found)


def session_cookie(client: httpx.Client) -> tuple[str, str]:
    (found,) = [(c.name, c.value or "") for c in client.cookies.jar if c.name.startswith("svc-") and c.value]
    return found


@pytest.mark.parametrize("path", ["", "voila/render/first.ipynb", "password", "logout", "nothing"])
def test_a_stranger_is_sent_to_the_login_and_nowhere_else(served: Server, path: str) -> None:
    answer = stranger(served.address).get(path)
    assert answer.status_code == 302
    assert answer.headers["location"] == f"/login?next={quote(f'/{path}', safe='')}"


def test_a_strangers_script_is_refused(served: Server) -> None:
    client = stranger(served.address)
    kernel = "api/kernels/0b1c9b2c-0000-0000-0000-000000000000"
    assert client.get(kernel).status_code == 403
    assert (
        client.get(f"{kernel}/channels", headers={"Connection": "Upgrade", "Upgrade": "websocket"}).status_code == 403
    )
    assert client.post("voila/api/shutdown/0b1c9b2c-0000-0000-0000-000000000000").status_code == 403


def test_the_form_leads_to_where_one_wanted_to_go(served: Server) -> None:
    client = stranger(served.address)
    answer = log_in(client, "hr", next="/voila/render/second.ipynb")
    assert (answer.status_code, answer.headers["location"]) == (302, "/voila/render/second.ipynb")
    assert client.get("").status_code == 200


def test_a_server_keeps_passwords_as_hashes_that_cost_whoever_tries_them(served: Server) -> None:
    # The account was made with a cheap one, by the tests themselves.
    log_in(stranger(served.address), "hr")
    account = table(Account)
    with served.ws.engine.connect() as connection:
        kept = connection.execute(select(account.c.password_hash).where(account.c.username == "hr")).scalar_one()
    # RFC 9106 §4, the second recommended choice: argon2id, three passes over 64 MiB in four lanes.
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example/",
        "/\t/evil.example/",
        "///evil.example",
        "javascript:alert(1)",
        "http:/evil.example",
        "/login?next=//evil.example",
        "/%2f/evil.example/../..//evil.example",
        "/\r\nSet-Cookie: a=b",
        "https:evil.example",
        "//127.0.0.1@evil.example/",
        "/voila/%2e%2e/%2E%2E//evil.example",
        "/logout",
        "",
    ],
)
def test_after_the_login_nobody_is_sent_away_from_the_suite(served: Server, elsewhere: str) -> None:
    answer = log_in(stranger(served.address), "hr", next=elsewhere)
    assert (answer.status_code, answer.headers["location"]) == (302, "/")


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(served: Server) -> None:
    cookies = given_cookies(log_in(stranger(served.address), "hr"))
    (name,) = cookies
    cookie = cookies[name]
    assert name.startswith("svc-")
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (True, "Lax", "/", "")
    assert len(cookie.value) >= 43


def test_a_wrong_password_and_an_unknown_name_are_told_alike(served: Server) -> None:
    answers = [log_in(stranger(served.address), name, "wrong") for name in ("hr", "nobody")]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert told(answers[0]) == told(answers[1]) == "用户名或密码不对。"
    assert all("set-cookie" not in answer.headers for answer in answers)


def test_a_form_without_its_token_is_not_taken_but_shown_again(served: Server) -> None:
    client = stranger(served.address)
    client.get("login")
    for token in ({}, {"_xsrf": "2|00000000|x|1"}):
        answer = client.post("login", data={"username": "hr", "password": DEMO_PASSWORD} | token)
        assert answer.status_code == 403
        assert "再试一次" in told(answer)
        assert 'value="hr"' in answer.text
        assert DEMO_PASSWORD not in answer.text


def test_a_password_is_not_changed_by_a_form_without_its_token(served: Server) -> None:
    served.ws.access.add_user("forged", "auditor", password=NEW, must_change=False)
    client = visitor(served.address, "forged", NEW)
    client.get("password")
    data = {"current": NEW, "password": "quartz-meadow-17-up", "again": "quartz-meadow-17-up"}
    for token in ({}, {"_xsrf": "2|00000000|x|1"}):
        answer = client.post("password", data=data | token)
        assert (answer.status_code, "再试一次" in told(answer)) == (400, True)
    assert visitor(served.address, "forged", NEW).get("").status_code == 200


@pytest.mark.parametrize("path", ["login", "logout", "password"])
def test_a_form_from_another_site_does_nothing(served: Server, path: str) -> None:
    client = visitor(served.address)
    data = {
        "_xsrf": form_token(client, "logout"),
        "username": "hr",
        "password": DEMO_PASSWORD,
        "current": DEMO_PASSWORD,
    }
    answer = client.post(path, data=data | {"password": NEW, "again": NEW}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert client.get("").status_code == 200
    assert visitor(served.address).get("").status_code == 200


def test_each_login_has_a_new_token_and_ends_the_one_before_in_this_browser(served: Server) -> None:
    client = stranger(served.address)
    name = session_cookie(visitor(served.address))[0]
    # What somebody planted in the browser beforehand is worth nothing.
    client.cookies.set(name, "planted", domain="127.0.0.1", path="/")
    log_in(client, "hr")
    first = session_cookie(client)[1]
    assert first != "planted"
    client.cookies.delete("_xsrf")
    answer = client.post(
        "login", data={"_xsrf": form_token(client, "logout"), "username": "hr", "password": DEMO_PASSWORD}
    )
    assert answer.status_code == 302
    assert session_cookie(client)[1] != first
    with stranger(served.address) as thief:
        thief.cookies.set(name, first, domain="127.0.0.1", path="/")
        assert thief.get("").status_code == 302


def test_logging_out_takes_a_form_and_ends_the_login(served: Server) -> None:
    client = visitor(served.address)
    name, token = session_cookie(client)
    assert client.get("logout").status_code == 200
    assert client.post("logout").headers["location"] == "/logout"
    assert client.get("").status_code == 200
    answer = client.post("logout", data={"_xsrf": form_token(client, "logout")})
    assert (answer.status_code, answer.headers["location"]) == (302, "/login")
    client.cookies.set(name, token, domain="127.0.0.1", path="/")
    assert client.get("").headers["location"].startswith("/login")


def test_headers_that_name_somebody_count_for_nothing(served: Server) -> None:
    client = stranger(served.address)
    for name in ("X-Remote-User", "Remote-User", "X-Forwarded-User", "X-Auth-Request-User", "Authorization"):
        assert client.get("", headers={name: "hr"}).status_code == 302
    assert client.get("", headers={"Authorization": "token hr"}).status_code == 302
    assert client.get("?token=hr").status_code == 302


def test_the_pages_of_the_login_speak_both_languages(served: Server) -> None:
    client = stranger(served.address)
    assert '<html lang="zh-CN">' in client.get("login").text
    assert '<html lang="en">' in client.get("login?lang=en").text
    # Chosen once, spoken from then on: also when something goes wrong, and on the start page.
    assert told(log_in(client, "hr", "wrong")) == "The user name or the password is not right."
    log_in(client, "hr")
    assert "What would you like to do?" in client.get("").text


def test_the_start_page_says_who_one_is(served: Server) -> None:
    text = visitor(served.address, "auditor").get("").text
    for words in ("审计员", "退出登录", "修改密码"):
        assert words in text


def test_a_first_password_must_be_changed_before_anything_else_opens(served: Server) -> None:
    first = served.ws.access.set_password("auditor")
    client = stranger(served.address)
    assert log_in(client, "auditor", first, next="/voila/render/first.ipynb").headers["location"] == "/password"
    before = session_cookie(client)[1]
    for path in ("", "voila/render/first.ipynb", "logout"):
        answer = client.get(path, follow_redirects=True)
        assert "password" in str(answer.url) or "logout" in str(answer.url)
    data = {"_xsrf": form_token(client, "password"), "current": first, "password": "abc", "again": "abc"}
    assert "太短" in told(client.post("password", data=data))
    assert "不一致" in told(client.post("password", data=data | {"password": NEW}))
    assert "不对" in told(client.post("password", data=data | {"current": "x", "password": NEW, "again": NEW}))
    answer = client.post("password", data=data | {"password": NEW, "again": NEW})
    assert (answer.status_code, answer.headers["location"]) == (302, "/")
    assert session_cookie(client)[1] != before
    assert client.get("").status_code == 200
    served.ws.access.set_password("auditor", "quartz-meadow-17-up", must_change=False)


def test_changing_the_password_later_says_so_and_ends_the_logins_elsewhere(served: Server) -> None:
    served.ws.access.add_user("changer", "auditor", password=NEW, must_change=False)
    here, elsewhere = visitor(served.address, "changer", NEW), visitor(served.address, "changer", NEW)
    other = "quartz-meadow-17-up"
    data = {"_xsrf": form_token(here, "password"), "current": NEW, "password": other, "again": other}
    answer = here.post("password", data=data)
    assert (answer.status_code, "密码已修改" in answer.text) == (200, True)
    assert here.get("").status_code == 200
    assert elsewhere.get("").status_code == 302
    # Whose login has ended in the meantime is sent to the login, with nothing changed.
    data |= {"_xsrf": form_token(elsewhere, "login"), "current": other, "password": NEW, "again": NEW}
    assert elsewhere.post("password", data=data).headers["location"] == "/login"
    assert visitor(served.address, "changer", other).get("").status_code == 200


@pytest.mark.parametrize("chunked", [False, True], ids=["length told", "in chunks"])
def test_a_form_that_is_too_large_is_read_past_and_answered(served: Server, chunked: bool) -> None:
    client = stranger(served.address)
    form = urlencode({"_xsrf": form_token(client), "username": "hr", "password": DEMO_PASSWORD, "next": "x" * 2**21})
    content = iter([form.encode()]) if chunked else form.encode()
    answer = client.post("login", content=content, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert (answer.status_code, answer.text, "set-cookie" in answer.headers) == (413, "", False)
    assert log_in(client, "hr").status_code == 302


def test_whoever_sends_without_end_is_cut_off(served: Server) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while sent < 2**28:
            sent += 2**20
            yield b"x" * 2**20

    with suppress(httpx.TransportError):
        assert stranger(served.address).post("login", content=endless()).status_code == 400
    assert sent < 2**26
    assert stranger(served.address).get("login").status_code == 200


def test_markup_in_what_is_typed_is_shown_as_text(served: Server) -> None:
    evil = '"><script>alert(1)</script>'
    answer = log_in(stranger(served.address), evil, "x", next=evil)
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_guessing_is_told_how_long_to_wait(served: Server) -> None:
    served.ws.access.add_user("guessed", "auditor", password=NEW, must_change=False)
    client = stranger(served.address)
    assert [log_in(client, "guessed", "wrong").status_code for _n in range(5)] == [401] * 5
    answer = log_in(client, "guessed", NEW)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1
    assert "再试" in told(answer)
    assert log_in(stranger(served.address), "hr").status_code == 302


def test_a_login_outlives_a_restart_of_the_server(serve: Serve) -> None:
    first = serve("--base-url", "/restarted/")
    client = visitor(first.address)
    first.stop()
    again = serve("--base-url", "/restarted/", "--port", str(first.port))
    assert again.address == first.address
    assert client.get("").status_code == 200


def open_page(client: httpx.Client, app: str = "first") -> str:
    """Open a page as far as a browser without scripts gets: its kernel runs and its cells have run."""
    answer = client.get(f"voila/render/{app}.ipynb")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("how", ["logout", "disable", "set_role", "set_password", "end_sessions_of"])
def test_the_pages_of_a_login_that_ended_are_gone_within_seconds(served: Server, how: str) -> None:
    ws = served.ws
    ws.access.add_user(f"user.{how.replace('_', '-')}", "auditor", password=NEW, must_change=False)
    name = f"user.{how.replace('_', '-')}"
    stays = visitor(served.address, "administrator")
    client = visitor(served.address, name, NEW)
    at_first = served.kernels()
    open_page(stays)
    (other,) = served.kernels() - at_first
    before = served.kernels()
    open_page(client)
    (own,) = served.kernels() - before
    if how == "logout":
        client.post("logout", data={"_xsrf": form_token(client, "logout")})
    else:
        getattr(ws.access, how)(name, *(["analyst"] if how == "set_role" else []))
    assert client.get("").status_code == 302
    assert wait_for(lambda: own not in served.kernels(), 8)
    assert other in served.kernels()
