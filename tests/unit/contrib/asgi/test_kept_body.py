"""A body that is looked through comes to the app as the server has sent it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from understudy.contrib.asgi.kept_body import KeptBody

PARTS: list[dict[str, Any]] = [
    {"type": "http.request", "body": b"ab", "more_body": True},
    {"type": "http.request", "body": b"cd"},
    {"type": "http.disconnect"},
]


def kept(*messages: dict[str, Any], most: int = 4) -> tuple[bytes | None, list[Any]]:
    """What was looked through, and all that the app hears."""
    sent = iter(messages)

    async def receive() -> Any:
        return next(sent)

    async def heard() -> tuple[bytes | None, list[Any]]:
        body = KeptBody(receive)
        return await body.keep(most), [await body() for _ in messages]

    return asyncio.run(heard())


def test_the_app_hears_every_message_as_it_came() -> None:
    assert kept(*PARTS) == (b"abcd", PARTS)


def test_a_body_that_is_too_long_is_none() -> None:
    assert kept(*PARTS, most=3) == (None, PARTS)


@pytest.mark.parametrize("messages", [PARTS[:1] + PARTS[2:], PARTS[2:]])
def test_a_body_whose_sender_has_gone_is_none(messages: list[dict[str, Any]]) -> None:
    assert kept(*messages) == (None, messages)
