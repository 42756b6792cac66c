"""A session on an origin of its own, and requests that are astray."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.contrib.labels import ONE, OTHER, PATTERN, at, origin
from tests.unit.contrib.wsgi.apps import Echo
from tests.unit.contrib.wsgi.conftest import Site
from tests.unit.contrib.wsgi.server import HTML, ORIGIN, PAGE, Got
from understudy.testing import FakeGateway


class Labels:
    """An app with session origins."""

    def __init__(self, gateway: FakeGateway, **options: Any) -> None:
        self.app = Echo(headers=[HTML, *options.pop("sets", [])])
        self.understudy = gateway.understudy(session_origins=PATTERN)
        self.site = Site(self.app, self.understudy, **options)

    def ask(self, headers: dict[str, str], path: str = "/orders", **more: Any) -> Got:
        return self.site.ask(path, headers, **more)


@pytest.fixture
def labels(gateway: FakeGateway) -> Iterator[Labels]:
    made = Labels(gateway)
    yield made
    made.understudy.close()


def test_a_session_is_served_at_its_own_origin(gateway: FakeGateway, labels: Labels) -> None:
    session = gateway.open(origin=origin(), subject_id="42")
    assert labels.ask(at(ONE, session)).code == 200
    assert labels.app.subjects == {"42"}


@pytest.mark.parametrize("cookie", ["", "session=agent", "__Host-understudy=uss_unknown"])
def test_a_label_without_its_session_never_reaches_the_app(labels: Labels, cookie: str) -> None:
    got = labels.ask(at(ONE, Cookie=cookie))
    assert (got.code, b"session_over" in got.body) == (410, True)
    assert labels.app.environs == []


def test_a_session_is_served_at_no_other_place(gateway: FakeGateway, labels: Labels) -> None:
    session = gateway.open(origin=origin())
    assert labels.ask(at(OTHER, session)).code == 410
    assert labels.ask(session.headers).code == 403
    assert labels.ask(at(ONE, gateway.open())).code == 410
    assert labels.app.environs == []


def test_the_end_leaves_nothing_at_its_origin(gateway: FakeGateway, labels: Labels) -> None:
    session = gateway.open(origin=origin())
    gateway.revoke(session.id)
    got = labels.ask({**at(ONE, session), **PAGE})
    assert (got.code, got.header("clear-site-data")) == (410, ['"cache", "storage"'])
    assert b"This address belonged to it alone" in got.body


@pytest.mark.parametrize("path", ["/orders", "/_understudy/state"])
def test_what_is_no_label_under_the_wildcard_is_not_there(labels: Labels, path: str) -> None:
    assert labels.ask({"Host": "shop.view.app.localhost:8701"}, path).code == 404
    assert labels.app.environs == []


def test_what_a_label_sends_to_the_apps_own_host_is_refused(labels: Labels) -> None:
    headers = {"Cookie": "session=agent", "Origin": origin()}
    assert labels.ask(headers, method="POST").code == 409
    assert labels.app.environs == []


def test_a_link_from_a_label_to_the_apps_own_host_leads_back(labels: Labels) -> None:
    headers = {**PAGE, "Cookie": "session=agent", "Referer": origin() + "/"}
    got = labels.ask(headers, "/orders/a%20b?page=2")
    assert (got.code, got.header("location")) == (303, [origin() + "/orders/a%20b?page=2"])


def test_cookies_are_kept_apart_in_both_directions(gateway: FakeGateway) -> None:
    labels = Labels(gateway, sets=[("Set-Cookie", "login=subject; Path=/")])
    session = gateway.open(origin=origin())
    headers = at(ONE, session)
    headers["Cookie"] = "session=agent; " + headers["Cookie"]
    first = labels.ask(headers)
    assert labels.app.header("HTTP_COOKIE") == f"understudy_session={session.id}"
    (stored,) = [c for c in first.header("set-cookie") if c.startswith("__Host-understudy.login=")]
    headers["Cookie"] += "; " + stored.partition(";")[0]
    labels.ask(headers)
    found = labels.app.header("HTTP_COOKIE")
    assert found == f"understudy_session={session.id}; login=subject"
    labels.understudy.close()


def test_an_app_that_knows_one_address_is_shown_it(gateway: FakeGateway) -> None:
    labels = Labels(gateway, present_host="https://app.example", sets=[("Location", "/")])
    labels.ask(at(ONE, gateway.open(origin=origin()), Origin=origin()), method="POST")
    assert labels.app.header("HTTP_HOST") == "app.example"
    assert labels.app.header("HTTP_ORIGIN") == "https://app.example"
    assert labels.app.header("wsgi.url_scheme") == "https"
    labels.understudy.close()


def test_own_cookies_of_the_app_are_hidden_on_its_own_host(gateway: FakeGateway) -> None:
    labels, session = Labels(gateway, own_cookies=("session",)), gateway.open()
    cookie = f"session=agent; theme=dark; {session.headers['Cookie']}"
    labels.ask({**session.headers, "Cookie": cookie, "Host": ORIGIN.partition("://")[2]})
    found = labels.app.header("HTTP_COOKIE") or ""
    assert ("agent" in found, "theme=dark" in found) == (False, True)
    labels.understudy.close()
