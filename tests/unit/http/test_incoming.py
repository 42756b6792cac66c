from __future__ import annotations

from starlette.types import Scope

from understudy.http.incoming import Headers, Incoming, incoming


def test_headers_of_one_name_are_joined_and_cookies_by_a_semicolon() -> None:
    headers = Headers(
        [(b"accept", b"a"), (b"cookie", b"x=1"), (b"accept", b"b"), (b"cookie", b"y=2")]
    )
    assert dict(headers) == {"accept": "a, b", "cookie": "x=1; y=2"}
    assert len(headers) == 2


def test_any_byte_can_stand_in_a_header() -> None:
    assert Headers([(b"user-agent", b"\xff")])["user-agent"] == "\xff"


def test_a_header_that_is_not_there_is_told_from_an_empty_one() -> None:
    headers = Headers([(b"origin", b"")])
    assert headers.get("origin", "none") == ""
    assert headers.get("referer", "none") == "none"
    assert headers.get("referer") is None
    assert ("origin" in headers, "referer" in headers) == (True, False)


def test_what_the_rim_noted_is_found_further_in() -> None:
    scope: Scope = {}
    noted = Incoming(request_id="r1", address="192.0.2.7", headers=Headers([]))
    noted.attach(scope)
    assert incoming(scope) is noted
