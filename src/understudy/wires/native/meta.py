"""Health and metrics of the process."""

from __future__ import annotations

import asyncio
import hmac
from typing import Literal

from starlette.responses import Response

from understudy.core.applications.addresses import is_loopback
from understudy.core.clock import Interval
from understudy.core.ports import Reader
from understudy.errors import NotFound, Unavailable
from understudy.flows.clock_doubt import is_behind, retention_waits
from understudy.http.access import PUBLIC
from understudy.http.call import Call
from understudy.http.endpoint import Answered, Endpoint, RateClass, answers
from understudy.http.metrics import CONTENT_TYPE
from understudy.http.query import NoQuery
from understudy.wires.native.schemas.meta import Health, Readiness

_TAG = "operations"


async def get_health(call: Call[None, NoQuery]) -> Health:
    """The process answers."""
    return Health(status="ok")


async def get_readiness(call: Call[None, NoQuery]) -> Readiness:
    """The database answers, and the log was read a moment ago and can be written.

    :raises Unavailable: otherwise.
    """
    node = call.node
    if node.halted is not None:
        raise Unavailable(node.halted)
    times = node.clock.interval()
    clock = await call.read(lambda reader: _clock(reader, times))
    if not node.stream.is_fresh():
        raise Unavailable("The log is not being followed at the moment.")
    await asyncio.to_thread(node.engine.require_writable)
    return Readiness(status="ok", clock=clock)


def _clock(reader: Reader, times: Interval) -> Literal["ok", "in_doubt", "behind", "unconfirmed"]:
    if times.is_in_doubt:
        return "in_doubt"
    if is_behind(reader, times.order):
        return "behind"
    return "unconfirmed" if retention_waits(reader) else "ok"


_FORWARDED = (
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
)


async def get_metrics(call: Call[None, NoQuery]) -> Response:
    """All numbers.

    :raises NotFound: for those who may not see them.
    """
    token = call.node.settings.metrics_token
    if not _may_see(call, token):
        raise NotFound
    content = await asyncio.to_thread(call.node.metrics.to_text)
    return Response(content, headers={"content-type": CONTENT_TYPE})


def _may_see(call: Call[None, NoQuery], token: str | None) -> bool:
    if token is None:
        # A proxy on this very machine brings strangers: what it forwards comes from elsewhere.
        forwarded = any(name in call.headers for name in _FORWARDED)
        return is_loopback(call.incoming.address) and not forwarded
    given = call.headers.get("authorization", "").removeprefix("Bearer ")
    return hmac.compare_digest(given.encode(), token.encode())


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/healthz",
        operation="get_health",
        summary="Whether the process answers",
        tag=_TAG,
        access=PUBLIC,
        handler=get_health,
        answers=answers(Health),
        rate=RateClass.NONE,
    ),
    Endpoint(
        method="GET",
        path="/readyz",
        operation="get_readiness",
        summary="Whether the database can be read and written, and the log is followed",
        tag=_TAG,
        access=PUBLIC,
        handler=get_readiness,
        answers=answers(Readiness),
        problems=(Unavailable,),
        rate=RateClass.NONE,
    ),
    Endpoint(
        method="GET",
        path="/metrics",
        operation="get_metrics",
        summary="Metrics for Prometheus",
        description=(
            "For loopback without a proxy between, or with `UNDERSTUDY_METRICS_TOKEN` as a bearer "
            "token."
        ),
        tag=_TAG,
        access=PUBLIC,
        handler=get_metrics,
        answers=(Answered(media=("text/plain",), description="Prometheus text format."),),
        problems=(NotFound,),
        rate=RateClass.NONE,
    ),
)
