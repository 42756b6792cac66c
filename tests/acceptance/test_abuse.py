"""Abuse that only a real browser can try: what pages of others make it do, what hostile text does
in it, what it keeps, and whether one can always leave; the rest stands in tests/integration/abuse.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Dialog,
    Page,
    Request,
    Route,
    expect,
)
from starlette.applications import Starlette
from starlette.requests import Request as AppRequest
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route as AppRoute

from tests.acceptance.conftest import Demo
from tests.acceptance.people import Person, person
from tests.integration.abuse.apps import COOKIE, Shop, identity
from tests.integration.abuse.stack import REASON, Stack, eventually
from tests.integration.abuse.stack import stack as running_stack
from understudy import Understudy, current_impersonation
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.core.permissions import Role
from understudy.core.sessions import EndCause
from understudy.service.cookies import OPERATOR_COOKIE

EVIL = "http://evil.example"
THIRD_PARTY = "http://statistics.example"
OVERLAY = "__Host-understudy"
LAUNCH = "__Host-understudy-launch"
STRICT = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'none'; "
    "form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'"
)
MARKUP = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' autofocus onfocus='alert(1)' x='",
    "</title></style></textarea><iframe srcdoc='<script>alert(1)</script>'>",
    "javascript:alert(1)",
    "[click](javascript:alert(1))",
    "{{constructor.constructor('alert(1)')()}}",
)
WATCH = """
addEventListener('securitypolicyviolation',
  (event) => console.error('Content Security Policy: ' + event.effectiveDirective));
