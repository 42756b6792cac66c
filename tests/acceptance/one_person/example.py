"""An app in a process of its own, such as an example as its README starts it, for the matrix."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.acceptance.conftest import Example
from tests.acceptance.one_person import tabs
from tests.acceptance.one_person.desk import AGENT
from tests.acceptance.one_person.example_service import REASON, Service
from tests.acceptance.one_person.site import Place
from tests.acceptance.one_person.stored import is_misplaced
from tests.acceptance.one_person.tabs import FORMS, UNMARKABLE_CALLS, Way
from tests.acceptance.one_person.traffic import Traffic
from tests.integration.abuse.servers import eventually
from understudy.http.cookies import OPERATOR_COOKIE
from understudy.sdk.cookies import OVERLAY

HERE = Path(__file__).parent
OVER_MS = 75_000
"""Until the shortest of sessions is over."""
CALLS = ("fetch", "keepalive", "XHR", "beacon", "worker", "autosave")
"""No such app has a socket, or an address that changes something when it is read."""
OF_US = MappingProxyType({"ada": "ada", "grace": "bob", "kim": AGENT})
"""Whom the matrix knows the examples' people as."""
NAMES = MappingProxyType({"ada": "Ada Byron", "bob": "Grace Murray", AGENT: "Kim Winter"})
EMAILS = MappingProxyType({"ada": "ada@engines.example", "bob": "grace@compilers.example"})
_TEXT = re.compile(r"for \w+ in (?P<cell>.*)\. by (?P<how>.*)")
_START = """(form, [reason, minutes]) => {
  const hidden = Object.assign(document.createElement("input"), {type: "hidden", name: "minutes"});
  (form.elements.minutes ?? form.appendChild(hidden)).value = minutes;
  form.elements.reason.value = reason;
  form.requestSubmit();
}"""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One of the examples. At ``form`` anybody may write into ``field`` something of their own;
    ``people`` is the list from which staff start, ``settings`` a page for everybody.
    """

    form: str
    field: str
    people: str
    settings: str
    operator: str
    agent: str


@dataclass(frozen=True, kw_only=True)
class Written:
    """What stands in the example's database; ``rows`` gives in whose account, and the text."""

    rows: Callable[[], list[tuple[str, str]]]

    def misplaced(self, cell: str) -> list[tuple[str, str, str]]:
        """What was typed for one person and is stored for another."""
        return [row for row in self._of(cell) if is_misplaced(row[0], row[1])]

    def ways(self, cell: str, user: str) -> set[str]:
        """By which carriers something of a cell came into ``user``'s account."""
        return {how for owner, _, how in self._of(cell) if owner == user}

    def _of(self, cell: str) -> list[tuple[str, str, str]]:
        found = ((OF_US[owner], _TEXT.fullmatch(text)) for owner, text in self.rows())
        return [(who, text[0], text["how"]) for who, text in found if text and text["cell"] == cell]


