"""An app that serves somebody in a session without asking whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.fixtures.browser import Browser
from understudy import current_impersonation, impersonation_of
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.sdk.values import Phase
from understudy.testing import FakeGateway

Look = Callable[[Request], object]
METHODS = ["GET", "PATCH"]


def never(request: Request) -> object:
    """The app's own sign-in, by its own cookie: the agent's."""
    return request.cookies.get("session")


def goes(request: Request) -> object:
    return RedirectResponse("/")


def fails(request: Request) -> object:
    return Response(status_code=404)


def site(look: Look) -> Any:
    async def view(request: Request) -> Response:
        found = look(request)
        return found if isinstance(found, Response) else JSONResponse("done")

    return Starlette(routes=[Route("/users/{id}", view, methods=METHODS), Route("/css/a", view)])


def served(gateway: FakeGateway, look: Look, method: str, path: str = "/users/me") -> Any:
    """What was counted, and the rule of the last entry, after one request in a session."""
    understudy, session = gateway.understudy(), gateway.open()
    guarded = UnderstudyMiddleware(
        site(look),
        understudy=understudy,
        load_user=lambda subject: subject,
        unrecorded=("/css/",),
    )
    headers = {**session.headers, "Cookie": f"session=agent; {session.headers['Cookie']}"}
    Browser(guarded).request(method, path, headers=headers)
    counts = understudy.served_unasked()
    understudy.close()
    if path.startswith("/css/"):
        return counts
    return counts, gateway.actions(session.id, phase=Phase.COMPLETED)[-1].rule


def test_a_change_that_never_asked_is_counted_and_said_in_the_log(gateway: FakeGateway) -> None:
    assert served(gateway, never, "PATCH") == ({"PATCH /users/{id}": 1}, "identity_not_asked")


def test_a_page_that_never_asked_is_counted(gateway: FakeGateway) -> None:
    assert served(gateway, never, "GET") == ({"GET /users/{id}": 1}, None)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "look",
    [
        lambda request: current_impersonation(),
        impersonation_of,
        lambda request: request.user.id,
        lambda request: request.scope.get("user"),
        lambda request: request.state.understudy_user,
    ],
)
def test_an_app_that_asked_in_whatever_way_is_not(
    gateway: FakeGateway, look: Look, method: str
) -> None:
    assert served(gateway, look, method) == ({}, None)


def test_that_somebody_is_signed_in_does_not_tell_who(gateway: FakeGateway) -> None:
    counts, rule = served(gateway, lambda request: request.auth.scopes, "PATCH")
    assert (counts, rule) == ({"PATCH /users/{id}": 1}, "identity_not_asked")


def test_what_leads_elsewhere_shows_nothing_but_may_have_changed_something(
    gateway: FakeGateway,
) -> None:
    assert served(gateway, goes, "GET") == ({}, None)
    assert served(gateway, goes, "PATCH")[1] == "identity_not_asked"


@pytest.mark.parametrize("method", METHODS)
def test_what_failed_did_nothing(gateway: FakeGateway, method: str) -> None:
    assert served(gateway, fails, method) == ({}, None)


def test_what_is_the_same_for_everybody_need_not_ask(gateway: FakeGateway) -> None:
    assert served(gateway, never, "GET", "/css/a") == {}
