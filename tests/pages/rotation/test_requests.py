"""Requests on the rotation's page: listed, weighed, decided by somebody else, filed by the form."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest

from svclib.pages import RotationPage
from svclib.workspace import Workspace
from svclib.workspace.identity import by_name
from tests.pages.conftest import Send
from tests.pages.rotation.conftest import PLAN
from tests.pages.views import english

Open = Callable[[str], RotationPage]


@pytest.fixture
def as_user(planned: Workspace) -> Open:
    """The page for one of the demo's accounts."""

    def opened(name: str) -> RotationPage:
        page = RotationPage(Workspace(planned.settings, identity=by_name(name), engine=planned.engine))
        page._handle_event(page, {"event": "choose_view", "data": {"view": "requests"}}, [])
        assert page.problem == ""
        return page

    return opened


def states(page: RotationPage) -> dict[str | None, str]:
    return {one["id"]: one["count"] for one in page.requests["filters"]}


def first(page: RotationPage, send: Send, state: str = "pending", kind: str = "请假") -> int:
    send(page, "filter_requests", state=state)
    return next(row["id"] for row in page.requests["rows"] if row["about"]["word"] == kind)


def test_requests_are_listed_by_state_and_a_state_chosen_again_lists_all(page: RotationPage, send: Send) -> None:
    send(page, "choose_view", view="requests")
    assert states(page) == {None: "7", "pending": "2", "approved": "3", "returned": "1", "withdrawn": "1"}
    send(page, "filter_requests", state="approved")
    assert {row["word"] for row in page.requests["rows"]} == {"已同意"}
    assert page.requests["title"] == "3 份申请"
    send(page, "filter_requests", state="approved")
    assert page.requests["total"] == 7
    assert english(page.requests["rows"], page.requests["filters"]) == []


def test_a_request_is_weighed_approved_and_waits_for_a_new_version(as_user: Open, send: Send) -> None:
    page = as_user("hr-unit")
    page.ws.rotation.publish(PLAN)
    request_id = first(page, send)
    send(page, "open_request", request=request_id)
    opened = page.requests["opened"]
    assert opened["decides"]
    assert opened["blocker"] == ""
    assert not opened["asks_name"]
    assert opened["effect"]["said"]
    assert english(opened, allowed="") == []
    send(page, "approve_request", answer="同意", name="")
    assert page.notice is not None
    assert "已同意" in page.notice["text"]
    assert page.requests["opened"]["word"] == "已同意"
    facts = {one["label"]: one["value"] for one in page.requests["opened"]["facts"]}
    assert facts["审批意见"] == "同意"
    assert "人资" in facts["审批人"]
    send(page, "approve_request", answer="", name="", refused=True)
    assert "已办结" in page.problem


def test_an_approved_change_offers_a_search_with_few_moves_and_a_move_by_hand(as_user: Open, send: Send) -> None:
    page = as_user("hr-unit")
    page.ws.rotation.publish(PLAN)
    request_id = first(page, send, kind="调整")
    row = next(one for one in page.ws.rotation.requests(PLAN).to_dict("records") if one["id"] == request_id)
    person, stage = int(row["person_id"]), int(row["stage"])
    send(page, "open_request", request=request_id)
    send(page, "approve_request", answer="", name="")
    assert page.requests["opened"]["open"]
    search, move = page.requests["opened"]["acts"]
    assert (search["act"], search["data"]) == ("start_search", {"preset": "least_change", "seconds": 60})
    assert (move["act"], move["data"]) == ("open_cell", {"person": person, "stage": stage})
    send(page, move["act"], **move["data"])
    assert page.panel["id"] == f"{person}-{stage}"


def test_a_request_is_sent_back_with_a_reason_only(as_user: Open, send: Send) -> None:
    page = as_user("hr")
    send(page, "open_request", request=first(page, send))
    send(page, "return_request", answer=" ", name="", refused=True)
    assert page.problem_field == "answer"
    send(page, "return_request", answer="请改到下一阶段", name="")
    assert page.requests["opened"]["word"] == "已退回"


def test_an_approval_is_revoked_with_a_reason_and_the_request_waits_again(as_user: Open, send: Send) -> None:
    page = as_user("hr")
    send(page, "open_request", request=first(page, send))
    assert not page.requests["opened"]["revokes"]
    send(page, "approve_request", answer="同意", name="")
    assert page.requests["opened"]["revokes"]
    send(page, "revoke_request", answer=" ", name="", refused=True)
    assert page.problem_field == "answer"
    send(page, "revoke_request", answer="人手不够", name="")
    assert page.notice is not None
    assert "撤销审批" in page.notice["text"]
    opened = page.requests["opened"]
    assert (opened["word"], opened["decides"], opened["revokes"]) == ("待审批", True, False)


def test_who_is_not_logged_in_decides_by_name(page: RotationPage, send: Send) -> None:
    send(page, "choose_view", view="requests")
    send(page, "open_request", request=first(page, send))
    assert page.requests["opened"]["asks_name"]
    send(page, "approve_request", answer="", name=" ", refused=True)
    assert page.problem_field == "name"
    send(page, "approve_request", answer="", name="王主任")
    facts = {one["label"]: one["value"] for one in page.requests["opened"]["facts"]}
    assert facts["审批人"].startswith("王主任")


