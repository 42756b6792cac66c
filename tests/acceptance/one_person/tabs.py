"""Open tabs in which something was typed, and the ways by which it is sent from there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Locator, Page

CALLS = ("fetch", "keepalive", "XHR", "beacon", "WebSocket", "EventSource", "worker", "autosave")
FIELD = 'input:not([type="hidden"]) >> nth=0'
"""The first of a form, for text."""
UNMARKABLE_CALLS = ("early fetch", "frame's fetch", "blob worker")
"""What no script of ours can put a mark on."""
EARLY = "window.earlyFetch = window.fetch"
"""Runs before every script of a page, ours included."""
PATIENCE_MS = 5_000


@dataclass(frozen=True)
class Way:
    """A field, and how what stands in it is sent by ``carriers``."""

    carriers: tuple[str, ...]
    field: str
    sending: Callable[[Page], object]
    is_signed: bool = False
    """Whether its text says how it was sent, for apps that keep nothing but the text."""

    def text(self, text: str) -> str:
        """What is typed, where ``text`` is meant."""
        return f"{text} by {self.carriers[-1]}" if self.is_signed else text


@dataclass
class Tab:
    """A page at ``path`` with ways of sending; the last one may lead away from it."""

    page: Page
    path: str
    ways: tuple[Way, ...]

    def type(self, text: str) -> None:
        """As by a person's keys: browsers remember that, and type it in again."""
        for way in self.ways:
            self._field(way).focus()
            self.page.keyboard.press("ControlOrMeta+A")
            self.page.keyboard.insert_text(way.text(text))

    def typed(self) -> set[str]:
        """What stands in the fields that the page has at present."""
        found = (self._field(way) for way in self.ways)
        return {field.input_value() for field in found if field.count()} - {""}

    def send(self, settle: Callable[[], None]) -> None:
        """Send what stands in the fields that there are; ``settle`` waits for what is under way."""
        for way in self.ways:
            if way is self.ways[-1]:
                settle()
            if self._field(way).count():
                way.sending(self.page)

    def _field(self, way: Way) -> Locator:
        return self.page.locator(way.field)


def begun(browser: Browser, kept: object = None) -> BrowserContext:
    """A browser with no past, or with these cookies alone."""
    context = browser.new_context(storage_state=kept)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(EARLY)
    return context


def calls(field: str, *names: str) -> Way:
    """What the page's scripts send of the text in ``field``."""

    def sending(page: Page) -> None:
        unfinished = page.evaluate("names => sendAll(names)", names)
        assert unfinished == [], unfinished

    return Way(names, field, sending)


def _form(how: str, sending: Callable[[Locator], object]) -> Way:
    form = f'form[id="{how}"]'
    return Way((how,), f"{form} {FIELD}", lambda page: sending(page.locator(form)))


def _click(form: Locator) -> None:
    # Without a look whether it stands still: a tab that is not in front draws once in seconds.
    form.locator("button").click(no_wait_after=True, force=True)


def _enter(form: Locator) -> None:
    form.locator(FIELD).press("Enter", no_wait_after=True)


FORMS = (
    _form("Enter", _enter),
    _form("requestSubmit", lambda form: form.evaluate("form => form.requestSubmit()")),
    _form("submit()", lambda form: form.evaluate("form => form.checkValidity() && form.submit()")),
    _form("formaction", _click),
    _form("shadow root", _click),
    _form("click", _click),
)
SCRIPTED = (calls("#typed", *CALLS, *UNMARKABLE_CALLS), *FORMS)
PLAIN = (_form("no script", _click),)
PAGES = {"/": SCRIPTED, "/plain": PLAIN}
MARKABLE = {how for way in SCRIPTED for how in way.carriers} - set(UNMARKABLE_CALLS)
ALL = {*MARKABLE, *UNMARKABLE_CALLS, "no script"}
