"""What goes over a live connection, each way."""

from __future__ import annotations

import asyncio
from typing import Any
from unittest.mock import Mock

import pytest

from understudy.contrib.asgi.socket_messages import brings_back, shown_message
from understudy.contrib.asgi.websocket import ImpersonatedSocket
from understudy.core.redaction.rules import NOTHING_HIDDEN, Redaction, RedactionRule, RuleKind
from understudy.core.redaction.rulings import rulings

RULES = Redaction(rules=(RedactionRule(kind=RuleKind.FIELD, match="email"),))
MASK = "HiddenByUnderstudy"


def passage(redaction: Redaction = RULES) -> Any:
    return Mock(**{"held.rulings": rulings(redaction)})


def sent(**message: Any) -> dict[str, Any]:
    return {"type": "websocket.send", **message}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"email":"a","n":1.10}', f'{{"email":"{MASK}","n":1.10}}'),
        ('42["saved",{"email":"a"}]', f'42["saved",{{"email":"{MASK}"}}]'),
        ("ping", "ping"),
    ],
)
def test_a_text_goes_out_without_what_is_hidden(text: str, shown: str) -> None:
    assert shown_message(passage(), sent(text=text)) == sent(text=shown)


def test_what_is_no_text_goes_out_only_where_nobody_has_rules() -> None:
    message = sent(bytes=b"\0")
    assert shown_message(passage(), message) is None
    assert shown_message(passage(Redaction(secrets=True)), message) == message
    assert shown_message(passage(NOTHING_HIDDEN), message) is message


def test_the_answer_to_the_opening_hides_its_headers() -> None:
    accept = {"type": "websocket.accept", "headers": [(b"x-email", b"a"), (b"x-n", b"1")]}
    shown = shown_message(passage(), accept)
    assert shown == {**accept, "headers": [(b"x-email", MASK.encode()), (b"x-n", b"1")]}
    closing = {"type": "websocket.close"}
    assert shown_message(passage(), closing) is closing


@pytest.mark.parametrize(
    "message", [{"text": f"a {MASK}"}, {"text": '{"email":1}'}, {"bytes": MASK.lower().encode()}]
)
def test_what_was_hidden_does_not_come_back(message: dict[str, Any]) -> None:
    assert brings_back(passage(), message)
    assert not brings_back(passage(NOTHING_HIDDEN), message)
    assert not brings_back(passage(), {"text": "email"})


@pytest.mark.parametrize(
    ("received", "answered"), [({"text": MASK}, None), ({"text": "hi"}, sent(bytes=b"\0"))]
)
def test_what_may_not_pass_ends_the_connection(
    received: dict[str, Any], answered: dict[str, Any] | None
) -> None:
    heard: list[Any] = []
    out: list[Any] = []

    async def app(_: Any, receive: Any, send: Any) -> None:
        heard.append(await receive())
        if answered is not None:
            await send(answered)
            heard.append(await receive())
            await send(sent(text="late"))

    async def receive() -> Any:
        return {"type": "websocket.receive", **received}

    async def send(message: Any) -> None:
        out.append(message)

    async def connected() -> None:
        found = passage()
        found.present.forbidden = False
        socket = ImpersonatedSocket(found, app, {}, receive, send)
        await socket._app({}, socket._receive_until_over, socket._send_until_over)

    asyncio.run(connected())
    assert [(one["type"], one["code"]) for one in out] == [("websocket.close", 1008)]
    assert heard[-1]["type"] == "websocket.disconnect"
