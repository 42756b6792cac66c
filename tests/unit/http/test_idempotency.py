from __future__ import annotations

from tests.fixtures.refusals import refusal_of
from understudy.errors import MalformedRequest
from understudy.http.idempotency import Replay, checked_key, request_hash


def test_a_key_is_printable_and_short() -> None:
    assert checked_key("!~" * 64) == "!~" * 64
    for key in ("", "a b", "a\n", "é", "x" * 129, "\x7f"):
        with refusal_of(MalformedRequest, "malformed_request"):
            checked_key(key)


def test_requests_differ_by_method_target_and_body() -> None:
    hashes = {
        request_hash("POST", b"/a?", b"b"),
        request_hash("PUT", b"/a?", b"b"),
        request_hash("POST", b"/a?c", b"b"),
        request_hash("POST", b"/a?", b"c"),
        request_hash("POST", b"/a?\x00b", b""),
        request_hash("POST", b"/a?", b"\x00b"),
    }
    assert len(hashes) == 6


def test_an_answer_that_is_given_again_is_not_printed() -> None:
    assert "usi_" not in repr(Replay(status=201, body=b"usi_1"))
