"""The middleware in FastAPI, Starlette and Litestar, each in the smallest app that shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI
from fastapi.responses import HTMLResponse
from litestar import Litestar, get, post
from litestar.connection import ASGIConnection
from litestar.connection import Request as LitestarRequest
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from starlette.applications import Starlette
from starlette.authentication import (
    AuthCredentials,
    AuthenticationBackend,
    BaseUser,
    requires,
)
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import HTTPConnection
from starlette.requests import Request as StarletteRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from tests.fixtures.browser import Browser
from understudy import current_impersonation, forbid_while_impersonating
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.values import Phase, Subject
from understudy.testing import FakeGateway

AGENT = "7"


@dataclass
class User(BaseUser):
    """A user of the app."""

    id: str

    @property
    def is_authenticated(self) -> bool:
        """Always."""
        return True


def load_user(subject: Subject) -> User:
    return User(subject.id)


class AgentIsSignedIn(AuthenticationBackend):
    """The app's own sign-in: it knows the agent, by a cookie, and what the agent may do."""

    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, BaseUser] | None:
        if "session=agent" not in conn.headers.get("cookie", ""):
            return None
        return AuthCredentials(["authenticated", "staff"]), User(AGENT)


def as_agent(session_headers: dict[str, str]) -> dict[str, str]:
    return {"Cookie": f"session=agent; {session_headers['Cookie']}"}


def current_user() -> User:
    impersonation = current_impersonation()
    return impersonation.user if impersonation else User(AGENT)


CurrentUser = Annotated[User, Depends(current_user)]


def fastapi_app(understudy: Any) -> FastAPI:
    app = FastAPI()

    @app.get("/", response_class=HTMLResponse)
    def home(user: CurrentUser) -> str:
        return f"<html><body>{user.id}</body></html>"

    @app.post("/orders/{order_id}")
    async def change(order_id: int, user: CurrentUser) -> dict[str, str]:
        found = current_impersonation()
        return {"user": user.id, "actor": found.actor.id if found else user.id}

    @app.post("/password")
    @forbid_while_impersonating
    async def change_password(user: CurrentUser) -> dict[str, str]:
        return {"changed": user.id}

    @app.post("/keys", dependencies=[Depends(forbid_while_impersonating)])
    def create_key() -> dict[str, str]:
        return {"created": "key"}

    app.add_middleware(UnderstudyMiddleware, understudy=understudy, load_user=load_user)
    return app


def test_fastapi_serves_the_subject_and_shows_the_banner(
    gateway: FakeGateway, understudy: Any
) -> None:
    browser = Browser(fastapi_app(understudy))
    answer = browser.open("/", gateway.open(subject_id="42").headers)
    assert "<body><understudy-banner " in answer.text
    assert answer.text.endswith("42</body></html>")
    assert browser.open("/").text == "<html><body>7</body></html>"


def test_fastapi_names_both_people_on_every_change(gateway: FakeGateway, understudy: Any) -> None:
    session = gateway.open(subject_id="42", actor_id="sam")
    answer = Browser(fastapi_app(understudy)).post("/orders/5", session.headers)
    assert answer.json() == {"user": "42", "actor": "sam"}
    assert gateway.actions(session.id, at_least=2)[-1].route == "/orders/{order_id}"


