"""A change in the form of a page, which anybody may have made up."""

from __future__ import annotations

import json
import zlib
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.governance.unlocks import Write
from understudy.errors import MalformedRequest, Unavailable
from understudy.sdk.unlock.wire import packed, print_write, read_asked, read_spent, unpacked

WRITE = Write(method="POST", host="app.test", path="/plan", media_type="", query=(("a", "ä"),))


def made_up(text: bytes) -> str:
    return urlsafe_b64encode(zlib.compress(text)).decode()


def test_what_is_packed_is_what_comes_out() -> None:
    assert unpacked(packed(WRITE)) == WRITE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ä",
        "AAAA",
        made_up(b""),
        made_up(b"[]"),
        made_up(b"{}"),
        made_up(b"[" * 50_000),
        made_up(json.dumps({**print_write(WRITE), "more": 1}).encode()),
        made_up(json.dumps({**print_write(WRITE), "path": 1}).encode()),
        made_up(json.dumps({**print_write(WRITE), "query": {}}).encode()),
        made_up(json.dumps({**print_write(WRITE), "query": [["a"]]}).encode()),
        made_up(json.dumps({**print_write(WRITE), "query": [["a", 1]]}).encode()),
        # Small when it is packed, and cut off where it would fill memory.
        made_up(json.dumps({**print_write(WRITE), "path": "/" * 1_000_000}).encode()),
    ],
)
def test_what_was_never_packed_is_refused(text: str) -> None:
    with pytest.raises(MalformedRequest):
        unpacked(text)


@given(st.text(max_size=80))
def test_whatever_comes_is_read_or_refused(text: str) -> None:
    with pytest.raises(MalformedRequest):
        unpacked(text)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"spent": 1, "differs": []}', b'{"spent": true}'])
def test_what_a_service_does_not_say_clearly_was_not_said(body: bytes) -> None:
    with pytest.raises(Unavailable):
        read_spent(body)
    with pytest.raises(Unavailable):
        read_asked(body)
