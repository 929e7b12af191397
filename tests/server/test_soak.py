"""Twenty people at once on real websockets, reading and writing the same records; and kills in the middle of it."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tornado.httpclient import HTTPClientError

from svclib.demo import DEMO_PASSWORD
from svclib.workspace import Workspace
from svclib.workspace.filling import fill_accounts
from tests.server.client import PageClient, PageEnded, run
from tests.serving import Server, browse, serve
from tests.workspace import factory

USERS = 20
ROUNDS = 2
SHARED_PEOPLE = 4


@dataclass
class Suite:
    """The suite on a small province, with an account for each person."""

    ws: Workspace
    people: list[int]
    server: Server
    saved: list[tuple[int, str]] = field(default_factory=list)
    """What pages have confirmed as saved: the person, and the word that was put into the note."""

    def pages(self, count: int = USERS) -> list[PageClient]:
        """A scripted browser for each person, logged in."""
        return [browse(self.server, "register", f"user{number}") for number in range(count)]

    def notes(self) -> dict[int, str]:
        return {person: self.ws.register.person(person).facts["note"] or "" for person in self.people}

    def assert_nothing_is_lost(self) -> None:
        """Every confirmed word stands, and the trail is whole."""
        notes = self.notes()
        assert [(person, word) for person, word in self.saved if word not in notes[person].split()] == []
        check = self.ws.audit.verify()
        assert check.whole, check.sentence


@pytest.fixture
def suite(ws: Workspace, tmp_path: Path) -> Iterator[Suite]:
    _team, people = factory.sound_team(ws)
    accounts = [{"username": f"user{n}", "role": "hr", "display_name": f"用户{n}"} for n in range(USERS)]
    fill_accounts(ws.settings, accounts, DEMO_PASSWORD)
    server = serve(ws.settings, None, tmp_path / "serve.log")
    running = Suite(ws, people[:SHARED_PEOPLE], server)
    yield running
    running.server.stop()


async def note_word(page: PageClient, suite: Suite, person: int, word: str) -> None:
    """Put a word behind whatever the person's note says now, again until nobody has been quicker."""
    while True:
        await page.event("open_person", {"id": person})
        await page.event("open_form", {"form": "edit"})
        form = page.state["panel"]["form"]
        typed = form["values"] | {"note": f"{form['values'].get('note') or ''} {word}".strip()}
        await page.event("save_form", {"token": form["token"], "values": typed})
        assert page.state["problem"] == "" or page.state["panel"].get("stale"), page.state["problem"]
        panel = page.state["panel"]
        if panel["form"] is None and not panel.get("stale"):
            suite.saved.append((person, word))
            return
        # Somebody was quicker: what they wrote stands, and we look again.
        await page.event("settle_stale", {"choices": {"note": "theirs"}})


async def work(suite: Suite, page: PageClient, number: int) -> None:
    """One person's minutes: look, search, turn, write."""
    chance = random.Random(number)
    async with page:
        assert page.status == 200
        for step in range(ROUNDS):
            await page.event("press_card", {"card": chance.choice(["members", "teams", "broken", "trainees"])})
            await page.event("search_list", {"text": chance.choice(["z", "qian", "赵"])})
            await page.event("search_list", {"text": ""})
            assert page.state["problem"] == ""
            await note_word(page, suite, chance.choice(suite.people), f"w{number}-{step}")


def test_twenty_people_writing_the_same_records_lose_nothing(suite: Suite) -> None:
    pages = suite.pages()

    async def everybody() -> None:
        await asyncio.gather(*(work(suite, page, number) for number, page in enumerate(pages)))

    run(everybody())
    assert len(suite.saved) == USERS * ROUNDS
    suite.assert_nothing_is_lost()
    # Nothing was written but what was confirmed.
    assert sum(len(note.split()) for note in suite.notes().values()) == USERS * ROUNDS
    assert "unexpected" not in suite.server.log.read_text()


def test_killed_pages_and_a_killed_server_leave_all_or_nothing(suite: Suite) -> None:
    pages, server = suite.pages(8), suite.server

    async def until_the_end(page: PageClient, number: int) -> None:
        try:
            await work(suite, page, number)
        except (PageEnded, HTTPClientError, OSError, TimeoutError, AssertionError):
            return

    async def destroy() -> None:
        # As soon as somebody has written, others are in the middle of it.
        while not suite.saved:
            await asyncio.sleep(0.05)
        for kernel in sorted(server.kernels())[:3]:
            os.kill(kernel, signal.SIGKILL)
            await asyncio.sleep(0.1)
        server.process.kill()

    async def everybody() -> None:
        await asyncio.gather(destroy(), *(until_the_end(page, number) for number, page in enumerate(pages)))

    run(everybody())
    server.process.wait(20)
    suite.assert_nothing_is_lost()
    # Logins last over a restart, and work goes on.
    suite.server = serve(suite.ws.settings, None, server.log)
    run(work(suite, PageClient(suite.server.address, "register", cookie=pages[0].cookie), 99))
    suite.assert_nothing_is_lost()
