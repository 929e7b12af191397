"""The base of all pages: state, declared events, and the guard around every callback.

A page is a class, its `.vue` file, and nothing else:

    class ListPage(Page):
        template_file = (__file__, "list.vue")
        WORDS = {"title": N_("Teams")}               # the view says {{ words.title }}
        rows = List(Dict()).tag(sync=True)           # state: set by the page, shown by the view

        def start(self) -> None:                      # fills the first screen; runs in the guard
            self.page_title = self.words["title"]
            self.rows = records(self.ws.register.teams())

        @event(SearchInput)                          # a pydantic model, or any type pydantic can check
        def vue_search(self, data: SearchInput) -> None:
            self.rows = records(self.ws.register.teams(search=data.text))

        @event()                                     # without input; whatever the browser sends along is dropped
        def vue_close(self) -> None:
            self.rows = []

The view calls `search({text: "…"})` and `close()`. What is not decorated cannot be called from a browser. Nor can a
browser set a trait, save those named in `BROWSER_MAY_SET`: what a view binds with v-model is its own `data()`, and goes
to the page by an event.

Every event runs in the guard: `busy` is true meanwhile; an SvcError becomes the sentence `problem` (and `problem_field`
where one input is at fault), a StaleRecord goes to `stale` as well, anything else becomes a reference number whose
trace is in the log. `problem` is cleared when the next event begins, and by the event `dismiss`.

What an event changes reaches the browser as one message when it has ended, never in parts; `answered` follows it. What
must be seen earlier, as the progress of long work, is sent by `send_state("the_trait")`. Work that goes on in a thread
(`parts/background.py`) tells a method that is declared with `@aside`: it is guarded as an event is.

Vuetify's own words ("1-10 of 186") come with this around the page:

    <v-locale-provider :locale="vuetify_locale" :messages="vuetify_messages"><v-app>…</v-app></v-locale-provider>

Files come and go with `svclib.pages.transfer`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any, ClassVar, TypeVar

from ipyvuetify.Themes import theme as vuetify_theme
from ipyvuetify.VuetifyTemplate import VuetifyTemplate
from pydantic import TypeAdapter, ValidationError
from traitlets import Bool, Dict, Int, Unicode

from svclib.errors import RuleBroken, StaleRecord, SvcError
from svclib.i18n import current_language
from svclib.i18n import gettext as _
from svclib.pages.guard import refused, seal_kernel
from svclib.pages.problems import problem_of
from svclib.pages.vuetify import dress_vuetify, vuetify_locale, vuetify_words
from svclib.workspace import Workspace, open_workspace

F = TypeVar("F", bound=Callable[..., Any])


def event(data: Any = None, *, own: bool = True) -> Callable[[F], F]:
    """Declare a `vue_…` method as an event that the browser may send.

    `data` is the type of its one argument, checked by pydantic (a model, `int`, `Literal[…]`); None where it has none.
    `own` False: it is the view's, not a person's, as the call for the next piece of a file. Nobody waits for an answer
    to it and it has none; the problem that a person is reading stays.
    """

    def declare(method: F) -> F:
        if not method.__name__.startswith("vue_"):
            raise TypeError(f"{method.__name__}: an event is a method named vue_…")
        method.svc_input = None if data is None else TypeAdapter(data)  # type: ignore[attr-defined]
        method.svc_own = own  # type: ignore[attr-defined]
        return method

    return declare


P = TypeVar("P", bound="Page")


def aside(method: Callable[[P], None]) -> Callable[[P], None]:
    """Declare a method as called beside the events, by work in a thread that has news for the page.

    What goes wrong becomes a sentence, as in an event. But no event is answered by it, and no problem taken away: the
    browser may be waiting for the answer to another one, and the person reading the problem of the last.
    """

    @wraps(method)
    def guarded(self: P) -> None:
        with self.guarded_aside(method.__name__):
            method(self)

    return guarded


class Page(VuetifyTemplate):
    """One page of the suite: its state as traits, its events as declared methods. See this module's text."""

    WORDS: ClassVar[Mapping[str, str]] = {}
    """Words of the view by name, marked with N_, translated when the page is made; a subclass adds to its parents'."""
    BROWSER_MAY_SET: ClassVar[frozenset[str]] = frozenset()
    """Traits that the browser may set. Prefer events: a trait is set without any check but its type."""
    EVENTS: ClassVar[Mapping[str, TypeAdapter[Any] | None]] = {}
    guards_itself = True

    words = Dict().tag(sync=True)
    language = Unicode().tag(sync=True)
    today = Unicode().tag(sync=True)
    page_title = Unicode().tag(sync=True)
    busy = Bool(False).tag(sync=True)
    answered = Int().tag(sync=True)
    """Grows with each event that has been dealt with, also with those that changed nothing or could not be used."""
    problem = Unicode().tag(sync=True)
    problem_field = Unicode().tag(sync=True)
    vuetify_locale = Unicode().tag(sync=True)
    vuetify_messages = Dict().tag(sync=True)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        methods = {name: getattr(cls, name) for name in dir(cls) if name.startswith("vue_")}
        undeclared = [name for name, method in methods.items() if not hasattr(method, "svc_input")]
        if undeclared:
            raise TypeError(f"{cls.__name__}: declare with @event(…): {', '.join(undeclared)}")
        cls.EVENTS = {name.removeprefix("vue_"): method.svc_input for name, method in methods.items()}
        # As soon as the notebook's first cell has run: between two cells the browser can already talk.
        seal_kernel()

    def __init__(self, workspace: Workspace | None = None, **traits: Any) -> None:
        super().__init__(**traits)
        seal_kernel()
        dress_vuetify()
        self.language = current_language().replace("_", "-")
        self.vuetify_locale = vuetify_locale()
        self.vuetify_messages = {self.vuetify_locale: vuetify_words()}
        self.words = self._translated()
        with self.guarded("start"):
            self.ws = workspace or open_workspace()
            self.today = self.ws.today.isoformat()
            self.start()

    def start(self) -> None:
        """Fill the first screen. Runs in the guard, with `ws`, `words` and `today` in place."""

    def stale(self, error: StaleRecord) -> None:
        """Show both values where somebody else has saved since (`error.conflicts`). `problem` says so already."""

    @event()
    def vue_dismiss(self) -> None:
        """The person has read the problem; running an event has cleared it."""

    @event(bool)
    def vue_choose_dark(self, dark: bool) -> None:
        """Show Vuetify's parts dark or light."""
        vuetify_theme.dark = dark

    @contextmanager
    def guarded(self, where: str) -> Iterator[None]:
        """Turn what goes wrong inside into a sentence on the page; the unforeseen into a reference number."""
        with self.hold_sync():
            self.busy, self.problem, self.problem_field = True, "", ""
        try:
            # One message: a browser that had one half of an answer would act upon the other half of the one before.
            with self.hold_sync():
                yield
        except Exception as error:
            self._say(error, where)
        finally:
            self._answer()

    @contextmanager
    def guarded_aside(self, where: str) -> Iterator[None]:
        """Do the same beside the events: nothing is answered, and no problem taken away."""
        try:
            with self.hold_sync():
                yield
        except Exception as error:
            self._say(error, where)

    def _say(self, error: Exception, where: str) -> None:
        if not isinstance(error, SvcError):
            # Where it was the sending that failed, what cannot be sent is not tried again.
            self._states_to_send.clear()
        self.problem = problem_of(error, where=f"{type(self).__name__}.{where}")
        if isinstance(error, RuleBroken):
            self.problem_field = error.field or ""
        if isinstance(error, StaleRecord):
            self.stale(error)

    def _answer(self) -> None:
        with self.hold_sync():
            self.busy = False
            self.answered += 1

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Take from the browser the traits it may set, and nothing else."""
        allowed = {name: value for name, value in sync_data.items() if name in self.BROWSER_MAY_SET}
        if len(allowed) < len(sync_data):
            refused("trait", page=type(self).__name__, names=sorted(set(sync_data) - set(allowed)))
        if allowed:
            super().set_state(allowed)

    def _handle_event(self, _widget: Any, content: Any, buffers: Any) -> None:
        # In place of ipyvue's, which obeys create_widget, functionRef and update_ref: each of them runs code.
        page = type(self).__name__
        if not isinstance(content, dict) or not content.keys() <= {"event", "data"} or buffers:
            refused("message", page=page)
            return
        name = content.get("event")
        if not isinstance(name, str) or name not in self.EVENTS:
            refused("event", page=page)
            return
        adapter = self.EVENTS[name]
        arguments: tuple[Any, ...] = ()
        if adapter is not None:
            try:
                arguments = (adapter.validate_python(content.get("data")),)
            except ValidationError as error:
                places = sorted({".".join(map(str, fault["loc"])) for fault in error.errors(include_input=False)})
                refused("data", page=page, event_name=name, places=places)
                if not getattr(self, f"vue_{name}").svc_own:
                    return
                self.problem = _("What was entered cannot be used ({places}). Please check it.").format(
                    places=", ".join(filter(None, places)) or name
                )
                self._answer()
                return
        method = getattr(self, f"vue_{name}")
        with self.guarded(name) if method.svc_own else self.guarded_aside(name):
            method(*arguments)

    def _translated(self) -> dict[str, str]:
        merged: dict[str, str] = {}
        for parent in reversed(type(self).__mro__):
            merged |= vars(parent).get("WORDS", {})
        return {name: _(word) for name, word in merged.items()}