def test_a_trainee_sees_and_files_the_own_requests_and_decides_nothing(as_user: Open, send: Send) -> None:
    page = as_user("trainee")
    assert states(page)[None] == "1"
    send(page, "open_request", request=page.requests["rows"][0]["id"])
    opened = page.requests["opened"]
    assert (opened["decides"], opened["withdraws"], opened["effect"], opened["acts"]) == (False, True, None, [])
    send(page, "show_request_reason")
    assert page.requests["opened"]["reason"] == "家中老人住院，希望离家近一些"
    send(page, "approve_request", answer="", name="", refused=True)
    send(page, "new_request")
    form = page.form
    assert [field["key"] for field in form["fields"]] == ["person_id", "kind", "starts_on", "ends_on", "reason"]
    values = {**form["values"], "starts_on": "2026-09-03", "ends_on": "2026-09-05", "reason": "看牙"}
    send(page, "save_form", token=form["token"], values=values)
    assert page.form is None
    assert states(page)["pending"] == "2"
    assert page.requests["opened"]["when"] == "2026-09-03 – 2026-09-05"
    send(page, "withdraw_request")
    assert page.requests["opened"]["word"] == "已撤回"
    labels = [one["label"] for one in page.requests["opened"]["facts"]]
    assert "撤回人" in labels
    assert "审批人" not in labels


def test_the_form_asks_for_what_its_kind_needs_and_says_what_is_wrong(as_user: Open, send: Send) -> None:
    page = as_user("hr-unit")
    send(page, "new_request")
    form = page.form
    send(page, "save_form", token=form["token"], values=form["values"])
    assert set(page.form["errors"]) == {"person_id", "starts_on", "ends_on"}
    person = form["fields"][0]["options"][0]["id"]
    change = {"person_id": person, "kind": "change", "asker": "person"}
    send(page, "check_field", token=form["token"], values=change, field="kind")
    fields = {one["key"]: one for one in page.form["fields"]}
    assert set(fields) == {"person_id", "kind", "stage", "team_id", "reason", "asker"}
    assert len(fields["team_id"]["options"]) > 3
    days = {
        "person_id": person,
        "kind": "absence",
        "asker": "person",
        "starts_on": "2030-01-01",
        "ends_on": "2030-01-02",
    }
    send(page, "check_field", token=form["token"], values=days, field="kind")
    send(page, "save_form", token=form["token"], values=days)
    assert set(page.form["errors"]) == {"starts_on"}
    assert "不在计划" in page.form["errors"]["starts_on"]


def test_what_may_be_chosen_is_read_once_for_a_form_and_sent_when_it_changes_alone(
    as_user: Open, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = as_user("hr-unit")
    rotation, read = page.ws.rotation, []

    def counted(name: str) -> None:
        told = getattr(rotation, name)
        monkeypatch.setattr(rotation, name, lambda *args, **options: (read.append(name), told(*args, **options))[1])

    counted("people_to_ask")
    counted("places_to_ask")
    send(page, "new_request")
    token, values = page.form["token"], {**page.form["values"], "kind": "change"}
    values["person_id"] = page.form["fields"][0]["options"][0]["id"]
    send(page, "check_field", token=token, values=values, field="kind")
    sent: list[str] = []
    page.observe(lambda change: sent.append(change["name"]), names=["form_now", "form_fields"])
    for typed in ("家", "家里", "家里有事"):
        send(page, "keep_draft", token=token, values={**values, "reason": typed})
        send(page, "check_field", token=token, values={**values, "reason": typed}, field="reason")
    assert set(sent) == {"form_now"}, "the lists to choose from are not sent with each word"
    assert read == ["people_to_ask", "places_to_ask"]
    send(page, "check_field", token=token, values={**values, "kind": "absence"}, field="kind")
    assert "form_fields" in sent


def test_what_is_typed_is_kept_until_it_is_filed_or_forgotten(as_user: Open, send: Send) -> None:
    page = as_user("hr-unit")
    send(page, "new_request")
    form = page.form
    send(page, "keep_draft", token=form["token"], values={**form["values"], "reason": "看牙"})
    assert "草稿" in page.form["draft"]
    send(page, "close_form")
    send(page, "new_request")
    assert page.form["values"]["reason"] == "看牙"
    send(page, "discard_draft")
    assert page.form["values"].get("reason") is None


def test_the_list_goes_out_as_form_9_without_any_reason(
    page: RotationPage, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    out: list[tuple[str, bytes]] = []
    monkeypatch.setattr(page, "download", lambda name, content: out.append((name, content)))
    send(page, "choose_view", view="requests")
    send(page, "filter_requests", state="approved")
    send(page, "export_requests")
    ((name, content),) = out
    assert name == "申请-2026.xlsx"
    rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2, values_only=True))
    assert rows[0][:4] == ("姓名", "人员编码", "单位", "类型")
    assert len(rows) == 4
    assert {row[7] for row in rows[1:]} == {"已同意"}
    assert all(row[9].date() == date(2026, 8, 18) for row in rows[1:])
    for secret in ("婚假", "病假", "探亲", "培训", "集训"):
        assert secret not in str(rows)


def test_roles_without_requests_are_not_shown_the_view(planned: Workspace) -> None:
    for name in ("secretary", "captain", "leader", "safety"):
        page = RotationPage(Workspace(planned.settings, identity=by_name(name), engine=planned.engine))
        assert "requests" not in {one["id"] for one in page.frame["views"]}
        page._handle_event(page, {"event": "choose_view", "data": {"view": "requests"}}, [])
        assert page.problem
