"""Adding a person and changing a person's facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from svclib.errors import RuleBroken
from svclib.i18n import gettext as _
from svclib.models import DevelopmentPeriod, DevelopmentStage, Person, PoliticalStatus, StatusPeriod, table
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.register.card import person_row
from svclib.workspace.register.careers import employ, join
from svclib.workspace.register.days import day_of
from svclib.workspace.register.facts import FACTS, clean_facts, code_of, judge_person, sealed
from svclib.workspace.register.periods import begin_period
from svclib.workspace.register.versions import require_version, save_row
from svclib.workspace.vault import PROTECTED, mask

_PERSON = table(Person)
_PLACED = ("unit_id", "crew_id", "post", "team_id", "status", "stage")


class Editing(Area):
    """Adding a person and changing a person's facts."""

    @verb("register.add_person", writes=True)
    def add_person(self, tx: Transaction, values: Mapping[str, Any], *, on: date | str | None = None) -> int:
        """Add a person and return the id.

        `values`: any of the person's own fields (`facts.FACTS`; a name, and an employee or ID number, are needed), and
        unit_id, crew_id, post, team_id, status, stage. Employment begins on hired_on, else on the day `on`; the status
        of a party member on party_joined_on, everything else on the day. Sex and birth date are read from the ID number
        where not given. Raises RuleBroken with the field at fault, Duplicate for a number taken, NotFound for a unit,
        crew or team that is not there or not in scope, Forbidden for what the role does not change.
        """
        day = day_of(tx, on)
        tx.require_keeping(name for name in values if values[name] is not None)
        placed = {name: values[name] for name in _PLACED if values.get(name) is not None}
        facts = judge_person(tx, clean_facts({name: value for name, value in values.items() if name not in _PLACED}))
        row = sealed(tx, facts)
        person_id = tx.insert(_PERSON, row)
        tx.record(_PERSON, person_id, after={**row, "version": 1})
        owner = {"person_id": person_id}
        if "unit_id" in placed:
            starts = facts.get("hired_on") or day
            crew_id, post = placed.get("crew_id"), placed.get("post")
            employ(tx, person_id, starts, unit_id=placed["unit_id"], crew_id=crew_id, post=post)
        elif "crew_id" in placed or "post" in placed:
            raise RuleBroken(_("Choose the unit, too."), field="unit_id")
        if "status" in placed:
            status = code_of(PoliticalStatus, placed["status"], field="status")
            in_party = status in (PoliticalStatus.MEMBER, PoliticalStatus.PROBATIONARY)
            since = facts.get("party_joined_on") if in_party else None
            begin_period(tx, table(StatusPeriod), owner, since or day, {"status": status})
        if "stage" in placed:
            stage = code_of(DevelopmentStage, placed["stage"], field="stage")
            begin_period(tx, table(DevelopmentPeriod), owner, day, {"stage": stage})
        if "team_id" in placed:
            join(tx, person_id, placed["team_id"], day)
        return person_id

    @verb("register.edit_person", writes=True)
    def edit_person(self, tx: Transaction, person_id: int, changes: Mapping[str, Any], *, version: int) -> int:
        """Change a person's own fields and return the new version; nothing differing keeps the version.

        None or an empty text empties a field. Where someone works and what someone is have verbs of their own. Raises
        StaleRecord when the person was saved since `version` was read (protected values masked in it), RuleBroken with
        the field at fault, Duplicate for a number taken, NotFound, Forbidden for what the role does not change.
        """
        tx.require_keeping(changes)
        stored = person_row(tx, person_id, lock=True)
        wanted = clean_facts(changes)
        clear = stored | {name: tx.vault.decrypt(name, stored[name]) for name in PROTECTED}

        def shown(name: str, value: Any) -> Any:
            if name not in PROTECTED or value is None:
                return value
            # What is stored is ciphertext; what is wanted is clear.
            return mask(name, value if value == wanted.get(name) else tx.vault.decrypt(name, value))

        require_version(tx, _PERSON, stored, wanted, version, shown=shown)
        differing = {name: value for name, value in wanted.items() if clear[name] != value}
        judged = judge_person(tx, {name: clear[name] for name in FACTS} | differing, person_id=person_id)
        # The ID number may have filled in sex and birth date.
        return save_row(tx, _PERSON, stored, sealed(tx, {n: v for n, v in judged.items() if clear[n] != v}))
