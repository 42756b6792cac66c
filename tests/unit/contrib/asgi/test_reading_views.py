"""Views of FastAPI and Starlette that are declared to change nothing."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest
from fastapi import APIRouter, FastAPI
from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from understudy import reads
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.core.impersonation.restrictions import Scope
from understudy.sdk.page_marks import HEADER
from understudy.testing import FakeGateway

with warnings.catch_warnings(action="ignore"):
    # Starlette of late wants another package below it, and says so when this is imported.
    from starlette.testclient import TestClient


class Reports(HTTPEndpoint):
    """One of its methods is declared."""

    @reads
    async def post(self, request: Request) -> PlainTextResponse:
        """A search."""
        return PlainTextResponse("found")

    async def put(self, request: Request) -> PlainTextResponse:
        """A change."""
        return PlainTextResponse("changed")


def shop() -> FastAPI:
    app, router = FastAPI(), APIRouter(prefix="/v1")

    @app.post("/search")
    @reads
    async def search() -> str:
        return "found"

    @app.delete("/search")
    async def forget() -> str:
        return "changed"

    @router.post("/search/{kind}")
    @reads
    def search_kind(kind: str) -> str:
        return "found"

    @app.post("/orders")
    async def order() -> str:
        return "changed"

    app.include_router(router)
    app.mount("/reports", Starlette(routes=[Route("/all", Reports)]))
    app.mount("/files", PlainTextResponse("changed"))
    return app


@pytest.fixture(params=["wrapped", "added"])
def client(request: pytest.FixtureRequest, gateway: FakeGateway) -> Iterator[TestClient]:
    app, understudy = shop(), gateway.understudy()
    if request.param == "added":
        app.add_middleware(UnderstudyMiddleware, understudy=understudy)
        yield TestClient(app, base_url="https://testserver")
    else:
        guarded = UnderstudyMiddleware(app, understudy=understudy)
        yield TestClient(guarded, base_url="https://testserver")
    understudy.close()


def asked(client: TestClient, gateway: FakeGateway, method: str, path: str, kind: str) -> int:
    session = gateway.open(scope=Scope.READ_ONLY)
    headers = {**session.headers, HEADER.decode(): session.id, "content-type": kind}
    given: int = client.request(method, path, headers=headers, content=b"{}").status_code
    return given


@pytest.mark.parametrize("path", ["/search", "/v1/search/books", "/reports/all"])
def test_a_declared_view_is_read_by_post(
    client: TestClient, gateway: FakeGateway, path: str
) -> None:
    assert asked(client, gateway, "POST", path, "application/json") == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/orders"),
        ("DELETE", "/search"),
        ("PUT", "/reports/all"),
        ("POST", "/files/x"),
        ("POST", "/nothing"),
    ],
)
def test_any_other_is_refused(
    client: TestClient, gateway: FakeGateway, method: str, path: str
) -> None:
    assert asked(client, gateway, method, path, "application/json") == 403


def test_a_form_may_be_for_another_view_at_the_same_address(
    client: TestClient, gateway: FakeGateway
) -> None:
    form = "application/x-www-form-urlencoded"
    assert asked(client, gateway, "POST", "/search", form) == 403
    assert asked(client, gateway, "POST", "/v1/search/books", form) == 200


def test_an_app_whose_routes_nobody_knows_has_no_declared_views(gateway: FakeGateway) -> None:
    understudy = gateway.understudy()
    inner = Starlette(routes=[Mount("/", routes=[Route("/all", Reports)])])

    async def plain(scope: object, receive: object, send: object) -> None:
        await inner(scope, receive, send)  # type: ignore[arg-type]

    client = TestClient(
        UnderstudyMiddleware(plain, understudy=understudy), base_url="https://testserver"
    )
    assert asked(client, gateway, "POST", "/all", "application/json") == 403
    understudy.close()
