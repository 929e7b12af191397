"""What reaches a page's code, and what becomes of its errors. Messages go to the handlers that a kernel calls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from ipywidgets import Layout, Widget
from pydantic import BaseModel, Field
from structlog.testing import capture_logs
from traitlets import Int, List, Unicode

from svclib.errors import NotFound, RuleBroken, StaleRecord
from svclib.i18n import noop as N_
from svclib.i18n import use_language
from svclib.pages.base import Page, event
from svclib.pages.guard import CONTROL, admissible, seal_kernel
from svclib.pages.vuetify import vuetify_words
from svclib.settings import load_settings
from svclib.workspace import Workspace, init_database, open_workspace


class Search(BaseModel):
    """What a list is asked for."""

    text: str = Field(max_length=20)
    limit: int = Field(default=10, ge=1, le=100)


class Probe(Page):
    """A page that remembers what reached it."""

    template_file = (__file__, "../apps/hello/hello.vue")
    WORDS = {"title": N_("Register")}  # noqa: RUF012
    BROWSER_MAY_SET = frozenset({"scroll"})

    reached = List().tag(sync=True)
    secret = Unicode("kept").tag(sync=True)
    scroll = Int(0).tag(sync=True)

    def start(self) -> None:
        self.conflicts: dict[str, Any] = {}
        self.was_busy = False

    def stale(self, error: StaleRecord) -> None:
        self.conflicts = error.conflicts

    @event(Search)
    def vue_search(self, data: Search) -> None:
        self.was_busy = self.busy
        self.reached = [*self.reached, (data.text, data.limit)]

    @event()
    def vue_close(self) -> None:
        self.reached = [*self.reached, "close"]

    @event()
    def vue_work(self) -> None:
        for done in (1, 2):
            self.scroll = done
            self.send_state("scroll")
        self.secret = "found"
        self.reached = ["all of it"]

    @event()
    def vue_show_what_no_browser_understands(self) -> None:
        self.reached = [object()]

    @event(str)
    def vue_go_wrong(self, how: str) -> None:
        raise {
            "known": NotFound("There is no person 7."),
            "rule": RuleBroken("The day lies in the future.", field="since"),
            "stale": StaleRecord("Somebody saved since.", version=3, conflicts={"post": ("a", "b", "c")}),
            "unknown": ZeroDivisionError("a secret value"),
        }[how]

    def touch(self, *_args: Any, **_kwargs: Any) -> None:
        self.reached = [*self.reached, "touched"]


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    settings = load_settings()
    init_database(settings)
    opened = open_workspace(settings)
    yield opened
    opened.close()


@pytest.fixture
def page(workspace: Workspace) -> Probe:
    return Probe(workspace)


def send(page: Page, content: Any, buffers: Any = ()) -> list[dict[str, Any]]:
    """Give the page a custom message as its comm does; return what was logged."""
    with capture_logs() as logs:
        page._handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": list(buffers)})
    return list(logs)


def set_traits(page: Widget, **state: Any) -> list[dict[str, Any]]:
    """Give the widget an update of its state as its comm does; return what was logged."""
    with capture_logs() as logs:
        page._handle_msg({"content": {"data": {"method": "update", "state": state}}, "buffers": []})
    return list(logs)


def test_a_declared_event_arrives_with_its_data_as_the_declared_type(page: Probe) -> None:
    assert send(page, {"event": "search", "data": {"text": "王"}}) == []
    assert page.reached == [("王", 10)]


def test_an_event_without_input_drops_what_the_browser_sends_along(page: Probe) -> None:
    send(page, {"event": "close", "data": {"clientX": 7}})
    assert page.reached == ["close"]


@pytest.mark.parametrize(
    "content",
    [
        {"create_widget": ["os", "system"], "props": {"command": "true"}, "id": "x"},
        {"create_widget": ["ipywidgets", "Layout"], "props": {"a": {"functionRef": "touch"}}, "id": "x"},
        {"update_ref": {"functionRef": "touch", "args": ["true"]}, "id": "x", "prop": "value"},
        {"destroy_widget": "x"},
        {"event": "close", "data": None, "update_ref": {"functionRef": "touch"}, "id": "x", "prop": "p"},
        {"event": "touch", "data": None},
        {"event": "__init__", "data": None},
        {"event": "vue_close", "data": None},
        {"event": ["close"], "data": None},
        {"data": "close"},
        "close",
        None,
    ],
)
def test_any_other_message_is_refused_and_logged(page: Probe, content: Any) -> None:
    before = len(page._component_instances)
    logs = send(page, content)
    assert page.reached == []
    assert len(page._component_instances) == before
    assert [entry["event"] for entry in logs] == ["refused"]


def test_binary_data_beside_an_event_is_refused(page: Probe) -> None:
    assert send(page, {"event": "close"}, buffers=[b"x"])[0]["event"] == "refused"
    assert page.reached == []


@pytest.mark.parametrize("data", [None, {}, {"text": 7}, {"text": "x" * 21}, {"text": "x", "limit": 0}, ["x"], "x"])
def test_data_that_does_not_fit_is_refused_with_a_sentence(page: Probe, data: Any) -> None:
    logs = send(page, {"event": "search", "data": data})
    assert page.reached == []
    assert logs[0]["event"] == "refused"
    assert "请检查" in page.problem


def test_what_was_sent_does_not_reach_the_log(page: Probe) -> None:
    logs = send(page, {"event": "search", "data": {"text": {"id_number": "110101199003070134"}}})
    assert "110101199003070134" not in repr(logs)


def test_a_method_that_is_not_declared_cannot_be_an_event() -> None:
    with pytest.raises(TypeError, match="vue_open"):

        class Careless(Page):
            def vue_open(self, data: Any) -> None: ...


def test_a_browser_sets_only_the_traits_named_for_it(page: Probe) -> None:
    logs = set_traits(page, secret="changed", scroll=40)
    assert (page.secret, page.scroll) == ("kept", 40)
    assert logs == [{"event": "refused", "what": "trait", "page": "Probe", "names": ["secret"], "log_level": "warning"}]


@pytest.mark.parametrize("name", ["template", "components", "_model_module", "words", "problem", "events", "layout"])
def test_by_default_a_browser_sets_nothing(page: Probe, name: str) -> None:
    before = page.get_state()
    set_traits(page, **{name: "IPY_MODEL_x"})
    assert page.get_state() == before


def test_a_known_error_becomes_its_sentence(page: Probe) -> None:
    send(page, {"event": "go_wrong", "data": "known"})
    assert page.problem == "There is no person 7."
    assert not page.busy


def test_a_broken_rule_names_the_field_at_fault(page: Probe) -> None:
    send(page, {"event": "go_wrong", "data": "rule"})
    assert (page.problem, page.problem_field) == ("The day lies in the future.", "since")


def test_a_stale_save_hands_over_both_values(page: Probe) -> None:
    send(page, {"event": "go_wrong", "data": "stale"})
    assert page.problem == "Somebody saved since."
    assert page.conflicts == {"post": ("a", "b", "c")}


def test_an_unknown_error_becomes_a_number_and_its_trace_goes_to_the_log(page: Probe) -> None:
    logs = send(page, {"event": "go_wrong", "data": "unknown"})
    assert logs[0]["reference"] in page.problem
    assert isinstance(logs[0]["exc_info"], ZeroDivisionError)
    assert "secret" not in page.problem
    assert "Error" not in page.problem


def test_the_next_event_clears_the_problem(page: Probe) -> None:
    send(page, {"event": "go_wrong", "data": "rule"})
    send(page, {"event": "dismiss"})
    assert (page.problem, page.problem_field) == ("", "")


def test_a_page_is_busy_while_an_event_runs(page: Probe) -> None:
    send(page, {"event": "search", "data": {"text": "x"}})
    assert page.was_busy
    assert not page.busy


@pytest.fixture
def heard(page: Probe, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The states that the browser hears of, message by message, as JSON would carry them."""
    states: list[dict[str, Any]] = []
    monkeypatch.setattr(page, "_send", lambda msg, buffers=None: states.append(json.loads(json.dumps(msg["state"]))))
    return states