class RunningExample:
    """Where it is, and what happens to its sessions elsewhere. They last ``minutes``.

    ``own`` is the agent's own session, byte for byte, by the browser that is signed in with it.
    """

    elsewhere: tuple[str, str]
    who = "header .who"
    names: Mapping[str, str] = NAMES

    def __init__(
        self, kind: Kind, example: Example, stored: Written, own: Callable[[BrowserContext], object]
    ) -> None:
        self.own = own
        self.kind = kind
        self.own_origin = example.url
        self.service = Service(example, kind.operator)
        self.stored = stored
        self.pages: Mapping[str, tuple[Way, ...]] = {kind.form: _ways(kind.field)}
        self.elsewhere = (kind.settings, "/")
        self.minutes = 30
        self._kept: object = None
        self._traffic = Traffic()
        self._overlays: dict[str, str] = {}

    def begun(self, browser: Browser, kept: object = None) -> BrowserContext:
        """A browser in which Kim has signed in, and an operator; or with these cookies alone."""
        context = tabs.begun(browser, kept or self._kept)
        context.add_init_script(_carriers(self.kind.field))
        # Once: as long as there is a route, redirects of what outlives its page come to nothing.
        context.route("**/worker.js*", _give_worker, times=1)
        self._traffic.watch(context)
        return context

    def sign_in(self, page: Page) -> None:
        """The agent has: all desks begin behind that."""
        page.goto(self.own_origin)
        expect(page.locator(self.who)).to_contain_text(NAMES[AGENT])

    def launch(self, user: str, place: Place, page: Page) -> str:
        """From the app's own list; from the dashboard where a session stands in the way."""
        cookies = {one["name"] for one in page.context.cookies(self.own_origin)}
        if OVERLAY in cookies:
            page.goto(self.service.launch_url(EMAILS[user], self.minutes))
        else:
            page.goto(self.own_origin + self.kind.people)
            card = page.get_by_role("article").filter(has_text=NAMES[user])
            card.locator("form").evaluate(_START, [REASON, str(self.minutes)])
        expect(page.locator(self.who)).to_contain_text(NAMES[user])
        session_id = page.locator("html").get_attribute("data-understudy-page") or ""
        self._overlays[session_id] = cookie_of(page.context, OVERLAY)
        return session_id

    def revoke(self, session_id: str) -> None:
        """End it as somebody else would; the app has heard of it."""
        self.service.revoke(session_id)
        eventually(lambda: not self._is_live(session_id))

    def expire(self, session_id: str, page: Page) -> None:
        """Wait until its time is over, and its page says so."""
        over = page.get_by_text("This session has ended", exact=True)
        expect(over).to_be_visible(timeout=OVER_MS)
        assert not self._is_live(session_id)

    def wait_until_ended(self, session_id: str) -> None:
        """Return once the service has heard of its end."""
        self.service.wait_until_ended(session_id)

    def settle(self) -> None:
        """Return once nothing is under way to the app, and nothing more has come for a while."""
        self._traffic.settle()

    def keep(self, context: BrowserContext) -> None:
        """All browsers begin as this one, in which Kim has signed in, and as the operator's."""
        state: Any = context.storage_state()
        cookie = {"name": OPERATOR_COOKIE, "value": self.service.cookie, "domain": "localhost"}
        flags = {"path": "/", "expires": -1, "httpOnly": True, "secure": True, "sameSite": "Lax"}
        state["cookies"].append({**cookie, **flags})
        self._kept = state

    def changes(self, session_id: str) -> list[tuple[str, str, int]]:
        """What the log tells of the form: who sent it as whom, and how it was answered."""
        return self.service.changes(session_id, self.kind.form)

    def _is_live(self, session_id: str) -> bool:
        headers = {"cookie": f"{OVERLAY}={self._overlays[session_id]}"}
        told = httpx.get(f"{self.own_origin}/_understudy/state", headers=headers, timeout=20)
        return bool(told.json()["active"])


def _ways(name: str) -> tuple[Way, ...]:
    original = f'form[id="click"] input[name="{name}"]'
    scripts = tabs.calls(original, *CALLS, *UNMARKABLE_CALLS)
    return tuple(replace(way, is_signed=True) for way in (scripts, *FORMS))


def _carriers(name: str) -> str:
    form = (HERE / "own_form.js").read_text().replace("FIELD", f"input[name={name}]")
    carriers = (HERE / "carriers.js").read_text()
    source = f"{form} if (window.written) {{ {carriers} }}"
    return f"addEventListener('DOMContentLoaded', () => {{ {source} }})"


def _give_worker(route: Route) -> None:
    route.fulfill(path=HERE / "worker.js", content_type="text/javascript")


def cookie_of(context: BrowserContext, name: str) -> str:
    """What the browser keeps by this name."""
    (value,) = (one["value"] for one in context.cookies() if one["name"] == name)
    return value
