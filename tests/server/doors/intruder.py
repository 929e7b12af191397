"""Somebody who is logged in and speaks to an open page by hand: all that a websocket can carry, well formed or not.

`Intruder` is a scripted browser that keeps whatever it hears. What it sends comes from functions here that know neither
the role nor the page: the widgets and their traits from the page's own state, the events from the page's class.
"""

from __future__ import annotations

import base64
import io
import json
import uuid
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from tests.server.client import PageClient

_MOST_FORMS_OF_ONE = 8
Content = tuple[str, dict[str, Any]]
"""Type and content of a message."""


class Intruder(PageClient):
    """A scripted browser that keeps everything it hears: `heard` are the messages, with packed files unpacked."""

    # A page that obeyed what it must not has often stopped to answer: that need not be waited for as long as a page is.
    patience_seconds = 20

    def __init__(self, address: str, app: str, *, cookie: str) -> None:
        super().__init__(address, app, cookie=cookie)
        self.heard: list[str] = []
        self.last = ""
        self.kinds: set[str] = set()

    async def receive(self, kind: str = "") -> dict[str, Any]:
        while True:
            try:
                message = await super().receive()
            except TimeoutError:
                pytest.fail(f"the page answers no more: it has obeyed something that it must not, before {self.last}")
            self.kinds.add(message["msg_type"])
            self.heard.append(legible(message["content"]))
            if not kind or message["msg_type"] == kind:
                return message

    async def __aexit__(self, *error: object) -> None:
        if error[0] is None:
            await super().__aexit__(*error)
        # What has failed waits for nothing more.
        self.cut()

    async def send(self, kind: str, content: Any, *, channel: str = "shell", buffers: Sequence[bytes] = ()) -> str:
        self.last = f"{kind} {legible(content)[:200]}"
        return await super().send(kind, content, channel=channel, buffers=buffers)

    async def events(self, sent: Sequence[tuple[str, Any]]) -> None:
        """Send these events one upon the other, and return when the page has done with them."""
        await self.flood(
            ("comm_msg", {"comm_id": self.page, "data": {"method": "custom", "content": {"event": name, "data": data}}})
            for name, data in sent
        )

    async def flood(self, messages: Iterable[Content], channel: str = "shell") -> None:
        """Send all of these one after the other, and return when the page has done with them."""
        for kind, content in messages:
            await self.send(kind, content, channel=channel)
        await self.event("dismiss")


def legible(content: Mapping[str, Any]) -> str:
    """All texts of a message, with what stands in the workbooks that it carries."""
    found = [json.dumps(content, ensure_ascii=False, default=repr)]
    for file in _files(content):
        try:
            with zipfile.ZipFile(io.BytesIO(base64.b64decode(file))) as book:
                found += [book.read(name).decode("utf-8", "replace") for name in book.namelist()]
        except (ValueError, zipfile.BadZipFile):
            found.append(base64.b64decode(file).decode("utf-8", "replace"))
    return "\n".join(found)


def _files(content: Any) -> Iterator[str]:
    state = content.get("data", {}).get("state", {}) if isinstance(content.get("data"), dict) else {}
    sent = state.get("file_sent") or {}
    if sent.get("content"):
        yield sent["content"]


# What can be sent --------------------------------------------------------------------------------------------------


def updates(states: Mapping[str, Mapping[str, Any]]) -> Iterator[Content]:
    """For every trait of every widget, shown or hidden or disabled, another value than it has."""
    for model, state in states.items():
        for name, value in state.items():
            data = {"method": "update", "state": {name: _other(value)}, "buffer_paths": []}
            yield "comm_msg", {"comm_id": model, "data": data}
        everything = {name: _other(value) for name, value in state.items()}
        for method in ("update", "echo_update", "backbone"):
            data = {"method": method, "state": everything, "buffer_paths": [["words"], ["forged", 0]]}
            yield "comm_msg", {"comm_id": model, "data": data}


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, Mapping):
        return {name: _other(one) for name, one in value.items()} or {"forged": True}
    return "forged" if isinstance(value, str) or value is None else ["forged"]


def code(mark: Path) -> str:
    """Python that leaves a file behind where somebody runs it."""
    return f"open({str(mark)!r}, 'w').close()"


def customs(states: Iterable[str], mark: Path) -> Iterator[Content]:
    """To every widget the messages by which ipyvue and ipywidgets run code, make widgets and call methods."""
    touch = {"functionRef": "touch", "args": [str(mark)]}
    contents: Sequence[Any] = (
        {"create_widget": ["pathlib", "Path"], "props": {"args": [str(mark)]}, "id": "x"},
        {"create_widget": ["os", "system"], "props": {"command": f"touch {mark}"}, "id": "x"},
        {"create_widget": ["svclib.pages.register.page", "RegisterPage"], "props": {}, "id": "x"},
        {"create_widget": ["ipywidgets", "Layout"], "props": {"a": touch}, "id": "x"},
        {"update_ref": {"x": {"prop": "a", "value": touch}}, "id": "x"},
        {"update_ref": touch, "id": "x", "prop": "layout"},
        {"id": "x", "function_call": {"method_name": "touch", "args": [str(mark)]}},
        {"event": "dismiss", "data": {}, "create_widget": ["os", "system"], "props": {"command": f"touch {mark}"}},
        *({"event": name, "data": str(mark)} for name in ("start", "show", "uploaded", "download", "__init__", "ws")),
        *({"event": name, "data": {}} for name in ("vue_dismiss", "click", "require", "close", "set_state", "")),
        {"event": ["dismiss"], "data": {}},
        {"event": None},
        {"type": "click"},
        [],
        None,
        code(mark),
    )
    for model in states:
        for content in contents:
            yield "comm_msg", {"comm_id": model, "data": {"method": "custom", "content": content}}
        for method in ("request_state", "open", "close", "", None, ["custom"]):
            yield "comm_msg", {"comm_id": model, "data": {"method": method, "content": contents[0]}}
        for data in ("forged", [], None, 1):
            yield "comm_msg", {"comm_id": model, "data": data}


