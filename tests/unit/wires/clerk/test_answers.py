from __future__ import annotations

import json

import pytest

from understudy import errors
from understudy.errors import UnderstudyError
from understudy.http.incoming import Headers, Incoming
from understudy.wires.clerk.answers import answer, on_error
from understudy.wires.clerk.errors import NO_SUCH_RESOURCE


def a_request(**headers: str) -> Incoming:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    return Incoming(request_id="req_1", address=None, headers=Headers(raw))


@pytest.mark.parametrize(
    ("error", "status", "header"),
    [
        (errors.TooManyRequests(facts={"retry_after_seconds": 7}), 429, ("retry-after", "7")),
        (errors.Unavailable(), 503, ("retry-after", "1")),
        (errors.StorageFull(), 503, ("retry-after", "1")),
        (errors.MethodNotAllowed(facts={"allow": "POST"}), 405, ("allow", "POST")),
        (errors.NotSignedIn(), 401, ("www-authenticate", 'Bearer realm="Understudy"')),
        (UnderstudyError(), 500, ("cache-control", "no-store")),
    ],
)
def test_errors_have_the_shape_and_the_headers_that_belong_to_them(
    error: UnderstudyError, status: int, header: tuple[str, str]
) -> None:
    found = on_error(error, a_request())
    body = json.loads(bytes(found.body))
    name, value = header
    assert (found.status_code, found.headers[name]) == (status, value)
    assert found.headers["content-type"] == "application/json"
    assert body["clerk_trace_id"] == "req_1"
    assert set(body["errors"][0]) == {"code", "message", "long_message", "meta"}


def test_an_internal_error_says_nothing_of_what_went_wrong() -> None:
    found = on_error(UnderstudyError(internal="a secret of the database"), a_request())
    assert b"secret" not in bytes(found.body)


def test_refusals_become_responses_and_values_stay_values() -> None:
    value = {"object": "user"}
    assert answer(value, a_request()) is value
    refused = answer(NO_SUCH_RESOURCE, a_request())
    assert getattr(refused, "status_code", None) == 404
