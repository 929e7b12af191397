"""The yearly rotation (年度轮岗): plans, proposals, drafts, what is published."""

from __future__ import annotations

from svclib.workspace.rotation.announcing import Announcing
from svclib.workspace.rotation.asking import Asking
from svclib.workspace.rotation.attaching import Attaching
from svclib.workspace.rotation.deciding import Decided, Deciding, Effect
from svclib.workspace.rotation.drafting import Drafting
from svclib.workspace.rotation.explaining import Explaining, Judged
from svclib.workspace.rotation.hearing import Heard, Hearing
from svclib.workspace.rotation.moving import Moved, Moving
from svclib.workspace.rotation.places import Place, Placed
from svclib.workspace.rotation.plans import Plans, figures_blocker
from svclib.workspace.rotation.proposal import Proposal
from svclib.workspace.rotation.proposing import Proposing, Search
from svclib.workspace.rotation.publishing import Publishing
from svclib.workspace.rotation.reading import Reading
from svclib.workspace.rotation.reasons import Reasons
from svclib.workspace.rotation.requests import Requests
from svclib.workspace.rotation.returning import Checked, Returning
from svclib.workspace.rotation.sheets import Sheets
from svclib.workspace.rotation.telling import Why
from svclib.workspace.rotation.ways import Ways

__all__ = [
    "Checked",
    "Decided",
    "Effect",
    "Heard",
    "Judged",
    "Moved",
    "Place",
    "Placed",
    "Proposal",
    "Rotation",
    "Search",
    "Why",
    "figures_blocker",
]


class Rotation(
    Plans,
    Asking,
    Reasons,
    Proposing,
    Drafting,
    Moving,
    Publishing,
    Reading,
    Hearing,
    Explaining,
    Ways,
    Sheets,
    Returning,
    Announcing,
    Attaching,
    Requests,
    Deciding,
):
    """Every verb of the rotation."""
