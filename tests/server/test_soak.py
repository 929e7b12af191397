"""Twenty people at once on real websockets, reading and writing the same records; and kills in the middle of it."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tornado.httpclient import HTTPClientError

from svclib.demo import DEMO_PASSWORD
from svclib.workspace import Workspace
from svclib.workspace.filling import fill_accounts
from tests.server.client import PageClient, PageEnded, run
from tests.visits import kernels_below, visitor
from tests.workspace import factory

USERS = 20
ROUNDS = 4
SHARED_PEOPLE = 4
SVC = Path(sys.executable).with_name("svc")


@dataclass
class Suite:
    """The suite on a small province, with an account for each person."""

    ws: Workspace
    people: list[int]
    folder: Path
    process: subprocess.Popen[str] | None = None
    address: str = ""
    saved: list[tuple[int, str]] = field(default_factory=list)
    """What pages have confirmed as saved: the person, and the word that was put into the note."""

    def start(self) -> None:
        variables = {name: value for name, value in os.environ.items() if not name.startswith("SVC_")}
        variables |= self.ws.settings.environment() | {"SVC_TODAY": "2026-08-20"}
        command = [str(SVC), "serve", "--port", "0"]
        with (self.folder / "serve.log").open("a") as log:
            self.process = subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, stderr=log, text=True)
        assert self.process.stdout is not None
        told = re.search(r"http://\S+", self.process.stdout.readline())
        assert told is not None, (self.folder / "serve.log").read_text()
        self.address = told.group()

    def cookies(self) -> list[str]:
        """What each person's browser sends, logged in."""
        jars = [visitor(self.address, f"user{number}").cookies.jar for number in range(USERS)]
        return ["; ".join(f"{cookie.name}={cookie.value}" for cookie in jar) for jar in jars]

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
    running = Suite(ws, people[:SHARED_PEOPLE], tmp_path)
    running.start()
    yield running
    assert running.process is not None
    running.process.terminate()
    running.process.wait(20)


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


async def work(suite: Suite, cookie: str, number: int) -> None:
    """One person's minutes: look, search, turn, write."""
    chance = random.Random(number)
    async with PageClient(suite.address, "register", cookie=cookie) as page:
        assert page.status == 200
        for step in range(ROUNDS):
            await page.event("press_card", {"card": chance.choice(["members", "teams", "broken", "trainees"])})
            await page.event("search_people", {"text": chance.choice(["z", "qian", "赵"])})
            await page.event("search_people", {"text": ""})
            assert page.state["problem"] == ""
            await note_word(page, suite, chance.choice(suite.people), f"w{number}-{step}")


def test_twenty_people_writing_the_same_records_lose_nothing(suite: Suite) -> None:
    cookies = suite.cookies()

    async def everybody() -> None:
        await asyncio.gather(*(work(suite, cookie, number) for number, cookie in enumerate(cookies)))

    run(everybody())
    assert len(suite.saved) == USERS * ROUNDS
    suite.assert_nothing_is_lost()
    # Nothing was written but what was confirmed.
    assert sum(len(note.split()) for note in suite.notes().values()) == USERS * ROUNDS
    assert "unexpected" not in (suite.folder / "serve.log").read_text()


def test_killed_pages_and_a_killed_server_leave_all_or_nothing(suite: Suite) -> None:
    cookies = suite.cookies()[:8]
    assert suite.process is not None
    server = suite.process.pid

    async def until_the_end(cookie: str, number: int) -> None:
        try:
            await work(suite, cookie, number)
        except (PageEnded, HTTPClientError, OSError, TimeoutError, AssertionError):
            return

    async def destroy() -> None:
        # As soon as somebody has written, others are in the middle of it.
        while not suite.saved:
            await asyncio.sleep(0.05)
        for kernel in sorted(kernels_below(server))[:3]:
            os.kill(kernel, signal.SIGKILL)
            await asyncio.sleep(0.1)
        os.kill(server, signal.SIGKILL)

    async def everybody() -> None:
        await asyncio.gather(destroy(), *(until_the_end(cookie, number) for number, cookie in enumerate(cookies)))

    run(everybody())
    suite.process.wait(20)
    suite.assert_nothing_is_lost()
    # Logins last over a restart, and work goes on.
    suite.start()
    run(work(suite, cookies[0], 99))
    suite.assert_nothing_is_lost()
