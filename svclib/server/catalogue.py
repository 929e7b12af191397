"""The apps that can be served: which notebooks, and what they are called."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from svclib.errors import NotFound
from svclib.i18n import gettext as _
from svclib.i18n import noop as N_

_KNOWN = {
    "audit": (
        N_("Trail"),
        N_("Who changed what when, who looked at plain values, and whether the record of it is whole."),
    ),
    "register": (
        N_("Register"),
        N_("Everybody in units, teams and training; import of rosters; which teams break a rule."),
    ),
}


@dataclass(frozen=True, slots=True)
class App:
    """One app: the notebook's name without its ending, its title and a line about it."""

    name: str
    title: str
    about: str


def default_folder() -> Path:
    """`voila_apps` of the checkout; for an installed package the same notebooks, which the wheel brings along."""
    checkout = Path(__file__).resolve().parents[2] / "voila_apps"
    return checkout if checkout.is_dir() else Path(sys.prefix) / "share" / "svclib" / "apps"


def find_apps(folder: Path) -> list[App]:
    """The apps in a folder by name. Raises NotFound when the folder has no notebook."""
    if not folder.is_dir():
        raise NotFound(_("There is no folder {folder}. Name the folder of the apps with --apps.").format(folder=folder))
    apps = [describe(path.stem) for path in sorted(folder.glob("*.ipynb"))]
    if not apps:
        raise NotFound(_("No app was found in {folder}: it holds no notebook.").format(folder=folder))
    return apps


def describe(name: str) -> App:
    """What the app of this name is called on screen; a notebook of one's own keeps its file name."""
    title, about = _KNOWN.get(name, ("", ""))
    return App(name, _(title) if title else name, _(about) if about else "")