"""


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """An empty browser; whatever lies beyond loopback is answered here, or not at all."""
    made = browser.new_context()
    yield made
    made.close()


def shop_app(understudy: Understudy, shop: Shop) -> Any:
    """A shop of plain pages; under /strict its policy forbids nearly everything."""

    def page(request: AppRequest) -> Response:
        found = current_impersonation()
        user = found.user if found else shop.own(request)
        body = (
            f"<!doctype html><title>Shop</title><h1>Hello {user.id if user else 'nobody'}</h1>"
            f'<p id="who">{identity(user)}</p><img src="{THIRD_PARTY}/pixel" alt="">'
        )
        strict = {"content-security-policy": STRICT} if request.url.path == "/strict" else {}
        return HTMLResponse(body, headers=strict)

    routes = [AppRoute("/", page), AppRoute("/strict", page), AppRoute("/orders", page)]
    return UnderstudyMiddleware(
        Starlette(routes=routes), understudy=understudy, load_user=shop.load
    )


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """The product around a shop of plain pages."""
    with running_stack(tmp_path, make_app=shop_app) as found:
        yield found


def sign_in(stack: Stack, context: BrowserContext, email: str, own: str) -> None:
    """Sign somebody in at the dashboard and in the shop, as themself."""
    operator = stack.operator(Role.SUPPORT_MANAGER, email=email)[1]
    token = operator.cookie(stack.issuer, OPERATOR_COOKIE) or ""
    context.add_cookies(
        [
            armoured(stack.issuer, OPERATOR_COOKIE, token),
            {"name": COOKIE, "value": stack.shop.sign_in(own), "url": stack.app_url},
        ]
    )


def armoured(url: str, name: str, value: str) -> Any:
    """One of our cookies, as a browser holds it; it would take none with ``__Host-`` by http."""
    return {
        "name": name,
        "value": value,
        "url": url.replace("http:", "https:"),
        "secure": True,
        "httpOnly": True,
        "sameSite": "Lax",
    }


def launch(stack: Stack, context: BrowserContext, subject_id: str = "ada", **more: Any) -> Page:
    """Start in the dashboard, and land in the shop in a new tab."""
    page = context.new_page()
    page.goto(f"{stack.issuer}/sign-in")
    body = {"subject_id": subject_id, "reason": REASON, "application_id": stack.main.application.id}
    started = page.evaluate(
        """async (body) => (await (await fetch('/api/v1/impersonations', {
             method: 'POST', headers: {'content-type': 'application/json'},
             body: JSON.stringify(body)})).json())""",
        {**body, **more},
    )
    page.goto(started["launch_url"])
    with context.expect_page() as opening:
        page.get_by_role("button", name="Launch in new tab").click()
    tab = opening.value
    tab.wait_for_url(f"{stack.app_url}/**")
    expect(tab.get_by_role("heading", name=f"Hello {subject_id}")).to_be_visible()
    page.close()
    return tab


def own_view(stack: Stack, context: BrowserContext) -> str:
    """Whom the shop greets in this browser now."""
    page = context.new_page()
    page.goto(stack.app_url + "/")
    greeting = page.get_by_role("heading").inner_text()
    page.close()
    return greeting.removeprefix("Hello ")


def cookies(context: BrowserContext) -> list[tuple[str, str, str]]:
    """Every cookie of a browser, byte for byte."""
    found = context.cookies()
    return sorted((one["domain"], one["name"], one["value"]) for one in found)


def evil_page(context: BrowserContext, html: str) -> Page:
    """A page of somebody else, opened in this browser."""

    def answer(route: Route) -> None:
        route.fulfill(content_type="text/html", body=html)

    context.route(f"{EVIL}/**", answer)
    page = context.new_page()
    page.goto(EVIL + "/")
    return page


def test_s5_a_page_of_another_site_starts_and_ends_nothing(
    stack: Stack, context: BrowserContext
) -> None:
    sign_in(stack, context, "sam@support.example", "sam")
    tab = launch(stack, context)
    waiting = stack.granted(stack.support("kim@support.example"), "bob")
    before, size = cookies(context), len(stack.entries())
    forms = [
        ("POST", f"{stack.issuer}/api/v1/grants/{waiting}/launch"),
        ("POST", f"{stack.issuer}/api/v1/sign-out"),
        ("POST", f"{stack.app_url}/_understudy/end"),
        ("GET", f"{stack.app_url}/_understudy/end"),
        ("POST", f"{stack.app_url}/_understudy/end?_method=DELETE"),
    ]
    for method, action in forms:
        page = evil_page(
            context,
            f'<form method="{method}" action="{action}"><button>Win a prize</button></form>',
        )
        with page.expect_navigation():
            page.get_by_role("button").click()
        page.close()
    page = evil_page(context, "<p>Nothing to see</p>")
    page.evaluate(
        """async (urls) => {
             const more = {mode: 'no-cors', credentials: 'include'};
             for (const url of urls) for (const method of ['POST', 'GET'])
               await fetch(url, {method, ...more}).catch(() => 0) }""",
        [action for _, action in forms],
    )
    framed = page.evaluate(
        """(url) => new Promise((done) => { const frame = document.createElement('iframe');
             frame.onload = () => done(frame.contentDocument === null); frame.src = url;
             document.body.append(frame) })""",
        f"{stack.app_url}/_understudy/end",
    )
    assert framed
    assert [one for one in page.frames if "/_understudy/end" in one.url] == []
    assert cookies(context) == before
    tab.reload()
    expect(tab.get_by_role("heading", name="Hello ada")).to_be_visible()
    assert {entry.type.value.partition(".")[0] for entry in stack.entries()[size:]} <= {"action"}


def test_i1_no_code_leaves_with_the_page_and_none_is_used_up_ahead(
    stack: Stack, context: BrowserContext
) -> None:
    seen: list[Request] = []

    def pixel(route: Route) -> None:
        seen.append(route.request)
        route.fulfill(content_type="image/gif", body="")

    context.route(f"{THIRD_PARTY}/**", pixel)
    sign_in(stack, context, "sam@support.example", "sam")
    tab = launch(stack, context, return_to="/orders")
    assert tab.url == f"{stack.app_url}/orders"
    assert seen
    for request in seen:
        assert "code" not in request.headers.get("referer", "")
        assert "_understudy" not in request.headers.get("referer", "")
    assert "code=" not in str(tab.evaluate("performance.getEntries().map((one) => one.name)"))
    assert "code=" not in tab.evaluate("document.referrer")
    tab.go_back()
    assert "code=" not in tab.url
    visitor = stack.support("kim@support.example")
    callback = visitor.callback_of(stack.granted(visitor, "bob"))
    sealed = visitor.cookie(stack.app_url, LAUNCH) or ""
    context.add_cookies([armoured(stack.app_url, LAUNCH, sealed)])
    page = context.new_page()
    page.goto(stack.app_url + "/")
    page.evaluate(
        """async (url) => {
             const link = document.createElement('link');
             link.rel = 'prefetch'; link.href = url; document.head.append(link);
             const image = new Image();
             const loaded = new Promise((done) => { image.onerror = image.onload = done; });
             image.src = url;
             for (const method of ['HEAD', 'GET', 'OPTIONS'])
               await fetch(url, {method}).catch(() => 0);
             await loaded }""",
        callback,
    )
    page.goto(callback)
    expect(page.get_by_role("heading", name="Hello bob")).to_be_visible()


def test_peer_2_and_20_two_agents_as_one_user_leave_as_they_came(
    stack: Stack, browser: Browser
) -> None:
    agents = [browser.new_context(), browser.new_context()]
    names = ("sam", "kim")
    for agent, own in zip(agents, names, strict=True):
        sign_in(stack, agent, f"{own}@support.example", own)
    before = [cookies(agent) for agent in agents]
    tabs = [launch(stack, agent) for agent in agents]
    # Whoever came first goes last.
    for agent, tab, own, held in [*zip(agents, tabs, names, before, strict=True)][::-1]:
        tab.reload()
        expect(tab.get_by_text("Viewing as")).to_be_visible()
        tab.get_by_role("button", name="End session").click()
        tab.wait_for_url(f"{stack.issuer}/**")
        assert own_view(stack, agent) == own
        assert cookies(agent) == held
        agent.close()


def test_peer_27_one_can_leave_an_app_that_forbids_every_form(
    stack: Stack, context: BrowserContext
) -> None:
    sign_in(stack, context, "sam@support.example", "sam")
    tab = launch(stack, context)
    (session,) = stack.live()
    tab.goto(stack.app_url + "/strict")
    expect(tab.get_by_text("Viewing as")).to_be_visible()
    tab.get_by_role("button", name="End session").click()
    # The form is blocked without a word; the banner goes to the page that asks instead.
    tab.wait_for_url(f"{stack.app_url}/_understudy/end")
    assert stack.session(session.id).end_cause is None
    tab.get_by_role("button", name="End session").click()
    tab.wait_for_url(f"{stack.issuer}/**")
    assert stack.session(session.id).end_cause is EndCause.ENDED_BY_ACTOR
    assert own_view(stack, context) == "sam"


@pytest.mark.parametrize("path", ["/", "/strict"])
def test_peer_7_one_can_leave_without_script(stack: Stack, browser: Browser, path: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = stack.open()
    context.add_cookies([armoured(stack.app_url, OVERLAY, opened["session_token"])])
    page = context.new_page()
    page.goto(stack.app_url + path)
    expect(page.get_by_text("You are viewing this app as")).to_be_visible()
    if path == "/strict":
        page.get_by_role("link", name="Other ways to end").click()
    page.get_by_role("button", name="End session").click()
    eventually(lambda: stack.session(opened["session"]["id"]).end_cause is not None)
    assert [one for one in context.cookies() if one.get("name") == OVERLAY] == []
    context.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_e8_the_user_themself_is_touched_by_nothing(browser: Browser, demo: Demo) -> None:
    sam, ada = person(browser, demo), person(browser, demo)
    own = ada.sign_in_to_app("ada@tidewater.example")
    before = cookies(ada.context)
    sam.sign_in_to_dashboard("sam@harbor.example")
    sam.ask_for("Ada Lovelace")
    sam.page.get_by_role("dialog").get_by_label("Reason").fill(REASON)
    sam.page.get_by_role("dialog").get_by_role("button", name="Impersonate").click()
    as_ada = sam.launch()
    expect(as_ada.get_by_text("Viewing as")).to_be_visible()
    elsewhere = person(browser, demo)
    for view in (own, elsewhere.sign_in_to_app("ada@tidewater.example")):
        view.goto(demo.app_url + "/")
        expect(view.get_by_role("heading", name="Good morning, Ada")).to_be_visible()
        assert view.locator("understudy-banner").count() == 0
        expect(view.get_by_role("button", name="End session")).to_have_count(0)
        state = view.evaluate("fetch('/_understudy/state').then((answer) => answer.json())")
        assert state["active"] is False
        expect(view.get_by_role("link", name="Reports")).to_have_count(0)
    assert cookies(ada.context) == before
    elsewhere.context.pages[-1].get_by_role("button", name="Sign out").click()
    as_ada.get_by_role("button", name="End session").click()
    expect(as_ada.get_by_text("Viewing as")).to_have_count(0)
    own.reload()
    expect(own.get_by_role("heading", name="Good morning, Ada")).to_be_visible()
    assert cookies(ada.context) == before
    assert sam.complaints + ada.complaints + elsewhere.complaints == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_t7_hostile_text_runs_nowhere(browser: Browser, demo: Demo) -> None:
    tokens = hostile_sessions(demo)
    sam, mara, theo = (watched(person(browser, demo)) for _ in range(3))
    for who, email in ((sam, "sam"), (mara, "mara"), (theo, "theo")):
        who.sign_in_to_dashboard(f"{email}@harbor.example")
    for path in ("/users", "/sessions"):
        sees(sam, path, MARKUP[-1])
    for path in ("/users?query=%3C", "/sessions", "/audit"):
        sees(mara, path, MARKUP[1])
    entries = "fetch('/api/v1/audit/entries?limit=40').then((answer) => answer.json())"
    for entry in theo.page.evaluate(entries)["items"][:: len(MARKUP) // 2]:
        sees(theo, f"/audit/{entry['index']}", entry["type"].partition(".")[2])
    for markup in MARKUP[:3]:
        sam.page.goto(demo.dashboard_url + deep_link(demo, markup))
        expect(sam.page.get_by_role("dialog").get_by_label("Reason")).to_have_value(padded(markup))
    for markup, token in zip(MARKUP, tokens, strict=True):
        sam.context.add_cookies([armoured(demo.app_url, OVERLAY, token)])
        sam.page.goto(demo.app_url + "/")
        shown = sam.page.get_by_text(markup).locator("visible=true")
        expect(shown.first).to_be_visible()
    assert sam.complaints + mara.complaints + theo.complaints == []


def padded(text: str) -> str:
    """Long enough for a reason."""
    return f"{text} is what the customer wrote"


def hostile_sessions(demo: Demo) -> list[str]:
    """For each text a tenant, a user, an actor, a reason and an action that are called so."""
    secret = json.loads((demo.data_dir / "demo.json").read_text())["secret"]
    base = demo.dashboard_url.replace("localhost", "127.0.0.1") + "/api/v1"
    auth = (demo.application_id, secret)
    with httpx.Client(base_url=base, auth=auth, trust_env=False, verify=False) as backend:
        return [hostile_session(backend, number, text) for number, text in enumerate(MARKUP)]


def hostile_session(backend: httpx.Client, number: int, text: str) -> str:
    tenant = f"hostile-{number}"
    agent = {"user-agent": text}

    def sent(method: str, path: str, **body: Any) -> Any:
        answer = backend.request(method, path, json=body, headers=agent)
        assert answer.is_success, answer.text
        return answer.json()

    sent("PUT", f"/organizations/{tenant}", name=text)
    sent("PUT", f"/subjects/{tenant}", name=text, organization_id=tenant)
    sent("PUT", "/subjects/ada", name=text, organization_id="tidewater", roles=["member"])
    asked = {"reason": padded(text), "ticket": text, "actor": {"id": text, "name": text}}
    sent("POST", "/impersonations", subject_id=tenant, **asked)
    started = sent("POST", "/impersonations", subject_id="ada", **asked)
    token = started["impersonation_token"]
    opened = sent("POST", "/impersonations/exchange", impersonation_token=token)
    action = {"id": f"action-{number}", "phase": "completed", "method": "GET", "path": f"/{text}"}
    at = opened["server_time"]
    path = f"/sessions/{opened['session']['id']}/actions"
    sent("POST", path, actions=[{**action, "at": at, "route": text, "user_agent": text}])
    return str(opened["session_token"])


def deep_link(demo: Demo, text: str) -> str:
    """A link from a ticket of somebody who wants more than to fill a form in."""
    filled = {"application_id": demo.application_id, "impersonate": "", "reason": padded(text)}
    return f"/users/ada?{urlencode({**filled, 'ticket': text})}"


def watched(who: Person) -> Person:
    """Notes every dialog, and every report of a policy."""
    who.context.add_init_script(WATCH)

    def note(dialog: Dialog) -> None:
        who.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    who.context.on("dialog", note)
    return who


def sees(who: Person, path: str, text: str) -> None:
    """Open a page of the dashboard and wait until the text is there, as text."""
    who.page.goto(who.demo.dashboard_url + path)
    expect(who.page.get_by_text(text).first).to_be_visible()
