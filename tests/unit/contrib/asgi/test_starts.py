"""Staff start sessions in an ASGI app, by its own sign-in."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.fixtures.browser import ORIGIN, Browser
from tests.unit.contrib.asgi.apps import Echo
from tests.unit.contrib.asgi.conftest import Guarded
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.sdk.start_form import MAX_BODY
from understudy.sdk.values import Actor, Subject
from understudy.testing import FakeGateway

KIM = Actor(id="staff-7", email="kim@app.test", name="Kim")
OWN = {"Sec-Fetch-Site": "same-origin", "Cookie": "shop=kim"}
WANTED = {"subject_id": "ada", "reason": "Cannot see the invoice"}


def staff_of(scope: Mapping[str, Any]) -> Actor | None:
    """By the shop's own cookie."""
    cookie = next((value for name, value in scope["headers"] if name == b"cookie"), b"")
    return KIM if b"shop=kim" in cookie else None


async def staff_awaited(scope: Mapping[str, Any]) -> Actor | None:
    await asyncio.sleep(0)
    return staff_of(scope)


async def home_of(subject: Subject) -> str:
    await asyncio.sleep(0)
    return f"/users/{subject.id}"


def kept(answer: Any) -> str:
    """The cookies of an answer, as the browser sends them."""
    jar = SimpleCookie()
    for one in answer.headers.get_list("set-cookie"):
        jar.load(one)
    return "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items() if morsel.value)


@pytest.mark.parametrize("staff", [staff_of, staff_awaited])
def test_staff_start_work_and_end(gateway: FakeGateway, guarded: Guarded, staff: Any) -> None:
    app = Echo()
    browser = guarded(app, staff=staff, home_of=home_of)
    page = {"Referer": f"{ORIGIN}/admin/users"}
    started = browser.post("/_understudy/start", {**OWN, **page}, json=WANTED)
    assert (started.status_code, started.json()["home"]) == (200, "/users/ada")
    cookies = {"Cookie": f"shop=kim; {kept(started)}"}
    status = browser.get("/_understudy/status", cookies).json()
    assert (status["actor"]["name"], status["subject"]["id"]) == ("Kim", "ada")
    browser.get("/orders", cookies)
    assert app.subjects == ["ada"]
    ended = browser.post("/_understudy/end", {"Sec-Fetch-Site": "same-origin", **cookies})
    assert ended.json() == {"active": False, "ended": True, "return_to": "/admin/users"}
    assert browser.get("/_understudy/status", cookies).json()["impersonating"] is False
    assert gateway.ended(started.json()["session"]) == "ended_by_actor"


def test_a_form_is_read_and_answered_with_the_way_on(guarded: Guarded) -> None:
    browser = guarded(Echo(), staff=staff_of)
    page = {"Accept": "text/html", "Sec-Fetch-Dest": "document"}
    answer = browser.post("/_understudy/start", {**OWN, **page}, data=WANTED)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_whoever_is_not_staff_finds_nothing(gateway: FakeGateway, guarded: Guarded) -> None:
    browser = guarded(Echo(), staff=staff_of)
    answer = browser.post("/_understudy/start", {**OWN, "Cookie": "shop=ada"}, json=WANTED)
    assert answer.status_code == 404
    assert gateway.calls == []


def test_a_body_is_read_no_further_than_it_may_be_long(guarded: Guarded) -> None:
    browser = guarded(Echo(), staff=staff_of)
    answer = browser.post("/_understudy/start", OWN, json={**WANTED, "reason": "x" * MAX_BODY})
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_a_sign_in_that_fails_starts_nothing(gateway: FakeGateway) -> None:
    async def broken(_: object) -> Actor:
        raise ConnectionError("the users' database is away")

    understudy = gateway.understudy()
    browser = Browser(UnderstudyMiddleware(Echo(), understudy=understudy, staff=broken))
    assert browser.post("/_understudy/start", OWN, json=WANTED).status_code == 404
    assert gateway.calls == []
    understudy.close()


def test_a_session_with_an_origin_of_its_own_begins_and_ends_there(gateway: FakeGateway) -> None:
    own, label = ORIGIN.partition("://")[2], f"understudy-{'a' * 26}.view.app.localhost:8701"
    gateway.origin = f"http://{label}"
    understudy = gateway.understudy(session_origins="http://*.view.app.localhost:8701")
    app = Echo()
    browser = Browser(UnderstudyMiddleware(app, understudy=understudy, staff=staff_of))
    started = browser.post("/_understudy/start", {**OWN, "Referer": f"{ORIGIN}/admin"}, json=WANTED)
    jar, target = {own: f"shop=kim; {kept(started)}", label: ""}, started.json()["home"]
    for host in (label, own, label):
        parts = urlsplit(target)
        assert parts.netloc == host
        there = {"Host": host, "Cookie": jar[host]}
        answer = browser.open(f"{parts.path}?{parts.query}", there)
        assert answer.status_code == 303
        jar[host] = kept(answer) or jar[host]
        target = answer.headers["location"]
    assert target == "/"
    at_origin = {"Host": label, "Cookie": jar[label]}
    assert browser.open(target, at_origin).status_code == 200
    assert app.subjects == ["ada"]
    ended = browser.post("/_understudy/end", {**at_origin, "Sec-Fetch-Site": "same-origin"})
    assert ended.json()["return_to"] == f"{ORIGIN}/admin"
    assert browser.open(target, at_origin).status_code == 410
    understudy.close()
