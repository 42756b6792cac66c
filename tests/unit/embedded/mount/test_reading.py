"""What of a path and of a body reaches the service."""

from __future__ import annotations

import io

import pytest

from understudy.embedded.mount.reading import below, body_of
from understudy.http.routing import raw_path


@pytest.mark.parametrize(
    ("raw", "rest", "sent"),
    [
        (b"/understudy/api/v1/subjects/a%2Fb", "/api/v1/subjects/a/b", "/api/v1/subjects/a%2Fb"),
        (b"/%75nderstudy/users/%2525", "/users/%25", "/users/%2525"),
        (b"/understudy/users?next=/users", "/users", "/users"),
        # By a proxy that takes the path away, or puts another one before it.
        (b"/users/a%2Fb", "/users/a/b", "/users/a%2Fb"),
        (b"/old/shop/users/a%2Fb", "/users/a/b", "/users/a%2Fb"),
        (b"/understudy//users", "//users", "//users"),
        # Not told, or not what the framework says: as it would be sent.
        (None, "/users/a b%", "/users/a%20b%25"),
        (b"/elsewhere", "/users/é", "/users/%C3%A9"),
        (b"/" * 5000 + b"x", "/users", "/users"),
    ],
)
def test_a_path_goes_on_as_it_was_sent(raw: bytes | None, rest: str, sent: str) -> None:
    scope = below({"raw_path": raw, "path": "whatever"}, "/understudy", rest)
    assert raw_path(scope) == sent
    assert (scope["root_path"], scope["path"]) == ("/understudy", f"/understudy{rest}")


@pytest.mark.parametrize(
    ("environ", "body"),
    [
        ({}, None),
        ({"CONTENT_LENGTH": ""}, None),
        ({"CONTENT_LENGTH": "0"}, None),
        ({"CONTENT_LENGTH": "-1"}, None),
        ({"CONTENT_LENGTH": "3"}, b"abc"),
        ({"HTTP_TRANSFER_ENCODING": "chunked"}, None),
        ({"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}, b"abcdef"),
    ],
)
def test_a_body_is_read_to_the_end_that_is_told(
    environ: dict[str, object], body: bytes | None
) -> None:
    found = body_of(environ, io.BytesIO(b"abcdef"))
    assert (found(10) if found is not None else None) == body
