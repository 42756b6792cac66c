"""The middleware in its stack: what it answers itself, passes on, and refuses to begin with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import AsyncClient, Client, RequestFactory, override_settings
from django.urls import path

from tests.fixtures.django_site import site
from tests.fixtures.refusals import refusal_of
from understudy.contrib.wsgi import UnderstudyMiddleware
from understudy.errors import SetupError
from understudy.sdk.at_work import AT_WORK
from understudy.sdk.context import OwnRequest, present_request
from understudy.sdk.forbidding import forbid_while_impersonating
from understudy.testing import FakeGateway

PAGE = "<!doctype html><html><head></head><body>hello</body></html>"
DOCUMENT = {"accept": "text/html", "sec-fetch-dest": "document"}
Ask = Callable[..., Any]


def page(request: HttpRequest) -> HttpResponse:
    """A page in one piece."""
    return HttpResponse(PAGE, headers={"ETag": '"a"'})


def parts(request: HttpRequest) -> StreamingHttpResponse:
    """The same page in parts, each of which says whose it is made for."""

    def made() -> Any:
        yield PAGE[:20]
        yield PAGE[20:]
        present = present_request()
        yield f"<!-- {type(present).__name__} {getattr(present, 'over', None)} -->"

    return StreamingHttpResponse(made())


@forbid_while_impersonating
def forbidden(request: HttpRequest) -> HttpResponse:
    """What only users themselves may do."""
    return HttpResponse("done")


def echo(request: HttpRequest) -> HttpResponse:
    """What the view sees of us."""
    told = [name for name in request.META if "UNDERSTUDY" in name]
    return HttpResponse(f"{request.impersonation} {request.actor} {told} {dict(request.COOKIES)}")


urlpatterns = [
    path("page", page),
    path("parts", parts),
    path("forbidden", forbidden),
    path("echo", echo),
]


@pytest.fixture(params=[False, True], ids=["wsgi", "asgi"])
def ask(request: pytest.FixtureRequest, installed_site: None) -> Any:
    """Asks the site for something, by one of its handlers."""

    def asked(verb: str, address: str, **more: Any) -> Any:
        client: Any = AsyncClient() if request.param else Client()
        for name, value in more.pop("cookies", {}).items():
            client.cookies[name] = value
        found = getattr(client, verb)(address, secure=True, **more)
        return asyncio.run(whole(found)) if request.param else whole_here(found)

    with override_settings(MIDDLEWARE=[site.GUARD], ROOT_URLCONF=__name__):
        yield asked


async def whole(asked: Any) -> Any:
    """The response, whose parts are joined."""
    response = await asked
    if not response.streaming or not response.is_async:
        return whole_here(response)
    response.body = b"".join([part async for part in response.streaming_content])
    return response


def whole_here(response: Any) -> Any:
    """The same without an event loop."""
    body = response.streaming_content if response.streaming else [response.content]
    response.body = b"".join(body)
    return response


def test_our_own_addresses_are_answered_before_anything_of_the_site(ask: Ask) -> None:
    script = ask("get", "/_understudy/banner.js")
    assert (script.status_code, script["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert ask("head", "/_understudy/banner.js").body == b""
    assert ask("get", "/_understudy/nothing").status_code == 404
    assert ask("get", "/_understudyx").status_code == 404
    assert ask("get", "/_understudy/state").json()["active"] is False


def test_a_session_is_ended_from_a_page_of_the_site_alone(ask: Ask, gateway: FakeGateway) -> None:
    session = gateway.open()
    cookie = {"cookie": session.headers["Cookie"]}
    assert ask("post", "/_understudy/end", headers=cookie).json()["code"] == "cross_site_refused"
    got = ask("post", "/_understudy/end", headers={**cookie, "origin": "https://testserver"})
    assert got.status_code == 200
    assert got.cookies["__Host-understudy"]["max-age"] == "0"
    assert gateway.wait_until_ended(session.id)


def test_users_own_requests_are_nobody_elses(ask: Ask) -> None:
    assert ask("get", "/echo").body == b"None None [] {}"
    headers = {"x-understudy-subject": "42", "understudy-page": "own"}
    cookies = {"understudy_session": "ses_1", "theme": "dark"}
    got = ask("get", "/echo", headers=headers, cookies=cookies)
    assert got.body == b"None None [] {'theme': 'dark'}"


@pytest.mark.parametrize("address", ["/page", "/parts"])
def test_a_page_of_the_agents_own_is_marked_while_the_browser_is_known(
    ask: Ask, address: str
) -> None:
    assert b"page.js" not in ask("get", address, headers=DOCUMENT).body
    known = {"__Host-understudy-epoch": "1"}
    got = ask("get", address, headers=DOCUMENT, cookies=known)
    assert b'data-page="own"' in got.body
    assert got.body.startswith(b"<!doctype html><html>")
    assert got["cache-control"] == "no-store"
    assert "etag" not in got
    assert b"page.js" not in ask("get", address, cookies=known).body


def test_a_body_of_a_users_own_is_theirs_to_the_last_part(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AT_WORK, "ever", True)
    assert ask("get", "/parts").body.endswith(f"<!-- {OwnRequest.__name__} False -->".encode())
    assert present_request() is None


def test_what_users_do_themselves_is_done_while_somebody_is_impersonated(
    ask: Ask, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AT_WORK, "ever", True)
    assert ask("get", "/forbidden").body == b"done"


def test_a_view_that_is_forbidden_is_no_fault_of_the_sites(
    ask: Ask, gateway: FakeGateway, caplog: pytest.LogCaptureFixture
) -> None:
    session = gateway.open()
    got = ask("get", "/forbidden", headers={"cookie": session.headers["Cookie"]})
    assert (got.status_code, got.json()["code"]) == (403, "forbidden_while_impersonating")
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.usefixtures("ask")
def test_what_an_adapter_around_the_site_has_laid_over_stays(gateway: FakeGateway) -> None:
    understudy = gateway.understudy()
    told: list[str] = []

    def start_response(line: str, headers: object, *_: object) -> Any:
        told.append(line)

    session = gateway.open(subject_id="42", actor_id="sam")
    asked = RequestFactory().get("/echo", headers={**session.headers, "Host": "testserver"})
    around = UnderstudyMiddleware(WSGIHandler(), understudy=understudy)
    answer = around(asked.environ, start_response)
    whole = b"".join(answer).decode()
    answer.close()  # type: ignore[attr-defined]
    assert told == ["200 OK"]
    assert f"session_id='{session.id}'" in whole
    assert "id='sam'" in whole
    understudy.close()


@pytest.mark.parametrize("handler", [WSGIHandler, ASGIHandler])
@pytest.mark.parametrize(
    ("before", "behind"),
    [
        (site.MIDDLEWARE[:1], site.MIDDLEWARE[1:]),
        (["django.middleware.cache.UpdateCacheMiddleware"], site.MIDDLEWARE),
        (["django_otp.middleware.OTPMiddleware"], site.MIDDLEWARE),
        ([], [*site.MIDDLEWARE, "django.contrib.auth.middleware.RemoteUserMiddleware"]),
    ],
)
@pytest.mark.usefixtures("installed_site")
def test_a_site_does_not_begin_where_sessions_would_be_served_as_the_agent(
    handler: Callable[[], object], before: list[str], behind: list[str]
) -> None:
    wrong = override_settings(MIDDLEWARE=[*before, site.GUARD, *behind])
    with wrong, refusal_of(SetupError, "setup_error") as caught:
        handler()
    assert "Middleware" in caught.value.detail


@pytest.mark.usefixtures("installed_site")
def test_a_site_without_settings_does_not_begin() -> None:
    wrong = override_settings(MIDDLEWARE=[site.GUARD], UNDERSTUDY=None)
    with wrong, refusal_of(SetupError, "setup_error"):
        WSGIHandler()
