"""What is left at the origin of a session that is over."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.fixtures.browser import PAGE
from tests.fixtures.impersonation import OPENED, SESSION
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.cache import Ended
from understudy.sdk.guard import Asked
from understudy.sdk.passage.gone import gone_answer
from understudy.sdk.passage.request import Request
from understudy.sdk.routes import Routes
from understudy.sdk.secret import Secret
from understudy.sdk.typed_text import Field
from understudy.sdk.visit import Answer
from understudy.sdk.way_back import WayBack
from understudy.testing import FakeGateway

PERSON = {name.lower(): value for name, value in PAGE.items()}
ENDED = Ended(cause=EndCause.IDLE, session=SESSION)


@pytest.fixture
def routes() -> Iterator[Routes]:
    understudy = FakeGateway().understudy()
    yield Routes(understudy)
    understudy.close()


def gone(
    routes: Routes,
    method: str,
    headers: dict[str, str] | None = None,
    *typed: Field,
    socket: bool = False,
) -> Answer:
    asked = Asked(b"__Host-understudy=x; a=b", (method,), ("/",), socket=socket)
    request = Request(asked, method, "/", "", "https://x.example", headers or {}, None)
    return gone_answer(request, ENDED, routes, typed)


def test_a_program_is_told_why(routes: Routes) -> None:
    answer = gone(routes, "GET")
    body = json.loads(answer.body)
    assert (answer.status, body["code"], body["cause"]) == (410, "session_over", "idle")


@pytest.mark.parametrize(("method", "undone"), [("GET", False), ("POST", True)])
def test_a_person_reads_it_and_that_nothing_was_saved(
    routes: Routes, method: str, undone: bool
) -> None:
    answer = gone(routes, method, PERSON)
    assert answer.status == 410
    assert b"This address belonged to it alone" in answer.body
    assert (b"nothing was saved or changed" in answer.body) is undone


def test_what_was_typed_is_given_back(routes: Routes) -> None:
    body = gone(routes, "POST", PERSON, Field("text", "Dear <Ada>")).body
    assert b"Dear &lt;Ada&gt;</textarea>" in body


def test_whoever_started_in_the_app_goes_back_to_where_that_was(routes: Routes) -> None:
    back = WayBack(Secret("a key for tests")).kept("https://app.example/admin", OPENED)
    cookie = f"__Host-understudy={OPENED.session_token.reveal()}; {back.partition(';')[0]}"
    asked = Asked(cookie.encode(), ("GET",), ("/",))
    request = Request(asked, "GET", "/", "", "https://x.example", PERSON, None)
    answer = gone_answer(request, ENDED, routes)
    assert b'href="https://app.example/admin"' in answer.body
    assert b'href="https://app.example/admin"' not in gone(routes, "GET", PERSON).body


def test_a_live_connection_is_no_person(routes: Routes) -> None:
    answer = gone(routes, "WEBSOCKET", PERSON, socket=True)
    assert dict(answer.headers)["content-type"] == "application/problem+json"


def test_nothing_of_the_session_stays_in_the_browser(routes: Routes) -> None:
    headers = gone(routes, "GET").headers
    assert ("clear-site-data", '"cache", "storage"') in headers
    removed = [value.partition("=")[0] for name, value in headers if name == "set-cookie"]
    assert removed == ["__Host-understudy"]