@pytest.mark.parametrize("path", ["/password", "/keys"])
def test_fastapi_forbids_by_decorator_and_by_dependency(
    gateway: FakeGateway, understudy: Any, path: str
) -> None:
    browser, session = Browser(fastapi_app(understudy)), gateway.open()
    answer = browser.post(path, session.headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden_while_impersonating")
    blocked = gateway.actions(session.id, at_least=1, phase=Phase.BLOCKED)
    assert [action.path for action in blocked] == [path]
    assert browser.post(path).status_code == 200


def whoami(request: StarletteRequest) -> Response:
    return JSONResponse({"user": request.user.id, "scopes": list(request.auth.scopes)})


@requires("staff")
async def staff_only(request: StarletteRequest) -> Response:
    return JSONResponse({"staff": True})


ORDERS: list[Callable[[Any], list[Middleware]]] = [
    lambda guard: [guard, Middleware(AuthenticationMiddleware, backend=AgentIsSignedIn())],
    lambda guard: [Middleware(AuthenticationMiddleware, backend=AgentIsSignedIn()), guard],
]


@pytest.mark.parametrize("order", ORDERS, ids=["outside", "inside"])
def test_starlettes_user_is_the_subject_on_either_side_of_its_authentication(
    gateway: FakeGateway, understudy: Any, order: Callable[[Any], list[Middleware]]
) -> None:
    guard = Middleware(UnderstudyMiddleware, understudy=understudy, load_user=load_user)
    browser = Browser(Starlette(routes=[Route("/", whoami)], middleware=order(guard)))
    answer = browser.get("/", as_agent(gateway.open(subject_id="42").headers))
    assert answer.json() == {"user": "42", "scopes": ["authenticated"]}
    assert browser.get("/", {"Cookie": "session=agent"}).json()["user"] == AGENT


@pytest.mark.parametrize("order", ORDERS, ids=["outside", "inside"])
def test_the_agents_own_rights_are_not_the_subjects(
    gateway: FakeGateway, understudy: Any, order: Callable[[Any], list[Middleware]]
) -> None:
    guard = Middleware(UnderstudyMiddleware, understudy=understudy, load_user=load_user)
    browser = Browser(Starlette(routes=[Route("/", staff_only)], middleware=order(guard)))
    assert browser.get("/", {"Cookie": "session=agent"}).status_code == 200
    assert browser.get("/", as_agent(gateway.open().headers)).status_code == 403


def test_an_app_that_would_show_the_agent_is_found_out(
    gateway: FakeGateway, understudy: Any
) -> None:
    authentication = Middleware(AuthenticationMiddleware, backend=AgentIsSignedIn())
    guard = Middleware(UnderstudyMiddleware, understudy=understudy)
    session = gateway.open(subject_id="42")
    browser = Browser(Starlette(routes=[Route("/", whoami)], middleware=[guard, authentication]))
    answer = browser.get("/", as_agent(session.headers))
    assert (answer.status_code, answer.json()["code"]) == (401, "identity_not_applied")
    assert gateway.wait_until_ended(session.id) is EndCause.IDENTITY_NOT_APPLIED


def test_the_agents_own_session_survives_the_whole_story(
    gateway: FakeGateway, understudy: Any
) -> None:
    async def view(request: StarletteRequest) -> Response:
        answer = JSONResponse(request.cookies.get("session"))
        answer.set_cookie("session", "agent", httponly=True)
        return answer

    guard = Middleware(UnderstudyMiddleware, understudy=understudy)
    browser = Browser(Starlette(routes=[Route("/", view)], middleware=[guard]))
    session = gateway.open()
    own = browser.get("/").headers["set-cookie"]
    both = as_agent(session.headers)
    during = browser.get("/", both)
    assert (during.json(), during.headers["set-cookie"]) == ("agent", own)
    ended = browser.submit("/_understudy/end", both)
    assert [name.partition("=")[0] for name in ended.headers.get_list("set-cookie")] == [
        "__Host-understudy",
        "__Host-understudy-epoch",
        "understudy-page",
    ]
    after = browser.get("/", {"Cookie": "session=agent"})
    assert (after.json(), after.headers["set-cookie"]) == ("agent", own)


@pytest.mark.parametrize("outside", [True, False])
def test_a_page_is_compressed_with_its_banner_or_not_at_all(
    gateway: FakeGateway, understudy: Any, outside: bool
) -> None:
    async def view(request: StarletteRequest) -> Response:
        return Response("<html><body>" + "x" * 5000, media_type="text/html")

    guard = Middleware(UnderstudyMiddleware, understudy=understudy)
    compression = Middleware(GZipMiddleware)
    order = [compression, guard] if outside else [guard, compression]
    browser = Browser(Starlette(routes=[Route("/", view)], middleware=order))
    answer = browser.open("/", {**gateway.open().headers, "Accept-Encoding": "gzip"})
    assert "<body><understudy-banner " in answer.text
    assert answer.headers.get("content-encoding") == ("gzip" if outside else None)


def test_a_mounted_app_keeps_its_own_addresses(gateway: FakeGateway, understudy: Any) -> None:
    inner = Starlette(
        routes=[Route("/", lambda request: Response("<body>x", media_type="text/html"))],
        middleware=[Middleware(UnderstudyMiddleware, understudy=understudy, home="/start")],
    )
    browser, session = Browser(Starlette(routes=[Mount("/shop", inner)])), gateway.open()
    page = browser.open("/shop/", session.headers).text
    assert f'data-end="/shop/_understudy/end?_understudy_page={session.id}"' in page
    assert f'<script src="/shop/_understudy/page.js" data-page="{session.id}"></script>' in page
    assert browser.get("/shop/_understudy/state", session.headers).json()["active"] is True
    gateway.revoke(session.id)
    assert 'href="/shop/start"' in browser.open("/shop/", session.headers).text


class LitestarSignIn(AbstractAuthenticationMiddleware):
    """The app's own sign-in, in Litestar's words."""

    async def authenticate_request(
        self, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> AuthenticationResult:
        return AuthenticationResult(user=User(AGENT), auth="agent")


@get("/", sync_to_thread=False)
def litestar_whoami(request: LitestarRequest[Any, Any, Any]) -> dict[str, str]:
    return {"user": request.user.id}


@post("/password", sync_to_thread=False)
@forbid_while_impersonating
def litestar_password() -> dict[str, str]:
    return {"changed": "password"}


def litestar_app(understudy: Any) -> UnderstudyMiddleware:
    app = Litestar([litestar_whoami, litestar_password], middleware=[LitestarSignIn])
    return UnderstudyMiddleware(app, understudy=understudy, load_user=load_user)  # type: ignore[arg-type]


def test_litestar_serves_the_subject(gateway: FakeGateway, understudy: Any) -> None:
    browser = Browser(litestar_app(understudy))
    session = gateway.open(subject_id="42")
    assert browser.get("/", as_agent(session.headers)).json() == {"user": "42"}
    assert browser.get("/").json() == {"user": AGENT}
    assert [action.route for action in gateway.actions(session.id)] == ["/"]


def test_litestar_forbids_although_it_hides_errors(gateway: FakeGateway, understudy: Any) -> None:
    browser, session = Browser(litestar_app(understudy)), gateway.open()
    answer = browser.post("/password", session.headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden_while_impersonating")
    assert browser.post("/password").status_code == 201


def test_litestar_knows_our_own_addresses(gateway: FakeGateway, understudy: Any) -> None:
    browser = Browser(litestar_app(understudy))
    assert browser.get("/_understudy/state").json()["active"] is False
