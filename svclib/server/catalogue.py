"""The apps that can be served: which notebooks, and what they are called."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from svclib.errors import NotFound
from svclib.i18n import gettext as _
from svclib.i18n import noop as N_
from svclib.models import Role
from svclib.workspace.policy import Actor, Policy

_KNOWN = {
    "register": (
        N_("Register"),
        N_("Everybody in units, teams and training; import of rosters; which teams break a rule."),
        "register.page",
    ),
    "rotation": (
        N_("Rotation"),
        N_("Who goes to which team when: planned for a year, changed by hand with reasons, published."),
        "rotation.plans",
    ),
    "audit": (
        N_("Trail"),
        N_("Who changed what when, who looked at plain values, and whether the record of it is whole."),
        "audit.page",
    ),
}


@dataclass(frozen=True, slots=True)
class App:
    """One app: the notebook's name without its ending, its title, a line about it, the verb it needs at least."""

    name: str
    title: str
    about: str
    verb: str = ""

    def serves(self, role: Role) -> bool:
        """Whether somebody of this role finds anything in it."""
        return not self.verb or Policy(Actor("", role=role)).allows(self.verb)


def default_folder() -> Path:
    """`voila_apps` of the checkout; for an installed package the same notebooks, which the wheel brings along."""
    checkout = Path(__file__).resolve().parents[2] / "voila_apps"
    return checkout if checkout.is_dir() else Path(sys.prefix) / "share" / "svclib" / "apps"


def find_apps(folder: Path) -> list[App]:
    """The apps in a folder: the suite's own, then others by name. Raises NotFound when the folder has no notebook."""
    if not folder.is_dir():
        raise NotFound(_("There is no folder {folder}. Name the folder of the apps with --apps.").format(folder=folder))
    found = sorted(path.stem for path in folder.glob("*.ipynb"))
    ours = [name for name in _KNOWN if name in found]
    apps = [describe(name) for name in (*ours, *(name for name in found if name not in ours))]
    if not apps:
        raise NotFound(_("No app was found in {folder}: it holds no notebook.").format(folder=folder))
    return apps


def describe(name: str) -> App:
    """What the app of this name is called on screen; a notebook of one's own keeps its file name."""
    title, about, verb = _KNOWN.get(name, ("", "", ""))
    return App(name, _(title) if title else name, _(about) if about else "", verb)
