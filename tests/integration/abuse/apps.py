"""One small shop in three frameworks, each with a login of its own that Understudy leaves alone.

In FastAPI views ask ``current_impersonation()``; in Starlette and Litestar they read
``request.user``, which an authentication middleware of the app has filled.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import litestar
import litestar.connection
import litestar.middleware
from fastapi import Depends, FastAPI, WebSocket
from starlette.applications import Starlette
from starlette.authentication import AuthCredentials, AuthenticationBackend
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from understudy import Understudy, current_impersonation, forbid_while_impersonating
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.demo.accounts import Accounts
from understudy.demo.web import create_app as create_sample_app
from understudy.errors import Refused
from understudy.sdk.values import Subject

COOKIE = "shop_session"
KEPT_BY_ALL = {
    "cache-control": "public, max-age=600",
    "cdn-cache-control": "public, max-age=600",
    "surrogate-control": "max-age=600",
    "x-accel-expires": "600",
    "expires": "Wed, 21 Oct 2037 07:28:00 GMT",
    "etag": '"1"',
    "last-modified": "Wed, 21 Oct 2015 07:28:00 GMT",
    "vary": "Accept",
}


@dataclass(frozen=True, kw_only=True)
class User:
    """A user of the shop."""

    id: str
    is_authenticated: bool = True


@dataclass(frozen=True, kw_only=True)
class Order:
    """A row of the shop's database: who it belongs to, and whose hands wrote it."""

    user_id: str
    actor_id: str | None
    session_id: str | None


@dataclass
class Shop:
    """The shop's users, sign-ins and orders, in memory."""

    users: dict[str, User] = field(
        default_factory=lambda: {
            id_: User(id=id_) for id_ in ("ada", "bob", "sam", "kim", "vip", "boss", "gone")
        }
    )
    signed_in: dict[str, str] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    def sign_in(self, user_id: str) -> str:
        """The value of the shop's own cookie for somebody who has just signed in."""
        token = f"own-login-of-{user_id}-{len(self.signed_in)}"
        self.signed_in[token] = user_id
        return token

    def own(self, request: HTTPConnection) -> User | None:
        """Who signed in here, whatever lies over it."""
        return self.users.get(self.signed_in.get(request.cookies.get(COOKIE, ""), ""))

    def load(self, subject: Subject) -> User | None:
        """The shop's user for a subject."""
        return self.users.get(subject.id)

    def order(self, user: User) -> Order:
        """Write an order as an app would that wants to know whose hands it was."""
        found = current_impersonation()
        order = Order(
            user_id=user.id,
            actor_id=found.actor.id if found else None,
            session_id=found.session_id if found else None,
        )
        self.orders.append(order)
        return order


def identity(user: User | None) -> dict[str, str | None]:
    """What a view knows: whom it serves, and who acts."""
    found = current_impersonation()
    return {
        "user": user.id if user else None,
        "subject": found.subject.id if found else None,
        "actor": found.actor.id if found else None,
    }


def page(user: User | None) -> str:
    """A page of the shop."""
    return (
        f"<!doctype html><html><body><h1>Hello {user.id if user else 'nobody'}</h1></body></html>"
    )


class FastShop:
    """The shop whose views ask for the present impersonation."""

    def __init__(self, understudy: Understudy, shop: Shop) -> None:
        self.understudy = understudy
        self.shop = shop
        self.app = FastAPI(openapi_url=None)
        route = self.app.add_api_route
        route("/", self.home, response_class=HTMLResponse)
        route("/whoami", self.whoami)
        route("/claims", self.claims)
        route("/orders", self.create_order, methods=["POST"])
        route("/settings/password", self.change_password, methods=["GET", "POST", "PUT"])
        route("/export", self.export)
        route("/logout", self.log_out, methods=["POST"])
        forbidden = [Depends(forbid_while_impersonating)]
        route("/delete", self.delete, methods=["POST"], dependencies=forbidden)
        route("/start", self.start, methods=["POST"])
        route("/kept", self.kept)
        route("/stream", self.stream)
        self.app.add_api_websocket_route("/socket", self.socket)

    def effective(self, request: Request) -> User | None:
        """Whom a view serves: the subject while a session lies over, else whoever signed in."""
        found = current_impersonation()
        return found.user if found else self.shop.own(request)

    def home(self, request: Request) -> str:
        return page(self.effective(request))

    def whoami(self, request: Request) -> dict[str, str | None]:
        return identity(self.effective(request))

    def claims(self, request: Request) -> list[str]:
        """What reaches a view that believes every header with our name on it."""
        return sorted(name for name in request.headers if "understudy" in name.lower())

    def create_order(self, request: Request) -> dict[str, str | None]:
        user = self.effective(request)
        if user is None:
            return {"user": None, "actor": None}
        order = self.shop.order(user)
        return {"user": order.user_id, "actor": order.actor_id}

    def change_password(self, request: Request) -> str:
        return self._change(f"{request.method} password")

    def export(self) -> str:
        return self._change("export")

    def log_out(self) -> str:
        return self._change("logout")

    def delete(self) -> str:
        return self._change("delete")

    def start(self, token: str) -> dict[str, str | None]:
        """What an app of one's own would do, and should not from inside of a session."""
        try:
            started = self.understudy.start(token)
        except Refused as refused:
            return {"refused": refused.rule}
        return {"session": started.session.id}

    def kept(self) -> Response:
        """A page that every cache would like to keep."""
        return HTMLResponse(page(None), headers=KEPT_BY_ALL)

    def stream(self) -> StreamingResponse:
        return StreamingResponse(_endless(), media_type="text/event-stream")

    async def socket(self, connection: WebSocket) -> None:
        await connection.accept()
        found = current_impersonation()
        await connection.send_text(found.subject.id if found else "themself")
        await connection.receive_text()

    def _change(self, what: str) -> str:
        self.shop.changes.append(what)
        return what