def test_what_an_event_changes_is_heard_as_one_message_and_its_progress_before(
    page: Probe, heard: list[dict[str, Any]]
) -> None:
    send(page, {"event": "work"})
    assert heard == [
        {"busy": True},
        {"scroll": 1},
        {"scroll": 2},
        {"scroll": 2, "secret": "found", "reached": ["all of it"]},
        {"busy": False, "answered": page.answered},
    ]


def test_what_cannot_be_sent_becomes_a_number_and_the_page_goes_on(page: Probe, heard: list[dict[str, Any]]) -> None:
    logs = send(page, {"event": "show_what_no_browser_understands"})
    assert logs[0]["reference"] in page.problem
    assert heard[-1]["busy"] is False
    page.reached = []
    send(page, {"event": "search", "data": {"text": "x"}})
    assert {"reached": [["x", 10]]} in heard
    assert page.problem == ""


@pytest.mark.parametrize(
    "content", [{"event": "close"}, {"event": "search", "data": {"text": 7}}, {"event": "go_wrong", "data": "unknown"}]
)
def test_every_event_is_answered_once_whatever_becomes_of_it(page: Probe, content: Any) -> None:
    before = page.answered
    send(page, content)
    assert page.answered == before + 1


def test_a_page_without_a_database_says_what_to_do() -> None:
    assert "svc init" in Probe().problem


