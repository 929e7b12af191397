"""What a browser may say to a page's kernel.

A page's kernel obeys the browser through comm messages, and the browser belongs to whoever sits before it. Out of the
box it may make any registered widget, set any synced trait, and (ipyvue's `create_widget`, `functionRef`, `update_ref`)
run code. Here stands the list of what is obeyed instead; all else is logged and dropped.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from IPython.core.getipython import get_ipython
from ipywidgets import Widget
from ipywidgets.widgets.widget import _instances

from svclib.logs import configure_logs

_SETTABLE: Mapping[str, frozenset[str]] = {
    # Vuetify's theme widget reports which of light and dark the browser shows.
    "ThemeModel": frozenset({"dark", "dark_effective", "dark_jlab"}),
}
"""Traits of widgets other than pages that a browser may set, by model name."""

CONTROL = "jupyter.widget.control"


class _Asked(Widget):  # type: ignore[misc]
    """Who is asked for the state of all widgets, in place of their base.

    ipywidgets keeps the asking comm in the class. Kept in the base it would void what Python has noted of each kind of
    widget, and writing that anew is memory that a forked page then shares with none.
    """


def refused(what: str, **facts: Any) -> None:
    """Log that the browser asked for what it may not ask for. Facts never hold what was sent: it may be personal."""
    structlog.get_logger().warning("refused", what=what, **facts)


def admissible(widget: Widget, data: Any) -> bool:
    """Whether this message of the browser may reach this widget.

    Pages judge for themselves, by their declared events. Any other widget may be asked for its state and told the few
    traits above; custom messages to it are dropped.
    """
    if not isinstance(data, dict):
        return False
    method = data.get("method")
    if method == "request_state":
        return True
    if getattr(widget, "guards_itself", False):
        return method in {"update", "custom"}
    if method == "update":
        state = data.get("state")
        return isinstance(state, dict) and state.keys() <= _SETTABLE.get(widget._model_name or "", frozenset())
    return False


def seal_kernel(kernel: Any = None) -> None:
    """Let this kernel obey the browser only as `admissible` says: widgets are made by the kernel alone.

    Does nothing outside a kernel, and nothing the second time. A kernel forked from a warm process calls it anew.
    """
    if kernel is None:
        kernel = getattr(get_ipython(), "kernel", None)
    if kernel is None or getattr(kernel, "svc_sealed", False):
        return
    kernel.svc_sealed = True
    # In a kernel `sys.stderr` goes to the browser; the log, with its traces, stays with the server.
    configure_logs(stream=sys.__stderr__)
    manager = kernel.comm_manager
    # `comm_open` finds no target and is refused, save the one by which the page asks for what is there.
    manager.targets.clear()
    manager.register_target(CONTROL, _Asked.handle_control_comm_opened)
    kernel.shell_handlers["comm_msg"] = _gate(kernel.shell_handlers["comm_msg"], manager)


def _gate(pass_on: Callable[..., Any], manager: Any) -> Callable[..., Any]:
    def comm_msg(stream: Any, ident: Any, message: Mapping[str, Any]) -> Any:
        content = message["content"]
        comm = manager.comms.get(content.get("comm_id"))
        if comm is None:
            return None
        data = content.get("data")
        if comm.target_name == CONTROL:
            allowed = isinstance(data, dict) and data.get("method") == "request_states"
        else:
            # ipywidgets keeps every living widget by its comm's id.
            widget = _instances.get(comm.comm_id)
            allowed = widget is not None and admissible(widget, data)
        if not allowed:
            refused("comm_msg", comm=comm.comm_id)
            return None
        return pass_on(stream, ident, message)

    return comm_msg