def openings(mark: Path) -> Iterator[Content]:
    """`comm_open` of every target that there might be, of widgets that would run code or read the disk when made."""
    widgets = (
        ("svclib.pages.register.page", "RegisterPage"),
        ("@jupyter-widgets/base", "LayoutModel"),
        ("@jupyter-widgets/controls", "ButtonModel"),
        ("@jupyter-widgets/output", "OutputModel"),
        ("@jupyter-widgets/controls", "FileUploadModel"),
        ("jupyter-vue", "VueTemplateModel"),
        ("jupyter-vuetify", "BtnModel"),
        ("os", "system"),
    )
    names = ("jupyter.widget", "jupyter.widget.version", "jupyter.widget.control", "ipyvue", "hv-extension-comm", "os")
    for target in (*names, ""):
        for module, name in widgets:
            state = {"_model_module": module, "_model_name": name, "_module": module, "_class": name}
            state |= {"_model_module_version": "2.0.0", "_view_module": module, "_view_module_version": "2.0.0"}
            state |= {"_view_name": name.replace("Model", "View")}
            state |= {"template": code(mark), "filename": str(mark), "msg_id": "x"}
            content = {"comm_id": uuid.uuid4().hex, "target_name": target, "data": {"state": state, "buffer_paths": []}}
            yield "comm_open", content
            yield "comm_open", content | {"target_module": module}
            yield "comm_msg", content | {"data": {"method": "update", "state": state}}


def requests(mark: Path) -> Iterator[Content]:
    """What a console asks a kernel for."""
    source = code(mark)
    yield "execute_request", {"code": source, "silent": False, "store_history": True, "user_expressions": {"x": source}}
    yield "execute_request", {"code": "", "silent": True, "user_expressions": {"x": source}, "allow_stdin": True}
    yield "complete_request", {"code": "RegisterPage.", "cursor_pos": 13}
    yield "inspect_request", {"code": "RegisterPage", "cursor_pos": 5, "detail_level": 1}
    for access in ("tail", "range", "search"):
        yield "history_request", {"output": True, "raw": True, "hist_access_type": access, "n": 99, "pattern": "*"}
    yield "is_complete_request", {"code": source}
    yield "debug_request", {"type": "request", "command": "evaluate", "arguments": {"expression": source}}
    yield "apply_request", {"bound": True, "buf": source}
    yield "input_reply", {"value": source}
    for name in ("connect", "usage", "clear", "abort", "create_subshell", "list_subshell"):
        yield f"{name}_request", {}
    yield "comm_info_request", {"target_name": None}
    yield "kernel_info_request", {}


ENDINGS: Sequence[Content] = (("shutdown_request", {"restart": True}), ("interrupt_request", {}))


# Events ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bait:
    """What stands in forged data: `numbers` are ids of what others have, `texts` what one may write, `fields` names."""

    numbers: Sequence[int]
    texts: Sequence[str]
    fields: Sequence[str]
    token: int = 0


def forged(adapter: TypeAdapter[Any] | None, bait: Bait) -> list[Any]:
    """Data of an event's declared type in all the forms that the bait gives it, and data of no such type."""
    wrong: list[Any] = [None, {"forged": 1}, [[]]]
    if adapter is None:
        return [{}, {"forged": bait.numbers[0]}]
    schema = adapter.json_schema()
    return [*_forms(schema, schema.get("$defs", {}), "", bait), *wrong]


def _forms(schema: Mapping[str, Any], known: Mapping[str, Any], key: str, bait: Bait) -> list[Any]:
    if "$ref" in schema:
        return _forms(known[schema["$ref"].rpartition("/")[2]], known, key, bait)
    if either := schema.get("anyOf") or schema.get("oneOf"):
        return [form for one in either for form in _forms(one, known, key, bait)]
    if "enum" in schema or "const" in schema:
        return list(schema.get("enum", [schema.get("const")]))
    kind = schema.get("type")
    if kind == "object" and "properties" in schema:
        places = schema["properties"]
        each = [_forms(one, known, name, bait) for name, one in places.items()]
        return [dict(zip(places, chosen, strict=True)) for chosen in _mixed(each)]
    if kind == "object":
        values = _forms(schema["additionalProperties"], known, "", bait)
        return [dict.fromkeys(bait.fields, value) for value in values]
    if kind == "array":
        return [[], *([one] for one in _forms(schema["items"], known, key, bait))]
    plain: Mapping[Any, list[Any]] = {
        "integer": [bait.token] if key == "token" else list(bait.numbers),
        "string": list(bait.texts),
        "boolean": [True, False],
        "null": [None],
    }
    return plain[kind]


def _mixed(each: Sequence[Sequence[Any]]) -> Iterable[tuple[Any, ...]]:
    """Every combination, or where they are many, as many as show each value and different neighbours."""
    combinations = 1
    for values in each:
        combinations *= len(values)
    if combinations <= _MOST_FORMS_OF_ONE:
        return product(*each)
    steps = range(max(len(values) for values in each))
    turned = (tuple(values[(step + place) % len(values)] for place, values in enumerate(each)) for step in steps)
    return islice(turned, _MOST_FORMS_OF_ONE)
