"""The views hold no words and no state: what they ask for is there, and nothing is there that they do not ask for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from svclib.pages import RegisterPage
from svclib.pages import register as register_package
from svclib.pages.register.words import WORDS
from tests.pages.views import PARTS

VIEWS = sorted([*Path(register_package.__file__).parent.glob("*.vue"), *PARTS], key=lambda path: path.name)


def test_every_word_that_a_view_asks_for_exists_and_none_is_left_over() -> None:
    asked = {word for path in VIEWS for word in re.findall(r"\bwords\.(\w+)", path.read_text("utf-8"))}
    chosen_by_name = {"light", "dark"}
    assert asked | chosen_by_name == set(WORDS)


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.stem)
def test_a_view_holds_no_words_of_its_own(path: Path) -> None:
    source = re.sub(
        r"<!--.*?-->|/\*.*?\*/|<script>.*?</script>|<style>.*?</style>", "", path.read_text("utf-8"), flags=re.S
    )
    assert re.findall(r"[\u4e00-\u9fff]+", source) == []
    shown = re.sub(r"\{\{.*?\}\}", "", re.sub(r"<(?:[^<>\"]|\"[^\"]*\")*>", "\n", source), flags=re.S)
    assert re.findall(r"[A-Za-z]{2,}", shown) == []
    assert re.findall(r'\s(?:aria-label|title|placeholder|alt)="[^"]*[A-Za-z]', source) == []


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.stem)
def test_a_view_is_a_short_file(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) < 400


def test_every_event_that_a_view_sends_is_declared(page: RegisterPage) -> None:
    text = "\n".join(path.read_text("utf-8") for path in VIEWS)
    sent = set(re.findall(r"(?:\$emit\('act', |\bact\()'(\w+)'", text))
    assert sent <= set(page.EVENTS)
    offered = set(
        re.findall(
            r"\"act\": \"(\w+)\"",
            "\n".join(path.read_text("utf-8") for path in Path(register_package.__file__).parent.glob("*.py")),
        )
    )
    assert offered <= set(page.EVENTS)