def test_words_come_in_the_language_of_the_process(workspace: Workspace) -> None:
    assert Probe(workspace).words["title"] == "花名册"
    use_language("en")
    assert Probe(workspace).words["title"] == "Register"


def test_a_page_knows_its_day_and_language(page: Probe) -> None:
    assert (page.today, page.language, page.vuetify_locale) == ("2026-08-20", "zh-CN", "zhHans")
    assert page.vuetify_messages["zhHans"]["dataFooter"]["pageText"] == "第 {0}–{1} 条，共 {2} 条"


def test_vuetifys_own_words_are_all_translated() -> None:
    def leaves(tree: dict[str, Any], path: str = "") -> dict[str, str]:
        found: dict[str, str] = {}
        for key, value in tree.items():
            found |= leaves(value, f"{path}{key}.") if isinstance(value, dict) else {f"{path}{key}": value}
        return found

    chinese = leaves(vuetify_words())
    use_language("en")
    english = leaves(vuetify_words())
    assert chinese.keys() == english.keys()
    assert [key for key in chinese if chinese[key] == english[key]] == ["datePicker.ariaLabel.selectDate"]


class Kernel:
    """What sealing touches of a kernel."""

    def __init__(self) -> None:
        self.passed: list[str] = []
        self.comm_manager = self
        self.targets = {"jupyter.widget": Widget.handle_comm_opened, CONTROL: None, "other": None}
        self.comms: dict[str, Any] = {}
        self.shell_handlers = {"comm_msg": lambda stream, ident, msg: self.passed.append(msg["content"]["comm_id"])}

    def register_target(self, name: str, function: Any) -> None:
        self.targets[name] = function

    def receive(self, comm: Any, data: Any) -> None:
        self.comms[comm.comm_id] = comm
        self.shell_handlers["comm_msg"](None, None, {"content": {"comm_id": comm.comm_id, "data": data}})


def test_in_a_sealed_kernel_a_browser_makes_no_widgets() -> None:
    kernel = Kernel()
    seal_kernel(kernel)
    assert list(kernel.targets) == [CONTROL]


def test_a_sealed_kernel_passes_on_only_what_a_widget_may_be_told(page: Probe) -> None:
    kernel, layout = Kernel(), Layout()
    seal_kernel(kernel)
    for widget, data in [
        (page, {"method": "custom", "content": {"event": "close"}}),
        (layout, {"method": "request_state"}),
        (layout, {"method": "update", "state": {"width": "1px"}}),
        (layout, {"method": "custom", "content": {}}),
    ]:
        kernel.receive(widget.comm, data)
    assert kernel.passed == [page.comm.comm_id, layout.comm.comm_id]


def test_sealing_twice_does_no_more_than_once() -> None:
    kernel = Kernel()
    seal_kernel(kernel)
    gate = kernel.shell_handlers["comm_msg"]
    seal_kernel(kernel)
    assert kernel.shell_handlers["comm_msg"] is gate


@pytest.mark.parametrize("data", [None, [], {}, {"method": "update"}, {"method": "update", "state": ["width"]}])
def test_a_malformed_message_is_not_admitted(data: Any) -> None:
    assert not admissible(Layout(), data)
