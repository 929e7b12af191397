"""The import wizard: look first, then confirm, and undo as a whole."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path
from typing import Any

import pytest

from svclib.errors import RuleBroken
from svclib.pages import RegisterPage
from svclib.pages.register.importing import ImportState
from svclib.pages.register.scope import Scope
from svclib.tabular import read_tables
from svclib.workspace import Workspace

from .conftest import Send

SAMPLES = Path(__file__).parents[2] / "data" / "sample"
GRADUATES = SAMPLES / "新入职毕业生名册2026.xlsx"
FLAWED = SAMPLES / "花名册_有问题.xlsx"
UNITS = SAMPLES / "组织机构.xlsx"
RESULTS = SAMPLES / "安规考试成绩表.xlsx"


@pytest.fixture
def wizard(demo: Workspace) -> ImportState:
    return ImportState(Scope(demo))


def give(state: ImportState, path: Path) -> None:
    state.take(path.name, path.read_bytes())


def count(state: ImportState, action: str) -> int:
    assert state.preview is not None
    return next(int(one["count"].replace(",", "")) for one in state.preview.counts() if one["id"] == action)


def test_starts_with_the_forms_it_understands_and_why_nothing_can_be_confirmed(wizard: ImportState) -> None:
    view = wizard.view()
    assert view["step"] == "choose"
    assert len(view["forms"]) == 7
    assert wizard.blockers == ["请先选择文件。"]


def test_a_file_that_cannot_be_read_says_why_and_asks_for_another(wizard: ImportState) -> None:
    wizard.take("花名册.xlsx", b"no workbook at all")
    assert wizard.step == "choose"
    assert wizard.problem
    with pytest.raises(RuleBroken):
        wizard.confirm()


def test_refused_rows_come_first_each_bad_cell_with_its_reason(wizard: ImportState) -> None:
    give(wizard, FLAWED)
    preview = wizard.view()["preview"]
    assert {row["word"] for row in preview["rows"]} == {"退回"}
    cells = [cell for row in preview["rows"] for cell in row["cells"].values()]
    assert all(cell["tone"] == "trouble" and cell["reason"] for cell in cells)
    assert not any(cell["after"][4:-4].isdigit() for cell in cells if len(cell["after"]) == 18)


def test_a_suggestion_says_that_it_is_one(wizard: ImportState) -> None:
    give(wizard, FLAWED)
    rows = wizard.view()["preview"]["rows"]
    suggested = {cell["suggestion"] for row in rows for cell in row["cells"].values() if cell["suggestion"]}
    assert "建议：男" in suggested or "建议：女" in suggested
    assert all(one.startswith("建议：") for one in suggested)


def test_the_four_counts_are_all_rows_and_each_filters_the_preview(wizard: ImportState) -> None:
    give(wizard, FLAWED)
    assert wizard.result is not None
    assert sum(count(wizard, one) for one in ("created", "updated", "unchanged", "rejected")) == wizard.result.rows
    wizard.filter("created")
    view = wizard.view()["preview"]
    assert view["total"] == count(wizard, "created")
    assert "姓名" in view["columns"]
    wizard.filter("created")
    assert wizard.view()["preview"]["columns"] == []


def test_the_button_says_how_many_rows_and_the_result_can_be_undone(demo: Workspace, wizard: ImportState) -> None:
    people = len(demo.register.people())
    give(wizard, FLAWED)
    rows = count(wizard, "created") + count(wizard, "updated")
    assert wizard.view()["confirm"] == f"导入 {rows} 行"
    wizard.confirm()
    done = wizard.view()["done"]
    assert wizard.step == "done"
    assert len(demo.register.people()) > people
    run = next(act["ask"] for act in done["acts"] if act["act"] == "undo_import")
    wizard.undo(run)
    assert len(demo.register.people()) == people
    assert wizard.view()["history"][0]["undone"]


def test_the_same_file_again_is_blocked_because_it_changes_nothing(wizard: ImportState) -> None:
    give(wizard, FLAWED)
    wizard.confirm()
    wizard.restart()
    give(wizard, FLAWED)
    assert count(wizard, "created") == count(wizard, "updated") == 0
    assert len(wizard.blockers) == 1


def test_what_changed_since_the_preview_is_previewed_anew_and_nothing_is_saved(
    demo: Workspace, wizard: ImportState
) -> None:
    give(wizard, FLAWED)
    other = ImportState(Scope(demo))
    give(other, FLAWED)
    other.confirm()
    wizard.confirm()
    assert wizard.step == "preview"
    assert "预览" in wizard.problem
    assert count(wizard, "created") == 0


def test_rejects_come_back_as_a_workbook_of_the_refused_rows(wizard: ImportState) -> None:
    give(wizard, FLAWED)
    name, content = wizard.rejects()
    assert name == "花名册_有问题-退回.xlsx"
    [table] = read_tables((name, content))
    assert wizard.result is not None
    assert len(table.rows) == wizard.result.rejected_rows


def test_a_workbook_of_units_and_teams_goes_the_way_of_the_structure(wizard: ImportState) -> None:
    give(wizard, UNITS)
    assert wizard.structure
    assert wizard.view()["file"]["said"].startswith("单位、服务队和服务站")
    assert wizard.view()["choices"] == []


def test_units_and_teams_fill_a_register_in_which_nobody_is_yet(nobody: Workspace) -> None:
    state = ImportState(Scope(nobody))
    give(state, UNITS)
    assert state.blockers == []
    state.confirm()
    assert len(nobody.register.units()) > 0
    assert len(nobody.register.teams()) > 0


def test_the_intake_is_asked_for_and_its_kind_only_where_the_form_does_not_tell(wizard: ImportState) -> None:
    give(wizard, GRADUATES)
    assert [choice["key"] for choice in wizard.view()["choices"]][:1] == ["intake"]
    wizard.restart()
    give(wizard, FLAWED)
    wizard.choose("intake", 2026)
    assert "请选择学员类别。" in wizard.blockers
    wizard.choose("kind", "graduate")
    assert "请选择学员类别。" not in wizard.blockers


def test_results_of_examinations_ask_for_no_intake_and_lead_to_nothing_about_teams(wizard: ImportState) -> None:
    give(wizard, RESULTS)
    view = wizard.view()
    assert view["choices"] == []
    assert view["file"]["said"].startswith("安全教育及安规考试成绩表 · 工作表：安规成绩")
    assert (count(wizard, "created"), count(wizard, "updated")) == (5, 1)
    wizard.filter("updated")
    (changed,) = wizard.view()["preview"]["rows"]
    assert list(changed["cells"]) == ["教育或考试 成绩"]
    wizard.confirm()
    acts = [one.get("data", {}).get("view") or one["act"] for one in wizard.view()["done"]["acts"]]
    assert acts == ["people", "restart_import", "undo_import"]


def test_progress_is_told_while_it_goes_on_and_is_gone_afterwards(wizard: ImportState) -> None:
    told: list[dict[str, Any] | None] = []
    wizard.tell = lambda: told.append(wizard.busy)
    give(wizard, GRADUATES)
    assert told
    assert told[0] == {"label": "正在读取文件……", "percent": 0, "said": ""}
    assert told[-1] is not None
    assert told[-1]["percent"] == 100
    assert wizard.busy is None


def test_a_file_arrives_through_the_page_in_pieces_and_is_previewed(page: RegisterPage, send: Send) -> None:
    content = FLAWED.read_bytes()
    send(page, "choose_view", view="import")
    half = len(content) // 2
    for start, piece in ((0, content[:half]), (half, content[half:])):
        encoded = base64.b64encode(piece).decode()
        send(page, "upload", name=FLAWED.name, size=len(content), offset=start, content=encoded)
    assert page.importing["step"] == "preview"
    send(page, "confirm_import")
    assert page.importing["step"] == "done"
    run = next(act["ask"] for act in page.importing["done"]["acts"] if act["act"] == "undo_import")
    send(page, "undo_import", run=run)
    assert page.frame["notice"]["text"] == "已撤销导入，花名册恢复到导入之前。"


def test_the_browser_hears_of_the_progress_before_the_import_has_ended(
    page: RegisterPage, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(page, "choose_view", view="import")
    heard: list[dict[str, Any]] = []
    monkeypatch.setattr(page, "_send", lambda msg, buffers=None: heard.append(msg["state"]))
    content = GRADUATES.read_bytes()
    encoded = base64.b64encode(content).decode()
    send(page, "upload", name=GRADUATES.name, size=len(content), offset=0, content=encoded)
    progress = [state["importing"]["busy"] for state in heard if state.keys() == {"importing"}]
    assert [one["percent"] for one in (progress[0], progress[-1])] == [0, 100]
    assert heard[-2]["importing"]["step"] == "preview"
    assert heard[-1] == {"busy": False, "answered": page.answered}


def test_an_import_is_stopped_with_nothing_written_while_the_page_answers(page: RegisterPage, send: Send) -> None:
    register = page.ws.register

    async def ended() -> None:
        while page.importing_now is not None:
            await asyncio.sleep(0.01)

    async def visit() -> None:
        send(page, "choose_view", view="import")
        content = GRADUATES.read_bytes()
        encoded = base64.b64encode(content).decode()
        send(page, "upload", name=GRADUATES.name, size=len(content), offset=0, content=encoded)
        assert page.importing["busy"]["label"] == "正在读取文件……"
        send(page, "choose_view", view="people")
        assert page.listing["rows"], "the page answers"
        send(page, "choose_view", view="import")
        send(page, "confirm_import", refused=True)
        assert page.problem == "正在导入，请等它结束或先停止。"
        await ended()
        assert (page.importing["step"], page.importing["busy"]) == ("preview", None)
        people, imports = len(register.people()), len(register.imports())
        send(page, "confirm_import")
        send(page, "stop_import")
        await ended()
        assert page.problem == "已停止，什么都没有写入。"
        assert (page.importing["step"], page.importing["busy"]) == ("preview", None)
        assert (len(register.people()), len(register.imports())) == (people, imports)
        send(page, "confirm_import")
        await ended()
        assert page.importing["step"] == "done"
        assert len(register.imports()) == imports + 1

    asyncio.run(visit())
