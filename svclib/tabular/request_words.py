"""What the cells of form 9 (请假/调整申请表) say: which kind, what the paper says of its approval."""

from __future__ import annotations

import re
from functools import lru_cache

from svclib.codes import RequestKind, RequestState
from svclib.i18n import gettext as _
from svclib.tabular.model import Flaw
from svclib.tabular.texts import half_width

_PLAIN_LEAVE = frozenset({"请假", "休假", "缺勤", "离岗"})
_LEAVE = frozenset(
    {
        *("培训", "集中培训", "脱产培训", "借调", "参训", "住院", "出差", "公出", "公差", "学习", "外出学习"),
        *("年休", "调休", "补休", "轮休", "探亲", "疗养"),
    }
)
_CHANGES = frozenset(
    [
        "调整",
        "调队",
        "换队",
        "调换",
        "换岗",
        "调岗",
        "调动",
        "变更",
        "轮岗调整",
        "安排调整",
        "岗位调整",
        "调整安排",
        "调整轮岗",
        "变更安排",
        "调整申请",
        "换站",
        "调站",
    ]
)
_ANYWHERE = frozenset(
    [
        "其他",
        "其它",
        "另行安排",
        "另安排",
        "服从安排",
        "服从分配",
        "服从调配",
        "其他队",
        "其他服务队",
        "待定",
        "均可",
        "都可以",
        "任意",
    ]
)
_APPROVED = re.compile(r"(?:已|拟)?(?:同意|批准|准予|准假|通过|审批通过)")
_RETURNED = re.compile(r"(?:不|未|缓)(?:[予获能得便宜]以?|经)?(?:同意|批准|准|通过|宜)|不批(?!示)|退回|驳回|拒绝|否决")
_WITHDRAWN = re.compile(r"(?:已|本人|自行|申请人?)*(?:撤回|撤销|取消)(?!原|其|安排|轮岗)")
PARTS = re.compile(r"[\s/、,;:()\[\]—–-]+")
_CAUSE = ("因", "由于")


def read_kind(text: str) -> tuple[RequestKind | None, str | None, Flaw | None]:
    """Read a cell like 请假, 病假, 调整: the kind, and what kind of leave it is where that is told.

    What kind of leave it is tells why, as does a cause beside the kind (因…): both are kept with the reason. A flaw
    never repeats the cell, for the same cause.
    """
    return _kind(half_width(text))


@lru_cache(maxsize=256)
def _kind(text: str) -> tuple[RequestKind | None, str | None, Flaw | None]:
    told = [part for part in PARTS.split(text) if part]
    words = [word for word in told if not word.startswith(_CAUSE)] or told
    causes = [word for word in told if word not in words]
    changes = [word for word in words if word.removesuffix("申请") in _CHANGES or word in _CHANGES]
    leaves = [word for word in words if _is_leave(word.removesuffix("申请"))]
    if len(changes) + len(leaves) != len(words) or bool(changes) == bool(leaves):
        reason = _("This is neither leave nor a change of placement.")
        return None, None, Flaw(reason, _("Write {words}.").format(words="请假 / 调整"))
    if changes:
        return RequestKind.CHANGE, "、".join(causes) or None, None
    kinds = [word for word in words if word.removesuffix("申请") not in _PLAIN_LEAVE]
    return RequestKind.ABSENCE, "、".join((*kinds, *causes)) or None, None


def _is_leave(word: str) -> bool:
    return word in _PLAIN_LEAVE or word in _LEAVE or (word.endswith("假") and 2 <= len(word) <= 6)


def read_verdict(text: str) -> RequestState | None:
    """What the paper says about its approval; None where it says nothing of that."""
    plain = "".join(half_width(text).split())
    if _WITHDRAWN.match(plain):
        return RequestState.WITHDRAWN
    if _RETURNED.search(plain):
        return RequestState.RETURNED
    return RequestState.APPROVED if _APPROVED.search(plain) else None


def is_anywhere(text: str) -> bool:
    """Whether any other place would do."""
    return "".join(half_width(text).split()) in _ANYWHERE
