"""Requests that a page of another site makes somebody's browser send (S5)."""

from __future__ import annotations

import itertools

import httpx
import pytest

from tests.integration.abuse.apps import COOKIE
from tests.integration.abuse.oauth_client import Client
from tests.integration.abuse.servers import eventually
from tests.integration.abuse.stack import Stack
from tests.integration.abuse.visitor import PAGE
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role
from understudy.http.cookies import OPERATOR_COOKIE
from understudy.http.endpoint import Endpoint
from understudy.service.openapi import described

SITES = ("cross-site", "same-site", "same-origin", "none", "", None)
UNSAFE = [endpoint for endpoint in described() if not endpoint.safe]
BY_COOKIE = [endpoint for endpoint in UNSAFE if endpoint.access.operator]
ENDS_THE_SIGN_IN = {"sign_out", "sign_out_everywhere", "change_password"}


def path_of(endpoint: Endpoint) -> str:
    """The endpoint's path with ids that nothing has."""
    path = endpoint.path.replace("{", "\0").replace("}", "\0").split("\0")
    return "".join(part if number % 2 == 0 else "unknown-1" for number, part in enumerate(path))


def allowed(site: str | None, origin: str | None, own: str, *, with_cookie: bool) -> bool:
    """Fetch Metadata decides, then the origin; with neither, a cookie is not enough."""
    if site is not None:
        return site in ("same-origin", "none")
    return origin == own if origin is not None else not with_cookie


def refused(answer: httpx.Response) -> bool:
    return answer.status_code == 403 and "cross_site_refused" in answer.text


def test_s5_every_change_by_cookie_comes_from_our_own_pages(stack: Stack) -> None:
    admin = stack.operator(*Role, email="everything-s5@support.example")[1]
    cookie = f"{OPERATOR_COOKIE}={admin.cookie(stack.issuer, OPERATOR_COOKIE)}"
    origins = (None, stack.issuer, stack.app_url, "https://evil.example", "null")
    assert len(BY_COOKIE) > 15
    with httpx.Client(timeout=30, trust_env=False, verify=False) as client:
        for endpoint, site, origin in itertools.product(BY_COOKIE, SITES, origins):
            fine = allowed(site, origin, stack.issuer, with_cookie=True)
            if fine and endpoint.operation in ENDS_THE_SIGN_IN:
                continue
            given = {"cookie": cookie, "sec-fetch-site": site, "origin": origin}
            headers = {name: value for name, value in given.items() if value is not None}
            headers["host"] = stack.issuer.removeprefix("http://")
            url = f"http://127.0.0.1:{stack.settings.port}{path_of(endpoint)}"
            answer = client.request(endpoint.method, url, headers=headers, json={})
            assert refused(answer) is not fine, (endpoint.operation, site, origin, answer.text)


def test_s5_nobody_is_signed_in_or_invited_from_another_site(stack: Stack) -> None:
    public = [endpoint for endpoint in UNSAFE if endpoint.access.public]
    assert {"sign_in", "set_up", "accept_invitation"} <= {one.operation for one in public}
    with stack.stranger() as browser:
        for endpoint, site in itertools.product(public, ("cross-site", "same-site", "")):
            url = f"http://127.0.0.1:{stack.settings.port}{path_of(endpoint)}"
            headers = {"sec-fetch-site": site, "origin": "https://evil.example"}
            answer = browser.request(endpoint.method, url, headers=headers, json={})
            assert answer.status_code == 403 or answer.json().get("error"), endpoint.operation


def test_s5_asking_changes_nothing(stack: Stack) -> None:
    sam = stack.support("sam-s5@support.example")
    session = stack.become(sam, "ada")
    waiting = stack.granted(sam, "bob")
    # That the session's first page was answered is written down a moment after it was.
    eventually(lambda: len(stack.entries(EventType.ACTION_COMPLETED)) == 1)
    size = len(stack.entries())
    for path in (
        f"/api/v1/grants/{waiting}/launch",
        f"/api/v1/grants/{waiting}/cancel",
        f"/api/v1/sessions/{session.id}/end",
        f"/api/v1/sessions/{session.id}/revoke",
        "/api/v1/impersonations",
        "/api/v1/impersonations/exchange",
        "/api/v1/sign-out",
        "/api/v1/impersonations?subject_id=bob&_method=POST",
    ):
        for method in ("GET", "HEAD", "OPTIONS"):
            answer = sam.request(method, stack.issuer + path, headers=PAGE)
            assert answer.status_code in (204, 404, 405), (method, path)
    # A link on another site leads to the authorization endpoint: nobody pressed Launch for it.
    denied = sam.step(Client(stack=stack).authorize_url(waiting), site="cross-site")
    assert "error=access_denied" in denied.headers["location"]
    assert stack.session(session.id).end_cause is None
    assert len([e for e in stack.entries()[size:] if e.type != "grant.denied"]) == 0


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_s5_only_a_post_ends_a_session_in_the_app(stack: Stack, method: str) -> None:
    kim = stack.overlaid(stack.visitor(), stack.open())
    for path in ("/_understudy/end", "/_understudy/end?_method=POST"):
        override = {"x-http-method-override": "POST", "sec-fetch-site": "cross-site"}
        kim.request(method, stack.app_url + path, headers=override)
    assert kim.app("GET", "/whoami").json()["subject"] == "ada"


def test_s5_another_site_ends_no_session_in_the_app(stack: Stack) -> None:
    kim = stack.overlaid(stack.visitor(), stack.open())
    kim.plant(stack.app_url, COOKIE, stack.shop.sign_in("kim"))
    url = f"{stack.app_url}/_understudy/end"
    origins = (None, stack.app_url, stack.issuer, "http://app.localhost", "null", "")
    for site, origin in itertools.product(SITES, origins):
        given = {"sec-fetch-site": site, "origin": origin}
        headers = {name: value for name, value in given.items() if value is not None}
        if allowed(site, origin, stack.app_url, with_cookie=True):
            continue
        answer = kim.request("POST", url, headers=headers)
        assert refused(answer), (site, origin)
    assert kim.app("GET", "/whoami").json()["subject"] == "ada"
    by_origin = kim.request("POST", url, headers={"origin": stack.app_url})
    assert by_origin.status_code == 200
    assert kim.overlay is None
