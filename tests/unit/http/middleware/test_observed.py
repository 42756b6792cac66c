from __future__ import annotations

import asyncio
import logging

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from understudy.http.incoming import Headers, Incoming
from understudy.http.metrics import Metrics
from understudy.http.middleware.observed import Observed


async def observe(app: ASGIApp, metrics: Metrics) -> None:
    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        return

    ticks = iter((10.0, 10.25))
    scope: Scope = {"type": "http", "method": "GET", "path": "/secret?token=1"}
    noted = Incoming(request_id="request-1", address="192.0.2.1", headers=Headers([]))
    noted.route, noted.caller = "/things/{id}", "app_1"
    noted.attach(scope)
    await Observed(app, metrics=metrics, timer=lambda: next(ticks))(scope, receive, send)


async def test_a_request_is_one_line_by_its_route(caplog: pytest.LogCaptureFixture) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 201, "headers": []})

    metrics = Metrics()
    with caplog.at_level(logging.INFO, "understudy.access"):
        await observe(app, metrics)
    (record,) = caplog.records
    line = vars(record)
    assert record.getMessage() == "GET /things/{id} 201"
    assert line["duration_ms"] == 250.0
    assert (line["caller"], line["address"]) == ("app_1", "192.0.2.1")
    assert "secret" not in str(line)
    counted = 'understudy_requests_total{method="GET",route="/things/{id}",status="201"} 1.0'
    assert counted in metrics.to_text().decode()


async def test_a_client_who_went_away_is_noted_as_such() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise asyncio.CancelledError

    metrics = Metrics()
    with pytest.raises(asyncio.CancelledError):
        await observe(app, metrics)
    assert 'status="499"' in metrics.to_text().decode()
