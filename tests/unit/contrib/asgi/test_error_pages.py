"""Pages of an app that has failed, wherever its framework makes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tests.fixtures.browser import Browser
from understudy import Understudy, current_impersonation
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.testing import FakeGateway, FakeSession

Place = Callable[[Any, Understudy], Any]


async def failing(request: Request) -> Response:
    raise LookupError("a bug in the app")


async def sorry(request: Request, error: Exception) -> Response:
    """The app's own page for errors that nobody knows, which says who is signed in."""
    found = current_impersonation()
    name = found.subject.id if found else "the agent"
    headers = {"cache-control": "public, max-age=600"}
    return HTMLResponse(f"<body>Sorry, {name}</body>", status_code=500, headers=headers)


def starlette_app() -> Any:
    return Starlette(routes=[Route("/", failing)], exception_handlers={Exception: sorry})


def fastapi_app() -> Any:
    app = FastAPI(exception_handlers={Exception: sorry})
    app.add_api_route("/", failing)
    return app


def added(app: Any, understudy: Understudy) -> Any:
    app.add_middleware(UnderstudyMiddleware, understudy=understudy)
    return app


def wrapped(app: Any, understudy: Understudy) -> Any:
    return UnderstudyMiddleware(app, understudy=understudy)


def as_served(app: Any) -> Any:
    """What a server does with an error that reaches it: it writes it down, and goes on."""

    async def served(scope: Any, receive: Any, send: Any) -> None:
        with suppress(LookupError):
            await app(scope, receive, send)

    return served


@pytest.fixture
def session(gateway: FakeGateway) -> FakeSession:
    return gateway.open(subject_id="42")


@pytest.fixture
def understudy(gateway: FakeGateway) -> Iterator[Understudy]:
    understudy = gateway.understudy()
    yield understudy
    understudy.close()


APPS = pytest.mark.parametrize("make", [starlette_app, fastapi_app])


@APPS
@pytest.mark.parametrize("place", [added, wrapped])
def test_a_page_of_an_error_is_the_sessions_wherever_the_middleware_stands(
    gateway: FakeGateway,
    understudy: Understudy,
    session: FakeSession,
    make: Callable[[], Any],
    place: Place,
) -> None:
    browser = Browser(as_served(place(make(), understudy)))
    answer = browser.open("/", session.headers)
    assert answer.status_code == 500
    assert "<body><understudy-banner " in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["understudy-impersonation"] == "1"
    assert "the agent" not in answer.text
    (action,) = gateway.actions(session.id)
    assert (action.path, action.status) == ("/", 500)


@APPS
def test_an_app_that_is_wrapped_whole_makes_its_own_page_of_an_error(
    understudy: Understudy, session: FakeSession, make: Callable[[], Any]
) -> None:
    browser = Browser(as_served(wrapped(make(), understudy)))
    assert browser.open("/", session.headers).text.endswith("Sorry, 42</body>")
    users = browser.open("/")
    assert users.text == "<body>Sorry, the agent</body>"
    assert users.headers["cache-control"] == "public, max-age=600"


@APPS
def test_a_program_gets_a_code_where_the_apps_own_page_would_be_the_agents(
    understudy: Understudy, session: FakeSession, make: Callable[[], Any]
) -> None:
    answer = Browser(as_served(added(make(), understudy))).get("/", session.headers)
    assert (answer.status_code, answer.json()["code"]) == (500, "app_failed")
    assert answer.headers["cache-control"] == "no-store"
