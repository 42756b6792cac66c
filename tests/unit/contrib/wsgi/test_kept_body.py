"""A body that is looked through can be read again."""

from __future__ import annotations

import io
from typing import Any

import pytest

from understudy.contrib.wsgi.overlaid import kept_body


def environ(body: bytes, **more: Any) -> dict[str, Any]:
    return {"wsgi.input": io.BytesIO(body), **more}


def test_the_app_reads_what_was_looked_through() -> None:
    asked = environ(b"abcd", CONTENT_LENGTH="4")
    assert (kept_body(asked, 4), asked["wsgi.input"].read()) == (b"abcd", b"abcd")


def test_no_body_is_empty() -> None:
    assert kept_body(environ(b""), 4) == b""


def test_a_server_that_ends_the_body_need_not_say_how_long_it_is() -> None:
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    assert kept_body(environ(b"abcd", **chunked), 4) == b"abcd"


@pytest.mark.parametrize(
    "asked",
    [
        environ(b"abcde", CONTENT_LENGTH="5"),
        environ(b"ab", CONTENT_LENGTH="4"),
        environ(b"ab", CONTENT_LENGTH="two"),
        environ(b"ab", CONTENT_LENGTH="9" * 20),
        environ(b"ab", HTTP_TRANSFER_ENCODING="chunked"),
    ],
)
def test_what_is_too_long_or_not_whole_is_none(asked: dict[str, Any]) -> None:
    assert kept_body(asked, 4) is None
