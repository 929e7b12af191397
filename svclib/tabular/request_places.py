"""Places as form 9 (请假/调整申请表) tells them: a team, its station or crew, and the stage beside them."""

from __future__ import annotations

import re

from svclib.tabular.request_words import PARTS
from svclib.tabular.rotation.periods import stage_of
from svclib.tabular.texts import half_width

_STAGE = re.compile(r"第\s*(?:\d+|[一二三四五六七八九十])\s*阶段|阶段\s*\d+|\bStage\s+\d+", re.IGNORECASE)
_BARE_STAGE = re.compile(rf"^(?:第?\d+|阶段){PARTS.pattern}|{PARTS.pattern}(?:第?\d+|阶段)$")
_ENGLISH = re.compile(r"stage\s+", re.IGNORECASE)


def place_splits(text: str) -> list[tuple[str, str]]:
    """Every way in which a cell may tell a place: a team, and what follows it, empty where all of it is the team.

    Names may hold blanks, brackets and hyphens themselves: whoever knows the names picks the way that fits. The later
    ways leave a stage out that stands beside the names.
    """
    ways: dict[tuple[str, str], None] = {}
    for one in dict.fromkeys((half_width(text), without_stage(text))):
        ways[one, ""] = None
        for gap in PARTS.finditer(one):
            cuts = [(gap.start(), gap.end()), *((at, at) for at in range(gap.start(), gap.end() + 1))]
            split = ((one[:end].strip(), one[start:].strip()) for end, start in cuts)
            # A sign between the names may be the last of the one or the first of the other.
            ways |= dict.fromkeys((team, rest) for team, rest in split if PARTS.sub("", team) and PARTS.sub("", rest))
    return list(ways)


def without_stage(text: str) -> str:
    """The text of a place without the stage that stands beside it; the same text where it tells nothing else."""
    whole = half_width(text)
    bare = _BARE_STAGE.sub("", _STAGE.sub(" ", whole).strip())
    return bare if PARTS.sub("", bare) else whole


def stage_beside(text: str) -> int | None:
    """The stage that stands beside a place, as in 第 1 阶段 高新服务队; None where none does."""
    found = _STAGE.search(half_width(text))
    return None if found is None else stage_of(_ENGLISH.sub("", found[0]))
