"""What `svc serve` serves, to whom, and what it keeps shut; the base page's guard as a real browser meets it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.apps.conftest import Witness
from tests.browsers import OPTIONS, chromium
from tests.serving import Server, svc, wait_for

pytestmark = pytest.mark.xdist_group("browser")
APPS = sorted((Path(__file__).parents[2] / "voila_apps").glob("*.ipynb"))

Open = Callable[..., Page]


def get(server: Server, path: str = "", *, data: bytes | None = None) -> tuple[int, str]:
    """Status and text of an address, asked for directly by somebody who is logged in."""
    client = server.visitor()
    answer = client.get(path) if data is None else client.post(path, content=data)
    return answer.status_code, answer.text


@pytest.mark.parametrize("path", APPS, ids=lambda path: path.stem)
def test_an_app_notebook_is_two_cells_and_nothing_else(path: Path) -> None:
    notebook = json.loads(path.read_text())
    assert [cell["cell_type"] for cell in notebook["cells"]] == ["code", "code"]
    first, second = ("".join(cell["source"]) for cell in notebook["cells"])
    page = first.removeprefix("from svclib.pages import ")
    assert first == f"from svclib.pages import {page}"
    assert page.isidentifier()
    assert second == f"{page}()"
    assert [cell["outputs"] for cell in notebook["cells"]] == [[], []]
    assert notebook["metadata"] == {}


def test_there_are_apps() -> None:
    assert APPS


def test_it_listens_on_the_loopback_address_alone(hello_server: Server) -> None:
    assert get(hello_server)[0] == 200
    with socket.socket() as other:
        # All of 127.0.0.0/8 is this machine, but not the address that was bound.
        assert other.connect_ex(("127.0.0.2", hello_server.port)) != 0


def test_the_start_page_lists_the_apps(hello_server: Server, browser_page: Page) -> None:
    browser_page.context.add_cookies(hello_server.browser_cookies())
    browser_page.goto(hello_server.address)
    expect(browser_page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("您想做什么？")
    assert browser_page.get_by_role("main").get_by_role("link").all_inner_texts() == ["broken", "hello"]


@pytest.mark.parametrize("username", ["hr", "captain"])
def test_the_start_page_offers_what_the_role_has_something_in(server: Server, username: str) -> None:
    offered = re.findall(r'href="/voila/render/(\w+)\.ipynb"', server.visitor(username).get("").text)
    assert offered == ["register", "rotation"]


@pytest.mark.parametrize("username", ["auditor", "administrator"])
def test_whose_role_has_something_in_one_app_alone_is_there_at_once(server: Server, username: str) -> None:
    answer = server.visitor(username).get("")
    assert (answer.status_code, answer.headers["location"]) == (302, "/voila/render/audit.ipynb")


def test_the_start_page_tells_a_role_that_has_nothing_in_any_app(server: Server) -> None:
    text = server.visitor("analyst").get("").text
    assert "目前还没有适合您角色的应用" in text
    assert "<strong>" not in text


@pytest.mark.parametrize(
    "path",
    [
        "voila/files/hello.ipynb",
        "voila/files/hello_page.py",
        "voila/tree/",
        "voila/api/contents/",
        "voila/query/0b1c9b2c-0000-0000-0000-000000000000",
        "voila/templates/lab/static/voila.js",
        "voila/static/../../../../pyproject.toml",
        "voila/render/hello_page.py",
        "voila/render/nothing.ipynb",
        "voila/render/../hello.ipynb",
        "api/kernels",
        "api/contents",
        "hello.ipynb",
    ],
)
def test_nothing_but_pages_and_their_scripts_is_served(hello_server: Server, path: str) -> None:
    status, text = get(hello_server, path)
    assert status in {403, 404}
    assert "hello_page" not in text.replace(path, "")


def test_a_missing_page_says_so_in_chinese(hello_server: Server) -> None:
    status, text = get(hello_server, "nothing")
    assert status == 404
    assert "没有这个页面" in text
    assert "Traceback" not in text


def test_code_sent_to_a_kernel_by_a_form_of_another_site_is_refused(hello_server: Server, page_at: Open) -> None:
    page = page_at("hello", server=hello_server)
    kernel = page.evaluate("svcPage.manager.kernel.id")
    assert get(hello_server, f"voila/api/shutdown/{kernel}", data=b"")[0] == 403
    page.locator("#add").click()
    expect(page.locator("#count")).to_have_text("2")


@pytest.mark.parametrize("query", ["?template=lab", "?template=../../etc", "?theme=dark", "?template=classic&theme=x"])
def test_a_visitor_cannot_choose_another_template(hello_server: Server, query: str) -> None:
    status, text = get(hello_server, f"voila/render/hello.ipynb{query}")
    assert status == 200
    assert '<html lang="zh-CN">' in text
    assert "jsdelivr" not in text


def test_a_page_answers_and_has_the_viewport_for_itself(hello_server: Server, page_at: Open) -> None:
    page = page_at("hello", server=hello_server)
    expect(page).to_have_title("hello · 服务队管理")
    expect(page.locator("#svc-skeleton")).to_be_hidden()
    page.locator("#add").click()
    expect(page.locator("#count")).to_have_text("2")
    bar, main = page.locator(".v-app-bar"), page.locator(".v-main__scroller")
    assert bar.bounding_box() == {"x": 0, "y": 0, "width": 1366, "height": 64}
    main.evaluate("element => element.scrollTo(0, 9999)")
    assert main.evaluate("element => element.scrollTop") > 0
    page.mouse.wheel(0, 9999)
    assert bar.bounding_box() == {"x": 0, "y": 0, "width": 1366, "height": 64}
    assert page.evaluate("[document.documentElement.scrollHeight, innerHeight]") == [768, 768]


def test_vuetify_speaks_chinese(hello_server: Server, page_at: Open) -> None:
    page = page_at("hello", server=hello_server)
    expect(page.locator(".v-data-table-footer")).to_contain_text("第 1–10 条，共 186 条")
    page.get_by_role("button", name="下一页").click()
    expect(page.locator(".v-data-table-footer")).to_contain_text("第 11–20 条，共 186 条")
    expect(page.locator("tbody tr").first).to_contain_text("10")


@pytest.mark.parametrize(("dark", "colour"), [(False, "rgb(0, 105, 92)"), (True, "rgb(77, 182, 172)")])
def test_the_colours_follow_the_device(hello_server: Server, page_at: Open, dark: bool, colour: str) -> None:
    page = page_at("hello", server=hello_server, dark=dark)
    expect(page.locator(".v-app-bar")).to_have_css("background-color", colour)


def test_what_goes_wrong_is_a_sentence_or_a_number(hello_server: Server, page_at: Open) -> None:
    page = page_at("hello", server=hello_server)
    page.locator("#miss").click()
    expect(page.locator("#problem")).to_have_text("没有编号为 7 的人员，请重新查找。")
    page.locator("#fail").click()
    expect(page.locator("#problem")).to_contain_text("告诉管理员")
    told = page.locator("#problem").inner_text()
    assert "secret" not in told
    assert told.rsplit("：", 1)[1].strip() in hello_server.log.read_text()


def test_a_page_that_cannot_be_made_says_so_without_its_trace(
    hello_server: Server, page_at: Open, witness: Witness
) -> None:
    page = page_at("broken", server=hello_server, ready=False)
    expect(page.get_by_role("alert")).to_contain_text("页面未能打开。请重新载入")
    for telling in ("Traceback", "ZeroDivision", "a secret value"):
        assert telling not in page.content()
    assert "ZeroDivisionError" in hello_server.log.read_text()


HOSTILE = {
    "create_widget": {
        "create_widget": ["hello_page", "HelloPage"],
        "props": {"a": {"functionRef": "touch"}},
        "id": "x",
    },
    "update_ref": {"update_ref": {"functionRef": "touch", "args": ["x"]}, "id": "PAGE", "prop": "page_title"},
    "undeclared event": {"event": "touch", "data": {}},
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_browsers_message_that_would_run_code_does_nothing(
    hello_server: Server, page_at: Open, content: dict[str, object]
) -> None:
    page = page_at("hello", server=hello_server)
    page.evaluate(
        """async (content) => {
            const models = await Promise.all(Object.values(svcPage.manager._models));
            const own = models.find((model) => model.get("page_title") !== undefined);
            if (content.id === "PAGE") content.id = own.model_id;
            own.send(content);
            own.set("trace", "touched"); own.set("page_title", "touched"); own.save_changes();
            const bar = models.find((model) => model.get("_model_name") === "LayoutModel");
            bar.set("width", "7px"); bar.save_changes();
        }""",
        content,
    )
    page.locator("#add").click()
    expect(page.locator("#count")).to_have_text("2")
    kernels_view = page.evaluate(
        """async () => {
            const fresh = svcPage.manager.kernel.createComm("jupyter.widget.control");
            const answer = new Promise((resolve) => { fresh.onMsg = (msg) => resolve(msg.content.data.states); });
            fresh.open({}, {version: "1.0.0"});
            fresh.send({method: "request_states"});
            return await answer;
        }"""
    )
    page_state = next(model["state"] for model in kernels_view.values() if "page_title" in model["state"])
    assert (page_state["trace"], page_state["page_title"]) == ("untouched", "花名册")
    assert all(model["state"].get("width") != "7px" for model in kernels_view.values())
    assert "refused" in hello_server.log.read_text()


def test_a_browser_cannot_make_a_widget(hello_server: Server, page_at: Open) -> None:
    page = page_at("hello", server=hello_server)
    closed = page.evaluate(
        """async () => {
            const comm = svcPage.manager.kernel.createComm("jupyter.widget");
            const closed = new Promise((resolve) => { comm.onClose = () => resolve(true); });
            const state = {_model_module: "@jupyter-widgets/base", _model_module_version: "2.0.0",
              _model_name: "LayoutModel", _view_module: "@jupyter-widgets/base", _view_module_version: "2.0.0",
              _view_name: "LayoutView"};
            comm.open({state}, {version: "2.1.0"});
            return await Promise.race([closed, new Promise((resolve) => setTimeout(() => resolve(false), 5000))]);
        }"""
    )
    assert closed


def test_a_closed_tab_ends_its_kernel(hello_server: Server, page_at: Open) -> None:
    before = hello_server.kernels()
    page = page_at("hello", server=hello_server)
    (own,) = hello_server.kernels() - before
    with page.expect_event("close"):
        page.close(run_before_unload=True)
    assert wait_for(lambda: own not in hello_server.kernels(), 10)


def test_a_tab_closed_while_it_opens_leaves_no_kernel(hello_server: Server, page_at: Open) -> None:
    before = hello_server.kernels()
    page = page_at("hello", server=hello_server, ready=False)
    page.wait_for_selector("body[data-kernel-id]", state="attached")
    (own,) = hello_server.kernels() - before
    with page.expect_event("close"):
        page.close(run_before_unload=True)
    assert wait_for(lambda: own not in hello_server.kernels(), 10)


def test_a_browser_that_is_killed_leaves_no_kernel(hello_server: Server, browser: Browser, tmp_path: Path) -> None:
    before = hello_server.kernels()
    other = browser.browser_type.launch_persistent_context(tmp_path, executable_path=chromium(), args=OPTIONS)
    other.add_cookies(hello_server.browser_cookies())
    page = other.new_page()
    page.goto(f"{hello_server.address}voila/render/hello.ipynb", wait_until="commit")
    page.wait_for_selector("html[data-ready]", state="attached")
    (own,) = hello_server.kernels() - before
    for process in psutil.process_iter(["cmdline"]):
        if f"--user-data-dir={tmp_path}" in (process.info["cmdline"] or []):
            process.kill()
    assert wait_for(lambda: own not in hello_server.kernels(), 10)


def test_a_page_says_when_its_kernel_has_died(hello_server: Server, page_at: Open, witness: Witness) -> None:
    before = hello_server.kernels()
    page = page_at("hello", server=hello_server)
    (own,) = hello_server.kernels() - before
    os.kill(own, signal.SIGKILL)
    expect(page.get_by_role("alert").filter(has_text="后台程序已结束")).to_be_visible(timeout=15_000)
    page.get_by_role("button", name="重新载入").click()
    page.wait_for_selector("html[data-ready]:not([data-trouble])", state="attached")
    witness.errors.clear()


def test_a_page_works_on_a_phone(
    hello_server: Server, page_at: Open, assert_accessible: Callable[[Page], None]
) -> None:
    page = page_at("hello", 390, 844, server=hello_server)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert_accessible(page)


def test_a_taken_port_is_named(hello_server: Server, tmp_path: Path) -> None:
    assert svc("init", data_dir=tmp_path).returncode == 0
    port = hello_server.port
    done = svc("serve", "--port", str(port), data_dir=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert f"端口 {port} 已被占用" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_database_is_a_sentence(tmp_path: Path) -> None:
    done = svc("serve", "--port", "0", data_dir=tmp_path / "nowhere")
    assert done.returncode == 2
    assert "svc init" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_without_apps_is_a_sentence(tmp_path: Path) -> None:
    assert svc("init", data_dir=tmp_path).returncode == 0
    done = svc("serve", "--port", "0", "--apps", str(tmp_path), data_dir=tmp_path)
    assert done.returncode == 2
    assert str(tmp_path) in done.stderr


def test_no_setting_stands_in_a_command_line(hello_server: Server, page_at: Open) -> None:
    page_at("hello", server=hello_server)
    server = psutil.Process(hello_server.process.pid)
    for process in [server, *server.children()]:
        assert str(hello_server.data_dir) not in " ".join(process.cmdline())
