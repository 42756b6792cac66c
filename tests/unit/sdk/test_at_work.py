"""Whether anybody is impersonated in this process."""

from __future__ import annotations

import gc

from understudy.sdk.at_work import AtWork


class Place:
    busy = True

    def is_busy(self) -> bool:
        return self.busy


def test_somebody_is_at_work_while_any_place_is_busy() -> None:
    at_work, one, other = AtWork(), Place(), Place()
    assert (at_work.ever, at_work.anybody()) == (False, False)
    at_work.begins(one)
    at_work.begins(other)
    one.busy = False
    assert at_work.anybody()
    other.busy = False
    assert not at_work.anybody()
    assert at_work.ever


def test_a_place_that_is_left_or_gone_does_not_count() -> None:
    at_work, one, other = AtWork(), Place(), Place()
    at_work.begins(one)
    at_work.leaves(one)
    assert not at_work.anybody()
    at_work.begins(other)
    del other
    gc.collect()
    assert not at_work.anybody()
