"""A session on an origin of its own, and requests that are astray."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.fixtures.browser import ORIGIN, PAGE, Browser
from tests.unit.contrib.asgi.apps import Echo
from tests.unit.contrib.labels import ONE, OTHER, PATTERN, at, origin
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.values import Wire
from understudy.testing import FakeGateway


class Site:
    """An app with session origins, and the browser that visits it."""

    def __init__(self, gateway: FakeGateway, **options: Any) -> None:
        self.app = Echo(headers=[(b"content-type", b"text/html"), *options.pop("sets", [])])
        self.understudy = gateway.understudy(session_origins=PATTERN)
        self.browser = Browser(
            UnderstudyMiddleware(self.app, understudy=self.understudy, **options)
        )

    def get(self, headers: dict[str, str], path: str = "/orders") -> httpx.Response:
        return self.browser.get(path, headers)


@pytest.fixture
def site(gateway: FakeGateway) -> Iterator[Site]:
    made = Site(gateway)
    yield made
    made.understudy.close()


def test_a_session_is_served_at_its_own_origin(gateway: FakeGateway, site: Site) -> None:
    session = gateway.open(origin=origin(), subject_id="42")
    assert site.get(at(ONE, session)).status_code == 200
    assert site.app.subjects == ["42"]


def test_a_session_is_served_at_no_other_label(gateway: FakeGateway, site: Site) -> None:
    session = gateway.open(origin=origin())
    answer = site.get(at(OTHER, session))
    assert (answer.status_code, answer.json()["code"]) == (410, "session_over")
    assert site.app.scopes == []


def test_a_session_with_an_origin_is_not_served_on_the_apps_own_host(
    gateway: FakeGateway, site: Site
) -> None:
    answer = site.get(gateway.open(origin=origin()).headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "another_origin")
    assert site.app.scopes == []


def test_a_session_of_the_apps_own_host_is_not_served_at_a_label(
    gateway: FakeGateway, site: Site
) -> None:
    assert site.get(at(ONE, gateway.open())).status_code == 410
    assert site.app.scopes == []


@pytest.mark.parametrize(
    "cookie", ["", "session=agent", "__Host-understudy=uss_unknown", "__Host-understudy=!"]
)
def test_a_label_without_its_session_never_reaches_the_app(site: Site, cookie: str) -> None:
    answer = site.get(at(ONE, Cookie=cookie))
    assert (answer.status_code, answer.json()["code"]) == (410, "session_over")
    assert site.app.scopes == []


def test_a_person_at_a_dead_label_is_told_where_to_go(site: Site) -> None:
    answer = site.get(at(ONE, None, **PAGE))
    assert answer.status_code == 410
    assert "This address belonged to it alone" in answer.text
    assert 'href="https://understudy.test/"' in answer.text


def test_the_end_leaves_nothing_at_its_origin(gateway: FakeGateway, site: Site) -> None:
    session = gateway.open(origin=origin())
    gateway.revoke(session.id, EndCause.REVOKED)
    headers = at(ONE, session)
    headers["Cookie"] += "; __Host-understudy.login=x"
    answer = site.get(headers)
    assert answer.status_code == 410
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    removed = [value.partition("=")[0] for value in answer.headers.get_list("set-cookie")]
    assert removed == ["__Host-understudy", "__Host-understudy.login"]


@pytest.mark.parametrize("host", ["shop.view.app.localhost:8701", f"{ONE}.elsewhere.localhost"])
@pytest.mark.parametrize("path", ["/orders", "/_understudy/state", "/_understudy/events"])
def test_what_is_no_label_under_the_wildcard_is_not_there(site: Site, host: str, path: str) -> None:
    assert site.get({"Host": host}, path).status_code == 404
    assert site.app.scopes == []


def test_what_a_label_sends_to_the_apps_own_host_is_refused(site: Site) -> None:
    headers = {"Cookie": "session=agent", "Origin": origin()}
    answer = site.browser.post("/orders", headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "page_of_another_session")
    assert site.app.scopes == []


def test_a_link_from_a_label_to_the_apps_own_host_leads_back(site: Site) -> None:
    headers = {**PAGE, "Cookie": "session=agent", "Referer": origin() + "/"}
    answer = site.get(headers, "/orders/a%20b?page=2")
    assert answer.status_code == 303
    assert answer.headers["location"] == origin() + "/orders/a%20b?page=2"
    assert site.app.scopes == []


def test_no_service_worker_is_installed_at_a_label(gateway: FakeGateway, site: Site) -> None:
    headers = at(ONE, gateway.open(origin=origin()), **{"Service-Worker": "script"})
    answer = site.get(headers, "/sw.js")
    assert (answer.status_code, answer.json()["code"]) == (403, "service_worker_refused")
    assert site.app.scopes == []


def test_the_agents_cookies_do_not_arrive_at_a_label(gateway: FakeGateway, site: Site) -> None:
    session = gateway.open(origin=origin())
    headers = at(ONE, session)
    headers["Cookie"] = "session=agent; " + headers["Cookie"]
    site.get(headers)
    assert site.app.header(b"cookie") == [f"understudy_session={session.id}".encode()]


def test_what_the_app_sets_at_a_label_comes_back_there_alone(gateway: FakeGateway) -> None:
    site = Site(gateway, sets=[(b"set-cookie", b"login=ada; Path=/; HttpOnly")])
    session, other = gateway.open(origin=origin()), gateway.open(origin=origin(OTHER))
    (set_cookie,) = site.get(at(ONE, session)).headers.get_list("set-cookie")
    kept = set_cookie.partition(";")[0]
    for which, label, seen in ((session, ONE, b"; login=ada"), (other, OTHER, b"")):
        headers = at(label, which)
        headers["Cookie"] += f"; {kept}"
        site.get(headers)
        expected = f"understudy_session={which.id}".encode() + seen
        assert site.app.header(b"cookie") == [expected]
    site.understudy.close()


def test_an_app_that_knows_one_address_is_shown_it(gateway: FakeGateway) -> None:
    site = Site(gateway, present_host=ORIGIN, sets=[(b"location", ORIGIN.encode() + b"/next")])
    answer = site.get(at(ONE, gateway.open(origin=origin()), Origin=origin()))
    assert site.app.header(b"host") == [ORIGIN.removeprefix("http://").encode()]
    assert site.app.header(b"origin") == [ORIGIN.encode()]
    assert answer.headers["location"] == origin() + "/next"
    site.understudy.close()


def test_own_cookies_of_the_app_are_hidden_on_its_own_host(gateway: FakeGateway) -> None:
    site = Site(gateway, own_cookies=["login"], sets=[(b"set-cookie", b"login=ada")])
    session = gateway.open()
    answer = site.get({"Cookie": f"login=agent; a=b; {session.headers['Cookie']}"})
    assert site.app.header(b"cookie") == [f"understudy_session={session.id}; a=b".encode()]
    kept = answer.headers.get_list("set-cookie")[0]
    assert kept.startswith(f"__Host-understudy.login={session.id}.")
    site.understudy.close()


def test_the_launch_begins_and_ends_at_the_label(gateway: FakeGateway, site: Site) -> None:
    path = "/_understudy/launch?iss=https://understudy.test&login_hint=grt_1"
    answer = site.get(at(ONE, None, **PAGE), path)
    assert answer.status_code == 303
    wanted = httpx.URL(answer.headers["location"]).params["redirect_uri"]
    assert wanted == origin() + "/_understudy/callback"


def test_ending_at_a_label_empties_it_and_leads_to_the_dashboard(
    gateway: FakeGateway, site: Site
) -> None:
    headers = {**at(ONE, gateway.open(origin=origin())), **PAGE, "Sec-Fetch-Site": "same-origin"}
    answer = site.browser.post("/_understudy/end", headers)
    assert answer.status_code == 200
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert "https://understudy.test/" in answer.headers["refresh"]
    assert site.get(at(ONE, Cookie=headers["Cookie"])).status_code == 410


def test_a_token_in_an_address_opens_nothing_at_another_place(gateway: FakeGateway) -> None:
    site = Site(gateway, hand_offs=("stytch",))
    for bound, headers in ((None, at(ONE)), (origin(), at(OTHER)), (origin(), {})):
        session = gateway.open(origin=bound)
        token = gateway.offer(session, wire=Wire.STYTCH)
        path = f"/_understudy/callback?stytch_token_type=impersonation&token={token}"
        answer = site.get({**headers, **PAGE}, path)
        assert answer.status_code == 403
        assert "__Host-understudy=" not in str(answer.headers.get_list("set-cookie"))
        assert gateway.wait_until_ended(session.id)
    site.understudy.close()
