"""What the app's own code raises."""

from __future__ import annotations

import asyncio

import pytest

from understudy.sdk.raised import Raised


def test_nothing_is_held_back_where_nothing_fails() -> None:
    with Raised() as raised:
        pass
    assert raised.error is None


def test_what_the_app_raises_is_there_behind_the_block() -> None:
    bug = LookupError("a bug in the app")
    with Raised() as raised:
        raise bug
    assert raised.error is bug


@pytest.mark.parametrize("ends", [KeyboardInterrupt, SystemExit, asyncio.CancelledError])
def test_what_ends_a_process_or_a_task_goes_on(ends: type[BaseException]) -> None:
    raised = Raised()
    with pytest.raises(ends), raised:
        raise ends
    assert raised.error is None
