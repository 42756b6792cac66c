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
    Request,
    Route,
    expect,
)
from starlette.applications import Starlette
from starlette.routing import Route as AppRoute

from tests.acceptance.conftest import Demo
from tests.acceptance.people import Person, person
from tests.acceptance.plain_shop import (
    LAUNCH,
    OVERLAY,
    THIRD_PARTY,
    Evil,
    armoured,
    cookies,
    empty,
    launch,
    own_view,
    shop_app,
    sign_in,
)
from tests.integration.abuse.servers import eventually, served
from tests.integration.abuse.stack import REASON, Stack
from tests.integration.abuse.stack import stack as running_stack
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.epoch import EPOCH

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
ASK_FOR_ALL = """async (urls) => {
  for (const url of urls) for (const method of ['POST', 'GET'])
    await fetch(url, {method, mode: 'no-cors', credentials: 'include'}).catch(() => 0);
}"""
FRAME = """(url) => new Promise((done) => {
  const frame = document.createElement('iframe');
  frame.onload = () => done();
  frame.src = url;
  document.body.replaceChildren(frame);
})"""
WATCH = """
addEventListener('securitypolicyviolation',
  (event) => console.error('Content Security Policy: ' + event.effectiveDirective));
"""


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """An empty browser."""
    made = empty(browser)
    yield made
    made.close()


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """The product around a shop of plain pages."""
    with running_stack(tmp_path, make_app=shop_app) as found:
        yield found


@pytest.fixture
def evil() -> Iterator[Evil]:
    """A site that is neither the dashboard's nor the app's."""
    made = Evil()
    with served(Starlette(routes=[AppRoute("/", made.page)])) as port:
        made.url = f"http://evil.localhost:{port}/"
        yield made


# Browsers keep Lax cookies from most of what another site asks for; without that, we stand alone.
@pytest.mark.parametrize("same_site", ["Lax", "None"])
def test_s5_a_page_of_another_site_starts_and_ends_nothing(
    stack: Stack, context: BrowserContext, evil: Evil, same_site: str
) -> None:
    sam = sign_in(stack, context, "sam@support.example", "sam", same_site=same_site)
    tab = launch(stack, context)
    (overlay,) = (one for one in context.cookies() if one["name"] == OVERLAY)
    context.add_cookies([armoured(stack.app_url, OVERLAY, overlay["value"], same_site=same_site)])
    waiting = stack.granted(sam, "bob")
    before, size = cookies(context), len(stack.entries())
    forms = [
        ("POST", f"{stack.issuer}/api/v1/grants/{waiting}/launch"),
        ("POST", f"{stack.issuer}/api/v1/sign-out"),
        ("POST", f"{stack.app_url}/_understudy/end"),
        ("GET", f"{stack.app_url}/_understudy/end"),
        ("POST", f"{stack.app_url}/_understudy/end?_method=DELETE"),
    ]
    for method, action in forms:
        form = f'<form method="{method}" action="{action}"><button>Win a prize</button></form>'
        page = evil.opened(context, form)
        with page.expect_navigation():
            page.get_by_role("button").click()
        page.close()
    page = evil.opened(context, "<p>Nothing to see</p>")
    page.evaluate(ASK_FOR_ALL, [action for _, action in forms])
    for address in (f"{stack.app_url}/_understudy/end", f"{stack.issuer}/users"):
        page.evaluate(FRAME, address)
        assert [one.url for one in page.frames if one.url.startswith("http")] == [evil.url]
    assert cookies(context) == before
    tab.reload()
    expect(tab.get_by_role("heading", name="Hello ada")).to_be_visible()
    assert {entry.type.partition(".")[0] for entry in stack.entries()[size:]} <= {"action"}


def test_i1_no_code_leaves_with_the_page(stack: Stack, context: BrowserContext) -> None:
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


def test_i1_no_code_is_used_up_ahead(stack: Stack, context: BrowserContext) -> None:
    visitor = stack.support()
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
    agents = [empty(browser), empty(browser)]
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
        # Beside them, that this browser has had a session lately, and has none now.
        ours = [one for one in cookies(agent) if one[1] in (EPOCH, "understudy-page")]
        assert [one for one in cookies(agent) if one not in ours] == held
        assert [value for *_, value in sorted(ours)] == ["1", "own"]
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
    tab.wait_for_url(f"{stack.app_url}/_understudy/end?_understudy_page={session.id}")
    assert stack.session(session.id).end_cause is None
    tab.get_by_role("button", name="End session").click()
    tab.wait_for_url(f"{stack.issuer}/**")
    assert stack.session(session.id).end_cause is EndCause.ENDED_BY_ACTOR
    assert own_view(stack, context) == "sam"


@pytest.mark.parametrize("path", ["/", "/strict"])
def test_peer_7_one_can_leave_without_script(stack: Stack, browser: Browser, path: str) -> None:
    context = empty(browser, java_script_enabled=False)
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
    as_ada = sam.work_as("Ada Lovelace", REASON)
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
    sees(sam, "/users", MARKUP[-1])
    for path in ("/users?query=%3C", "/sessions", "/audit"):
        sees(mara, path, MARKUP[1])
    entries = "fetch('/api/v1/audit/entries?limit=40').then((answer) => answer.json())"
    for entry in theo.page.evaluate(entries)["items"][::10]:
        sees(theo, f"/audit/{entry['index']}", entry["type"].partition(".")[2])
    for markup in MARKUP[2:4]:
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
