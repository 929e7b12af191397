"""The door: everything that apps, notebooks and the command line do goes through a `Workspace`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from svclib.settings import Settings, load_settings
from svclib.workspace import base
from svclib.workspace.access import Access
from svclib.workspace.audit import Audit
from svclib.workspace.backup import Backups
from svclib.workspace.database import check_database, init_database
from svclib.workspace.drafts import Drafts
from svclib.workspace.identity import Identity, acting, identity_of
from svclib.workspace.key_rotation import KeyRotation
from svclib.workspace.policy import SYSTEM_SERVER
from svclib.workspace.register import Register

if TYPE_CHECKING:
    from svclib.workspace.rotation import Rotation

__all__ = ["Workspace", "init_database", "open_for_server", "open_workspace"]


class Workspace(base.Workspace):
    """One user's way into one database.

    Its areas: `register`, `rotation`, `audit`, `backup`, `keys`, `drafts`, `access`.
    """

    @cached_property
    def register(self) -> Register:
        """Units, teams, stations, people, trainees: who is what, where, on any day."""
        return Register(self)

    @cached_property
    def rotation(self) -> Rotation:
        """The yearly rotation: plans, proposals, what is published, who stands where."""
        # Only here: most commands and pages plan nothing.
        from svclib.workspace.rotation import Rotation

        return Rotation(self)

    @cached_property
    def audit(self) -> Audit:
        """The trail: who changed what when, and whether it is whole."""
        return Audit(self)

    @cached_property
    def backup(self) -> Backups:
        """Copies of everything, to be kept elsewhere."""
        return Backups(self)

    @cached_property
    def keys(self) -> KeyRotation:
        """New encryption keys for old ones."""
        return KeyRotation(self)

    @cached_property
    def drafts(self) -> Drafts:
        """What this user has typed and not yet saved."""
        return Drafts(self)

    @cached_property
    def access(self) -> Access:
        """Accounts, logins, and the tickets of open pages."""
        return Access(self)


def open_workspace(settings: Settings | None = None, *, as_user: str | None = None) -> Workspace:
    """Open the database that the settings name, as the page's owner, as an account, or as the machine's own user.

    Raises BadSetting for a setting that is unknown or impossible, DatabaseState when the database has not been created,
    is older or newer than this program, or when its key file is missing, Forbidden in a page that holds no ticket.
    """
    chosen = settings or load_settings()
    return _opened(chosen, identity_of(chosen, as_user))


def open_for_server(settings: Settings) -> Workspace:
    """Open the database as the server, which begins and ends logins and may do nothing else. Raises DatabaseState."""
    return _opened(settings, acting(SYSTEM_SERVER))


def _opened(settings: Settings, identity: Identity) -> Workspace:
    workspace = Workspace(settings, identity=identity)
    check_database(workspace.engine)
    _ = workspace.vault
    return workspace
