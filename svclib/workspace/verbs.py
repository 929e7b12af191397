"""What every verb is called on screen: in the trail, where it was done, and where it is refused."""

from __future__ import annotations

from collections.abc import Mapping

from svclib.i18n import gettext as _
from svclib.i18n import noop as N_

UNMASKING = "register.reveal"
VERB_WORDS: Mapping[str, str] = {
    "register.add_person": N_("Person added"),
    "register.edit_person": N_("Person changed"),
    UNMASKING: N_("Plain value looked at"),
    "register.record_status": N_("Political status recorded"),
    "register.record_stage": N_("Stage of development recorded"),
    "register.transfer": N_("Transferred"),
    "register.end_employment": N_("Employment ended"),
    "register.join_team": N_("Joined a team"),
    "register.leave_team": N_("Left a team"),
    "register.appoint": N_("Appointed to an office"),
    "register.dismiss": N_("Dismissed from an office"),
    "register.edit_team": N_("Team changed"),
    "register.import": N_("People imported"),
    "register.import_structure": N_("Structure imported"),
    "register.undo_import": N_("Import undone"),
    "access.first_administrator": N_("First administrator made"),
    "access.add_user": N_("Account added"),
    "access.set_role": N_("Role changed"),
    "access.set_password": N_("Password set"),
    "access.change_own_password": N_("Own password changed"),
    "access.disable": N_("Account disabled"),
    "access.enable": N_("Account enabled"),
    "access.begin_session": N_("Logged in"),
    "access.end_session": N_("Logged out"),
    "access.end_sessions_of": N_("Logins ended"),
    "access.settle": N_("Login judged"),
    "backup.write": N_("Backup made"),
    "backup.restore": N_("Backup restored"),
    "keys.rotate": N_("Keys rotated"),
    "keys.forget": N_("Old key forgotten"),
    "audit.seal": N_("Trail sealed"),
    "demo.fill": N_("Demo made"),
    "demo.accounts": N_("Demo accounts made"),
}
"""Every verb that leaves a trail, as something that was done."""
_SILENT_WORDS: Mapping[str, str] = {
    "register.people": N_("People read"),
    "register.page": N_("List of people opened"),
    "register.person": N_("Person opened"),
    "register.summary": N_("Figures read"),
    "register.units": N_("Units read"),
    "register.bodies": N_("Party bodies read"),
    "register.crews": N_("Crews read"),
    "register.teams": N_("Teams read"),
    "register.stations": N_("Stations read"),
    "register.intakes": N_("Intakes read"),
    "register.composition": N_("Composition of teams read"),
    "register.who": N_("Names found"),
    "register.export": N_("People exported"),
    "register.imports": N_("Imports read"),
    "access.any_account": N_("First account looked for"),
    "access.users": N_("Accounts read"),
    "access.me": N_("Own account read"),
    "access.recognise": N_("Account recognised"),
    "access.attempt": N_("Login tried"),
    "access.owner": N_("Account of a login found"),
    "access.find_session": N_("Login found"),
    "access.touch": N_("Login prolonged"),
    "access.living": N_("Living logins read"),
    "access.sessions": N_("Logins read"),
    "access.issue_ticket": N_("Page's ticket issued"),
    "access.withdraw_ticket": N_("Page's ticket withdrawn"),
    "audit.verify": N_("Trail checked"),
    "audit.anchor": N_("Trail anchored"),
    "audit.page": N_("Trail read"),
    "audit.entry": N_("Row of the trail opened"),
    "audit.summary": N_("Figures of the trail read"),
    "audit.export": N_("Trail exported"),
    "drafts.save": N_("Draft kept"),
    "drafts.load": N_("Draft read"),
    "drafts.discard": N_("Draft discarded"),
}
"""Every verb that leaves none: it reads, or it keeps what is nobody else's."""


def verb_word(verb: str) -> str:
    """What is done; a verb of a newer or older program as it is written."""
    word = VERB_WORDS.get(verb) or _SILENT_WORDS.get(verb)
    return _(word) if word else verb
