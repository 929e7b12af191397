"""The register (花名册): who is what, where, on any day."""

from __future__ import annotations

from svclib.workspace.importing import Importing
from svclib.workspace.register.card import Cards
from svclib.workspace.register.careers import Careers
from svclib.workspace.register.composition import Composition
from svclib.workspace.register.editing import Editing
from svclib.workspace.register.listing import Listing
from svclib.workspace.register.offices import Offices
from svclib.workspace.register.organisation import Organisation
from svclib.workspace.register.people import People

__all__ = ["Register"]


class Register(People, Listing, Cards, Editing, Careers, Offices, Organisation, Composition, Importing):
    """Every verb of the register."""
