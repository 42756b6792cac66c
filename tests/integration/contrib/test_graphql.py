"""A GraphQL server that nobody here wrote, in sessions that may only read."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import strawberry
from starlette.applications import Starlette
from strawberry.asgi import GraphQL

from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.core.impersonation.restrictions import Scope
from understudy.core.redaction.rules import Redaction, RedactionRule, RuleKind
from understudy.testing import FakeGateway


class Browser:
    """A browser."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def get(self, path: str, **said: Any) -> httpx.Response:
        return asyncio.run(self._asked("GET", path, said))

    def post(self, path: str, **said: Any) -> httpx.Response:
        return asyncio.run(self._asked("POST", path, said))

    async def _asked(self, method: str, path: str, said: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="https://app.test") as client:
            return await client.request(method, path, **said)


MUTATION = 'mutation { add(name: "new") }'
kept: list[str] = []


@strawberry.type
class Query:
    @strawberry.field
    def items(self) -> list[str]:
        return kept


@strawberry.type
class Mutation:
    @strawberry.mutation
    def add(self, name: str) -> str:
        kept.append(name)
        return name


@pytest.fixture
def shop() -> Iterator[tuple[FakeGateway, Browser]]:
    kept[:] = ["apple"]
    gateway = FakeGateway()
    understudy = gateway.understudy()
    app = Starlette()
    app.mount("/graphql", GraphQL(strawberry.Schema(Query, Mutation)))
    app.add_middleware(UnderstudyMiddleware, understudy=understudy, graphql=["/graphql/"])
    yield gateway, Browser(app)
    understudy.close()


def asked(
    shop: tuple[FakeGateway, Browser], query: str, scope: Scope = Scope.READ_ONLY, **facts: Any
) -> Any:
    gateway, browser = shop
    headers = gateway.open(scope=scope, **facts).headers
    return browser.post("/graphql/", json={"query": query}, headers=headers)


def test_a_query_is_answered(shop: tuple[FakeGateway, Browser]) -> None:
    assert asked(shop, "{ items }").json()["data"] == {"items": ["apple"]}


def test_a_mutation_is_not_and_changes_nothing(shop: tuple[FakeGateway, Browser]) -> None:
    got = asked(shop, MUTATION)
    assert (got.status_code, got.json()["code"], kept) == (403, "read_only", ["apple"])


def test_by_get_it_is_not_either(shop: tuple[FakeGateway, Browser]) -> None:
    gateway, browser = shop
    headers = gateway.open(scope=Scope.READ_ONLY).headers
    got = browser.get("/graphql/", params={"query": MUTATION}, headers=headers)
    assert (got.status_code, got.json()["code"]) == (403, "read_only")
    got = browser.get("/graphql/", params={"query": "{ items }"}, headers=headers)
    assert got.json()["data"] == {"items": ["apple"]}


def test_the_subject_s_own_browser_and_full_sessions_change_things(
    shop: tuple[FakeGateway, Browser],
) -> None:
    assert asked(shop, MUTATION, Scope.FULL).status_code == 200
    assert shop[1].post("/graphql/", json={"query": MUTATION}).status_code == 200
    assert kept == ["apple", "new", "new"]


def test_what_the_app_has_declared_beside_does_not_open_it() -> None:
    gateway = FakeGateway()
    understudy = gateway.understudy()
    app = Starlette()
    app.mount("/graphql", GraphQL(strawberry.Schema(Query, Mutation)))
    app.add_middleware(
        UnderstudyMiddleware,
        understudy=understudy,
        graphql=["/graphql/"],
        reads=["POST /graphql/"],
    )
    shop = gateway, Browser(app)
    assert asked(shop, MUTATION).status_code == 403
    assert asked(shop, "{ items }").status_code == 200
    understudy.close()


def test_a_mutation_can_be_asked_for_and_is_made_once(
    shop: tuple[FakeGateway, Browser],
) -> None:
    gateway, browser = shop
    hidden = Redaction(rules=(RedactionRule(kind=RuleKind.FIELD, match="email"),))
    session = gateway.open(scope=Scope.READ_ONLY, unlocks=True, redaction=hidden)
    from understudy.sdk.unlock.wire import unpacked

    said = {"json": {"query": MUTATION}, "headers": session.headers}
    offer = json.loads(browser.post("/graphql/", **said).content)["unlock"]["write"]
    gateway.allow(session.id, unpacked(offer))
    assert [browser.post("/graphql/", **said).status_code for _ in range(2)] == [200, 403]
    assert kept == ["apple", "new"]
