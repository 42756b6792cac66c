"""Tokens in an address on a real server: none of them stays in its access log."""

from __future__ import annotations

import logging

import httpx
import pytest

from tests.integration.sdk.conftest import Serve
from tests.unit.contrib.asgi.apps import Echo
from understudy.sdk.values import Wire
from understudy.testing import FakeGateway

PAGE = {"Accept": "text/html", "Sec-Fetch-Dest": "document"}


def test_an_access_log_tells_of_the_visit_and_not_of_the_token(
    gateway: FakeGateway, serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    ticket = gateway.offer(gateway.open(), wire=Wire.CLERK)
    token = gateway.offer(gateway.open(), wire=Wire.STYTCH)
    queries = (
        f"__clerk_ticket={ticket}",
        f"stytch_token_type=impersonation&token={token}",
        "code=a-canary&state=another",
    )
    port = serve(Echo(), hand_offs=("code", "stytch", "clerk"))
    access = logging.getLogger("uvicorn.access")
    # uvicorn's own configuration keeps these lines from other loggers.
    access.addHandler(caplog.handler)
    access.setLevel(logging.INFO)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as browser:
            answers = [
                browser.get(f"/_understudy/callback?{query}", headers=PAGE) for query in queries
            ]
            browser.get("/orders?page=2")
    finally:
        access.removeHandler(caplog.handler)
        access.setLevel(logging.NOTSET)
    assert [answer.status_code for answer in answers] == [303, 303, 400]
    lines = [record.getMessage() for record in caplog.records if record.name == "uvicorn.access"]
    assert [line.count("/_understudy/callback HTTP") for line in lines] == [1, 1, 1, 0]
    assert "/orders?page=2" in lines[3]
