"""Refusals: a page for people, a problem for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import pytest

from tests.fixtures.browser import PAGE
from tests.fixtures.impersonation import OPENED, SESSION
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.cache import Ended, Held
from understudy.sdk.guard import UNAVAILABLE, Refuse
from understudy.sdk.refusals import refusal_answer
from understudy.sdk.routes import Routes
from understudy.sdk.secret import Secret
from understudy.sdk.typed_text import Field
from understudy.sdk.visit import Answer
from understudy.sdk.way_back import WayBack
from understudy.testing import FakeGateway

ENDED = Refuse(401, "session_over", ended=Ended(cause=EndCause.IDLE, session=SESSION))  # type: ignore[arg-type]
HELD = Held(OPENED, key=b"key", sent_at=0.0, generation=1)
PEOPLE = {name.lower(): value for name, value in PAGE.items()}


@pytest.fixture
def routes() -> Iterator[Routes]:
    understudy = FakeGateway().understudy()
    yield Routes(understudy, home="/home")
    understudy.close()


def answer(
    refuse: Refuse,
    routes: Routes,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    cookie: bytes = b"",
    *,
    typed: Iterable[Field] = (),
) -> Answer:
    return refusal_answer(
        refuse,
        routes,
        method=method,
        headers=headers or {},
        base="/app",
        now=0.0,
        cookie=cookie,
        typed=typed,
    )


def cookies(answer: Answer) -> list[str]:
    return [value for name, value in answer.headers if name == "set-cookie"]


def test_a_program_hears_that_the_session_is_over_and_why(routes: Routes) -> None:
    told = answer(ENDED, routes, "POST")
    assert told.status == 401
    body = json.loads(told.body)
    assert (body["code"], body["cause"]) == ("session_over", "idle")
    assert cookies(told) == []


def test_a_person_reads_it_and_loses_the_cookie(routes: Routes) -> None:
    told = answer(ENDED, routes, headers=PEOPLE)
    assert told.status == 401
    assert b"was not opened" in told.body
    assert b'href="/app/home"' in told.body
    assert cookies(told) == [
        "__Host-understudy=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax",
        *routes.epoch.cookies("own"),
    ]


def test_whoever_started_in_the_app_goes_back_to_where_that_was(routes: Routes) -> None:
    overlay = f"__Host-understudy={OPENED.session_token.reveal()}"
    back = WayBack(Secret("a key for tests")).kept("/admin/users", OPENED).partition(";")[0]
    told = answer(ENDED, routes, headers=PEOPLE, cookie=f"{overlay}; {back}".encode())
    assert b'href="/admin/users"' in told.body
    assert cookies(told)[1].startswith("__Host-understudy-back=; Path=/; Max-Age=0;")
    other = answer(ENDED, routes, headers=PEOPLE, cookie=back.encode())
    assert b'href="/app/home"' in other.body


def test_a_form_that_came_too_late_changed_nothing(routes: Routes) -> None:
    told = answer(ENDED, routes, "POST", PEOPLE)
    assert b"nothing was saved or changed" in told.body


def test_what_a_person_typed_is_given_back_and_a_program_knows_what_it_has_sent(
    routes: Routes,
) -> None:
    for refuse in (ENDED, UNAVAILABLE):
        typed = (Field("text", "Dear Ada"),)
        assert b"Dear Ada</textarea>" in answer(refuse, routes, "POST", PEOPLE, typed=typed).body
        assert b"Dear Ada" not in answer(refuse, routes, "POST", typed=typed).body


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-dest": "iframe"}, {"sec-fetch-dest": "empty"}, {"accept": "*/*"}]
)
def test_the_cookie_stays_where_nobody_reads(routes: Routes, headers: dict[str, str]) -> None:
    assert cookies(answer(ENDED, routes, headers=headers)) == []


def test_a_browser_without_fetch_metadata_is_a_person_when_it_wants_html(routes: Routes) -> None:
    assert cookies(answer(ENDED, routes, headers={"accept": "text/html"})) != []


def test_a_blocked_action_is_a_403_in_a_session_that_goes_on(routes: Routes) -> None:
    refuse = Refuse(403, "action_blocked", label="Export", held=HELD)  # type: ignore[arg-type]
    program, person = answer(refuse, routes), answer(refuse, routes, headers=PEOPLE)
    assert json.loads(program.body)["code"] == "action_blocked"
    assert b"<understudy-banner" in person.body
    assert b"still work as" in person.body
    assert cookies(person) == []
    for told in (program, person):
        assert told.status == 403
        assert ("understudy-impersonation", "1") in told.headers


def test_an_ambiguous_request_is_a_400(routes: Routes) -> None:
    refuse = Refuse(400, "ambiguous_credentials")  # type: ignore[arg-type]
    told = answer(refuse, routes, headers=PEOPLE)
    assert told.status == 400
    assert b"Authorization header" in told.body


def test_an_unreachable_service_is_a_503_to_try_again(routes: Routes) -> None:
    told = answer(UNAVAILABLE, routes)
    assert told.status == 503
    assert ("retry-after", "1") in told.headers
