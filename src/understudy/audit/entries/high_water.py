"""The highest checkpoint that a node has seen, below which it never goes again."""

from __future__ import annotations

from understudy.audit.tlog.checkpoint import Checkpoint
from understudy.errors import LogForked


def require_not_below(head: Checkpoint, high_water: Checkpoint) -> None:
    """Return only if ``head`` may follow ``high_water``, as far as two values can tell.

    A larger head still has to prove that it contains the smaller state: see
    `proof.ConsistencyProof`.

    :raises LogForked: when the log shrank, is another log, or has another root at this size.
    """
    if head.origin != high_water.origin:
        raise LogForked("the checkpoint is of another log")
    if head.size < high_water.size:
        raise LogForked(
            f"the log has {head.size} entries, but {high_water.size} were signed before"
        )
    if head.size == high_water.size and head.root != high_water.root:
        raise LogForked(f"the log has another root at {head.size} entries than was signed before")
