"""What the cells of form 9 say, in the words that offices write."""

from __future__ import annotations

import pytest

from svclib.models import RequestKind, RequestState
from svclib.tabular.request_words import read_kind, read_verdict


@pytest.mark.parametrize(
    ("text", "leave"),
    [
        *(("请假", None), ("病假", "病假"), ("请假（病假）", "病假"), ("休假申请", None), ("因病请假", "因病请假")),
        *(("年休", "年休"), ("公出", "公出"), ("学习", "学习"), ("调休", "调休"), ("年休假", "年休假")),
        *(("请假（因父亲住院）", "因父亲住院"), ("出差/学习", "出差、学习")),
    ],
)
def test_leave_is_known_by_its_words_and_what_kind_it_is_goes_with_the_reason(text: str, leave: str | None) -> None:
    assert read_kind(text) == (RequestKind.ABSENCE, leave, None)


@pytest.mark.parametrize(
    ("text", "cause"), [("调整", None), ("调整申请", None), ("调整（因病假）", "因病假"), ("换队 由于住院", "由于住院")]
)
def test_a_change_is_known_by_its_words_also_beside_its_cause(text: str, cause: str | None) -> None:
    assert read_kind(text) == (RequestKind.CHANGE, cause, None)


@pytest.mark.parametrize("text", ["？", "调整（病假）", "请假/调整", "因故", "加班", "因"])
def test_what_may_be_either_or_neither_is_refused_without_repeating_it(text: str) -> None:
    kind, leave, flaw = read_kind(text)
    assert (kind, leave) == (None, None)
    assert flaw is not None
    assert text not in flaw.reason


@pytest.mark.parametrize(
    ("text", "state"),
    [
        *((text, RequestState.APPROVED) for text in ("同意", "已同意", "拟同意", "批准 李主任", "审批通过", "准假")),
        *((text, RequestState.RETURNED) for text in ("不同意", "未予同意", "不予批准", "暂不同意", "暂缓批准", "不批")),
        *((text, RequestState.RETURNED) for text in ("未获批准", "不准假", "不予以通过", "已退回", "驳回", "未经同意")),
        *((text, RequestState.WITHDRAWN) for text in ("已撤回", "撤回", "本人撤销", "已取消")),
        *((text, None) for text in ("待审批", "", "转人资部", "请领导批示")),
        ("撤销原安排，同意调整", RequestState.APPROVED),
    ],
)
def test_what_the_paper_says_of_its_approval_is_never_taken_for_the_opposite(
    text: str, state: RequestState | None
) -> None:
    assert read_verdict(text) == state
