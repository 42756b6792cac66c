"""A page's mark in an ASGI scope."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.unit.contrib.asgi.apps import Echo
from tests.unit.contrib.asgi.conftest import Guarded
from tests.unit.contrib.asgi.knowing import KNOWN, OF_ANOTHER, cookie, refusal
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.testing import FakeGateway


def test_neither_the_app_nor_any_log_sees_a_mark(gateway: FakeGateway) -> None:
    app, understudy, session = Echo(), gateway.understudy(), gateway.open()
    for headers, mark in ((cookie(session), session.id), (KNOWN, "own"), ({}, "own")):
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/a b",
            "raw_path": f"/a%20b?x=%201&_understudy_page={mark}".encode(),
            "query_string": f"x=%201&_understudy_page={mark}&y".encode(),
            "headers": [
                (b"host", b"app.example"),
                (b"referer", f"https://app.example/?_understudy_page={mark}&z=1".encode()),
                (b"understudy-page", mark.encode()),
                *((name.lower().encode(), value.encode()) for name, value in headers.items()),
            ],
        }
        seen_by_logs = run(UnderstudyMiddleware(app, understudy=understudy), scope)
        for seen in (app.scopes[-1], seen_by_logs):
            assert seen["query_string"] == b"x=%201&y"
            assert seen["raw_path"] == b"/a%20b?x=%201"
            sent = dict(seen["headers"])
            assert sent[b"referer"] == b"https://app.example/?z=1"
            assert b"understudy-page" not in sent
    understudy.close()


def run(app: Any, scope: dict[str, Any]) -> dict[str, Any]:
    async def nothing(*_: Any) -> Any:
        return {"type": "http.request", "body": b""}

    asyncio.run(app(scope, nothing, nothing))
    return scope


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("_understudy_page=ses_x&_understudy_page={}", {}),
        ("_understudy_page={}", {"Understudy-Page": "ses_x"}),
        ("_understudy_page=", {}),
    ],
)
def test_marks_that_contradict_each_other_are_nobodys(
    gateway: FakeGateway, guarded: Guarded, query: str, headers: dict[str, str]
) -> None:
    session = gateway.open()
    path = f"/?{query.format(session.id)}"
    assert refusal(guarded(Echo()).post(path, {**cookie(session), **headers})) == OF_ANOTHER


@pytest.mark.parametrize(
    ("destination", "host", "expected"),
    [
        ("empty", "app.localhost:8701", 200),
        ("document", "app.localhost:8701", 409),
        ("empty", "other.example", 409),
    ],
)
def test_a_worker_acts_for_the_page_whose_mark_its_own_address_has(
    gateway: FakeGateway, guarded: Guarded, destination: str, host: str, expected: int
) -> None:
    session = gateway.open()
    headers = {
        **cookie(session),
        "Referer": f"http://{host}/worker.js?_understudy_page={session.id}",
        "Sec-Fetch-Dest": destination,
    }
    assert guarded(Echo()).post("/", headers).status_code == expected


def test_an_adapter_within_another_that_hides_the_session_judges_no_page(
    gateway: FakeGateway,
) -> None:
    app, understudy, session = Echo(), gateway.understudy(), gateway.open()
    inner = UnderstudyMiddleware(app, understudy=understudy, own_cookies=["login"])
    site = UnderstudyMiddleware(inner, understudy=understudy, own_cookies=["login"])
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/save",
        "query_string": f"_understudy_page={session.id}".encode(),
        "headers": [(name.lower().encode(), v.encode()) for name, v in cookie(session).items()],
    }
    run(site, scope)
    assert [one["path"] for one in app.scopes] == ["/save"]
    understudy.close()
