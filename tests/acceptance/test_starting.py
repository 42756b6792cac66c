"""The *Impersonate* button of an app's own list of users, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.fixtures import asgi_server
from tests.fixtures.ports import free_port
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.context import current_impersonation
from understudy.sdk.values import Actor
from understudy.testing import FakeGateway

KIM = Actor(id="staff-7", email="kim@app.test", name="Kim")
STRICT = (
    b"default-src 'self'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
)
LIST = """<!doctype html><html lang=en><title>Users</title><body><h1>Users</h1>
<form method=post action=/_understudy/start>
<input type=hidden name=subject_id value=ada>
<label>Why? <input name=reason></label><button>Impersonate Ada</button></form>"""
SCRIPT = """([reason]) => fetch('/_understudy/start', {
  method: 'POST', headers: {'Content-Type': 'application/json'},
  body: JSON.stringify({subject_id: 'ada', reason}),
}).then(async (answer) => [answer.status, await answer.json()])"""


def staff_of(scope: Mapping[str, Any]) -> Actor | None:
    cookie = next((value for name, value in scope["headers"] if name == b"cookie"), b"")
    return KIM if b"shop=kim" in cookie else None


async def shop(scope: Any, receive: Any, send: Any) -> None:
    """A list of users that lets nothing be sent elsewhere, and a greeting."""
    found = current_impersonation()
    who = found.subject.id if found else "kim"
    body = LIST if scope["path"] == "/users" else f"<!doctype html><body><h1>Hello {who}</h1>"
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-security-policy", STRICT),
        (b"set-cookie", b"shop=kim; Path=/"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})


@dataclass(frozen=True, kw_only=True)
class Shop:
    """The app as staff see it."""

    page: Page
    gateway: FakeGateway
    url: str

    def press(self, reason: str = "Cannot see the invoice") -> None:
        self.page.goto(f"{self.url}/users")
        self.page.get_by_label("Why?").fill(reason)
        self.page.get_by_role("button", name="Impersonate Ada").click()

    def end(self) -> None:
        self.page.locator("understudy-banner").get_by_role("button", name="End session").click()


@contextmanager
def opened(browser: Browser, *, apart: bool) -> Iterator[Shop]:
    port = free_port()
    pattern = f"http://*.view.app.localhost:{port}"
    gateway = FakeGateway()
    if apart:
        gateway.origin = pattern.replace("*", "understudy-" + "a" * 26)
    understudy = gateway.understudy(session_origins=pattern if apart else None)
    site = UnderstudyMiddleware(shop, understudy=understudy, staff=staff_of)
    context = browser.new_context()
    try:
        with asgi_server.served(site, port):
            yield Shop(page=context.new_page(), gateway=gateway, url=f"http://app.localhost:{port}")
    finally:
        context.close()
        understudy.close()


@pytest.mark.parametrize("apart", [False, True], ids=["one origin", "its own origin"])
def test_staff_start_from_the_list_and_the_end_leads_back_to_it(
    browser: Browser, apart: bool
) -> None:
    with opened(browser, apart=apart) as shop:
        for _ in range(2):  # a browser that is known starts anew
            shop.press()
            where = re.escape(str(shop.gateway.origin) if apart else shop.url)
            expect(shop.page).to_have_url(re.compile(rf"{where}/"))
            expect(shop.page.get_by_role("heading", name="Hello ada")).to_be_visible()
            shop.end()
            expect(shop.page).to_have_url(f"{shop.url}/users")
            session = shop.gateway.sessions()[-1]
            assert session.actor == KIM
            assert shop.gateway.wait_until_ended(session.id) is EndCause.ENDED_BY_ACTOR
            shop.page.goto(f"{shop.url}/")
            expect(shop.page.get_by_role("heading", name="Hello kim")).to_be_visible()


def test_a_person_reads_why_nothing_was_started(browser: Browser) -> None:
    with opened(browser, apart=False) as shop:
        shop.press(reason="why")
        expect(shop.page.get_by_text("The reason is too short")).to_be_visible()
        expect(shop.page.get_by_label("Reason")).to_have_value("why")
        shop.page.get_by_role("link", name="Back to the app").click()
        expect(shop.page).to_have_url(f"{shop.url}/users")


def test_a_script_of_the_subjects_page_starts_nothing(browser: Browser) -> None:
    with opened(browser, apart=False) as shop:
        shop.page.goto(f"{shop.url}/users")
        status, told = shop.page.evaluate(SCRIPT, ["Cannot see the invoice"])
        assert (status, told["home"]) == (200, "/")
        outlived = shop.page.context.new_page()
        outlived.goto(f"{shop.url}/")
        expect(outlived.get_by_role("heading", name="Hello ada")).to_be_visible()
        assert outlived.evaluate(SCRIPT, ["Let me in as Ada again"])[1]["code"] == "nested"
        shop.page.goto(f"{shop.url}/")
        shop.end()
        expect(shop.page).to_have_url(f"{shop.url}/users")
        status, told = outlived.evaluate(SCRIPT, ["Let me in as Ada again"])
        assert (status, told["code"]) == (409, "page_of_another_session")
        assert len(shop.gateway.sessions()) == 1
