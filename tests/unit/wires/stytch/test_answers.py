from __future__ import annotations

import pytest

from understudy import errors
from understudy.http.incoming import Headers, Incoming
from understudy.wires.stytch.answers import on_error


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (errors.StorageBusy(), "1"),
        (errors.LogUnwritable(), "1"),
        (errors.TooManyRequests(facts={"retry_after_seconds": 7}), "7"),
        (errors.NotFound(), None),
    ],
)
def test_whoever_may_come_again_is_told_when(
    error: errors.UnderstudyError, seconds: str | None
) -> None:
    request = Incoming(request_id="r1", address=None, headers=Headers([]))
    assert on_error(error, request).headers.get("retry-after") == seconds
