"""FastAPI's dependencies, as its own test client sees them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from fastapi import APIRouter, FastAPI

from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.contrib.fastapi import (
    REFUSED,
    Actor,
    CurrentImpersonation,
    NotWhileImpersonating,
)
from understudy.sdk.understudy import Understudy
from understudy.sdk.values import Phase
from understudy.testing import FakeGateway

with warnings.catch_warnings(action="ignore"):
    # Starlette of late wants another package below it, and says so when this is imported.
    from fastapi.testclient import TestClient

CODE = "forbidden_while_impersonating"


def shop() -> FastAPI:
    app = FastAPI()

    @app.get("/who")
    async def who(actor: Actor, impersonation: CurrentImpersonation) -> dict[str, str | None]:
        return {
            "actor": actor.email if actor else None,
            "subject": impersonation.subject.id if impersonation else None,
        }

    @app.get("/plain")
    def plain(actor: Actor) -> str | None:
        return actor.email if actor else None

    @app.post("/password", dependencies=[NotWhileImpersonating], responses=REFUSED)
    async def change_password() -> str:
        return "changed"

    own = APIRouter(prefix="/own", dependencies=[NotWhileImpersonating], responses=REFUSED)

    @own.delete("/account")
    def delete_account() -> str:
        return "deleted"

    app.include_router(own)
    return app


@pytest.fixture(params=["wrapped", "added"])
def client(request: pytest.FixtureRequest, understudy: Understudy) -> Iterator[TestClient]:
    """A browser before an app that is wrapped whole, and one to which the middleware is added."""
    app = shop()
    site: Any = app
    if request.param == "wrapped":
        site = UnderstudyMiddleware(app, understudy=understudy)
    else:
        app.add_middleware(UnderstudyMiddleware, understudy=understudy)
    with TestClient(site) as client:
        yield client


def test_a_route_is_told_who_really_asks(client: TestClient, gateway: FakeGateway) -> None:
    session = gateway.open(subject_id="42", actor_email="sam@support.test")
    found = client.get("/who", headers=session.headers).json()
    assert found == {"actor": "sam@support.test", "subject": "42"}
    assert client.get("/plain", headers=session.headers).json() == "sam@support.test"


def test_users_who_act_for_themselves_have_no_actor(client: TestClient) -> None:
    assert client.get("/who").json() == {"actor": None, "subject": None}
    assert client.get("/plain").json() is None


@pytest.mark.parametrize(
    ("method", "path", "done"),
    [("POST", "/password", "changed"), ("DELETE", "/own/account", "deleted")],
)
def test_what_only_the_user_may_is_refused_and_recorded(
    client: TestClient, gateway: FakeGateway, method: str, path: str, done: str
) -> None:
    session = gateway.open()
    assert client.request(method, path).json() == done
    refused = client.request(method, path, headers=session.headers)
    assert (refused.status_code, refused.json()["code"]) == (403, CODE)
    (blocked,) = gateway.actions(session.id, phase=Phase.BLOCKED)
    assert blocked.rule == CODE


def test_the_openapi_document_has_what_actors_get(client: TestClient, gateway: FakeGateway) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    refused = client.post("/password", headers=gateway.open().headers)
    for path, method in (("/password", "post"), ("/own/account", "delete")):
        said = paths[path][method]["responses"]["403"]["content"]
        documented = said[refused.headers["content-type"]]
        jsonschema_rs.validate(documented["schema"], refused.json())
        assert documented["example"] == refused.json()
    assert "403" not in paths["/who"]["get"]["responses"]


def test_dependencies_ask_for_nothing_that_a_client_could_send(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert all("parameters" not in way for path in paths.values() for way in path.values())