def fastapi_shop(understudy: Understudy, shop: Shop, **options: Any) -> FastAPI:
    """The shop in FastAPI."""
    app = FastShop(understudy, shop).app
    _guard(app, understudy, shop, options)
    return app


async def _endless() -> AsyncIterator[bytes]:
    yield b"data: first\n\n"
    await asyncio.Event().wait()


class _Backend(AuthenticationBackend):
    """The app's own login as Starlette's authentication wants it."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, Any] | None:
        user = self._shop.own(conn)
        return (AuthCredentials(["authenticated", "staff"]), user) if user else None


def starlette_shop(understudy: Understudy, shop: Shop, **options: Any) -> Starlette:
    """The shop whose views read ``request.user``."""

    async def whoami(request: Request) -> Response:
        return JSONResponse(identity(request.user))

    async def create_order(request: Request) -> Response:
        order = shop.order(request.user)
        return JSONResponse({"user": order.user_id, "actor": order.actor_id})

    routes = [
        Route("/", whoami),
        Route("/whoami", whoami),
        Route("/orders", create_order, methods=["POST"]),
    ]
    own_login = Middleware(AuthenticationMiddleware, backend=_Backend(shop))
    app = Starlette(routes=routes, middleware=[own_login])
    _guard(app, understudy, shop, options)
    return app


def litestar_shop(understudy: Understudy, shop: Shop, **options: Any) -> Any:
    """The same in Litestar, with its own kind of authentication."""

    class OwnLogin(litestar.middleware.AbstractAuthenticationMiddleware):
        async def authenticate_request(
            self, connection: litestar.connection.ASGIConnection[Any, Any, Any, Any]
        ) -> litestar.middleware.AuthenticationResult:
            token = connection.cookies.get(COOKIE, "")
            user = shop.users.get(shop.signed_in.get(token, ""))
            return litestar.middleware.AuthenticationResult(user=user, auth="staff")

    @litestar.get(["/", "/whoami"], sync_to_thread=False)
    def whoami(request: litestar.Request[Any, Any, Any]) -> dict[str, str | None]:
        return identity(request.user)

    @litestar.post("/orders", sync_to_thread=False)
    def create_order(request: litestar.Request[Any, Any, Any]) -> dict[str, str | None]:
        order = shop.order(request.user)
        return {"user": order.user_id, "actor": order.actor_id}

    app = litestar.Litestar([whoami, create_order], middleware=[OwnLogin], openapi_config=None)
    # Litestar types its scopes as its own dicts, ours are those of ASGI: the same at run time.
    asgi: Any = app
    return UnderstudyMiddleware(asgi, understudy=understudy, load_user=shop.load, **options)


def sample_app(understudy: Understudy, shop: Shop, **options: Any) -> Starlette:
    """The demo's sample app."""
    del shop, options
    return create_sample_app(understudy, Accounts(password="a password"))


def _guard(app: Starlette, understudy: Understudy, shop: Shop, options: dict[str, Any]) -> None:
    wanted = {"load_user": shop.load, **options}
    app.add_middleware(UnderstudyMiddleware, understudy=understudy, **wanted)


APPS: dict[str, Callable[..., Any]] = {
    "fastapi": fastapi_shop,
    "starlette": starlette_shop,
    "litestar": litestar_shop,
    "sample": sample_app,
}
