"""The policy's tables are whole: every verb stands in them, every field, every role; who only reads cannot write."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

import svclib.workspace
from svclib.i18n import use_language
from svclib.models import Person, Role, table
from svclib.workspace.base import Area
from svclib.workspace.importing.entry import FIELD_WORDS
from svclib.workspace.policy import (
    FIELDS,
    GROUP_WORDS,
    GROUPS,
    KEEPS,
    REACHES,
    SYSTEM,
    SYSTEM_SERVER,
    Actor,
    Group,
    Policy,
    Reach,
    Shown,
)
from svclib.workspace.register.card import HISTORY_GROUPS, HISTORY_KINDS
from svclib.workspace.register.sight import COLUMNS
from svclib.workspace.vault import PROTECTED
from svclib.workspace.verbs import VERB_WORDS, verb_word

READERS = set(Role) - {Role.HR, Role.SECRETARY, Role.ORGANISER, Role.SAFETY, Role.ADMINISTRATOR, Role.TRAINEE}


def verbs() -> Iterator[Any]:
    """Every verb of every area, as the code has them."""
    for module in pkgutil.walk_packages(svclib.workspace.__path__, "svclib.workspace."):
        importlib.import_module(module.name)
    areas = [Area]
    for area in areas:
        areas += area.__subclasses__()
        yield from (member for member in vars(area).values() if hasattr(member, "verb_name"))


def found(module: str = "svclib.") -> dict[str, bool]:
    """Verb → whether it writes, in any of its forms. Tests have verbs of their own, which are left out."""
    names: dict[str, bool] = {}
    for one in verbs():
        if one.__module__.startswith(module):
            names[one.verb_name] = names.get(one.verb_name, False) or one.verb_writes
    return names


def actor(role: Role) -> Actor:
    return Actor("somebody", account_id=1, role=role, unit_id=1)


def test_every_verb_of_the_code_stands_in_the_table_and_no_other() -> None:
    known = {name for name in found() if not Policy(SYSTEM_SERVER).allows(name)}
    assert set(REACHES) - set(found()) == set()
    assert known - set(REACHES) == set()
    assert all(set(reaches) == set(Role) for reaches in REACHES.values())


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_verb_has_a_word_of_its_own_in_each_language(language: str) -> None:
    use_language(language)
    words = {name: verb_word(name) for name in {*found(), *VERB_WORDS}}
    assert {name for name, word in words.items() if word == name or word.isascii() != (language == "en")} == set()
    assert len(set(words.values())) == len(words)


def test_a_verb_or_an_actor_that_is_in_no_table_reaches_nothing() -> None:
    assert not Policy(actor(Role.HR)).allows("register.unheard_of")
    for nobody in (Actor("somebody"), Actor("system", account_id=3), Actor("server", account_id=3)):
        assert not any(Policy(nobody).allows(name) for name in REACHES)
        assert {Policy(nobody).shown(group) for group in Group} == {Shown.ABSENT}


def test_the_machines_own_user_has_every_verb_and_is_shown_everything() -> None:
    policy = Policy(SYSTEM)
    assert all(policy.allows(name) and policy.reach(name) == Reach.ALL for name in found())
    assert {policy.shown(group) for group in Group} == {Shown.SHOWN}


def test_the_server_has_only_verbs_of_logins() -> None:
    assert all(name.startswith("access.") for name in found() if Policy(SYSTEM_SERVER).allows(name))


@pytest.mark.parametrize("role", sorted(READERS))
def test_a_role_that_only_reads_has_no_verb_that_writes(role: Role) -> None:
    written = {name for name, writes in found().items() if writes}
    assert "register.import" in written
    policy = Policy(Actor("somebody", account_id=1, role=role))
    assert {name for name in written if policy.reach(name) not in (Reach.NONE, Reach.OWN)} == set()
    assert role not in KEEPS


def test_a_trainee_writes_nothing_but_the_own_requests() -> None:
    policy = Policy(Actor("somebody", account_id=1, role=Role.TRAINEE, person_id=1))
    written = {name for name, writes in found().items() if writes and policy.reach(name) not in (Reach.NONE, Reach.OWN)}
    assert written == {"rotation.request", "rotation.withdraw_request", "rotation.request_reason"}
    assert {policy.reach(name) for name in written} == {Reach.SELF}
    assert Role.TRAINEE not in KEEPS


def test_only_an_account_of_the_province_changes_the_structure() -> None:
    assert not Policy(actor(Role.HR)).allows("register.import_structure")
    assert Policy(Actor("company", account_id=1, role=Role.HR)).allows("register.import_structure")


def test_every_field_that_is_listed_shown_or_imported_belongs_to_a_group() -> None:
    derived = {"id_number_index", "pinyin", "initials"}
    of_persons = {column.name for column in table(Person).c} - derived
    assert (of_persons | set(COLUMNS)) - set(FIELDS) == set()
    of_structure = {"short_name", "kind", "parent", "body", "body_kind", "crew_kind", "team_short", "setting", "level"}
    of_structure |= {"supervision_phone", "founded_on", "opened_on", "latitude", "longitude", "office", "person"}
    assert set(FIELD_WORDS) - of_structure - {"valid_from", "mentor"} - set(FIELDS) == set()
    assert {FIELDS[name] for name in PROTECTED} == {Group.CONTACT}
    assert set(GROUP_WORDS) == set(Group)


def test_contact_data_are_shown_to_hr_alone_and_activists_matters_to_those_who_cultivate() -> None:
    def shown(group: Group) -> set[Role]:
        return {role for role in Role if GROUPS[role][group] == Shown.SHOWN}

    assert shown(Group.CONTACT) == shown(Group.NOTE) == {Role.HR}
    assert shown(Group.CULTIVATION) == {Role.SECRETARY, Role.ORGANISER, Role.CONTACT}
    assert shown(Group.STAGE) == shown(Group.CULTIVATION) | {Role.HR}
    assert all(GROUPS[role][Group.STAGE] != Shown.MASKED for role in Role)


def test_nobody_changes_what_he_is_not_shown() -> None:
    for role, kept in KEEPS.items():
        assert all(GROUPS[role][group] == Shown.SHOWN for group in kept)


def test_every_kind_of_history_belongs_to_a_group_or_is_about_files() -> None:
    assert set(HISTORY_KINDS) == {*HISTORY_GROUPS, "import"}
