from __future__ import annotations

import pytest

from understudy.audit.entries.high_water import require_not_below
from understudy.audit.tlog.checkpoint import Checkpoint
from understudy.errors import LogForked

MARK = Checkpoint(origin="log.example", size=10, root=bytes(32))


@pytest.mark.parametrize(
    "head", [MARK, Checkpoint(origin="log.example", size=11, root=b"\x01" * 32)]
)
def test_the_same_state_and_a_larger_one_may_follow(head: Checkpoint) -> None:
    require_not_below(head, MARK)


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (Checkpoint(origin="log.example", size=9, root=bytes(32)), "has 9 entries, but 10"),
        (Checkpoint(origin="log.example", size=10, root=b"\x01" * 32), "another root at 10"),
        (Checkpoint(origin="other.example", size=11, root=bytes(32)), "another log"),
    ],
)
def test_a_smaller_other_or_foreign_state_may_not(head: Checkpoint, reason: str) -> None:
    with pytest.raises(LogForked, match=reason):
        require_not_below(head, MARK)
